"""What every provider offers, as last known."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from boocontrol.core.api import EventSnapshot
from boocontrol.core.catalog import Catalog
from boocontrol.desktop.connection import Connection


class CatalogStore(QObject):
    """The catalog. `stale`: the gateway that would know is not there."""

    changed = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.catalog = Catalog.empty()
        self.stale = True
        self._connection = connection
        connection.changed.connect(self._follow)
        connection.heard.connect(self._on_event)

    def take(self, catalog: Catalog, *, stale: bool | None = None) -> None:
        """This is the catalog now."""
        self.catalog = catalog
        self.stale = self._connection.state != "connected" if stale is None else stale
        self.changed.emit()

    async def refresh(self) -> None:
        """Ask for the catalog. Raises BooError."""
        self.take(await self._connection.need().models())

    def _follow(self) -> None:
        stale = self._connection.state != "connected"
        if stale != self.stale:
            self.stale = stale
            self.changed.emit()

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "snapshot" and isinstance(value, EventSnapshot):
            self.take(value.catalog)
        elif kind == "catalog" and isinstance(value, Catalog):
            self.take(value)
