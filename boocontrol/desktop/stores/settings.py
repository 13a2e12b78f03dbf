"""Settings as the gateway holds them, those of other programs included."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from boocontrol.core.api import EventSnapshot
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.tasks import spawn

Edit = Callable[[dict[str, Any]], Mapping[str, Any]]

OWN_ECHO_S = 2.0


class SettingsStore(QObject):
    """Every setting by its key. What is written here shows once the gateway has taken it."""

    changed = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.values: dict[str, Any] = {}
        self._connection = connection
        self._writing = asyncio.Lock()
        self._wrote = float("-inf")
        connection.heard.connect(self._on_event)

    def take(self, values: Mapping[str, Any]) -> None:
        """These are the settings now."""
        if values != self.values:
            self.values = dict(values)
            self.changed.emit()

    async def set(self, key: str, value: Any) -> None:
        """Write one setting; None resets it. Raises BooError, with nothing changed."""
        await self.edit(lambda _now: {key: value})

    async def edit(self, edit: Edit) -> None:
        """Apply an edit (settings in, patch out) to the settings as they are now, again if somebody else wrote
        meanwhile. Raises BooError, with nothing changed."""
        async with self._writing:
            try:
                self.take((await self._connection.need().edit_settings(edit)).value)
            finally:
                self._wrote = time.monotonic()

    async def refresh(self) -> None:
        """Ask for all settings. Raises BooError."""
        async with self._writing:
            self.take((await self._connection.need().settings()).value)

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "snapshot" and isinstance(value, EventSnapshot):
            self.take(value.settings)
        elif kind == "settings" and isinstance(value, dict):
            # An event may be older than the answer to an own writing, and would take that back for a moment.
            if self._writing.locked() or time.monotonic() - self._wrote < OWN_ECHO_S:
                spawn(self, self.refresh())
            else:
                self.take(value)
