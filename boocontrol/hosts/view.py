"""HostView: all that is known of one host, frozen, and what it shows: its catalog entry and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, TypeVar

from boocontrol.core.api import HealthCheck, Host, LoadedModel
from boocontrol.core.catalog import ModelEntry, ModelState, ProviderEntry
from boocontrol.core.health import Health, HostState, Observation, observe, paused
from boocontrol.core.registry import Provider
from boocontrol.hosts import context
from boocontrol.hosts.events_read import UNKNOWN, Flights
from boocontrol.hosts.records import HostInventory, RunningModel, unlisted
from boocontrol.hosts.swap import NO_TYPES
from boocontrol.hosts.telemetry import NOTHING, Figures

T = TypeVar("T")

MOST_KEPT: Final = 2000
"""What models said of their context is kept of so many that ran; a host that goes on naming others fills nothing."""
_FOREMOST: Final[tuple[ModelState, ...]] = ("ready", "starting", "stopping", "shutdown", "unknown")


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look, or one event of the host, brought. None = nothing new about it.

    `own_requests` goes with flights: how many of them are the gateway's.
    """

    observation: Observation | None = None
    running: Mapping[str, RunningModel] | None = None
    inventory: HostInventory | None = None
    version: str | None = None
    degraded_features: tuple[str, ...] | None = None
    lengths: Mapping[str, int] = field(default_factory=dict)
    aliases: Mapping[str, str] | None = None
    flights: Flights | None = None
    own_requests: int = 0
    figures: Figures | None = None


@dataclass(frozen=True)
class HostView:
    """One provider and what is known of its host. `lengths` are from props: tokens and when they were read;
    `aliases` are from events, which tell them where lists do not."""

    provider: Provider
    health: Health = Health()
    version: str | None = None
    degraded_features: tuple[str, ...] = ()
    inventory: HostInventory | None = None
    inventory_at: float = 0.0
    inventory_error: str | None = None
    running: Mapping[str, RunningModel] = field(default_factory=dict)
    tells_states: bool = False
    lengths: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    commands: Mapping[str, int] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    flights: Flights = UNKNOWN
    figures: Figures = NOTHING

    def after(self, seen: Sighting, at: float) -> HostView:
        """The view that a sighting at a time (unix seconds) leads to."""
        view = self
        if seen.observation is not None:
            view = view._observed(seen.observation, seen.running is not None)
        if seen.running is not None:
            view = view._with_running(seen.running)
        if seen.aliases is not None and seen.aliases != view.aliases:
            view = replace(view, aliases=seen.aliases)
        if seen.flights is not None and seen.flights != view.flights:
            view = view._with_flights(seen.flights, seen.own_requests, at)
        if seen.figures is not None and seen.figures != view.figures:
            view = replace(view, figures=seen.figures)
        if seen.inventory is not None:
            view = replace(view, inventory=self._same(seen.inventory), inventory_at=at)
        if seen.lengths:
            view = replace(view, lengths=_grown(view.lengths, {k: (n, at) for k, n in seen.lengths.items()}))
        version = seen.version or view.version
        features = view.degraded_features if seen.degraded_features is None else seen.degraded_features
        if (version, features) != (view.version, view.degraded_features):
            view = replace(view, version=version, degraded_features=features)
        return view._kept(self)

    def of(self, provider: Provider, at: float) -> HostView:
        """The same host under a changed entry of the registry (label, order, overrides, paused or not)."""
        health = self.health if provider.enabled else paused(self.health, at)
        if provider.enabled and health.state == "paused":
            health = Health()
        flights = self.flights if provider.enabled else UNKNOWN
        return replace(self, provider=provider, health=health, flights=flights)

    @property
    def flying(self) -> int:
        """How many requests the host says it runs; 0 when it does not say."""
        return self.flights.count or 0

    @property
    def held(self) -> Mapping[str, RunningModel] | None:
        """What is in memory; None while it is not known."""
        return self.running if self.tells_states and self.health.answers else None

    @property
    def stale(self) -> bool:
        """True while the models are old news."""
        return self.inventory is not None and (not self.health.answers or self.inventory_error is not None)

    @cached_property
    def models(self) -> tuple[ModelEntry, ...]:
        """The models as last known, each with its state and context length."""
        listed = self.inventory.models if self.inventory else ()
        extra = (unlisted(self.provider.id, w, self.running[w]) for w in self.unlisted)
        return tuple(self._shown(m) for m in (*listed, *extra))

    @property
    def unlisted(self) -> tuple[str, ...]:
        """Models in memory that the host does not list; none while nothing is known of what it lists."""
        if self.inventory is None or self.provider.kind == "openai":
            return ()
        return tuple(sorted(w for w in self.running if w not in self.inventory.records))

    @cached_property
    def entry(self) -> ProviderEntry:
        """The provider in the catalog."""
        p = self.provider
        return ProviderEntry(
            id=p.id,
            label=p.label,
            kind=p.kind,
            location=p.location,
            state=self.health.state,
            reason=self.health.reason,
            as_of=moment(self.inventory_at),
            stale=self.stale,
            priority=p.priority,
            former_ids=p.former_ids,
            peers_hidden=self.inventory.peers_hidden if self.inventory else 0,
            models=self.models,
        )

    def real_name(self, wire_id: str) -> str:
        """The model that a name stands for; the name itself when it stands for itself, or for several."""
        goals = self.inventory.leads.get(wire_id, ()) if self.inventory else ()
        if len(goals) == 1:
            return goals[0]
        return wire_id if goals else self.aliases.get(wire_id, wire_id)

    def host(self, in_flight: int) -> Host:
        """The host in the control API."""
        p, health = self.provider, self.health
        figures = self.figures if health.answers else NOTHING
        return Host(
            id=p.id,
            label=p.label,
            kind=p.kind,
            location=p.location,
            enabled=p.enabled,
            often_off=p.often_off,
            base_url=p.base_url,
            state=health.state,
            reason=health.reason,
            since=moment(health.since),
            as_of=moment(health.as_of),
            latency_ms=round(health.latencies[-1] * 1000, 1) if health.latencies else None,
            version=self.version,
            degraded_features=self._untold(),
            loaded=self._loaded(),
            in_flight=max(in_flight, self.flying),
            tells_requests=self.flights.count is not None,
            models=len(self.models),
            requests=self.flights.requests,
            cpu=figures.cpu,
            memory=figures.memory,
            gpus=figures.gpus,
        )

    def _untold(self) -> tuple[str, ...]:
        """What the host cannot tell: aliases that its events told are no part of that, whatever its lists lack."""
        return tuple(words for words in self.degraded_features if words != NO_TYPES or not self.aliases)

    def check(self, seen: Observation) -> HealthCheck:
        """One line of the host's history, after this observation."""
        return check_of(seen, self.health.state)

    def shows_as(self, other: HostView) -> bool:
        """True when a person sees no difference, times and latency aside."""
        same = (self.flights.count, self.flights.requests or ()) == (other.flights.count, other.flights.requests or ())
        return same and self.figures == other.figures and self.lists_as(other)

    def lists_as(self, other: HostView) -> bool:
        """True when it is the same in the catalog."""
        return self._face() == other._face()

    def _face(self) -> tuple[Any, ...]:
        p, h = self.provider, self.health
        return (p, h.state, h.reason, self.version, self.degraded_features, self.stale, self.models)

    def _observed(self, seen: Observation, told: bool) -> HostView:
        # What the host runs may have changed since the look began.
        health = observe(self.health, replace(seen, in_flight=max(seen.in_flight, self.flying)))
        if seen.outcome != "ok":
            return replace(self, health=health)
        return replace(self, health=health, inventory_error=seen.inventory_error, tells_states=told)

    def _with_running(self, running: Mapping[str, RunningModel]) -> HostView:
        running = {w: _filled(m, self.running.get(w)) for w, m in running.items()}
        told = {w: n for w, m in running.items() if (n := context.of_command(m.cmd))}
        # Only a running model shows its command; what it said stays after it stopped.
        commands = self.commands if told.items() <= self.commands.items() else _grown(self.commands, told)
        running = self.running if running == self.running else running
        return replace(self, running=running, tells_states=True, commands=commands)

    def _with_flights(self, flights: Flights, own: int, at: float) -> HostView:
        """Busy, or not, as soon as the host says so."""
        health = self.health
        if flights.count is not None and health.state in ("up", "busy"):
            state: HostState = "busy" if max(flights.count, own) else "up"
            health = health if state == health.state else replace(health, state=state, since=at, as_of=at)
        return replace(self, flights=flights, health=health)

    def _same(self, new: HostInventory) -> HostInventory:
        """The new inventory over the old entries where they are equal, so that nothing is worked out again."""
        old = self.inventory
        return replace(new, models=old.models) if old is not None and old.models == new.models else new

    def _kept(self, old: HostView) -> HostView:
        """Itself with the old tuple of models when all that it is made of is the same."""
        if "models" in old.__dict__ and self._makings() == old._makings():
            self.__dict__["models"] = old.__dict__["models"]
        return self

    def _makings(self) -> tuple[Any, ...]:
        models = id(self.inventory.models) if self.inventory else 0
        known = self.held is not None
        leads = self.inventory.leads if self.inventory else {}
        return (models, leads, self.aliases, self.provider, known, self.running, self.lengths, self.commands)

    def _loaded(self) -> tuple[LoadedModel, ...]:
        if self.held is None or self.provider.kind == "openai":
            return ()
        here = ((w, m.state) for w, m in sorted(self.held.items()) if m.state != "stopped")
        return tuple(LoadedModel(ref=f"{self.provider.id}/{w}", state=state) for w, state in here)

    def _shown(self, model: ModelEntry) -> ModelEntry:
        goals = self.inventory.leads.get(model.wire_id, ()) if self.inventory else ()
        if not goals and model.wire_id in self.aliases:
            goals = (self.aliases[model.wire_id],)
        names = (model.wire_id, *goals)
        state = self._state(names)
        length, source = self._length(model, names) or (None, None)
        if (state, length, source) == (model.state, model.context_length, model.context_source):
            return model
        return model.model_copy(update={"state": state, "context_length": length, "context_source": source})

    def _state(self, names: tuple[str, ...]) -> ModelState:
        if self.held is None:
            return "unknown"
        states = {self.held[n].state for n in names if n in self.held}
        return next((s for s in _FOREMOST if s in states), "stopped")

    def _length(self, model: ModelEntry, names: tuple[str, ...]) -> context.Length | None:
        """By the order of the contract. A selector has none of its targets' lengths: they may differ."""
        mine = names[:1] if model.type == "selector" else names
        for name in mine:
            if name in self.provider.context_overrides:
                return self.provider.context_overrides[name], "override"
        for name in mine:
            if name in self.lengths:
                return self.lengths[name][0], "props"
        if model.context_length is not None and model.context_source is not None:
            return model.context_length, model.context_source
        return next(((self.commands[n], "command") for n in mine if n in self.commands), None)


def check_of(seen: Observation, state: HostState) -> HealthCheck:
    """One line of a host's history: an observation and the state after it."""
    return HealthCheck(
        at=datetime.fromtimestamp(seen.at, UTC),
        outcome=seen.outcome,
        state=state,
        latency_ms=round(seen.latency_s * 1000, 1),
        detail=seen.detail or seen.inventory_error or "",
    )


def _grown(known: Mapping[str, T], told: Mapping[str, T]) -> dict[str, T]:
    return {**(known if len(known) < MOST_KEPT else {}), **told}


def _filled(new: RunningModel, old: RunningModel | None) -> RunningModel:
    """With what only the other way to learn of it tells: events have no command, old lists no name."""
    if old is None or (new.cmd and new.name and new.description):
        return new
    return replace(
        new,
        cmd=new.cmd or old.cmd,
        name=new.name or old.name,
        description=new.description or old.description,
    )


def moment(seconds: float) -> datetime | None:
    """Unix seconds as a time; 0 is never."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
