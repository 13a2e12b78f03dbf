"""What the control API needs of the hosts: the monitor, the probe and the actions, as protocols."""

from __future__ import annotations

from typing import Protocol

from pydantic import SecretStr

from boocontrol.core.api import Host, HostHistory, ProbeRequest, ProbeResult
from boocontrol.core.catalog import Catalog
from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Registry


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

    def history(self, provider_id: str) -> HostHistory:
        """The last health checks of one host."""
        ...


class Probe(Protocol):
    """Tries an address before it is saved."""

    async def __call__(self, request: ProbeRequest, key: SecretStr | None, registry: Registry) -> ProbeResult: ...


class Actions(Protocol):
    """What hosts can be asked to do. Each raises BooError when the host cannot be asked or says no."""

    def load(self, ref: ModelRef) -> None:
        """Ask a host to load a model; returns at once."""
        ...

    async def unload(self, ref: ModelRef) -> None:
        """Put a model out of memory."""
        ...

    async def unload_all(self, provider_id: str) -> None:
        """Put all models of a host out of memory."""
        ...
