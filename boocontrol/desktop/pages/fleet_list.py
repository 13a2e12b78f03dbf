"""A fleet too large for cards: one line for each host."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
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
from boocontrol.desktop.itemmodels.host_words import age_line, host_word, inventory_text, requests_text
from boocontrol.desktop.itemmodels.hosts import HOST_ROLE, HostsItemModel
from boocontrol.desktop.pages.models_paint import Fonts, Pen, square
from boocontrol.desktop.tokens import ROW, tokens_of
from boocontrol.desktop.widgets.state_shape import paint_state, state_tone

Index = QModelIndex | QPersistentModelIndex
SHAPE = 16
NAME_WIDTH = 200
WORD_WIDTH = 96
AGE_WIDTH = 120


class HostDelegate(QStyledItemDelegate):
    """A host in one line: shape, name, state, why or what is loaded, age."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.stale = False

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
        pen = Pen(painter, option.rect.adjusted(16, 0, -16, 0), tokens)
        paint_state(painter, square(pen.rect, SHAPE), self._shape(host), tokens)
        pen.skip(SHAPE + 10)
        self._cell(pen, NAME_WIDTH).text(host.label, fonts.strong, tokens.faint if self.stale else tokens.text)
        tone = "faint" if self.stale else state_tone(host.state)
        self._cell(pen, WORD_WIDTH).text(host_word(host.state), fonts.body, getattr(tokens, tone))
        age = QRect(pen.rect)
        age.setLeft(age.right() - AGE_WIDTH)
        pen.rect.setRight(age.left() - 8)
        pen.text(self._about(host), fonts.body, tokens.faint if self.stale else tokens.muted)
        self._age(painter, age, host, fonts, tokens.faint)
        self._edges(painter, option, tokens.line, tokens.accenttext)
        painter.restore()

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
        running = requests_text(host.in_flight) if host.in_flight else ""
        return " · ".join(part for part in (running, loaded or inventory_text(host)) if part)

    def _age(self, painter: QPainter, rect: QRect, host: Host, fonts: Fonts, color: str) -> None:
        painter.setFont(fonts.small)
        painter.setPen(QColor(color))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, right, age_line(host, self._clock(), False))

    @staticmethod
    def _edges(painter: QPainter, option: QStyleOptionViewItem, line: str, ring: str) -> None:
        painter.setPen(QPen(QColor(line), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(ring), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))


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
        self._delegate.stale = stale
        self.viewport().update()

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
