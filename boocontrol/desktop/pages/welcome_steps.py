"""The three steps of the welcome page as a line: done, current and to come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from boocontrol.desktop.tokens import tokens_of
from boocontrol.desktop.widgets import label, restyle
from boocontrol.desktop.widgets.labels import set_tone

DISC = 22


class Disc(QWidget):
    """A number in a circle, filled from the current step back."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._reached = False
        self.setFixedSize(DISC, DISC)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_reached(self, reached: bool) -> None:
        """Filled or hollow."""
        self._reached = reached
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(DISC, DISC)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(1, 1, DISC - 2, DISC - 2)
        if self._reached:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
        else:
            painter.setPen(QPen(QColor(tokens.border), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(area)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(tokens.onaccent if self._reached else tokens.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()


class StepLine(QWidget):
    """Steps by their names; the current one counts from 0."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current = 0
        self._names = list(names)
        self._discs = [Disc(number, self) for number in range(1, len(names) + 1)]
        self._labels = [label(name, parent=self) for name in names]
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addStretch(1)
        for number, (disc, words) in enumerate(zip(self._discs, self._labels, strict=True)):
            if number:
                between = QFrame(self)
                between.setProperty("part", "line")
                between.setFixedWidth(40)
                line.addWidget(between)
            line.addWidget(disc)
            line.addWidget(words)
        line.addStretch(1)
        self.show_step(0)

    def show_step(self, current: int) -> None:
        """Be at this step."""
        self.current = current
        for number, (disc, words) in enumerate(zip(self._discs, self._labels, strict=True)):
            disc.set_reached(number <= current)
            restyle(words, "step", "section" if number == current else "body")
            set_tone(words, "text" if number == current else "muted")
        of = self.tr("Step %1 of %2: %3").replace("%1", str(current + 1)).replace("%2", str(len(self._names)))
        self.setAccessibleName(of.replace("%3", self._names[current]))
