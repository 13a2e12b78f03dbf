"""Settings of this panel only: look, window, notifications. An ini file; all others are the gateway's."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction

from boocontrol.desktop.text import tr

Value = bool | str

DEFAULTS: Final[dict[str, Value]] = {
    "theme": "system",
    "language": "system",
    "autostart": False,
    "start_minimised": False,
    "close_to_tray": True,
    "notify": True,
    "notify_down": True,
    "notify_up": True,
    "notify_needs_key": True,
    "notify_registry": True,
    "notify_gateway": True,
    "notify_load_failed": True,
    "notify_slow": True,
    "quiet_hosts": "",
    "gateway_port": "",
    "gateway_url": "",
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

    def quiet_hosts(self) -> frozenset[str]:
        """Ids of the hosts of which no notification tells."""
        return frozenset(part for part in str(self.get("quiet_hosts")).split(" ") if part)

    def is_quiet(self, host: str) -> bool:
        """Whether notifications of a host are switched off."""
        return host in self.quiet_hosts()

    def set_quiet(self, host: str, quiet: bool) -> None:
        """Switch the notifications of a host off or on again."""
        hosts = self.quiet_hosts() | {host} if quiet else self.quiet_hosts() - {host}
        self.put("quiet_hosts", " ".join(sorted(hosts)))

    def gateway_port(self) -> int | None:
        """The port that was chosen for the gateway on this computer; None for the usual one."""
        kept = str(self.get("gateway_port"))
        return int(kept) if kept.isascii() and kept.isdecimal() and 0 < int(kept) < 1 << 16 else None

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


def notifications_action(local: LocalSettings, host: str, parent: QObject) -> QAction:
    """A ticked entry of a menu: whether notifications tell of this host."""
    action = QAction(tr("Notifications about it"), parent, checkable=True, checked=not local.is_quiet(host))
    action.toggled.connect(lambda on: local.set_quiet(host, not on))
    return action
