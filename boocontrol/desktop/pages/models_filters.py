"""The line of filters over the Models list: words, chips, host and least context make one query."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from boocontrol.desktop.itemmodels.host_words import count_text
from boocontrol.desktop.itemmodels.model_filter import ModelQuery
from boocontrol.desktop.itemmodels.model_words import short_tokens
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.cards import SearchField
from boocontrol.desktop.widgets.combo import ComboBox

CONTEXTS = (0, 8192, 32768, 131072)


class ModelFilters(QWidget):
    """`changed` tells the new query."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(self.tr("Search models"), self)
        self.search.setMaximumWidth(248)
        self.search.setMinimumWidth(140)
        self.ready = self._chip(self.tr("Ready"))
        self.favorites = self._chip(self.tr("Favorites"))
        self.tools = self._chip(self.tr("Tools"))
        self.vision = self._chip(self.tr("Vision"))
        self.host = self._combo(self.tr("Host"))
        self.host.addItem(self.tr("All hosts"), None)
        self.context = self._combo(self.tr("Least context"))
        for least in CONTEXTS:
            name = self.tr("{n} or more").format(n=short_tokens(least)) if least else self.tr("Any context")
            self.context.addItem(name, least)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(8)
        self._line.addWidget(self.search, 4)
        for widget in (self.ready, self.favorites, self.tools, self.vision, self.host, self.context):
            self._line.addWidget(widget)
        self._line.addStretch(1)
        self.search.textChanged.connect(self._tell)
        for combo in (self.host, self.context):
            combo.currentIndexChanged.connect(self._tell)

    def add_at_end(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._line.addWidget(widget)

    def query(self) -> ModelQuery:
        """What is asked for now."""
        can = [name for name, chip in (("tools", self.tools), ("vision", self.vision)) if chip.isChecked()]
        return ModelQuery(
            text=self.search.text(),
            loaded=self.ready.isChecked(),
            favorites=self.favorites.isChecked(),
            provider=self.host.currentData(),
            capabilities=frozenset(can),
            least_context=self.context.currentData() or 0,
        )

    def clear(self) -> None:
        """Show everything again."""
        for widget in (self.search, self.ready, self.favorites, self.tools, self.vision, self.host, self.context):
            with QSignalBlocker(widget):
                self._reset(widget)
        # The field's own buttons follow its text, so this one change is told.
        self.search.textChanged.emit("")

    @staticmethod
    def _reset(widget: QWidget) -> None:
        if isinstance(widget, SearchField):
            widget.clear()
        elif isinstance(widget, QComboBox):
            widget.setCurrentIndex(0)
        elif isinstance(widget, Button):
            widget.setChecked(False)

    def narrowing(self) -> str:
        """Names of the filters that are on, besides the words."""
        chips = [c.text() for c in (self.ready, self.favorites, self.tools, self.vision) if c.isChecked()]
        boxes = [b.currentText() for b in (self.host, self.context) if b.currentIndex() > 0]
        return ", ".join(chips + boxes)

    def set_hosts(self, hosts: Sequence[tuple[str, str]], models: int) -> None:
        """Offer these hosts (id and name); the chosen one stays."""
        all_of = self.tr("Search {models}").format(models=count_text("model", models))
        self.search.setPlaceholderText(all_of if models else self.tr("Search models"))
        if [self.host.itemData(at) for at in range(1, self.host.count())] == [host_id for host_id, _ in hosts]:
            return
        chosen = self.host.currentData()
        with QSignalBlocker(self.host):
            while self.host.count() > 1:
                self.host.removeItem(1)
            for host_id, name in hosts:
                self.host.addItem(name, host_id)
            self.host.setCurrentIndex(max(0, self.host.findData(chosen)))
        if chosen is not None and self.host.currentData() is None:
            self._tell()

    def _chip(self, text: str) -> Button:
        chip = Button(text, parent=self)
        chip.setCheckable(True)
        chip.setProperty("part", "filter")
        # Bold while it is on: wide enough for that from the start.
        chip.setMinimumWidth(chip.sizeHint().width() + 8)
        chip.toggled.connect(self._tell)
        return chip

    def _combo(self, name: str) -> QComboBox:
        combo = ComboBox(self)
        combo.setAccessibleName(name)
        return combo

    def _tell(self, *_: object) -> None:
        self.changed.emit(self.query())
