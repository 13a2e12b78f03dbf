"""The middle of a host's card: what is loaded, or what is wrong and what to do, or where to give the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from boocontrol.core.api import Host, LoadedModel
from boocontrol.core.catalog import ModelEntry
from boocontrol.desktop.itemmodels.host_words import inventory_text, remedy
from boocontrol.desktop.itemmodels.model_words import short_tokens
from boocontrol.desktop.widgets.buttons import Button, CopyButton
from boocontrol.desktop.widgets.labels import Chip, ElidedLabel, label, set_tone
from boocontrol.desktop.widgets.notice_bar import rich
from boocontrol.desktop.widgets.state_shape import StateShape

LINES = 3
CHIPS = 3


class LoadedColumn(QWidget):
    """Up to three models in memory, then how many there are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._lines = [_ModelLine(self) for _ in range(LINES)]
        for line in self._lines:
            column.addWidget(line)
        self.total = label("", "small", "muted", self)
        self.total.setContentsMargins(22, 2, 0, 0)
        column.addWidget(self.total)
        column.addStretch(1)

    def show_host(self, host: Host, entries: Mapping[str, ModelEntry], *, stale: bool) -> None:
        """Show what this host has in memory."""
        for at, line in enumerate(self._lines):
            line.setVisible(at < len(host.loaded))
            if at < len(host.loaded):
                line.show_model(host.loaded[at], entries.get(host.loaded[at].ref), stale=stale)
        more = len(host.loaded) - LINES
        also = self.tr(", {n} not shown").format(n=more) if more > 0 else ""
        self.total.setText(inventory_text(host) + also)
        set_tone(self.total, "faint" if stale else "muted")


class _ModelLine(QWidget):
    """A model in memory: shape, name, context, and its state when that is not ready."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self._shape = StateShape("unknown", 14, self)
        self._name = ElidedLabel("", "mono", parent=self, mode=Qt.TextElideMode.ElideMiddle)
        self._about = label("", "small", "muted", self)
        for widget in (self._shape, self._name, self._about):
            line.addWidget(widget)
        line.addStretch(1)

    def show_model(self, model: LoadedModel, entry: ModelEntry | None, *, stale: bool) -> None:
        """Show this model; of old news only that it was so."""
        self._shape.set_state("unknown" if stale else model.state)
        self._name.setText(entry.wire_id if entry else model.ref.partition("/")[2])
        set_tone(self._name, "faint" if stale else "text")
        set_tone(self._about, "faint" if stale else "muted")
        word = self.tr("was {state}").format(state=model.state) if stale else model.state
        context = short_tokens(entry.context_length) if entry else ""
        parts = (context, "" if model.state == "ready" and not stale else word)
        self._about.setText(" · ".join(p for p in parts if p))
        self.setAccessibleName(f"{self._name.text()}, {word}")


class ProblemColumn(QWidget):
    """Why a host cannot be used, the remedy, and what it had."""

    retry_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = _words(self)
        self.retry = Button(self.tr("Retry"), parent=self, icon="refresh", small=True, on_click=self.retry_asked.emit)
        self._details = CopyButton("", self.tr("Copy details"), self)
        self.last = QWidget(self)
        self._last_words = label("", "small", "faint", self)
        self._chips = [Chip("", parent=self, mono=True) for _ in range(CHIPS)]
        self._more = label("", "small", "faint", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addLayout(_row(self.retry, self._details))
        column.addStretch(1)
        column.addWidget(self.last)
        known = QHBoxLayout(self.last)
        known.setContentsMargins(0, 0, 0, 0)
        known.setSpacing(6)
        for widget in (self._last_words, *self._chips, self._more):
            known.addWidget(widget)
        known.addStretch(1)

    def show_host(self, host: Host, known: Sequence[str], age: str) -> None:
        """Show what is wrong with this host, and the models it was last known to have."""
        title, advice = remedy(host)
        self.words.setText(rich(title, advice))
        self.words.setAccessibleName(f"{title} {advice}")
        self._details.set_text(f"{host.label} {host.base_url}\n{title}\n{advice}")
        self.retry.setAccessibleName(self.tr("Retry {host}").format(host=host.label))
        self.last.setVisible(bool(known))
        self._last_words.setText(self.tr("Last known, {age}:").format(age=age) if age else self.tr("Last known:"))
        for at, chip in enumerate(self._chips):
            chip.setVisible(at < len(known))
            chip.setText(known[at] if at < len(known) else "")
        more = len(known) - CHIPS
        self._more.setText(self.tr("and {n} more").format(n=more) if more > 0 else "")


class KeyColumn(QWidget):
    """Where to give a host's key. What is typed stays through news of the host and is cleared when it is sent."""

    key_given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = _words(self)
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setFixedWidth(260)
        self.save = Button(self.tr("Save and test"), "primary", self, on_click=self._give)
        self.field.returnPressed.connect(self._give)
        self.field.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self.save.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addLayout(_row(self.field, self.save))
        column.addStretch(1)

    def show_host(self, host: Host) -> None:
        """Ask for the key of this host."""
        title, advice = remedy(host)
        self.words.setText(rich(title, advice))
        name = self.tr("API key of {host}").format(host=host.label)
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)

    def _give(self) -> None:
        key = self.field.text().strip()
        if key:
            self.field.clear()
            self.key_given.emit(key)


def _words(parent: QWidget) -> QLabel:
    words = QLabel(parent)
    words.setTextFormat(Qt.TextFormat.RichText)
    words.setWordWrap(True)
    words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return words


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
