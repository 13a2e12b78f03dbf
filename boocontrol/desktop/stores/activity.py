"""What runs now and what has just ended, as the gateway tells it; what it could not tell is said to be missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from boocontrol.client import NotFound
from boocontrol.core.activity import RUNNING, ActivityNews, ActivityRow
from boocontrol.core.api import EventSnapshot
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.stores.activity_past import place_of
from boocontrol.desktop.tasks import spawn

BATCH_MS: Final = 500
MOST_RUNNING: Final = 50
"""As many as the gateway tells in one event."""


class ActivityStore(QObject):
    """Requests in flight, oldest first. `stale`: the gateway that would know is not there; `as_of` (seconds of the
    epoch) is when this was last known to be so; `cancelling` holds the ids that were asked to end.

    `changed` is about these and comes at most a few times a second, however many events there are. `ended` brings
    the rows that were stored since, newest first. `missed` says that more was stored than was told: whoever shows
    the history reads it again.
    """

    changed = Signal()
    ended = Signal(object)
    missed = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.running: tuple[ActivityRow, ...] = ()
        self.cancelling: frozenset[str] = frozenset()
        self.stale = True
        self.as_of: float | None = None
        self._connection = connection
        self._stored: int | None = None
        self._fresh: list[ActivityRow] = []
        self._gap = False
        self._batch = QTimer(self, singleShot=True, interval=BATCH_MS)
        self._batch.timeout.connect(self._tell)
        connection.changed.connect(self._follow)
        connection.heard.connect(self._on_event)

    def take(self, running: Iterable[ActivityRow], *, stale: bool | None = None, as_of: float | None = None) -> None:
        """These run now."""
        self._hold(running)
        self.stale = self._connection.state != "connected" if stale is None else stale
        self.as_of = self._connection.now() if as_of is None else as_of
        self.changed.emit()

    def take_news(self, news: ActivityNews) -> None:
        """An event `activity`: shown with those that come shortly after it."""
        self._hold(news.running)
        self.as_of = self._connection.now()
        told = len(news.ended)
        # The count of a gateway that started anew is smaller; everything told is new then, and more may be missing.
        self._gap |= self._stored is None or not 0 <= news.stored - self._stored <= told
        self._stored = news.stored
        self._fresh[:0] = news.ended
        self._soon()

    async def refresh(self) -> None:
        """Ask what runs now: no event tells how far a request has come. Raises BooError."""
        page = await self._connection.need().activity(outcome=RUNNING, limit=MOST_RUNNING)
        self.take(page.data)

    async def cancel(self, request_id: str) -> None:
        """End a running request, also one past the gateway. Raises BooError; one that has ended is no error."""
        self.cancelling |= {request_id}
        self.changed.emit()
        try:
            if (place := place_of(request_id)) is None:
                await self._connection.need().cancel(request_id)
            else:
                await self._connection.need().cancel_on_host(*place)
                self._cancel_over(request_id)
        except NotFound:
            self._cancel_over(request_id)
        except BaseException:
            self._cancel_over(request_id)
            raise

    def _cancel_over(self, request_id: str) -> None:
        self.cancelling -= {request_id}
        self.changed.emit()

    def _hold(self, running: Iterable[ActivityRow]) -> None:
        rows = sorted(running, key=lambda row: (row.time, row.id))
        self.running = tuple(row for row in rows if row.outcome == RUNNING)
        ours = {row.id for row in self.running}
        self.cancelling = frozenset(name for name in self.cancelling if name in ours or place_of(name))

    def _soon(self) -> None:
        if not self._batch.isActive():
            self._batch.start()

    def _tell(self) -> None:
        fresh, self._fresh = tuple(self._fresh), []
        gap, self._gap = self._gap, False
        self.changed.emit()
        if fresh:
            self.ended.emit(fresh)
        if gap:
            self.missed.emit()

    def _follow(self) -> None:
        stale = self._connection.state != "connected"
        if stale == self.stale:
            return
        if stale and self.as_of is not None:
            self.as_of = self._connection.since
        self.stale = stale
        self.changed.emit()
        if self._connection.client is not None:
            # No event tells what runs until something begins or ends. A gateway that goes is told by the connection.
            spawn(self, self.refresh(), lambda _error: None)

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "activity" and isinstance(value, ActivityNews):
            self.take_news(value)
        elif kind == "snapshot" and isinstance(value, EventSnapshot):
            # What ended before it was told to nobody here.
            self._stored, self._gap = None, True
            self._soon()
