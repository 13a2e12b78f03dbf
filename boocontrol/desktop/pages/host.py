"""The page of one host: what it has in memory, its hardware, its requests, its health, its story, and what it is."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.core.api import Host
from boocontrol.desktop.itemmodels.ages import Clock
from boocontrol.desktop.itemmodels.host_passport import markdown, passport
from boocontrol.desktop.itemmodels.host_story import story_lines
from boocontrol.desktop.itemmodels.host_uptime import with_present
from boocontrol.desktop.pages.fleet_desk import FleetDesk
from boocontrol.desktop.pages.fleet_loaded import Live
from boocontrol.desktop.pages.host_desk import HostDesk
from boocontrol.desktop.pages.host_head import HostHead
from boocontrol.desktop.pages.host_models import HostModels
from boocontrol.desktop.pages.host_overview import HostOverview
from boocontrol.desktop.pages.host_passport import HostPassport
from boocontrol.desktop.pages.host_story import StoryModel, StoryView
from boocontrol.desktop.pages.models_desk import ModelDesk
from boocontrol.desktop.pages.settings_local import LocalSettings, notifications_action
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity_past import past_gateway
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import digits
from boocontrol.desktop.tokens import MARGIN
from boocontrol.desktop.widgets.cards import Card, EmptyState
from boocontrol.desktop.widgets.labels import ElidedLabel, set_tone
from boocontrol.desktop.widgets.tabs import Tabs

OVERVIEW, MODELS, EVENTS, PASSPORT = range(4)
TICK_MS = 1000
MOST_IN_MENU = 30


class HostPage(QWidget):
    """One host at a time. `page_asked` wants another page of the window about it (its id, and the host's).

    `desk` and `models` belong to the page of the fleet, so that what came of an action stands on both.
    """

    back_asked = Signal()
    edit_asked = Signal(str)
    web_asked = Signal(str)
    unload_all_asked = Signal(str)
    page_asked = Signal(str, str)

    def __init__(
        self,
        stores: Stores,
        desk: FleetDesk,
        models: ModelDesk,
        parent: QWidget | None = None,
        *,
        clock: Clock = time.time,
        quiet: LocalSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self._quiet = quiet
        self.host_id = ""
        self._stores, self._clock = stores, clock
        self.desk, self.models = desk, models
        self.own = HostDesk(stores, self, clock=clock)
        self.head = HostHead(self)
        self.note = ElidedLabel("", "small", "muted", self)
        self.tabs = Tabs(self.tr("Parts of this page"), self)
        for word in (self.tr("Overview"), self.tr("Models"), self.tr("Events"), self.tr("Passport")):
            self.tabs.addTab(word)
        self.story = StoryModel(self)
        self.overview = HostOverview(self.story, self)
        self.host_models = HostModels(stores, models, self, clock=clock)
        self.passport = HostPassport(self)
        self.gone = EmptyState(
            "fleet", self.tr("This host is not in the list"), self.tr("It was removed."), parent=self
        )
        self._tick = QTimer(self, interval=TICK_MS)
        self._lay_out()
        self._connect()

    # --- set up ---

    def _lay_out(self) -> None:
        events = Card(parent=self, padded=False)
        events.fill(StoryView(self.story, events))
        self.stack = QStackedWidget(self)
        for part in (self.overview, self.host_models, events, self.passport, self.gone):
            self.stack.addWidget(part)
        top = QVBoxLayout()
        top.setContentsMargins(MARGIN, 0, MARGIN, 0)
        top.setSpacing(0)
        top.addWidget(self.head)
        top.addWidget(self.note)
        top.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        line = QWidget(self)
        line.setFixedHeight(1)
        line.setProperty("part", "hairline")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 16, MARGIN, MARGIN)
        body.addWidget(self.stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(line)
        column.addLayout(body, 1)

    def _connect(self) -> None:
        stores, head, loaded = self._stores, self.head, self.overview.loaded
        for store in (stores.fleet, stores.catalog, stores.providers, stores.connection, stores.live, self.own):
            store.changed.connect(self._take)
        for told in (stores.samples.changed, stores.story.changed):
            told.connect(lambda host_id: self._take() if host_id == self.host_id else None)
        for desk in (self.desk, self.models):
            desk.changed.connect(self._take)
        head.back_asked.connect(self.back_asked)
        head.web_asked.connect(lambda: self.web_asked.emit(self.host_id))
        head.edit_asked.connect(lambda: self.edit_asked.emit(self.host_id))
        head.pause_asked.connect(lambda: self._with_host(self.desk.pause))
        head.menu_asked.connect(self._open_menu)
        loaded.unload_asked.connect(self.models.unload)
        loaded.cancel_asked.connect(self.models.cancel_load)
        loaded.unload_all_asked.connect(lambda: self.unload_all_asked.emit(self.host_id))
        loaded.load_menu_asked.connect(self._open_loads)
        loaded.dismissed.connect(self._dismiss)
        loaded.retry_asked.connect(lambda: self.models.retry(self._trouble()[0]))
        trouble = self.overview.trouble
        trouble.retry_asked.connect(lambda: self._with_host(self.desk.test))
        trouble.wake_asked.connect(lambda: self.desk.wake(self.host_id))
        trouble.copy_asked.connect(lambda text: QGuiApplication.clipboard().setText(text))
        trouble.key_given.connect(lambda key: self.desk.set_key(self.host_id, key))
        self.overview.requests.cancel_asked.connect(lambda request: self.desk.cancel(self.host_id, request))
        self.overview.requests.all_asked.connect(lambda: self.page_asked.emit("activity", self.host_id))
        self.overview.all_events.clicked.connect(lambda: self.tabs.setCurrentIndex(EVENTS))
        self.tabs.currentChanged.connect(lambda _index: self._take())
        self._tick.timeout.connect(self._ticked)

    # --- for the window ---

    def show_host(self, host_id: str) -> None:
        """Show this host, its overview first."""
        if host_id != self.host_id:
            self.host_id = host_id
            self.tabs.setCurrentIndex(OVERVIEW)
        self.own.look_at(host_id)
        self._stores.live.want()
        self._take_now()

    def refresh(self) -> None:
        """Ask for everything anew; what fails is told by the connection."""
        self._stores.connection.retry()
        self.own.want(now=True)
        for asking in (self._stores.fleet.look(self.host_id), self._stores.fleet.refresh()):
            spawn(self, asking, lambda _error: None)

    # --- from the stores ---

    def _take(self) -> None:
        if self.isVisible():
            self._take_now()

    def _take_now(self) -> None:
        host = self._stores.fleet.host(self.host_id)
        self.stack.setCurrentIndex(self.tabs.currentIndex() if host else self.stack.indexOf(self.gone))
        self.head.row.setEnabled(host is not None)
        self.tabs.setVisible(host is not None)
        if host is None:
            return
        now, stale = self._clock(), self._stores.fleet.stale
        host = host.model_copy(update={"in_flight": self._stores.live.in_flight(host)})
        self.head.show_host(host, now, stale=stale)
        self.tabs.setTabText(MODELS, self.tr("Models {n}").format(n=digits(host.models) if host.models else "").strip())
        self._show_note()
        self._show_tab(host, now, stale)

    def _show_tab(self, host: Host, now: float, stale: bool) -> None:
        stores, tab = self._stores, self.tabs.currentIndex()
        provider = stores.catalog.catalog.by_id.get(host.id)
        if tab == MODELS:
            self.host_models.show_host(host.id)
        if tab in (OVERVIEW, EVENTS):
            self.story.take(story_lines(stores.story.of(host.id), self.own.checks))
        if tab in (OVERVIEW, PASSPORT):
            facts = passport(
                host, stores.providers.entry(host.id), provider, self.own.checks, quiet=self._is_quiet(host.id)
            )
            (self.overview.about if tab == OVERVIEW else self.passport.about).show_facts(facts, markdown(host, facts))
        if tab != OVERVIEW:
            return
        page = self.overview
        quiet = stale or host.state in ("down", "needs_key", "paused", "checking")
        entries = {model.ref: model for model in provider.models} if provider else {}
        known_at = provider.as_of.timestamp() if provider and provider.as_of else None
        page.trouble.show_host(host, [model.wire_id for model in entries.values()], known_at, now)
        page.loaded.show_host(host, entries, self._live(host), now, stale=quiet)
        ref, title, advice = self._trouble()
        page.loaded.show_trouble(title, advice, again=not ref.endswith("/"))
        page.gpus.show_host(host, stores.samples.of(host.id), now, stale=quiet)
        rows = (*stores.live.rows(host.id), *past_gateway([host], now))
        page.requests.show_rows(rows, self.own.ended, now, in_flight=0 if quiet else host.in_flight, stale=stale)
        page.health.show_checks(with_present(self.own.checks, host), now, often_off=host.often_off)

    def _live(self, host: Host) -> Live:
        live = self._stores.live
        speeds = {m.ref: speed for m in host.loaded if (speed := live.speed(m.ref)) is not None}
        return Live(live.running_on(host.id), speeds, host.requests is not None)

    def _show_note(self) -> None:
        note = self.desk.notes.get(self.host_id)
        self.note.setVisible(note is not None)
        self.note.setText(str(note or ""))
        set_tone(self.note, "muted" if isinstance(note, str) else "warn")

    def _is_quiet(self, host_id: str) -> bool:
        return self._quiet is not None and self._quiet.is_quiet(host_id)

    def _trouble(self) -> tuple[str, str, str]:
        """What went wrong last with a model of this host: its ref, title and advice."""
        for ref, trouble in reversed(list(self.models.troubles.items())):
            if ref.partition("/")[0] == self.host_id:
                model = ref.partition("/")[2]
                return ref, f"{model}: {trouble.title}" if model else trouble.title, trouble.advice
        return "", "", ""

    def _dismiss(self) -> None:
        for ref in [ref for ref in self.models.troubles if ref.partition("/")[0] == self.host_id]:
            self.models.dismiss(ref)

    def _ticked(self) -> None:
        self.own.want()
        self._take()

    # --- actions ---

    def _with_host(self, act: object) -> None:
        host = self._stores.fleet.host(self.host_id)
        if host is not None and callable(act):
            act(host)

    def menu(self) -> QMenu:
        """What else can be done with the host."""
        menu, desk, host = QMenu(self), self.desk, self._stores.fleet.host(self.host_id)
        if host is None:
            return menu
        menu.addAction(self.tr("Test"), lambda: desk.test(host))
        if host.mac_address is not None:
            menu.addAction(self.tr("Wake"), lambda: desk.wake(host.id)).setEnabled(host.waking_since is None)
        menu.addAction(self.tr("Unload all"), lambda: self.unload_all_asked.emit(host.id)).setEnabled(bool(host.loaded))
        menu.addMenu(self.load_menu(menu))
        menu.addSeparator()
        menu.addAction(self.tr("Show its logs"), lambda: self.page_asked.emit("logs", host.id))
        menu.addAction(self.tr("Show its activity"), lambda: self.page_asked.emit("activity", host.id))
        menu.addSeparator()
        menu.addAction(self.tr("Copy base URL"), lambda: QGuiApplication.clipboard().setText(host.base_url))
        default = menu.addAction(self.tr("Make it the default"), lambda: desk.set_default(host))
        default.setEnabled(self._stores.catalog.catalog.default_provider != host.id)
        if self._quiet is not None:
            menu.addAction(notifications_action(self._quiet, host.id, menu))
        return menu

    def load_menu(self, parent: QWidget) -> QMenu:
        """The models that are not in memory."""
        menu = QMenu(self.tr("Load a model"), parent)
        provider = self._stores.catalog.catalog.by_id.get(self.host_id)
        stopped = [m for m in (provider.models if provider else ()) if m.state == "stopped" and m.type == "model"]
        for model in stopped[:MOST_IN_MENU]:
            menu.addAction(model.wire_id, partial(self.models.load, model.ref))
        if len(stopped) > MOST_IN_MENU or not stopped:
            words = self.tr("All models…") if stopped else self.tr("All of them are in memory")
            menu.addAction(words, lambda: self.tabs.setCurrentIndex(MODELS)).setEnabled(bool(stopped))
        return menu

    def _open_menu(self) -> None:
        self._pop(self.menu(), self.head.more)

    def _open_loads(self, button: QWidget) -> None:
        self._pop(self.load_menu(self), button)

    @staticmethod
    def _pop(menu: QMenu, below: QWidget) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(below.mapToGlobal(QPoint(0, below.height() + 4)))

    # --- keys, and showing ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt_left = event.key() == Qt.Key.Key_Left and event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt_left or event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Back):
            self.back_asked.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        if self.host_id:
            self.own.want()
            self._take_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
