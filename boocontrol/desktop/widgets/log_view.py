"""A log that grows: columns, tinted rows with a shape for trouble, what was found, and the end in sight or not."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QMimeData, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextLine,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from boocontrol.desktop.tokens import step_font, tokens_of
from boocontrol.desktop.widgets.log_dress import Dress
from boocontrol.desktop.widgets.log_rows import LogRow, columns
from boocontrol.desktop.widgets.log_search import Pattern
from boocontrol.desktop.widgets.state_shape import paint_state

MOST_ROWS: Final = 10_000
# Height of a row to the size of its font: 24 to 12.
SPACING: Final = 2.0
MARGIN: Final = 24
SHAPE: Final = 12
# Rows dressed before they come into sight.
AROUND: Final = 12
# The first character of each block: a font size of its own makes the row as high as it should be.
LEAD: Final = "\u00a0"


class _Margin(QWidget):
    def __init__(self, view: LogView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(MARGIN, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._view.paint_margin(painter, event.rect())
        painter.end()


class LogView(QPlainTextEdit):
    """Rows that are only ever added at the end; the oldest of more than MOST_ROWS go.

    `moved` tells whether the end is in sight, whenever that may have changed.
    """

    moved = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: deque[LogRow] = deque(maxlen=MOST_ROWS)
        self.with_host = False
        self._pattern: Pattern | None = None
        self._chosen = -1
        self._at_end = True
        self._adding = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._settle)
        self._place = (0, 0)  # where the scroll bar was, and its end
        self._number = 0  # of the dress that blocks should wear
        self._margin = _Margin(self)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(MOST_ROWS)
        self.setProperty("part", "log")
        self.setProperty("step", "mono")
        self.setProperty("ring", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Log lines"))
        self.document().setDocumentMargin(0)
        self.setViewportMargins(MARGIN, 6, 0, 0)
        self._dress()
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._scrolled)

    # --- rows ---

    def append(self, rows: Sequence[LogRow]) -> None:
        """Add rows at the end, and show the end if it was in sight."""
        if not rows:
            return
        follow, self._adding = self._at_end, True
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        first = not self.rows
        for row in rows:
            cursor.insertText(LEAD if first else "\n" + LEAD, self._tall)
            cursor.insertText(row.line(with_host=self.with_host), self._usual)
            first = False
        cursor.endEditBlock()
        self.rows.extend(rows)
        self._adding = False
        if follow:
            self.to_end()
        self._dress_visible()

    def clear_rows(self) -> None:
        """Show nothing."""
        self.rows.clear()
        self._chosen = -1
        self.clear()

    @property
    def at_end(self) -> bool:
        """Whether the last row is in sight, and stays there when rows are added."""
        return self._at_end

    def to_end(self) -> None:
        """Show the last row."""
        bar = self.verticalScrollBar()
        self._at_end = True
        bar.setValue(bar.maximum())

    # --- finding ---

    def set_pattern(self, pattern: Pattern | None) -> None:
        """Mark what this finds."""
        self._pattern, self._chosen = pattern, -1
        self._dress_anew()

    def choose(self, serial: int) -> bool:
        """Go to a row, which is then marked more strongly. False when it is no longer here."""
        at = bisect_left([row.serial for row in self.rows], serial)
        if at == len(self.rows) or self.rows[at].serial != serial:
            return False
        self._chosen = serial
        block = self.document().findBlockByNumber(at)
        self.setTextCursor(QTextCursor(block))
        self.centerCursor()
        self._dress_anew()
        return True

    @property
    def chosen(self) -> int:
        """The serial of the row that was gone to; -1 when there is none."""
        return self._chosen

    # --- looks ---

    def paintEvent(self, event: QPaintEvent) -> None:
        # The grounds go under the text and over the whole width, which formats of the text do not do.
        tokens = tokens_of(self.palette())
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for row, block, box in self._seen(event.rect()):
            if row.level in ("warn", "error"):
                wide = QRectF(0, box.top(), self.viewport().width(), box.height())
                painter.fillRect(wide, QColor(tokens.warnsoft))
            painter.setBrush(QColor(tokens.accent if row.serial == self._chosen else tokens.hl))
            for place in self._places(row, block):
                painter.drawRoundedRect(place, 2, 2)
        painter.end()
        super().paintEvent(event)

    def paint_margin(self, painter: QPainter, area: QRect) -> None:
        """The shapes of trouble beside the rows that are seen."""
        tokens = tokens_of(self.palette())
        painter.fillRect(area, QColor(tokens.base))
        down = self.viewport().y() - self._margin.y()
        for row, _block, box in self._seen(area.translated(0, -down)):
            if row.level not in ("warn", "error"):
                continue
            painter.fillRect(QRectF(0, box.top() + down, MARGIN, box.height()), QColor(tokens.warnsoft))
            top = box.top() + down + (min(box.height(), self._height) - SHAPE) / 2
            shape = "degraded" if row.level == "warn" else "down"
            paint_state(painter, QRectF(MARGIN - SHAPE, top, SHAPE, SHAPE), shape, tokens)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._margin.setGeometry(area.left(), area.top(), MARGIN, area.height())
        self._soon.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_margin"):
            self._dress()
            self._dress_anew()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._margin.update()

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        lines = self.textCursor().selectedText().split("\u2029")
        data.setText("\n".join(line.removeprefix(LEAD) for line in lines))
        return data

    def _dress(self) -> None:
        """The font, the height of rows and the looks of parts, as the theme has them."""
        around = self.parentWidget()
        body = around.font() if around is not None else self.font()
        mono = step_font(body, "mono")
        self._height = round(mono.pixelSize() * SPACING)
        tall = QFont(mono)
        tall.setPixelSize(max(mono.pixelSize(), round(mono.pixelSize() * self._height / QFontMetrics(mono).height())))
        while QFontMetrics(tall).height() >= self._height and tall.pixelSize() > mono.pixelSize():
            tall.setPixelSize(tall.pixelSize() - 1)
        usual, high = QFontMetrics(mono), QFontMetrics(tall)
        # Text stands on the line of the tall character; rows are painted so that it is in their middle.
        self._shift = round(high.ascent() - usual.ascent() - (high.height() - usual.height()) / 2)
        self._tall, self._usual = QTextCharFormat(), QTextCharFormat()
        self._tall.setFont(tall)
        self._usual.setFont(mono)
        self._looks = Dress(tokens_of(self.palette()), lead=len(LEAD))
        self.setTabStopDistance(8 * usual.horizontalAdvance("9"))

    def _dress_anew(self) -> None:
        self._number += 1
        self._dress_visible()
        self.viewport().update()
        self._margin.update()

    def _dress_visible(self) -> None:
        """Only rows that are seen are dressed, and those near them: thousands pass by unseen."""
        for row, block in self._blocks(around=AROUND):
            if block.userState() != self._number:
                chosen = row.serial == self._chosen
                formats = self._looks.formats(row, self._pattern, with_host=self.with_host, chosen=chosen)
                block.layout().setFormats(formats)
                block.setUserState(self._number)

    def _blocks(self, around: int = 0) -> Iterator[tuple[LogRow, QTextBlock]]:
        """The rows from the first that is seen to the last, and some more `around` them, with their blocks."""
        first, count = self.firstVisibleBlock(), len(self.rows)
        block = self.document().findBlockByNumber(max(0, first.blockNumber() - around))
        left = (
            first.blockNumber()
            - block.blockNumber()
            + around
            + self.viewport().height() // max(1, QFontMetrics(self._usual.font()).height())
            + 2
        )
        while block.isValid() and block.blockNumber() < count and left > 0:
            yield self.rows[block.blockNumber()], block
            left -= max(1, block.lineCount())
            block = block.next()

    def _places(self, row: LogRow, block: QTextBlock) -> Iterator[QRectF]:
        """Where in the viewport stands what was found in a row."""
        if self._pattern is None or row.level == "gap":
            return
        layout, corner = block.layout(), self.blockBoundingGeometry(block).translated(self.contentOffset()).topLeft()
        before = len(LEAD) + len(columns(row, with_host=self.with_host))
        usual = QFontMetrics(self._usual.font())
        for start, length in self._pattern.spans(row.text):
            at, end = before + start, before + start + length
            while at < end:
                line = layout.lineForTextPosition(at)
                if not line.isValid():
                    return
                stop = min(end, line.textStart() + line.textLength())
                left, right = _x(line, at), _x(line, stop)
                top = line.y() + line.ascent() - usual.ascent() - 1
                yield QRectF(corner.x() + left, corner.y() + top, right - left, usual.height() + 2)
                at = max(stop, at + 1)

    def _seen(self, area: QRect) -> Iterator[tuple[LogRow, QTextBlock, QRectF]]:
        """The rows in an area of the viewport, and where they are."""
        for row, block in self._blocks():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset()).translated(0, self._shift)
            if box.top() > area.bottom():
                return
            if box.bottom() >= area.top():
                yield row, block, box

    def _scrolled(self, *_: int) -> None:
        """The view moved. Lines that wrap are counted when they are first painted: the end moves then, and Qt moves
        the view too. Only who goes up while the end stays where it is leaves it."""
        bar = self.verticalScrollBar()
        value, most = bar.value(), bar.maximum()
        before, self._place = self._place, (value, most)
        if value >= most:
            self._at_end = True
        elif not self._adding and most == before[1] and value < before[0]:
            self._at_end = False
        self._margin.update()
        self.moved.emit(self._at_end)
        self._soon.start()

    def _settle(self) -> None:
        """What follows from a move. Not at once: Qt tells of moves in the midst of laying out and painting lines."""
        if self._at_end:
            self.to_end()
        self._dress_visible()


def _x(line: QTextLine, at: int) -> float:
    x: Any = line.cursorToX(at)
    return float(x[0] if isinstance(x, tuple) else x)
