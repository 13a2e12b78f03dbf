"""Who may use the gateway: its key, hidden until asked for, and whether programs here need it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.desktop.dialogs.fields import hint_label, in_words, say
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.widgets import Button, Card, CopyButton, label

DOTS = "•" * 16


class AccessCard(Card):
    """`settings_wanted` asks for the section Gateway of the Settings page."""

    settings_wanted = Signal()

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Who may use it"), parent=parent)
        self._stores = stores
        self._make()
        self.add(self._rows())
        self.reveal.toggled.connect(self.refresh)
        self.require.toggled.connect(self._require)
        self.change.clicked.connect(self.settings_wanted)
        self.renew.clicked.connect(self._ask_renew)
        stores.connection.changed.connect(self._connection_changed)
        stores.settings.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        key = self._key()
        shown = bool(key) and self.reveal.isChecked()
        self.key.setText(key if shown else DOTS if key else self.tr("not known here"))
        self.reveal.setText(self.tr("Hide") if shown else self.tr("Show"))
        self.reveal.setEnabled(bool(key))
        self.copy.setEnabled(bool(key))
        here = self._stores.connection.gateway is not None and self._stores.connection.gateway.key_file is not None
        self.renew.setEnabled(here)
        self.renew.setToolTip(
            "" if here else self.tr("Only on the gateway's own computer: boocontrol gateway key --renew")
        )
        values = self._stores.settings.values
        with QSignalBlocker(self.require):
            self.require.setChecked(bool(values.get("require_key", False)))
        self.require.setEnabled(self._stores.connection.client is not None)
        say(self._hosts, self._who())

    def _key(self) -> str:
        gateway = self._stores.connection.gateway
        return gateway.key.get_secret_value() if gateway and gateway.key else ""

    def _who(self) -> str:
        values = self._stores.settings.values
        names = [str(name) for name in values.get("allowed_hosts") or ()]
        pages = [str(name) for name in values.get("allowed_origins") or ()]
        parts = [self.tr("Called by loopback and by addresses")]
        if names:
            parts.append(self.tr("by the names %1").replace("%1", ", ".join(names)))
        web = self.tr("Web pages: %1.").replace("%1", ", ".join(pages)) if pages else self.tr("Web pages: none.")
        return f"{', '.join(parts)}. {web}"

    def _make(self) -> None:
        self.key = label("", "mono", parent=self)
        self.key.setAccessibleName(self.tr("Key"))
        self.reveal = Button(self.tr("Show"), parent=self, icon="eye", small=True)
        self.reveal.setCheckable(True)
        self.reveal.setAccessibleName(self.tr("Show the key"))
        self.copy = CopyButton(self._key, self.tr("Copy key"), self)
        self.renew = Button(self.tr("Renew"), parent=self, icon="refresh", small=True)
        self.renew.setAccessibleName(self.tr("Renew the key"))
        self.require = QCheckBox(self)
        self.require.setStyleSheet("spacing: 0px")  # no words beside it: it ends where the buttons do
        self.require.setAccessibleName(self.tr("Ask for the key on this computer"))
        self.change = Button(self.tr("Change"), parent=self, small=True)
        self.change.setAccessibleName(self.tr("Change who may call it"))
        self._hosts = hint_label(self)
        self.error = hint_label(self)
        self.error.hide()

    def _rows(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        file = hint_label(self)
        file.setText(self.tr("In a file that only you can read."))
        column.addLayout(_row(self.tr("Key"), [self.key, file], [self.reveal, self.renew, self.copy]))
        ask = hint_label(self)
        ask.setText(self.tr("Off: any program on this computer may chat. Changes always need it."))
        column.addWidget(_line(self))
        column.addLayout(_row(self.tr("Ask for the key on this computer"), [ask, self.error], [self.require]))
        column.addWidget(_line(self))
        column.addLayout(_row(self.tr("Names and web pages"), [self._hosts], [self.change]))
        return column

    def _connection_changed(self) -> None:
        """Another gateway has another key: what is shown of the old one goes."""
        with QSignalBlocker(self.reveal):
            self.reveal.setChecked(False)
        self.refresh()

    def _require(self, wanted: bool) -> None:
        self.error.hide()
        spawn(self, self._stores.settings.set("require_key", wanted), self._failed)

    def _ask_renew(self) -> None:
        from boocontrol.desktop.dialogs.confirm import confirm_renew

        asked = confirm_renew(self.window())
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.accepted.connect(lambda: spawn(self, self._renew(), self._failed))
        asked.open()

    async def _renew(self) -> None:
        self.error.hide()
        connection = self._stores.connection
        connection.renewed(await connection.need().renew_key())

    def _failed(self, error: Exception) -> None:
        title, advice = in_words(error)
        say(self.error, f"{title} {advice}".strip(), problem=True)
        self.error.show()
        self.refresh()


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("part", "line")
    return line


def _row(title: str, below: list[QWidget], controls: list[QWidget]) -> QHBoxLayout:
    left = QVBoxLayout()
    left.setSpacing(2)
    left.addWidget(label(title))
    for part in below:
        left.addWidget(part)
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addLayout(left, 1)
    for control in controls:
        line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
    return line
