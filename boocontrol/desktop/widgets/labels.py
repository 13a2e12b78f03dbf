"""Words: labels of a type step and a tone, labels that elide, chips, and key caps."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from boocontrol.desktop.tokens import Step

Tone = Literal["text", "muted", "faint", "warn", "accenttext"]
ChipTone = Literal["plain", "accent", "warn"]


def label(text: str, step: Step = "body", tone: Tone = "text", parent: QWidget | None = None) -> QLabel:
    """A label of plain text; the theme gives its font and colour."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("step", step)
    made.setProperty("tone", tone)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the tone of a label that is shown already."""
    restyle(widget, "tone", tone)


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the style sheet looks at, and let it look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class ElidedLabel(QLabel):
    """A label of one line that ends in … when there is no room; the whole text is its tooltip then."""

    def __init__(
        self,
        text: str = "",
        step: Step = "body",
        tone: Tone = "text",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self._own_tip = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("step", step)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().horizontalAdvance("m…")), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        # A plain QWidget draws no background of the style sheet; a label must ask for it too when it paints itself.
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._mode, area.width())
        color = self.palette().color(self.foregroundRole())
        painter.setPen(color)
        painter.drawText(area, self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        if cut and not self.toolTip():
            self._own_tip = self.text()
            self.setToolTip(self._own_tip)
        elif not cut and self._own_tip and self.toolTip() == self._own_tip:
            self.setToolTip("")


UNIT = 2


class FewLines(ElidedLabel):
    """A label that takes a second line where it needs one, and no third: the second ends in … then.

    Its height follows its text and width by itself, as that of a wrapped label in nested layouts does not.
    """

    def __init__(
        self, text: str = "", step: Step = "body", tone: Tone = "text", parent: QWidget | None = None, *, lines: int = 2
    ) -> None:
        super().__init__(text, step, tone, parent)
        self._most = lines

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    @property
    def shown(self) -> list[str]:
        """The lines as they are painted."""
        return self._lines(self.contentsRect().width())

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Polish, QEvent.Type.FontChange):
            self._fit()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        high, area = self.fontMetrics().height(), self.contentsRect()
        for at, line in enumerate(self.shown):
            painter.drawText(area.left(), area.top() + at * high + self.fontMetrics().ascent(), line)
        painter.end()

    def _fit(self) -> None:
        self.setFixedHeight(max(1, len(self.shown)) * self.fontMetrics().height())

    def _lines(self, width: int) -> list[str]:
        text, metrics = self.text(), self.fontMetrics()
        found: list[str] = []
        while len(found) < self._most - 1 and metrics.horizontalAdvance(text) > width:
            words = text.split(" ")
            fits = len(words) - 1
            while fits and metrics.horizontalAdvance(" ".join(words[:fits])) > width:
                fits -= 1
            if fits > 1 and len(words[fits]) <= UNIT:
                fits -= 1  # `2.4 s` stays together
            if not fits:
                break
            found.append(" ".join(words[:fits]))
            text = " ".join(words[fits:])
        return [*found, metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)]


class Chip(QLabel):
    """A short word on a coloured ground."""

    def __init__(
        self, text: str, tone: ChipTone = "plain", parent: QWidget | None = None, *, mono: bool = False
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("chip", tone)
        self.setProperty("step", "mono" if mono else "small")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_tone(self, tone: ChipTone) -> None:
        """Change the ground."""
        restyle(self, "chip", tone)


class KeyCap(QLabel):
    """The name of a key, as on its cap."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("part", "keycap")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
