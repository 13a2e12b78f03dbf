"""Feeds the rules of notifications from the stores and sends what they say."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from boocontrol.core.history import ModelEvent
from boocontrol.desktop.itemmodels.ages import clock_time
from boocontrol.desktop.notifications import GROUP_S, Alerts, Kind, Notification
from boocontrol.desktop.sentences import told
from boocontrol.desktop.stores import Stores

TICK_MS = 5000
OLD_S = 120.0
OWN_NAME = "panel"
"""As the gateway calls a desktop that asked for something."""
SWITCHES: dict[Kind, str] = {
    "down": "notify_down",
    "offline": "notify_down",
    "flapping": "notify_down",
    "up": "notify_up",
    "needs_key": "notify_needs_key",
    "registry": "notify_registry",
    "gateway": "notify_gateway",
    "load_failed": "notify_load_failed",
    "slow": "notify_slow",
}


class AlertSender(QObject):
    """`flag` reads a switch of this computer's settings, `send` shows a notification. `muted` tells of a host that is
    switched off here, `watching` whether a person looks at the window: what they asked for is told there.

    `changed` comes when a snooze began or ended. The clock must go on while the computer sleeps.
    """

    changed = Signal()

    def __init__(
        self,
        stores: Stores,
        flag: Callable[[str], bool],
        send: Callable[[Notification], object],
        parent: QObject | None = None,
        *,
        muted: Callable[[str], bool] = lambda host: False,
        watching: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._stores = stores
        self._send = send
        self._clock = clock
        self.alerts = Alerts(lambda kind: flag("notify") and flag(SWITCHES[kind]), muted)
        self._seen = False
        self._lost = ""
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        # What waits is told when its time has come, not at the next look after it.
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(self.look)
        for store in (stores.fleet, stores.status):
            store.changed.connect(self.look)
        stores.connection.changed.connect(self.look)
        stores.connection.heard.connect(self._heard)
        self._watching = watching

    def snooze(self, minutes: int) -> None:
        """Be silent for some minutes; 0 ends it."""
        self.alerts.snooze(self._clock() + 60 * minutes if minutes else None)
        self.changed.emit()

    @property
    def snoozed_until(self) -> str:
        """The time of day at which a snooze ends; empty when there is none."""
        until = self.alerts.snoozed_until
        return clock_time(until) if until is not None else ""

    def look(self) -> None:
        """Compare with what was, and send what is due."""
        now, before = self._clock(), self.alerts.snoozed_until
        fleet = self._stores.fleet
        if not fleet.stale:
            self.alerts.watch(fleet.hosts, now)
        for said in (self._registry(now), self._gateway(now), *self.alerts.due(now)):
            if said is not None:
                self._send(said)
        if (due := self.alerts.next_due()) is not None:
            self._due.start(max(0, math.ceil((due - now) * 1000)))
        if before is not None and self.alerts.snoozed_until is None:
            self.changed.emit()

    def _heard(self, kind: str, value: object) -> None:
        """A load that failed, a model that became slow. What is old news by now was told, or missed, in its time."""
        if kind != "story" or not isinstance(value, ModelEvent) or value.event not in ("load_failed", "slow"):
            return
        host, now = self._stores.fleet.host(value.provider), self._clock()
        seen_here = value.event == "load_failed" and value.by == OWN_NAME and self._watching()
        if host is None or seen_here or now - value.time.timestamp() > OLD_S:
            return
        told_kind: Kind = "load_failed" if value.event == "load_failed" else "slow"
        self.alerts.model(told_kind, host, value.ref.partition("/")[2], told(value.detail), now)
        self.look()

    def _registry(self, now: float) -> Notification | None:
        status = self._stores.status.status
        error = status.registry.error if status else None
        return self.alerts.other("registry", error.message if error else "", now)

    def _gateway(self, now: float) -> Notification | None:
        connection = self._stores.connection
        self._seen = self._seen or connection.state == "connected"
        if not self._seen or connection.state in ("connected", "stopped"):
            self._lost = ""
            return self.alerts.other("gateway", "", now)
        if connection.state != "lost" or now - connection.since < GROUP_S:
            # One that crashed is back within seconds.
            return None
        self._lost = self._lost or (connection.problem.title if connection.problem else "")
        return self.alerts.other("gateway", self._lost, now)
