"""The column of cards: one for each host, in order, and where a dragged card is dropped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from boocontrol.core.api import Host
from boocontrol.desktop.itemmodels.hosts import dragged_host
from boocontrol.desktop.pages.fleet_card import CardValue, HostCard
from boocontrol.desktop.tokens import GAP, grown, tokens_of

NARROW_BELOW = 880  # of the column: a window of 1100 less its rail and margins


ValueOf = Callable[[Host], CardValue]


class FleetCards(QScrollArea):
    """Signals carry ids; `made` comes for each new card, so that it can be wired."""

    made = Signal(object)
    dropped = Signal(str, int)  # id and new position, counted without it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hosts: dict[str, Host] = {}
        self._behind: set[str] = set()
        self._value_of: ValueOf | None = None
        self._column = _Column(self.dropped.emit)
        self.setWidget(self._column)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._catch_up())

    def cards(self) -> list[HostCard]:
        """All cards, from top to bottom."""
        return self._column.cards

    def card(self, host_id: str) -> HostCard | None:
        """The card of a host."""
        return next((card for card in self.cards() if card.host_id == host_id), None)

    def show_hosts(self, hosts: Sequence[Host], value_of: ValueOf) -> None:
        """Show these hosts; times are told by the card. A card lives as long as its host: what is typed in it stays.

        A card out of sight is told when its host is in another state; its figures wait until it is seen.
        """
        self._value_of = value_of
        known = {card.host_id: card for card in self.cards()}
        for host_id in known.keys() - {host.id for host in hosts}:
            self._column.drop_card(known.pop(host_id))
        for at, host in enumerate(hosts):
            card = known.get(host.id)
            if card is None:
                card = HostCard(host.id, self._column)
                self.made.emit(card)
            self._column.place(card, at)
            card.set_narrow(self._column.width() < grown(NARROW_BELOW, self.font()))
        self._hosts = {host.id: host for host in hosts}
        seen = {card.host_id for card in self.in_view()}
        changed = {card.host_id for card in self.cards() if not card.is_in_state(self._hosts[card.host_id])}
        self._behind = self._hosts.keys() - seen - changed
        self._tell(seen | changed)

    def in_view(self) -> list[HostCard]:
        """The cards that can be seen now."""
        seen = QRect(QPoint(0, self.verticalScrollBar().value()), self.viewport().size())
        return [card for card in self.cards() if card.isVisible() and card.geometry().intersects(seen)]

    def _tell(self, host_ids: Collection[str]) -> None:
        for card in self.cards():
            if card.host_id in host_ids and self._value_of is not None:
                value = self._value_of(self._hosts[card.host_id])
                if not card.shows(value):
                    card.show_value(value)

    def _catch_up(self) -> None:
        """Other cards can be seen now."""
        seen = {card.host_id for card in self.in_view()} & self._behind
        if seen:
            self._behind -= seen
            self._tell(seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._catch_up()


class _Column(QWidget):
    """Holds the cards and takes drops."""

    def __init__(self, dropped: object) -> None:
        super().__init__()
        self.cards: list[HostCard] = []
        self._dropped = dropped
        self._drop_at: int | None = None
        self.setAcceptDrops(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self._layout.addStretch(1)

    def place(self, card: HostCard, at: int) -> None:
        """Let a card stand at a position."""
        if at < len(self.cards) and self.cards[at] is card:
            return
        if card in self.cards:
            self.cards.remove(card)
        self.cards.insert(at, card)
        self._layout.insertWidget(at, card)
        card.show()
        for before, after in zip(self.cards, self.cards[1:], strict=False):
            QWidget.setTabOrder(before.open, after)

    def drop_card(self, card: HostCard) -> None:
        """Its host is gone."""
        self.cards.remove(card)
        self._layout.removeWidget(card)
        card.hide()
        card.deleteLater()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        for card in self.cards:
            card.set_narrow(self.width() < grown(NARROW_BELOW, self.font()))

    # --- drops ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_host(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._show_drop(self._position(event.position().toPoint().y()))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_drop(None)

    def dropEvent(self, event: QDropEvent) -> None:
        host_id = dragged_host(event.mimeData())
        place = self._position(event.position().toPoint().y())
        ids = [card.host_id for card in self.cards]
        self._show_drop(None)
        if host_id in ids and callable(self._dropped):
            old = ids.index(host_id)
            event.acceptProposedAction()
            if place not in (old, old + 1):
                self._dropped(host_id, place - 1 if old < place else place)

    def _position(self, y: int) -> int:
        return sum(card.geometry().center().y() < y for card in self.cards)

    def _show_drop(self, at: int | None) -> None:
        self._drop_at = at
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line where a dragged card would go."""
        if self._drop_at is None or not self.cards:
            return
        last = self._drop_at >= len(self.cards)
        edge = self.cards[-1].geometry().bottom() + GAP // 2 if last else self.cards[self._drop_at].y() - GAP // 2
        painter = QPainter(self)
        painter.fillRect(0, max(0, edge - 1), self.width(), 2, QColor(tokens_of(self.palette()).accenttext))
        painter.end()
