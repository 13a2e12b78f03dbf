"""What the monitor and the actions ask of a host, whatever kind it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

from pydantic import SecretStr

from boocontrol.hosts.http import Answer
from boocontrol.hosts.records import HostInventory, RunningModel, read_models
from boocontrol.hosts.threads import in_thread

# Parsing thousands of records takes long enough to make streams stutter.
LARGE: Final = 128 * 1024


class HostClient(Protocol):
    """One host. Methods raise Unreachable, HostRefused (the key) and BadAnswer (not what was asked for)."""

    base_url: str

    @property
    def key(self) -> SecretStr | None:
        """The key that goes with each request."""
        ...

    @key.setter
    def key(self, key: SecretStr | None) -> None: ...

    @property
    def degraded_features(self) -> tuple[str, ...]:
        """What this host cannot tell, in words, as far as asked."""
        ...

    async def liveness(self) -> bool:
        """True when it is up, False while it is up and starting."""
        ...

    async def version(self) -> str | None:
        """Its version, None when it does not tell; feature probes go along. Asked at the first success."""
        ...

    async def inventory(self) -> HostInventory:
        """What it lists."""
        ...

    async def running(self) -> Mapping[str, RunningModel] | None:
        """The models in memory by wire id; None when this host does not tell."""
        ...

    async def props(self, wire_id: str) -> int | None:
        """The context length of a model that is ready. Of a model that is not, asking would load it."""
        ...

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[bytes]] | None:
        """Its event stream, as bytes; None for a kind of host that has none."""
        ...

    def logs(self, name: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]] | None:
        """What it has kept of a log and what it writes from now on, as bytes; None for a kind of host that has none.

        `name` is proxy, upstream (all models), or a wire id. Nothing comes, not even the head, until something is
        written. BadAnswer with status 400 or 404: this version has no such log.
        """
        ...

    async def performance(self, after: str) -> Answer | None:
        """Its figures since a time in its own clock ("" = all that it keeps); None when it does not tell."""
        ...

    @property
    def ahead_s(self) -> float:
        """How far its clock is ahead of ours."""
        ...

    async def activity(self, limit: int, least: int, most: int) -> list[Any]:
        """Its own rows of requests with ids between `least` and `most` (0 = no limit), newest first, as they come."""
        ...

    async def load(self, wire_id: str) -> str | None:
        """Ask for a model and wait until it is there. What the host says went wrong; the truth is in `running`."""
        ...

    async def unload(self, wire_id: str) -> None:
        """Put one model out of memory."""
        ...

    async def unload_all(self) -> None:
        """Put every model out of memory."""
        ...

    async def cancel_request(self, request_id: str) -> None:
        """End a request that runs there, by the host's own id of it; its model stays in memory."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


async def inventory_of(answer: Answer, provider_id: str, where: str) -> HostInventory:
    """The models in an answer; a large one is read on another thread. Raises BadAnswer."""

    def parse() -> HostInventory:
        return read_models(answer.check().json(), provider_id, where)

    return parse() if len(answer.body) < LARGE else await in_thread(parse, "boocontrol-inventory")
