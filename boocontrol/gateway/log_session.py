"""One reader of the logs of one host: what is still to be sent, bounded, with a mark where something was dropped."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Protocol

from boocontrol.core.logs import LineSource, LogEnd, LogGap, LogLive, LogNews, LogSource, LogText
from boocontrol.gateway.events import HEARTBEAT, HEARTBEAT_S, RETRY

# As much waits for a reader that does not read; a host keeps about a tenth of this of each log.
MOST_WAITING: Final = 1024 * 1024
TOO_SLOW: Final = "dropped: this reader was too slow"
ALL_TOLD: Final = "That is all that was kept."


@dataclass(frozen=True, slots=True)
class Frame:
    """One event, ready to send. `size` is that of its text, None for one that is never left out.

    `kept` = the host had it before it was followed; `why` = the trouble that it tells, if it tells of nothing else.
    """

    data: bytes
    size: int | None = None
    kept: bool = False
    why: str = ""


_NAMES: Final[dict[type, bytes]] = {LogText: b"log", LogGap: b"gap", LogLive: b"live", LogEnd: b"end"}


def frame(news: LogNews, *, kept: bool = False) -> Frame:
    """An event of the stream."""
    data = news.model_dump_json(by_alias=True).encode()
    why, size = "", None
    if isinstance(news, LogGap):
        why, size = "" if news.bytes else news.why, news.bytes
    elif isinstance(news, LogText):
        size = len(news.text.encode()) + 1
    return Frame(b"event: %s\ndata: %s\n\n" % (_NAMES[type(news)], data), size, kept, why)


class Feed(Protocol):
    """One log of a host."""

    @property
    def settled(self) -> bool:
        """Whether all that the host had kept was told."""
        ...

    @property
    def cannot(self) -> str:
        """Why there is no such log; empty while there may be one."""
        ...

    def leave(self, session: LogSession) -> None: ...


class LogSession:
    """A reader. `feeds` are the logs that it follows now; `follow` False ends it once all that was kept is told."""

    def __init__(self, provider_id: str, source: LogSource, model: str, *, follow: bool) -> None:
        self.provider_id = provider_id
        self.source = source
        self.model = model
        self.feeds: dict[tuple[LineSource, str], Feed] = {}
        self._follow = follow
        self._waiting: deque[Frame] = deque()
        self._size = 0
        self._dropped = 0
        self._last_why = ""
        self._live = False
        self._ended = False
        self._news = asyncio.Event()

    def push(self, event: Frame) -> None:
        """Send this in turn. Where too much waits, the oldest lines make room. The same trouble is told once."""
        if self._ended or (event.why and event.why == self._last_why):
            return
        self._last_why = event.why
        self._waiting.append(event)
        self._size += len(event.data)
        while self._size > MOST_WAITING:
            oldest = next((e for e in self._waiting if e.size is not None), None)
            if oldest is None:
                break
            self._waiting.remove(oldest)
            self._size -= len(oldest.data)
            self._dropped += oldest.size or 0
        self._news.set()

    def look(self) -> None:
        """A feed has settled, or will never tell anything."""
        feeds = self.feeds.values()
        if feeds and all(feed.cannot for feed in feeds):
            self.end(next(feed.cannot for feed in feeds))
        elif not self._live and all(feed.settled or feed.cannot for feed in feeds):
            self._live = True
            self.push(frame(LogLive()))
            if not self._follow:
                self.end(ALL_TOLD)

    def end(self, why: str) -> None:
        """The last event."""
        if not self._ended:
            self.push(frame(LogEnd(why=why)))
            self._ended = True
            self._news.set()

    async def frames(self) -> AsyncIterator[bytes]:
        """What to send, for as long as it is read."""
        yield RETRY
        while True:
            if self._dropped:
                gap = LogGap(bytes=self._dropped, why=TOO_SLOW)
                self._dropped = 0
                yield frame(gap).data
            elif self._waiting:
                oldest = self._waiting.popleft()
                self._size -= len(oldest.data)
                yield oldest.data
            elif self._ended:
                return
            elif not await self._heard():
                yield HEARTBEAT

    async def _heard(self) -> bool:
        self._news.clear()
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await self._news.wait()
        except TimeoutError:
            return False
        return True
