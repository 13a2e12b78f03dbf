"""A dialog as a desktop shows it: over its window, which is dimmed, below a strip with its title."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

from boocontrol.desktop.icons import paint_icon
from boocontrol.desktop.tokens import Tokens, tokens_of

STRIP: Final = 36
_DIM: Final = {False: 0.28, True: 0.5}


def picture(widget: QWidget, scale: float = 1.0) -> QPixmap:
    """`widget` as it is now, with `scale` pixels for each of its own; a dialog with the window that it is over."""
    over = widget.parentWidget() if isinstance(widget, QDialog) else None
    drawn = _drawn(widget, scale)
    if over is None:
        return drawn
    window = over.window()
    pixmap = _drawn(window, scale)
    tokens = tokens_of(widget.palette())
    painter = QPainter(pixmap)
    dim = QColor("#000000" if tokens.dark else tokens.text)
    dim.setAlphaF(_DIM[tokens.dark])
    painter.fillRect(window.rect(), dim)
    place = QRect(QPoint(), widget.size() + QSize(0, STRIP))
    place.moveCenter(window.rect().center())
    _strip(painter, place, widget, tokens)
    painter.drawPixmap(place.topLeft() + QPoint(0, STRIP), drawn)
    painter.setPen(QPen(QColor(tokens.border), 1))
    painter.drawRect(place.adjusted(-1, -1, 0, 0))
    painter.end()
    return pixmap


def _strip(painter: QPainter, place: QRect, dialog: QWidget, tokens: Tokens) -> None:
    strip = QRect(place.topLeft(), QSize(place.width(), STRIP))
    painter.fillRect(strip, QColor(tokens.rail))
    painter.fillRect(QRect(strip.left(), strip.bottom(), strip.width(), 1), QColor(tokens.line))
    font = QFont(dialog.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    painter.drawText(strip.adjusted(12, 0, -40, 0), Qt.AlignmentFlag.AlignVCenter, dialog.windowTitle())
    paint_icon(painter, QRect(strip.right() - 32, strip.top() + 11, 14, 14), "close", tokens.muted)


def _drawn(widget: QWidget, scale: float) -> QPixmap:
    pixmap = QPixmap(widget.size() * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    widget.render(pixmap)
    return pixmap
