"""The one thread in which the database is used, for callers on an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, TypeVar

from sqlalchemy import URL

from boocontrol.core.activity import ActivityRow, ActivityStats
from boocontrol.store.database import Database, open_database
from boocontrol.store.request_stats import request_stats
from boocontrol.store.requests import Cursor, RequestsTable, Wanted
from boocontrol.store.settings import Json, SettingsTable, Stored

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
        """Open the database. Raises BooError."""
        self._database = await self.run(open_database, url)
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

    async def prune(self, before: datetime, most: int) -> int:
        """See RequestsTable.prune."""
        return await self._desk.run(self._table.prune, before, most)
