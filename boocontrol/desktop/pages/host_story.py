"""The story of a host as a list: when, what, and who asked, on two lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from boocontrol.desktop.itemmodels.ages import clock_time, exact_time
from boocontrol.desktop.itemmodels.host_story import StoryLine
from boocontrol.desktop.pages.models_paint import Fonts, Pen, square
from boocontrol.desktop.tokens import tokens_of
from boocontrol.desktop.widgets.state_shape import paint_state

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = Qt.ItemDataRole.UserRole
NOWHERE: Final = QModelIndex()
SHAPE = 14
PAD = 8


class StoryModel(QAbstractListModel):
    """Story lines, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[StoryLine, ...] = ()

    def take(self, lines: Sequence[StoryLine]) -> None:
        """These are the lines now. New ones come in at the top; what stays is not touched."""
        new = tuple(lines)
        if new == self.lines:
            return
        grown = len(new) - len(self.lines)
        if self.lines and grown > 0 and new[grown:] == self.lines:
            self.beginInsertRows(NOWHERE, 0, grown - 1)
            self.lines = new
            self.endInsertRows()
        else:
            self.beginResetModel()
            self.lines = new
            self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{clock_time(line.time)}, {line.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.text}\n{exact_time(line.time)}"
        return None


class StoryDelegate(QStyledItemDelegate):
    """Time, shape, a model's name and what happened; below it who asked, and why."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line, fonts = index.data(LINE_ROLE), Fonts.of(option.font)
        height = QFontMetrics(fonts.body).height() + 2 * PAD - 4
        if isinstance(line, StoryLine) and line.more:
            height += QFontMetrics(fonts.small).height() + 2
        return QSize(160, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE_ROLE)
        if not isinstance(line, StoryLine):
            return
        tokens, fonts = tokens_of(option.palette), Fonts.of(option.font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            painter.fillRect(option.rect, QColor(tokens.accentsoft))
        first = option.rect.adjusted(16, PAD - 2, -12, 0)
        first.setHeight(QFontMetrics(fonts.body).height())
        time = clock_time(line.time)
        width = QFontMetrics(fonts.small).horizontalAdvance(clock_time(0.0) + "0")
        pen = Pen(painter, first, tokens)
        Pen(painter, first, tokens).text(time, fonts.small, tokens.faint)
        pen.skip(max(width, QFontMetrics(fonts.small).horizontalAdvance(time)) + 12)
        paint_state(painter, square(pen.rect, SHAPE), line.shape, tokens)
        pen.skip(SHAPE + 10)
        second = QRect(pen.rect.left(), first.bottom() + 2, pen.rect.width(), QFontMetrics(fonts.small).height())
        words = QFontMetrics(fonts.body).horizontalAdvance(line.words) + 8
        name = QFontMetrics(fonts.mono).elidedText(line.name, Qt.TextElideMode.ElideMiddle, max(60, pen.room - words))
        pen.text(name, fonts.mono, tokens.text, gap=6)
        pen.text(line.words, fonts.body, tokens.text)
        Pen(painter, second, tokens).text(_fitting(line.more, fonts.small, second.width()), fonts.small, tokens.muted)
        painter.restore()


def _fitting(words: str, font: QFont, room: int) -> str:
    """All of it, or its first sentence where there is no room for more: what to do is told elsewhere too."""
    first, stop, _ = words.partition(". ")
    fits = QFontMetrics(font).horizontalAdvance(words) <= room
    return words if fits or not stop else f"{first}."


class StoryView(QListView):
    """Shows a StoryModel."""

    def __init__(self, item_model: StoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(item_model)
        self.setItemDelegate(StoryDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("What happened on this host"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
