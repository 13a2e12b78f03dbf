"""The tray icon: the ghost with a badge, and a menu that is built when it is about to be shown.

No widgets in the menu: some desktops take it over D-Bus, as text and icons only. A word at the right end goes after a
tab character. Where there is no tray, nothing here does anything, and closing the window must not hide it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from boocontrol.desktop.icons import paint_icon
from boocontrol.desktop.notifications import Notification
from boocontrol.desktop.tokens import Tokens
from boocontrol.desktop.tray_state import GREY, SHAPES, Face, Item, TrayState
from boocontrol.desktop.widgets import paint_state

SIZES: Final = (16, 22, 24, 32, 44, 64)
MENU_SIZES: Final = (16, 32)
SHOWN_MS: Final = 10_000


class Tray(QObject):
    """`asked` brings what a person chose: an action of tray_state.Item and its argument."""

    asked = Signal(str, str)

    def __init__(
        self,
        tokens: Callable[[], Tokens],
        state: Callable[[], TrayState],
        parent: QObject | None = None,
        *,
        available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._state = state
        self._available = available
        self._face: Face | None = None
        self._clicked: Notification | None = None
        self.menu = QMenu()
        self.menu.aboutToShow.connect(self.rebuild)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(lambda: self.follow(self._clicked))

    @property
    def there(self) -> bool:
        """Whether this desktop has a tray, now: it may come late and may go."""
        return self._available()

    def refresh(self) -> None:
        """Show icon and tooltip as things stand; appear when a tray has come."""
        if not self.there:
            return
        state = self._state()
        if state.face != self._face:
            self._face = state.face
            self.icon.setIcon(face_icon(state.face, self._tokens()))
        self.icon.setToolTip(state.tooltip)
        if not self.icon.isVisible() and self.there:
            # Some desktops show the menu they know; it must not be empty at first.
            self.rebuild()
            self.icon.show()

    def retint(self) -> None:
        """The theme changed."""
        self._face = None
        self.refresh()

    def rebuild(self) -> None:
        """Fill the menu anew."""
        fill(self.menu, self._state().menu, self._tokens(), self.asked.emit)

    def tell(self, said: Notification) -> None:
        """Let the icon show a notification, where there is one. A click on it opens its host or page."""
        if self.there:
            self._clicked = said
            self.icon.showMessage(said.title, said.text, face_icon("well", self._tokens()), SHOWN_MS)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.asked.emit("open", "")

    def follow(self, said: Notification | None) -> None:
        """Open what a notification is about."""
        if said is not None and said.host:
            self.asked.emit("host", said.host)
        elif said is not None and said.page:
            self.asked.emit("page", said.page)
        else:
            self.asked.emit("open", "")


def fill(menu: QMenu, items: Sequence[Item], tokens: Tokens, asked: Callable[[str, str], object]) -> None:
    """Put items into a menu in place of what is there."""
    for old in menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        old.deleteLater()
    menu.clear()
    for item in items:
        if item.separator:
            menu.addSeparator()
        elif item.children:
            inside = QMenu(_text(item), menu)
            fill(inside, item.children, tokens, asked)
            menu.addMenu(inside)
            _dress(inside.menuAction(), item, tokens)
        else:
            action = QAction(_text(item), menu)
            menu.addAction(action)
            _dress(action, item, tokens)
            action.triggered.connect(lambda _on=False, item=item: asked(item.action, item.argument))


def _text(item: Item) -> str:
    words = item.text.replace("&", "&&")
    return f"{words}\t{item.right}" if item.right else words


def _dress(action: QAction, item: Item, tokens: Tokens) -> None:
    action.setEnabled(item.enabled)
    action.setData(item.action)
    if item.shape:
        action.setIcon(shape_icon(item.shape, tokens))
    if item.checked:
        action.setCheckable(True)
        action.setChecked(True)
    if item.bold:
        font = QFont(action.font())
        font.setBold(True)
        action.setFont(font)


@lru_cache(maxsize=64)
def shape_icon(state: str, tokens: Tokens) -> QIcon:
    """A state shape as an icon of a menu."""
    made = QIcon()
    for size in MENU_SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_state(painter, QRectF(1, 1, size - 2, size - 2), state, tokens)
        painter.end()
        # The same in a row that cannot be chosen: the shape says a state, not whether there is something to click.
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            made.addPixmap(pixmap, mode)
    return made


@lru_cache(maxsize=32)
def face_icon(face: Face, tokens: Tokens) -> QIcon:
    """The tray icon: the mark in the text colour, with the badge of the worst state at the lower right."""
    made = QIcon()
    for size in SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_face(painter, QRectF(0, 0, size, size), face, tokens)
        painter.end()
        made.addPixmap(pixmap)
    return made


def paint_face(painter: QPainter, rect: QRectF, face: Face, tokens: Tokens) -> None:
    """Paint the mark with its badge into a square."""
    paint_icon(painter, rect, "mark", tokens.text)
    shape = SHAPES[face]
    if not shape:
        return
    side = rect.width() * 0.5
    place = QRectF(rect.right() - side, rect.bottom() - side, side, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    painter.drawEllipse(place.center(), side * 0.6, side * 0.6)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    if face in GREY:
        painter.setPen(QPen(QColor(tokens.border), max(1.0, side / 12)))
        painter.setBrush(QColor(tokens.base))
        painter.drawEllipse(QPointF(place.center()), side * 0.48, side * 0.48)
        place = place.adjusted(side * 0.2, side * 0.2, -side * 0.2, -side * 0.2)
    paint_state(painter, place, shape, tokens)
    painter.restore()


def first_close(window: QWidget) -> Notification:
    """What is said once of where the window went."""
    words = window.tr("It keeps watching your hosts. Quit it from its menu; Settings can change this.")
    return Notification("up", window.tr("BooControl goes on in the tray"), words, page="")
