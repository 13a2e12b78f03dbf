"""A ring around what has the keyboard: 2 px, 1 px away. Fields and views show their focus by themselves."""

from __future__ import annotations

from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSplitter, QWidget

from boocontrol.desktop.tokens import RADIUS_CONTROL, tokens_of

WIDTH: Final = 2
AWAY: Final = 1
_FOLLOWED: Final = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.ZOrderChange})
_ENDS: Final = frozenset({QEvent.Type.Hide, QEvent.Type.ParentAboutToChange, QEvent.Type.FocusOut})


class _Ring(QWidget):
    """Lies over the surroundings of a sibling and lets every click through."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around.parentWidget())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.follow(around)
        self.show()

    def follow(self, around: QWidget) -> None:
        reach = WIDTH + AWAY
        self.setGeometry(around.geometry().adjusted(-reach, -reach, reach, reach))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens_of(self.palette()).accenttext), WIDTH))
        radius = RADIUS_CONTROL + AWAY + WIDTH / 2
        half = WIDTH / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        painter.end()


class FocusRing(QObject):
    """Keeps the ring of one application around the button that the keyboard reached."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._around: QWidget | None = None
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._moved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _ENDS:
            self._end()
        elif kind in _FOLLOWED and watched is self._around and self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.follow(self._around)
        return False

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._end()
        # A button that got the focus by a click needs no ring.
        clicked = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if clicked or not isinstance(new, QAbstractButton):
            return
        parent = new.parentWidget()
        # A splitter takes every child for a pane.
        if parent is None or isinstance(parent, QSplitter):
            return
        self._around = new
        new.installEventFilter(self)
        self._ring = _Ring(new)

    def _end(self) -> None:
        ring, around = self._ring, self._around
        self._ring = self._around = None
        if around is not None and shiboken6.isValid(around):
            around.removeEventFilter(self)
        if ring is not None and shiboken6.isValid(ring):
            ring.hide()
            ring.deleteLater()
