"""The event `activity`: what runs and what was stored, a few times a second at most however many requests come."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from boocontrol.core.activity import ActivityNews, ActivityRow
from boocontrol.gateway.events import EventHub

EVERY_S: Final = 0.3
TOLD: Final = 50


class Telling:
    """The first happening is told soon, those that follow are told together."""

    def __init__(
        self, events: EventHub, running: Callable[[], tuple[ActivityRow, ...]], *, every_s: float = EVERY_S
    ) -> None:
        self._events = events
        self._running = running
        self._every_s = every_s
        self._ended: deque[ActivityRow] = deque(maxlen=TOLD)
        self._completed: deque[ActivityRow] = deque(maxlen=TOLD)
        self._stored = 0
        self._last = float("-inf")
        self._waiting = False

    def began(self) -> None:
        """A request began to run."""
        if not self._waiting:
            self._waiting = True
            loop = asyncio.get_running_loop()
            loop.call_later(max(0.0, self._last + self._every_s - loop.time()), self._tell)

    def stored(self, rows: Sequence[ActivityRow]) -> None:
        """Rows were committed."""
        self._ended.extendleft(rows)
        self._stored += len(rows)
        self.began()

    def completed(self, rows: Sequence[ActivityRow]) -> None:
        """Rows that were stored before are whole now."""
        self._completed.extendleft(rows)
        self.began()

    def _tell(self) -> None:
        self._waiting = False
        self._last = asyncio.get_running_loop().time()
        ended, self._ended = tuple(self._ended), deque(maxlen=TOLD)
        completed, self._completed = tuple(self._completed), deque(maxlen=TOLD)
        news = ActivityNews(running=self._running()[:TOLD], ended=ended, stored=self._stored, completed=completed)
        self._events.publish("activity", news.model_dump_json(by_alias=True).encode(), topic="activity")
