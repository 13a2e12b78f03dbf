"""A frame over a window with a scrim behind it; no window of its own, for Wayland. Escape or a click beside ends it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from boocontrol.desktop.tokens import tokens_of


class Scrim(QWidget):
    """Dims what is behind; a click on it is heard."""

    clicked = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        color = QColor("#000000" if tokens.dark else tokens.text)
        color.setAlphaF(0.5 if tokens.dark else 0.28)
        painter = QPainter(self)
        painter.fillRect(event.rect(), color)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()


class Popup(QFrame):
    """Shown by `pop`, ended by `done`, which gives the focus back to where it was."""

    ended = Signal()

    def __init__(self, over: QWidget, width: int, top: int) -> None:
        super().__init__(over)
        self._over = over
        self._width, self._top = width, top
        self._before: QWidget | None = None
        self._scrim = Scrim(over)
        self._scrim.hide()
        self._scrim.clicked.connect(self.done)
        self.setProperty("part", "popup")
        self.hide()
        over.installEventFilter(self)

    def pop(self) -> None:
        """Show it over the window, with the focus."""
        self._before = self._over.focusWidget()
        self.place()
        self._scrim.show()
        self._scrim.raise_()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def done(self) -> None:
        """Take it away."""
        if self.isHidden():
            return
        self.hide()
        self._scrim.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.ended.emit()

    def place(self) -> None:
        """Put it in the middle, below the top edge, as high as its content asks and the window has."""
        room = self._over.rect()
        width = min(self._width, room.width() - 32)
        top = min(self._top, max(16, room.height() // 8))
        height = min(self.sizeHint().height(), room.height() - top - 16)
        self._scrim.setGeometry(room)
        self.setGeometry((room.width() - width) // 2, top, width, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.done()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes round inside."""
        places: list[QWidget] = []
        one = self.nextInFocusChain()
        while one is not None and one is not self:
            if self._takes_tab(one):
                places.append(one)
            one = one.nextInFocusChain()
        now = self._over.focusWidget()
        if places:
            at = places.index(now) if now in places else -1
            reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
            places[(at + (1 if next else -1)) % len(places)].setFocus(reason)
        return bool(places)

    def _takes_tab(self, widget: QWidget) -> bool:
        wanted = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and self.isAncestorOf(widget)
        return wanted and widget.isVisible() and widget.isEnabled()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.place()
        return False
