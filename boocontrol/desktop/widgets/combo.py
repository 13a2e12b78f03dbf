"""A pop-up list whose shown text ends in … where it has no room: Qt alone cuts it off."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from boocontrol.desktop.tokens import tokens_of

_PADDING = 10


class ComboBox(QComboBox):
    """As Qt's, with an ellipsis; the whole text is said by the tooltip then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own_tip = ""

    def sizeHint(self) -> QSize:
        """As Qt's, with what the style sheet's padding takes of the text."""
        return super().sizeHint() + QSize(_PADDING, 0)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint() + QSize(_PADDING, 0)

    def shown_text(self) -> str:
        """The text as it is painted."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return self._fitted(option)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        if self.currentIndex() < 0 and self.placeholderText():
            faint = QColor(tokens_of(self.palette()).faint)
            option.palette.setColor(QPalette.ColorRole.Text, faint)
            option.palette.setColor(QPalette.ColorRole.ButtonText, faint)
            option.currentText = self.placeholderText()
        whole = str(option.currentText)
        option.currentText = self._fitted(option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        self._tell(whole if option.currentText != whole else "")

    def _fitted(self, option: QStyleOptionComboBox) -> str:
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 4
        return self.fontMetrics().elidedText(str(option.currentText), Qt.TextElideMode.ElideRight, room)

    def _tell(self, text: str) -> None:
        """A tooltip of somebody else stays."""
        if self.toolTip() == self._own_tip and text != self._own_tip:
            self._own_tip = text
            self.setToolTip(text)
