"""Icons: own drawings from resources/icons, tinted when painted with the text colour of their place."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from boocontrol.core.paths import resource

DRAWN = b"#000000"


def icon(name: str, color: str, size: int = 16, *, disabled: str | None = None, gap: int = 0) -> QIcon:
    """The icon in one colour (#RRGGBB) for places of `size`; `disabled` colours it in a disabled control.

    `gap` leaves so many empty pixels at its right: Qt puts words closer to an icon than we like.
    """
    return _icon(name, color, size, disabled, gap)


def pixmap(name: str, color: str, size: int, scale: float = 1.0, gap: int = 0) -> QPixmap:
    """The icon as a pixmap of `size` logical pixels on a screen with this scale."""
    side = round(size * scale)
    made = QPixmap(round((size + gap) * scale), side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    _renderer(name, color).render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(scale)
    return made


def paint_icon(painter: QPainter, rect: QRect | QRectF, name: str, color: str) -> None:
    """Paint the icon into a square of any size, as delegates do."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, color).render(painter, QRectF(rect))
    painter.restore()


def _scales() -> set[float]:
    """One and two for all that may come, and what the screens have: more of them took megabytes."""
    return {1.0, 2.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())}


@lru_cache(maxsize=512)
def _icon(name: str, color: str, size: int, disabled: str | None, gap: int) -> QIcon:
    made = QIcon()
    for scale in _scales():
        made.addPixmap(pixmap(name, color, size, scale, gap))
        if disabled:
            made.addPixmap(pixmap(name, disabled, size, scale, gap), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=512)
def _renderer(name: str, color: str) -> QSvgRenderer:
    drawn = resource(f"icons/{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(drawn.replace(DRAWN, QColor(color).name().encode())))
