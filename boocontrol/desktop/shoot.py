"""Pictures of everything: pages, dialogs, palette, help and tray menu, light and dark, as PNG files."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from boocontrol.core.api import RequestInFlight
from boocontrol.core.errors import BooError
from boocontrol.core.secrets import MemoryStore
from boocontrol.desktop.elsewhere import Elsewhere
from boocontrol.desktop.garbage import Garbage
from boocontrol.desktop.language import ENGLISH, Language
from boocontrol.desktop.main_window import MainWindow
from boocontrol.desktop.options import Options
from boocontrol.desktop.page_set import Parts, welcome
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.shoot_control import control
from boocontrol.desktop.shoot_counts import counts
from boocontrol.desktop.shoot_dialog import picture
from boocontrol.desktop.shoot_stage import living_fleet
from boocontrol.desktop.shoot_states import states
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.tasks import cancel_all
from boocontrol.desktop.theme import Mode, Theme
from boocontrol.desktop.tokens import SMALLEST
from boocontrol.desktop.tray import fill
from boocontrol.desktop.tray_state import Seen, tray_state

SIZE: Final = QSize(1280, 800)
MODES: Final[tuple[Mode, ...]] = ("light", "dark")
SETTLE_S: Final = 0.3
FIRST_NEWS_S: Final = 20.0
SHOT_TWICE: Final = ("fleet", "host")
ALL_TWICE: Final = (
    "fleet", "host", "models", "activity", "logs", "gateway", "agents", "settings", "palette", "welcome",
    "activity-details", "add-host-needs-key",
)  # fmt: skip


async def shoot(
    folder: Path, parts: Parts, theme: Theme, *, settle_s: float = 0.0, twice: Collection[str] = SHOT_TWICE
) -> list[Path]:
    """Draw everything as the stores have it now. `settle_s` is how long each view may fetch what it shows.

    What is named in `twice` is also drawn with two pixels for each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    with tempfile.TemporaryDirectory() as scratch:
        settings = QSettings(str(Path(scratch) / "window.ini"), QSettings.Format.IniFormat)
        shell = Shell(parts, settings)
        shell.window.resize(SIZE)
        try:
            for mode in MODES:
                theme.set_mode(mode)
                for name, widget in views(shell, parts, theme):
                    await asyncio.sleep(settle_s)
                    made.append(_save(widget, folder / f"{name}-{mode}.png"))
                    if name in twice:
                        made.append(_save(widget, folder / f"{name}-{mode}@2x.png", 2.0))
        finally:
            shell.window.hide()
            shell.window.deleteLater()
            shell.deleteLater()
    return made


def views(shell: Shell, parts: Parts, theme: Theme) -> Iterator[tuple[str, QWidget]]:
    """One thing after the other, each shown when it comes and taken away after."""
    window = shell.window
    for page in window.pages:
        shell.show(page.id)
        _choose(page.id, window, parts.stores)
        yield page.id, window
    yield from _logs(shell, parts.stores)
    yield from _hosts(shell, parts.stores)
    shell.show("models")
    shell.palette.pop()
    shell.palette.field.setText("qw")
    yield "palette", window
    shell.palette.done()
    shell.help.pop()
    yield "help", window
    shell.help.done()
    yield from _said(shell)
    window.resize(900, 600)
    shell.show("fleet")
    yield "narrow", window
    if parts.stores.fleet.hosts:
        shell.open_host(parts.stores.fleet.hosts[0].id)
        yield "host-narrow", window
        shell.ask_back()
    window.resize(*SMALLEST)
    shell.show("activity")
    yield "activity-narrow", window
    window.resize(SIZE)
    yield from _details(shell)
    for name, widget in _others(shell, parts, theme):
        widget.show()
        yield name, widget
        widget.hide()
        widget.deleteLater()
    yield from states(SIZE)
    yield from control(SIZE)
    yield from counts(SIZE)


def _choose(page_id: str, window: MainWindow, stores: Stores) -> None:
    """Something is chosen where a page has room for what is known of it: the first favorite, else the first model."""
    from boocontrol.desktop.pages.models import ModelsPage

    page = window.page(page_id)
    models = [*stores.favorites.refs, *(model.ref for model in stores.catalog.catalog.models())]
    if isinstance(page, ModelsPage) and models:
        page.show_model(models[0])


def _details(shell: Shell) -> Iterator[tuple[str, QWidget]]:
    """One request, beside the history: one that was cut off, if there is one."""
    from boocontrol.desktop.pages.activity import ActivityPage

    page = shell.window.page("activity")
    if isinstance(page, ActivityPage) and page.item_model.rows:
        shell.show("activity")
        rows = page.item_model.rows
        page.open_details(min(rows, key=lambda row: (row.outcome != "cut", row.outcome in ("ok", "running"))))
        yield "activity-details", shell.window
        page.close_details()


def _logs(shell: Shell, stores: Stores) -> Iterator[tuple[str, QWidget]]:
    """Something is looked for, all hosts at once, and a host that is not there."""
    from boocontrol.desktop.pages.logs import LogsPage

    page = shell.window.page("logs")
    if not stores.fleet.hosts or not isinstance(page, LogsPage):
        return
    shell.show("logs")
    page.controls.search.setText("chat|slot|load")
    yield "logs-found", shell.window
    page.controls.search.clear()
    page.controls.hosts.choose([host.id for host in stores.fleet.hosts])
    yield "logs-all", shell.window
    down = [host.id for host in stores.fleet.hosts if host.state == "down"]
    page.controls.hosts.choose(down[:1])
    yield "logs-down", shell.window
    page.controls.hosts.choose([stores.fleet.hosts[0].id])


def _hosts(shell: Shell, stores: Stores) -> Iterator[tuple[str, QWidget]]:
    """The page of the first host, one of each state that needs somebody, and all of it as old news."""
    from boocontrol.core.errors import Unreachable
    from boocontrol.desktop.pages.fleet_rooms import FleetRooms

    window, rooms, fleet = shell.window, shell.window.page("fleet"), stores.fleet
    if not fleet.hosts or not isinstance(rooms, FleetRooms):
        return
    shell.open_host(fleet.hosts[0].id)
    yield "host", window
    for tab, name in enumerate(("models", "events", "passport"), 1):
        rooms.host.tabs.setCurrentIndex(tab)
        yield f"host-{name}", window
    for state in ("down", "needs_key"):
        found = next((host for host in fleet.hosts if host.state == state), None)
        if found is not None:
            shell.open_host(found.id)
            yield f"host-{state}", window
    rooms.show_fleet()
    connection = stores.connection
    before = (connection.state, connection.problem, connection.since, connection.gateway, connection.client)
    connection.take("lost", problem=Unreachable("The gateway does not answer.", "BooControl keeps trying."))
    yield "lost", window
    state, problem, since, gateway, client = before
    connection.take(state, problem=problem, since=since, gateway=gateway, client=client)


def _said(shell: Shell) -> Iterator[tuple[str, QWidget]]:
    """Notices and the bar that takes something back."""
    window = shell.window
    shell.show("fleet")
    error = BooError("It did not start: not enough GPU memory.", "Unload another model first, then try again.")
    shell.notices.fail(error, lambda: None)
    shell.notices.undo("Removed laptop from the fleet.", lambda: None)
    yield "notices", window
    shell.notices.clear(f"{error.code} {error.title}")
    window.undo.hide()


def _others(shell: Shell, parts: Parts, theme: Theme) -> Iterator[tuple[str, QWidget]]:
    """Dialogs, the first page, and the menu, which are no part of the window."""
    from datetime import UTC, datetime, timedelta

    from boocontrol.desktop.dialogs.confirm import confirm_unload
    from boocontrol.desktop.dialogs.gateway_elsewhere import ElsewhereDialog
    from boocontrol.desktop.dialogs.provider import ProviderDialog

    now = datetime.now(UTC)
    running = [
        RequestInFlight(
            id=str(n), ref="gpu-box/qwen3.5-9b", provider="gpu-box", endpoint="/v1/chat/completions",
            client=client, started_at=now - timedelta(seconds=seconds),
        )
        for n, (client, seconds) in enumerate((("opencode", 12.4), ("Chat", 1.1)))
    ]  # fmt: skip
    yield "ask-first", _alone(confirm_unload("qwen3.5-9b", running, shell.window, now=now))
    yield "another-gateway", _alone(ElsewhereDialog(_nowhere, "http://nas:9503", shell.window))
    yield "add-host", _alone(ProviderDialog(parts.stores, None, shell.window, address="http://127.0.0.1:9"))
    first = welcome(parts)
    first.resize(SIZE)
    yield "welcome", first
    menu = QMenu()
    fill(menu, tray_state(_seen(parts.stores)).menu, theme.tokens, lambda _action, _argument: None)
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    yield "tray-menu", menu
    hosts = [item for item in tray_state(_seen(parts.stores)).menu if item.children and item.right]
    for host in hosts[:1]:
        inside = QMenu()
        fill(inside, host.children, theme.tokens, lambda _action, _argument: None)
        inside.ensurePolished()
        inside.resize(inside.sizeHint())
        yield "tray-host", inside


async def _nowhere(_address: str, _key: object) -> None:
    """Pictures connect to nothing."""


def _alone(dialog: QDialog) -> QDialog:
    """A dialog without its modality, which would dim nothing here and block the next view."""
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    return dialog


def _seen(stores: Stores) -> Seen:
    status = stores.status.status
    return Seen(
        hosts=stores.fleet.hosts,
        catalog=stores.catalog.catalog,
        favorites=stores.favorites.refs,
        scenes=tuple(scene.name for scene in stores.scenes.scenes),
        connected=stores.connection.state == "connected",
        ours=True,
        address=status.url if status else "",
    )


def _save(widget: QWidget, path: Path, scale: float = 1.0) -> Path:
    picture(widget, scale).save(str(path))
    return path


async def shoot_live(app: QApplication, options: Options, folder: Path) -> int:
    """Connect to a gateway, wait for its first news, draw everything, print where."""
    from boocontrol.client import read_key_file
    from boocontrol.desktop.pages.settings_local import LocalSettings

    owner = QObject(app)
    garbage = Garbage(owner)  # else a worker thread may take Qt objects of this one with it
    _language = Language(app, options.language or ENGLISH)  # not the system's: pictures look the same everywhere
    theme = Theme(app, "light", font=picture_font())
    stores = Stores.build(owner, options.registry)
    supervisor = Supervisor(stores.connection, options.registry, owner)
    if options.gateway is not None:
        key = read_key_file(options.key_file) if options.key_file is not None else None
        await supervisor.use_remote(options.gateway, key)
    else:
        stores.connection.start()
    with tempfile.TemporaryDirectory() as scratch:
        local = LocalSettings(Path(scratch) / "desktop.ini", owner)
        home = Path(scratch)
        elsewhere = Elsewhere(supervisor, local, MemoryStore(), owner)
        facts = [("BooControl", "demo")]
        parts = Parts(stores, supervisor, local, home, home, os.environ, lambda: facts, elsewhere=elsewhere)
        with suppress(TimeoutError):
            await asyncio.wait_for(_first_news(stores), FIRST_NEWS_S)
        async with living_fleet(stores) if options.stage else nullcontext():
            made = await shoot(folder, parts, theme, settle_s=SETTLE_S, twice=ALL_TWICE)
        await supervisor.close()
        await cancel_all()
    garbage.stop()
    return 0 if made else 1


def picture_font() -> QFont:
    """The font of pictures, so that they look the same everywhere: Inter where there is one."""
    font = QFont("Inter")
    font.setPixelSize(13)
    return font


async def _first_news(stores: Stores) -> None:
    """Until the hosts were looked at once."""
    heard = asyncio.Event()
    stores.fleet.changed.connect(heard.set)
    while not stores.fleet.hosts or any(h.state == "checking" for h in stores.fleet.hosts):
        heard.clear()
        await heard.wait()
