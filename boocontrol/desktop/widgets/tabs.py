"""A bar of tabs that keeps its places: each tab has room for its word in bold, whether it is the chosen one or not."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QTabBar, QWidget

from boocontrol.desktop.tokens import GAP


class Tabs(QTabBar):
    """Words on a line; the chosen one is bold and underlined."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setAccessibleName(name)

    def tabSizeHint(self, index: int) -> QSize:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        words = QFontMetrics(bold).horizontalAdvance(self.tabText(index))
        return QSize(words + 2 * GAP + 1, super().tabSizeHint(index).height())
