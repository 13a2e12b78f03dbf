"""The command palette (Ctrl+K): hosts, models, pages and actions by a few letters, without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from boocontrol.desktop.icons import paint_icon
from boocontrol.desktop.palette_search import Entry, Group, Hit, search, sections
from boocontrol.desktop.text import tr
from boocontrol.desktop.tokens import Tokens, grown, step_font, tokens_of
from boocontrol.desktop.widgets import KeyCap, Picture, label, paint_state
from boocontrol.desktop.widgets.popup import Popup

Index = QModelIndex | QPersistentModelIndex

WIDTH: Final = 640
TOP: Final = 96
ROW: Final = 36
HEAD: Final = 30
ROLE: Final = Qt.ItemDataRole.UserRole


class _Rows(QAbstractListModel):
    def __init__(self, names: dict[Group, str], parent: QObject) -> None:
        super().__init__(parent)
        self._names = names
        self.rows: list[Group | Hit] = []

    def show_rows(self, rows: list[Group | Hit]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.entry.title} {row.entry.detail}" if isinstance(row, Hit) else self._names[row]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        on = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return on if isinstance(self.rows[index.row()], Hit) else Qt.ItemFlag.NoItemFlags


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(option.rect.width(), ROW if isinstance(index.data(ROLE), Hit) else HEAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        assert isinstance(view, QListView)
        tokens, row = tokens_of(view.palette()), index.data(ROLE)
        rect = QRect(option.rect)
        painter.save()
        if isinstance(row, Hit):
            current = view.currentIndex() == index
            if current:
                painter.fillRect(rect, QColor(tokens.accentsoft))
            _paint_hit(painter, rect, row, current, view.font(), tokens)
        else:
            painter.setFont(step_font(view.font(), "small", weight=500))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(rect.adjusted(16, 2, -16, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data()))
        painter.restore()


class Palette(Popup):
    """Asks `entries` for what there is each time it is opened."""

    def __init__(self, over: QWidget, entries: Callable[[], Sequence[Entry]]) -> None:
        super().__init__(over, grown(WIDTH, over.font()), TOP)
        self.setAccessibleName(self.tr("Find and do"))
        self._entries = entries
        self._all: Sequence[Entry] = ()
        self.field = QLineEdit(self)
        self.field.setProperty("part", "bare")
        self.field.setProperty("step", "palette")
        self.field.setPlaceholderText(self.tr("Host, model, page or action"))
        self.field.setAccessibleName(self.field.placeholderText())
        self._rows = _Rows(self._names(), self)
        self.list = QListView(self)
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Found"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = label(self.tr("Nothing has this name."), tone="muted", parent=self)
        self._nothing.setContentsMargins(16, 12, 16, 12)
        self._lay_out()
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._run(index.row()))

    def pop(self) -> None:
        """Open it, empty."""
        self._all = list(self._entries())
        self.field.clear()
        self._find("")
        super().pop()

    @property
    def hits(self) -> list[Hit]:
        """What is found now."""
        return [row for row in self._rows.rows if isinstance(row, Hit)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
        if key in steps:
            self._move(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            self.done()
        else:
            return False
        return True

    def _move(self, by: int) -> None:
        """To another hit; past an end to the other end, but only step by step."""
        places = [n for n, row in enumerate(self._rows.rows) if isinstance(row, Hit)]
        if not places:
            return
        now = self.list.currentIndex().row()
        at = places.index(now) if now in places else -1
        to = (at + by) % len(places) if abs(by) == 1 else max(0, min(at + by, len(places) - 1))
        self.list.setCurrentIndex(self._rows.index(places[to], 0))

    def _find(self, typed: str) -> None:
        self._rows.show_rows(sections(search(self._all, typed)))
        found = bool(self._rows.rows)
        self.list.setVisible(found)
        self._nothing.setVisible(not found)
        self.list.setFixedHeight(sum(ROW if isinstance(row, Hit) else HEAD for row in self._rows.rows) + 8)
        self._move(1)
        if self.isVisible():
            self.place()

    def _run(self, row: int) -> None:
        chosen = self._rows.rows[row] if 0 <= row < len(self._rows.rows) else None
        if isinstance(chosen, Hit):
            self.done()
            chosen.entry.run()

    def _names(self) -> dict[Group, str]:
        return {
            "hosts": self.tr("Hosts"),
            "models": self.tr("Models"),
            "pages": self.tr("Pages"),
            "actions": self.tr("Actions"),
        }

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(17, 9, 16, 9)
        head.setSpacing(12)
        head.addWidget(Picture("search", 18, parent=self))
        head.addWidget(self.field, 1)
        head.addWidget(KeyCap(self.tr("Esc"), self))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(_line(self))
        column.addWidget(self.list)
        column.addWidget(self._nothing)
        column.addWidget(_line(self))
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(6)
        arrows = (self.tr("Up", "key"), self.tr("Down", "key"))
        for keys, what in ((arrows, self.tr("choose")), ((self.tr("Enter"),), self.tr("do"))):
            foot.addLayout(self._hint(keys, what))
        foot.addStretch(1)
        for keys, what in (((">",), self.tr("actions only")), (("@",), self.tr("hosts only"))):
            foot.addLayout(self._hint(keys, what))
        return foot

    def _hint(self, keys: tuple[str, ...], what: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        for key in keys:
            line.addWidget(KeyCap(key, self))
        said: QLabel = label(what, "small", "muted", self)
        line.addWidget(said)
        line.addSpacing(10)
        return line


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("part", "line")
    return line


def _paint_hit(painter: QPainter, rect: QRect, hit: Hit, current: bool, font: QFont, tokens: Tokens) -> None:
    entry, middle = hit.entry, rect.center().y()
    if entry.state:
        paint_state(painter, QRectF(rect.left() + 18, middle - 7, 14, 14), entry.state, tokens)
    elif entry.icon:
        paint_icon(painter, QRectF(rect.left() + 17, middle - 8, 16, 16), entry.icon, tokens.muted)
    right = _paint_right(painter, rect, entry, current, font, tokens)
    base = step_font(font, "mono" if entry.mono else "body")
    x = _paint_title(painter, rect.left() + 46, right, rect, hit, base, tokens)
    painter.setFont(font)
    painter.setPen(QColor(tokens.muted))
    room = right - x - 24
    if entry.detail and room > 40:
        shown = painter.fontMetrics().elidedText(entry.detail, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(x + 12, rect.top(), room, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_title(painter: QPainter, x: int, right: int, rect: QRect, hit: Hit, font: QFont, tokens: Tokens) -> int:
    """The title with its matching letters bold and underlined. Returns where it ends."""
    strong = QFont(font)
    strong.setWeight(QFont.Weight.Bold)
    strong.setUnderline(True)
    plain_width, strong_width = QFontMetrics(font).horizontalAdvance, QFontMetrics(strong).horizontalAdvance
    for start, end, matched in _runs(hit):
        text = hit.entry.title[start:end]
        painter.setFont(strong if matched else font)
        painter.setPen(QColor(tokens.accenttext if matched else tokens.text))
        width = (strong_width if matched else plain_width)(text)
        if x + width > right - 8:
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, right - 8 - x))
            painter.drawText(QRect(x, rect.top(), right - x, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
            return right
        painter.drawText(QRect(x, rect.top(), width + 4, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
        x += width
    return x


def _runs(hit: Hit) -> list[tuple[int, int, bool]]:
    """Stretches of the title that match and that do not."""
    made: list[tuple[int, int, bool]] = []
    for place in range(len(hit.entry.title)):
        matched = place in hit.places
        if made and made[-1][2] == matched:
            made[-1] = (made[-1][0], place + 1, matched)
        else:
            made.append((place, place + 1, matched))
    return made


def _paint_right(painter: QPainter, rect: QRect, entry: Entry, current: bool, font: QFont, tokens: Tokens) -> int:
    """The key cap and what Enter does, at the right end. Returns where they begin."""
    right = rect.right() - 16
    cap = tr("Enter") if current and entry.does else entry.keys
    if cap:
        painter.setFont(step_font(font, "tick"))
        width = painter.fontMetrics().horizontalAdvance(cap) + 12
        box = QRectF(right - width + 0.5, rect.center().y() - 8.5, width, 18)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.setBrush(QColor(tokens.sunken))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(tokens.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
        right -= width + 8
    if current and entry.does:
        painter.setFont(step_font(font, "small"))
        painter.setPen(QColor(tokens.muted))
        width = painter.fontMetrics().horizontalAdvance(entry.does)
        box = QRectF(right - width, rect.top(), width + 2, rect.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, entry.does)
        right -= width + 8
    return right
