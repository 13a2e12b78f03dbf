"""What the gateway says about itself: version, address, registry, counts."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from boocontrol.core.api import EventSnapshot, RegistryStatus, Status
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.tasks import spawn

AGAIN_MS = 2000


class StatusStore(QObject):
    """The gateway's status; None until it was heard once. Kept as last known when the gateway is lost."""

    changed = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status: Status | None = None
        self._connection = connection
        # Counts change with every host; they are asked for at most once in this time.
        self._soon = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._soon.timeout.connect(self._ask)
        connection.heard.connect(self._on_event)

    def take(self, status: Status | None) -> None:
        """This is the status now."""
        self.status = status
        self.changed.emit()

    async def refresh(self) -> None:
        """Ask for the status. Raises BooError."""
        self.take(await self._connection.need().status())

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "snapshot" and isinstance(value, EventSnapshot):
            self.take(value.status)
            return
        if kind == "registry" and isinstance(value, RegistryStatus) and self.status is not None:
            self.take(self.status.model_copy(update={"registry": value}))
        if not self._soon.isActive():
            self._soon.start()

    def _ask(self) -> None:
        if self._connection.client is not None:
            spawn(self, self.refresh())
