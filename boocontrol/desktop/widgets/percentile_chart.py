"""A chart of medians and 95th percentiles over time: two lines, the band between them, values under the pointer."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QDateTime, QEvent, QLineF, QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from boocontrol.desktop.tokens import RADIUS_CONTROL, Tokens, step_font, tokens_of

MOST_POINTS: Final = 120
_LINES: Final = 3
_GAP_PART: Final = 0.12
_X_LABEL: Final = 92
_MARKS_APART: Final = 14
_NICE: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_STEPS_S: Final = (60, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400)
_DAY: Final = 86400


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A piece of time: where its middle is (seconds of the epoch), and what stands there. `words` say more of it."""

    at: float
    p50: float
    p95: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class ChartData:
    """Points in order of time within a window (seconds of the epoch), 120 at most; what happened (time and words);
    and how a value is written."""

    since: float = 0.0
    until: float = 1.0
    points: tuple[ChartPoint, ...] = ()
    marks: tuple[tuple[float, str], ...] = ()
    stale: bool = False


class PercentileChart(QWidget):
    """`write` makes words of a value, for the axis and for what is read. Left and Right go from point to point."""

    def __init__(self, write: Callable[[float], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._write = write
        self._data = ChartData()
        self._at: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(84)

    def set_data(self, data: ChartData, write: Callable[[float], str] | None = None) -> None:
        """Show this; with `write`, in another unit."""
        data = replace(data, points=data.points[-MOST_POINTS:])
        if write is None and data == self._data:
            return
        self._data, self._write = data, write or self._write
        if self._at is not None and self._at >= len(data.points):
            self._at = None
        self._say()
        self.update()

    @property
    def reading(self) -> str:
        """What the pointer or the keys read now; empty when they are nowhere."""
        if self._at is None:
            return ""
        point = self._data.points[self._at]
        told = self.tr("p50 {middle}, p95 {high}").format(middle=self._write(point.p50), high=self._write(point.p95))
        return ", ".join(part for part in (f"{self._clock(point.at)}: {told}", point.words) if part)

    def sizeHint(self) -> QSize:
        return QSize(480, 120)

    # --- reading ---

    def read_at(self, x: float) -> None:
        """Read the point nearest to a place from the left edge."""
        points = self._data.points
        area = self._area()
        if not points or not area.left() - 12 <= x <= area.right() + 12:
            self._go(None)
            return
        at = self._data.since + (x - area.left()) / max(1.0, area.width()) * self._span
        after = bisect_left([p.at for p in points], at)
        near = [n for n in (after - 1, after) if 0 <= n < len(points)]
        self._go(min(near, key=lambda n: abs(points[n].at - at)))

    def _go(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self._say()
            self.update()

    def _say(self) -> None:
        self.setAccessibleDescription(self.reading)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.read_at(event.position().x())

    def leaveEvent(self, event: QEvent) -> None:
        self._go(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        last = len(self._data.points) - 1
        if event.key() in steps and last >= 0:
            self._go(last if self._at is None else max(0, min(last, self._at + steps[Qt.Key(event.key())])))
        elif event.key() == Qt.Key.Key_Escape and self._at is not None:
            self._go(None)
        else:
            super().keyPressEvent(event)

    # --- painting ---

    @property
    def _span(self) -> float:
        return max(1.0, self._data.until - self._data.since)

    def _area(self) -> QRectF:
        """Where the lines are: room for values at the left, names at the right, times below."""
        metrics = QFontMetrics(step_font(self.font(), "tick"))
        left = metrics.horizontalAdvance("00.0 s") + 10
        right = metrics.horizontalAdvance("p95") + 10
        top = metrics.height() / 2 + 2
        return QRectF(self.rect()).adjusted(left, top, -right, -(metrics.height() + 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = tokens_of(self.palette())
        painter.setFont(step_font(self.font(), "tick"))
        area, points = self._area(), self._data.points
        step, lines = nice_step(max((p.p95 for p in points), default=0.0))
        self._grid(painter, area, step, lines, tokens)
        if points:
            places = self._places(area, step * lines)
            self._marks(painter, area, tokens)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._lines_of(painter, places, tokens)
            self._names(painter, area, places[-1], tokens)
            if self._at is not None:
                self._readout(painter, area, places[self._at], tokens)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.accenttext), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS_CONTROL, RADIUS_CONTROL)
        painter.end()

    def _places(self, area: QRectF, highest: float) -> list[tuple[QPointF, QPointF]]:
        def x(at: float) -> float:
            return area.left() + min(1.0, max(0.0, (at - self._data.since) / self._span)) * area.width()

        def y(value: float) -> float:
            return area.bottom() - (min(value / highest, 1.0) if highest else 0.0) * area.height()

        return [(QPointF(x(p.at), y(p.p50)), QPointF(x(p.at), y(p.p95))) for p in self._data.points]

    def _grid(self, painter: QPainter, area: QRectF, step: float, lines: int, tokens: Tokens) -> None:
        height = painter.fontMetrics().height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for n in range(lines + 1):
            y = round(area.bottom() - n / lines * area.height()) + 0.5
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            if self._data.points:
                painter.setPen(QColor(tokens.muted))
                painter.drawText(QRectF(0, y - height / 2, area.left() - 8, height), right, self._write(n * step))
        painter.setPen(QColor(tokens.muted))
        for at in self._times(area.width()):
            x = area.left() + (at - self._data.since) / self._span * area.width()
            box = QRectF(x - _X_LABEL / 2, area.bottom() + 6, _X_LABEL, height)
            if box.left() >= 0 and box.right() <= self.width():
                painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, self._clock(at))

    def _times(self, width: float) -> list[float]:
        """Round times to label, as many as there is room for."""
        if self._data.until - self._data.since <= 1:
            return []
        room = max(1, int(width // _X_LABEL))
        step = next((s for s in _STEPS_S if self._span / s <= room), 0)
        step = step or math.ceil(self._span / room / _DAY) * _DAY
        offset = QDateTime.fromSecsSinceEpoch(int(self._data.since)).offsetFromUtc()
        first = math.ceil((self._data.since + offset) / step) * step - offset
        return [first + n * step for n in range(int((self._data.until - first) // step) + 1)]

    def _clock(self, at: float) -> str:
        moment = QDateTime.fromSecsSinceEpoch(int(at))
        if self._span > 2 * _DAY:
            return QLocale().toString(moment.date(), "d MMM")
        return QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)

    def _lines_of(self, painter: QPainter, places: list[tuple[QPointF, QPointF]], tokens: Tokens) -> None:
        color = QColor(tokens.seg0 if self._data.stale else tokens.up)
        fill = QColor(color)
        fill.setAlphaF(0.12)
        for run in self._runs(places):
            low, high = [p for p, _ in run], [p for _, p in run]
            if len(run) == 1:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color)
                painter.drawEllipse(low[0], 2, 2)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(color, 1))
                painter.drawEllipse(high[0], 2, 2)
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF([*low, *reversed(high)]))
            # Pen width 1: Qt draws wider antialiased polylines many times slower.
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 1))
            painter.drawPolyline(QPolygonF(low))
            painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
            painter.drawPolyline(QPolygonF(high))

    def _runs(self, places: list[tuple[QPointF, QPointF]]) -> list[list[tuple[QPointF, QPointF]]]:
        """Stretches without a long pause: nothing is drawn where nothing was."""
        runs: list[list[tuple[QPointF, QPointF]]] = []
        before = -math.inf
        for place, point in zip(places, self._data.points, strict=True):
            if point.at - before > self._span * _GAP_PART:
                runs.append([])
            runs[-1].append(place)
            before = point.at
        return runs

    def _names(self, painter: QPainter, area: QRectF, last: tuple[QPointF, QPointF], tokens: Tokens) -> None:
        """Names at the right end of the lines, apart from each other."""
        height = painter.fontMetrics().height()
        low, high = last[0].y(), last[1].y()
        if low - high < height:
            middle = min((low + high) / 2, area.bottom() - height / 2)
            low, high = middle + height / 2, middle - height / 2
        painter.setPen(QColor(tokens.muted))
        for name, y in (("p95", high), ("p50", low)):
            painter.drawText(QPointF(area.right() + 6, y + painter.fontMetrics().ascent() / 2 - 1), name)

    def _marks(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        """What happened, as dashed lines; words where they have room. Of some close together only the first."""
        free = before = area.left() - _MARKS_APART
        for at, words in self._data.marks:
            x = round(area.left() + (at - self._data.since) / self._span * area.width()) + 0.5
            if not self._data.since <= at <= self._data.until or x - before < _MARKS_APART:
                continue
            before = x
            painter.setPen(QPen(QColor(tokens.warnfill), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
            width = painter.fontMetrics().horizontalAdvance(words)
            left = x + 5 if x + width + 8 <= area.right() else x - width - 5
            if left >= free:
                painter.setPen(QColor(tokens.warn))
                painter.drawText(QPointF(left, area.top() + painter.fontMetrics().ascent() + 1), words)
                free = max(x, left + width + 8)

    def _readout(self, painter: QPainter, area: QRectF, place: tuple[QPointF, QPointF], tokens: Tokens) -> None:
        """A line through the point, and its values in a box that stays inside."""
        x = round(place[0].x()) + 0.5
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.up))
        for dot in place:
            painter.drawEllipse(dot, 2.5, 2.5)
        words = self.reading
        width = painter.fontMetrics().horizontalAdvance(words) + 16
        height = painter.fontMetrics().height() + 8
        left = min(max(area.left(), x + 8), max(0.0, self.width() - width - 1))
        if left < x < left + width:
            left = max(0.0, x - width - 8)
        box = QRectF(left, area.top(), width, height)
        painter.setBrush(QColor(tokens.base))
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(tokens.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def nice_step(highest: float, lines: int = _LINES) -> tuple[float, int]:
    """A round distance between grid lines, and how many lines reach over the highest value."""
    if highest <= 0 or not math.isfinite(highest):
        return 1.0, lines
    raw = highest / lines
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(n * size for n in _NICE if n * size >= raw * 0.999)
    return step, max(1, math.ceil(highest / step - 1e-9))
