"""One host under watch: its task, its view and its history."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Final

from boocontrol.core.api import HealthCheck
from boocontrol.core.health import HostState, Observation, interval, paused
from boocontrol.core.registry import Provider
from boocontrol.hosts.client import HostClient
from boocontrol.hosts.events_follow import Follower
from boocontrol.hosts.events_rows import RowReader, RowSink
from boocontrol.hosts.http import TlsContexts
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.look import Looker
from boocontrol.hosts.records import RunningModel
from boocontrol.hosts.tasks import cancel, spawn
from boocontrol.hosts.telemetry import Telemetry
from boocontrol.hosts.view import HostView, Sighting, check_of

log = logging.getLogger(__name__)

REMEMBERED: Final = 720
JITTER: Final = 0.5
# Many refused requests may ask for a look at once.
LEAST_PAUSE_S: Final = 0.2
# A model on its way is followed more closely than one at rest; a cloud, which others pay for, less.
TRANSIT_S: Final = 1.0
CLOUD_S: Final = 30.0


class Watch:
    """Looks at one host until it is stopped.

    `arrived(id, changed, listed)` is called after each sighting: whether a person sees a difference, and whether
    the catalog is another. Before it, `seen` gets the views before and after. `rows` takes the host's own rows.
    """

    def __init__(
        self,
        provider: Provider,
        keys: Keys,
        contexts: TlsContexts,
        *,
        in_flight: Callable[[str], int],
        arrived: Callable[[str, bool, bool], None],
        clock: Callable[[], float],
        random: Callable[[], float],
        rows: RowSink | None = None,
        seen: Callable[[HostView, HostView, Sighting], None] = lambda before, after, sighting: None,
    ) -> None:
        self.view = HostView(provider)
        self._observed: deque[tuple[Observation, HostState]] = deque(maxlen=REMEMBERED)
        self._in_flight = in_flight
        self._looker = Looker(provider, keys, contexts, in_flight=in_flight, clock=clock, contested=self._contested)
        reader = RowReader(lambda: self.view.provider.id, lambda: self.client, rows)
        self._follower = Follower(self, self._open_events, reader, random=random)
        self._seen = seen
        self._telemetry = Telemetry()
        self._arrived = arrived
        self._clock = clock
        self._random = random
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._thorough = False
        self._wanted = 0
        self.looked = 0
        if not provider.enabled:
            self.view = replace(self.view, health=paused(self.view.health, clock()))

    @property
    def history(self) -> list[HealthCheck]:
        """The last looks, newest last. Kept as what they are made of, which is a tenth of the size."""
        return [check_of(seen, state) for seen, state in self._observed]

    @property
    def client(self) -> HostClient:
        """The host's client. Raises Unreachable when it cannot be made."""
        return self._looker.client

    @property
    def own_requests(self) -> int:
        """How many requests the gateway itself has there."""
        return self._in_flight(self.view.provider.id)

    def start(self) -> None:
        """Begin to look, unless it is paused or looks already."""
        if self._task is None and self.view.provider.enabled:
            self._begin_anew()
            self._task = spawn(self._run(), f"watch {self.view.provider.id}")

    def pause(self) -> None:
        """Ask nothing more until it is started again."""
        self._follower.pause()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def stop(self) -> None:
        """End for good."""
        task, self._task = self._task, None
        if task is not None:
            await cancel(task)
        await self._follower.stop()
        await self._looker.aclose()

    def adopt(self, provider: Provider) -> bool:
        """Take over a changed entry of the same host. True when it shows."""
        before = self.view
        if provider == before.provider:
            return False
        self.view = before.of(provider, self._clock())
        return not self.view.shows_as(before)

    def refresh(self) -> int:
        """Look thoroughly, soon. That look has ended once `looked` has reached the number returned."""
        self._thorough = True
        self._wanted += 1
        self._wake.set()
        return self._wanted

    def look_soon(self, *, anew: bool = False) -> None:
        """Look again; `anew` = the host may be another one by now."""
        if anew:
            self._begin_anew()
        self._wake.set()

    def needs_look(self, running: Mapping[str, RunningModel]) -> bool:
        """Whether a look would learn more from these states."""
        return self._looker.needs(running)

    def arrive(self, seen: Sighting) -> None:
        """A sighting arrives, from a look or from the host's own events: the one way in which the view changes."""
        before = self.view
        if before.health.state == "paused":
            return
        self.view = before.after(seen, self._clock())
        if seen.observation is not None:
            self._observed.append((seen.observation, self.view.health.state))
        self._seen(before, self.view, seen)
        listed = self.view.inventory_at != before.inventory_at or not self.view.lists_as(before)
        self._arrived(self.view.provider.id, not self.view.shows_as(before), listed)

    async def look(self) -> None:
        """Look once."""
        thorough, self._thorough = self._thorough, False
        wanted = self._wanted
        self._wake.clear()
        self._follower.before_look()
        try:
            seen = await self._looker.look(thorough=thorough, states=self._follower.asks_states)
        except Exception as e:
            # A host may answer anything; what nobody thought of must not end the watch.
            log.exception("look at %s", self.view.provider.id)
            words = f"BooControl cannot make sense of what this host answers ({type(e).__name__})."
            seen = Sighting(Observation(self._clock(), "ok", inventory_error=words))
        self.looked = wanted
        self.arrive(self._follower.after_look(seen) if self._task is not None else seen)

    async def measure(self) -> None:
        """Ask for the machine's figures when it is time."""
        if not self.view.health.answers:
            return
        if (figures := await self._telemetry.ask(self.client, time.monotonic())) is not None:
            self.arrive(Sighting(figures=figures))

    def _contested(self, wire_id: str) -> bool:
        """Whether the host told of requests for other models: what is asked of this one might load it again."""
        return any(self.view.real_name(r.model) != wire_id for r in self.view.flights.requests or ())

    def pause_s(self) -> float:
        """Seconds until the next look."""
        base = interval(self.view.health)
        if self.view.provider.location == "cloud" and not self.view.health.undecided:
            base = max(base, CLOUD_S)
        elif self.view.health.answers and self._is_moving():
            base = min(base, TRANSIT_S)
        return base * (1.0 + JITTER * self._random())

    def _is_moving(self) -> bool:
        """True while the next look is likely to find another state."""
        count = self.view.flights.count
        ended = count == 0 or (count is None and not self.own_requests)
        if self.view.health.state == "busy" and ended:
            return True
        if self._follower.live:  # it tells of models at once, but not when our own requests end
            return self._follower.suspicious
        return any(m.state in ("starting", "stopping") for m in self.view.running.values())

    def _begin_anew(self) -> None:
        self._looker.begin()
        self._telemetry = Telemetry()

    def _open_events(self) -> AbstractAsyncContextManager[AsyncIterator[bytes]] | None:
        return self.client.events()

    async def _run(self) -> None:
        while True:
            await self.look()
            await self.measure()
            await asyncio.sleep(LEAST_PAUSE_S)
            try:
                async with asyncio.timeout(max(0.0, self.pause_s() - LEAST_PAUSE_S)):
                    await self._wake.wait()
            except TimeoutError:
                continue
