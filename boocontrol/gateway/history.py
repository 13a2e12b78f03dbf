"""What a gateway remembers of hosts and models: samples, checks and the story; kept in memory while the disk fails.

It watches what the monitor and the activity see anyway, stores it in batches off the event loop, learns from it how
long loads take and how fast models are, and drops what is too old or too much.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from boocontrol.core.activity import ActivityRow, ActivityStats
from boocontrol.core.api import HealthCheck, Host, LoadedModel
from boocontrol.core.errors import BooError
from boocontrol.core.history import ModelEvent, ModelEvents, Sample, StoryEvent
from boocontrol.core.refs import ModelRef
from boocontrol.core.settings import Settings
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.history_learn import ENOUGH, Learned, ended_at
from boocontrol.gateway.history_samples import Calm, ChecksToKeep, Sampler, pause_s
from boocontrol.gateway.history_story import FLICKER_S, PUSHED_WITHIN_S, Storyteller, made
from boocontrol.gateway.inflight import InFlight
from boocontrol.hosts.view import HostView, Sighting
from boocontrol.store.requests import Cursor
from boocontrol.store.retention import Keep
from boocontrol.store.story import WantedEvents
from boocontrol.store.wanted import Wanted, micros

log = logging.getLogger("boocontrol.gateway")

WRITE_AFTER_S: Final = 0.5
SAMPLES_AFTER_S: Final = 60.0
RETRY_AFTER_S: Final = 10.0
PRUNE_FIRST_S: Final = 60.0
PRUNE_EVERY_S: Final = 600.0
BETWEEN_STEPS_S: Final = 0.05
LATE_S: Final = 300.0
LEARN_FROM: Final = 2000
USUAL_DAYS: Final = 14
RING: Final = 5000
CUT_WITHIN_S: Final = 4.0
"""Hosts tell whole seconds by clocks that are compared to a second, and an unload takes its time."""


class HistoryStore(Protocol):
    """Where it is kept: boocontrol.store.desk.HistoryDesk. Every method may raise BooError."""

    async def add_samples(self, provider: str, samples: Sequence[Sample]) -> None: ...

    async def samples(self, provider: str, since: datetime, until: datetime, points: int) -> tuple[Sample, ...]: ...

    async def add_events(self, events: Sequence[ModelEvent]) -> None: ...

    async def events(self, wanted: WantedEvents, before: Cursor | None, limit: int) -> tuple[ModelEvent, ...]: ...

    async def add_checks(self, checks: Sequence[tuple[str, HealthCheck]]) -> None: ...

    async def checks(
        self, provider: str, since: datetime | None, until: datetime | None, limit: int
    ) -> list[HealthCheck]: ...

    async def prune(self, keep: Keep, now: datetime) -> bool: ...


class Fleet(Protocol):
    """The monitor, as far as it is asked here."""

    def hosts(self) -> tuple[Host, ...]: ...

    def real_name(self, provider_id: str, wire_id: str) -> str: ...


Stats = Callable[[Wanted, datetime, datetime], Any]


class History:
    """Lives from `start` to `stop`, on one event loop. `clock` is in unix seconds."""

    def __init__(
        self,
        store: HistoryStore,
        fleet: Fleet,
        in_flight: InFlight,
        events: EventHub,
        *,
        settings: Callable[[], Settings] = Settings,
        on_change: Callable[[str], None] = lambda provider_id: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._fleet = fleet
        self._in_flight = in_flight
        self._events = events
        self._settings = settings
        self._on_change = on_change
        self._clock = clock
        self._learned = Learned()
        self._story = Storyteller(self._who, self._learned.idle_since)
        self._sampler, self._checks, self._calm = Sampler(), ChecksToKeep(), Calm()
        self._new_events: deque[ModelEvent] = deque(maxlen=RING)
        self._new_checks: deque[tuple[str, HealthCheck]] = deque(maxlen=RING)
        self._new_samples: deque[tuple[str, Sample]] = deque(maxlen=RING)
        self._recent: deque[ModelEvent] = deque(maxlen=500)
        self._cuts: deque[tuple[str, str, float]] = deque(maxlen=100)
        self._since: dict[str, float] = {}
        self._error: BooError | None = None
        self._writing = asyncio.Lock()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the history, for people."""
        if self._error is None:
            return ()
        return (f"The history of hosts and models is not being kept: {self._error.title} {self._error.advice}".strip(),)

    # --- life ---

    async def start(self, stats: Stats | None = None) -> None:
        """Learn from what is stored, then go on remembering. `stats` tells the usual speeds."""
        try:
            for event in reversed(await self._store.events(WantedEvents(), None, LEARN_FROM)):
                self._learned.load(event)
                if event.event in ("loaded", "unloaded", "evicted"):
                    self._since[event.ref] = event.time.timestamp() if event.event == "loaded" else 0.0
        except BooError as e:
            self._failed(e)
        create = asyncio.get_running_loop().create_task
        self._tasks = [create(work(), name=name) for name, work in self._works().items()]
        if stats is not None:
            self._tasks.append(create(self._learn_speeds(stats), name="usual speeds"))

    async def stop(self) -> None:
        """Store what waits, once, and end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.flush()

    # --- what happens ---

    def saw(self, before: HostView, after: HostView, seen: Sighting) -> None:
        """The monitor's sightings."""
        provider = after.provider.id
        if seen.observation is not None:
            check = after.check(seen.observation)
            if self._checks.takes(provider, check):
                self._new_checks.append((provider, check))
        if seen.running is not None and after.provider.kind != "openai":
            known = before.tells_states
            self._tell_of(provider, self._story.saw(provider, after.running, self._clock()))
            if not known:
                for wire_id in after.running:
                    self._story.recall(provider, wire_id, self._since.get(f"{provider}/{wire_id}", 0.0))
            if self._story.waits(provider):
                later = asyncio.get_running_loop().call_later
                for wait in (FLICKER_S, PUSHED_WITHIN_S):
                    later(wait + 0.05, lambda: self._tell_of(provider, self._story.due(provider, self._clock())))

    def load_asked(self, ref: ModelRef, by: str) -> None:
        """A load was asked for."""
        self._tell(self._story.load_asked(ref.provider, str(ref), by, self._clock()))

    def load_ended(self, ref: ModelRef, by: str, state: str, reason: str, seconds: float) -> None:
        """A load that was asked for ended: loaded, failed or cancelled."""
        self._tell(self._story.load_ended(ref.provider, str(ref), by, state, reason, seconds, self._clock()))

    def unload_asked(self, provider_id: str, wire_id: str | None, by: str) -> None:
        """An unload was asked for; None is all models of the host."""
        self._story.unload_asked(provider_id, wire_id, by, self._clock())

    def cut(self, ref: ModelRef, by: str, detail: str) -> None:
        """A request was cut by an unload."""
        self._cuts.append((str(ref), by, self._clock()))
        self._tell([made("cut", ref.provider, str(ref), self._clock(), by=by, detail=detail)])

    def cut_by(self, ref: str, at: float) -> str:
        """Who cut a request on a model that ended at this time (unix seconds), as far as it was done here."""
        here = ((abs(at - when), by) for cut, by, when in self._cuts if cut == ref)
        far, by = min(here, default=(CUT_WITHIN_S, ""))
        return by if far < CUT_WITHIN_S else ""

    def rows(self, rows: Iterable[ActivityRow]) -> None:
        """Requests ended; some long ago, of which a host tells only now."""
        oldest = self._clock() - LATE_S
        for row in rows:
            late = ended_at(row) < oldest
            if not late:
                self._sampler.ended([row])
            ref = self._real(row.provider, row.ref)
            news = self._learned.answer(ref, row, late=late) if row.provider else None
            if news is None:
                continue
            event: StoryEvent = "slow_over" if isinstance(news, bool) else "slow"
            detail = f"{news.now:g} tokens per second, usually {news.usual:g}." if not isinstance(news, bool) else ""
            self._tell([made(event, row.provider, ref, self._clock(), detail=detail)])
            self._on_change(row.provider)

    def usual_load(self, ref: str) -> tuple[float | None, int]:
        """The median of the last cold loads of a model in seconds, and of how many; None when none was seen."""
        return self._learned.usual_load(ref)

    def dress(self, host: Host) -> Host:
        """The host with what is known here of the models in its memory."""
        if not host.loaded:
            return host
        return host.model_copy(update={"loaded": tuple(self._dressed(host, m) for m in host.loaded)})

    # --- what is asked ---

    async def page(self, wanted: WantedEvents, before: Cursor | None, limit: int) -> ModelEvents:
        """Events of models, newest first. Without a database, the last ones."""
        await self.flush()
        try:
            found = await self._store.events(wanted, before, limit + 1)
        except BooError as e:
            self._failed(e)
            every = sorted({e.id: e for e in (*self._recent, *self._new_events)}.values(), key=_place, reverse=True)
            found = tuple(e for e in every if wanted.takes(e) and (before is None or _place(e) < before))[: limit + 1]
        data = found[:limit]
        more = "{}-{}".format(*_place(data[-1])) if len(found) > limit else None
        return ModelEvents(data=data, next=more)

    async def samples(self, provider: str, since: datetime, until: datetime, points: int) -> tuple[Sample, ...]:
        """Samples of a host, oldest first. Without a database, those in memory."""
        await self.flush()
        try:
            return await self._store.samples(provider, since, until, points)
        except BooError as e:
            self._failed(e)
            found = [s for p, s in self._new_samples if p == provider and since <= s.at < until]
            return tuple(found[:: -(-len(found) // points) or 1])

    async def checks(
        self, provider: str, since: datetime | None, until: datetime | None, limit: int
    ) -> list[HealthCheck]:
        """Checks of a host that were kept, newest last. Without a database, those in memory."""
        await self.flush()
        try:
            return await self._store.checks(provider, since, until, limit)
        except BooError as e:
            self._failed(e)
            return [c for p, c in self._new_checks if p == provider and _within(c.at, since, until)][-limit:]

    async def flush(self) -> None:
        """Store what waits. A database that cannot be written is told by `problems`, not raised."""
        async with self._writing:
            try:
                await self._write()
            except BooError as e:
                self._failed(e)
            else:
                self._error = None

    # --- parts ---

    def _works(self) -> dict[str, Callable[[], Any]]:
        return {"history": self._keep_writing, "samples": self._keep_sampling, "retention": self._keep_small}

    async def _keep_writing(self) -> None:
        while True:
            try:
                async with asyncio.timeout(SAMPLES_AFTER_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            await asyncio.sleep(WRITE_AFTER_S)
            await self.flush()
            if self._error is not None:
                await asyncio.sleep(RETRY_AFTER_S)

    async def _keep_sampling(self) -> None:
        while True:
            hosts, now = self._fleet.hosts(), self._clock()
            for host in hosts:
                try:
                    sample = self._sampler.sample(host, now)
                except (ValueError, ArithmeticError):  # a host may tell any figure: no end of the sampling of all
                    log.exception("sample of %s", host.id)
                    continue
                if sample is not None:
                    self._new_samples.append((host.id, sample))
            await asyncio.sleep(pause_s(len(hosts)))

    async def _keep_small(self) -> None:
        await asyncio.sleep(PRUNE_FIRST_S)
        while True:
            wanted = self._settings()
            keep = Keep(wanted.history_days, wanted.history_max_mb, wanted.samples_days)
            try:
                more = True
                while more:
                    more = await self._store.prune(keep, datetime.fromtimestamp(self._clock(), UTC))
                    await asyncio.sleep(BETWEEN_STEPS_S)
            except BooError as e:
                log.warning("Old history is not dropped: %s", e)
            await asyncio.sleep(PRUNE_EVERY_S)

    async def _write(self) -> None:
        events = list(self._new_events)  # those that come meanwhile wait for the next time
        for begin in range(0, len(events), 500):
            await self._store.add_events(events[begin : begin + 500])
            _drop(self._new_events, events[begin : begin + 500])
        if checks := list(self._new_checks):
            await self._store.add_checks(checks)
            _drop(self._new_checks, checks)
        waiting = list(self._new_samples)
        for provider in {p for p, _ in waiting}:
            await self._store.add_samples(provider, [s for p, s in waiting if p == provider])
        _drop(self._new_samples, waiting)

    def _tell_of(self, provider: str, events: Sequence[ModelEvent]) -> None:
        self._tell(self._calm.most(provider, events, self._clock()))

    def _tell(self, events: Sequence[ModelEvent]) -> None:
        """They happened: learned from, told, and stored soon."""
        for event in events:
            self._learned.load(event)
            self._new_events.append(event)
            self._recent.append(event)
            self._events.publish("story", event.model_dump_json(by_alias=True).encode())
        if events:
            self._wake.set()
            self._on_change(events[0].provider)

    async def _learn_speeds(self, stats: Stats) -> None:
        now = datetime.fromtimestamp(self._clock(), UTC)
        try:
            found: ActivityStats = await stats(Wanted(outcome="ok"), now - timedelta(days=USUAL_DAYS), now)
        except BooError:
            return
        for model in found.models:
            if model.output_tokens_per_second is not None and model.requests >= ENOUGH:
                self._learned.recall(model.ref, [model.output_tokens_per_second.p50] * ENOUGH)

    def _failed(self, error: BooError) -> None:
        if self._error is None:
            log.warning("The history is not being kept: %s", error)
        self._error = error

    def _real(self, provider: str, ref: str) -> str:
        """The model behind a name, as its host tells it."""
        return f"{provider}/{self._fleet.real_name(provider, ref.removeprefix(f'{provider}/'))}"

    def _who(self, ref: str) -> str:
        """Whose request runs on a model, or waits for it; the first."""
        waiting = [r for r in self._in_flight if self._real(r.provider, r.ref) == ref]
        return min(waiting, key=lambda r: r.started_at).client if waiting else ""

    def _dressed(self, host: Host, model: LoadedModel) -> LoadedModel:
        wire_id = model.ref.removeprefix(f"{host.id}/")
        ours = sum(self._real(r.provider, r.ref) == model.ref for r in self._in_flight if r.provider == host.id)
        told = None if host.requests is None else sum(self._real(host.id, r.model) == model.ref for r in host.requests)
        usual, count = self._learned.usual_load(model.ref)
        running = _running_on(host, ours, told)
        return model.model_copy(
            update={
                "since": _moment(self._story.state_since(host.id, wire_id)),
                "usual_load_s": usual,
                "load_samples": count,
                "in_flight": running,
                "idle_since": None if running else _moment(self._learned.idle_since(model.ref)),
                "slow": self._learned.slow(model.ref),
            }
        )


def _running_on(host: Host, ours: int, told: int | None) -> int | None:
    """How many requests run on one model of a host; None when others may be at work there unseen."""
    if told is not None:
        return max(ours, told)
    if host.tells_requests and len(host.loaded) == 1:
        return max(ours, host.in_flight)
    return ours if ours or (host.tells_requests and not host.in_flight) else None


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _place(event: ModelEvent) -> Cursor:
    return micros(event.time), event.id


def _within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at < until)


def _drop(waiting: deque[Any], done: Sequence[Any]) -> None:
    """Take out what is stored; meanwhile more may have come, and pushed some of it out already."""
    stored = set(map(id, done))
    while waiting and id(waiting[0]) in stored:
        waiting.popleft()
