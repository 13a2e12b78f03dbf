"""The event stream: frames, and one queue per listener. What is said is decided elsewhere."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from boocontrol.demo.exchange import Exchange
from boocontrol.demo.formats import go_json

QUEUE_LIMIT = 1024  # a listener that is slower than this loses messages, silently

# A message is its type and data, the data made when it is written: a modelStatus
# shows the states of that moment, so quick changes may show up as equal frames.
Message = tuple[str, Callable[[], Any]]


def frame(kind: str, data: Any) -> bytes:
    return f"event:message\ndata:{go_json({'type': kind, 'data': go_json(data)})}\n\n".encode()


class EventHub:
    """All listeners of a host."""

    def __init__(self) -> None:
        self._streams: set[EventStream] = set()
        self.dropping = False

    def __len__(self) -> int:
        return len(self._streams)

    def publish(self, kind: str, data: Callable[[], Any]) -> None:
        if self.dropping:
            return
        for stream in self._streams:
            stream.push((kind, data))

    def end_all(self) -> None:
        """Every stream ends in order, as on a reload."""
        for stream in list(self._streams):
            stream.stop()

    async def serve(self, exchange: Exchange, first: Iterable[Message]) -> None:
        """Tells `first` and then all that is published, until told to end."""
        stream = EventStream(first)
        self._streams.add(stream)
        try:
            await stream.run(exchange)
        finally:
            self._streams.discard(stream)


class EventStream:
    """One listener."""

    def __init__(self, first: Iterable[Message]) -> None:
        self._queue: deque[Message] = deque(first)
        self._wake = asyncio.Event()
        self._wake.set()
        self._stopped = False

    def push(self, message: Message) -> None:
        if len(self._queue) < QUEUE_LIMIT:
            self._queue.append(message)
            self._wake.set()

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()

    async def run(self, exchange: Exchange) -> None:
        while True:
            while self._queue:
                kind, data = self._queue.popleft()
                exchange.write(frame(kind, data()))
            if self._stopped:
                break
            self._wake.clear()
            await exchange.drain()
            await self._wake.wait()
        exchange.end()
