"""The event stream of one llama-swap host: connected while the host is up, read for ever, taken up anew when it ends.

A host replays its full state on every connect, so each connection begins from nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from boocontrol.core.errors import BooError
from boocontrol.hosts.errors import BadAnswer
from boocontrol.hosts.events_frames import Frames
from boocontrol.hosts.events_read import Flights, Status, Teller
from boocontrol.hosts.events_told import Rows
from boocontrol.hosts.tasks import cancel, spawn

log = logging.getLogger(__name__)

QUICK_S: Final = 0.1
FIRST_S: Final = 0.5
# So many failures in a row open the breaker: one attempt each minute from then on.
FAILURES_TO_OPEN: Final = 5
OPEN_S: Final = 60.0
# A host without events may be replaced by a newer one.
ABSENT_S: Final = 300.0
JITTER: Final = 0.5
GREETING_S: Final = 10.0
# A stream that lived this long did not fail when it ends: hosts end it on each reload of their config.
SETTLED_S: Final = 5.0

Open = Callable[[], AbstractAsyncContextManager[AsyncIterator[bytes]] | None]


class Listener(Protocol):
    """Who follows a stream."""

    def greeted(self, status: Status) -> None:
        """The first states on a new connection."""

    def states(self, status: Status) -> None:
        """The states once more."""

    def flights(self, flights: Flights) -> None:
        """What runs has changed."""

    def rows(self, rows: Rows) -> None:
        """Requests ended."""

    def ended(self, *, orderly: bool) -> None:
        """A stream that had told the states ended; orderly = the host ended it, as on a reload."""


class EventStream:
    """Follows a stream from `start` to `drop`."""

    def __init__(self, name: str, open_stream: Open, listener: Listener, *, random: Callable[[], float]) -> None:
        self._name = name
        self._open = open_stream
        self._listener = listener
        self._random = random
        self._task: asyncio.Task[None] | None = None
        self.teller: Teller | None = None
        self.heard_at = 0.0

    @property
    def live(self) -> bool:
        """True while a stream stands that told the states."""
        return self.teller is not None

    def start(self) -> None:
        """Connect, and connect again whenever it ends."""
        if self._task is None:
            self._task = spawn(self._run(), f"events {self._name}")

    def drop(self) -> None:
        """End it now; nothing is told."""
        if self._task is not None:
            self._task.cancel()
        self._task, self.teller = None, None

    def renew(self) -> None:
        """Connect anew: what it told does not fit what else is known."""
        self.drop()
        self.start()

    async def stop(self) -> None:
        """End it, and wait for that."""
        task, self._task, self.teller = self._task, None, None
        if task is not None:
            await cancel(task)

    async def _run(self) -> None:
        failures = 0
        while True:
            began, orderly, absent = time.monotonic(), False, False
            try:
                await self._follow()
                orderly = True
            except BooError as e:
                absent = isinstance(e, BadAnswer) and e.status in (404, 405, 501)
            except Exception:
                # A host may say anything; what nobody thought of must not end the following.
                log.exception("events of %s", self._name)
            greeted, self.teller = self.live, None
            settled = greeted and time.monotonic() - began >= SETTLED_S
            failures = 0 if settled else failures + 1
            if greeted:
                self._listener.ended(orderly=orderly)
            await asyncio.sleep((ABSENT_S if absent else pause(failures)) * (1.0 + JITTER * self._random()))

    async def _follow(self) -> None:
        """One connection from its begin to its end. Raises BooError."""
        stream = self._open()
        if stream is None:
            raise BadAnswer("This kind of host has no events.", status=404)
        try:
            async with asyncio.timeout(GREETING_S) as limit, stream as pieces:
                await self._read(pieces, limit)
        except TimeoutError:
            raise BadAnswer("The event stream says nothing.") from None

    async def _read(self, pieces: AsyncIterator[bytes], limit: asyncio.Timeout) -> None:
        frames, teller = Frames(), Teller()
        async for piece in pieces:
            self.heard_at = now = time.monotonic()
            for frame in frames.feed(piece):
                news = teller.hear(frame, now)
                if isinstance(news, Status):
                    if self.teller is None:
                        limit.reschedule(None)
                        self.teller = teller
                        self._listener.greeted(news)
                    else:
                        self._listener.states(news)
                    await asyncio.sleep(0)  # each is worked out over all models: others come in between
                elif isinstance(news, Rows):
                    self._listener.rows(news)
                elif news is not None:
                    self._listener.flights(news)
            if frames.lost:
                frames.lost, teller.doubtful = 0, True


def pause(failures: int) -> float:
    """Seconds until the next attempt, before jitter: at once after a stream that had stood, then ever longer."""
    if not failures:
        return QUICK_S
    return OPEN_S if failures >= FAILURES_TO_OPEN else FIRST_S * 2.0 ** (failures - 1)
