"""What a simulated host is made of: frozen values, no behaviour and no I/O."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

VERSIONS = ("173", "190", "216", "235", "250", "main")


@dataclass(frozen=True)
class Launched:
    """A model server that somebody else started: where it listens and how to stop it."""

    url: str
    stop: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Capabilities:
    """The hand-written `capabilities:` block of a model."""

    inputs: tuple[str, ...] = ("text",)
    outputs: tuple[str, ...] = ("text",)
    tools: bool = False
    reranker: bool = False
    context: int = 0


@dataclass(frozen=True)
class ModelConfig:
    """One model of a host. Times are seconds before the host's `clock` is applied."""

    id: str
    name: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    unlisted: bool = False
    load_s: float = 0.0
    fail_s: float | None = None  # exits by itself after this time, so a start never succeeds
    stop_s: float = 0.0
    ctx: int = 8192
    memory_mb: int = 0  # of GPU memory while it is loaded; 0: what its name suggests
    capabilities: Capabilities | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    ttl: int | None = None  # None: the host's global_ttl
    concurrency_limit: int = 0  # 0: the default of ten
    send_loading_state: bool = False
    use_model_name: str = ""
    cmd: str = ""  # "" makes one up; ${PORT} is filled in
    group: str = ""
    pace: float | None = None  # seconds per token; None: the host's
    reply: str = ""  # what the scripted server says; "" is t0 t1 t2 ...
    server_url: str = ""  # a model server that is always up
    launch: Callable[[], Awaitable[Launched]] | None = None  # or one that is started on load

    @property
    def limit(self) -> int:
        return self.concurrency_limit or 10


@dataclass(frozen=True)
class GroupConfig:
    """Which models push each other out; the group "" is the default one."""

    id: str
    swap: bool = True
    exclusive: bool = True
    persistent: bool = False


@dataclass(frozen=True)
class PeerConfig:
    """Another llama-swap whose models are listed here too."""

    id: str
    proxy: str
    models: tuple[str, ...]
    api_key: str = ""


@dataclass(frozen=True)
class SelectorConfig:
    """A name that stands for one of several models."""

    id: str
    strategy: str  # warm, pin or spillover
    targets: tuple[str, ...]
    spillover: int = 0


@dataclass(frozen=True)
class ProfileConfig:
    """Names that stand for models while the profile is active."""

    id: str
    description: str = ""
    pins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GpuConfig:
    """A GPU that the host tells of."""

    name: str
    memory_mb: int
    vendor: str = "nvidia"


@dataclass(frozen=True)
class MachineConfig:
    """What /api/hardware and /api/performance tell about the machine."""

    os_family: str = "linux"
    os_name: str = "Debian GNU/Linux"
    os_version: str = "13"
    kernel: str = "6.12.0"
    architecture: str = "x86_64"
    cpu_vendor: str = "AuthenticAMD"
    cpu_model: str = "AMD Ryzen 9 7950X"
    cores: int = 16
    memory_mb: int = 65536
    nics: tuple[str, ...] = ("lo", "eth0")
    gpus: tuple[GpuConfig, ...] = ()


@dataclass(frozen=True)
class HostConfig:
    """One llama-swap host. `clock` scales loading, stopping and the health poll, never the ttl."""

    name: str = "host"
    version: str = "main"
    api_keys: tuple[str, ...] = ()
    models: tuple[ModelConfig, ...] = ()
    peers: tuple[PeerConfig, ...] = ()
    selectors: tuple[SelectorConfig, ...] = ()
    profiles: tuple[ProfileConfig, ...] = ()
    groups: tuple[GroupConfig, ...] = ()
    include_aliases_in_list: bool = False
    health_check_timeout: float = 120.0
    global_ttl: int = 0
    performance: bool = True
    watch_config: bool = False
    pace: float = 0.05
    clock: float = 1.0
    start_port: int = 5800
    machine: MachineConfig = MachineConfig()
    capture_bytes: int = 5_000_000
    record_limit: int | None = None  # how many requests the recorder keeps; None keeps all
    record_bodies: bool = True
    flaps: bool = False  # Fleet takes it down and up again when asked to

    def model(self, model_id: str) -> ModelConfig:
        """Raises KeyError."""
        for model in self.models:
            if model.id == model_id:
                return model
        raise KeyError(model_id)
