"""Hosts' own rows of requests, from events to whoever wants them: none lost, whatever the stream drops.

From v236 on an event tells only the id of a row, and the rows are fetched: all since the last one at each event, and
at each connection as far back as rows are unknown. Before, events carry whole rows, all that is kept at each
connection. Ids count from 1 again when a host without a store restarts.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from boocontrol.core.errors import BooError
from boocontrol.core.host_row import HostRow
from boocontrol.hosts.client import HostClient
from boocontrol.hosts.events_told import Rows, read_row
from boocontrol.hosts.tasks import cancel, spawn

log = logging.getLogger(__name__)

PAGE: Final = 999
# At the first sight of a host with a store of its own, not its whole past is taken over.
MOST_PAGES: Final = 20
# Rows that events carry and that wait to be delivered; the host tells them again at the next connection.
MOST_TOLD: Final = PAGE * MOST_PAGES
GATHER_S: Final = 0.2
# A host whose requests end one after the other is asked for their rows together.
EVERY_S: Final = 1.25
# Where something ran and no event told its end, the host is asked all the same.
UNHEARD_S: Final = 120.0
RETRY_S: Final = 15.0


class RowSink(Protocol):
    """Who wants the rows of hosts."""

    async def unknown(self, provider_id: str, rows: Sequence[HostRow]) -> list[HostRow]:
        """Those of the rows that it does not have."""
        ...

    def take(self, provider_id: str, rows: Sequence[HostRow], ahead_s: float) -> None:
        """New rows, oldest first. The host's clock is so many seconds ahead of ours."""
        ...


class RowReader:
    """Reads the rows of one host from `connected` to `stop`."""

    def __init__(self, provider_id: Callable[[], str], client: Callable[[], HostClient], sink: RowSink | None) -> None:
        self._provider_id = provider_id
        self._client = client
        self._sink = sink
        self._told: list[HostRow] = []
        self._last = 0
        self._all = False
        self._stirred = False
        self._wake = asyncio.Event()
        self._read_at = float("-inf")
        self._task: asyncio.Task[None] | None = None

    def connected(self) -> None:
        """A stream stands: whatever happened meanwhile is to be read."""
        if self._sink is None:
            return
        self._all = True
        self._wake.set()
        if self._task is None:
            self._task = spawn(self._run(), f"rows {self._provider_id()}")

    def hear(self, rows: Rows) -> None:
        """An event told rows, or that there is one."""
        if self._sink is not None:
            self._told = [*self._told, *rows.rows][-MOST_TOLD:]
        if rows.newest is not None and rows.newest <= self._last:
            self._all = True  # ids count anew
        self._wake.set()

    def stirred(self) -> None:
        """Something runs there, or ended."""
        self._stirred = True

    def drop(self) -> None:
        """Read nothing more until the next connection."""
        if self._task is not None:
            self._task.cancel()
        self._task = None

    async def stop(self) -> None:
        """Read nothing more."""
        task, self._task = self._task, None
        if task is not None:
            await cancel(task)

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(UNHEARD_S):
                    await self._wake.wait()
            except TimeoutError:
                if not self._stirred:
                    continue
            await self._gather()
            self._wake.clear()
            self._stirred = False
            self._read_at = time.monotonic()
            try:
                await self._read()
            except BooError as e:
                log.debug("rows of %s: %s", self._provider_id(), e)
                asyncio.get_running_loop().call_later(RETRY_S, self._wake.set)
            except Exception:
                # A host may tell anything; what nobody thought of must not end the reading.
                log.exception("rows of %s", self._provider_id())

    async def _gather(self) -> None:
        """Wait a little for more, and longer before the host is asked again. What came whole is not held up."""
        await asyncio.sleep(GATHER_S)
        while not self._told and (left_s := self._read_at + EVERY_S - time.monotonic()) > 0:
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._wake.wait()

    async def _read(self) -> None:
        assert self._sink is not None
        provider_id = self._provider_id()
        told, self._told = self._told, []
        if told and (fresh := await self._sink.unknown(provider_id, told)):
            self._deliver(self._sink, provider_id, [fresh])
        everything, self._all = self._all, False
        try:
            await self._fetch(self._sink, provider_id, 0 if everything else self._last + 1)
        except BooError:
            self._all = self._all or everything
            raise

    async def _fetch(self, sink: RowSink, provider_id: str, least: int) -> None:
        """Read from the newest row back to one that is known, and deliver from the oldest on.

        In that order a gateway that dies in between begins anew where it began.
        """
        pages: list[list[HostRow]] = []
        newest, most = 0, 0
        for _ in range(MOST_PAGES):
            found = await self._client().activity(PAGE, least, most)
            if not found:
                break
            rows = [row for entry in found if (row := read_row(entry)) is not None]
            # What follows the last row is new, as a rule; if not, whoever stores it finds that out.
            fresh = await sink.unknown(provider_id, rows) if rows and not least else rows
            pages.append(fresh)
            newest = max([newest, *(row.id for row in rows)])
            most = min((row.id for row in rows), default=0) - 1
            if len(found) < PAGE or most < max(1, least) or not fresh:
                break
        self._deliver(sink, provider_id, pages)
        self._last = newest if not least else max(self._last, newest)

    def _deliver(self, sink: RowSink, provider_id: str, pages: list[list[HostRow]]) -> None:
        ahead_s = self._client().ahead_s
        for rows in reversed(pages):
            if rows:
                sink.take(provider_id, sorted(rows, key=lambda row: (row.ended, row.id)), ahead_s)
