"""The one thread in which the database is used, for callers on an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, TypeVar

from sqlalchemy import URL

from boocontrol.core.activity import ActivityRow, ActivityStats
from boocontrol.core.activity_series import ActivitySeries
from boocontrol.core.api import HealthCheck
from boocontrol.core.history import ModelEvent, Sample
from boocontrol.store.database import Database
from boocontrol.store.fallback import open_anyway
from boocontrol.store.host_rows import Arrival, Merged, merge
from boocontrol.store.request_series import request_series
from boocontrol.store.request_stats import request_stats
from boocontrol.store.requests import Cursor, RequestsTable
from boocontrol.store.retention import Keep, Retention
from boocontrol.store.samples import SamplesTable
from boocontrol.store.settings import Json, SettingsTable, Stored
from boocontrol.store.story import ChecksTable, StoryTable, WantedEvents
from boocontrol.store.wanted import Wanted

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """Runs blocking database work in one dedicated thread, in the order asked."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._database: Database | None = None

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work`, or what it raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*args, **kwargs))

    async def open(self, url: URL) -> Database:
        """Open the database, or one in memory when its file is out of reach; see open_anyway. Raises BooError."""
        self._database = await self.run(open_anyway, url)
        return self._database

    async def close(self) -> None:
        """Close the database after the work that was asked for, and end the thread."""
        if self._database is not None:
            await self.run(self._database.close)
        self._thread.shutdown(wait=False)


class SettingsDesk:
    """The table of settings for callers on an event loop."""

    def __init__(self, desk: Desk, table: SettingsTable) -> None:
        self._desk = desk
        self._table = table

    async def read(self) -> Stored:
        """See SettingsTable.read."""
        return await self._desk.run(self._table.read)

    async def change(
        self,
        edit: Callable[[Json], Json],
        expected: Callable[[str], bool] = lambda etag: True,
    ) -> Stored:
        """See SettingsTable.change; `edit` runs in the store's thread."""
        return await self._desk.run(self._table.change, edit, expected)


class RequestsDesk:
    """The table of requests for callers on an event loop."""

    def __init__(self, desk: Desk, database: Database) -> None:
        self._desk = desk
        self._database = database
        self._table = RequestsTable(database)

    async def add(self, rows: Sequence[ActivityRow]) -> None:
        """See RequestsTable.add."""
        await self._desk.run(self._table.add, rows)

    async def page(self, wanted: Wanted, before: Cursor | None, limit: int) -> tuple[tuple[ActivityRow, ...], int]:
        """See RequestsTable.page."""
        return await self._desk.run(self._table.page, wanted, before, limit)

    async def stats(self, wanted: Wanted, since: datetime, until: datetime) -> ActivityStats:
        """See request_stats."""
        return await self._desk.run(request_stats, self._database, wanted, since, until)

    async def series(self, wanted: Wanted, since: datetime, until: datetime, points: int) -> ActivitySeries:
        """See request_series."""
        return await self._desk.run(request_series, self._database, wanted, since, until, points)

    async def known(self, keys: Sequence[int]) -> frozenset[int]:
        """See RequestsTable.known."""
        return await self._desk.run(self._table.known, keys)

    async def merge(self, arrivals: Sequence[Arrival]) -> Merged:
        """See host_rows.merge."""
        return await self._desk.run(merge, self._database, arrivals)


class HistoryDesk:
    """Samples, events and checks, and what keeps all of the history small, for callers on an event loop."""

    def __init__(self, desk: Desk, database: Database) -> None:
        self._desk = desk
        self._samples = SamplesTable(database)
        self._story = StoryTable(database)
        self._checks = ChecksTable(database)
        self._retention = Retention(database)

    async def add_samples(self, provider: str, samples: Sequence[Sample]) -> None:
        """See SamplesTable.add."""
        await self._desk.run(self._samples.add, provider, samples)

    async def samples(self, provider: str, since: datetime, until: datetime, points: int) -> tuple[Sample, ...]:
        """See SamplesTable.read."""
        return await self._desk.run(self._samples.read, provider, since, until, points)

    async def add_events(self, events: Sequence[ModelEvent]) -> None:
        """See StoryTable.add."""
        await self._desk.run(self._story.add, events)

    async def events(self, wanted: WantedEvents, before: Cursor | None, limit: int) -> tuple[ModelEvent, ...]:
        """See StoryTable.page."""
        return await self._desk.run(self._story.page, wanted, before, limit)

    async def add_checks(self, checks: Sequence[tuple[str, HealthCheck]]) -> None:
        """See ChecksTable.add."""
        await self._desk.run(self._checks.add, checks)

    async def checks(
        self, provider: str, since: datetime | None, until: datetime | None, limit: int
    ) -> list[HealthCheck]:
        """See ChecksTable.read."""
        return await self._desk.run(self._checks.read, provider, since, until, limit)

    async def prune(self, keep: Keep, now: datetime) -> bool:
        """See Retention.step."""
        return await self._desk.run(self._retention.step, keep, now)
