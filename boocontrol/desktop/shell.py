"""The window put together: pages, palette, help, badges, the bar of a lost gateway, and what each action does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QSettings, QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from boocontrol.client import Busy
from boocontrol.desktop import shortcuts
from boocontrol.desktop.commands import entries
from boocontrol.desktop.itemmodels.ages import clock_time
from boocontrol.desktop.main_window import MainWindow
from boocontrol.desktop.model_deeds import ModelDeeds
from boocontrol.desktop.notices import Notices
from boocontrol.desktop.overlay import ShortcutHelp
from boocontrol.desktop.page_set import Parts, broken_registry, pages, welcome
from boocontrol.desktop.palette import Palette
from boocontrol.desktop.rail import Badge
from boocontrol.desktop.scene_deeds import SceneDeeds
from boocontrol.desktop.stores.activity import MOST_RUNNING
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tray_state import shape_of, state_word
from boocontrol.desktop.widgets import Button

WORST = ("down", "needs_key", "degraded")


class Shell(QObject):
    """One window over one set of stores. `quit_asked` and `demo_asked` are for the program around it."""

    quit_asked = Signal()
    demo_asked = Signal()
    snoozed = Signal(int)

    def __init__(
        self,
        parts: Parts,
        settings: QSettings,
        parent: QObject | None = None,
        *,
        closing: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._stores = parts.stores
        self._skipped = False
        self._lost = ("", "", False)
        self._way_back: Button | None = None
        self.window = MainWindow(pages(parts), settings, welcome=self._welcome, closing=closing)
        self.notices = Notices(self.window)
        self.models = ModelDeeds(self._stores, self.window, self.notices)
        self.scenes = SceneDeeds(self._stores, self.window, self.notices)
        self.palette = Palette(self.window, lambda: entries(self._stores, self.window, self.do))
        self.help = ShortcutHelp(self.window)
        self._keys()
        self.window.page_made.connect(self._made)
        self.window.rail.chosen.connect(lambda page: self.ask_back() if page == "fleet" else None)
        self.window.foot_clicked.connect(lambda: self.window.show_page("gateway"))
        stores = self._stores
        for store in (stores.fleet, stores.status, stores.providers):
            store.changed.connect(self.refresh)
        stores.connection.changed.connect(self.refresh)
        stores.activity.changed.connect(self._show_running)
        parts.supervisor.changed.connect(self.refresh)

    def show(self, page: str = "") -> None:
        """Show the window with a page: the given one, or the one of last time."""
        self.refresh()
        self.window.show_page(page or self.window.last_page())
        self.window.raise_up()

    def do(self, action: str, argument: str = "") -> object:
        """Do what the palette, the tray or a key asks for."""
        simple: dict[str, Callable[[], object]] = {
            "open": self.window.raise_up,
            "quit": self.quit_asked.emit,
            "help": self.help.pop,
            "add": self.add_host,
            "refresh": self.ask_again,
            "unload_all": partial(self.unload, self.tr("everything"), all=True),
            "copy_address": lambda: self._copy(self._address()),
            "gateway_start": self._parts.supervisor.start,
            "gateway_stop": self.stop_gateway,
            "scene_save": self.scenes.save,
        }
        with_argument: dict[str, Callable[[str], object]] = {
            "page": self.open_page,
            "host": self.open_host,
            "model": self.open_model,
            "load": self.models.load,
            "cancel": self.models.cancel,
            "wake": self.models.wake,
            "scene": self.scenes.ask,
            "scene_rename": self.scenes.rename,
            "scene_remove": self.scenes.remove,
            "unload": lambda ref: self.unload(ref, ref=ref),
            "unload_host": lambda host: self.unload(host, provider=host),
            "web_ui": self.open_web_ui,
            "copy": self._copy,
            "snooze": lambda minutes: self.snoozed.emit(int(minutes)),
        }
        if action in simple:
            return simple[action]()
        return with_argument[action](argument) if action in with_argument else None

    # --- deeds ---

    def open_page(self, page: str) -> None:
        """Show the window with this page."""
        self._leave_welcome()
        self.window.show_page(page)
        self.window.raise_up()

    def open_host(self, host: str) -> None:
        """Show a host."""
        self.open_page("fleet")
        self._tell_page("fleet", "show_host", host)

    def ask_back(self) -> None:
        """From a host to all of them, on the page Fleet."""
        self._tell_page("fleet", "show_fleet")

    def open_page_of(self, page: str, host: str) -> None:
        """Show a page about one host, where there is such a page."""
        if page in self.window.page_ids:
            self.open_page(page)
            self._tell_page(page, "show_host", host)

    def open_model(self, ref: str) -> None:
        """Show a model in the list."""
        self.open_page("models")
        self._tell_page("models", "show_model", ref)

    def unload(
        self, what: str, *, ref: str | None = None, provider: str | None = None, all: bool = False, force: bool = False
    ) -> None:
        """Ask for memory back; where requests would be cut, a question comes first."""
        again = partial(self.unload, what, ref=ref, provider=provider, all=all)

        def failed(error: Exception) -> None:
            if isinstance(error, Busy) and error.requests:
                self._ask_first(what, error, partial(again, force=True))
            else:
                self.notices.fail(error, again)

        spawn(self, self._stores.actions.unload(ref, provider=provider, all=all, force=force), failed)

    def add_host(self) -> None:
        """Open the dialog for a new host."""
        from boocontrol.desktop.dialogs.provider import ProviderDialog

        self._open(ProviderDialog(self._stores, None, self.window))

    def edit_host(self, host: str) -> None:
        """Open the dialog with a host's entry."""
        from boocontrol.desktop.dialogs.provider import ProviderDialog

        entry = self._stores.providers.entry(host)
        if entry is not None:
            self._open(ProviderDialog(self._stores, entry, self.window))

    def ask_again(self) -> None:
        """F5: the connection if there is none, else what the page shows."""
        self._stores.connection.retry()
        self._tell_page(self.window.current, "refresh")

    def open_web_ui(self, host: str) -> None:
        """Open a host's own page in the browser."""
        known = self._stores.fleet.host(host)
        if known is not None:
            self._parts.open_url(QUrl(f"{known.base_url.rstrip('/').removesuffix('/v1')}/ui"))

    def stop_gateway(self) -> None:
        """Stop our gateway; a question comes first where requests would be cut."""
        spawn(self, self._stop_gateway(), self.notices.fail)

    async def _stop_gateway(self) -> None:
        running = await self._parts.supervisor.requests()
        if not running:
            await self._parts.supervisor.stop()
            return
        from boocontrol.desktop.dialogs.confirm import confirm_stop

        self.window.raise_up()
        asked = confirm_stop(running, self.window)
        asked.accepted.connect(lambda: spawn(self, self._parts.supervisor.stop(), self.notices.fail))
        self._open(asked)

    def _ask_first(self, what: str, error: Busy, go_on: Callable[[], object]) -> None:
        from boocontrol.desktop.dialogs.confirm import confirm_unload

        self.window.raise_up()
        asked = confirm_unload(what, error.requests, self.window)
        asked.accepted.connect(go_on)
        self._open(asked)

    def _open(self, dialog: QWidget) -> None:
        """Without exec(): a coroutine may wait meanwhile."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QDialog

        assert isinstance(dialog, QDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.notices.say(self.tr("Copied {text}").format(text=text))

    def _address(self) -> str:
        status = self._stores.status.status
        return f"{status.url.rstrip('/')}/v1" if status else ""

    def _tell_page(self, page: str, name: str, *values: str) -> None:
        """Ask a page for something that not every page can do."""
        said = getattr(self.window.page(page), name, None) if page in self.window.page_ids else None
        if callable(said):
            said(*values)

    # --- what is shown ---

    def refresh(self, *_: object) -> None:
        """Badges, foot, the bar of a lost gateway, the welcome page and the broken file, as the stores have it."""
        self._show_badges()
        self._show_running()
        self._show_gateway()
        self._show_lost()
        status = self._stores.status.status
        broken = status is not None and status.registry.error is not None
        self.window.cover("fleet", partial(broken_registry, self._parts) if broken else None)
        first = status is not None and not broken and status.counts.providers == 0
        # Its steps go on when the first host is there.
        goes_on = self.window.welcoming and not broken
        self.window.set_welcome((first or goes_on) and not self._skipped)

    def _show_badges(self) -> None:
        counting = [h for h in self._stores.fleet.hosts if not (h.often_off and h.state == "down")]
        worst = next((state for state in WORST if any(h.state == state for h in counting)), None)
        badge = None
        if worst is not None:
            names = ", ".join(h.label for h in counting if h.state == worst)
            shape = shape_of(next(h for h in counting if h.state == worst))
            badge = Badge(state=shape, word=f"{state_word(worst)}: {names}")
        self.window.set_badge("fleet", badge)

    def _show_running(self) -> None:
        """How many requests run, beside the page that shows them."""
        activity = self._stores.activity
        count = len(activity.running) if not activity.stale else 0
        shown = f"{count}+" if count >= MOST_RUNNING else str(count)
        word = self.tr("1 request now") if count == 1 else self.tr("{n} requests now").format(n=shown)
        self.window.set_badge("activity", Badge(text=shown, word=word) if count else None)

    def _show_gateway(self) -> None:
        connection, supervisor = self._stores.connection, self._parts.supervisor
        words = {
            "connected": ("up", self.tr("Gateway running")),
            "starting": ("checking", self.tr("Gateway starting")),
            "lost": ("degraded", self.tr("Gateway lost")),
            "stopped": ("paused", self.tr("Gateway stopped")),
        }
        shape, title = words[connection.state]
        if connection.state != "connected" and supervisor.state == "failed":
            shape, title = "down", self.tr("Gateway failed")
        elif connection.state != "connected" and supervisor.state in ("looking", "starting", "waiting"):
            shape, title = words["starting"]
        status = self._stores.status.status
        url = connection.gateway.url if connection.gateway else status.url if status else ""
        self.window.rail.foot.tell(shape, title, url.split("://", 1)[-1].rstrip("/"))
        # Of another version, or not understood in part: the Gateway page says what to do.
        told = connection.problem if connection.state == "connected" else None
        self.window.set_badge("gateway", Badge(state="degraded", word=told.title) if told else None)

    def _show_lost(self) -> None:
        connection, supervisor = self._stores.connection, self._parts.supervisor
        problem = supervisor.problem or connection.problem
        lost = connection.state in ("lost", "stopped") and supervisor.state != "looking"
        if not lost or (connection.state == "stopped" and supervisor.problem is None and not self._stores.fleet.hosts):
            self.window.hide_lost()
            return
        title = problem.title if problem else self.tr("The gateway stopped.")
        words = details = problem.advice if problem else ""
        if "\n" in words:  # the last words of the gateway: they stand on its page, and in the details
            words = ""
        fleet = self._stores.fleet
        if fleet.stale and fleet.hosts and fleet.as_of is not None:
            seen = self.tr("What you see is from {time}.").format(time=clock_time(fleet.as_of))
            words = f"{words} {seen}".strip()
        ours = supervisor.state not in ("remote", "attached")
        if self.window.lost.isHidden() or (title, words, ours) != self._lost:
            self._lost = (title, words, ours)
            act = supervisor.start if ours else connection.retry
            text, picture = (self.tr("Start it"), "power") if ours else (self.tr("Try again"), "refresh")
            old, self._way_back = self._way_back, Button(text, parent=self.window.lost, icon=picture, on_click=act)
            self.window.show_lost(title, words, (self._way_back,), f"{title}\n{details or words}")
            if old is not None:
                old.deleteLater()

    # --- pages ---

    def _made(self, page: str, widget: object) -> None:
        """Connect what a page asks for."""
        asks: dict[str, Callable[..., object]] = {
            "add_host_asked": self.add_host,
            "edit_asked": self.edit_host,
            "page_asked": self.open_page_of,
            "deed_asked": self.do,
            "settings_wanted": self._open_settings,
            "stale_changed": self._agents_stale,
        }
        for name, slot in asks.items():
            signal = getattr(widget, name, None)
            if signal is not None:
                signal.connect(slot)

    def _open_settings(self, section: str) -> None:
        self.open_page("settings")
        self._tell_page("settings", "open_section", section)

    def _agents_stale(self, stale: bool) -> None:
        word = self.tr("opencode is out of date")
        self.window.set_badge("agents", Badge(state="degraded", word=word) if stale else None)

    def _welcome(self) -> QWidget:
        made = welcome(self._parts)
        asks: dict[str, Callable[[], object]] = {
            "demo_wanted": self.demo_asked.emit,
            "opencode_wanted": lambda: self.open_page("agents"),
            "left": lambda: self.open_page("fleet"),
        }
        for name, slot in asks.items():
            getattr(made, name).connect(slot)
        return made

    def _leave_welcome(self) -> None:
        self._skipped = True
        self.window.set_welcome(False)

    def _keys(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "palette": self.palette.pop,
            "filter": self.window.focus_filter,
            "refresh": self.ask_again,
            "add": self.add_host,
            "help": self.help.pop,
            "quit": self.quit_asked.emit,
        }
        shortcuts.install(self.window, handlers)
        shortcuts.install_digits(self.window, self.window.show_place)
