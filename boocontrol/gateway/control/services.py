"""What the routers work with, put together in gateway/__main__.py, and the shapes that need several parts of it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from boocontrol.core.api import Hosts, Status
from boocontrol.core.catalog import Catalog, ProviderEntry
from boocontrol.gateway.activity import Activity
from boocontrol.gateway.control.fleet import Actions, Fleet, Probe, Wakes
from boocontrol.gateway.control.models_beside import Beside
from boocontrol.gateway.control.views import counts, drifted, problems, registry_status
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.history import History
from boocontrol.gateway.logs import LogHub
from boocontrol.gateway.registry_service import RegistryService
from boocontrol.gateway.settings_service import SettingsService
from boocontrol.gateway.state import GatewayState


class CatalogJson:
    """The catalog as JSON with its tag. Each provider's part is made once: thousands of models take milliseconds."""

    def __init__(self) -> None:
        self._of: Catalog | None = None
        self._parts: dict[str, tuple[ProviderEntry, bytes]] = {}
        self._body = b""
        self._etag = ""

    def of(self, catalog: Catalog) -> tuple[bytes, str]:
        """The JSON and the ETag of this catalog."""
        if catalog is not self._of:
            self._parts = {p.id: (p, self._part(p)) for p in catalog.providers}
            parts = b",".join(part for _, part in self._parts.values())
            default = json.dumps(catalog.default_provider).encode()
            self._body = b'{"defaultProvider":%s,"providers":[%s]}' % (default, parts)
            self._etag = f'"{hashlib.blake2b(self._body, digest_size=10).hexdigest()}"'
            self._of = catalog
        return self._body, self._etag

    def _part(self, entry: ProviderEntry) -> bytes:
        known = self._parts.get(entry.id)
        if known is not None and known[0] is entry:
            return known[1]
        return entry.model_dump_json(by_alias=True).encode()


@dataclass(frozen=True)
class Services:
    """The parts behind the control API. `problems` are those found at start; `now` is in unix seconds.

    `usual(ref)` is the median of the loads seen of a model, in seconds, and their number.
    `renew_key` writes a new key into the gateway's key file and returns it. It blocks, and may raise BooError.
    """

    state: GatewayState
    fleet: Fleet
    probe: Probe
    actions: Actions
    settings: SettingsService
    registry: RegistryService
    events: EventHub
    problems: tuple[str, ...] = ()
    activity: Activity = field(kw_only=True)
    history: History = field(kw_only=True)
    logs: LogHub = field(kw_only=True)
    renew_key: Callable[[], str] = field(kw_only=True)
    waking: Wakes = field(kw_only=True)
    beside: Beside = field(default_factory=Beside, kw_only=True)
    usual: Callable[[str], tuple[float | None, int]] = field(default=lambda ref: (None, 0), kw_only=True)
    now: Callable[[], float] = time.time
    catalog_json: CatalogJson = field(default_factory=CatalogJson)

    def status(self) -> Status:
        """GET /api/status."""
        state = self.state
        return Status(
            version=state.version,
            instance_id=state.instance_id,
            started_at=datetime.fromtimestamp(state.started_at, UTC),
            uptime_s=max(0.0, round(self.now() - state.started_at, 3)),
            url=state.url,
            registry=registry_status(state.loaded),
            counts=counts(self.fleet.hosts(), state.catalog, len(state.in_flight)),
            drifted=drifted(state.settings, state.catalog),
            problems=problems(
                *(state.loaded, self.problems, self.settings.problems),
                *(self.activity.problems, self.history.problems),
            ),
        )

    def learn(self, provider_id: str) -> None:
        """A host has changed: see which models stand side by side."""
        with suppress(KeyError):
            self.beside.saw(self.fleet.host(provider_id))

    def hosts(self) -> Hosts:
        """GET /api/hosts."""
        return Hosts(hosts=tuple(self.fleet.hosts()))

    def snapshot(self) -> bytes:
        """The first event: an EventSnapshot, put together from parts so that the catalog is not written anew."""
        settings = json.dumps(self.state.settings.model_dump(mode="json")).encode()
        status = self.status().model_dump_json(by_alias=True).encode()
        hosts = self.hosts().model_dump_json(by_alias=True).encode().removeprefix(b"{").removesuffix(b"}")
        catalog, _ = self.catalog_json.of(self.state.catalog)
        return b'{"status":%s,%s,"catalog":%s,"settings":%s}' % (status, hosts, catalog, settings)
