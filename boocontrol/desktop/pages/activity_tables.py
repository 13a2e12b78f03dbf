"""The two lists of the Activity page: keys and clicks become signals. They show item models and ask no store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyle, QStyleOptionViewItem, QTableView, QWidget

from boocontrol.core.activity import ActivityRow
from boocontrol.desktop.itemmodels import activity_history as history
from boocontrol.desktop.itemmodels import activity_now as now
from boocontrol.desktop.pages.activity_delegate import Cells, HistoryDelegate, NowDelegate, cancel_rect
from boocontrol.desktop.tokens import BASE_PX, ROW, TABLE_HEAD, tokens_of

Key = Qt.Key

_NOW_WIDTHS: Final = {
    now.SHAPE: 30,
    now.WHO: 132,
    now.ELAPSED: 76,
    now.TOKENS: 72,
    now.SPEED: 66,
    now.ACTION: 108,
}
_HISTORY_WIDTHS: Final = {
    history.AGE: 92,
    history.OUTCOME: 150,
    history.WHO: 116,
    history.TTFT: 92,
    history.DURATION: 82,
    history.PROMPT: 74,
    history.OUTPUT: 74,
    history.SPEED: 66,
}
# Columns that share what is left need this much each; while they have less, others go, from the left of these.
_SHARE_LEAST: Final = 190
_NOW_GOES: Final = (now.SPEED, now.TOKENS, now.WHO)
_HISTORY_GOES: Final = (history.PROMPT, history.DURATION, history.SPEED, history.WHO, history.TTFT)


class _Table(QTableView):
    """What both lists share: one row at a time, a ring around the current one, hairlines, columns that fit."""

    def __init__(
        self,
        item_model: QAbstractItemModel,
        shares: tuple[int, ...],
        widths: dict[int, int],
        goes: tuple[int, ...],
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self._shares, self._widths, self._goes = shares, widths, goes
        self.setModel(item_model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows, head = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(self.row_height)
        head.setFixedHeight(TABLE_HEAD)
        head.setHighlightSections(False)
        head.setSectionsMovable(False)
        head.setMinimumSectionSize(24)
        for column in range(item_model.columnCount()):
            mode = QHeaderView.ResizeMode.Stretch if column in shares else QHeaderView.ResizeMode.Fixed
            head.setSectionResizeMode(column, mode)

    @property
    def row_height(self) -> int:
        """The height of a row, which follows the font."""
        return max(ROW, self.fontMetrics().height() + 18)

    def fit(self) -> None:
        """Give the columns their widths; where there is little room some go."""
        grow = max(1.0, QFontInfo(self.font()).pixelSize() / BASE_PX)
        widths = {column: round(width * grow) for column, width in self._widths.items()}
        room = self.viewport().width() - round(_SHARE_LEAST * grow) * len(self._shares)
        gone: set[int] = set()
        for column in self._goes:
            if sum(width for c, width in widths.items() if c not in gone) <= room:
                break
            gone.add(column)
        for column, width in widths.items():
            self.setColumnHidden(column, column in gone)
            if self.columnWidth(column) != width and column not in gone:
                self.setColumnWidth(column, width)

    def name_hosts(self, labels: Mapping[str, str]) -> None:
        """What hosts are called, by their ids."""
        delegate = self.itemDelegate()
        if isinstance(delegate, Cells) and delegate.labels != labels:
            delegate.labels = labels
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.verticalHeader().setDefaultSectionSize(self.row_height)
            delegate = self.itemDelegate()
            if isinstance(delegate, Cells):
                delegate.forget_fonts()
            self.fit()

    def initViewItemOption(self, option: QStyleOptionViewItem) -> None:
        """The ring is drawn once around the row and not in each cell."""
        super().initViewItemOption(option)
        option.state &= ~QStyle.StateFlag.State_HasFocus

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        current = self.currentIndex()
        if not current.isValid() or not self.hasFocus():
            return
        row = QRect(0, self.rowViewportPosition(current.row()), self.viewport().width(), self.rowHeight(current.row()))
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(tokens_of(self.palette()).accenttext), 2))
        painter.drawRect(row.adjusted(1, 1, -1, -2))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters and signs belong to the page and the window; an item view would keep them for its own search."""
        text = event.text()
        if self.does(event):
            return
        letter = bool(text) and text.isprintable() and not text.isspace()
        if letter or event.key() in (Key.Key_Return, Key.Key_Enter, Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def does(self, event: QKeyEvent) -> bool:
        """What a key does to the current row. False leaves it to the view."""
        return False


class NowTable(_Table):
    """What runs. `cancel_asked` brings a request's id; `left` says that the pointer went away."""

    cancel_asked = Signal(str)
    left = Signal()
    menu_asked = Signal(object, QPoint)  # NowRow, where on the screen

    def __init__(self, item_model: now.NowItemModel, parent: QWidget | None = None) -> None:
        super().__init__(item_model, (now.MODEL, now.PHASE), _NOW_WIDTHS, _NOW_GOES, parent)
        self._rows = item_model
        self._pressed = ""
        self.setItemDelegate(NowDelegate(item_model, self))
        self.setAccessibleName(self.tr("Requests that run now"))
        self.horizontalHeader().setSectionsClickable(False)
        self.customContextMenuRequested.connect(self._menu)

    def current_row(self) -> now.NowRow | None:
        """The request of the current row."""
        return self._rows.row_at(self.currentIndex())

    def does(self, event: QKeyEvent) -> bool:
        row = self.current_row()
        if row is None or event.key() not in (Key.Key_Delete, Key.Key_Cancel, Key.Key_Backspace):
            return False
        if row.can_cancel:
            self.cancel_asked.emit(row.row.id)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._button_at(event)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, ""
        if pressed and event.button() == Qt.MouseButton.LeftButton and self._button_at(event) == pressed:
            self.cancel_asked.emit(pressed)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def _button_at(self, event: QMouseEvent) -> str:
        """The id of the request whose button is there."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        row = self._rows.row_at(index)
        hit = row is not None and row.can_cancel and index.column() == now.ACTION
        return row.row.id if row is not None and hit and cancel_rect(self.visualRect(index)).contains(place) else ""

    def _menu(self, place: QPoint) -> None:
        row = self._rows.row_at(self.indexAt(place))
        if row is not None:
            self.menu_asked.emit(row, self.viewport().mapToGlobal(place))


class HistoryTable(_Table):
    """What ran. `more_wanted` comes near the end of what is here; `newer` says how many rows came above."""

    opened = Signal(object)  # ActivityRow
    row_chosen = Signal(object)  # ActivityRow, or None
    copy_asked = Signal(object)
    more_wanted = Signal()
    newer = Signal(int)
    menu_asked = Signal(object, QPoint)

    def __init__(self, item_model: history.HistoryItemModel, parent: QWidget | None = None) -> None:
        super().__init__(item_model, (history.MODEL,), _HISTORY_WIDTHS, _HISTORY_GOES, parent)
        self._rows = item_model
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self._newer = 0
        self.setItemDelegate(HistoryDelegate(item_model, self))
        self.setAccessibleName(self.tr("Requests that ended"))
        head = self.horizontalHeader()
        head.setSortIndicator(history.AGE, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        head.setSortIndicatorClearable(False)
        self.customContextMenuRequested.connect(self._menu)
        self.doubleClicked.connect(self._open)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        item_model.modelReset.connect(self._all_seen)

    def current_row(self) -> ActivityRow | None:
        """The request of the current row."""
        return self._rows.row_at(self.currentIndex())

    def focus_first(self) -> bool:
        """Go to the first row, by keyboard. False where there is none."""
        if not self.model().rowCount() or not self.isVisible():
            return False
        self.setCurrentIndex(self.model().index(0, 0))
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def to_top(self) -> None:
        """To the newest."""
        self.scrollToTop()
        self._all_seen()

    # --- rows that come in above ---

    def hold(self) -> None:
        """Before rows come: remember the row that must not move. At the top, with nobody pointing, none is."""
        pointer = self.viewport().mapFromGlobal(self.cursor().pos())
        inside = self.isVisible() and self.viewport().rect().contains(pointer) and self.underMouse()
        scrolled = self.verticalScrollBar().value() > 0
        index = self.indexAt(pointer) if inside else self.indexAt(QPoint(4, 0))
        if not inside and not scrolled and self.currentIndex().isValid() and self.hasFocus():
            index = self.currentIndex()
        elif not inside and not scrolled:
            index = QModelIndex()
        top = self.visualRect(index.siblingAtColumn(history.MODEL)).top()
        self._anchor = (QPersistentModelIndex(index), top) if index.isValid() else None

    def release(self, came: int) -> None:
        """After a change: the held row is where it was, and what came is above it."""
        anchor, self._anchor = self._anchor, None
        if anchor is None or not anchor[0].isValid() or not came:
            return
        held, top = anchor
        self.updateGeometries()
        bar = self.verticalScrollBar()
        place = self.rowViewportPosition(held.row())
        if place != top:
            bar.setValue(bar.value() + place - top)
        if bar.value() > 0 and self._rows.by_time:
            self._newer += came
            self.newer.emit(self._newer)

    def _all_seen(self) -> None:
        if self._newer:
            self._newer = 0
            self.newer.emit(0)

    def _scrolled(self, value: int) -> None:
        if not value:
            self._all_seen()
        if value >= self.verticalScrollBar().maximum() - 4 * self.row_height:
            self.more_wanted.emit()

    # --- keys and clicks ---

    def does(self, event: QKeyEvent) -> bool:
        row = self.current_row()
        if row is None:
            return False
        if event.key() in (Key.Key_Return, Key.Key_Enter) and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.opened.emit(row)
            return True
        if event.key() == Key.Key_C and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.copy_asked.emit(row)
            return True
        return False

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        # Also called by setModel, before there is anything else.
        self.row_chosen.emit(current.data(history.ROW_ROLE))

    def _open(self, index: QModelIndex) -> None:
        row = self._rows.row_at(index)
        if row is not None:
            self.opened.emit(row)

    def _menu(self, place: QPoint) -> None:
        row = self._rows.row_at(self.indexAt(place))
        if row is not None:
            self.menu_asked.emit(row, self.viewport().mapToGlobal(place))
