"""Shapes of the control API (`/api`) and of the runtime file. Times are RFC 3339, durations say their unit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, SecretStr

from boocontrol.core.catalog import Catalog, ModelState
from boocontrol.core.health import HostState, Outcome
from boocontrol.core.history import Slowdown
from boocontrol.core.registry import Kind
from boocontrol.core.values import CamelValue


class ErrorBody(CamelValue):
    """The inner object of every error answer, as OpenAI's API shapes it."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class Problem(CamelValue):
    """An error answer of the control API: what happened, and what to do."""

    error: ErrorBody
    advice: str = ""


class RegistryProblem(CamelValue):
    """Why the registry file is not in force. Line and column are 1-based."""

    message: str
    advice: str
    line: int | None = None
    column: int | None = None
    field: str | None = None


class RegistryStatus(CamelValue):
    """Where the registry came from and whether the file on disk is in force."""

    path: str
    source: Literal["file", "environment", "empty"]
    stamp: str
    error: RegistryProblem | None = None


class Counts(CamelValue):
    """The fleet in figures."""

    providers: int
    up: int
    models: int
    in_flight: int


class Status(CamelValue):
    """GET /api/status. `drifted` lists refs in settings (default, fast, favorites) that the inventory lacks."""

    version: str
    instance_id: str
    started_at: AwareDatetime
    uptime_s: float
    url: str
    registry: RegistryStatus
    counts: Counts
    drifted: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class LoadedModel(CamelValue):
    """A model that a host has in memory, or is loading or unloading."""

    ref: str
    state: ModelState
    since: AwareDatetime | None = Field(None, description="When its present state began, as far as was seen.")
    usual_load_s: float | None = Field(None, description="The median of its last cold loads; null is unknown.")
    load_samples: int = Field(0, description="How many loads that median is made of.")
    in_flight: int | None = Field(None, description="Requests that run on it now; null is unknown.")
    idle_since: AwareDatetime | None = Field(None, description="The end of its last request, as far as is known.")
    slow: Slowdown | None = Field(None, description="Set while it is much slower than it usually is.")


class HostRequest(CamelValue):
    """A request that runs on a host now, whoever asked for it. `path` is what the model server was asked."""

    id: str
    model: str
    path: str
    since: AwareDatetime | None = None
    ours: bool = Field(False, description="It came through this gateway, as far as can be told.")
    doubtful: bool = Field(False, description="It may be the other way: one of the same kind began at the same time.")


class Cpu(CamelValue):
    """The processor of a host: the mean use of its logical cores."""

    utilisation_pct: float
    cores: int


class Memory(CamelValue):
    """The main memory of a host, in MiB."""

    used_mb: float
    total_mb: float


class Gpu(CamelValue):
    """One GPU of a host, memory in MiB. Null is unknown."""

    id: int | None = None
    name: str = ""
    memory_used_mb: float | None = None
    memory_total_mb: float | None = None
    utilisation_pct: float | None = None
    temperature_c: float | None = None
    power_w: float | None = None


class QueuedLoad(CamelValue):
    """A load that waits until the loads before it on the same host have ended."""

    ref: str
    asked_at: AwareDatetime
    by: str = Field("", description="Who asked: X-Boo-Source, else User-Agent.")


class LoadProgress(CamelValue):
    """A load that was asked for through this gateway, as it stands by the host's own state."""

    ref: str
    state: Literal["queued", "loading", "loaded", "failed", "cancelled"]
    asked_at: AwareDatetime
    by: str = Field("", description="Who asked: X-Boo-Source, else User-Agent.")
    began_at: AwareDatetime | None = Field(None, description="When the host was asked; null while it waits.")
    ended_at: AwareDatetime | None = None
    reason: str = Field("", description="Why it failed, who cancelled it, or why it takes long.")


class Host(CamelValue):
    """GET /api/hosts/{id}: the server behind a provider, as last seen."""

    id: str
    label: str
    kind: Kind
    location: Literal["local", "cloud"]
    enabled: bool
    often_off: bool
    base_url: str
    state: HostState
    reason: str | None = None
    since: AwareDatetime | None = None
    as_of: AwareDatetime | None = None
    latency_ms: float | None = None
    version: str | None = None
    degraded_features: tuple[str, ...] = Field((), description="What this version of the host cannot tell.")
    loaded: tuple[LoadedModel, ...] = ()
    in_flight: int = Field(0, description="Requests through this gateway or told by the host, the larger number.")
    tells_requests: bool = Field(True, description="False: inFlight counts only what came through this gateway.")
    models: int = 0
    requests: tuple[HostRequest, ...] | None = Field(None, description="What runs there; null when it does not tell.")
    cpu: Cpu | None = Field(None, description="Null is unknown, as are memory and gpus.")
    memory: Memory | None = None
    gpus: tuple[Gpu, ...] | None = Field(None, description="Empty when the host found none that it can ask.")
    queue: tuple[QueuedLoad, ...] = Field((), description="Loads that wait for the one that runs, in order.")
    loads: tuple[LoadProgress, ...] = Field((), description="Loads that wait, run, or ended lately, by time asked.")
    mac_address: str | None = Field(None, description="Where a wake-up packet goes; null when the entry has none.")
    waking_since: AwareDatetime | None = Field(None, description="Set while it is being woken.")


class Hosts(CamelValue):
    """GET /api/hosts, in registry order."""

    hosts: tuple[Host, ...]


class HealthCheck(CamelValue):
    """One look at a host."""

    at: AwareDatetime
    outcome: Outcome
    state: HostState
    latency_ms: float
    detail: str = ""


class HostHistory(CamelValue):
    """GET /api/hosts/{id}/history, newest last."""

    id: str
    checks: tuple[HealthCheck, ...]


class ProbeRequest(CamelValue):
    """POST /api/providers/probe: an address as typed and how to try it. `key` is used once and never kept."""

    model_config = ConfigDict(extra="forbid")

    base_url: Annotated[str, Field(max_length=2048)]
    kind: Kind | None = None
    key: SecretStr | None = None
    provider: str | None = Field(None, description="Use the stored key of this provider.")
    verify_tls: bool = True
    ca_file: str | None = None


Stage = Literal["address", "resolve", "connect", "tls", "kind", "key", "models", "version"]


class ProbeStage(CamelValue):
    """One stage of a probe: how it went, what was seen, and the remedy when it failed."""

    stage: Stage
    outcome: Literal["ok", "failed", "skipped", "warning"]
    detail: str = ""
    advice: str = ""
    ms: float = 0.0


class ProbeResult(CamelValue):
    """What a probe found, stage by stage. `ok` is true when the address can be saved without a second thought."""

    ok: bool
    base_url: str | None = None
    kind: Kind | None = None
    version: str | None = None
    models: tuple[str, ...] = ()
    stages: tuple[ProbeStage, ...] = ()
    duplicate_of: str | None = Field(None, description="Id of a provider with the same address.")


class KeyValue(CamelValue):
    """PUT /api/providers/{id}/key: the key, which goes into the OS keyring and is never returned."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[SecretStr, Field(min_length=1, max_length=8192)]


class KeyStatus(CamelValue):
    """Whether a provider's key can be read, and by which reference. Never the key."""

    provider: str
    source: Literal["keyring", "env", "none"]
    name: str | None = None
    present: bool = False


class LoadRequest(CamelValue):
    """POST /api/models/load and unload: one model, a whole provider (unload), or everything (unload)."""

    model_config = ConfigDict(extra="forbid")

    ref: Annotated[str, Field(min_length=1)] | None = None
    provider: Annotated[str, Field(min_length=1)] | None = None
    all: bool = False
    force: bool = False


class Asked(CamelValue):
    """202: what was asked of which hosts. The host's own state tells how it went."""

    asked: tuple[str, ...]


class RequestInFlight(CamelValue):
    """A request that runs now: through this gateway, or past it, as the host tells (`ours` is false then)."""

    id: str
    ref: str = Field(description="Only provider/ when the host does not tell the model.")
    provider: str
    endpoint: str = Field(description="The path that was asked; empty when the host does not tell it.")
    client: str = Field("", description="Who asked; other when it did not come through here.")
    started_at: AwareDatetime
    ours: bool = True


class Broken(Problem):
    """409: nothing is written; `registry` says where the file is broken when that is why."""

    registry: RegistryProblem | None = None


class Busy(Problem):
    """409: requests in flight that the action would cut."""

    requests: tuple[RequestInFlight, ...] = ()


class RenewedKey(CamelValue):
    """POST /api/gateway/key/renew: the gateway's new key; it stands in its key file too."""

    key: str = Field(repr=False)


class SettingsMap(CamelValue):
    """The whole settings object; keys are snake_case and may include some that belong to other programs."""

    model_config = ConfigDict(extra="allow", alias_generator=None)


class EventSnapshot(CamelValue):
    """The first event of GET /api/events: everything, so that a reader needs nothing else."""

    status: Status
    hosts: tuple[Host, ...]
    catalog: Catalog
    settings: dict[str, Any]


class RuntimeInfo(CamelValue):
    """The runtime file: how desktop and command line find the gateway that serves a registry."""

    url: str
    pid: int
    instance_id: str
    version: str
    key_file: str
    registry: str


class Healthz(CamelValue):
    """GET /healthz: liveness, and which gateway this is, before anybody sends it a key."""

    status: Literal["ok"] = "ok"
    instance_id: str
    version: str
