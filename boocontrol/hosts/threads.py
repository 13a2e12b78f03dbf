"""Calls that may block for long (password service, name server), each on a thread of its own.

The event loop's own pool is small: a few calls that hang would hold up all others, and the process would wait for
them when it ends. These threads are daemons, so nothing waits for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def in_thread(call: Callable[[], T], name: str) -> asyncio.Future[T]:
    """Start a blocking call; the future holds its result or error. Cancelling it does not stop the thread."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    future.add_done_callback(_seen)

    def deliver(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = call()
        except Exception as e:
            error = e
        with contextlib.suppress(RuntimeError):  # the loop may have ended meanwhile
            loop.call_soon_threadsafe(deliver, result, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future


def _seen(future: asyncio.Future[T]) -> None:
    """Counts an error as seen: those who wait get it, and there may be nobody left."""
    if not future.cancelled():
        future.exception()
