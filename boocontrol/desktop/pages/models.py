"""The page Models: find one among all hosts, star it, load and unload it, see where it is warm."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.client import Busy
from boocontrol.core.control import LoadPreview
from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.confirm import confirm_cancel, confirm_unload
from boocontrol.desktop.dialogs.load_cost import ask_cost
from boocontrol.desktop.itemmodels.ages import Clock
from boocontrol.desktop.itemmodels.host_words import count_text
from boocontrol.desktop.itemmodels.load_news import LoadNews, load_news
from boocontrol.desktop.itemmodels.model_filter import ModelQuery
from boocontrol.desktop.itemmodels.model_rows import HELD, ModelRow
from boocontrol.desktop.itemmodels.models import ModelsItemModel
from boocontrol.desktop.pages.models_desk import ModelDesk
from boocontrol.desktop.pages.models_filters import ModelFilters
from boocontrol.desktop.pages.models_inspector import WIDTH, Inspected, ModelInspector
from boocontrol.desktop.pages.models_tree import ModelsTree
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tokens import GAP, MARGIN
from boocontrol.desktop.widgets.buttons import Button, IconButton
from boocontrol.desktop.widgets.cards import Card, EmptyState, PageHead
from boocontrol.desktop.widgets.notice_bar import NoticeBar

TICK_MS = 1000
AT_ONCE = 1000
"""Models from which on a page comes first, and its list in the next turn of the loop: each takes 30 ms."""
NARROW_BELOW = 880  # of the page


class ModelsPage(QWidget):
    """`add_host_asked`: the person wants to add a host, from the empty list."""

    add_host_asked = Signal()

    def __init__(self, stores: Stores, parent: QWidget | None = None, *, clock: Clock = time.time) -> None:
        super().__init__(parent)
        self._stores = stores
        self.desk = ModelDesk(stores, self)
        self.item_model = ModelsItemModel(self, clock=clock)
        self.filters = ModelFilters(self)
        self.tree = ModelsTree(self.item_model, self)
        self.inspector = ModelInspector(self.item_model.words, self)
        self._inspect = IconButton("info", self.tr("Details beside the list"), self, size=32, framed=True)
        self._unload_all = Button(self.tr("Unload all"), parent=self, icon="unload", on_click=self.desk.unload_all)
        self._again = IconButton("refresh", self.tr("Refresh"), self, size=32, framed=True, on_click=self.refresh)
        self.head = PageHead(self.tr("Models"), parent=self, actions=(self._unload_all, self._again))
        self.notice = NoticeBar(closable=True, parent=self)
        self.notice.dismissed.connect(lambda: self.desk.dismiss(""))
        self._tick = QTimer(self, interval=TICK_MS)
        self._loads: dict[str, LoadNews] = {}
        self._wants_inspector = True
        self._narrow = False
        self._lay_out()
        self._connect_stores()
        self._connect_parts()
        # Of a list of thousands the page comes first: neither holds up the window for long.
        self._waiting = self._many
        if not self._waiting:
            self._take_now()

    # --- set up ---

    def _lay_out(self) -> None:
        card = Card(parent=self, padded=False)
        card.fill(self.tree)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(16)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.inspector)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([10_000, WIDTH])
        self.empty = EmptyState("models", "")
        self._empty_buttons: dict[str, Button] = {}
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.splitter)
        self.stack.addWidget(self.empty)
        self.filters.add_at_end(self._inspect)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.notice)
        column.addWidget(self.filters)
        column.addSpacing(GAP)
        column.addWidget(self.stack, 1)

    def _connect_stores(self) -> None:
        stores = self._stores
        for store in (stores.catalog, stores.favorites, stores.actions, self.desk):
            store.changed.connect(self._take)
        stores.fleet.changed.connect(self._take_loads)
        stores.status.changed.connect(self._show_inspected)
        stores.loads.cost_came.connect(lambda _ref: self._show_inspected())
        self.desk.guarded.connect(self._ask_first)
        self.desk.costly.connect(self._ask_cost)

    def _connect_parts(self) -> None:
        tree, inspector, desk = self.tree, self.inspector, self.desk
        self.filters.changed.connect(self._filter)
        for wanted in (self.filters.search.returnPressed, self.filters.search.list_wanted):
            wanted.connect(self._into_list)
        for part in (tree, inspector):
            part.load_asked.connect(desk.load)
            part.unload_asked.connect(desk.unload)
            part.star_clicked.connect(desk.toggle_star)
            part.copy_asked.connect(copy)
        tree.favorite_moved.connect(desk.move_favorite)
        tree.row_chosen.connect(lambda _row: self._show_inspected())
        tree.menu_asked.connect(self._open_menu)
        inspector.curl_asked.connect(lambda ref: copy(desk.curl(ref)))
        inspector.dismissed.connect(desk.dismiss)
        inspector.closed.connect(lambda: self._show_inspector(False))
        self._inspect.clicked.connect(lambda: self._show_inspector(self.inspector.isHidden()))
        self._tick.timeout.connect(self._ticked)

    # --- for the window ---

    def refresh(self) -> None:
        """Ask for everything anew; what fails is told by the connection."""
        self._stores.connection.retry()
        spawn(self, self._stores.fleet.look(), lambda _error: None)
        spawn(self, self._stores.catalog.refresh(), self._refresh_failed)

    def focus_filter(self) -> None:
        """Go to the search field."""
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.selectAll()

    def show_model(self, ref: str) -> bool:
        """Go to a model, with nothing filtered out. False when it is not in the list."""
        self.filters.clear()
        self._take_now()
        return self.tree.select(ref)

    # --- from the stores ---

    def _take(self) -> None:
        """What came while another page was shown waits until this one is."""
        self._waiting = not self.isVisible()
        if not self._waiting:
            self._take_now()

    @property
    def _many(self) -> bool:
        return sum(len(provider.models) for provider in self._stores.catalog.catalog.providers) > AT_ONCE

    def _take_loads(self) -> None:
        """Hosts tell of themselves all the time, and seldom something new of loads."""
        if load_news(self._stores.fleet.hosts) != self._loads:
            self._take()
        elif self.isVisible():
            self._show_inspected()

    def _take_now(self) -> None:
        stores = self._stores
        self._loads = load_news(stores.fleet.hosts)
        self.tree.hold()
        self.item_model.take(
            stores.catalog.catalog,
            stores.favorites.refs,
            stale=stores.catalog.stale,
            asked=stores.actions.asked,
            star_problems={ref: t.title for ref, t in self.desk.star_troubles.items()},
            problems={ref: t.text for ref, t in self.desk.troubles.items()},
            loads=self._loads,
        )
        self.tree.release()
        rows = self.item_model.listed()
        hosts = [(p.id, p.label) for p in stores.catalog.catalog.providers]
        self.filters.set_hosts(hosts, len(rows))
        self.head.set_subline(self._subline(rows, len(hosts)))
        self._unload_all.setEnabled(any(row.entry.state in HELD for row in rows) and not stores.catalog.stale)
        self._unload_all.setToolTip("" if self._unload_all.isEnabled() else self.tr("Nothing is known to be loaded."))
        self._show_notice()
        self._show_what_fits()
        self._show_inspected()

    def _show_notice(self) -> None:
        """What went wrong with all models at once; the rest stands beside its model."""
        trouble = self.desk.troubles.get("")
        self.notice.setVisible(trouble is not None)
        if trouble is not None:
            self.notice.say(trouble.title, trouble.advice)
            self.notice.set_buttons((), trouble.text)

    def _subline(self, rows: list[ModelRow], hosts: int) -> str:
        if not rows:
            return ""
        loaded = sum(row.entry.state in HELD for row in rows)
        return self.tr("{n} on {hosts}, {loaded} loaded").format(
            n=len(rows), hosts=count_text("host", hosts), loaded=loaded
        )

    def _ticked(self) -> None:
        self.tree.tell_time()
        self.inspector.tick()

    def _show_inspected(self) -> None:
        row = self.tree.current_row()
        if row is not None and row.can_load and self.isVisible():
            self._stores.loads.want(row.ref)
        self.inspector.show_model(self._inspected(row) if row else None)

    def _inspected(self, row: ModelRow) -> Inspected:
        same = [r for r in self.item_model.listed() if r.entry.wire_id == row.entry.wire_id]
        trouble = self.desk.troubles.get(row.ref) or self.desk.star_troubles.get(row.ref)
        cost = self._stores.loads.costs.get(row.ref) if row.can_load else None
        return Inspected(row, tuple(same), trouble, self.desk.gateway_url(), cost)

    # --- empty states ---

    def _filter(self, query: ModelQuery) -> None:
        self.item_model.show(query)
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        if not self._stores.catalog.catalog.providers:
            self._say_empty("mark", *self._no_hosts())
        elif not self.item_model.query.empty and not self.item_model.rowCount():
            self._say_empty("search", *self._nothing_found())
        else:
            self.stack.setCurrentWidget(self.splitter)

    def _say_empty(self, picture: str, title: str, sentence: str, word: str, act: Callable[[], object]) -> None:
        if word and word not in self._empty_buttons:
            self._empty_buttons[word] = Button(word, parent=self.empty, on_click=act)
        self.empty.set_buttons([self._empty_buttons[word]] if word else [])
        self.empty.set_words(title, sentence, picture)
        self.stack.setCurrentWidget(self.empty)

    def _no_hosts(self) -> tuple[str, str, str, Callable[[], object]]:
        if self._stores.connection.calm:
            sentence = self.tr("Your models appear in a moment.")
            return self.tr("Starting the gateway"), sentence, "", self._stores.connection.retry
        if self._stores.catalog.stale:
            title, sentence = self.tr("No connection to the gateway"), self.tr("Nothing was heard from it yet.")
            return title, sentence, self.tr("Try again"), self._stores.connection.retry
        sentence = self.tr("Models appear here once there is a host.")
        return self.tr("No hosts yet"), sentence, self.tr("Add host"), self.add_host_asked.emit

    def _nothing_found(self) -> tuple[str, str, str, Callable[[], object]]:
        query, hidden = self.item_model.query, count_text("model", self.item_model.hidden)
        words, narrowing = query.text.strip(), self.filters.narrowing()
        if query.favorites and not self._stores.favorites.refs:
            sentence = self.tr("Press S on a model, or click its star. Favorites come first everywhere.")
            return self.tr("No favorites yet"), sentence, self.tr("Show all models"), self.filters.clear
        title = self.tr("Nothing matches “{words}”").format(words=words) if words else self.tr("Nothing matches")
        told = self.tr("Hidden by the filter {names}: {n}.") if narrowing else self.tr("Hidden by the search: {n}.")
        return title, told.format(names=narrowing, n=hidden), self.tr("Clear filters"), self.filters.clear

    # --- actions ---

    def _ask_first(self, ref: str, busy: Busy, go_on: Callable[[], None]) -> None:
        what = ref or self.tr("everything")
        ask = confirm_cancel if self._stores.loads.under_way(ref) else confirm_unload
        dialog = ask(what, busy.requests, self)
        dialog.accepted.connect(go_on)
        dialog.open()

    def _ask_cost(self, _ref: str, cost: LoadPreview, go_on: Callable[[], None]) -> None:
        ask_cost(cost, self, go_on)

    def _refresh_failed(self, error: Exception) -> None:
        """The connection's own notice says it; without one, the sub-line does."""
        if isinstance(error, BooError) and self._stores.connection.state == "connected":
            self.head.set_subline(str(error))

    def _open_menu(self, row: ModelRow, place: QPoint) -> None:
        menu = self.menu_for(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def menu_for(self, row: ModelRow) -> QMenu:
        """What can be done with a model."""
        desk, menu = self.desk, QMenu(self)
        load = menu.addAction(self.tr("Load"), lambda: desk.load(row.ref))
        load.setEnabled(row.can_load)
        word = self.tr("Cancel loading") if row.loading else self.tr("Unload")
        unload = menu.addAction(word, lambda: desk.unload(row.ref))
        unload.setEnabled(row.can_unload)
        menu.addSeparator()
        star = self.tr("Remove from Favorites") if row.favorite else self.tr("Add to Favorites")
        menu.addAction(star, lambda: desk.toggle_star(row.ref if row.section else row.key))
        menu.addSeparator()
        menu.addAction(self.tr("Copy id"), lambda: copy(row.ref))
        menu.addAction(self.tr("Copy base URL"), lambda: copy(desk.gateway_url())).setEnabled(bool(desk.gateway_url()))
        menu.addAction(self.tr("Copy curl"), lambda: copy(desk.curl(row.ref))).setEnabled(bool(desk.gateway_url()))
        return menu

    # --- keys, and showing ---

    def _into_list(self) -> None:
        """From the search field to the first model that was found."""
        for head in self.item_model.section_indexes():
            if self.item_model.rowCount(head):
                self.tree.setCurrentIndex(self.item_model.index(0, 1, head))
                self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "/":
            self.focus_filter()
        else:
            super().keyPressEvent(event)

    def _show_inspector(self, wanted: bool) -> None:
        self._wants_inspector = wanted
        self.inspector.setVisible(wanted)
        if not wanted:
            self.tree.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the list has it all; the inspector comes back with the room."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW_BELOW
        if narrow != self._narrow:
            self._narrow = narrow
            self.inspector.setVisible(self._wants_inspector and not narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        if self._waiting and self._many:
            QTimer.singleShot(0, self, self._take)
        elif self._waiting:
            self._take()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()


def copy(text: str) -> None:
    """To the clipboard."""
    QGuiApplication.clipboard().setText(text)
