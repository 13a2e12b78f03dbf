"""One look at a host: is it up, what is in memory, what does it list. Every fault becomes part of the sighting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from boocontrol.core.errors import BooError, SecretError, Unreachable
from boocontrol.core.health import Observation
from boocontrol.core.registry import Provider
from boocontrol.hosts.client import HostClient
from boocontrol.hosts.errors import HostRefused
from boocontrol.hosts.http import TlsContexts
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.openai import OpenAIClient
from boocontrol.hosts.records import HostInventory, RunningModel
from boocontrol.hosts.swap import LlamaSwapClient
from boocontrol.hosts.view import Sighting

INVENTORY_EVERY: Final = 3
KEY_WAIT_S: Final = 5.0
# A locked keyring may ask the user to unlock it: not every few seconds.
KEY_AGAIN_S: Final = 60.0
GONE: Final = frozenset({"refused", "no_route"})


def make_client(provider: Provider, contexts: TlsContexts) -> HostClient:
    """The client for a provider's kind. Raises Unreachable when its caFile cannot be used."""
    kind = LlamaSwapClient if provider.kind == "llama-swap" else OpenAIClient
    return kind(provider, contexts)


class Looker:
    """Looks at one host, again and again, and remembers what the next look must ask.

    `contested` says whether the host has requests for another model than this one, which may push it out any moment.
    """

    def __init__(
        self,
        provider: Provider,
        keys: Keys,
        contexts: TlsContexts,
        *,
        in_flight: Callable[[str], int],
        clock: Callable[[], float],
        contested: Callable[[str], bool] = lambda wire_id: False,
    ) -> None:
        self._provider = provider
        self._keys = keys
        self._contexts = contexts
        self._in_flight = in_flight
        self._clock = clock
        self._contested = contested
        self._client: HostClient | None = None
        self._well = False
        self._anew = False
        self._inventory: HostInventory | None = None
        self._inventory_error: str | None = None
        self._looks = 0
        self._unlisted: frozenset[str] = frozenset()
        self._asked: set[str] = set()
        self._left = False  # a length that could not be asked for at the last look
        self._key_problem: SecretError | None = None
        self._key_again = 0.0

    @property
    def client(self) -> HostClient:
        """The host's client, made when first needed. Raises Unreachable."""
        if self._client is None:
            self._client = make_client(self._provider, self._contexts)
        return self._client

    def begin(self) -> None:
        """Take nothing for granted at the next look: it may be another host by now."""
        self._anew = True

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    def needs(self, running: Mapping[str, RunningModel]) -> bool:
        """Whether a look would learn more from these states: a context length, or a model that it does not know."""
        self._asked &= _ready(running)
        known = self._inventory is None or running.keys() <= self._inventory.records.keys() | self._unlisted
        return not known or not _ready(running) <= self._asked

    async def look(self, *, thorough: bool = False, states: bool = True) -> Sighting:
        """Ask once. `thorough` reads the inventory and the key in any case; `states` may be left to events."""
        self._well, self._anew = self._well and not self._anew, False
        started = time.perf_counter()
        try:
            no_key = await self._unlock(thorough)
            started = time.perf_counter()
            up = await self.client.liveness()
            latency = time.perf_counter() - started
            if no_key is not None:
                return self._refused(no_key, latency)
            asked = states or thorough or self._left or not self._well
            found = await self._details(up, thorough, asked, latency)
        except HostRefused as e:
            if self._provider.api_key is not None:
                self._keys.forget(self._provider.api_key)
            return self._refused(self._key_problem or e, time.perf_counter() - started)
        except BooError as e:
            self._well = False
            return Sighting(self._seen("failed", time.perf_counter() - started, str(e)))
        self._well = True
        return found

    def _seen(self, outcome: str, latency: float, detail: str = "") -> Observation:
        seen = Observation(self._clock(), "ok", latency, detail, self._in_flight(self._provider.id))
        if outcome == "ok":
            return replace(seen, inventory_error=self._inventory_error)
        return replace(seen, outcome="failed" if outcome == "failed" else "refused")

    def _refused(self, why: BooError, latency: float) -> Sighting:
        self._well = False
        return Sighting(self._seen("refused", latency, str(why)))

    async def _unlock(self, again: bool) -> SecretError | None:
        """Give the client its key; the error when the key cannot be read."""
        ref = self._provider.api_key
        waits = ref is not None and ref.keyring is not None and time.monotonic() < self._key_again
        if self._key_problem is not None and waits and not again:
            return self._key_problem
        self._key_problem = None
        try:
            # Not wait_for: before Python 3.12 it forgets a cancel that comes as the key does.
            async with asyncio.timeout(KEY_WAIT_S):
                self.client.key = await self._keys.read(ref)
        except SecretError as e:
            self._key_problem = e
        except TimeoutError:
            title = "The password service does not answer."
            self._key_problem = SecretError(title, "Look for its window: it may wait for you.", code="keyring_failed")
        if self._key_problem is not None:
            self._key_again = time.monotonic() + KEY_AGAIN_S
        return self._key_problem

    async def _details(self, up: bool, thorough: bool, states: bool, latency: float) -> Sighting:
        """What an answering host tells. Raises HostRefused, and Unreachable when it is gone after all."""
        if not self._well:
            self._asked.clear()
        version = None if self._well or not up else await self._version()
        running, error = await self._running() if states else (None, None)
        inventory: HostInventory | None = None
        if up and (thorough or self._is_due(running)):
            inventory = await self._list()
            if self._provider.kind == "openai":
                running = await self.client.running()
        self._looks += int(states)
        lengths, running = await self._lengths(running)
        seen = self._seen("ok", latency)
        if error is not None and seen.inventory_error is None:
            seen = replace(seen, inventory_error=error)
        return Sighting(seen, running, inventory, version, self.client.degraded_features, lengths)

    async def _version(self) -> str | None:
        try:
            return await self.client.version()
        except HostRefused:
            raise
        except BooError:
            return None

    async def _running(self) -> tuple[Mapping[str, RunningModel] | None, str | None]:
        try:
            return await self.client.running(), None
        except HostRefused:
            raise
        except BooError as e:
            if isinstance(e, Unreachable) and e.code in GONE:
                raise
            return None, str(e)

    def _is_due(self, running: Mapping[str, RunningModel] | None) -> bool:
        if self._inventory is None or self._inventory_error is not None or not self._well:
            return True
        if running is None:
            return self._looks >= INVENTORY_EVERY
        unlisted = running.keys() - self._inventory.records.keys()
        strange = not unlisted <= self._unlisted
        self._unlisted = frozenset(unlisted)
        return strange or self._looks >= INVENTORY_EVERY

    async def _list(self) -> HostInventory | None:
        try:
            found = await self.client.inventory()
        except HostRefused:
            raise
        except BooError as e:
            if isinstance(e, Unreachable) and e.code in GONE:
                raise
            self._inventory_error = str(e)
            return None
        self._inventory, self._inventory_error, self._looks = found, None, 0
        return found

    async def _lengths(
        self, running: Mapping[str, RunningModel] | None
    ) -> tuple[dict[str, int], Mapping[str, RunningModel] | None]:
        """The context of each model that became ready, and the newest states. Each is asked once."""
        found: dict[str, int] = {}
        self._left = self._left and running is None
        if running is None:
            return found, running
        self._asked &= _ready(running)
        for wire_id in sorted(_ready(running) - self._asked):
            try:
                # Asking a model that is no longer ready would load it and push another one out.
                running = await self.client.running() or {}
                if wire_id not in _ready(running):
                    continue
                if _is_swapping(running) or self._contested(wire_id):
                    self._left = True
                    continue
                self._asked.add(wire_id)
                if (length := await self.client.props(wire_id)) is not None:
                    found[wire_id] = length
            except BooError:
                break
        return found, running


def _is_swapping(running: Mapping[str, RunningModel]) -> bool:
    return any(model.state in ("starting", "stopping") for model in running.values())


def _ready(running: Mapping[str, RunningModel]) -> set[str]:
    return {wire_id for wire_id, model in running.items() if model.state == "ready"}
