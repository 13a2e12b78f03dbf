"""A ring around what has the keyboard: 2 px, 1 px away. Fields and the current row of a view show it by themselves.

A widget that is no button asks for the ring by the property `ring`.
"""

from __future__ import annotations

from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractScrollArea, QApplication, QSplitter, QWidget

from boocontrol.desktop.tokens import RADIUS_CONTROL, tokens_of

WIDTH: Final = 2
AWAY: Final = 1
_FOLLOWED: Final = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.ZOrderChange})
_ENDS: Final = frozenset({QEvent.Type.Hide, QEvent.Type.ParentAboutToChange, QEvent.Type.FocusOut})


class _Ring(QWidget):
    """Lies over the surroundings of a widget and lets every click through."""

    def __init__(self, around: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.follow(around)
        self.show()

    def follow(self, around: QWidget) -> None:
        parent = self.parentWidget()
        assert parent is not None
        # Where there is no room beside the widget, the ring lies on its edge: better than a part of it.
        self.setGeometry(_place(around, parent).intersected(parent.rect()))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens_of(self.palette()).accenttext), WIDTH))
        radius = RADIUS_CONTROL + AWAY + WIDTH / 2
        half = WIDTH / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        painter.end()


def _place(around: QWidget, parent: QWidget) -> QRect:
    reach = WIDTH + AWAY
    at = around.mapTo(parent, QPoint(0, 0))
    return QRect(at, around.size()).adjusted(-reach, -reach, reach, reach)


def _parent_with_room(around: QWidget) -> QWidget | None:
    """The nearest one in which the whole ring is seen, within what scrolls along with the widget."""
    nearest = parent = around.parentWidget()
    while parent is not None and not parent.isWindow() and not parent.rect().contains(_place(around, parent)):
        above = parent.parentWidget()
        # A splitter takes every child for a pane; the ring would not scroll with what a viewport holds.
        if above is None or isinstance(above, (QSplitter, QAbstractScrollArea)):
            break
        parent = above
    return nearest if isinstance(parent, QSplitter) or parent is None else parent


def _asks(widget: QWidget) -> bool:
    """Whether nothing else shows that it has the keyboard."""
    if isinstance(widget, QAbstractItemView) and not widget.currentIndex().isValid():
        return True
    return isinstance(widget, QAbstractButton) or bool(widget.property("ring"))


class FocusRing(QObject):
    """Keeps the ring of one application around the button that the keyboard reached.

    Where the program moves the keyboard, the ring goes along only if a key brought it to where it was.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._around: QWidget | None = None
        self._ring: _Ring | None = None
        self._by_key = False
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
        if new is not None:
            self._look_who_moved(new.window())
        # A button that got the focus by a click needs no ring.
        if new is None or not self._by_key or not _asks(new):
            return
        parent = _parent_with_room(new)
        if parent is None or isinstance(parent, QSplitter):
            return
        self._around = new
        new.installEventFilter(self)
        self._ring = _Ring(new, parent)

    def _look_who_moved(self, window: QWidget) -> None:
        """Qt marks a window in which Tab or a shortcut has moved the focus, for good; a click takes the mark away."""
        by_key = Qt.WidgetAttribute.WA_KeyboardFocusChange
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._by_key = False
            window.setAttribute(by_key, False)
        elif window.testAttribute(by_key):
            self._by_key = True

    def _end(self) -> None:
        ring, around = self._ring, self._around
        self._ring = self._around = None
        if around is not None and shiboken6.isValid(around):
            around.removeEventFilter(self)
        if ring is not None and shiboken6.isValid(ring):
            ring.hide()
            ring.deleteLater()
