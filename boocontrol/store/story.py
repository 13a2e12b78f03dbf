"""Events of models and checks of hosts, as they are kept. Blocking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select

from boocontrol.core.api import HealthCheck
from boocontrol.core.history import ModelEvent
from boocontrol.store.database import Database
from boocontrol.store.requests import Cursor
from boocontrol.store.samples import providers_in
from boocontrol.store.schema import health_checks, model_events
from boocontrol.store.wanted import micros, moment

_NAMES: Final = tuple(c.name for c in model_events.columns if c.name not in ("seq", "time_us"))


@dataclass(frozen=True)
class WantedEvents:
    """Which events: every condition given must hold, of `providers` and `refs` one must match."""

    providers: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    event: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, event: ModelEvent) -> bool:
        """Whether it wants this event."""
        return (
            (not self.providers or event.provider in self.providers)
            and (not self.refs or event.ref in self.refs)
            and (self.event is None or event.event == self.event)
            and (self.since is None or event.time >= self.since)
            and (self.until is None or event.time < self.until)
        )


class StoryTable:
    """Events of models. Every call blocks and may raise BooError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, events: Sequence[ModelEvent]) -> None:
        """Store them; one that is there already is left as it is."""
        with self._database.writing() as connection:
            ids = [e.id for e in events]
            there = set(connection.execute(select(model_events.c.id).where(model_events.c.id.in_(ids))).scalars())
            fresh = [{"time_us": micros(e.time), **{n: getattr(e, n) for n in _NAMES}} for e in events]
            if fresh := [e for e in fresh if e["id"] not in there]:
                connection.execute(insert(model_events), fresh)

    def page(self, wanted: WantedEvents, before: Cursor | None, limit: int) -> tuple[ModelEvent, ...]:
        """The newest events that come after the cursor."""
        c = model_events.c
        where = _conditions(wanted)
        if before is not None:
            time, last = before
            where += [c.time_us <= time, or_(c.time_us < time, c.id < last)]
        asked = select(model_events).where(*where).order_by(c.time_us.desc(), c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(_event(r._mapping) for r in connection.execute(asked))

    def prune(self, before: datetime, at_once: int = 5000) -> int:
        """Drop events that are too old, a part of them at a time. Returns how many."""
        c = model_events.c
        with self._database.writing() as connection:
            old = select(c.seq).where(c.time_us < micros(before)).order_by(c.time_us).limit(at_once)
            return connection.execute(delete(model_events).where(c.seq.in_(old.scalar_subquery()))).rowcount


class ChecksTable:
    """Health checks. Every call blocks and may raise BooError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, checks: Sequence[tuple[str, HealthCheck]]) -> None:
        """Store checks of providers; one of a moment that is there already is left as it is."""
        c = health_checks.c
        fresh = {(p, micros(check.at)): check for p, check in checks}
        with self._database.writing() as connection:
            for provider in {p for p, _ in fresh}:
                times = [at for p, at in fresh if p == provider]
                known = select(c.at_us).where(c.provider == provider, c.at_us.in_(times))
                for at in connection.execute(known).scalars().all():
                    del fresh[provider, at]
            if fresh:
                connection.execute(insert(health_checks), [_check_values(*k, check) for k, check in fresh.items()])

    def read(self, provider: str, since: datetime | None, until: datetime | None, limit: int) -> list[HealthCheck]:
        """The newest checks of a window, newest last."""
        c = health_checks.c
        where = [c.provider == provider]
        where += [c.at_us >= micros(since)] if since else []
        where += [c.at_us < micros(until)] if until else []
        asked = select(health_checks).where(*where).order_by(c.at_us.desc()).limit(limit)
        with self._database.reading() as connection:
            found = connection.execute(asked).all()
        return [
            HealthCheck(at=moment(r.at_us), outcome=r.outcome, state=r.state, latency_ms=r.latency_ms, detail=r.detail)
            for r in reversed(found)
        ]

    def prune(self, before: datetime) -> int:
        """Drop checks that are too old. Returns how many."""
        c, gone = health_checks.c, 0
        with self._database.writing() as connection:
            for provider in providers_in(connection, c.provider):
                old = (c.provider == provider) & (c.at_us < micros(before))
                gone += connection.execute(delete(health_checks).where(old)).rowcount
        return gone


def _conditions(wanted: WantedEvents) -> list[ColumnElement[bool]]:
    c = model_events.c
    where: list[ColumnElement[bool]] = [and_(True)]
    where += [c.provider.in_(wanted.providers)] if wanted.providers else []
    where += [c.ref.in_(wanted.refs)] if wanted.refs else []
    where += [c.event == wanted.event] if wanted.event is not None else []
    where += [c.time_us >= micros(wanted.since)] if wanted.since is not None else []
    where += [c.time_us < micros(wanted.until)] if wanted.until is not None else []
    return where


def _event(found: Any) -> ModelEvent:
    return ModelEvent(time=moment(found["time_us"]), **{n: found[n] for n in _NAMES})


def _check_values(provider: str, at_us: int, check: HealthCheck) -> dict[str, Any]:
    values = check.model_dump(include={"outcome", "state", "latency_ms", "detail"})
    return {"provider": provider, "at_us": at_us, **values}
