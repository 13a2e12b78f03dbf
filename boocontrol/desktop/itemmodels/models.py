"""The Models list for a tree view: title rows with model rows under them, five columns, cut to a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from boocontrol.core.catalog import Catalog
from boocontrol.desktop.itemmodels.ages import Clock, wall_clock
from boocontrol.desktop.itemmodels.load_news import LoadNews
from boocontrol.desktop.itemmodels.model_filter import ModelQuery
from boocontrol.desktop.itemmodels.model_rows import FAVORITES, ModelRow, Section, SectionRow, sections
from boocontrol.desktop.itemmodels.model_tree import Node, Nodes
from boocontrol.desktop.itemmodels.model_words import COLUMNS, MODEL, ModelWords
from boocontrol.desktop.itemmodels.row_changes import steps

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole
SECTION_ROLE: Final = Qt.ItemDataRole.UserRole + 1
FAVORITE_MIME: Final = "application/x-boocontrol-favorite"
NOWHERE: Final = QModelIndex()

# Ready-made: a view asks for the flags of every row that it lays out.
_PLAIN: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_MODEL: Final = _PLAIN | Qt.ItemFlag.ItemNeverHasChildren
_FAVORITE: Final = _MODEL | Qt.ItemFlag.ItemIsDragEnabled
_FAVORITES: Final = _PLAIN | Qt.ItemFlag.ItemIsDropEnabled


class ModelsItemModel(QAbstractItemModel):
    """Sections and models of a catalog. `take` and `show` change it in place: no reset, so nothing jumps.

    The query is part of it and not of a proxy: with 5,000 models a proxy's calls back into Python cost more than
    the time between two keys.
    """

    favorite_dropped = Signal(str, int)  # the favorite as stored, and its position, counted without it

    def __init__(self, parent: QObject | None = None, *, clock: Clock = wall_clock) -> None:
        super().__init__(parent)
        self.words = ModelWords(self, clock=clock)
        self.query = ModelQuery()
        self._built: tuple[Section, ...] = ()
        self._nodes = Nodes()
        self._shown: list[Node] = []
        self._by_uid: dict[int, Node] = {}

    def take(
        self,
        catalog: Catalog,
        favorites: Sequence[str],
        *,
        stale: bool = False,
        asked: Mapping[str, float] | None = None,
        star_problems: Mapping[str, str] | None = None,
        problems: Mapping[str, str] | None = None,
        loads: Mapping[str, LoadNews] | None = None,
    ) -> None:
        """Show this. Sections and favorites stand in their order; a new model comes in at its section's end."""
        built = self._built = sections(
            catalog,
            favorites,
            stale=stale,
            asked=asked,
            star_problems=star_problems,
            problems=problems,
            loads=loads,
            before={section.head.key: section for section in self._built},
        )
        self._nodes.take(built)
        wanted = {node.uid: node.wanted(self.query) for node in self._nodes.in_order}
        self._sync_sections([n for n in self._nodes.in_order if self.query.empty or wanted[n.uid]], wanted)
        heads = {section.head.key: section.head for section in built}
        for node in self._nodes.in_order:
            before_it, node.head = node.head, heads[node.head.key]
            if node.uid not in self._by_uid or not node.changed:
                continue
            if self._sync_rows(node, wanted[node.uid]) or node.head != before_it:
                at = self._section_index(node)
                self.dataChanged.emit(at, at.siblingAtColumn(COLUMNS - 1))

    def show(self, query: ModelQuery) -> None:
        """Cut to this query from now on."""
        if query == self.query:
            return
        self.query = query
        found = {n.uid: query.pick(n.all) if not query.empty else n.all for n in self._nodes.in_order}
        shown = [n for n in self._nodes.in_order if query.empty or found[n.uid]]
        if shown == self._shown and all(len(n.rows) == len(found[n.uid]) and n.rows == found[n.uid] for n in shown):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        named = [self._name(index) for index in before]
        self._shown = shown
        for node in self._nodes.in_order:
            node.rows = list(found[node.uid])
        self._number()
        self.changePersistentIndexList(before, [self._named(*name) for name in named])
        self.layoutChanged.emit()

    # --- reading ---

    @property
    def hidden(self) -> int:
        """How many models of the providers' sections the query hides."""
        shown = sum(len(node.rows) for node in self._shown if node.head.key != FAVORITES)
        return len(self._nodes.listed()) - shown

    def listed(self) -> list[ModelRow]:
        """Every model of the providers' sections, shown or not."""
        return self._nodes.listed()

    def section_at(self, index: Index) -> SectionRow | None:
        """The section whose title row this is."""
        return self._shown[index.row()].head if index.isValid() and not index.internalId() else None

    def row_at(self, index: Index) -> ModelRow | None:
        """The model in this row, None for a title."""
        uid = index.internalId() if index.isValid() else 0
        return self._by_uid[uid].rows[index.row()] if uid else None

    def section_indexes(self) -> Iterator[QModelIndex]:
        """The title rows, from top to bottom."""
        return (self.createIndex(at, 0, 0) for at in range(len(self._shown)))

    def index_of(self, ref: str, section: str | None = None) -> QModelIndex:
        """Where a ref is shown: in the named section, or in the first that has it."""
        for node in self._shown:
            if section is None or node.head.key == section:
                for at, row in enumerate(node.rows):
                    if row.ref == ref:
                        return self.createIndex(at, MODEL, node.uid)
        return QModelIndex()

    # --- changes in place ---

    def _sync_sections(self, wanted: list[Node], rows: Mapping[int, list[ModelRow]]) -> None:
        by_key = {node.head.key: node for node in wanted}
        keys = list(by_key)
        shown = self._shown
        for step in list(steps([n.head.key for n in shown], keys)):
            if step.action == "remove":
                self.beginRemoveRows(NOWHERE, step.first, step.last)
                for node in shown[step.first : step.last + 1]:
                    node.rows = []
                del shown[step.first : step.last + 1]
                self._number()
                self.endRemoveRows()
            elif step.action == "insert":
                self.beginInsertRows(NOWHERE, step.first, step.last)
                shown[step.first : step.first] = [by_key[k] for k in keys[step.first : step.last + 1]]
                for node in shown[step.first : step.last + 1]:
                    node.rows = rows[node.uid]
                self._number()
                self.endInsertRows()
            else:
                self.beginMoveRows(NOWHERE, step.first, step.first, NOWHERE, step.last)
                shown.insert(step.last, shown.pop(step.first))
                self._number()
                self.endMoveRows()

    def _number(self) -> None:
        for position, node in enumerate(self._shown):
            node.position = position
        self._by_uid = {node.uid: node for node in self._shown}

    def _sync_rows(self, node: Node, wanted: list[ModelRow]) -> bool:
        """Bring the shown rows to what is wanted. True when any row came, went or changed."""
        parent = self._section_index(node)
        taken = list(steps([row.key for row in node.rows], [row.key for row in wanted]))
        for step in taken:
            if step.action == "remove":
                self.beginRemoveRows(parent, step.first, step.last)
                del node.rows[step.first : step.last + 1]
                self.endRemoveRows()
            elif step.action == "insert":
                self.beginInsertRows(parent, step.first, step.last)
                node.rows[step.first : step.first] = wanted[step.first : step.last + 1]
                self.endInsertRows()
            else:
                self.beginMoveRows(parent, step.first, step.first, parent, step.last)
                node.rows.insert(step.last, node.rows.pop(step.first))
                self.endMoveRows()
        return self._replace_changed(node, wanted) or bool(taken)

    def _replace_changed(self, node: Node, wanted: list[ModelRow]) -> bool:
        """Put in the new values, and tell of runs of rows that say something else now."""
        changed = [at for at, new in enumerate(wanted) if node.rows[at] is not new and node.rows[at] != new]
        node.rows[:] = wanted
        for first, last in _runs(changed):
            self.dataChanged.emit(self.createIndex(first, 0, node.uid), self.createIndex(last, COLUMNS - 1, node.uid))
        return bool(changed)

    def _section_index(self, node: Node) -> QModelIndex:
        return self.createIndex(node.position, 0, 0)

    def _name(self, index: Index) -> tuple[int, str | None, int]:
        """Section, key and column of an index: what finds it again in another cut."""
        uid = index.internalId()
        if not uid:
            return self._shown[index.row()].uid, None, index.column()
        return uid, self._by_uid[uid].rows[index.row()].key, index.column()

    def _named(self, uid: int, key: str | None, column: int) -> QModelIndex:
        node = self._by_uid.get(uid)
        if node is None:
            return QModelIndex()
        if key is None:
            return self.createIndex(node.position, column, 0)
        at = next((at for at, row in enumerate(node.rows) if row.key == key), None)
        return QModelIndex() if at is None else self.createIndex(at, column, uid)

    # --- QAbstractItemModel ---

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        # A view that lays out thousands of rows asks this and `flags` for each: every call into Qt counts here.
        at = parent.row()
        if row < 0 or not 0 <= column < COLUMNS:
            return QModelIndex()
        if at < 0:
            return self.createIndex(row, column, 0) if row < len(self._shown) else QModelIndex()
        if parent.internalId() or parent.column():
            return QModelIndex()
        node = self._shown[at]
        return self.createIndex(row, column, node.uid) if row < len(node.rows) else QModelIndex()

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        uid = index.internalId() if index.isValid() else 0
        return self.createIndex(self._by_uid[uid].position, 0, 0) if uid in self._by_uid else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        if not parent.isValid():
            return len(self._shown)
        return 0 if parent.internalId() or parent.column() else len(self._shown[parent.row()].rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return COLUMNS

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        return self.rowCount(parent) > 0

    def flags(self, index: Index) -> Qt.ItemFlag:
        uid = index.internalId()
        if uid:
            return _FAVORITE if self._by_uid[uid].head.key == FAVORITES else _MODEL
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _FAVORITES if self._shown[index.row()].head.key == FAVORITES else _PLAIN

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is not None:
            return row if role == ROW_ROLE else self.words.of_row(row, index.column(), role)
        head = self.section_at(index)
        if role == SECTION_ROLE:
            return head
        return self.words.of_section(head, role) if head and not index.column() else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.words.head(section)
        return None

    # --- another order of favorites ---

    def position_beside(self, index: Index, step: int) -> int | None:
        """Where a favorite goes that moves one row down (1) or up (-1): its position among all, counted without it.

        Rows that a search hides are passed over along with the one that is seen. None where there is none to pass.
        """
        node = self._shown[index.parent().row()]
        at = index.row() + step
        if not 0 <= at < len(node.rows):
            return None
        key, passed = node.rows[index.row()].key, node.rows[at].key
        return [r.key for r in node.all if r.key != key].index(passed) + (step > 0)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [FAVORITE_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        row = next((r for r in map(self.row_at, indexes) if r is not None), None)
        data = QMimeData()
        if row is not None:
            data.setData(FAVORITE_MIME, row.key.encode())
            data.setText(row.ref)
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Ask for the new order; the rows move when the store says so."""
        head = self.section_at(parent)
        if head is None or head.key != FAVORITES or not data.hasFormat(FAVORITE_MIME):
            return False
        node = self._shown[parent.row()]
        key = bytes(data.data(FAVORITE_MIME).data()).decode()
        rest = [r.key for r in node.all if r.key != key]
        if len(rest) == len(node.all):
            return False
        # Where it was dropped is told among the shown rows; the row under it says where that is among all.
        below = next((r.key for r in node.rows[row:] if r.key != key), None) if row >= 0 else None
        self.favorite_dropped.emit(key, rest.index(below) if below in rest else len(rest))
        return True


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of rising numbers without a gap."""
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield numbers[start], numbers[at - 1]
            start = at
