"""Gauges: memory in use, health ticks, load progress, and a sparkline. Each is a function and a widget around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from boocontrol.desktop.tokens import RADIUS_GAUGE, Tokens, tokens_of

Tick = Literal["good", "slow", "failed", "failed_often_off", "unchecked"]

TICK_WIDTH: Final = 3
TICK_STEP: Final = 4
MOST_POINTS: Final = 120
_HEIGHTS: Final[dict[Tick, float]] = {
    "good": 12,
    "slow": 12,
    "failed": 20,
    "failed_often_off": 20,
    "unchecked": 4,
}


@dataclass(frozen=True, slots=True)
class Memory:
    """Use of one memory: parts of `total` (any unit) by model in load order, and what others use."""

    models: tuple[float, ...] = ()
    other: float = 0.0
    total: float = 1.0
    stale: bool = False


def paint_memory(painter: QPainter, rect: QRect | QRectF, value: Memory, tokens: Tokens) -> None:
    """One segment for each model, 1 px apart, and a hatch for other use; old news is one grey segment."""
    area = QRectF(rect)
    _groove(painter, area, tokens)
    whole = value.total if value.total > 0 else float("inf")
    parts = [(size, tokens.segment(n)) for n, size in enumerate(value.models) if size > 0]
    if value.stale:
        parts = [(sum(value.models) + value.other, tokens.seg0)]
    left = area.left()
    for size, color in parts:
        width = min(area.width() * size / whole, area.right() - left)
        painter.fillRect(QRectF(left, area.top(), max(width - 1, 1), area.height()), QColor(color))
        left += width
    if value.other > 0 and not value.stale:
        width = min(area.width() * value.other / whole, area.right() - left)
        hatch = QBrush(QColor(tokens.seg0), Qt.BrushStyle.BDiagPattern)
        painter.fillRect(QRectF(left, area.top(), width, area.height()), hatch)
    painter.restore()


def paint_load(
    painter: QPainter, rect: QRect | QRectF, fraction: float, tokens: Tokens, *, stale: bool = False
) -> None:
    """Elapsed of the usual time of a load, 0 to 1."""
    area = QRectF(rect)
    _groove(painter, area, tokens)
    area.setWidth(area.width() * min(max(fraction, 0.0), 1.0))
    painter.fillRect(area, QColor(tokens.seg0 if stale else tokens.seg1))
    painter.restore()


def paint_ticks(painter: QPainter, rect: QRect | QRectF, ticks: Sequence[Tick], tokens: Tokens) -> None:
    """Health ticks, newest at the right; as many as fit."""
    area = QRectF(rect)
    colors: dict[Tick, str] = {
        "good": tokens.tick,
        "slow": tokens.warnfill,
        "failed": tokens.warnfill,
        "failed_often_off": tokens.offfill,
        "unchecked": tokens.offfill,
    }
    fits = max(0, int((area.width() + 1) // TICK_STEP))
    shown = list(ticks)[-fits:] if fits else []
    scale = min(1.0, area.height() / 20)
    # Whole pixels: the gap of one pixel must not blur.
    left = round(area.right() - len(shown) * TICK_STEP + 1)
    for number, tick in enumerate(shown):
        height = _HEIGHTS[tick] * scale
        bar = QRectF(left + number * TICK_STEP, round(area.bottom() - height), TICK_WIDTH, round(height))
        painter.fillRect(bar, QColor(colors[tick]))


def paint_sparkline(
    painter: QPainter, rect: QRect | QRectF, values: Sequence[float], tokens: Tokens, *, top: float | None = None
) -> None:
    """A line of 1 px over a pale fill, from 0 to `top` (the largest value when None)."""
    area = QRectF(rect).adjusted(0, 1, 0, 0)
    shown = list(values)[-MOST_POINTS:]
    highest = top or max(shown, default=0.0)
    if len(shown) < 2:
        return
    step = area.width() / (len(shown) - 1)
    points = [
        QPointF(area.left() + n * step, area.bottom() - area.height() * (min(v / highest, 1.0) if highest else 0.0))
        for n, v in enumerate(shown)
    ]
    fill = QColor(tokens.up)
    fill.setAlphaF(0.13)
    under = QPainterPath()
    under.addPolygon(QPolygonF([area.bottomLeft(), *points, area.bottomRight()]))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(under, fill)
    # Pen width 1: Qt draws wider antialiased polylines many times slower.
    painter.setPen(QPen(QColor(tokens.up), 1))
    painter.drawPolyline(QPolygonF(points))
    painter.restore()


def _groove(painter: QPainter, area: QRectF, tokens: Tokens) -> None:
    """Save the painter, draw the empty bar, and clip to its rounded shape."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addRoundedRect(area, RADIUS_GAUGE, RADIUS_GAUGE)
    painter.fillPath(shape, QColor(tokens.sunken))
    painter.setPen(QPen(QColor(tokens.line), 1))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_GAUGE, RADIUS_GAUGE)
    painter.setClipPath(shape)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


class _Gauge(QWidget):
    def __init__(self, height: int, width: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._hint = QSize(width, height)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return self._hint


class MemoryBar(_Gauge):
    """Memory in use: 8 high, 12 in host detail, 6 in tables."""

    def __init__(self, value: Memory | None = None, height: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(height, 120, parent)
        self._value = value or Memory()

    def set_value(self, value: Memory) -> None:
        """Show other figures."""
        if value != self._value:
            self._value = value
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_memory(painter, self.rect(), self._value, tokens_of(self.palette()))
        painter.end()


class LoadBar(_Gauge):
    """Progress of a load against its usual time."""

    def __init__(self, fraction: float = 0.0, height: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(height, 56, parent)
        self._fraction = fraction
        self._stale = False

    def set_value(self, fraction: float, *, stale: bool = False) -> None:
        """Show another fraction, 0 to 1."""
        if (fraction, stale) != (self._fraction, self._stale):
            self._fraction, self._stale = fraction, stale
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_load(painter, self.rect(), self._fraction, tokens_of(self.palette()), stale=self._stale)
        painter.end()


class TickBar(_Gauge):
    """The health of a host, check by check, newest at the right."""

    def __init__(self, ticks: Sequence[Tick] = (), parent: QWidget | None = None) -> None:
        super().__init__(20, 48 * TICK_STEP - 1, parent)
        self._ticks = tuple(ticks)

    def set_value(self, ticks: Sequence[Tick]) -> None:
        """Show other checks."""
        if tuple(ticks) != self._ticks:
            self._ticks = tuple(ticks)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_ticks(painter, self.rect(), self._ticks, tokens_of(self.palette()))
        painter.end()


class Sparkline(_Gauge):
    """A short line of recent values."""

    def __init__(
        self, values: Sequence[float] = (), height: int = 22, *, top: float | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(height, 48, parent)
        self._values = tuple(values)
        self._top = top

    def set_value(self, values: Sequence[float], *, top: float | None = None) -> None:
        """Show other values, newest last; with `top`, up to another value than before."""
        if (tuple(values), top or self._top) != (self._values, self._top):
            self._values, self._top = tuple(values), top or self._top
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_sparkline(painter, self.rect(), self._values, tokens_of(self.palette()), top=self._top)
        painter.end()
