"""How a line of the Models list is painted: geometry, texts and small parts. Knows no view and no store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from boocontrol.desktop.icons import paint_icon
from boocontrol.desktop.tokens import RADIUS_CHIP, RADIUS_CONTROL, Tokens, step_font

ICON: Final = 16
STAR_WIDTH: Final = 32
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTER: Final = Qt.AlignmentFlag.AlignCenter

# What a model can do, as llama-swap calls it, and the icon for it. Other names show as chips.
ABILITY_ICONS: Final = {
    "tools": "tool",
    "function_calling": "tool",
    "vision": "image",
    "reasoning": "think",
    "thinking": "think",
}
CHIP_ABILITIES: Final = (
    "embeddings",
    "embedding",
    "reranker",
    "audio_speech",
    "audio_transcriptions",
    "image_generation",
    "image_to_image",
)


@dataclass(frozen=True)
class Fonts:
    """The fonts of a line, made once for each font of the view."""

    body: QFont
    strong: QFont
    small: QFont
    mono: QFont

    @classmethod
    def of(cls, font: QFont) -> Fonts:
        """All steps from the view's own font."""
        key = font.key()
        if key not in _made:
            strong = step_font(font, "body", weight=600)
            _made[key] = cls(step_font(font, "body"), strong, step_font(font, "small"), step_font(font, "mono"))
        return _made[key]


_made: dict[str, Fonts] = {}
"""By the key of the view's font: a row is painted many times a second."""


class Pen:
    """Paints from left to right on one line; what does not fit is elided, and the rest left out."""

    def __init__(self, painter: QPainter, rect: QRect, tokens: Tokens) -> None:
        self.painter = painter
        self.rect = QRect(rect)
        self.tokens = tokens

    @property
    def room(self) -> int:
        """Pixels that are left."""
        return self.rect.width()

    def skip(self, width: int) -> None:
        """Leave space."""
        self.rect.setLeft(self.rect.left() + width)

    def text(self, text: str, font: QFont, color: str, *, gap: int = 8) -> None:
        """A piece of text."""
        if not text or self.room < 12:
            return
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.room)
        self.painter.setFont(font)
        self.painter.setPen(QColor(color))
        self.painter.drawText(self.rect, LEFT, shown)
        self.skip(metrics.horizontalAdvance(shown) + gap)

    def icon(self, name: str, color: str, size: int = ICON, *, gap: int = 4) -> None:
        """An icon, if there is room."""
        if self.room >= size:
            paint_icon(self.painter, square(self.rect, size), name, color)
            self.skip(size + gap)

    def chip(self, text: str, font: QFont) -> None:
        """A word on a plate."""
        width = QFontMetrics(font).horizontalAdvance(text) + 12
        if width > self.room:
            return
        height = QFontMetrics(font).height() + 4
        plate = QRectF(self.rect.left(), self.rect.center().y() - height / 2 + 1, width, height)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(self.tokens.sunken))
        self.painter.drawRoundedRect(plate, RADIUS_CHIP, RADIUS_CHIP)
        self.painter.setFont(font)
        self.painter.setPen(QColor(self.tokens.muted))
        self.painter.drawText(plate, CENTER, text)
        self.skip(width + 8)


def square(rect: QRect, size: int) -> QRect:
    """A square at the left of a line, centred in height."""
    return QRect(rect.left(), rect.center().y() - size // 2 + 1, size, size)


def paint_button(painter: QPainter, rect: QRect, text: str, fonts: Fonts, tokens: Tokens) -> None:
    """A plain button, as the style sheet draws them."""
    painter.setPen(QPen(QColor(tokens.btnline), 1))
    painter.setBrush(QColor(tokens.base))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CONTROL, RADIUS_CONTROL)
    font = QFont(fonts.body)
    font.setWeight(QFont.Weight.Medium)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    painter.drawText(rect, CENTER, text)


def paint_quiet(painter: QPainter, rect: QRect, text: str, fonts: Fonts, color: str) -> None:
    """A word that acts when it is clicked."""
    painter.setFont(fonts.body)
    painter.setPen(QColor(color))
    painter.drawText(rect, CENTER, text)


def abilities(capabilities: Iterable[tuple[str, bool]]) -> tuple[list[str], list[str]]:
    """Icons and chips for what a model can do."""
    can = [name for name, yes in capabilities if yes]
    icons = list(dict.fromkeys(ABILITY_ICONS[name] for name in can if name in ABILITY_ICONS))
    return icons, [name.replace("_", " ") for name in can if name in CHIP_ABILITIES]
