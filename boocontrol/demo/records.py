"""What was asked of a simulated host, for tests: requests, and ways to await them."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(eq=False)
class RequestRecord:
    """One request. Times are those of the loop. `done` is set when the answer has ended."""

    method: str
    target: str  # path and query exactly as sent
    headers: tuple[tuple[str, str], ...]
    body: bytes
    started: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    status: int = 0
    ended: float | None = None
    finished: bool = False  # the whole answer was written
    client_left: bool = False
    model: str = ""  # the model (or peer's model) that served it
    touched_not_ready: bool = False  # /upstream or /props on a model that was not ready
    response_bytes: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def header(self, name: str) -> str | None:
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None


Predicate = Callable[[RequestRecord], bool]


class Recorder:
    """Keeps the last `limit` requests (None: all) and wakes those who wait for one."""

    def __init__(self, limit: int | None, bodies: bool) -> None:
        self.requests: deque[RequestRecord] = deque(maxlen=limit)
        self.counters: Counter[str] = Counter()
        self._bodies = bodies
        self._waiting: list[tuple[Predicate, asyncio.Future[RequestRecord]]] = []

    def add(self, record: RequestRecord) -> None:
        if not self._bodies:
            record.body = b""
        self.requests.append(record)
        self.counters["requests"] += 1
        self.changed(record)

    def changed(self, record: RequestRecord) -> None:
        """Looks at a record again for those who wait."""
        for predicate, future in list(self._waiting):
            if not future.done() and predicate(record):
                future.set_result(record)

    def end(self, record: RequestRecord) -> None:
        record.ended = asyncio.get_running_loop().time()
        self.counters["left" if record.client_left else "answered"] += 1
        record.done.set()
        self.changed(record)

    async def wait(self, predicate: Predicate, timeout: float) -> RequestRecord:
        """The first request, past or to come, that fits. Raises TimeoutError."""
        for record in self.requests:
            if predicate(record):
                return record
        future: asyncio.Future[RequestRecord] = asyncio.get_running_loop().create_future()
        entry = (predicate, future)
        self._waiting.append(entry)
        try:
            return await asyncio.wait_for(future, timeout)
        finally:
            self._waiting.remove(entry)
