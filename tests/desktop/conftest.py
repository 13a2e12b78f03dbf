"""Tests of the desktop: no screen, Qt warnings fail, coroutine tests run on Qt's own event loop.

A coroutine test gets a new QEventLoop; whatever it leaves running is cancelled, and an error that nobody took fails
it. In a coroutine test, wait with the fixture `until`, never with qtbot.waitSignal or dialog.exec: they run a loop
inside the loop. A plain test has no asyncio loop, so nothing in it may spawn. Async fixtures would run on another
loop: write an async context manager instead.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import importlib.util
import inspect
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_API"] = "pyside6"

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from boocontrol.desktop import tasks
from boocontrol.desktop.stores import Stores

HERE = Path(__file__).parent
LONGEST_TEST_S = 30

_path = HERE.parent / "client" / "conftest.py"
_spec = importlib.util.spec_from_file_location("boocontrol_client_fixtures", _path)
_client = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_client)

stub, home, running, dead_url, tools = _client.stub, _client.home, _client.running, _client.dead_url, _client.tools


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            # The offscreen platform says so of every window with a minimum size.
            item.add_marker(pytest.mark.qt_log_ignore("^This plugin does not support"))


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: Any, name: str, obj: Any) -> Any:
    """A coroutine test becomes a plain one that runs it on the Qt loop, so that pytest-asyncio leaves it alone."""
    if not (inspect.iscoroutinefunction(obj) and collector.funcnamefilter(name)):
        return None
    wrapped = on_qt(obj)
    setattr(collector.obj, name, wrapped)
    return collector.ihook.pytest_pycollect_makeitem(collector=collector, name=name, obj=wrapped)


def on_qt(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        _loops[-1].run_until_complete(_whole(test(*args, **kwargs)))

    run.on_qt = True
    return run


_loops: list[QEventLoop] = []


@pytest.fixture(autouse=True, scope="module")
def collector() -> Iterator[None]:
    """What a module leaves behind goes with it. Nothing else collects: see tests/conftest.py."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.collect()


@pytest.fixture(autouse=True)
def qloop(request: pytest.FixtureRequest) -> Iterator[None]:
    """The event loop of a coroutine test. An error that no one took fails the test at its end."""
    if not getattr(request.function, "on_qt", False):
        yield
        return
    loop = QEventLoop(request.getfixturevalue("qapp"))
    faults: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _loop, context: faults.append(context))
    _loops.append(loop)
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        _loops.pop()
        loop.close()
        asyncio.set_event_loop(None)
        gc.collect()
    assert not faults, faults


async def _whole(test: Coroutine[Any, Any, None]) -> None:
    """The test and its ending in one run: Qt would run what is left over outside the loop, between fixtures."""
    try:
        await asyncio.wait_for(test, LONGEST_TEST_S)
    finally:
        await _ended()


async def _ended() -> None:
    # One that comes due between fixtures would find no loop.
    for window in QApplication.topLevelWidgets():
        for timer in window.findChildren(QTimer):
            timer.stop()
    await tasks.cancel_all()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()


@pytest.fixture
def until() -> Callable[..., Any]:
    """`await until(store.changed, lambda: store.ready)`: wait for a signal, and for what it should bring.

    With a condition, it is enough that it is true already. The result is the signal's arguments.
    """

    async def wait(signal: Any, true: Callable[..., bool] | None = None, within_s: float = 10) -> tuple[Any, ...]:
        heard: asyncio.Future[tuple[Any, ...]] = asyncio.get_running_loop().create_future()

        def slot(*args: Any) -> None:
            if not heard.done() and (true is None or true()):
                heard.set_result(args)

        if true is not None and true():
            return ()
        signal.connect(slot)
        try:
            return await asyncio.wait_for(heard, within_s)
        finally:
            signal.disconnect(slot)

    return wait


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    """A parent for what a test makes; gone, with its children, after the test."""
    parent = QObject()
    yield parent
    parent.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def stores(owner: QObject) -> Stores:
    """Stores without a gateway, to be fed with take()."""
    return Stores.build(owner)
