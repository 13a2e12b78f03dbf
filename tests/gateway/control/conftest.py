"""A control API over a real database and registry file, with hosts that only pretend."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from boocontrol.core.api import Host, HostHistory, ProbeRequest, ProbeResult
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Provider, Registry
from boocontrol.core.registry_file import load_registry
from boocontrol.core.secrets import MemoryStore
from boocontrol.core.settings import Settings
from boocontrol.gateway.activity import Activity
from boocontrol.gateway.control.app import control_app
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.history import History
from boocontrol.gateway.inflight import Running
from boocontrol.gateway.keyfile import renew_key
from boocontrol.gateway.logs import LogHub
from boocontrol.gateway.registry_service import RegistryService
from boocontrol.gateway.settings_service import SettingsService
from boocontrol.gateway.state import GatewayState
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.wake import CannotWake
from boocontrol.store.desk import Desk, HistoryDesk, RequestsDesk, SettingsDesk
from boocontrol.store.engine import database_url
from boocontrol.store.settings import SettingsTable

NOW = 1_795_363_860.0

REGISTRY = {
    "defaultProvider": "den",
    "theirs": {"kept": True},
    "providers": [
        {"id": "den", "baseUrl": "http://den:8401", "apiKey": {"keyring": "den"}, "note": "mine"},
        {"id": "attic", "baseUrl": "http://attic:8411", "oftenOff": True},
        {
            "id": "cloud",
            "baseUrl": "https://api.example.com",
            "kind": "openai",
            "location": "cloud",
            "apiKey": {"env": "CLOUD_KEY"},
        },
    ],
}


class FakeFleet:
    """Every provider is up and offers the models it is given, `q` by default."""

    def __init__(self) -> None:
        self.applied: list[Registry] = []
        self.refreshed: list[str] = []
        self.models: dict[str, list[str]] = {}
        self.aliases: dict[str, str] = {}
        self.shown: dict[str, dict[str, Any]] = {}
        self._catalog = Catalog()

    def apply(self, registry: Registry) -> None:
        self.applied.append(registry)
        entries = [
            ProviderEntry(
                id=p.id,
                label=p.label,
                state="up" if p.enabled else "paused",
                as_of="2026-11-22T16:12:50Z",  # type: ignore[arg-type]
                former_ids=p.former_ids,
                models=tuple(
                    ModelEntry(ref=f"{p.id}/{m}", wire_id=m, state="ready") for m in self.models.get(p.id, ["q"])
                ),
            )
            for p in registry
        ]
        self._catalog = Catalog(default_provider=registry.default, providers=tuple(entries))

    def catalog(self) -> Catalog:
        return self._catalog

    def records(self, provider_id: str) -> dict[str, dict[str, object]]:
        return {}

    def refresh(self, provider_id: str) -> None:
        self.refreshed.append(provider_id)

    def host(self, provider_id: str) -> Host:
        provider = self.applied[-1].by_id[provider_id]
        entry = self._catalog.by_id[provider_id]
        return Host(
            id=provider.id,
            label=provider.label,
            kind=provider.kind,
            location=provider.location,
            enabled=provider.enabled,
            often_off=provider.often_off,
            base_url=provider.base_url,
            state=entry.state,
            models=len(entry.models),
            **self.shown.get(provider_id, {}),
        )

    def real_name(self, provider_id: str, wire_id: str) -> str:
        return self.aliases.get(wire_id, wire_id)

    def hosts(self) -> tuple[Host, ...]:
        return tuple(self.host(p.id) for p in self.applied[-1])

    def history(self, provider_id: str) -> HostHistory:
        return HostHistory(id=provider_id, checks=())


@dataclass
class FakeActions:
    """Remembers what was asked."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    error: Exception | None = None

    loading: set[str] = field(default_factory=set)
    by: list[str] = field(default_factory=list)
    cuts: list[tuple[str, str, str]] = field(default_factory=list)

    def load(self, ref: ModelRef, by: str = "") -> None:
        self._ask("load", str(ref), by)

    def is_loading(self, ref: ModelRef) -> bool:
        return str(ref) in self.loading

    def ahead(self, ref: ModelRef) -> int:
        return len(self.loading)

    async def cancel(self, ref: ModelRef, by: str = "") -> bool:
        if str(ref) not in self.loading:
            return False
        self._ask("cancel", str(ref), by)
        return True

    async def unload(self, ref: ModelRef, by: str = "") -> None:
        self._ask("unload", str(ref), by)

    async def unload_all(self, provider_id: str, by: str = "") -> None:
        self._ask("unload_all", provider_id, by)

    def cut(self, ref: ModelRef, by: str, detail: str) -> None:
        self.cuts.append((str(ref), by, detail))

    def _ask(self, verb: str, what: str, by: str) -> None:
        if self.error is not None:
            raise self.error
        self.by.append(by)
        self.asked.append((verb, what))


@dataclass
class FakeWaking:
    """Remembers whom it was to wake."""

    asked: list[str] = field(default_factory=list)

    def wake(self, provider: Provider) -> object:
        if provider.mac_address is None:
            raise CannotWake(f"{provider.id} has no macAddress.", "Add it.")
        self.asked.append(provider.id)
        return None


@dataclass
class FakeProbe:
    """Remembers which key it was given."""

    seen: list[tuple[ProbeRequest, SecretStr | None]] = field(default_factory=list)

    async def __call__(self, request: ProbeRequest, key: SecretStr | None, registry: Registry) -> ProbeResult:
        self.seen.append((request, key))
        return ProbeResult(ok=True, base_url=request.base_url)


class Panel:
    """The control API with everything behind it, as a test sees it."""

    def __init__(self, services: Services, client: httpx.AsyncClient, path: Path, keys: MemoryStore) -> None:
        self.services = services
        self.http = client
        self.path = path
        self.keys = keys
        self.state = services.state
        self.fleet: FakeFleet = services.fleet  # type: ignore[assignment]
        self.actions: FakeActions = services.actions  # type: ignore[assignment]
        self.probe: FakeProbe = services.probe  # type: ignore[assignment]

    def file(self) -> Any:
        return json.loads(self.path.read_text())

    def entry(self, provider_id: str) -> Any:
        return next(p for p in self.file()["providers"] if p["id"] == provider_id)

    async def etag(self, path: str) -> str:
        return (await self.http.get(path)).headers["etag"]

    def running(self, ref: str) -> Running:
        provider, _, wire_id = ref.partition("/")
        return Running("r1", ref, provider, wire_id, "chat/completions", "test", NOW, lambda: None)


@pytest.fixture
def registry_text() -> str | None:
    """What the registry file holds at first; tests override it by parametrising. None: no file."""
    return json.dumps(REGISTRY, indent=2)


@pytest.fixture
def environ() -> dict[str, str]:
    return {}


@pytest.fixture
async def panel(tmp_path: Path, registry_text: str | None, environ: dict[str, str]) -> AsyncIterator[Panel]:
    path = tmp_path / "config" / "llama-providers.json"
    path.parent.mkdir()
    if registry_text is not None:
        path.write_text(registry_text)
    desk = Desk()
    database = await desk.open(database_url(tmp_path, {}))
    fleet = FakeFleet()
    keys = MemoryStore({"den": "den-secret"})
    loaded = load_registry(path, environ)
    state = GatewayState(
        loaded=loaded,
        settings=Settings(),
        inventory=fleet,
        keys=Keys(keys),
        key="k" * 43,
        loopback=True,
        instance_id="i1",
        version="0.0.1",
        started_at=NOW,
    )
    state.url = "http://127.0.0.1:9503"
    fleet.apply(loaded.registry)
    hub = EventHub("i1")
    settings = SettingsService(state, SettingsDesk(desk, SettingsTable(database)), hub)
    registry = RegistryService(state, fleet, hub, environ=environ, sleep=_at_once)
    activity = Activity(RequestsDesk(desk, database), state.in_flight)
    history = History(HistoryDesk(desk, database), fleet, state.in_flight, hub, clock=lambda: NOW)
    services = Services(
        *(state, fleet, FakeProbe(), FakeActions(), settings, registry, hub, database.problems),
        now=lambda: NOW + 90,
        activity=activity,
        history=history,
        logs=(logs := LogHub(fleet, lambda: state.key)),
        renew_key=partial(renew_key, tmp_path),
        waking=FakeWaking(),
    )
    transport = httpx.ASGITransport(control_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield Panel(services, client, path, keys)
    await logs.stop()
    await activity.stop()
    await desk.close()


async def _at_once(seconds: float) -> None:
    return None
