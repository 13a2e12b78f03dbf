"""The page Fleet: every host at a glance, why it is as it is, and what to do about it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.client import Busy
from boocontrol.core.api import Host, RegistryProblem
from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.confirm import confirm_cancel, confirm_unload
from boocontrol.desktop.dialogs.load_cost import ask_cost
from boocontrol.desktop.itemmodels.ages import Clock
from boocontrol.desktop.itemmodels.host_figures import fleet_memory
from boocontrol.desktop.itemmodels.host_words import count_text, fleet_line
from boocontrol.desktop.itemmodels.hosts import HostsItemModel
from boocontrol.desktop.pages.fleet_card import HostCard
from boocontrol.desktop.pages.fleet_cards import FleetCards
from boocontrol.desktop.pages.fleet_desk import FleetDesk
from boocontrol.desktop.pages.fleet_list import FleetList
from boocontrol.desktop.pages.fleet_summary import FleetSummary
from boocontrol.desktop.pages.fleet_values import CardValues
from boocontrol.desktop.pages.models_desk import ModelDesk
from boocontrol.desktop.pages.scenes_menu import ScenesButton
from boocontrol.desktop.stores import Removed, Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tokens import GAP, MARGIN
from boocontrol.desktop.widgets.buttons import Button, IconButton, Kind
from boocontrol.desktop.widgets.cards import Card, EmptyState, PageHead, SearchField
from boocontrol.desktop.widgets.notice_bar import NoticeBar, UndoBar
from boocontrol.desktop.widgets.when_shown import WhenShown

MOST_CARDS = 30
TICK_MS = 1000


class FleetPage(QWidget):
    """Signals: a host is to be added, edited (id) or opened (id), a deed of the window is wanted (its action and
    argument). `open_url` shows a web page."""

    add_host_asked = Signal()
    edit_asked = Signal(str)
    open_asked = Signal(str)
    deed_asked = Signal(str, str)

    def __init__(
        self,
        stores: Stores,
        parent: QWidget | None = None,
        *,
        clock: Clock = time.time,
        open_url: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self._stores = stores
        self._clock = clock
        self._open_url = open_url
        self.desk = FleetDesk(stores, self, clock=clock)
        self.models = ModelDesk(stores, self)
        self._values = CardValues(stores, self.desk, self.models, clock)
        self._make_parts(clock)
        self._lay_out()
        self._connect()
        self._take_now()

    # --- set up ---

    def _make_parts(self, clock: Clock) -> None:
        self.search = SearchField(self.tr("Filter hosts"), self)
        self.search.setFixedWidth(200)
        self._again = IconButton("refresh", self.tr("Refresh"), self, size=32, framed=True, on_click=self.refresh)
        self._unload_all = Button(self.tr("Unload all"), parent=self, icon="unload", on_click=self.models.unload_all)
        self.scenes = ScenesButton(self._stores, self.deed_asked.emit, self)
        self.add = Button(self.tr("Add host"), "primary", self, icon="plus", on_click=self.add_host_asked.emit)
        self.head = PageHead(
            self.tr("Fleet"), parent=self, actions=(self.search, self._again, self.scenes, self._unload_all, self.add)
        )
        self.notice = NoticeBar(parent=self)
        self._apart = QWidget(self)
        self._apart.setFixedHeight(8)
        self.summary = FleetSummary(self)
        self.cards = FleetCards(self)
        self.item_model = HostsItemModel(self, clock=clock)
        self.list = FleetList(self.item_model, clock, self)
        self.empty = EmptyState("mark", "", parent=self)
        self._empty_buttons: dict[str, Button] = {}
        self.undo_bar = UndoBar(self)
        self._tick = QTimer(self, interval=TICK_MS)
        # What comes while another page is shown waits until this one is.
        self._take = WhenShown(self, self._take_now).news

    def _lay_out(self) -> None:
        card = Card(parent=self, padded=False)
        card.fill(self.list)
        self._list_card = card
        self.stack = QStackedWidget(self)
        for part in (self.cards, card, self.empty):
            self.stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.notice)
        column.addWidget(self._apart)
        column.addSpacing(4)
        column.addWidget(self.summary)
        column.addSpacing(GAP)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        stores, desk = self._stores, self.desk
        for store in (stores.fleet, stores.catalog, stores.providers, stores.connection, stores.live, desk):
            store.changed.connect(self._take)
        desk.history_came.connect(lambda _host_id: self._take())
        desk.removed.connect(self._offer_undo)
        self.models.changed.connect(self._take)
        self.models.guarded.connect(self._ask_first)
        self.models.costly.connect(lambda _ref, cost, go_on: ask_cost(cost, self, go_on))
        self.search.textChanged.connect(lambda _text: self._take())
        self.search.list_wanted.connect(lambda: self._to_first(self.go_to))
        self.search.returnPressed.connect(lambda: self._to_first(self.open_asked.emit))
        self.cards.made.connect(self._wire)
        self.cards.dropped.connect(desk.move)
        self.cards.verticalScrollBar().valueChanged.connect(lambda _value: self._look())
        self.item_model.host_dropped.connect(desk.move)
        self.list.open_asked.connect(self.open_asked)
        self.list.menu_asked.connect(self._open_menu)
        self.list.move_asked.connect(self._move)
        self.list.remove_asked.connect(self._remove)
        self._tick.timeout.connect(self._show_ages)

    def _wire(self, card: HostCard) -> None:
        card.open_asked.connect(self.open_asked)
        card.menu_asked.connect(self._open_menu)
        card.move_asked.connect(self._move)
        card.test_asked.connect(self._test)
        card.key_given.connect(self.desk.set_key)
        card.note_dismissed.connect(self._dismiss)
        card.wake_asked.connect(self.desk.wake)
        card.cancel_asked.connect(self.models.cancel_load)
        card.copy_asked.connect(lambda text: QGuiApplication.clipboard().setText(text))

    # --- for the window ---

    def refresh(self) -> None:
        """Ask for everything anew; what fails is told by the connection."""
        self._stores.connection.retry()
        for asking in (self._stores.fleet.look(), self._stores.fleet.refresh()):
            spawn(self, asking, lambda _error: None)

    def go_to(self, host_id: str) -> None:
        """Put the focus on a host, where it is shown."""
        card = self.cards.card(host_id)
        if card is not None and self.stack.currentWidget() is self.cards:
            self.cards.ensureWidgetVisible(card)
            card.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.stack.currentWidget() is self._list_card:
            self.list.setCurrentIndex(self.item_model.index_of(host_id))
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_web_ui(self, host_id: str) -> None:
        """Open a host's own page in the browser."""
        host = self._stores.fleet.host(host_id)
        if host is not None:
            self._open_url(QUrl(f"{host.base_url.rstrip('/').removesuffix('/v1')}/ui"))

    def focus_filter(self) -> None:
        """Go to the filter field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _to_first(self, go: Callable[[str], object]) -> None:
        for host in self._found()[:1]:
            go(host.id)

    # --- from the stores ---

    def _take_now(self) -> None:
        hosts = self._found()
        fleet = self._stores.fleet
        self._show_head()
        self._show_notice()
        if not fleet.hosts:
            self._show_empty(*self._nothing())
        elif not hosts:
            self._show_empty(*self._not_found())
        elif len(fleet.hosts) > MOST_CARDS:
            self.item_model.take(hosts)
            self.list.set_stale(fleet.stale)
            self.stack.setCurrentWidget(self._list_card)
        else:
            self.cards.show_hosts(hosts, self._values.of)
            self.stack.setCurrentWidget(self.cards)
            self._look()

    def _found(self) -> list[Host]:
        words = self.search.text().casefold().split()
        hosts = self._stores.fleet.hosts
        return [h for h in hosts if all(w in f"{h.id} {h.label} {h.base_url} {h.state}".casefold() for w in words)]

    def _dismiss(self, host_id: str) -> None:
        self.desk.dismiss(host_id)
        for ref in [ref for ref in self.models.troubles if ref.partition("/")[0] == host_id and ref]:
            self.models.dismiss(ref)

    def _show_ages(self) -> None:
        if self.stack.currentWidget() is self.cards:
            for card in self.cards.in_view():
                host = self._stores.fleet.host(card.host_id)
                if host is not None:
                    card.show_value(self._values.of(host))
            self._look()
        else:
            self.list.tell_time()

    def _show_head(self) -> None:
        fleet, broken = self._stores.fleet, isinstance(self._stores.providers.error, RegistryProblem)
        line = fleet_line(fleet.hosts)
        if broken and fleet.hosts:
            line = self.tr("{hosts}, from the last good list").format(hosts=count_text("host", len(fleet.hosts)))
        self.head.set_subline(line)
        self._show_summary()
        self.add.setEnabled(not broken)
        # One primary button on a page: that of the empty page, while it stands.
        self.add.set_kind("primary" if fleet.hosts else "plain")
        self._unload_all.setEnabled(any(host.loaded for host in fleet.hosts) and not fleet.stale)
        self._unload_all.setToolTip("" if self._unload_all.isEnabled() else self.tr("Nothing is known to be loaded."))

    def _show_summary(self) -> None:
        hosts, live = self._stores.fleet.hosts, self._stores.live
        fresh = bool(hosts) and not self._stores.fleet.stale
        rates = [rate for host in hosts if (rate := live.rate(host.id)) is not None]
        running = sum(live.in_flight(host) for host in hosts)
        self.summary.show_figures(
            running if fresh else None,
            sum(rates) if fresh and running else None,
            fleet_memory(hosts) if fresh else None,
        )
        self.summary.legend.setVisible(bool(hosts) and len(hosts) <= MOST_CARDS)

    # --- notices and empty states ---

    def _show_notice(self) -> None:
        told = self._notice()
        self.notice.setVisible(told is not None)
        self._apart.setVisible(told is not None)
        if told is not None:
            title, words, tone, details = told
            self.notice.say(title, words, tone=tone)
            self.notice.set_buttons((), details)

    def _notice(self) -> tuple[str, str, str, str] | None:
        """What stands above the hosts: a broken file first, then a failure, then a fleet that fell together."""
        fleet, error = self._stores.fleet, self._stores.providers.error
        trouble = self.models.troubles.get("")
        if isinstance(error, RegistryProblem):
            place = self.tr("Line {line}, column {column}: ").format(line=error.line, column=error.column)
            words = f"{place if error.line else ''}{error.message} {error.advice}".strip()
            return self.tr("The list of hosts cannot be read."), words, "warn", words
        if trouble is not None:
            return trouble.title, trouble.advice, "warn", trouble.text
        if fleet.stale:
            return None  # the window itself says that the gateway is lost, and since when
        if len(fleet.hosts) > 1 and all(host.state == "down" for host in fleet.hosts):
            words = self.tr("None of {hosts} answers.").format(hosts=count_text("host", len(fleet.hosts)))
            return self.tr("This computer seems offline."), words, "info", ""
        return None

    def _nothing(self) -> tuple[str, str, str, str, Callable[[], object]]:
        connection = self._stores.connection
        if self._stores.fleet.as_of is None and connection.calm:
            sentence = self.tr("Your hosts appear in a moment.")
            return "gateway", self.tr("Starting the gateway"), sentence, "", connection.retry
        if self._stores.fleet.as_of is None and connection.state != "connected":
            problem = connection.problem
            sentence = str(problem) if isinstance(problem, BooError) else self.tr("Nothing was heard from it yet.")
            return "gateway", self.tr("No connection to the gateway"), sentence, self.tr("Try again"), connection.retry
        sentence = self.tr("Add the first llama-swap host.")
        return "mark", self.tr("No hosts yet"), sentence, self.tr("Add host"), self.add_host_asked.emit

    def _not_found(self) -> tuple[str, str, str, str, Callable[[], object]]:
        title = self.tr("Nothing matches “{words}”").format(words=self.search.text().strip())
        hidden = self.tr("Hidden by the filter: {n}.").format(n=count_text("host", len(self._stores.fleet.hosts)))
        return "search", title, hidden, self.tr("Clear filter"), self.search.clear

    def _show_empty(self, picture: str, title: str, sentence: str, word: str, act: Callable[[], object]) -> None:
        if word and word not in self._empty_buttons:
            kind: Kind = "primary" if picture == "mark" else "plain"
            self._empty_buttons[word] = Button(word, kind, self.empty, on_click=act)
        self.empty.set_buttons([self._empty_buttons[word]] if word else [])
        self.empty.set_words(title, sentence, picture)
        self.stack.setCurrentWidget(self.empty)

    # --- actions ---

    def menu_for(self, host: Host) -> QMenu:
        """What can be done with a host."""
        desk, menu = self.desk, QMenu(self)
        menu.addAction(self.tr("Open"), lambda: self.open_asked.emit(host.id))
        menu.addAction(self.tr("Test"), lambda: desk.test(host))
        menu.addAction(self.tr("Pause") if host.enabled else self.tr("Resume"), lambda: desk.pause(host))
        menu.addSeparator()
        menu.addAction(self.tr("Open its web UI"), lambda: self.open_web_ui(host.id))
        menu.addAction(self.tr("Copy base URL"), lambda: QGuiApplication.clipboard().setText(host.base_url))
        menu.addSeparator()
        default = menu.addAction(self.tr("Make it the default"), lambda: desk.set_default(host))
        default.setEnabled(self._stores.catalog.catalog.default_provider != host.id)
        menu.addAction(self.tr("Edit…"), lambda: self.edit_asked.emit(host.id))
        menu.addAction(self.tr("Remove"), lambda: desk.remove(host))
        return menu

    def _open_menu(self, host_id: str, place: QPoint) -> None:
        host = self._stores.fleet.host(host_id)
        if host is not None:
            menu = self.menu_for(host)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

    def _test(self, host_id: str) -> None:
        host = self._stores.fleet.host(host_id)
        if host is not None:
            self.desk.test(host)

    def _remove(self, host_id: str) -> None:
        host = self._stores.fleet.host(host_id)
        if host is not None:
            self.desk.remove(host)

    def _move(self, host_id: str, step: int) -> None:
        ids = [host.id for host in self._stores.fleet.hosts]
        if host_id in ids and 0 <= ids.index(host_id) + step < len(ids):
            self.desk.move(host_id, ids.index(host_id) + step)

    def _offer_undo(self, name: str, token: Removed) -> None:
        self.undo_bar.offer(self.tr("Removed {name} from the fleet.").format(name=name), lambda: self.desk.undo(token))

    def _ask_first(self, ref: str, busy: Busy, go_on: Callable[[], None]) -> None:
        ask = confirm_cancel if self._stores.loads.under_way(ref) else confirm_unload
        dialog = ask(ref.rstrip("/") or self.tr("everything"), busy.requests, self)
        dialog.accepted.connect(go_on)
        dialog.open()

    # --- keys, and showing ---

    def _look(self) -> None:
        """Ask for the health of the hosts that can be seen."""
        if self.isVisible():
            for card in self.cards.in_view():
                self.desk.want_history(card.host_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "/":
            self.focus_filter()
        elif event.key() == Qt.Key.Key_N and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.add.click()
        elif event.key() == Qt.Key.Key_Delete and isinstance(card := self.focusWidget(), HostCard):
            self._remove(card.host_id)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stores.live.want()
        self._tick.start()
        self._take_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
