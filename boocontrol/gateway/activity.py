"""The history of requests: taken from the data plane, stored in batches off the event loop, read with what runs now.

A row is shown as ended, and told to readers of events, only once it is committed. When the database cannot be
written the gateway serves on: rows wait and are shown from memory, the oldest go when too many wait, and `problems`
says so.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from boocontrol.core.activity import RUNNING, ActivityPage, ActivityRow, ActivityStats
from boocontrol.core.activity_series import ActivitySeries
from boocontrol.core.errors import BooError
from boocontrol.gateway.activity_hosts import HostRows
from boocontrol.gateway.activity_measure import Ended
from boocontrol.gateway.activity_memory import Recent
from boocontrol.gateway.inflight import InFlight
from boocontrol.hosts.view import HostView
from boocontrol.store.host_rows import Arrival, Merged
from boocontrol.store.requests import Cursor
from boocontrol.store.wanted import Wanted, micros

log = logging.getLogger("boocontrol.gateway")

BATCH: Final = 500
FRESH: Final = 100
WAITING: Final = 10_000
WRITE_AFTER_S: Final = 0.25
RETRY_AFTER_S: Final = 10.0
HOST_ROWS_AFTER_S: Final = 0.25
HOST_ROWS_EVERY_S: Final = 0.6
"""The first that a host tells is stored soon, those that follow together; all are shown within a second."""
_TOP: Final[Cursor] = (10**17, "f" * 32)
"""Before every row: the next page after one that running requests filled."""


class RequestsStore(Protocol):
    """Where rows are kept: boocontrol.store.desk.RequestsDesk. Every method may raise BooError."""

    async def add(self, rows: Sequence[ActivityRow]) -> None: ...

    async def page(self, wanted: Wanted, before: Cursor | None, limit: int) -> tuple[tuple[ActivityRow, ...], int]: ...

    async def stats(self, wanted: Wanted, since: datetime, until: datetime) -> ActivityStats: ...

    async def series(self, wanted: Wanted, since: datetime, until: datetime, points: int) -> ActivitySeries: ...

    async def known(self, keys: Sequence[int]) -> frozenset[int]: ...

    async def merge(self, arrivals: Sequence[Arrival]) -> Merged: ...


def _no_view(provider_id: str) -> HostView:
    raise KeyError(provider_id)


class Activity:
    """Requests go in by `ended`, on the event loop's thread; `stop` stores what still waits."""

    def __init__(
        self,
        store: RequestsStore,
        in_flight: InFlight,
        *,
        view: Callable[[str], HostView] = _no_view,
        cut_by: Callable[[str, float], str] = lambda ref, at: "",
        on_began: Callable[[], None] = lambda: None,
        on_stored: Callable[[Sequence[ActivityRow]], None] = lambda rows: None,
        on_completed: Callable[[Sequence[ActivityRow]], None] = lambda rows: None,
        waiting: int = WAITING,
    ) -> None:
        self._store = store
        self._in_flight = in_flight
        self.began = on_began
        self._on_stored = on_stored
        self._on_completed = on_completed
        self.host_rows = HostRows(store, in_flight, view, self._took, cut_by=cut_by)
        self._recent = Recent()
        self._fresh: list[Ended] = []
        self._rows: deque[ActivityRow] = deque(maxlen=waiting)
        self._lost = 0
        self._merged_at = float("-inf")
        self._error: BooError | None = None
        self._writing = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the history, for people."""
        if self._error is None:
            return ()
        lost = f" {self._lost} requests were not kept." if self._lost else ""
        return (f"The activity is not being kept: {self._error.title}{lost} {self._error.advice}".strip(),)

    def ended(self, request: Ended) -> None:
        """A request ended. Its row is made later: nobody's answer has to wait for that."""
        self._fresh.append(request)
        if len(self._fresh) >= FRESH:
            self._settle()
        if self._timer is None:
            self._later(RETRY_AFTER_S if self._error else WRITE_AFTER_S)

    def keep(self, row: ActivityRow) -> None:
        """Have this row stored with the next batch."""
        if len(self._rows) == self._rows.maxlen:
            self._lost += 1
        self._rows.append(row)

    async def flush(self) -> None:
        """Store what waits. A database that cannot be written is told by `problems`, not raised."""
        async with self._writing:
            self._settle()
            try:
                await self._store_rows()
                await self._store_host_rows()
            except BooError as e:
                self._failed(e)
            else:
                self._error, self._lost = None, 0

    async def page(self, wanted: Wanted, before: Cursor | None, limit: int) -> ActivityPage:
        """Requests, newest first; those that run come first on the first page. Without a database, the last ones."""
        await self.flush()
        running = self.running(wanted)
        shown = running[:limit] if before is None else ()
        if wanted.outcome == RUNNING:
            return ActivityPage(data=shown, total=len(running))
        left = limit - len(shown)
        try:
            stored, total = await self._store.page(wanted, before, left + 1)
            found, total = self._with_waiting(stored, total, wanted, before, left + 1)
        except BooError as e:
            self._failed(e)
            found, total = self._recent.page(self._rows, wanted, before, left + 1)
        rows = found[:left]
        last = (micros(rows[-1].time), rows[-1].id) if rows else _TOP
        more = f"{last[0]}-{last[1]}" if len(found) > left else None
        return ActivityPage(data=(*shown, *rows), total=total + len(running), next=more)

    async def stats(self, wanted: Wanted, since: datetime, until: datetime) -> ActivityStats:
        """Counts and quantiles of a window. Without a database, of the last requests."""
        await self.flush()
        try:
            return await self._store.stats(wanted, since, until)
        except BooError as e:
            self._failed(e)
            return self._recent.stats(self._rows, wanted, since, until)

    async def series(self, wanted: Wanted, since: datetime, until: datetime, points: int) -> ActivitySeries:
        """Figures of a window, whole and in pieces. Raises BooError."""
        await self.flush()
        return await self._store.series(wanted, since, until, points)

    def running(self, wanted: Wanted | None = None) -> tuple[ActivityRow, ...]:
        """What runs now, newest first."""
        rows = (r.row() for r in self._in_flight)
        found = [row for row in rows if wanted is None or wanted.takes(row)]
        return tuple(sorted(found, key=lambda row: (row.time, row.id), reverse=True))

    def cancel(self, request_id: str, by: str = "") -> bool:
        """End a running request; its client is told, and its row says by whom. False when it does not run."""
        found = self._in_flight.get(request_id)
        if found is None:
            return False
        found.cancel("user", by)
        return True

    async def stop(self) -> None:
        """Store what waits, once, and end."""
        if self._task is not None:
            # A batch that is cut short here is stored again below, which changes nothing.
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._timer is not None:
            self._timer.cancel()
        self._stopped = True
        await self.flush()

    async def _store_rows(self) -> None:
        while self._rows:
            batch = [self._rows[i] for i in range(min(BATCH, len(self._rows)))]
            await self._store.add(batch)
            self._forget(batch)
            self._recent.add(batch)
            self._on_stored(batch)

    async def _store_host_rows(self) -> None:
        """After our own rows: it is among those that the hosts' rows find theirs."""
        while ripe := self.host_rows.ripe(BATCH):
            self._merged_at = time.monotonic()
            merged = await self._store.merge(ripe)
            self.host_rows.forget(ripe)
            self._recent.add((*merged.added, *merged.completed))
            if merged.added:
                self._on_stored(merged.added)
            if merged.completed:
                self._on_completed(merged.completed)
        if self.host_rows and self._timer is None:
            self._later(self._host_rows_after())

    def _took(self) -> None:
        """Hosts told rows."""
        if self._timer is None:
            self._later(RETRY_AFTER_S if self._error else self._host_rows_after())

    def _host_rows_after(self) -> float:
        return max(HOST_ROWS_AFTER_S, self._merged_at + HOST_ROWS_EVERY_S - time.monotonic())

    def _failed(self, error: BooError) -> None:
        if self._error is None:
            log.warning("The activity is not being kept: %s", error)
        self._error = error
        if self._timer is None:
            self._later(RETRY_AFTER_S)

    def _with_waiting(
        self, stored: tuple[ActivityRow, ...], total: int, wanted: Wanted, before: Cursor | None, limit: int
    ) -> tuple[tuple[ActivityRow, ...], int]:
        """A database that is read and takes nothing, as on a full disk, does not hide what ran meanwhile."""
        if self._error is None or not self._rows:
            return stored, total
        waiting = [row for row in self._rows if wanted.takes(row)]
        here = [row for row in waiting if before is None or (micros(row.time), row.id) < before]
        by_id = {row.id: row for row in (*here, *stored)}
        rows = sorted(by_id.values(), key=lambda row: (row.time, row.id), reverse=True)
        return tuple(rows[:limit]), total + len(waiting)

    def _settle(self) -> None:
        """Make rows of what ended. It holds parts of answers, so it never waits for a database."""
        fresh, self._fresh = self._fresh, []
        for request in fresh:
            self.keep(request.row())

    def _forget(self, batch: list[ActivityRow]) -> None:
        """Take out what is stored now. Meanwhile rows may have come, and pushed the oldest of these out already."""
        done = {row.id for row in batch}
        while self._rows and self._rows[0].id in done:
            self._rows.popleft()

    def _later(self, seconds: float) -> None:
        if self._stopped:
            return
        self._timer = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        self._timer = None
        if self._task is not None and not self._task.done():
            self._later(WRITE_AFTER_S)
            return
        self._task = asyncio.get_running_loop().create_task(self.flush())
