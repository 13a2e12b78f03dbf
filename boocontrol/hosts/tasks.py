"""Tasks that nobody awaits: the only place in this room that starts one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

# The event loop itself holds tasks weakly: one that nothing else holds may vanish in the middle of its work.
_running: set[asyncio.Task[Any]] = set()


def spawn(
    coroutine: Coroutine[Any, Any, T], name: str, expected: tuple[type[BaseException], ...] = ()
) -> asyncio.Task[T]:
    """Start a task that is held until it ends. Its error goes to the log, unless it is one that somebody expects."""
    task = asyncio.create_task(coroutine, name=name)
    _running.add(task)
    task.add_done_callback(partial(_ended, expected))
    return task


async def cancel(task: asyncio.Task[Any]) -> None:
    """End a task and wait until it has ended; how it ended is already in the log."""
    task.cancel()
    await asyncio.wait({task})


def _ended(expected: tuple[type[BaseException], ...], task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if task.cancelled() or (error := task.exception()) is None:
        return
    if not isinstance(error, expected):
        log.error("task %s failed", task.get_name(), exc_info=error)
