"""Settings of this panel only: look, window, notifications. An ini file; all others are the gateway's."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, Signal

Value = bool | str

DEFAULTS: Final[dict[str, Value]] = {
    "theme": "system",
    "start_minimised": False,
    "close_to_tray": True,
    "notify": True,
    "notify_down": True,
    "notify_up": True,
    "notify_needs_key": True,
    "notify_registry": True,
    "notify_gateway": True,
}


class LocalSettings(QObject):
    """Known keys with their defaults; a value of another type in the file counts as not set."""

    changed = Signal(str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = QSettings(str(path), QSettings.Format.IniFormat, self)

    @property
    def path(self) -> str:
        """The ini file."""
        return self._file.fileName()

    def get(self, key: str) -> Value:
        """The value of a known key."""
        default = DEFAULTS[key]
        stored = self._file.value(key)
        if stored is None:
            return default
        if isinstance(default, bool):
            # The ini format knows texts only.
            return {"true": True, "false": False}.get(str(stored).lower(), default)
        return str(stored)

    def flag(self, key: str) -> bool:
        """The value of a known yes-or-no key."""
        return bool(self.get(key))

    def put(self, key: str, value: Value) -> None:
        """Keep a value of a known key, at once."""
        if value == self.get(key):
            return
        if value == DEFAULTS[key]:
            self._file.remove(key)
        else:
            self._file.setValue(key, value)
        self._file.sync()
        self.changed.emit(key)
