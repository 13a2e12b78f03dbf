"""Coroutines started from Qt. The only place of this room that creates tasks.

A task lives as long as its owner: it is kept by a strong reference, cancelled when the owner is destroyed, and its
error is delivered once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import shiboken6
from PySide6.QtCore import QObject

from boocontrol.core.errors import BooError
from boocontrol.desktop.sentences import told_error

log = logging.getLogger(__name__)

CLOSING_S = 2.0

OnError = Callable[[Exception], None]

_running: set[asyncio.Task[Any]] = set()


def spawn(owner: QObject, coroutine: Coroutine[Any, Any, Any], on_error: OnError | None = None) -> asyncio.Task[Any]:
    """Run a coroutine on the event loop until it ends or `owner` is destroyed.

    `on_error` gets what it raises, unless the owner is gone by then. Without it, a BooError is logged and anything
    else goes to the event loop's exception handler. Raises RuntimeError where no event loop runs.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        coroutine.close()
        raise
    task = loop.create_task(coroutine)
    _running.add(task)

    def cancel(_gone: object = None) -> None:
        if not loop.is_closed():
            task.cancel()

    connection = owner.destroyed.connect(cancel)

    def ended(task: asyncio.Task[Any]) -> None:
        _running.discard(task)
        lives = shiboken6.isValid(owner)
        if lives:
            QObject.disconnect(connection)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            _deliver(loop, error, on_error if lives else None)

    task.add_done_callback(ended)
    return task


async def first_of(*coroutines: Coroutine[Any, Any, Any]) -> None:
    """Run all until one ends, then cancel the others and wait for their end. What they raise is not told."""
    running = [asyncio.ensure_future(c) for c in coroutines]
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def cancel_all() -> None:
    """Cancel every task that was spawned on this event loop and wait until each has ended: the end of the program."""
    loop, own = asyncio.get_running_loop(), asyncio.current_task()
    while mine := [t for t in _running if t.get_loop() is loop and t is not own]:
        for task in mine:
            # One that ends already closes what it opened; a second cancel would cut that short.
            if not task.cancelling():
                task.cancel()
        _, late = await asyncio.wait(mine, timeout=CLOSING_S)
        for task in late:
            task.cancel()
        await asyncio.sleep(0)


def _deliver(loop: asyncio.AbstractEventLoop, error: Exception, on_error: OnError | None) -> None:
    if on_error is not None:
        on_error(told_error(error) if isinstance(error, BooError) else error)
    elif isinstance(error, BooError):
        log.warning("%s", error)
    else:
        loop.call_exception_handler({"message": "a task of the desktop failed", "exception": error})
