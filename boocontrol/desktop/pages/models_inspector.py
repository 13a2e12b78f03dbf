"""What is known of one model, at the right of the list: where it is warm, its context, what went wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from boocontrol.core.control import LoadPreview
from boocontrol.desktop.itemmodels.load_news import cost_lines, pushed_text
from boocontrol.desktop.itemmodels.model_rows import ModelRow
from boocontrol.desktop.itemmodels.model_words import ModelWords
from boocontrol.desktop.pages.models_desk import Trouble
from boocontrol.desktop.pages.models_paint import ABILITY_ICONS
from boocontrol.desktop.widgets.buttons import Button, CopyButton, IconButton
from boocontrol.desktop.widgets.cards import EmptyState
from boocontrol.desktop.widgets.flow import Flow
from boocontrol.desktop.widgets.gauges import LoadBar
from boocontrol.desktop.widgets.labels import Chip, ElidedLabel, label
from boocontrol.desktop.widgets.notice_bar import NoticeBar
from boocontrol.desktop.widgets.state_shape import StateShape, state_tone

WIDTH = 288


@dataclass(frozen=True)
class Inspected:
    """A model, the same model at every host, what went wrong with it, and what a load would cost."""

    row: ModelRow
    everywhere: tuple[ModelRow, ...] = ()
    trouble: Trouble | None = None
    gateway_url: str = ""
    cost: LoadPreview | None = None


class ModelInspector(QFrame):
    """Shows one model. It is built anew only when something in it changed, and keeps the focus where it was."""

    load_asked = Signal(str)
    unload_asked = Signal(str)
    star_clicked = Signal(str)
    copy_asked = Signal(str)
    curl_asked = Signal(str)
    dismissed = Signal(str)
    closed = Signal()

    def __init__(self, words: ModelWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._shown: Inspected | None = None
        self._moving: list[tuple[ModelRow, QLabel, LoadBar, StateShape]] = []
        self.setProperty("part", "card")
        self.setMinimumWidth(240)
        self.setAccessibleName(self.tr("About this model"))
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(self._area)
        self._build()

    def show_model(self, inspected: Inspected | None) -> None:
        """Show this model, or that none is chosen."""
        if inspected != self._shown:
            self._shown = inspected
            self._build()

    def tick(self) -> None:
        """Time went by: loads are further."""
        for row, word, bar, shape in self._moving:
            fraction = self._words.fraction(row)
            word.setText(self._words.progress(row))
            bar.setVisible(fraction is not None)
            bar.set_value(fraction or 0.0)
            shape.set_state(row.shape, fraction)

    # --- building ---

    def _build(self) -> None:
        self._moving = []
        held = self.focusWidget()
        name = held.objectName() if held is not None and self.isAncestorOf(held) and held.hasFocus() else ""
        page = QWidget(self)
        page.setAutoFillBackground(False)
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        if self._shown is None:
            self._nothing(column)
        else:
            self._head(column, self._shown.row)
            self._trouble(column, self._shown)
            self._warm(column, self._shown)
            self._cost(column, self._shown.cost)
            self._facts(column, self._shown)
            column.addStretch(1)
            self._foot(column, self._shown)
        # Not deleted at once, as setWidget would: it may be its own button that led here.
        old = self._area.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._area.setWidget(page)
        again = page.findChild(QWidget, name) if name else None
        if isinstance(again, QWidget):
            again.setFocus()

    def _nothing(self, column: QVBoxLayout) -> None:
        sentence = self.tr("Choose one in the list to see where it is warm and how to call it.")
        column.addWidget(EmptyState("models", self.tr("No model chosen"), sentence), 1)

    def _head(self, column: QVBoxLayout, row: ModelRow) -> None:
        name = ElidedLabel(row.entry.wire_id, "mono", mode=Qt.TextElideMode.ElideMiddle)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        star_word = self.tr("No longer a favorite") if row.favorite else self.tr("Make it a favorite")
        star = IconButton("star-filled" if row.favorite else "star", star_word)
        star.set_icon("star-filled" if row.favorite else "star", "accenttext" if row.favorite else "muted")
        star.setObjectName("star")
        star.clicked.connect(lambda: self.star_clicked.emit(row.key if not row.section else row.ref))
        close = IconButton("close", self.tr("Close"))
        close.setObjectName("close")
        close.clicked.connect(self.closed)
        column.addLayout(_line(name, star, close, stretch=0))
        ref = ElidedLabel(row.ref, "mono", "muted", mode=Qt.TextElideMode.ElideMiddle)
        copy = CopyButton(row.ref, self.tr("Copy id"))
        copy.setObjectName("copy-id")
        column.addLayout(_line(ref, copy, stretch=0))
        if row.entry.description:
            about = label(row.entry.description, "small", "muted")
            about.setWordWrap(True)
            column.addWidget(about)
        chips = [Chip(name.replace("_", " ")) for name, yes in row.entry.capabilities.items() if yes]
        if chips:
            chips.sort(key=lambda chip: chip.text() not in ABILITY_ICONS)
            column.addWidget(Flow(*chips[:4]))

    def _trouble(self, column: QVBoxLayout, shown: Inspected) -> None:
        trouble = shown.trouble
        if trouble is None:
            return
        asked = self.star_clicked if trouble.star else (self.unload_asked if trouble.unload else self.load_asked)
        ref = shown.row.ref
        retry = Button(self.tr("Retry"), icon="refresh", small=True, on_click=lambda: asked.emit(ref))
        retry.setObjectName("retry")
        # The column is too narrow for the notice's own "Copy details".
        details = CopyButton(trouble.text, self.tr("Copy details"))
        notice = NoticeBar(trouble.title, trouble.advice, buttons=[retry, details], closable=True, tall=True)
        notice.dismissed.connect(lambda: self.dismissed.emit(ref))
        column.addWidget(notice)

    def _warm(self, column: QVBoxLayout, shown: Inspected) -> None:
        column.addSpacing(4)
        column.addWidget(label(self.tr("Where is it warm?"), "section"))
        for row in shown.everywhere:
            column.addLayout(self._place(row, current=row.ref == shown.row.ref))
            line = QFrame()
            line.setFixedHeight(1)
            line.setProperty("part", "line")
            column.addWidget(line)
        known = {row.entry.context_length for row in shown.everywhere} - {None}
        if len(known) > 1:
            told = ", ".join(f"{self._words.context(r)} {r.label}" for r in shown.everywhere if r.entry.context_length)
            column.addWidget(_wrapped(self.tr("Contexts differ: {list}.").format(list=told), "muted"))

    def _place(self, row: ModelRow, *, current: bool) -> QLayout:
        word = self._words.state(row)
        host = ElidedLabel(row.label)
        font = host.font()
        font.setBold(current)
        host.setFont(font)
        shape = StateShape(row.shape, 14)
        top: list[QWidget] = [shape, host]
        if row.load is None:
            top.append(label(word, tone=state_tone(word)))  # type: ignore[arg-type]
        action = self._words.action(row)
        if action:
            button = Button(action, small=True)
            button.setObjectName(f"act-{row.ref}")
            button.setAccessibleName(f"{action} {row.ref}")
            asked = self.unload_asked if row.can_unload else self.load_asked
            button.clicked.connect(partial(asked.emit, row.ref))
            top.append(button)
        place = QVBoxLayout()
        place.setSpacing(0)
        place.addLayout(_line(*top, stretch=1))
        if row.load is not None:
            place.addLayout(self._progress(row, shape))
        parts = (self._words.context(row), self._words.source(row), self._words.why_not(row))
        below = label(" · ".join(p for p in parts if p), "small", "faint" if row.stale else "muted")
        below.setContentsMargins(22, 0, 0, 0)
        place.addWidget(below)
        return place

    def _progress(self, row: ModelRow, shape: StateShape) -> QLayout:
        """How far a load is, kept up to date by `tick`."""
        word, bar = _wrapped("", "accenttext" if row.load and row.load.state == "starting" else "muted"), LoadBar()
        column = QVBoxLayout()
        column.setContentsMargins(22, 0, 0, 4)
        column.setSpacing(4)
        column.addWidget(word)
        column.addWidget(bar)
        self._moving.append((row, word, bar, shape))
        self.tick()
        return column

    def _cost(self, column: QVBoxLayout, cost: LoadPreview | None) -> None:
        if cost is None:
            return
        column.addSpacing(4)
        column.addWidget(label(self.tr("What a load would cost"), "section"))
        used = {pushed_text(out) for out in cost.unloads if out.in_flight}
        for line in cost_lines(cost):
            column.addWidget(_wrapped(line, "warn" if line in used else "muted"))
        column.addSpacing(8)

    def _facts(self, column: QVBoxLayout, shown: Inspected) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        row = shown.row
        if len(shown.everywhere) > 1:
            fleet = ElidedLabel(f"any/{row.entry.wire_id}", "mono")
            copy = CopyButton(fleet.text(), self.tr("Copy fleet name"), size=20)
            form.addRow(label(self.tr("Fleet name"), "small", "muted"), _boxed(_line(fleet, copy, stretch=0)))
        form.addRow(_caption(self.tr("Context")), _wrapped(self._words.context_tip(row), "text"))
        if row.entry.aliases:
            form.addRow(_caption(self.tr("Also called")), _wrapped(", ".join(row.entry.aliases), "text"))
        column.addLayout(form)

    def _foot(self, column: QVBoxLayout, shown: Inspected) -> None:
        url = Button(self.tr("Copy base URL"), icon="copy", small=True)
        url.setEnabled(bool(shown.gateway_url))
        url.setObjectName("copy-url")
        url.clicked.connect(lambda: self.copy_asked.emit(shown.gateway_url))
        curl = Button(self.tr("Copy curl"), icon="copy", small=True)
        curl.setObjectName("copy-curl")
        curl.setEnabled(bool(shown.gateway_url))
        curl.clicked.connect(lambda: self.curl_asked.emit(shown.row.ref))
        column.addWidget(Flow(url, curl))


def _line(*widgets: QWidget, stretch: int) -> QHBoxLayout:
    """Widgets in a row; the one at `stretch` takes what is left."""
    line = QHBoxLayout()
    line.setSpacing(8)
    for at, widget in enumerate(widgets):
        line.addWidget(widget, 1 if at == stretch else 0)
    return line


def _boxed(layout: QLayout) -> QWidget:
    box = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    box.setLayout(layout)
    return box


def _caption(text: str) -> QLabel:
    """What stands before a value of several lines: at its first one, as high as that one is."""
    words = label(text, "small", "muted")
    words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    return words


def _wrapped(text: str, tone: str) -> QLabel:
    words = label(text, "small", tone)  # type: ignore[arg-type]
    words.setWordWrap(True)
    return words
