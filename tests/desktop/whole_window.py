"""The whole window over a fleet that shows every state, fed through its stores: for tests that look at everything."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtGui import QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from boocontrol.core.api import Counts, Host, LoadedModel, RegistryStatus, Status
from boocontrol.core.secrets import MemoryStore
from boocontrol.desktop.elsewhere import Elsewhere
from boocontrol.desktop.page_set import Parts
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.shoot import SIZE, views
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.theme import Mode, Theme
from tests.desktop.itemmodels.fleets import NOW, catalog, model, provider

BODY_PX = 13


class Whole:
    """A window with its pages. `views()` goes through pages, dialogs, palette, help, welcome: each is shown in turn."""

    def __init__(self, shell: Shell, parts: Parts, theme: Theme) -> None:
        self.shell, self.parts, self.theme = shell, parts, theme

    def views(self) -> Iterator[tuple[str, QWidget]]:
        for name, widget in views(self.shell, self.parts, self.theme):
            if not isinstance(widget, QMenu):  # those of the tray are drawn by the desktop, others are no window
                for _ in range(6):  # layouts that grow by their words ask for room again
                    QApplication.sendPostedEvents()
                yield name, widget


async def activated(window: QWidget) -> None:
    """Until the window has the keyboard, as far as this program is told."""
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    heard = asyncio.Event()
    told = app.focusWindowChanged.connect(lambda _window: heard.set())
    window.activateWindow()
    while QApplication.activeWindow() is not window:
        heard.clear()
        await heard.wait()
    app.disconnect(told)


@contextmanager
def whole_window(
    app: QApplication, stores: Stores, folder: Path, *, mode: Mode = "light", scale: float = 1.0
) -> Iterator[Whole]:
    """`scale` is how much larger the system's font is than 13 px."""
    palette, font, sheet = QPalette(app.palette()), QFont(app.font()), app.styleSheet()
    larger = QFont(font)
    larger.setPixelSize(round(BODY_PX * scale))
    theme = Theme(app, mode, font=larger)
    feed(stores)
    owner = QObject()
    local = LocalSettings(folder / "desktop.ini", owner)
    supervisor = Supervisor(stores.connection, None, owner)
    facts = [("BooControl", "1.0"), ("Python, Qt", "3.13, 6.11")]
    elsewhere = Elsewhere(supervisor, local, MemoryStore(), owner)
    parts = Parts(stores, supervisor, local, folder, folder, os.environ, lambda: facts, elsewhere=elsewhere)
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    shell = Shell(parts, settings, owner)
    shell.window.resize(SIZE)
    try:
        yield Whole(shell, parts, theme)
    finally:
        shell.window.hide()
        shell.window.deleteLater()
        owner.deleteLater()
        theme.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        app.setStyleSheet(sheet)
        app.setFont(font)
        app.setPalette(palette)


def feed(stores: Stores) -> None:
    """Hosts in every state, models in every state, favorites."""
    stores.connection.take("connected")
    hosts = fleet()
    stores.fleet.take(hosts)
    stores.catalog.take(
        catalog(
            provider(
                "gpu",
                models=(
                    model("gpu", "qwen3.5-9b", state="ready", context_length=32768, context_source="props"),
                    model("gpu", "gemma-3", state="starting", capabilities={"vision": True}),
                    model("gpu", "nomic", aliases=("embedder",)),
                ),
            ),
            provider("mac", "qwen3.5-9b", "coder"),
            provider("attic", state="down", stale=True, models=(model("attic", "mistral", state="unknown"),)),
        )
    )
    stores.settings.take({})
    stores.favorites.take(("gpu/qwen3.5-9b", "mac/coder"))
    counts = Counts(providers=len(hosts), up=2, models=6, in_flight=3)
    registry = RegistryStatus(path="/etc/llama-providers.json", source="file", stamp="1")
    stores.status.take(
        Status(
            version="1.0", instance_id="i", started_at=NOW, uptime_s=60.0, url="http://127.0.0.1:8377",
            registry=registry, counts=counts,
        )
    )  # fmt: skip


def fleet() -> list[Host]:
    loaded = (LoadedModel(ref="gpu/qwen3.5-9b", state="ready"), LoadedModel(ref="gpu/gemma-3", state="starting"))

    def host(name: str, state: str, **more: object) -> Host:
        given = {"kind": "llama-swap", "location": "local", "enabled": True, "often_off": False, "models": 3}
        given |= {"base_url": f"http://{name}:8080", "since": NOW, "as_of": NOW}
        return Host.model_validate(given | {"id": name, "label": name, "state": state} | more)

    return [
        host("gpu", "busy", in_flight=3, loaded=loaded, latency_ms=4.0, version="250"),
        host("mac", "up", latency_ms=12.0),
        host("laptop", "degraded", reason="Slow: answers take 2.4 s."),
        host("attic", "down", reason="No answer within 2 s."),
        host("nas", "needs_key", reason="The host refuses the key."),
        host("den", "paused", enabled=False),
    ]
