"""The tree of the Models page: keys, clicks and drags become signals. It shows an item model and asks no store."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyle, QStyleOptionViewItem, QTreeView, QWidget

from boocontrol.desktop.itemmodels.model_rows import ModelRow
from boocontrol.desktop.itemmodels.model_words import ACTION, COLUMNS, MODEL, STAR, STATE
from boocontrol.desktop.itemmodels.models import ModelsItemModel
from boocontrol.desktop.pages.models_delegate import COLUMN_WIDTHS, ModelDelegate, action_rect, paint_line
from boocontrol.desktop.tokens import TABLE_HEAD, tokens_of

Index = QModelIndex | QPersistentModelIndex
Key = Qt.Key


class ModelsTree(QTreeView):
    """Sections are unfolded unless the person folded them. Refs go out by signals, nothing is done here."""

    star_clicked = Signal(str)
    load_asked = Signal(str)
    unload_asked = Signal(str)
    favorite_moved = Signal(str, int)  # as stored, and its new position
    copy_asked = Signal(str)
    row_chosen = Signal(object)  # ModelRow, or None
    menu_asked = Signal(object, QPoint)  # ModelRow, where on the screen

    def __init__(self, item_model: ModelsItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = item_model
        self._folded: set[str] = set()
        self._delegate = ModelDelegate(item_model.words, self)
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self._pressed_on = QPersistentModelIndex()
        self._pointed = False
        self._told: dict[tuple[int, int], tuple[str, ...] | str] = {}
        self.setItemDelegate(self._delegate)
        self.setModel(item_model)
        self._set_up_view()
        self._set_up_head()
        self._follow(item_model)
        self.unfold()

    def _set_up_view(self) -> None:
        self.setAccessibleName(self.tr("Models"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setItemsExpandable(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)

    def _set_up_head(self) -> None:
        head = self.header()
        head.setStretchLastSection(False)
        head.setSectionsMovable(False)
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        head.setFixedHeight(TABLE_HEAD)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in range(COLUMNS):
            stretch = column == MODEL
            mode = QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Fixed
            head.setSectionResizeMode(column, mode)
            if not stretch:
                head.resizeSection(column, COLUMN_WIDTHS[column])

    def _follow(self, item_model: ModelsItemModel) -> None:
        item_model.rowsInserted.connect(self._came)
        item_model.layoutChanged.connect(self.unfold)
        item_model.favorite_dropped.connect(self.favorite_moved)
        self.expanded.connect(lambda index: self._fold(index, False))
        self.collapsed.connect(lambda index: self._fold(index, True))

    # --- reading ---

    def current_row(self) -> ModelRow | None:
        """The model of the current row; None on a title or nowhere."""
        return self._model.row_at(self.currentIndex())

    def select(self, ref: str, section: str | None = None) -> bool:
        """Go to a model."""
        index = self._model.index_of(ref, section)
        if index.isValid():
            self.setCurrentIndex(index)
        return index.isValid()

    # --- folding, and rows that come in above ---

    def unfold(self) -> None:
        """Unfold whatever the person has not folded; while something is searched for, everything."""
        searching = not self._model.query.empty
        for index in self._model.section_indexes():
            head = self._model.section_at(index)
            wanted = searching or (head is not None and head.key not in self._folded)
            if wanted != self.isExpanded(index):
                self.blockSignals(True)
                self.setExpanded(index, wanted)
                self.blockSignals(False)

    def _fold(self, index: QModelIndex, folded: bool) -> None:
        head = self._model.section_at(index)
        if head is not None and self._model.query.empty:
            (self._folded.add if folded else self._folded.discard)(head.key)

    def _came(self, parent: QModelIndex, first: int, last: int) -> None:
        self.unfold()

    def hold(self) -> None:
        """Remember the row under the pointer, or the top row, and where it is: `release` puts it back there."""
        pointer = self.viewport().mapFromGlobal(self.cursor().pos())
        inside = self._pointed and self.viewport().rect().contains(pointer)
        if not inside and not self.verticalScrollBar().value():
            self._anchor = None  # at the top, what is new there is to be seen
            return
        index = self.indexAt(pointer if inside else QPoint(COLUMN_WIDTHS[STAR] + 1, 0))
        top = self.visualRect(index).top()
        self._anchor = (QPersistentModelIndex(index), top) if index.isValid() else None

    def release(self) -> None:
        """After a change: the held row is where it was."""
        if self._anchor is None:
            return
        held, top = self._anchor
        self._anchor = None
        if held.isValid():
            self.executeDelayedItemsLayout()
            now = self.visualRect(held).top()
            bar = self.verticalScrollBar()
            if now != top:
                self.updateGeometries()
                bar.setValue(bar.value() + now - top)

    # --- painting ---

    def tell_time(self) -> None:
        """Paint the rows in view again whose times read differently by now; most say the same for a minute."""
        words = self._model.words
        told: dict[tuple[int, int], tuple[str, ...] | str] = {}
        left, right = self.columnViewportPosition(STATE), self.columnViewportPosition(ACTION)
        index = self.indexAt(QPoint(COLUMN_WIDTHS[STAR] + 1, 0))
        while index.isValid() and (rect := self.visualRect(index)).top() < self.viewport().height():
            row, head = self._model.row_at(index), self._model.section_at(index)
            key = (index.parent().row(), index.row())
            told[key] = (words.state(row), words.source(row)) if row else words.section_line(head) if head else ""
            turns = row is not None and row.shape in ("starting", "stopping")
            if row is None and told[key] != self._told.get(key):
                self.viewport().update(0, rect.top(), self.viewport().width(), rect.height())
            elif turns or told[key] != self._told.get(key):
                self.viewport().update(left, rect.top(), right - left, rect.height())
            index = self.indexBelow(index)
        self._told = told

    def paintEvent(self, event: QPaintEvent) -> None:
        self._delegate.dirty = event.region()
        super().paintEvent(event)

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        head = self._model.section_at(index)
        current = index.row() == self.currentIndex().row() and index.parent() == self.currentIndex().parent()
        if head is not None:
            self._delegate.paint_section(painter, options, head, self.isExpanded(index))
        else:
            tokens = tokens_of(self.palette())
            chosen = self.selectionModel().isRowSelected(index.row(), index.parent())
            painter.fillRect(options.rect, QColor(tokens.accentsoft if chosen else tokens.base))
            super().drawRow(painter, options, index)
            paint_line(painter, options.rect, tokens)
        if current and self.hasFocus():
            self._ring(painter, options)

    def _ring(self, painter: QPainter, options: QStyleOptionViewItem) -> None:
        painter.setPen(QPen(QColor(tokens_of(self.palette()).accenttext), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(options.rect.adjusted(1, 1, -2, -2))

    def initViewItemOption(self, option: QStyleOptionViewItem) -> None:
        """The ring is drawn once around the row and not in each cell."""
        super().initViewItemOption(option)
        option.showDecorationSelected = False
        option.state &= ~QStyle.StateFlag.State_HasFocus

    # --- pointer ---

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid() or index != self._pressed_on:
            return
        row = self._model.row_at(index)
        if row is None:
            self.setExpanded(index.siblingAtColumn(0), not self.isExpanded(index.siblingAtColumn(0)))
        elif index.column() == STAR:
            self.star_clicked.emit(row.key if not row.section else row.ref)
        elif index.column() == ACTION and action_rect(self.visualRect(index)).contains(event.position().toPoint()):
            self._act(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_on = QPersistentModelIndex(self.indexAt(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A pointer that only happens to lie where the list is points at nothing."""
        self._pointed = True
        super().mouseMoveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._pointed = False
        super().hideEvent(event)

    def _act(self, row: ModelRow) -> None:
        if row.can_unload:
            self.unload_asked.emit(row.ref)
        elif row.can_load:
            self.load_asked.emit(row.ref)

    def _menu(self, place: QPoint) -> None:
        row = self._model.row_at(self.indexAt(place))
        if row is not None:
            self.menu_asked.emit(row, self.viewport().mapToGlobal(place))

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if row is None:
            if event.key() in (Key.Key_Return, Key.Key_Enter, Key.Key_Space) and self.currentIndex().isValid():
                title = self.currentIndex().siblingAtColumn(0)
                self.setExpanded(title, not self.isExpanded(title))
                return
            self._pass_on(event)
        elif not self._on_row(event, row):
            self._pass_on(event)

    def _pass_on(self, event: QKeyEvent) -> None:
        """Letters and signs belong to the page and the window; an item view would keep them for its own search."""
        text = event.text()
        if text.isprintable() and not text.isspace() and text:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _on_row(self, event: QKeyEvent, row: ModelRow) -> bool:
        """What a key does to a model. False leaves it to the view."""
        key, held = event.key(), event.modifiers()
        if held == Qt.KeyboardModifier.AltModifier and key in (Key.Key_Up, Key.Key_Down) and not row.section:
            at = self._model.position_beside(self.currentIndex(), 1 if key == Key.Key_Down else -1)
            if at is not None:
                self.favorite_moved.emit(row.key, at)
        elif held == Qt.KeyboardModifier.ControlModifier and key == Key.Key_C:
            self.copy_asked.emit(row.ref)
        elif held not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            return False
        elif key == Key.Key_S:
            self.star_clicked.emit(row.key if not row.section else row.ref)
        elif key in (Key.Key_Return, Key.Key_Enter):
            if row.can_load:
                self.load_asked.emit(row.ref)
        elif key == Key.Key_Delete:
            if row.can_unload:
                self.unload_asked.emit(row.ref)
        else:
            return False
        return True

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.row_chosen.emit(self._model.row_at(current))
