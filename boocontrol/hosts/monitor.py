"""The monitor: every host of the registry under watch, and the catalog that follows from it."""

from __future__ import annotations

import asyncio
import logging
import random as chance
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from boocontrol.core.api import Host, HostHistory
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import Unreachable
from boocontrol.core.registry import Provider, Registry
from boocontrol.hosts.client import HostClient
from boocontrol.hosts.events_rows import RowSink
from boocontrol.hosts.http import TlsContexts
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.records import RunningModel
from boocontrol.hosts.tasks import spawn
from boocontrol.hosts.view import HostView, Sighting
from boocontrol.hosts.watch import Watch

log = logging.getLogger(__name__)


class Monitor:
    """Watches hosts. Readers never wait: they get what was last seen.

    `in_flight(provider_id)` counts the gateway's own requests there, `on_change(provider_id)` is called after
    something changed that a person sees. All methods belong to one event loop; only `stop` and `wait_for` wait.
    """

    def __init__(
        self,
        keys: Keys,
        *,
        in_flight: Callable[[str], int],
        on_change: Callable[[str], None],
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = chance.random,
    ) -> None:
        self._keys = keys
        self._in_flight = in_flight
        self._on_change = on_change
        self._clock = clock
        self._random = random
        self._contexts = TlsContexts()
        self._registry = Registry()
        self._watches: dict[str, Watch] = {}
        self._catalog: Catalog | None = None
        self._arrived = asyncio.Event()
        self._ending: set[asyncio.Task[None]] = set()
        self.adding: list[Callable[[Host], Host]] = []
        """Who adds to what is shown of a host: loads that were asked for, a wake-up that is under way."""
        self.seeing: list[Callable[[HostView, HostView, Sighting], None]] = []
        """Who is told of every sighting, with the views before and after it."""
        self.rows: RowSink | None = None
        """Who takes the hosts' own rows of requests; to be set before a registry is applied."""

    def apply(self, registry: Registry) -> None:
        """Follow a registry: new hosts are looked at, gone ones forgotten, others go on undisturbed."""
        old, before = self._watches, self._registry
        self._registry = registry
        self._watches = {p.id: self._watch(p, old.get(p.id)) for p in registry}
        for provider_id, watch in old.items():
            if self._watches.get(provider_id) is not watch:
                self._end(watch.stop(), f"stop {provider_id}")
        self._catalog = None
        for provider_id in old.keys() - self._watches.keys():
            self._tell(provider_id)
        moved = (list(old), before.default) != (list(self._watches), registry.default)
        if moved and old.keys() == self._watches.keys() and self._watches:
            # No host looks different, and the catalog is another: its order, or what a bare name means.
            self._tell_later(next(iter(self._watches)))
        self._wake_waiting()

    def catalog(self) -> Catalog:
        """The catalog as last known; the same object until something changes."""
        if self._catalog is None:
            entries = tuple(w.view.entry for w in self._watches.values())
            self._catalog = Catalog(default_provider=self._registry.default, providers=entries)
        return self._catalog

    def records(self, provider_id: str) -> dict[str, dict[str, object]]:
        """The host's own `/v1/models` records by wire id, as last read; peers left out."""
        watch = self._watches.get(provider_id)
        inventory = watch.view.inventory if watch else None
        return dict(inventory.records) if inventory else {}

    def refresh(self, provider_id: str) -> None:
        """Look at this host soon, and at its inventory too. Nothing happens for one that is paused or unknown."""
        if watch := self._watches.get(provider_id):
            watch.refresh()

    def ask(self, provider_id: str) -> Callable[[], bool]:
        """Look at this host soon; what is returned says whether that look has ended, or never will."""
        if (watch := self._watches.get(provider_id)) is None:
            return lambda: True
        number = watch.refresh()
        return lambda: watch.looked >= number or self._watches.get(provider_id) is not watch

    def view(self, provider_id: str) -> HostView:
        """All that is known of a host. Raises KeyError for an unknown provider."""
        return self._watches[provider_id].view

    def held(self, provider_id: str) -> Mapping[str, RunningModel] | None:
        """What a host has in memory, the same object until that changes; None while it is not known."""
        watch = self._watches.get(provider_id)
        return watch.view.held if watch else None

    def real_name(self, provider_id: str, wire_id: str) -> str:
        """The model that a name stands for on its host, as far as that is told; else the name itself."""
        watch = self._watches.get(provider_id)
        return watch.view.real_name(wire_id) if watch else wire_id

    def ahead_s(self, provider_id: str) -> float:
        """How far a host's clock is ahead of ours, in seconds; 0 when that is not known."""
        with suppress(KeyError, Unreachable):
            return self._watches[provider_id].client.ahead_s
        return 0.0

    async def next(self) -> None:
        """Wait until something arrives, of whichever host."""
        await self._arrived.wait()

    def arrive(self, provider_id: str, seen: Sighting) -> None:
        """Something was seen of a host by other means than a look, such as its event stream."""
        if watch := self._watches.get(provider_id):
            watch.arrive(seen)

    def client(self, provider_id: str) -> HostClient:
        """The client for actions on a host. Raises KeyError for an unknown provider, and Unreachable."""
        return self._watches[provider_id].client

    def host(self, provider_id: str) -> Host:
        """The state of a host. Raises KeyError for an unknown provider."""
        shown = self._watches[provider_id].view.host(self._in_flight(provider_id))
        for add in self.adding:
            shown = add(shown)
        return shown

    def hosts(self) -> tuple[Host, ...]:
        """All hosts in registry order."""
        return tuple(self.host(provider_id) for provider_id in self._watches)

    def history(self, provider_id: str) -> HostHistory:
        """The last looks at a host, newest last. Raises KeyError for an unknown provider."""
        return HostHistory(id=provider_id, checks=tuple(self._watches[provider_id].history))

    async def stop(self) -> None:
        """End all tasks and close all connections."""
        watches, self._watches = self._watches, {}
        await asyncio.gather(*(w.stop() for w in watches.values()), *self._ending)

    async def wait_for(self, predicate: Callable[[], bool], timeout: float = 10.0) -> None:
        """Return once the predicate holds; it is asked again after every look. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while not predicate():
                await self._arrived.wait()

    def _watch(self, provider: Provider, old: Watch | None) -> Watch:
        if old is not None and _identity(old.view.provider) == _identity(provider):
            changed = old.adopt(provider)
            if not provider.enabled:
                old.pause()
            old.start()
            if changed:
                self._tell_later(provider.id)
            return old
        watch = Watch(
            provider,
            self._keys,
            self._contexts,
            in_flight=self._in_flight,
            arrived=self._sighted,
            clock=self._clock,
            random=self._random,
            rows=self.rows,
            seen=self._saw,
        )
        watch.start()
        self._tell_later(provider.id)
        return watch

    def _saw(self, before: HostView, after: HostView, seen: Sighting) -> None:
        for see in self.seeing:
            try:
                see(before, after, seen)
            except Exception:
                log.exception("a sighting of %s", after.provider.id)

    def _sighted(self, provider_id: str, changed: bool, listed: bool) -> None:
        if listed:
            self._catalog = None
        if changed:
            self._tell(provider_id)
        self._wake_waiting()

    def _tell(self, provider_id: str) -> None:
        try:
            self._on_change(provider_id)
        except Exception:
            log.exception("on_change(%s)", provider_id)

    def _tell_later(self, provider_id: str) -> None:
        """Once the registry is applied as a whole, so that the listener sees the new state."""
        asyncio.get_running_loop().call_soon(self._tell, provider_id)

    def _wake_waiting(self) -> None:
        arrived, self._arrived = self._arrived, asyncio.Event()
        arrived.set()

    def _end(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        task = spawn(coroutine, name)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def _identity(provider: Provider) -> tuple[object, ...]:
    """What makes it another host, or another way to reach it: the watch then starts anew."""
    p = provider
    headers = tuple(sorted(p.headers.items()))
    return (p.base_url, p.kind, p.location, p.api_key, headers, p.verify_tls, p.ca_file)
