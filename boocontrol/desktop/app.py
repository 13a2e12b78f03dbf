"""The desktop put together: the only place of this room that constructs services.

The window is painted before the gateway is looked for; nothing here waits for a gateway or a host. Nothing may run a
Qt loop of its own inside a coroutine (no exec(), no processEvents()): other tasks would hang for ever.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QSettings, QSize, QTimer
from PySide6.QtWidgets import QApplication

from boocontrol import __version__
from boocontrol.core.errors import BooError
from boocontrol.core.heap import give_back
from boocontrol.core.paths import data_dir, registry_path
from boocontrol.core.secrets import KeyringStore
from boocontrol.desktop.alert_sender import AlertSender
from boocontrol.desktop.autostart import autostart
from boocontrol.desktop.elsewhere import Elsewhere
from boocontrol.desktop.garbage import Garbage
from boocontrol.desktop.language import Language
from boocontrol.desktop.main_window import GEOMETRY
from boocontrol.desktop.notifier import Notifier
from boocontrol.desktop.options import Options, parse
from boocontrol.desktop.page_set import Parts, preload
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.tasks import cancel_all, spawn
from boocontrol.desktop.theme import MODES, Theme
from boocontrol.desktop.tray import Tray, first_close
from boocontrol.desktop.tray_state import Seen, TrayState, tray_state

EXPLAINED = "window/close_explained"
TRAY_LOOK_MS = 1_500
FRAME = QSize(8, 40)
THREADS = 4
SWITCH_S = 0.00002
"""How soon another thread gives the interpreter to the GUI's: each call into Qt may have to wait for it once."""


class Desktop(QObject):
    """The running program: window, tray, alerts, the gateway's keeper, and how they end."""

    def __init__(self, app: QApplication, options: Options, folder: Path) -> None:
        super().__init__(app)
        self._options = options
        self.ended = asyncio.Event()
        self._ending = False
        self.settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat, self)
        self.local = LocalSettings(folder / "desktop.ini", self)
        self.autostart = autostart(_at_login(options), Path.home())
        if self.autostart is not None:
            self.local.put("autostart", self.autostart.on())
        self.language = Language(app, options.language or str(self.local.get("language")))
        chosen = str(self.local.get("theme"))
        self.theme = Theme(app, next((mode for mode in MODES if mode == chosen), "system"))
        self.stores = Stores.build(self, options.registry)
        port = self.local.gateway_port()
        self.supervisor = Supervisor(self.stores.connection, options.registry, self, port=port)
        self.elsewhere = Elsewhere(self.supervisor, self.local, KeyringStore(), self)
        self.shell = Shell(self._parts(), self.settings, self, closing=self._closing)
        self.tray = Tray(lambda: self.theme.tokens, self._tray_state, self)
        self.notifier = Notifier(self.tray.tell, self)
        self.alerts = AlertSender(
            self.stores,
            self.local.flag,
            self.notifier.send,
            self,
            muted=self.local.is_quiet,
            watching=self._watching,
        )
        self._tray_look = QTimer(self, interval=TRAY_LOOK_MS)
        self._tray_lost = False
        self._connect()

    def start(self) -> None:
        """Show the window, then look for the gateway."""
        self._fit()
        hidden = self._options.minimised or self.local.flag("start_minimised")
        if not (hidden and self.tray.there):
            self.shell.show(self._options.page)
        self.tray.refresh()
        self._tray_look.start()
        spawn(self, self._begin(), self._not_begun)

    def _fit(self) -> None:
        """The first window is no larger than the display has room for, frame included."""
        window = self.shell.window
        if not self.settings.contains(GEOMETRY):
            window.resize(window.size().boundedTo(window.screen().availableSize() - FRAME))

    def quit(self) -> None:
        """End the program; a question comes first where requests through our gateway would be cut."""
        if not self._ending:
            self._ending = True
            spawn(self, self._ask_and_end(), lambda _error: self.ended.set())

    async def close(self) -> None:
        """End what was started here."""
        self._tray_look.stop()
        self.tray.icon.hide()
        self.shell.window.keep()
        self.shell.window.hide()
        await self.supervisor.close()

    async def _begin(self) -> None:
        give_back()
        try:
            await self._look_for_gateway()
        except BooError as e:
            self._not_begun(e)
        await asyncio.to_thread(preload)
        self.shell.window.make_pages_when_idle()

    async def _look_for_gateway(self) -> None:
        """Raises SecretError when a key cannot be read."""
        if self._options.gateway is None:
            await self.elsewhere.begin()
            return
        from boocontrol.client import read_key_file

        file = self._options.key_file
        key = read_key_file(file) if file is not None else None
        await self.supervisor.use_remote(self._options.gateway, key)

    def _not_begun(self, error: Exception) -> None:
        self.shell.notices.fail(error, lambda: spawn(self, self._look_for_gateway(), self._not_begun))

    async def _ask_and_end(self) -> None:
        running = await self.supervisor.requests()
        if not running:
            self.ended.set()
            return
        from boocontrol.desktop.dialogs.confirm import confirm_quit

        self.shell.window.raise_up()
        asked = confirm_quit(running, self.shell.window)
        asked.accepted.connect(self.ended.set)
        asked.rejected.connect(self._stay)
        asked.open()

    def _stay(self) -> None:
        self._ending = False

    def _watching(self) -> bool:
        """Whether the window is there to be looked at."""
        return self.shell.window.isVisible() and not self.shell.window.isMinimized()

    def _closing(self) -> bool:
        """What the close button does: into the tray where there is one and it is wanted, else the end."""
        if self.ended.is_set():
            return True
        if self.local.flag("close_to_tray") and self.tray.there:
            self.shell.window.hide()
            if not self.settings.value(EXPLAINED):
                self.settings.setValue(EXPLAINED, "1")
                self.notifier.send(first_close(self.shell.window))
        else:
            self.quit()
        return False

    def _look_for_tray(self) -> None:
        """An icon area may come late, and may go: a window that is hidden in none must come back."""
        self.tray.refresh()
        lost = self.shell.window.isHidden() and not self.tray.there
        # One look may come while a panel starts anew.
        if lost and self._tray_lost and not self.ended.is_set():
            self.shell.window.raise_up()
        self._tray_lost = lost

    def _start_demo(self) -> None:
        start_demo()
        self.shell.notices.say(self.tr("The demo opens in a window of its own."))

    def _tray_state(self) -> TrayState:
        stores = self.stores
        status = stores.status.status
        return tray_state(
            Seen(
                hosts=stores.fleet.hosts,
                catalog=stores.catalog.catalog,
                favorites=stores.favorites.refs,
                scenes=tuple(scene.name for scene in stores.scenes.scenes),
                connected=stores.connection.state == "connected",
                ours=self.supervisor.ours,
                address=status.url if status else "",
                snoozed_until=self.alerts.snoozed_until,
            )
        )

    def _connect(self) -> None:
        shell, tray, stores = self.shell, self.tray, self.stores
        shell.quit_asked.connect(self.quit)
        shell.demo_asked.connect(self._start_demo)
        self._tray_look.timeout.connect(self._look_for_tray)
        shell.snoozed.connect(self.alerts.snooze)
        tray.asked.connect(shell.do)
        self.notifier.clicked.connect(tray.follow)
        self.theme.changed.connect(tray.retint)
        self.local.changed.connect(self._local_changed)
        self.supervisor.changed.connect(self._remember_port)
        self.alerts.changed.connect(tray.refresh)
        for store in (stores.fleet, stores.catalog, stores.status):
            store.changed.connect(tray.refresh)
        stores.connection.changed.connect(tray.refresh)

    def _remember_port(self) -> None:
        """The port that a gateway could be started on is the one of the next start; the usual one needs no note."""
        port = self.supervisor.port
        if port is None or self.supervisor.state == "running":
            self.local.put("gateway_port", str(port or ""))

    def _local_changed(self, key: str) -> None:
        if key == "theme":
            chosen = str(self.local.get("theme"))
            self.theme.set_mode(next((mode for mode in MODES if mode == chosen), "system"))
        elif key == "autostart" and self.autostart is not None:
            try:
                self.autostart.set(self.local.flag(key))
            except (BooError, OSError) as e:
                self.local.put(key, self.autostart.on())
                self.shell.notices.fail(e)

    def _parts(self) -> Parts:
        return Parts(
            *(self.stores, self.supervisor, self.local, Path.home(), data_dir(), os.environ, self._facts),
            doctor=partial(doctor, self._options),
            elsewhere=self.elsewhere,
        )

    def _facts(self) -> list[tuple[str, str]]:
        from PySide6.QtCore import qVersion

        gateway = self.stores.connection.gateway
        status = self.stores.status.status
        return [
            (self.tr("BooControl"), __version__),
            (self.tr("Gateway"), f"{gateway.version}, {gateway.url}" if gateway else self.tr("not connected")),
            (self.tr("Hosts are in"), status.registry.path if status else str(registry_path())),
            (self.tr("Settings of this window are in"), self.local.path),
            (self.tr("Python, Qt"), f"{sys.version.split()[0]}, {qVersion()}"),
        ]


def run(arguments: Sequence[str]) -> int:
    """Run the desktop until it is quit. The result is the exit code."""
    options = parse(arguments)
    app = application(options)
    folder = options.registry.parent if options.registry else registry_path().parent
    if options.shoot is not None:
        from boocontrol.desktop.shoot import shoot_live

        return _loop(app, shoot_live(app, options, options.shoot))
    from boocontrol.desktop.instance import Instance

    instance = Instance(options.registry or registry_path(), app)
    if options.gateway is None and not instance.claim():
        return 0
    try:
        return _loop(app, _main(app, options, folder, instance))
    finally:
        instance.release()


def application(options: Options) -> QApplication:
    """The one QApplication. Hiding the last window does not end it: the tray may be all that is shown."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["boocontrol"])
    app.setApplicationName("BooControl")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("boocontrol")
    app.setQuitOnLastWindowClosed(False)
    return app


async def _main(app: QApplication, options: Options, folder: Path, instance: QObject) -> int:
    desktop = Desktop(app, options, folder)
    raised = getattr(instance, "raised", None)
    if raised is not None:
        raised.connect(desktop.shell.window.raise_up)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not on Windows, where Ctrl-C ends the process.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, desktop.ended.set)
    # After the start: what is made once is set aside for good.
    desktop.start()
    garbage = Garbage(desktop)
    await desktop.ended.wait()
    await desktop.close()
    await cancel_all()
    garbage.stop()
    return 0


def _loop(app: QApplication, main: object) -> int:
    """Run a coroutine on Qt's loop, to its end and not until Qt's: what it opened is closed by then."""
    import qasync  # type: ignore[import-untyped]

    sys.setswitchinterval(SWITCH_S)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    # qasync sets no hooks for asynchronous generators; without them an abandoned one is never closed.
    sys.set_asyncgen_hooks(loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook)
    # qasync's own pool makes the end wait for every blocking call.
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="boocontrol")
    loop.set_default_executor(pool)
    try:
        return int(loop.run_until_complete(main))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        pool.shutdown(wait=False, cancel_futures=True)
        loop.set_default_executor(None)
        loop.close()
        asyncio.set_event_loop(None)


async def doctor(options: Options) -> str:
    """The report of `boocontrol doctor` on the same hosts and gateway as this window's. It holds no key."""
    same = (("--registry", options.registry), ("--gateway", options.gateway), ("--key-file", options.key_file))
    given = [part for name, value in same if value is not None for part in (name, str(value))]
    process = await asyncio.create_subprocess_exec(
        *_command(*given, "doctor"), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode("utf-8", "replace")


def start_demo() -> None:
    """The simulated fleet, in a window of its own that outlives this one."""
    command = _command("demo")
    QProcess.startDetached(command[0], command[1:])


def _at_login(options: Options) -> list[str]:
    registry = [] if options.registry is None else ["--registry", str(options.registry.absolute())]
    return [sys.executable, "-m", "boocontrol.desktop", "--minimised", *registry]


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from boocontrol.cli.main import main; main()", *words]
