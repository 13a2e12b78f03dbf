"""State shapes of hosts and models on a grid of 16, painted and never a font glyph. The word stands beside them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from boocontrol.desktop.tokens import Tokens, tokens_of

HOST_STATES: Final = ("checking", "up", "busy", "degraded", "needs_key", "down", "down_often_off", "paused")
MODEL_STATES: Final = ("stopped", "starting", "ready", "stopping", "shutdown", "unknown")
TURN_S: Final = 1.2
STEPS_PER_S: Final = 12
TURNING: Final = frozenset({"checking", "starting"})

Paint = Callable[[QPainter, Tokens, float | None, float], None]


def paint_state(
    painter: QPainter,
    rect: QRect | QRectF,
    state: str,
    tokens: Tokens,
    fraction: float | None = None,
    *,
    turn: float = 0.0,
) -> None:
    """Paint the shape of a host state or model state into a square.

    `fraction` (0 to 1) is for `starting`: elapsed of the usual time, None when there is none. `turn` (0 to 1) is how
    far a turning ring has come. A host that is down and marked often off has the state `down_often_off`.
    """
    draw = _SHAPES.get(state, _unknown)
    side = min(QRectF(rect).width(), QRectF(rect).height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(QRectF(rect).center() - QPointF(side / 2, side / 2))
    painter.scale(side / 16, side / 16)
    draw(painter, tokens, fraction, turn)
    painter.restore()


def state_tone(state: str) -> str:
    """The tone (a field of Tokens) of the word beside the shape."""
    if state in ("degraded", "needs_key", "down"):
        return "warn"
    return "accenttext" if state in ("up", "busy", "ready", "starting") else "muted"


def turn_at(seconds: float) -> float:
    """How far a ring has turned at this time: 12 steps a second, 1.2 s a turn."""
    return (math.floor(seconds * STEPS_PER_S) / STEPS_PER_S) % TURN_S / TURN_S


class StateShape(QWidget):
    """One shape of a fixed size. Its accessible name holds the word when nothing beside it does."""

    def __init__(self, state: str, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._fraction: float | None = None
        self._turn = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 / STEPS_PER_S))
        self._timer.timeout.connect(self._step)
        self.setFixedSize(size, size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def state(self) -> str:
        """The state that is shown."""
        return self._state

    def set_state(self, state: str, fraction: float | None = None) -> None:
        """Show another state; `fraction` as in paint_state."""
        if (state, fraction) == (self._state, self._fraction):
            return
        self._state, self._fraction = state, fraction
        self._turn = 0.0
        self._run()
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_state(painter, self.rect(), self._state, tokens_of(self.palette()), self._fraction, turn=self._turn)
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def _run(self) -> None:
        turns = self._state in TURNING and self._fraction is None and self.isVisible()
        if turns and self._moves():
            self._timer.start()
        else:
            self._timer.stop()

    def _moves(self) -> bool:
        """False where the system asks for less motion."""
        return self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0

    def _step(self) -> None:
        self._turn = (self._turn + 1 / (TURN_S * STEPS_PER_S)) % 1.0
        self.update()


def _pen(color: str, width: float, cap: Qt.PenCapStyle = Qt.PenCapStyle.RoundCap) -> QPen:
    return QPen(QColor(color), width, Qt.PenStyle.SolidLine, cap, Qt.PenJoinStyle.RoundJoin)


def _hollow(painter: QPainter, color: str, width: float) -> None:
    painter.setPen(_pen(color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _filled(painter: QPainter, color: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))


def _cross(painter: QPainter, color: str, reach: float, width: float) -> None:
    painter.setPen(_pen(color, width))
    painter.drawLine(QPointF(8 - reach, 8 - reach), QPointF(8 + reach, 8 + reach))
    painter.drawLine(QPointF(8 + reach, 8 - reach), QPointF(8 - reach, 8 + reach))


def _dashes(painter: QPainter, color: str, radius: float, width: float, turn: float) -> None:
    painter.setPen(_pen(color, width, Qt.PenCapStyle.FlatCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    box = QRectF(8 - radius, 8 - radius, 2 * radius, 2 * radius)
    for dash in range(8):
        painter.drawArc(box, round((dash * 45 - turn * 360) * 16), round(26 * 16))


def _checking(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _dashes(painter, tokens.offfill, 6.2, 1.7, turn)


def _up(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _filled(painter, tokens.up)
    painter.drawEllipse(QPointF(8, 8), 7, 7)
    _hollow(painter, tokens.base, 1.8)
    painter.drawPolyline(QPolygonF([QPointF(4.9, 8.3), QPointF(7.1, 10.5), QPointF(11.2, 5.9)]))


def _busy(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _hollow(painter, tokens.up, 1.7)
    painter.drawEllipse(QPointF(8, 8), 6.2, 6.2)
    _filled(painter, tokens.up)
    painter.drawEllipse(QPointF(8, 8), 3.5, 3.5)


def _degraded(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    painter.setPen(_pen(tokens.warnfill, 1.6))
    painter.setBrush(QColor(tokens.warnfill))
    painter.drawPolygon(QPolygonF([QPointF(8, 1.9), QPointF(15, 13.9), QPointF(1, 13.9)]))
    painter.setPen(_pen(tokens.base, 1.7))
    painter.drawLine(QPointF(8, 5.8), QPointF(8, 9.3))
    _filled(painter, tokens.base)
    painter.drawEllipse(QPointF(8, 12), 1, 1)


def _needs_key(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _hollow(painter, tokens.warnfill, 1.8)
    shackle = QPainterPath(QPointF(4.9, 7.5))
    shackle.lineTo(4.9, 4.9)
    shackle.arcTo(QRectF(4.9, 1.8, 6.2, 6.2), 180, -180)
    shackle.lineTo(11.1, 7.5)
    painter.drawPath(shackle)
    _filled(painter, tokens.warnfill)
    painter.drawRoundedRect(QRectF(2.3, 6.8, 11.4, 8.4), 1.6, 1.6)
    _filled(painter, tokens.base)
    painter.drawEllipse(QPointF(8, 10.2), 1.2, 1.2)
    painter.setPen(_pen(tokens.base, 1.3))
    painter.drawLine(QPointF(8, 10.6), QPointF(8, 12.8))


def _down(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _filled(painter, tokens.warnfill)
    painter.drawRoundedRect(QRectF(1, 1, 14, 14), 2, 2)
    _cross(painter, tokens.base, 2.9, 1.9)


def _often_off(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _hollow(painter, tokens.offfill, 1.5)
    painter.drawRoundedRect(QRectF(1.75, 1.75, 12.5, 12.5), 2, 2)
    _cross(painter, tokens.offfill, 2.6, 1.6)


def _paused(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _filled(painter, tokens.offfill)
    painter.drawRoundedRect(QRectF(2.8, 2, 3.8, 12), 0.8, 0.8)
    painter.drawRoundedRect(QRectF(9.4, 2, 3.8, 12), 0.8, 0.8)


def _stopped(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _hollow(painter, tokens.offfill, 1.7)
    painter.drawEllipse(QPointF(8, 8), 4.8, 4.8)


def _starting(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _hollow(painter, tokens.line, 2.2)
    painter.drawEllipse(QPointF(8, 8), 5, 5)
    painter.setPen(_pen(tokens.up, 2.2, Qt.PenCapStyle.FlatCap))
    arc = 3 / 8 if fraction is None else min(max(fraction, 0.04), 1.0)
    start = 90 - (turn * 360 if fraction is None else 0)
    painter.drawArc(QRectF(3, 3, 10, 10), round(start * 16), -round(arc * 360 * 16))


def _ready(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _filled(painter, tokens.up)
    painter.drawEllipse(QPointF(8, 8), 5.6, 5.6)


def _stopping(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _stopped(painter, tokens, fraction, turn)
    _filled(painter, tokens.offfill)
    painter.drawPie(QRectF(3.2, 3.2, 9.6, 9.6), 180 * 16, 180 * 16)


def _shutdown(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _hollow(painter, tokens.offfill, 1.7)
    painter.drawRoundedRect(QRectF(3, 3, 10, 10), 1, 1)


def _unknown(painter: QPainter, tokens: Tokens, fraction: float | None, turn: float) -> None:
    _dashes(painter, tokens.offfill, 4.8, 1.6, 0)


_SHAPES: Final[dict[str, Paint]] = {
    "checking": _checking,
    "up": _up,
    "busy": _busy,
    "degraded": _degraded,
    "needs_key": _needs_key,
    "down": _down,
    "down_often_off": _often_off,
    "paused": _paused,
    "stopped": _stopped,
    "starting": _starting,
    "ready": _ready,
    "stopping": _stopping,
    "shutdown": _shutdown,
    "unknown": _unknown,
}
