"""What is true now. Parts are replaced whole and never changed in place, so a request keeps what it began with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from boocontrol.core.catalog import Catalog
from boocontrol.core.registry import Registry
from boocontrol.core.registry_file import LoadedRegistry
from boocontrol.core.settings import Settings
from boocontrol.gateway.inflight import InFlight
from boocontrol.hosts.keys import Keys


class Inventory(Protocol):
    """What the data plane needs of the monitor: the catalog and the raw records behind `GET /v1/models`."""

    def catalog(self) -> Catalog:
        """The catalog as last known; the same object until something changes."""
        ...

    def records(self, provider_id: str) -> dict[str, dict[str, object]]:
        """The host's own `/v1/models` records by wire id, as last read."""
        ...

    def real_name(self, provider_id: str, wire_id: str) -> str:
        """The model that a name stands for on its host, as far as that is told; else the name itself."""
        ...

    def refresh(self, provider_id: str) -> None:
        """Look at this host soon: a request just found it other than expected."""
        ...


@dataclass(frozen=True)
class Security:
    """Who may come in. `key` is the gateway's own; `open_locally` is false when every request needs it."""

    key: str
    loopback: bool
    require_key: bool
    allowed_hosts: frozenset[str]
    allowed_origins: frozenset[str]


class GatewayState:
    """The present registry, settings and catalog, and what runs. Constructed in gateway/__main__.py only."""

    def __init__(
        self,
        *,
        loaded: LoadedRegistry,
        settings: Settings,
        inventory: Inventory,
        keys: Keys,
        key: str,
        loopback: bool,
        instance_id: str,
        version: str,
        started_at: float,
    ) -> None:
        self.loaded = loaded
        self.settings = settings
        self.inventory = inventory
        self.keys = keys
        self.in_flight = InFlight()
        self.key = key
        self.loopback = loopback
        self.instance_id = instance_id
        self.version = version
        self.started_at = started_at
        self.url = ""
        self.draining = False
        self._security: tuple[Settings, Security] | None = None

    @property
    def registry(self) -> Registry:
        """The registry in force."""
        return self.loaded.registry

    @property
    def catalog(self) -> Catalog:
        """The catalog as last known."""
        return self.inventory.catalog()

    def security(self) -> Security:
        """The rules of admission now in force."""
        s = self.settings
        if self._security is None or self._security[0] is not s or self._security[1].key != self.key:
            rules = Security(
                self.key,
                self.loopback,
                s.require_key or not self.loopback,
                frozenset(h.lower() for h in s.allowed_hosts),
                frozenset(o.rstrip("/").lower() for o in s.allowed_origins),
            )
            self._security = (s, rules)
        return self._security[1]
