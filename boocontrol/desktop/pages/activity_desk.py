"""What the Activity page reads from the gateway: the history page by page, and its figures over time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from boocontrol.client import GatewayClient
from boocontrol.core.activity import RUNNING, ActivityPage, ActivityRow
from boocontrol.core.activity_series import ActivitySeries
from boocontrol.core.errors import BooError
from boocontrol.core.history import ModelEvent
from boocontrol.desktop.itemmodels.activity_history import HistoryItemModel
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity_query import DAY, ActivityQuery
from boocontrol.desktop.tasks import spawn

PAGE: Final = 200
BIG_PAGE: Final = 500
MOST_ROWS: Final = 20_000
"""Rows held at most: beyond that a person narrows the filter, or exports."""
POINTS: Final = 60
SERIES_MS: Final = 3000
SLIDES_MS: Final = 60_000
ALL_S: Final = 365 * DAY
MOSTLY_EMPTY: Final = 0.5
SHORTEST: Final = timedelta(minutes=5)
ZOOMS: Final = 3
MOST_LOADS: Final = 8


class ActivityDesk(QObject):
    """Reads for one item model. `changed`: what is read, or why not; `series_changed`: the figures; `rows_coming` and
    `rows_came` stand around every change of rows that was not asked for, so that a view can hold its place.

    Nothing is read while it is not `active`. What was shown stays until the answer to another query is there.
    """

    changed = Signal()
    series_changed = Signal()
    rows_coming = Signal()
    rows_came = Signal(int)

    def __init__(self, stores: Stores, item_model: HistoryItemModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.query = ActivityQuery()
        self.total: int | None = None
        self.kept: int | None = None
        self.reading = False
        self.problem: BooError | None = None
        self.series: ActivitySeries | None = None
        self.series_problem: BooError | None = None
        self.loads: tuple[ModelEvent, ...] = ()
        self._stores = stores
        self._rows = item_model
        self._next: str | None = None
        self._active = False
        self._dirty = True
        self._asked: ActivityQuery | None = None
        self._task: asyncio.Task[Any] | None = None
        self._series_task: asyncio.Task[Any] | None = None
        self._series_soon = QTimer(self, singleShot=True, interval=SERIES_MS)
        self._series_soon.timeout.connect(self._read_series)
        self._slides = QTimer(self, interval=SLIDES_MS)
        self._slides.timeout.connect(self._read_series)
        stores.activity.ended.connect(self._ended)
        stores.activity.missed.connect(self._missed)

    @property
    def complete(self) -> bool:
        """Whether every row that matches is here."""
        return self._asked is not None and self._next is None

    @property
    def full(self) -> bool:
        """Whether no more rows are taken in."""
        return len(self._rows.rows) >= MOST_ROWS

    def set_active(self, active: bool) -> None:
        """The page is shown, or not: what came meanwhile is read when it is."""
        self._active = active
        if not active:
            self._slides.stop()
            self._series_soon.stop()
            return
        self._slides.start()
        if self._dirty and self._stores.connection.client is not None:
            self.refresh()

    def show(self, query: ActivityQuery) -> None:
        """Read this query from now on."""
        if query != self.query:
            self.query = query
            self.refresh()

    def refresh(self) -> None:
        """Read anew what is newest; what is here already stays."""
        if self._stores.connection.client is None:
            self._dirty = True
            return
        self._dirty = False
        self._begin(self._first)
        self._read_series()

    def more(self) -> None:
        """Read the next page, unless one is being read or there is none."""
        if not self.reading and self._next is not None and not self.full and self._stores.connection.client is not None:
            self._begin(lambda: self._following(PAGE))

    def read_all(self) -> None:
        """Read all pages, as many as are held at most."""
        if self._next is not None and self._stores.connection.client is not None:
            self._begin(self._all)

    def stop(self) -> None:
        """Read no further."""
        if self._task is not None:
            self._task.cancel()
        self._done()

    # --- reading ---

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._task is not None:
            self._task.cancel()
        self.reading = True
        self._task = spawn(self, self._whole(work), self._failed)
        self.changed.emit()

    async def _whole(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        # Made here and not by the caller: a task that is cancelled before it began would leave it unawaited.
        await work()
        self.problem = None
        self._done()

    def _done(self) -> None:
        self.reading = False
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self.problem = error if isinstance(error, BooError) else BooError(f"{type(error).__name__}: {error}")
        self._dirty = True
        self._done()

    async def _first(self) -> None:
        query, client = self.query, self._stores.connection.need()
        page = await client.activity(limit=PAGE, **query.params(self._stores.connection.now()))
        rows = _ended(page)
        meets = any(self._rows.knows(row.id) for row in rows)
        if query == self._asked and meets:
            self._add(rows)
        else:
            self._asked, self._next = query, page.next
            self._rows.take(rows)
        self._count(page)

    async def _following(self, limit: int) -> None:
        query = self.query
        params = query.params(self._stores.connection.now())
        page = await self._stores.connection.need().activity(limit=limit, before=str(self._next), **params)
        if query == self._asked:
            self._next = page.next
            self._rows.add(_ended(page))
            self._count(page)

    async def _all(self) -> None:
        while self._next is not None and not self.full:
            await self._following(BIG_PAGE)
            self.changed.emit()

    def _count(self, page: ActivityPage) -> None:
        """The gateway counts what runs too."""
        running = sum(self.query.takes(row) for row in self._stores.activity.running)
        self.total = max(len(self._rows.rows), page.total - running) if self._next else len(self._rows.rows)

    def _add(self, rows: list[ActivityRow]) -> None:
        self.rows_coming.emit()
        self.rows_came.emit(self._rows.add(rows))

    # --- what ends meanwhile ---

    def _ended(self, rows: tuple[ActivityRow, ...]) -> None:
        if not self._active or self._asked is None:
            self._dirty = True
            return
        new = [row for row in rows if self.query.takes(row) and not self._rows.knows(row.id)]
        if new and not self.full:
            self._add(new)
        if self.total is not None:
            self.total += len(new)
        self.changed.emit()
        self._series_later()

    def _missed(self) -> None:
        if self._active:
            self.refresh()
        else:
            self._dirty = True

    # --- figures ---

    def _series_later(self) -> None:
        if not self._series_soon.isActive():
            self._series_soon.start()

    def _read_series(self) -> None:
        if self._stores.connection.client is None:
            return
        if self._series_task is not None:
            self._series_task.cancel()
        self._series_task = spawn(self, self._series(), self._series_failed)

    async def _series(self) -> None:
        """The figures, and with them how many requests there are now."""
        client, now, query = self._stores.connection.need(), self._stores.connection.now(), self.query
        params = query.params(now)
        if query.span_s is None:
            params["since"] = ActivityQuery(span_s=ALL_S).params(now)["since"]
        kept = await client.activity(limit=1)
        series = await client.activity_series(points=POINTS, **params)
        count = series.requests
        for _ in range(ZOOMS):
            if not _at_the_end(series):
                break
            # In a shorter window the chart has something to show.
            params["since"] = min(series.points[0].at, series.until - SHORTEST).isoformat()
            series = await client.activity_series(points=POINTS, **params)
        self.loads = await self._loads(client, query, series)
        self.kept = kept.total - len(self._stores.activity.running)
        if query == self._asked and not series.cut:
            self.total = max(len(self._rows.rows), count)
        self.series, self.series_problem = series, None
        self.series_changed.emit()
        self.changed.emit()

    async def _loads(
        self, client: GatewayClient, query: ActivityQuery, series: ActivitySeries
    ) -> tuple[ModelEvent, ...]:
        """The loads of that time, which make first tokens late; none where there are too many to tell apart."""
        since = (series.points[0].at if series.points else series.since) - timedelta(seconds=series.step_s)
        provider, ref = query.provider or None, query.ref or None
        try:
            told = await client.story(provider=provider, ref=ref, event="loaded", since=since, limit=MOST_LOADS + 1)
        except BooError:
            return ()  # the figures are worth showing without
        return told.data if len(told.data) <= MOST_LOADS else ()

    def _series_failed(self, error: Exception) -> None:
        self.series_problem = error if isinstance(error, BooError) else BooError(f"{type(error).__name__}: {error}")
        self.series_changed.emit()


def _at_the_end(series: ActivitySeries) -> bool:
    """Whether all of it lies in the last part of a window that could be shorter."""
    if not series.points or series.until - series.since <= SHORTEST:
        return False
    return series.points[0].at - series.since > (series.until - series.since) * MOSTLY_EMPTY


def _ended(page: ActivityPage) -> list[ActivityRow]:
    return [row for row in page.data if row.outcome != RUNNING]
