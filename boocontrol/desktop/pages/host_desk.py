"""What the page of one host asks for: its health of a day and its last requests. Knows the stores and no widget."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from boocontrol.core.activity import RUNNING, ActivityRow
from boocontrol.core.api import HealthCheck
from boocontrol.desktop.itemmodels.ages import DAY, Clock
from boocontrol.desktop.pages.host_requests import newest_first
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn

HISTORY_S = 30.0
ROWS = 12
CHECKS = 5000
"""A day has about 1,500: one a minute, and those that brought news."""


class HostDesk(QObject):
    """`checks` and `ended` are of the host that is looked at, as far as they have come."""

    changed = Signal()

    def __init__(self, stores: Stores, parent: QObject | None = None, *, clock: Clock = time.time) -> None:
        super().__init__(parent)
        self.host_id = ""
        self.checks: tuple[HealthCheck, ...] = ()
        self.ended: tuple[ActivityRow, ...] = ()
        self._stores = stores
        self._clock = clock
        self._asked_at = float("-inf")
        stores.connection.changed.connect(self._follow)
        stores.activity.ended.connect(self._on_ended)

    def look_at(self, host_id: str) -> None:
        """Ask about this host from now on."""
        if host_id != self.host_id:
            self.host_id = host_id
            self.checks, self.ended = (), ()
            self._asked_at = float("-inf")
        self.want()

    def want(self, *, now: bool = False) -> None:
        """Ask again, at most every 30 s unless it is to be `now`. Fails in silence: what was known stays."""
        client, moment = self._stores.connection.client, self._clock()
        if client is None or not self.host_id or (moment - self._asked_at < HISTORY_S and not now):
            return
        self._asked_at = moment
        self._stores.samples.want(self.host_id)
        self._stores.story.want(self.host_id)
        self._run(self._ask_health(self.host_id))
        self._run(self._ask_requests(self.host_id))

    async def _ask_health(self, host_id: str) -> None:
        """A day the first time, then what came since."""
        day = datetime.fromtimestamp(self._clock() - DAY, UTC)
        since = self.checks[-1].at if self.checks else day
        told = await self._stores.connection.need().history(host_id, since=since, limit=CHECKS)
        if host_id == self.host_id:
            known = {check.at: check for check in (*self.checks, *told.checks) if check.at >= day}
            self.take(checks=tuple(known[at] for at in sorted(known)))

    async def _ask_requests(self, host_id: str) -> None:
        page = await self._stores.connection.need().activity(provider=host_id, limit=ROWS)
        if host_id == self.host_id:
            self.take(ended=tuple(row for row in page.data if row.outcome != RUNNING))

    def take(self, checks: tuple[HealthCheck, ...] | None = None, ended: tuple[ActivityRow, ...] | None = None) -> None:
        """These are its health checks (newest last), or its last requests (newest first)."""
        self.checks = self.checks if checks is None else checks
        self.ended = self.ended if ended is None else ended
        self.changed.emit()

    def _on_ended(self, rows: object) -> None:
        mine = [r for r in rows if r.provider == self.host_id] if isinstance(rows, tuple) and self.host_id else []
        if mine:
            self.take(ended=tuple(newest_first([*mine, *self.ended])[:ROWS]))

    def _follow(self) -> None:
        if self._stores.connection.state == "connected" and self.host_id:
            self.want(now=True)

    def _run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        spawn(self, coroutine, lambda _error: None)
