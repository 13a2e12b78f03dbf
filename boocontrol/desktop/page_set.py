"""The pages of the window. Each is made when it is first needed: what it imports is loaded then, not at the start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from boocontrol.desktop.main_window import Page
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.text import tr as _tr

if TYPE_CHECKING:
    from boocontrol.desktop.elsewhere import Elsewhere
    from boocontrol.desktop.pages.settings_local import LocalSettings
    from boocontrol.desktop.supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Parts:
    """What pages are made of. `doctor` makes a report of this installation, `facts` are its versions and paths.

    Without `elsewhere` no other gateway can be chosen.
    """

    stores: Stores
    supervisor: Supervisor
    local: LocalSettings
    home: Path
    data: Path
    environ: Mapping[str, str]
    facts: Callable[[], Sequence[tuple[str, str]]]
    doctor: Callable[[], Awaitable[str]] | None = None
    open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl
    elsewhere: Elsewhere | None = None


def preload() -> None:
    """Import what the pages are made of, and build the shapes that a gateway tells: for a worker thread, after the
    window is there. Otherwise the first click on a page would wait for it."""
    from importlib import import_module

    for name in ("fleet", "models", "activity", "logs", "gateway", "agents", "agents_desk", "settings", "welcome"):
        import_module(f"boocontrol.desktop.pages.{name}")
    from boocontrol.client.events import warm_up

    warm_up()


def pages(parts: Parts) -> tuple[Page, ...]:
    """In the order of the rail."""
    return (
        Page("fleet", _tr("Fleet"), "fleet", lambda: _fleet(parts)),
        Page("models", _tr("Models"), "models", lambda: _models(parts)),
        Page("activity", _tr("Activity"), "activity", lambda: _activity(parts)),
        Page("logs", _tr("Logs"), "logs", lambda: _logs(parts)),
        Page("gateway", _tr("Gateway"), "gateway", lambda: _gateway(parts)),
        Page("agents", _tr("Agents"), "agents", lambda: _agents(parts)),
        Page("settings", _tr("Settings"), "settings", lambda: _settings(parts)),
    )


def _fleet(parts: Parts) -> QWidget:
    from boocontrol.desktop.pages.fleet_rooms import FleetRooms

    return FleetRooms(parts.stores, open_url=parts.open_url, quiet=parts.local)


def _models(parts: Parts) -> QWidget:
    from boocontrol.desktop.pages.models import ModelsPage

    return ModelsPage(parts.stores)


def _activity(parts: Parts) -> QWidget:
    from boocontrol.desktop.pages.activity import ActivityPage

    return ActivityPage(parts.stores)


def _logs(parts: Parts) -> QWidget:
    from boocontrol.desktop.pages.logs import LogsPage

    return LogsPage(parts.stores)


def _gateway(parts: Parts) -> QWidget:
    from boocontrol.desktop.pages.gateway import GatewayPage

    return GatewayPage(parts.stores, parts.supervisor, parts.home, elsewhere=parts.elsewhere)


def _agents(parts: Parts) -> QWidget:
    from datetime import UTC, datetime

    from boocontrol.agents.export import Machine
    from boocontrol.desktop.pages.agents import AgentsPage
    from boocontrol.desktop.pages.agents_desk import AgentDesk

    machine = Machine(parts.home, Path.cwd(), parts.data, parts.environ)
    return AgentsPage(parts.stores, AgentDesk(machine, now=lambda: datetime.now(UTC)))


def _settings(parts: Parts) -> QWidget:
    from boocontrol.desktop.pages.settings import SettingsPage

    return SettingsPage(parts.stores, parts.local, parts.facts, parts.doctor)


def welcome(parts: Parts) -> QWidget:
    """The page of the first run."""
    from boocontrol.desktop.pages.welcome import WelcomePage

    return WelcomePage(parts.stores, parts.environ)


def broken_registry(parts: Parts) -> QWidget:
    """What stands in place of the Fleet page while the registry file has a fault."""
    from boocontrol.desktop.pages.registry_broken import RegistryBroken

    def replace(document: dict[str, Any]) -> Awaitable[None]:
        return _replace(parts.stores, document)

    def open_file(path: Path) -> bool:
        return bool(parts.open_url(QUrl.fromLocalFile(str(path))))

    return RegistryBroken(parts.stores, parts.home, replace, open_file)


async def _replace(stores: Stores, document: dict[str, Any]) -> None:
    """Write the last good list over the broken file, which is kept beside it."""
    import asyncio
    import json

    from boocontrol.core.errors import BooError
    from boocontrol.core.files import backup, write_atomic

    status = stores.status.status
    path = Path(status.registry.path) if status else None
    if path is None or not path.exists():
        raise BooError(_tr("The file is not on this computer."), _tr("Correct it where the gateway runs."))
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    await asyncio.to_thread(backup, path)
    await asyncio.to_thread(write_atomic, path, text.encode())
