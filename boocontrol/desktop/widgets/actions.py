"""The actions at the right end of a head. Where there is no room, buttons go into a menu, the leftmost first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from boocontrol.desktop.widgets.buttons import IconButton

SPACE = 8


class Actions(QWidget):
    """A row of buttons and fields. Fields stay; a button in the menu does what it would do in the row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: list[QWidget] = []
        self._wrapped: list[QAbstractButton] = []
        self._fitting = False
        self.more = IconButton("more", self.tr("More actions"), self, size=32, framed=True, on_click=self._open)
        self.more.hide()
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(SPACE)
        self._line.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def wrapped(self) -> tuple[QAbstractButton, ...]:
        """The buttons that are in the menu now."""
        return tuple(self._wrapped)

    def set_actions(self, actions: Sequence[QWidget]) -> None:
        """Put these instead of what is there."""
        self._unwrap()
        for old in self._all:
            self._line.removeWidget(old)
            if old not in actions:
                old.hide()
        self._all = []
        for action in actions:
            self.add_action(action)

    def add_action(self, action: QWidget) -> None:
        """Put one more at the right end."""
        self._all.append(action)
        self._line.addWidget(action)
        self._fit()

    def menu(self) -> QMenu:
        """What has no room, as a menu."""
        menu = QMenu(self)
        for button in self._wrapped:
            words = button.text() or button.accessibleName() or button.toolTip()
            menu.addAction(words, button.click).setEnabled(button.isEnabled())
        return menu

    def sizeHint(self) -> QSize:
        """With everything in the row."""
        shown = self._candidates()
        width = sum(_width(part) for part in shown) + SPACE * max(0, len(shown) - 1)
        return QSize(width, max(_height(part) for part in (*shown, self.more)))

    def minimumSizeHint(self) -> QSize:
        """What can wrap has wrapped: the menu, the last button and the fields."""
        shown = self._candidates()
        stays = [part for part in shown if not isinstance(part, QAbstractButton)]
        last = [part for part in shown if isinstance(part, QAbstractButton)][-1:]
        needs = [self.more, *stays, *last] if len(shown) > len(stays) + 1 else shown
        width = sum(_width(part) for part in needs) + SPACE * max(0, len(needs) - 1)
        return QSize(width, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and not self._fitting:
            self._fit()
            self.updateGeometry()
        return super().event(event)

    def _candidates(self) -> list[QWidget]:
        """What a page wants to be seen, in the row or in the menu."""
        return [part for part in self._all if not part.isHidden() or part in self._wrapped]

    def _unwrap(self) -> None:
        for button in self._wrapped:
            button.show()
        self._wrapped = []

    def _fit(self) -> None:
        """Choose what goes into the menu."""
        self._fitting = True
        try:
            parts = self._candidates()
            room = self.width() - sum(_width(part) for part in parts) - SPACE * max(0, len(parts) - 1)
            out: list[QAbstractButton] = []
            buttons = [part for part in parts if isinstance(part, QAbstractButton)]
            if room < 0 and self.width() > 0:
                room -= self.more.sizeHint().width() + SPACE
                for button in buttons[:-1]:
                    if room >= 0:
                        break
                    out.append(button)
                    room += _width(button) + SPACE
            if out != self._wrapped:
                self._unwrap()
                self._wrapped = out
                for button in out:
                    button.hide()
            self.more.setVisible(bool(out))
        finally:
            self._fitting = False

    def _open(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))


def _width(part: QWidget) -> int:
    least, most = part.minimumWidth(), part.maximumWidth()
    return max(least, min(part.sizeHint().width(), most))


def _height(part: QWidget) -> int:
    least, most = part.minimumHeight(), part.maximumHeight()
    return max(least, min(part.sizeHint().height(), most))
