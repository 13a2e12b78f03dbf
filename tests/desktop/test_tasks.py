"""Tasks of Qt objects: kept, cancelled with their owner, errors told once."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest
import shiboken6
from PySide6.QtCore import QObject

from boocontrol.core.errors import BooError
from boocontrol.desktop.tasks import cancel_all, spawn


async def test_a_task_is_kept_though_nobody_else_holds_it(owner: QObject) -> None:
    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        gc.collect()
        await asyncio.sleep(0)
        done.set()

    spawn(owner, work())
    gc.collect()
    await asyncio.wait_for(done.wait(), 5)


async def test_a_task_ends_with_its_owner_and_tells_it_nothing(owner: QObject) -> None:
    child = QObject(owner)
    told: list[Exception] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise BooError("while ending")

    task = spawn(child, work(), told.append)
    await asyncio.sleep(0)
    shiboken6.delete(child)
    await asyncio.wait([task])
    assert task.done() and told == []


async def test_an_error_is_told_once(owner: QObject) -> None:
    told: list[Exception] = []

    async def fails() -> None:
        raise BooError("It failed.")

    task = spawn(owner, fails(), told.append)
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert [str(e) for e in told] == ["It failed."]


async def test_an_error_that_nobody_takes_is_logged(owner: QObject, caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        raise BooError("It failed.", "Try again.")

    with caplog.at_level(logging.WARNING):
        await asyncio.wait([spawn(owner, fails())])
        await asyncio.sleep(0)
    assert "It failed. Try again." in caplog.text


async def test_a_fault_of_the_program_goes_to_the_loop(owner: QObject) -> None:
    loop, seen = asyncio.get_running_loop(), []
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _loop, context: seen.append(context["exception"]))

    async def fails() -> None:
        raise KeyError("x")

    await asyncio.wait([spawn(owner, fails())])
    await asyncio.sleep(0)
    loop.set_exception_handler(before)
    assert [type(e) for e in seen] == [KeyError]


async def test_the_end_of_the_program_waits_for_what_tasks_still_have_to_do(owner: QObject) -> None:
    left: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            left.append("tidy")

    spawn(owner, work())
    await asyncio.sleep(0)
    await cancel_all()
    assert left == ["tidy"]


async def test_what_ends_already_is_not_cut_short(owner: QObject) -> None:
    left: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            for name in ("first", "second"):
                await asyncio.sleep(0.01)
                left.append(name)

    task = spawn(owner, work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    await cancel_all()
    assert left == ["first", "second"]


def test_without_an_event_loop_it_says_so(owner: QObject) -> None:
    async def work() -> None: ...

    with pytest.raises(RuntimeError):
        spawn(owner, work())
