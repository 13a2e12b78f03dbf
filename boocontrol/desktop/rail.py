"""The rail: the pages at the left, and the gateway's state at its foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from boocontrol.desktop.icons import paint_icon
from boocontrol.desktop.tokens import RADIUS_CONTROL, RAIL, RAIL_NARROW, Tokens, grown, step_font, tokens_of
from boocontrol.desktop.widgets import Picture, StateShape, label, paint_state

Index = QModelIndex | QPersistentModelIndex

ID: Final = Qt.ItemDataRole.UserRole
ICON: Final = Qt.ItemDataRole.UserRole + 1
BADGE: Final = Qt.ItemDataRole.UserRole + 2
FIRST_OF_GROUP: Final = Qt.ItemDataRole.UserRole + 3

ITEM: Final = 38
GROUP_GAP: Final = 17
GROUPS: Final = {"chat": 1, "arena": 1, "gateway": 2, "agents": 2}
WALKS: Final = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})
AT_THE_FOOT: Final = frozenset({"settings"})


@dataclass(frozen=True, slots=True)
class Badge:
    """What stands at the right of a page's name: a number or a state shape. `word` says it to a screen reader."""

    text: str = ""
    state: str = ""
    word: str = ""


class RailDelegate(QStyledItemDelegate):
    """Icon, word and badge; behind the current row a card, and a bar at its left."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = ITEM + (GROUP_GAP if index.data(FIRST_OF_GROUP) else 0)
        return QSize(option.rect.width(), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        assert isinstance(view, QListView)
        tokens = tokens_of(view.palette())
        rect = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(FIRST_OF_GROUP):
            middle = rect.top() + GROUP_GAP // 2
            painter.fillRect(rect.left() + 18, middle, rect.width() - 36, 1, QColor(tokens.line))
            rect.setTop(rect.top() + GROUP_GAP)
        rect.adjust(0, 1, 0, -1)
        current = view.currentIndex() == index
        ring = isinstance(view, RailList) and view.by_keyboard and bool(option.state & QStyle.StateFlag.State_HasFocus)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self._ground(painter, rect, current, hover, ring and current, tokens)
        narrow = rect.width() < RAIL_NARROW + 20
        self._words(painter, rect, index, current, narrow, view.font(), tokens)
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, current: bool, hover: bool, ring: bool, tokens: Tokens) -> None:
        card = QRectF(rect).adjusted(8.5, 0.5, -8.5, -0.5)
        if current:
            painter.fillRect(QRectF(0, rect.top() + 8, 3, rect.height() - 16), QColor(tokens.accent))
            painter.setBrush(QColor(tokens.base))
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.drawRoundedRect(card, RADIUS_CONTROL, RADIUS_CONTROL)
        elif hover:
            painter.setBrush(QColor(tokens.line))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(card, RADIUS_CONTROL, RADIUS_CONTROL)
        if ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accenttext), 2))
            painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CONTROL, RADIUS_CONTROL)

    def _words(
        self, painter: QPainter, rect: QRect, index: Index, current: bool, narrow: bool, font: QFont, tokens: Tokens
    ) -> None:
        top = rect.center().y() - 8
        left = rect.left() + (rect.width() - 17) // 2 if narrow else rect.left() + 19
        paint_icon(painter, QRectF(left, top, 17, 17), index.data(ICON), tokens.accenttext if current else tokens.muted)
        badge: Badge | None = index.data(BADGE)
        if badge is not None:
            self._badge(painter, rect, badge, narrow, font, tokens)
        if narrow:
            return
        font = step_font(font, "body", weight=600 if current else 400)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text if current else tokens.muted))
        words = rect.adjusted(48, 0, -44 if badge else -14, 0)
        shown = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)

    def _badge(self, painter: QPainter, rect: QRect, badge: Badge, narrow: bool, font: QFont, tokens: Tokens) -> None:
        middle = rect.center().y() + 0.5
        if badge.state:
            left = rect.right() - 25 if narrow else rect.right() - 30
            place = QRectF(left, middle - (14 if narrow else 6), 12, 12)
            paint_state(painter, place, badge.state, tokens)
        elif badge.text and not narrow:
            painter.setFont(step_font(font, "small", weight=600))
            width = max(20, painter.fontMetrics().horizontalAdvance(badge.text) + 12)
            place = QRectF(rect.right() - 18 - width, middle - 9, width, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accentsoft))
            painter.drawRoundedRect(place, 4, 4)
            painter.setPen(QColor(tokens.accenttext))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, badge.text)


class RailList(QListView):
    """One column of pages."""

    left = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by_keyboard = False
        self.setProperty("part", "rail")
        self.setModel(QStandardItemModel(self))
        self.setItemDelegate(RailDelegate(self))
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Pages"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A focus that came by a click, or with the window, needs no ring."""
        self.by_keyboard = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        chosen, selection = self.currentIndex().isValid(), self.selectionModel()
        # Qt makes the first row current; to arrive at a list is not to choose a page.
        selection.blockSignals(True)
        super().focusInEvent(event)
        if not chosen:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
        selection.blockSignals(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.by_keyboard = False
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """At an end of the list the arrows go on to the other list."""
        # Ctrl of a shortcut, or Escape, is no walk along the rail.
        self.by_keyboard = self.by_keyboard or event.key() in WALKS
        row = self.currentIndex().row()
        if event.key() == Qt.Key.Key_Down and row == self.model().rowCount() - 1:
            self.left.emit(1)
        elif event.key() == Qt.Key.Key_Up and row == 0:
            self.left.emit(-1)
        else:
            super().keyPressEvent(event)

    def height_of_rows(self) -> int:
        """The height of all rows."""
        return sum(self.sizeHintForRow(row) for row in range(self.model().rowCount()))


class RailFoot(QAbstractButton):
    """The gateway in two lines; a click opens its page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "railfoot")
        self._shape = StateShape("checking", 14, self)
        self._title = label("", "small", parent=self)
        self._address = label("", "mono", "muted", self)
        self._address.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        for part in (self._shape, self._title, self._address):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._shape)
        line.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 10, 8, 10)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self._address)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        inside = self.layout()
        assert inside is not None
        return inside.sizeHint()

    def tell(self, state: str, title: str, address: str) -> None:
        """Show a state shape, a word, and the address."""
        self._shape.set_state(state)
        self._title.setText(title)
        font = QFont(self._title.font())
        font.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(font)
        self._address.setText(address)
        self.setAccessibleName(f"{title} {address}".strip())
        self.setToolTip(f"{title}\n{address}".strip())

    def set_narrow(self, narrow: bool) -> None:
        """Only the shape."""
        self._title.setVisible(not narrow)
        self._address.setVisible(not narrow)
        inside = self.layout()
        assert inside is not None
        inside.setContentsMargins(*((21, 14, 21, 14) if narrow else (18, 10, 8, 10)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = QColor(tokens_of(self.palette()).line)
        painter.fillRect(12, 0, self.width() - 24, 1, color)
        painter.end()


class Rail(QWidget):
    """Mark, pages, foot. `chosen` brings the id of the page that was chosen; `foot.clicked` asks for the gateway."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._top, self._bottom = RailList(self), RailList(self)
        self.foot = RailFoot(self)
        self._name = label("BooControl", "name", parent=self)
        self._lay_out()
        self._top.left.connect(lambda by: self._cross(self._bottom, 0) if by > 0 else None)
        self._bottom.left.connect(
            lambda by: self._cross(self._top, self._top.model().rowCount() - 1) if by < 0 else None
        )
        for view in (self._top, self._bottom):
            view.selectionModel().currentChanged.connect(self._current_changed)
            view.clicked.connect(lambda index: self.chosen.emit(index.data(ID)))

    def add(self, page: str, title: str, icon: str, number: int) -> None:
        """Add a page at the end. `number` (from 1) is the digit of its shortcut."""
        view = self._bottom if page in AT_THE_FOOT else self._top
        model = self._model(view)
        item = QStandardItem(title)
        item.setData(page, ID)
        item.setData(icon, ICON)
        item.setToolTip(self.tr("{page} (Ctrl+{n})").format(page=title, n=number) if number <= 9 else title)
        item.setData(title, Qt.ItemDataRole.AccessibleTextRole)
        above = model.item(model.rowCount() - 1) if model.rowCount() else None
        if above is not None and GROUPS.get(above.data(ID), 0) != GROUPS.get(page, 0):
            item.setData(True, FIRST_OF_GROUP)
        model.appendRow(item)
        self._bottom.setFixedHeight(self._bottom.height_of_rows() + 8)

    def set_current(self, page: str) -> None:
        """Mark a page as the one that is shown. The keyboard goes along when it is in the rail."""
        self._mark(page)
        views = (self._top, self._bottom)
        if any(view.hasFocus() and not view.currentIndex().isValid() for view in views):
            left, goal = views if self._bottom.currentIndex().isValid() else views[::-1]
            goal.setFocus(Qt.FocusReason.OtherFocusReason)
            goal.by_keyboard = left.by_keyboard

    def _mark(self, page: str) -> None:
        for view in (self._top, self._bottom):
            item = self._item(view, page)
            selection = view.selectionModel()
            selection.blockSignals(True)
            if item is None:
                view.setCurrentIndex(QModelIndex())
                view.clearSelection()
            else:
                view.setCurrentIndex(item.index())
            selection.blockSignals(False)
            view.viewport().update()

    def set_badge(self, page: str, badge: Badge | None) -> None:
        """Show something at the right of a page's name, or nothing."""
        for view in (self._top, self._bottom):
            item = self._item(view, page)
            if item is not None and item.data(BADGE) != badge:
                item.setData(badge, BADGE)
                words = f"{item.text()}, {badge.word or badge.text}" if badge else item.text()
                item.setData(words, Qt.ItemDataRole.AccessibleTextRole)

    def set_narrow(self, narrow: bool) -> None:
        """Icons only."""
        self.setFixedWidth(RAIL_NARROW if narrow else grown(RAIL, self.font()))
        self._name.setVisible(not narrow)
        self.foot.set_narrow(narrow)

    def _cross(self, view: RailList, row: int) -> None:
        if view.model().rowCount():
            view.setFocus(Qt.FocusReason.TabFocusReason)
            view.setCurrentIndex(view.model().index(row, 0))

    def _current_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(ID))

    def _model(self, view: RailList) -> QStandardItemModel:
        model = view.model()
        assert isinstance(model, QStandardItemModel)
        return model

    def _item(self, view: RailList, page: str) -> QStandardItem | None:
        model = self._model(view)
        items = (model.item(row) for row in range(model.rowCount()))
        return next((item for item in items if item.data(ID) == page), None)

    def _lay_out(self) -> None:
        mark = Picture("mark", 20, "accenttext", self)
        head = QHBoxLayout()
        head.setContentsMargins(19, 22, 8, 18)
        head.setSpacing(11)
        head.addWidget(mark)
        head.addWidget(self._name)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._top, 1)
        column.addWidget(self._bottom)
        column.addWidget(self.foot)
        self.set_narrow(False)
