"""Read-only text in a fixed font with a margin: a file with the fault in it, and a diff."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from boocontrol.desktop.text import digits
from boocontrol.desktop.tokens import Tokens, tokens_of
from boocontrol.desktop.widgets.state_shape import paint_state

LINE_SPACING = 1.3
CORNER = 2
"""So far from the edge the rounded corners are past, which the text's ground would paint over."""

Sign = Literal["+", "-", " ", "…"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, its number in the file (None: it has none), and how it differs."""

    text: str
    number: int | None = None
    sign: Sign = " "


def diff_lines(diff: str) -> tuple[Line, ...]:
    """The lines of a unified diff, numbered as in the file they belong to (a removed line: as in the old file)."""
    made: list[Line] = []
    old = new = 0
    for text in diff.splitlines():
        if text.startswith(("---", "+++")):
            continue
        if text.startswith("@@"):
            old, new = _starts(text)
            if made:
                made.append(Line("", None, "…"))
        elif text.startswith("+"):
            made.append(Line(text[1:], new, "+"))
            new += 1
        elif text.startswith("-"):
            made.append(Line(text[1:], old, "-"))
            old += 1
        elif not text.startswith("\\"):
            made.append(Line(text[1:], new, " "))
            old, new = old + 1, new + 1
    return tuple(made)


def _starts(head: str) -> tuple[int, int]:
    """`@@ -12,3 +14,4 @@` to 12 and 14."""
    parts = head.split()
    return int(parts[1][1:].split(",")[0]), int(parts[2][1:].split(",")[0])


class _Margin(QWidget):
    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(self._view.margin_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._view.paint_margin(painter, event.rect())
        painter.end()


class CodeView(QTextEdit):
    """Lines of a file with their numbers. `fault` is a 1-based number: that line is marked with a shape and tinted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self._fault: int | None = None
        self._fits: tuple[int, int] | None = None
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setProperty("part", "code")
        self.setProperty("step", "mono")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(0)
        # Tab leaves the view: it is for reading.
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._margin = _Margin(self)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._margin.update())

    def set_text(self, text: str, fault: int | None = None, first: int = 1) -> None:
        """Show a text whose first line has the number `first`."""
        self._fault = fault
        self.set_lines(tuple(Line(t, n) for n, t in enumerate(text.splitlines(), first)))
        if fault is not None:
            block = self.document().findBlockByNumber(min(max(0, fault - first), len(self.lines) - 1))
            self.setTextCursor(QTextCursor(block))
            self.ensureCursorVisible()

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these lines."""
        self.lines = lines
        self.setPlainText("\n".join(line.text for line in lines))
        self._space_lines()
        self._place()
        self.viewport().update()
        self._margin.update()

    def fit(self, least: int, most: int) -> None:
        """Be as high as what is shown, wrapped lines counted, between so many lines; beyond that it scrolls."""
        self._fits = least, most
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        if self._fits is not None:
            line = self._line_height()
            held = math.ceil(self.document().size().height())
            self.setFixedHeight(min(max(held, self._fits[0] * line), self._fits[1] * line) + 2 + 2 * CORNER)

    def margin_width(self) -> int:
        """Room for the largest number, a sign, and the shape of a fault."""
        largest = max((line.number or 0 for line in self.lines), default=0)
        digits = max(2, len(str(largest)))
        return self.fontMetrics().horizontalAdvance("9") * (digits + 3) + 16

    def paint_margin(self, painter: QPainter, area: QRect) -> None:
        """Numbers, signs and the shape of the fault, beside the lines that are seen."""
        tokens = tokens_of(self.palette())
        painter.fillRect(area, QColor(tokens.base))
        painter.setFont(self.font())
        for line, box, base in self._seen(area):
            self._paint_number(painter, box, base, line, tokens)

    def paintEvent(self, event: QPaintEvent) -> None:
        # The grounds go under the text and over the whole width, which formats of the text do not do.
        tokens = tokens_of(self.palette())
        painter = QPainter(self.viewport())
        for line, box, _base in self._seen(event.rect()):
            if ground := self._ground(line, tokens):
                painter.fillRect(QRectF(0, box.top(), self.viewport().width(), box.height()), QColor(ground))
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_margin"):
            self._space_lines()
            self._place()
            self.viewport().update()
            self._margin.update()

    def _seen(self, area: QRect) -> Iterator[tuple[Line, QRectF, int]]:
        """The lines in an area of the viewport, where they are, and where their letters stand."""
        layout, scrolled = self.document().documentLayout(), self.verticalScrollBar().value()
        # Qt puts text at the bottom of a line of fixed height, and tells where the line begins: half of what is added
        # moves down, so that the text stands in the middle of its ground.
        height = self._line_height()
        block = self.document().firstBlock()
        while block.isValid() and block.blockNumber() < len(self.lines):
            top = layout.blockBoundingRect(block).top() - scrolled + (height - self.fontMetrics().height()) // 2
            box = QRectF(0, top, self.viewport().width(), height)
            if box.top() > area.bottom():
                return
            if box.bottom() >= area.top():
                first = block.layout().lineAt(0)
                base = layout.blockBoundingRect(block).top() - scrolled + first.y() + first.ascent()
                yield self.lines[block.blockNumber()], box, round(base)
            block = block.next()

    def _line_height(self) -> int:
        return round(self.fontMetrics().height() * LINE_SPACING)

    def _space_lines(self) -> None:
        form = QTextBlockFormat()
        form.setLineHeight(self._line_height(), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(form)

    def _paint_number(self, painter: QPainter, box: QRectF, base: int, line: Line, tokens: Tokens) -> None:
        one = self.fontMetrics().horizontalAdvance("9")
        width = self._margin.width()
        row = QRectF(0, box.top(), width, box.height())
        ground = self._ground(line, tokens)
        if ground:
            painter.fillRect(row, QColor(ground))
        painter.setPen(QPen(QColor(tokens.faint)))
        if self._fault is not None and line.number == self._fault:
            paint_state(painter, QRectF(4, box.top() + (box.height() - 12) / 2, 12, 12), "down", tokens)
            painter.setPen(QPen(QColor(tokens.warn)))
        number = "" if line.number is None else str(line.number)
        painter.drawText(width - one * (2 + len(number)) - 8, base, number)
        if line.sign != " ":
            tone = {"+": tokens.accenttext, "-": tokens.warn}.get(line.sign, tokens.faint)
            painter.setPen(QPen(QColor(tone)))
            painter.drawText(width - one * 2, base, line.sign)

    def _ground(self, line: Line, tokens: Tokens) -> str:
        if self._fault is not None and line.number == self._fault:
            return tokens.warnsoft
        return {"+": tokens.addbg, "-": tokens.delbg}.get(line.sign, "")

    def _place(self) -> None:
        self.setViewportMargins(self.margin_width(), CORNER, 0, CORNER)
        area = self.contentsRect()
        self._margin.setGeometry(area.left(), area.top() + CORNER, self.margin_width(), self.viewport().height())


class DiffView(CodeView):
    """A unified diff: added and removed lines on their ground, numbers and signs in the margin."""

    _diff: tuple[str, int] | None = None

    def set_diff(self, diff: str, more: int = 0) -> None:
        """Show a unified diff; empty shows nothing. `more` counts lines that follow and are not told."""
        if (diff, more) == self._diff:
            return
        self._diff = (diff, more)
        lines = diff_lines(diff)
        if more:
            words = self.tr("and %1 lines more").replace("%1", digits(more))
            lines += (Line(words, None, "…"),)
        self.set_lines(lines)

    def set_text(self, text: str, fault: int | None = None, first: int = 1) -> None:
        """Show a plain text instead."""
        self._diff = None
        super().set_text(text, fault, first)

    @property
    def added(self) -> int:
        """Number of added lines that are shown."""
        return sum(1 for line in self.lines if line.sign == "+")

    @property
    def removed(self) -> int:
        """Number of removed lines that are shown."""
        return sum(1 for line in self.lines if line.sign == "-")
