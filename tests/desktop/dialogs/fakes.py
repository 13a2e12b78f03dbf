"""Named fakes for pages and dialogs: a client that answers from memory, a keeper that only counts, sample values."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import QObject, Signal

from boocontrol.client import ChatEnd, ChatText, Gateway, Versioned
from boocontrol.core.activity import ActivityPage
from boocontrol.core.api import (
    Counts,
    Host,
    KeyStatus,
    LoadedModel,
    ProbeRequest,
    ProbeResult,
    ProbeStage,
    RegistryProblem,
    RegistryStatus,
    Status,
)
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.errors import BooError
from boocontrol.desktop.stores import Stores

NOW = datetime(2026, 11, 22, 16, 12, tzinfo=UTC)
KEY = "the-key-of-the-gateway"
OK_STAGES = (
    ProbeStage(stage="address", outcome="ok", detail="Understood as http://nas:8080."),
    ProbeStage(stage="resolve", outcome="ok", detail="nas is 192.168.1.52.", ms=6),
    ProbeStage(stage="connect", outcome="ok", detail="nas:8080 takes connections.", ms=2),
    ProbeStage(stage="tls", outcome="skipped", detail="Not used: the address begins with http://."),
    ProbeStage(stage="kind", outcome="ok", detail="This is llama-swap.", ms=4),
    ProbeStage(stage="key", outcome="ok", detail="No key is needed."),
    ProbeStage(stage="models", outcome="ok", detail="2 models."),
    ProbeStage(stage="version", outcome="ok", detail="llama-swap 250."),
)
PASSED = ProbeResult(
    ok=True, base_url="http://nas:8080", kind="llama-swap", version="250", models=("new", "other"), stages=OK_STAGES
)
REFUSED = ProbeResult(
    ok=False,
    base_url="http://nas:8080",
    kind="llama-swap",
    stages=(
        *OK_STAGES[:5],
        ProbeStage(
            stage="key", outcome="failed", detail="The host needs a key.", advice="Type its key and test again.", ms=4
        ),
        ProbeStage(stage="models", outcome="skipped"),
        ProbeStage(stage="version", outcome="skipped"),
    ),
)
NOBODY = ProbeResult(
    ok=False,
    base_url="http://127.0.0.1:9292",
    stages=(
        *OK_STAGES[:2],
        ProbeStage(stage="connect", outcome="failed", detail="Nobody listens there.", advice="Start it."),
    ),
)


class FakeClient:
    """A gateway in memory. `probes` maps a base URL to what its test finds; `fail` is raised by the next writing."""

    def __init__(self, url: str = "http://127.0.0.1:9503") -> None:
        self.url = url
        self.document: dict[str, Any] = {"providers": []}
        self.values: dict[str, Any] = {}
        self.probes: dict[str, ProbeResult] = {}
        self.asked: list[ProbeRequest] = []
        self.keys: dict[str, str] = {}
        self.pieces: list[ChatText | ChatEnd | BooError] = []
        self.renewed: str | None = None
        self.fail: BooError | None = None
        self.closed = False
        self.hang = False
        self.chatted = ""
        self.catalog = sample_catalog()
        self.state = sample_status()

    async def status(self) -> Status:
        return self.state

    async def renew_key(self) -> SecretStr:
        self._may_fail()
        self.renewed = "another-key-of-the-gateway"
        return SecretStr(self.renewed)

    async def models(self) -> Catalog:
        return self.catalog

    async def providers(self) -> Versioned[dict[str, Any]]:
        return Versioned(self.document, '"1"')

    async def activity(self, **filters: str | int) -> ActivityPage:
        return ActivityPage(data=(), total=0)

    async def add_provider(self, entry: Mapping[str, Any]) -> None:
        self._may_fail()
        self.document = {**self.document, "providers": [*self.document["providers"], dict(entry)]}

    async def update_provider(self, provider: str, patch: Mapping[str, Any]) -> None:
        self._may_fail()
        self.patched = (provider, dict(patch))

    async def edit_providers(self, edit: Callable[[dict[str, Any]], dict[str, Any]]) -> Versioned[dict[str, Any]]:
        self._may_fail()
        self.document = edit(self.document)
        return Versioned(self.document, '"2"')

    async def probe(self, request: ProbeRequest) -> ProbeResult:
        self.asked.append(request)
        return self.probes.get(request.base_url, NOBODY)

    async def set_key(self, provider: str, key: SecretStr) -> KeyStatus:
        self._may_fail()
        self.keys[provider] = key.get_secret_value()
        return KeyStatus(provider=provider, source="keyring", name=provider, present=True)

    async def edit_settings(self, edit: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Versioned[dict[str, Any]]:
        self._may_fail()
        self.values = {**self.values, **edit(self.values)}
        return Versioned(self.values, '"1"')

    async def chat_stream(
        self, ref: str, messages: Sequence[Mapping[str, Any]], **options: Any
    ) -> AsyncGenerator[ChatText | ChatEnd, None]:
        self.chatted = ref
        try:
            if self.hang:
                await asyncio.Event().wait()
            for piece in self.pieces:
                if isinstance(piece, BooError):
                    raise piece
                yield piece
        finally:
            self.closed = True

    def _may_fail(self) -> None:
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error


class FakeSupervisor(QObject):
    """A keeper of a gateway that does nothing but remember what it was asked."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = "running"
        self.problem: BooError | None = None
        self.running = 0
        self.port: int | None = None
        self.ours = True
        self.done: list[str] = []

    def use_usual_port(self) -> None:
        self.port = None
        self.changed.emit()

    def start(self, *, port: int | None = None) -> None:
        self.done.append("start" if port is None else f"start {port}")

    async def stop(self) -> None:
        self.done.append("stop")

    async def restart(self, *, port: int | None = None) -> None:
        self.done.append("restart")

    async def requests(self) -> int:
        return self.running

    def take(self, state: str, problem: BooError | None = None) -> None:
        self.state, self.problem = state, problem
        self.changed.emit()


async def idle(true: Callable[[], object]) -> None:
    """Let the event loop turn until it is so; the test's own limit ends it."""
    while not true():  # noqa: ASYNC110 - no event tells of what is waited for here
        await asyncio.sleep(0)


def connected(stores: Stores, *, client: FakeClient | None = None, key_file: Path | None = None) -> FakeClient:
    """Stores as after a first snapshot, on a fake client."""
    fake = client or FakeClient()
    gateway = Gateway(fake.url, "i", "1", SecretStr(KEY), key_file)
    stores.connection.take("connected", gateway=gateway, client=fake)  # type: ignore[arg-type]
    stores.status.take(fake.state)
    stores.catalog.take(fake.catalog)
    stores.providers.take(fake.document)
    stores.settings.take({"favorite_models": ["den/qwen3"], **fake.values})
    return fake


def sample_status(error: RegistryProblem | None = None, path: str = "/nowhere/llama-providers.json") -> Status:
    return Status(
        version="1",
        instance_id="i",
        started_at=NOW - timedelta(hours=8),
        uptime_s=28800,
        url="http://127.0.0.1:9503",
        registry=RegistryStatus(path=path, source="file", stamp="s", error=error),
        counts=Counts(providers=2, up=1, models=4, in_flight=3),
    )


def sample_catalog() -> Catalog:
    def model(provider: str, wire: str, **more: Any) -> ModelEntry:
        return ModelEntry(ref=f"{provider}/{wire}", wire_id=wire, name=wire.title(), context_length=32768, **more)

    den = (model("den", "qwen3", state="ready"), model("den", "gemma"), model("den", "gpt-oss-20b"))
    attic = (model("attic", "qwen3"), model("attic", "phi-4"))
    return Catalog(
        default_provider="den",
        providers=(
            ProviderEntry(id="den", label="Den", state="up", as_of=NOW, models=den),
            ProviderEntry(id="attic", label="Attic", state="down", reason="No answer.", stale=True, models=attic),
        ),
    )


def sample_hosts() -> tuple[Host, ...]:
    loaded = (LoadedModel(ref="den/qwen3", state="ready"), LoadedModel(ref="den/gemma", state="ready"))
    return (
        Host(
            id="den",
            label="Den",
            kind="llama-swap",
            location="local",
            enabled=True,
            often_off=False,
            base_url="http://192.168.1.20:8080",
            state="busy",
            loaded=loaded,
            in_flight=3,
            models=3,
        ),
        Host(
            id="attic",
            label="Attic",
            kind="llama-swap",
            location="local",
            enabled=True,
            often_off=False,
            base_url="http://192.168.1.44:8411",
            state="down",
            reason="No answer.",
            models=2,
        ),
    )
