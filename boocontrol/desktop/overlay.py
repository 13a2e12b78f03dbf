"""The help that ? shows: every key, over the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.desktop.shortcuts import TABLE, caps, page_caps, words
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import IconButton, KeyCap, label
from boocontrol.desktop.widgets.popup import Popup

WIDTH = 540
TOP = 80


class ShortcutHelp(Popup):
    """Keys and what they do."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, grown(WIDTH, over.font()), TOP)
        self.setAccessibleName(self.tr("Keyboard"))
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._fill()
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Keyboard"), "name", parent=self), 1)
        head.addWidget(IconButton("close", self.tr("Close"), self, on_click=self.done))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 20)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self._grid)

    def _fill(self) -> None:
        self._section(self.tr("Everywhere"))
        for entry in TABLE:
            if entry.where == "everywhere":
                self._row(caps(entry), words(entry))
        self._row(page_caps(), self.tr("Go to a page"), between="…")
        self._section(self.tr("In lists"))
        for entry in TABLE:
            if entry.where == "lists":
                self._row(caps(entry), words(entry))

    def _section(self, title: str) -> None:
        head = label(title, "small", "muted", self)
        above = self._grid.count() > 0
        head.setContentsMargins(0, 12 if above else 0, 0, 0)
        self._grid.addWidget(head, self._grid.rowCount(), 0, 1, 2)

    def _row(self, keys: tuple[str, ...], what: str, between: str = "") -> None:
        line = QHBoxLayout()
        line.setSpacing(4)
        for number, key in enumerate(keys):
            if between and number:
                line.addWidget(label(between, "small", "muted", self))
            line.addWidget(KeyCap(key, self))
        line.addStretch(1)
        row = self._grid.rowCount()
        self._grid.addLayout(line, row, 0)
        self._grid.addWidget(label(what, parent=self), row, 1, Qt.AlignmentFlag.AlignLeft)
