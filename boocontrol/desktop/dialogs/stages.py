"""Stages of a test as a list: shape, name, what was seen, how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from boocontrol.desktop.text import digits, tr
from boocontrol.desktop.tokens import tokens_of
from boocontrol.desktop.widgets.state_shape import paint_state

ROW_HEIGHT = 30
SHAPE = 14
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class StageRow:
    """One line. `shape` is a state of StateShape; `ms` is left out when nothing was measured."""

    shape: str
    title: str
    detail: str
    ms: float | None = None
    problem: bool = False


class StageModel(QAbstractListModel):
    """The rows of one test."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[StageRow, ...] = ()

    def show(self, rows: Sequence[StageRow]) -> None:
        """Show these rows; the same number of rows changes in place."""
        new = tuple(rows)
        if len(new) == len(self.rows):
            self.rows = new
            if new:
                self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self.rows = new
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ": ".join(part for part in (row.title, row.detail, took(row.ms)) if part)
        return row.detail if role == Qt.ItemDataRole.ToolTipRole and row.detail else None


class StageList(QListView):
    """As high as its rows: it stands inside a page or a dialog that scrolls. `title_width` aligns the second column."""

    def __init__(self, title_width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = StageModel(self)
        self.setModel(self._model)
        self.setItemDelegate(StageDelegate(title_width, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("background: transparent")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Stages"))
        self.setProperty("ring", True)

    @property
    def rows(self) -> tuple[StageRow, ...]:
        """What is shown."""
        return self._model.rows

    def show_rows(self, rows: Sequence[StageRow]) -> None:
        """Show these stages."""
        before = len(self._model.rows)
        self._model.show(rows)
        if before != len(rows):
            self.setFixedHeight(row_height(self.fontMetrics()) * len(rows))

    def sizeHint(self) -> QSize:
        return QSize(360, row_height(self.fontMetrics()) * len(self._model.rows))


class StageDelegate(QStyledItemDelegate):
    """Paints one stage in one line; a detail that is too long is cut, and whole in its tooltip."""

    def __init__(self, title_width: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._title_width = title_width

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, row_height(option.fontMetrics))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: StageRow = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect
        tokens = tokens_of(option.palette)
        painter.save()
        top = rect.top() + (rect.height() - SHAPE) / 2
        paint_state(painter, QRectF(rect.left(), top, SHAPE, SHAPE), row.shape, tokens)
        left = rect.left() + SHAPE + 12
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold if row.problem else QFont.Weight.Normal)
        wide = self._title_room(index, option.font)
        title = QRect(left, rect.top(), wide, rect.height())
        _text(painter, title, row.title, font, tokens.text)
        font.setWeight(QFont.Weight.Normal)
        time = took(row.ms)
        room = QFontMetrics(font).horizontalAdvance(time) + 12 if time else 0
        start = left + wide + 8
        detail = QRect(start, rect.top(), rect.right() - room - start, rect.height())
        _text(painter, detail, row.detail, font, tokens.warn if row.problem else tokens.muted)
        _text(painter, rect, time, font, tokens.faint, Qt.AlignmentFlag.AlignRight)
        painter.restore()

    def _title_room(self, index: Index, font: QFont) -> int:
        """The usual width, or what the longest title needs: none is cut, and all details begin at one place."""
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        model = index.model()
        rows = model.rows if isinstance(model, StageModel) else ()
        needed = (QFontMetrics(bold).horizontalAdvance(row.title) + 1 for row in rows)
        return max((self._title_width, *needed))


def row_height(metrics: QFontMetrics) -> int:
    """The height of a line in this font."""
    return max(ROW_HEIGHT, metrics.height() + 12)


def took(ms: float | None) -> str:
    """A duration in a unit that fits."""
    if ms is None:
        return ""
    if ms >= 1000:
        return tr("%1 s").replace("%1", digits(ms / 1000, 1))
    return tr("%1 ms").replace("%1", digits(ms))


def _text(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    color: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
