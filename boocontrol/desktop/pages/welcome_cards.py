"""The cards of the welcome page: found hosts, one by address, two other ways in, and what the hosts hold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from boocontrol.core.catalog import ProviderEntry
from boocontrol.core.errors import BadInput
from boocontrol.core.urls import normalise_base_url
from boocontrol.core.values import plain
from boocontrol.desktop.dialogs.fields import hint_label, say
from boocontrol.desktop.pages.welcome_found import FoundRow, Place
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.text import digits
from boocontrol.desktop.widgets import Button, Card, IconButton, Picture, StateShape, label


class FoundCard(Card):
    """Places of this computer, each looked at."""

    def __init__(self, places: Sequence[Place], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Found on this computer"), parent, padded=False)
        self._state = label("", "small", "muted", self)
        self.again = IconButton("refresh", self.tr("Look again"), self)
        self.add_to_head(self._state)
        self.add_to_head(self.again)
        self.body.setSpacing(0)
        self.rows = [FoundRow(place, self) for place in places]
        for row in self.rows:
            self.add(row)

    def show_state(self, text: str) -> None:
        """How the look stands."""
        self._state.setText(text)


class AddressCard(Card):
    """`wanted` brings the address that was typed, once it is one."""

    wanted = Signal(str)

    def __init__(self, address: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Add one by address"), parent)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("192.168.1.20:8080"))
        self.field.setAccessibleName(self.tr("Address"))
        self.field.setProperty("step", "mono")
        self.test = Button(self.tr("Test"), parent=self, icon="activity")
        self.hint = hint_label(self)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self.test)
        line.addSpacing(120)
        self.add(line)
        self.add(self.hint)
        self.field.textChanged.connect(self._understand)
        self.field.returnPressed.connect(self._want)
        self.test.clicked.connect(self._want)
        self.field.setText(address)
        self._understand()

    def _understand(self) -> None:
        text = self.field.text()
        self.test.setEnabled(False)
        if not text.strip():
            say(self.hint, self.tr("With or without http://, /v1 or /ui: all forms work."))
            return
        try:
            url = normalise_base_url(text)
        except BadInput as e:
            say(self.hint, str(e), problem=True)
            return
        self.test.setEnabled(True)
        say(self.hint, self.tr("Will be used as %1. With or without /v1 or /ui: all forms work.").replace("%1", url))

    def _want(self) -> None:
        if self.test.isEnabled():
            self.wanted.emit(self.field.text())


class ChoiceCard(Card):
    """An icon, a title, a sentence and one button."""

    def __init__(self, icon: str, title: str, sentence: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.button = Button(action, parent=self, small=True)
        self.button.setAccessibleName(title)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(title, "section", parent=self))
        words.addWidget(hint_label(self, sentence))
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(Picture(icon, 20, "accenttext", self))
        line.addLayout(words, 1)
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.add(line)


class HoldingCard(Card):
    """What each host holds, as far as it has told."""

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Your hosts"), parent, padded=False)
        self._stores = stores
        self._shown: tuple[ProviderEntry, ...] | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._empty = hint_label(self, self.tr("The gateway has not told of any host yet."))
        self._empty.setContentsMargins(16, 8, 16, 12)
        self.add(self._rows)
        self.add(self._empty)
        self.body.addStretch(1)
        stores.catalog.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """What is known now."""
        providers = self._stores.catalog.catalog.providers
        if providers == self._shown:
            return
        self._shown = providers
        while item := self._rows.takeAt(0):
            if row := item.widget():
                row.hide()
                row.deleteLater()
        for provider in providers:
            self._rows.addWidget(self._row(provider))
        self._empty.setVisible(not providers)

    def _row(self, provider: ProviderEntry) -> QFrame:
        row = QFrame(self)
        row.setProperty("part", "row")
        count = len(provider.models)
        words = self.tr("1 model") if count == 1 else self.tr("%1 models").replace("%1", digits(count))
        names = ", ".join(plain(m.name or m.wire_id) for m in provider.models[:4])
        more = self.tr(" and %1 more").replace("%1", str(count - 4)) if count > 4 else ""
        told = f"{words}: {names}{more}" if count else provider.reason or self.tr("has not told yet")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(label(plain(provider.label) or provider.id, "section", parent=row))
        column.addWidget(hint_label(row, told))
        line = QHBoxLayout(row)
        line.setContentsMargins(16, 10, 16, 10)
        line.setSpacing(12)
        line.addWidget(StateShape(provider.state, 16, row), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(column, 1)
        return row
