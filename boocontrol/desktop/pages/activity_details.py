"""All that is known of one request, beside the history."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from boocontrol.core.activity import ActivityRow
from boocontrol.desktop.itemmodels.activity_words import as_text, facts
from boocontrol.desktop.tokens import PAD
from boocontrol.desktop.widgets.buttons import Button, CopyButton, IconButton
from boocontrol.desktop.widgets.labels import label

WIDTH = 300


class RequestDetails(QFrame):
    """`closed` when the person is done."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: ActivityRow | None = None
        self._values: list[QLabel] = []
        self.setProperty("part", "card")
        self.setMinimumWidth(260)
        self.setAccessibleName(self.tr("About this request"))
        self.title = label(self.tr("Request"), "section", parent=self)
        self.copy = CopyButton(self.text, self.tr("Copy details"), self)
        self.close_button = IconButton("close", self.tr("Close"), self, on_click=self.closed.emit)
        self.copy_ref = Button(self.tr("Copy model id"), parent=self, icon="copy", small=True)
        self.copy_ref.clicked.connect(lambda _checked=False: self._copy_ref())
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._lay_out()

    @property
    def row(self) -> ActivityRow | None:
        """The request that is shown."""
        return self._row

    def set_narrow(self, narrow: bool) -> None:
        """Leave the room to the facts; the list's menu copies the model id too."""
        self.copy_ref.setVisible(not narrow)

    def text(self) -> str:
        """What is shown, as lines."""
        return as_text(facts(self._row)) if self._row is not None else ""

    def show_row(self, row: ActivityRow | None) -> None:
        """Show a request."""
        if row == self._row:
            return
        self._row = row
        inside = QWidget(self)
        inside.setAutoFillBackground(False)
        grid = QGridLayout(inside)
        grid.setContentsMargins(PAD, 4, PAD, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        told = facts(row) if row is not None else []
        for at, (name, words) in enumerate(told):
            grid.addWidget(label(name, "small", "muted", inside), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_value(words, inside), at, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(told), 1)
        # Not deleted at once, as setWidget would: it may be what led here.
        old = self._area.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._area.setWidget(inside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _copy_ref(self) -> None:
        if self._row is not None:
            QGuiApplication.clipboard().setText(self._row.ref)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(PAD, 6, 8, 0)
        head.setSpacing(4)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.copy)
        head.addWidget(self.close_button)
        foot = QHBoxLayout()
        foot.setContentsMargins(PAD, 4, PAD, 10)
        foot.addWidget(self.copy_ref)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        column.addLayout(foot)


def _value(words: str, parent: QWidget) -> QLabel:
    """A value that can be selected. Long names break anywhere: they have no spaces."""
    made = label("", "small", parent=parent)
    made.setText(_breakable(words))
    made.setWordWrap(True)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return made


def _breakable(words: str) -> str:
    """With places to break a line after signs, and in long runs without any."""
    made, run = [], 0
    for sign in words:
        made.append(sign)
        run = 0 if sign == " " else run + 1
        if sign in "/-_:.," or run >= 16:
            made.append("\u200b")
            run = 0
    return "".join(made)
