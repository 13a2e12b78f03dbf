"""Keeps a silent streaming request alive: after a while comments tell the client what is awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class KeepAlive:
    """Calls `say` after `after` seconds of silence and every `every` seconds while it lasts."""

    def __init__(self, say: Callable[[], Awaitable[None]], after: float, every: float) -> None:
        self._say = say
        self._after = after
        self._every = every
        self._limit = after
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time()
        self._timer: asyncio.TimerHandle | None = self._loop.call_later(after, self._due)
        self._task: asyncio.Task[None] | None = None

    def touch(self) -> None:
        """Something was sent: the silence begins anew."""
        self._last = self._loop.time()
        self._limit = self._after

    def stop(self) -> None:
        """No more comments."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._task is not None:
            self._task.cancel()

    def _due(self) -> None:
        wait = self._last + self._limit - self._loop.time()
        if wait > 0:
            self._timer = self._loop.call_later(wait, self._due)
        else:
            self._task = self._loop.create_task(self._speak())

    async def _speak(self) -> None:
        await self._say()
        self._last = self._loop.time()
        self._limit = self._every
        self._timer = self._loop.call_later(self._limit, self._due)
