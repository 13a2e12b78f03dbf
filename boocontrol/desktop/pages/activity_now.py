"""The card "Now": the requests that run, each with its Cancel."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QStackedLayout, QWidget

from boocontrol.core.activity import ActivityRow
from boocontrol.desktop.itemmodels.activity_now import NowItemModel, NowRow
from boocontrol.desktop.itemmodels.ages import Clock, age_text, wall_clock
from boocontrol.desktop.pages.activity_tables import NowTable
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity_past import past_gateway
from boocontrol.desktop.tokens import PAD, TABLE_HEAD
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.cards import CORNER, Card
from boocontrol.desktop.widgets.labels import label, restyle

MOST_ROWS: Final = 6
LEAST_ROWS: Final = 2
FEW_ROWS: Final = 3
TICK_MS: Final = 1000
SHRINK_MS: Final = 8000
ENDED_KEPT: Final = 100


class NowCard(Card):
    """`cancel_asked` brings ids, one or all; `copy_asked` a row. It grows at once and shrinks after a while, so that
    what stands below does not jump with every request."""

    cancel_asked = Signal(list)
    copy_asked = Signal(object)

    def __init__(self, stores: Stores, parent: QWidget | None = None, *, clock: Clock = wall_clock) -> None:
        super().__init__(parent=parent, padded=False)
        self._stores = stores
        self._clock = clock
        self._ended: dict[str, ActivityRow] = {}
        self._room = LEAST_ROWS
        self._most = MOST_ROWS
        self.item_model = NowItemModel(self, clock=clock)
        self.table = NowTable(self.item_model, self)
        self._count = label("", tone="muted", parent=self)
        self._age = label("", "small", "muted", self)
        self._all = Button(self.tr("Cancel all"), parent=self, small=True, on_click=self._cancel_all)
        self._nothing = label("", tone="muted", parent=self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._ticked)
        self._shrink = QTimer(self, singleShot=True, interval=SHRINK_MS)
        self._shrink.timeout.connect(self._shrunk)
        self._lay_out()
        self.table.cancel_asked.connect(lambda request: self.cancel_asked.emit([request]))
        self.table.left.connect(self.show_now)
        self.table.menu_asked.connect(self._open_menu)
        for store in (stores.activity, stores.catalog, stores.fleet):
            store.changed.connect(self.show_now)
        stores.activity.ended.connect(self._remember)
        self.show_now()

    def set_few(self, few: bool) -> None:
        """Where there is little height, three rows at most."""
        most = FEW_ROWS if few else MOST_ROWS
        if most != self._most:
            self._most = most
            self._set_room(self._wanted_room())

    @property
    def body_height(self) -> int:
        """The height of the list, its head included."""
        return self._body.maximumHeight()

    def show_now(self) -> None:
        """What the stores say runs."""
        if not self.isVisible():
            return
        pointed = self.table.underMouse()
        self.item_model.take(self._rows(), hold=pointed, ended=self._ended)
        count = self.item_model.count
        self._count.setText(self._counted(count))
        some = bool(self.item_model.rows)
        self._pages.setCurrentWidget(self.table if some else self._nothing)
        self._nothing.setText(self._why_nothing())
        ours = self._cancellable()
        self._all.setEnabled(bool(ours))
        self._all.setVisible(count > 1 and len(ours) != 1)
        self._show_age()
        wanted = self._wanted_room()
        if wanted > self._room:
            self._set_room(wanted)
        self._show_bar()
        if wanted >= self._room:
            self._shrink.stop()
        elif not self._shrink.isActive():
            self._shrink.start()

    def _rows(self) -> list[NowRow]:
        activity = self._stores.activity
        running = (*activity.running, *past_gateway(self._stores.fleet.hosts, self._clock()))
        refs = {row.ref for row in running}
        states = {m.ref: m.state for m in self._stores.catalog.catalog.models() if m.ref in refs} if refs else {}
        usual = {m.ref: m.usual_load_s for host in self._stores.fleet.hosts for m in host.loaded if m.ref in refs}
        return [
            NowRow(
                row,
                states.get(row.ref, ""),
                usual.get(row.ref),
                asked=row.id in activity.cancelling,
                stale=activity.stale,
            )
            for row in running
        ]

    def _remember(self, rows: tuple[ActivityRow, ...]) -> None:
        """How the last ones ended, for a row that somebody still points at."""
        self._ended |= {row.id: row for row in rows}
        while len(self._ended) > ENDED_KEPT:
            del self._ended[next(iter(self._ended))]

    # --- words ---

    def _counted(self, count: int) -> str:
        if not count:
            return ""
        return self.tr("1 request") if count == 1 else self.tr("{n} requests").format(n=count)

    def _why_nothing(self) -> str:
        if self._stores.activity.stale:
            return self.tr("What runs is not known: there is no connection to the gateway.")
        return self.tr("Nothing runs. Requests through the gateway stand here while they run.")

    def _show_age(self) -> None:
        activity = self._stores.activity
        if not activity.stale:
            self._age.setText(self.tr("live"))
        else:
            self._age.setText(age_text(activity.as_of, self._clock()))
        restyle(self._age, "tone", "faint" if activity.stale else "muted")

    # --- room ---

    def _wanted_room(self) -> int:
        least = LEAST_ROWS if self._most == MOST_ROWS else 1
        return max(least, min(len(self.item_model.rows), self._most))

    def _shrunk(self) -> None:
        if self.underMouse():
            self._shrink.start()
        else:
            self._set_room(self._wanted_room())

    def _show_bar(self) -> None:
        """Rows that have room need no bar, though the last one lacks its hairline."""
        more = len(self.item_model.rows) > self._room
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if more else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.table.setVerticalScrollBarPolicy(policy)

    def _set_room(self, rows: int) -> None:
        self._room = rows
        self._show_bar()
        # Without the last hairline, which the border of the card replaces.
        self._body.setFixedHeight(TABLE_HEAD + rows * self.table.row_height - 1)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(PAD, 6, 8, 6)
        head.setSpacing(8)
        head.addWidget(label(self.tr("Now"), "section", parent=self))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._age)
        head.addWidget(self._all)
        # As high with the button as without.
        head.addStrut(28)
        line = QFrame(self)
        line.setProperty("part", "line")
        self._body = QWidget(self)
        self._pages = QStackedLayout(self._body)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._nothing)
        self.body.setSpacing(0)
        self.body.setContentsMargins(1, 1, 1, CORNER)
        self.add(head)
        self.add(line)
        self.add(self._body)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._set_room(LEAST_ROWS)

    # --- what is asked ---

    def _cancel_all(self) -> None:
        self.cancel_asked.emit(self._cancellable())

    def _cancellable(self) -> list[str]:
        """All at once only of what came through the gateway: the others are other people's, and ended one by one."""
        return [row.row.id for row in self.item_model.rows if row.can_cancel and row.row.via == "gateway"]

    def _open_menu(self, row: NowRow, place: QPoint) -> None:
        menu = self.menu_for(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def menu_for(self, row: NowRow) -> QMenu:
        """What can be done with a running request."""
        menu = QMenu(self)
        menu.addAction(self.tr("Cancel"), lambda: self.cancel_asked.emit([row.row.id])).setEnabled(row.can_cancel)
        menu.addAction(self.tr("Copy details"), lambda: self.copy_asked.emit(row.row))
        return menu

    # --- time ---

    def _ticked(self) -> None:
        if self.item_model.rows:
            self.table.viewport().update()
        if self._stores.activity.stale:
            self._show_age()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        self.show_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
