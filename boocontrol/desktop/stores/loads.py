"""Loads as the hosts tell them: which are under way, why the last one of a model failed, what one would cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QObject, Signal

from boocontrol.core.api import LoadProgress
from boocontrol.core.control import LoadPreview
from boocontrol.core.errors import BooError
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.stores.fleet import FleetStore
from boocontrol.desktop.tasks import spawn

FRESH_S: Final = 2.0
ANSWER_S: Final = 3.0
KEPT: Final = 50


class LoadsStore(QObject):
    """`failed`: by ref, the last load of a model when it failed, until the next one or until it is dismissed.

    `costs`: by ref, what a load would cost, as last told for `want`.
    """

    changed = Signal()
    cost_came = Signal(str)

    def __init__(
        self,
        connection: Connection,
        fleet: FleetStore,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.failed: Mapping[str, LoadProgress] = MappingProxyType({})
        self.costs: dict[str, LoadPreview] = {}
        self._connection = connection
        self._fleet = fleet
        self._clock = clock
        self._asked_at: dict[str, float] = {}
        self._wanted_at: dict[str, float] = {}
        self._dismissed: dict[str, datetime] = {}
        self._memory: dict[str, dict[str, str]] = {}
        fleet.changed.connect(self._follow)

    def under_way(self, ref: str) -> bool:
        """Whether a model is being loaded, or waits for it, whoever asked."""
        host = self._fleet.host(ref.partition("/")[0])
        if host is None:
            return False
        starting = any(m.ref == ref and m.state == "starting" for m in host.loaded)
        return starting or any(load.ref == ref and load.state in ("queued", "loading") for load in host.loads)

    def dismiss(self, ref: str) -> None:
        """Show the failure of its last load no more."""
        failed = self.failed.get(ref)
        if failed is not None:
            self._dismissed[ref] = failed.asked_at
            self._follow()

    async def cost(self, ref: str) -> LoadPreview | None:
        """What loading a model would cost, asked anew unless that was done just now and its host holds the same.

        None when it is not told, or not soon: a load does not wait for it.
        """
        if self._clock() - self._asked_at.get(ref, float("-inf")) >= FRESH_S or ref not in self.costs:
            try:
                async with asyncio.timeout(ANSWER_S):
                    self.take_cost(ref, await self._connection.need().preview(ref))
            except (BooError, TimeoutError):
                return None
        return self.costs[ref]

    def want(self, ref: str) -> None:
        """It is looked at: ask what a load would cost, at most every 2 s. `cost_came` follows; fails in silence."""
        now = self._clock()
        last = max(self._asked_at.get(ref, float("-inf")), self._wanted_at.get(ref, float("-inf")))
        if self._connection.client is None or now - last < FRESH_S:
            return
        self._wanted_at[ref] = now
        self._forget()
        spawn(self, self._ask(ref), lambda _error: None)

    def take_cost(self, ref: str, cost: LoadPreview) -> None:
        """This is what a load would cost now."""
        self._asked_at[ref] = self._clock()
        before, self.costs[ref] = self.costs.get(ref), cost
        if cost != before:
            self.cost_came.emit(ref)

    async def _ask(self, ref: str) -> None:
        self.take_cost(ref, await self._connection.need().preview(ref))

    def _forget(self) -> None:
        for old in list(self._wanted_at)[:-KEPT]:
            del self._wanted_at[old]
            self._asked_at.pop(old, None)
            self.costs.pop(old, None)

    def _follow(self) -> None:
        memory = {host.id: {m.ref: str(m.state) for m in host.loaded} for host in self._fleet.hosts}
        moved = {host_id for host_id, held in memory.items() if self._memory.get(host_id) != held}
        self._memory = memory
        for ref in [ref for ref in self._asked_at if ref.partition("/")[0] in moved]:
            # What it would cost has changed.
            del self._asked_at[ref]
            self._wanted_at.pop(ref, None)
        last = {load.ref: load for host in self._fleet.hosts for load in host.loads}
        failed = {ref: load for ref, load in last.items() if load.state == "failed"}
        self._dismissed = {ref: at for ref, at in self._dismissed.items() if ref in failed}
        shown = {ref: load for ref, load in failed.items() if self._dismissed.get(ref) != load.asked_at}
        if shown != self.failed:
            self.failed = MappingProxyType(shown)
            self.changed.emit()
