"""What the control API needs of the hosts: the monitor, the probe and the actions, as protocols."""

from __future__ import annotations

from typing import Protocol

from pydantic import SecretStr

from boocontrol.core.api import Host, HostHistory, ProbeRequest, ProbeResult
from boocontrol.core.catalog import Catalog
from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Provider, Registry


class Fleet(Protocol):
    """The monitor: one entry for every provider of the registry last applied."""

    def apply(self, registry: Registry) -> None:
        """Watch the providers of this registry from now on."""
        ...

    def catalog(self) -> Catalog:
        """The catalog as last known; the same object until something changes."""
        ...

    def refresh(self, provider_id: str) -> None:
        """Look at this host soon."""
        ...

    def host(self, provider_id: str) -> Host:
        """One host as last seen."""
        ...

    def hosts(self) -> tuple[Host, ...]:
        """All hosts in registry order."""
        ...

    def real_name(self, provider_id: str, wire_id: str) -> str:
        """The model that a name stands for on its host, as far as that is told; else the name itself."""
        ...

    def history(self, provider_id: str) -> HostHistory:
        """The last health checks of one host."""
        ...


class Probe(Protocol):
    """Tries an address before it is saved."""

    async def __call__(self, request: ProbeRequest, key: SecretStr | None, registry: Registry) -> ProbeResult: ...


class Actions(Protocol):
    """What hosts can be asked to do, and by whom. Each raises BooError when the host cannot be asked or says no."""

    def load(self, ref: ModelRef, by: str = "") -> None:
        """Ask a host to load a model; returns at once."""
        ...

    def is_loading(self, ref: ModelRef) -> bool:
        """Whether a load of this model runs or waits, whoever asked for it."""
        ...

    def ahead(self, ref: ModelRef) -> int:
        """How many loads of its host come before one of this model."""
        ...

    async def cancel(self, ref: ModelRef, by: str = "") -> bool:
        """End a load that runs or waits; false when there is none."""
        ...

    async def unload(self, ref: ModelRef, by: str = "") -> None:
        """Put a model out of memory."""
        ...

    async def unload_all(self, provider_id: str, by: str = "") -> None:
        """Put all models of a host out of memory."""
        ...

    async def cancel_request(self, ref: ModelRef, request_id: str, by: str = "", path: str = "") -> None:
        """End a request that runs on a host, by the host's own id of it."""
        ...

    def cut(self, ref: ModelRef, by: str, detail: str) -> None:
        """An unload cut a request: to be kept."""
        ...


class Wakes(Protocol):
    """Wakes sleeping hosts."""

    def wake(self, provider: Provider) -> object:
        """Send the packet and look until the host answers; returns at once. Raises CannotWake."""
        ...
