"""The events of `GET /api/events`: numbered, remembered for readers that come back, never queued per reader.

An event states what is now, so a newer one about the same topic takes the place of the older: a reader that is
slow or was away gets the latest of each topic, and a new snapshot when even that is no longer remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Literal

Kind = Literal["snapshot", "host", "catalog", "settings", "registry", "activity", "story", "gateway"]

REMEMBERED: Final = 1024
AT_ONCE: Final = 64
HEARTBEAT_S: Final = 15.0
HEARTBEAT: Final = b": heartbeat\n\n"
RETRY: Final = b"retry: 2000\n\n"


@dataclass(frozen=True, slots=True)
class _Event:
    number: int
    frame: bytes


class EventHub:
    """Takes events on the event loop's thread and gives them to any number of readers."""

    def __init__(self, instance_id: str, *, remembered: int = REMEMBERED, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._instance = instance_id
        self._remembered = remembered
        self._heartbeat_s = heartbeat_s
        self._events: dict[str, _Event] = {}
        self._count = 0
        self._forgotten = 0
        self._news = asyncio.Event()
        self._closed = False

    def publish(self, kind: Kind, data: bytes, *, topic: str | None = None) -> None:
        """Tell all readers. `data` is JSON on one line; `topic` names what it is about, None for a single happening."""
        self._count += 1
        name = topic or f"#{self._count}"
        self._events.pop(name, None)
        self._events[name] = _Event(self._count, self._frame(kind, self._count, data))
        if len(self._events) > self._remembered:
            oldest = next(iter(self._events))
            self._forgotten = self._events.pop(oldest).number
        self._wake()

    def close(self) -> None:
        """End every reader's stream after what was published."""
        self._closed = True
        self._wake()

    async def stream(self, last_id: str | None, snapshot: Callable[[], bytes]) -> AsyncIterator[bytes]:
        """Frames for one reader: what it missed since `last_id`, or a snapshot, then events as they come."""
        yield RETRY
        seen = self._resume(last_id)
        while True:
            news = self._news
            if seen is None or seen < self._forgotten:
                seen = self._count
                yield self._frame("snapshot", seen, snapshot())
            elif events := self._after(seen):
                seen = events[-1].number
                yield b"".join(event.frame for event in events)
            elif self._closed:
                return
            elif not await _happens(news, self._heartbeat_s):
                yield HEARTBEAT

    def _after(self, seen: int) -> list[_Event]:
        """What came since, in order, so much of it as goes out at once. What a reader has seen is not gone through."""
        found = list(takewhile(lambda event: event.number > seen, reversed(self._events.values())))
        return found[: -AT_ONCE - 1 : -1]

    def _resume(self, last_id: str | None) -> int | None:
        """The number that a reader saw last, None when that is not known to this gateway."""
        instance, _, number = (last_id or "").rpartition(":")
        if instance != self._instance or not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        seen = int(number)
        return seen if self._forgotten <= seen <= self._count else None

    def _frame(self, kind: Kind, number: int, data: bytes) -> bytes:
        return b"id: %s:%d\nevent: %s\ndata: %s\n\n" % (self._instance.encode(), number, kind.encode(), data)

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


async def _happens(news: asyncio.Event, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            await news.wait()
    except TimeoutError:
        return False
    return True
