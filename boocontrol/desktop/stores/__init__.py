"""What the desktop knows: values that are replaced whole, each with `changed`. No page is imported here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject

from boocontrol.desktop.connection import Connection, local
from boocontrol.desktop.stores.actions import LoadFailed, ModelActions
from boocontrol.desktop.stores.activity import ActivityStore
from boocontrol.desktop.stores.catalog import CatalogStore
from boocontrol.desktop.stores.favorites import FavoritesStore
from boocontrol.desktop.stores.fleet import FleetStore
from boocontrol.desktop.stores.fleet_live import LiveStore
from boocontrol.desktop.stores.loads import LoadsStore
from boocontrol.desktop.stores.logs import LogsStore
from boocontrol.desktop.stores.providers import ProvidersStore, Removed
from boocontrol.desktop.stores.samples import SamplesStore
from boocontrol.desktop.stores.scenes import ScenesStore
from boocontrol.desktop.stores.settings import SettingsStore
from boocontrol.desktop.stores.status import StatusStore
from boocontrol.desktop.stores.story import StoryStore

__all__ = [
    "ActivityStore",
    "CatalogStore",
    "Connection",
    "FavoritesStore",
    "FleetStore",
    "LiveStore",
    "LoadFailed",
    "LoadsStore",
    "LogsStore",
    "ModelActions",
    "ProvidersStore",
    "Removed",
    "SamplesStore",
    "ScenesStore",
    "SettingsStore",
    "StatusStore",
    "StoryStore",
    "Stores",
]


@dataclass(frozen=True)
class Stores:
    """The stores of one connection. Each has `take(...)`, by which tests and pictures feed it without a gateway."""

    connection: Connection
    fleet: FleetStore
    catalog: CatalogStore
    status: StatusStore
    settings: SettingsStore
    favorites: FavoritesStore
    providers: ProvidersStore
    actions: ModelActions
    activity: ActivityStore
    live: LiveStore
    samples: SamplesStore
    story: StoryStore
    logs: LogsStore
    loads: LoadsStore
    scenes: ScenesStore

    @classmethod
    def build(cls, parent: QObject, registry: Path | None = None) -> Stores:
        """Stores that are children of `parent`, empty until `connection.start()`."""
        connection = Connection(local(registry), parent)
        catalog = CatalogStore(connection, parent)
        settings = SettingsStore(connection, parent)
        fleet = FleetStore(connection, parent)
        return cls(
            connection=connection,
            fleet=fleet,
            catalog=catalog,
            status=StatusStore(connection, parent),
            settings=settings,
            favorites=FavoritesStore(settings, catalog, parent),
            providers=ProvidersStore(connection, parent),
            actions=ModelActions(connection, catalog, parent),
            activity=ActivityStore(connection, parent),
            live=LiveStore(connection, parent),
            samples=SamplesStore(connection, parent),
            story=StoryStore(connection, parent),
            logs=LogsStore(connection, parent),
            loads=LoadsStore(connection, fleet, parent),
            scenes=ScenesStore(connection, settings, parent),
        )
