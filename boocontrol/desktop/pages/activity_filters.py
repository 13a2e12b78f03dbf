"""The line of filters over the history: words, host, outcome, time, and a menu with the rarer ones, make one query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from boocontrol.desktop.itemmodels.activity_words import filter_words, span_words
from boocontrol.desktop.stores.activity_query import OUTCOMES, SPANS, ActivityQuery
from boocontrol.desktop.widgets.buttons import Button, IconButton
from boocontrol.desktop.widgets.cards import SearchField
from boocontrol.desktop.widgets.combo import ComboBox
from boocontrol.desktop.widgets.labels import label

MOST_CHOICES: Final = 20

Who = tuple[str, str]
"""A field of the query, agent or client, and what it should be."""


class ActivityFilters(QWidget):
    """`changed` tells the new query. What the menu chose stands below the line, each with its way back; `choices`
    gives the models and who asked that it offers, the most frequent first."""

    changed = Signal(object)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        choices: Callable[[], tuple[Sequence[str], Sequence[Who]]] = lambda: ((), ()),
    ) -> None:
        super().__init__(parent)
        self._ref = self._client = self._agent = self._via = ""
        self._choices_now = choices
        self.search = SearchField(self.tr("Filter: model, host, who"), self)
        self.search.setMaximumWidth(248)
        self.search.setMinimumWidth(120)
        self.host = self._combo(self.tr("Host"))
        self.host.addItem(self.tr("All hosts"), "")
        self.outcome = self._combo(self.tr("Outcome"))
        for outcome in OUTCOMES:
            self.outcome.addItem(filter_words(outcome), outcome)
        self.span = self._combo(self.tr("Time"))
        for span in SPANS:
            self.span.addItem(span_words(span), span)
        self.outcome.setMinimumContentsLength(len(filter_words("")))
        self.span.setCurrentIndex(SPANS.index(ActivityQuery().span_s))
        self.more = IconButton("filter", self.tr("More filters"), self, size=32, framed=True, on_click=self._open_menu)
        self.count = label("", "small", "muted", self)
        self.chips = QWidget(self)
        self._chip_line = QHBoxLayout(self.chips)
        self._lay_out()
        self.search.textChanged.connect(self._tell)
        for combo in (self.host, self.outcome, self.span):
            combo.currentIndexChanged.connect(self._tell)

    @property
    def query(self) -> ActivityQuery:
        """What is asked for now."""
        return ActivityQuery(
            text=self.search.text().strip(),
            provider=self.host.currentData() or "",
            ref=self._ref,
            outcome=self.outcome.currentData() or "",
            client=self._client,
            agent=self._agent,
            via=self._via,
            span_s=self.span.currentData(),
        )

    def set_query(self, query: ActivityQuery) -> None:
        """Ask for this from now on."""
        with QSignalBlocker(self.search):
            self.search.setText(query.text)
        for combo, value in ((self.host, query.provider), (self.outcome, query.outcome), (self.span, query.span_s)):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(max(0, combo.findData(value)))
        self._ref, self._via = query.ref, query.via
        self._client, self._agent = query.client, query.agent
        # The field's own buttons follow its text, so this one change is told.
        self.search.textChanged.emit(self.search.text())

    def narrow(self, **fields: str) -> None:
        """Ask for this besides what is asked for."""
        self.set_query(replace(self.query, **fields))  # type: ignore[arg-type]

    def clear(self) -> None:
        """Everything again, of the same time."""
        self.set_query(ActivityQuery(span_s=self.span.currentData()))

    def set_span(self, span_s: int | None) -> None:
        """Look back so far."""
        self.set_query(replace(self.query, span_s=span_s))

    def set_hosts(self, hosts: Sequence[tuple[str, str]]) -> None:
        """Offer these hosts (id and name); the chosen one stays."""
        if [self.host.itemData(at) for at in range(1, self.host.count())] == [host for host, _ in hosts]:
            return
        chosen = self.host.currentData()
        with QSignalBlocker(self.host):
            while self.host.count() > 1:
                self.host.removeItem(1)
            for host, name in hosts:
                self.host.addItem(name, host)
            self.host.setCurrentIndex(max(0, self.host.findData(chosen)))
        if chosen and not self.host.currentData():
            self._tell()

    def menu(self) -> QMenu:
        """The rarer filters."""
        menu = QMenu(self)
        seen, asked = self._choices_now()
        models = [(m, {"ref": m}) for m in seen[:MOST_CHOICES]]
        self._choices(menu.addMenu(self.tr("Model")), models, {"ref": ""})
        who = [(name, {"agent": "", "client": "", field: name}) for field, name in asked[:MOST_CHOICES]]
        self._choices(menu.addMenu(self.tr("Who asked")), who, {"agent": "", "client": ""})
        ways = [(words, {"via": via}) for via, words in self._ways().items()]
        self._choices(menu.addMenu(self.tr("Way")), ways, {"via": ""})
        menu.addSeparator()
        menu.addAction(self.tr("Clear filters"), self.clear).setEnabled(self.query.narrowed)
        return menu

    def _choices(self, menu: QMenu, choices: Sequence[tuple[str, dict[str, str]]], none: dict[str, str]) -> None:
        query = self.query
        for words, fields in ((self.tr("Any"), none), *choices):
            # An ampersand would mark the next letter as a key.
            action = menu.addAction(words.replace("&", "&&"), partial(self.narrow, **fields))
            action.setCheckable(True)
            action.setChecked(all(getattr(query, field) == value for field, value in fields.items()))
        menu.setEnabled(bool(choices))

    def _ways(self) -> dict[str, str]:
        return {"gateway": self.tr("Through the gateway"), "host": self.tr("Straight to the host")}

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    # --- what the menu chose ---

    def _show_chips(self) -> None:
        while (item := self._chip_line.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        chosen = (
            ("ref", self._ref),
            ("agent", self._agent),
            ("client", self._client),
            ("via", self._ways().get(self._via, "")),
        )
        for field, words in chosen:
            if words:
                chip = Button(words, "quiet", self.chips, icon="close", small=True)
                chip.setAccessibleName(self.tr("No longer only {what}").format(what=words))
                chip.clicked.connect(lambda _checked=False, field=field: self.narrow(**{field: ""}))
                self._chip_line.addWidget(chip)
        self._chip_line.addStretch(1)
        self.chips.setVisible(any(words for _, words in chosen))

    def _tell(self, *_: object) -> None:
        self._show_chips()
        self.changed.emit(self.query)

    def set_narrow(self, narrow: bool) -> None:
        """Say less, where there is little room."""
        self.search.setPlaceholderText(self.tr("Filter") if narrow else self.tr("Filter: model, host, who"))

    def add_at_end(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._line.addWidget(widget)

    def _combo(self, name: str) -> QComboBox:
        combo = ComboBox(self)
        combo.setAccessibleName(name)
        return combo

    def _lay_out(self) -> None:
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        self._line.addWidget(self.search, 2)
        for widget in (self.host, self.outcome, self.span, self.more):
            self._line.addWidget(widget)
        self._line.addStretch(1)
        self._line.addWidget(self.count)
        self._chip_line.setContentsMargins(0, 4, 0, 0)
        self._chip_line.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._line)
        column.addWidget(self.chips)
        self.chips.hide()
