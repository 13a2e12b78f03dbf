"""A fleet too large for cards: one line for each host."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from boocontrol.core.api import Host
from boocontrol.desktop.itemmodels.ages import Clock
from boocontrol.desktop.itemmodels.host_figures import fleet_memory, memory_text
from boocontrol.desktop.itemmodels.host_words import age_line, host_word, inventory_text
from boocontrol.desktop.itemmodels.hosts import HOST_ROLE, HostsItemModel
from boocontrol.desktop.pages.fleet_health import ANSWERS
from boocontrol.desktop.pages.models_paint import Fonts, Pen, square
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.tokens import ROW, tokens_of
from boocontrol.desktop.widgets.gauges import Memory, paint_memory
from boocontrol.desktop.widgets.state_shape import paint_state, state_tone

Index = QModelIndex | QPersistentModelIndex
SHAPE = 16
SIDE = 16
NAME_WIDTH = 200
WORD_WIDTH = 96
AGE_WIDTH = 120
RUNS_WIDTH = 72
MEMORY_WIDTH = 172
BAR_WIDTH = 72
ROOMY = 480


class HostDelegate(QStyledItemDelegate):
    """A host in one line: shape, name, state, why or what is loaded, age."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.stale = False
        self.dirty = QRegion(0, 0, 1 << 20, 1 << 20)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, max(ROW, QFontMetrics(option.font).height() + 18))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        host = index.data(HOST_ROLE)
        if not isinstance(host, Host):
            return
        tokens, fonts = tokens_of(option.palette), Fonts.of(option.font)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(option.rect, QColor(tokens.accentsoft if chosen else tokens.base))
        line = option.rect.adjusted(SIDE, 0, -SIDE, 0)
        # Once a second only the ages are painted: the rest of a line takes four times as long.
        if self.dirty.intersects(option.rect.adjusted(0, 0, -age_rect(line).width() - SIDE, 0)):
            self._line(Pen(painter, line, tokens), host, fonts)
        self._age(painter, age_rect(line), host, fonts, tokens.faint)
        self._edges(painter, option, tokens.line, tokens.accenttext)
        painter.restore()

    def _line(self, pen: Pen, host: Host, fonts: Fonts) -> None:
        """All but the age; the pen has the whole line."""
        tokens, age = pen.tokens, age_rect(pen.rect)
        paint_state(pen.painter, square(pen.rect, SHAPE), self._shape(host), tokens)
        pen.skip(SHAPE + 10)
        self._cell(pen, NAME_WIDTH).text(host.label, fonts.strong, tokens.faint if self.stale else tokens.text)
        tone = "faint" if self.stale else state_tone(host.state)
        self._cell(pen, WORD_WIDTH).text(host_word(host.state), fonts.body, getattr(tokens, tone))
        pen.rect.setRight(age.left() - 8)
        self._figures(pen, host, fonts)
        pen.text(self._about(host), fonts.body, tokens.faint if self.stale else tokens.muted)

    def _figures(self, pen: Pen, host: Host, fonts: Fonts) -> None:
        """GPU memory and requests at the right end; the pen is left with the room before them."""
        if pen.room < ROOMY:
            return
        old, tokens = self.stale or host.state not in ANSWERS, pen.tokens
        runs = QRect(pen.rect)
        runs.setLeft(runs.right() - RUNS_WIDTH)
        if host.in_flight and not old:
            text = _tr("{n} now").format(n=digits(host.in_flight))
            Pen(pen.painter, runs, tokens).text(text, fonts.strong, tokens.accenttext)
        memory = fleet_memory([host])
        left = runs.left() - MEMORY_WIDTH
        if memory is not None:
            bar = QRectF(left, pen.rect.center().y() - 2, BAR_WIDTH, 6)
            paint_memory(pen.painter, bar, Memory((memory.used_mb,), 0.0, memory.total_mb, old), tokens)
            words = QRect(left + BAR_WIDTH + 8, pen.rect.top(), MEMORY_WIDTH - BAR_WIDTH - 8, pen.rect.height())
            text = memory_text(memory.used_mb, memory.total_mb)
            Pen(pen.painter, words, tokens).text(text, fonts.small, tokens.faint if old else tokens.muted)
        pen.rect.setRight(left - 12)

    def _shape(self, host: Host) -> str:
        if self.stale and host.state in ("up", "busy", "degraded"):
            return "unknown"
        return "down_often_off" if host.state == "down" and host.often_off else host.state

    @staticmethod
    def _cell(pen: Pen, width: int) -> Pen:
        """A pen for the next `width` pixels; the given one goes on behind them."""
        cell = QRect(pen.rect)
        cell.setWidth(min(width - 8, cell.width()))
        pen.skip(width)
        return Pen(pen.painter, cell, pen.tokens)

    @staticmethod
    def _about(host: Host) -> str:
        if host.reason:
            return host.reason
        loaded = ", ".join(model.ref.partition("/")[2] for model in host.loaded)
        return loaded or inventory_text(host)

    def _age(self, painter: QPainter, rect: QRect, host: Host, fonts: Fonts, color: str) -> None:
        painter.setFont(fonts.small)
        painter.setPen(QColor(color))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, right, self.age(host))

    def age(self, host: Host) -> str:
        """How old its news are, in words."""
        return age_line(host, self._clock(), False)

    @staticmethod
    def _edges(painter: QPainter, option: QStyleOptionViewItem, line: str, ring: str) -> None:
        low = option.rect
        painter.fillRect(low.left(), low.bottom(), low.width(), 1, QColor(line))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(ring), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))


def age_rect(line: QRect) -> QRect:
    """Where the age stands in a line without its margins."""
    return line.adjusted(max(0, line.width() - 1 - AGE_WIDTH), 0, 0, 0)


class FleetList(QListView):
    """Hosts as lines. Signals carry ids."""

    open_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    move_asked = Signal(str, int)
    remove_asked = Signal(str)

    def __init__(self, item_model: HostsItemModel, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = item_model
        self._delegate = HostDelegate(clock, self)
        self._ages: dict[str, str] = {}
        self.setModel(item_model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Hosts"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.doubleClicked.connect(lambda index: self._tell_open(index))

    def set_stale(self, stale: bool) -> None:
        """Whether all of this is old news."""
        if stale != self._delegate.stale:
            self._delegate.stale = stale
            self.viewport().update()

    def tell_time(self) -> None:
        """Paint the ages anew that read differently by now."""
        ages: dict[str, str] = {}
        index = self.indexAt(QPoint(0, 0))
        while (host := self._model.host_at(index)) is not None:
            rect = self.visualRect(index)
            if rect.top() >= self.viewport().height():
                break
            ages[host.id] = self._delegate.age(host)
            if ages[host.id] != self._ages.get(host.id):
                self.viewport().update(age_rect(rect.adjusted(SIDE, 0, -SIDE, 0)))
            index = index.siblingAtRow(index.row() + 1)
        self._ages = ages

    def dataChanged(
        self,
        first: QModelIndex | QPersistentModelIndex,
        last: QModelIndex | QPersistentModelIndex,
        roles: Sequence[int] = (),
    ) -> None:
        """Paint what changed, where QListView would lay out and paint all lines: they keep their height."""
        QAbstractItemView.dataChanged(self, first, last, roles)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._delegate.dirty = event.region()
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        host = self._model.host_at(self.currentIndex())
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if event.text() == "/":
            event.ignore()
        elif host is None:
            super().keyPressEvent(event)
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(host.id, 1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_asked.emit(host.id)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit(host.id)
        else:
            super().keyPressEvent(event)

    def _tell_open(self, index: QModelIndex) -> None:
        host = self._model.host_at(index)
        if host is not None:
            self.open_asked.emit(host.id)

    def _menu(self, place: QPoint) -> None:
        host = self._model.host_at(self.indexAt(place))
        if host is not None:
            self.menu_asked.emit(host.id, self.viewport().mapToGlobal(place))
