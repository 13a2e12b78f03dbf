"""Feeds the rules of notifications from the stores and sends what they say."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from boocontrol.desktop.notifications import Alerts, Kind, Notification
from boocontrol.desktop.stores import Stores

TICK_MS = 5000
SWITCHES: dict[Kind, str] = {
    "down": "notify_down",
    "offline": "notify_down",
    "flapping": "notify_down",
    "up": "notify_up",
    "needs_key": "notify_needs_key",
    "registry": "notify_registry",
    "gateway": "notify_gateway",
}


class AlertSender(QObject):
    """`flag` reads a switch of this computer's settings, `send` shows a notification.

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
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._stores = stores
        self._send = send
        self._clock = clock
        self.alerts = Alerts(lambda kind: flag("notify") and flag(SWITCHES[kind]), muted)
        self._seen = False
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        for store in (stores.fleet, stores.status):
            store.changed.connect(self.look)
        stores.connection.changed.connect(self.look)

    def snooze(self, minutes: int) -> None:
        """Be silent for some minutes; 0 ends it."""
        self.alerts.snooze(self._clock() + 60 * minutes if minutes else None)
        self.changed.emit()

    @property
    def snoozed_until(self) -> str:
        """The time of day at which a snooze ends; empty when there is none."""
        until = self.alerts.snoozed_until
        return datetime.fromtimestamp(until).strftime("%H:%M") if until is not None else ""

    def look(self) -> None:
        """Compare with what was, and send what is due."""
        now, before = self._clock(), self.alerts.snoozed_until
        fleet = self._stores.fleet
        if not fleet.stale:
            self.alerts.watch(fleet.hosts, now)
        for said in (self._registry(now), self._gateway(now), *self.alerts.due(now)):
            if said is not None:
                self._send(said)
        if before is not None and self.alerts.snoozed_until is None:
            self.changed.emit()

    def _registry(self, now: float) -> Notification | None:
        status = self._stores.status.status
        error = status.registry.error if status else None
        return self.alerts.other("registry", error.message if error else "", now)

    def _gateway(self, now: float) -> Notification | None:
        connection = self._stores.connection
        self._seen = self._seen or connection.state == "connected"
        if not self._seen or connection.state in ("connected", "stopped"):
            return self.alerts.other("gateway", "", now)
        problem = connection.problem
        return (
            self.alerts.other("gateway", problem.title if problem else "", now) if connection.state == "lost" else None
        )
