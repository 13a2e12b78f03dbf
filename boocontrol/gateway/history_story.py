"""From what is seen of a host, and what was asked of it, to the story of its models. Pure: clocks are given.

A model that leaves memory may have been pushed out by one whose load is seen only a moment later: such an end is
told when that load is seen, or when none came for a while (`due`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from boocontrol.core.history import ModelEvent, StoryEvent
from boocontrol.hosts.records import RunningModel

HOST: Final = "the host itself"
PUSHED_WITHIN_S: Final = 2.5
"""The load that pushed a model out begins when that model is gone, or just before."""
FLICKER_S: Final = 1.5
"""What a look and an event tell of the same moment may come in the wrong order."""
ASKED_WITHIN_S: Final = 90.0
_PRESENT: Final = ("starting", "ready", "stopping")

Who = Callable[[str], str]
"""Whose request needs a model now, by ref; empty when nobody's is known."""


@dataclass(slots=True)
class _Model:
    """One model in memory. Times in unix seconds; `began` is 0 when its load was not seen."""

    state: str
    since: float
    began: float = 0.0
    ready_at: float = 0.0
    by: str = ""


@dataclass(eq=False, slots=True)
class _Gone:
    """A model that left memory, and why is not known yet, or whether it did: an old account may come late."""

    ref: str
    at: float
    stayed: float | None
    idle_since: float | None
    model: _Model


@dataclass(slots=True)
class _Host:
    models: dict[str, _Model] = field(default_factory=dict)
    gone: list[_Gone] = field(default_factory=list)
    unloads: dict[str, tuple[str, float]] = field(default_factory=dict)
    last_load: tuple[str, float] = ("", 0.0)
    known: bool = False


class Storyteller:
    """Follows all hosts. Every method returns the events that are certain by now."""

    def __init__(self, who: Who = lambda ref: "", idle: Callable[[str], float | None] = lambda ref: None) -> None:
        self._hosts: dict[str, _Host] = {}
        self._asked: dict[str, tuple[str, float]] = {}
        self._who = who
        self._idle = idle

    def state_since(self, provider: str, wire_id: str) -> float | None:
        """When a model's present state began, unix seconds; None when that was not seen."""
        host = self._hosts.get(provider)
        found = host.models.get(wire_id) if host else None
        return found.since or None if found else None

    def recall(self, provider: str, wire_id: str, since: float) -> None:
        """A model that was in memory before this gateway began has been so since then."""
        host = self._hosts.get(provider)
        found = host.models.get(wire_id) if host else None
        if found is not None and not found.since and found.state == "ready":
            found.since = found.ready_at = since

    def forget(self, provider: str) -> None:
        """The provider is gone."""
        self._hosts.pop(provider, None)

    # What was asked.

    def load_asked(self, provider: str, ref: str, by: str, now: float) -> list[ModelEvent]:
        """Somebody asked this gateway for a load."""
        self._asked[ref] = (by, now)
        return [_event("load_asked", provider, ref, now, by=by)]

    def load_ended(
        self, provider: str, ref: str, by: str, state: str, reason: str, seconds: float, now: float
    ) -> list[ModelEvent]:
        """Such a load ended: loaded, failed or cancelled. That it is loaded was seen already."""
        self._asked.pop(ref, None)
        host = self._hosts.get(provider)
        if host is not None:
            host.gone = [g for g in host.gone if g.ref != ref or g.model.state != "starting"]
        kinds: dict[str, StoryEvent] = {"failed": "load_failed", "cancelled": "load_cancelled"}
        if state not in kinds:
            return []
        return [_event(kinds[state], provider, ref, now, by=by, detail=reason, seconds=round(seconds, 2))]

    def unload_asked(self, provider: str, wire_id: str | None, by: str, now: float) -> None:
        """Somebody asked this gateway to unload a model, or all of a host."""
        host = self._hosts.setdefault(provider, _Host())
        for wire in host.models if wire_id is None else (wire_id,):
            host.unloads[wire] = (by, now)

    # What was seen.

    def saw(self, provider: str, running: Mapping[str, RunningModel], now: float) -> list[ModelEvent]:
        """The models in memory of a host, as it tells them now."""
        host = self._hosts.setdefault(provider, _Host())
        present = {w: m.state for w, m in running.items() if m.state in _PRESENT}
        if not host.known:
            host.known = True
            host.models = {w: _Model(state, 0.0) for w, state in present.items()}
            return []
        told: list[ModelEvent] = []
        for wire_id in [w for w in host.models if w not in present]:
            told += self._left(host, provider, wire_id, now)
        for wire_id, state in present.items():
            told += self._is(host, provider, wire_id, state, now)
        return told

    def due(self, provider: str, now: float) -> list[ModelEvent]:
        """Ends for which no load was seen that explains them."""
        host = self._hosts.get(provider)
        if host is None:
            return []
        late = [g for g in host.gone if now - g.at >= (FLICKER_S if g.model.state == "starting" else PUSHED_WITHIN_S)]
        host.gone = [g for g in host.gone if g not in late]
        # What was asked for here is told by load_ended.
        return [self._unexplained(provider, g) for g in late if not self._is_asked(g)]

    def waits(self, provider: str) -> bool:
        """Whether `due` will have something to tell."""
        host = self._hosts.get(provider)
        return bool(host and host.gone)

    def _is(self, host: _Host, provider: str, wire_id: str, state: str, now: float) -> list[ModelEvent]:
        """A model is in memory, in some state."""
        ref = f"{provider}/{wire_id}"
        self._take_back(host, ref, wire_id, state, now)
        before = host.models.get(wire_id)
        if before is not None and before.state == state:
            return []
        if state == "stopping":
            if before is not None:
                before.state, before.since = state, now
            else:
                host.models[wire_id] = _Model(state, now)
            return []
        by = self._by(ref, now)
        if state == "starting":
            host.models[wire_id] = _Model(state, now, began=now, by=by)
            return [*self._pushed(host, provider, ref, now), _event("loading", provider, ref, now, by=by)]
        # Ready: from a start that was seen, or from one too quick to be seen.
        began = before.began if before is not None and before.state == "starting" else 0.0
        by = before.by if before is not None and before.by else by
        host.models[wire_id] = _Model(state, now, began=began, ready_at=now, by=by)
        pushed = [] if began else self._pushed(host, provider, ref, now)
        seconds = round(now - began, 2) if began else None
        return [*pushed, _event("loaded", provider, ref, now, by=by, seconds=seconds)]

    def _take_back(self, host: _Host, ref: str, wire_id: str, state: str, now: float) -> None:
        """What seemed to have left a moment ago, and goes on as if it had not, did not leave."""
        for gone in host.gone:
            went_on = state == "ready" or gone.model.state == "starting"
            if gone.ref == ref and went_on and now - gone.at <= FLICKER_S:
                host.models[wire_id] = gone.model
                host.gone.remove(gone)
                return

    def _left(self, host: _Host, provider: str, wire_id: str, now: float) -> list[ModelEvent]:
        """A model is in memory no longer."""
        ref, model = f"{provider}/{wire_id}", host.models.pop(wire_id)
        asked = _recent(host.unloads.pop(wire_id, None), now)
        at = model.since if model.state == "stopping" and model.since else now
        gone = _Gone(ref, at, _span(model.ready_at, at), self._idle(ref), model)
        if model.state == "starting":
            if asked is not None and ref not in self._asked:
                return [_event("load_cancelled", provider, ref, now, by=asked, seconds=_span(model.began, now))]
            host.gone.append(gone)
            return []
        if asked is not None:
            return [_event("unloaded", provider, ref, at, by=asked, seconds=gone.stayed)]
        cause, began = host.last_load
        if cause != ref and now - began <= PUSHED_WITHIN_S and cause:
            return [self._evicted(provider, gone, cause)]
        gone.at = now
        host.gone.append(gone)
        return []

    def _pushed(self, host: _Host, provider: str, ref: str, now: float) -> list[ModelEvent]:
        """A load begins: what left memory just now made room for it."""
        host.last_load = (ref, now)
        gone = [g for g in host.gone if g.ref == ref or g.model.state != "starting"]
        host.gone = [g for g in host.gone if g not in gone]
        return [
            self._unexplained(provider, g)
            if g.ref == ref or now - g.at > PUSHED_WITHIN_S
            else self._evicted(provider, g, ref)
            for g in gone
        ]

    def _evicted(self, provider: str, gone: _Gone, cause: str) -> ModelEvent:
        by = self._asked.get(cause, ("", 0.0))[0] or self._who(cause)
        return _event("evicted", provider, gone.ref, gone.at, by=by, cause=cause, seconds=gone.stayed)

    def _unexplained(self, provider: str, gone: _Gone) -> ModelEvent:
        model = gone.model
        if model.state == "starting":
            seconds = _span(model.began, gone.at)
            return _event("load_failed", provider, gone.ref, gone.at, by=model.by, seconds=seconds)
        idle = gone.idle_since
        detail = f"After {gone.at - idle:.0f} s without a request." if idle and gone.at > idle else ""
        return _event("unloaded", provider, gone.ref, gone.at, by=HOST, detail=detail, seconds=gone.stayed)

    def _is_asked(self, gone: _Gone) -> bool:
        return gone.model.state == "starting" and gone.ref in self._asked

    def _by(self, ref: str, now: float) -> str:
        return _recent(self._asked.get(ref), now, 3600.0) or self._who(ref)


def made(event: StoryEvent, provider: str, ref: str, at: float, **more: object) -> ModelEvent:
    """An event with an id of its own; `at` in unix seconds."""
    return _event(event, provider, ref, at, **more)


def _event(event: StoryEvent, provider: str, ref: str, at: float, **more: object) -> ModelEvent:
    values = {"id": uuid.uuid4().hex, "time": datetime.fromtimestamp(at, UTC), "provider": provider, "ref": ref}
    return ModelEvent.model_validate({**values, "event": event, **more})


def _recent(asked: tuple[str, float] | None, now: float, within_s: float = ASKED_WITHIN_S) -> str | None:
    """Who asked, unless it is too long ago."""
    return None if asked is None or now - asked[1] > within_s else asked[0]


def _span(begin: float, end: float) -> float | None:
    return round(end - begin, 2) if begin else None
