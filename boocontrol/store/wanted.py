"""Which requests a reader wants, as a rule for rows and as SQL over their kinds."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_

from boocontrol.core.activity import ActivityRow
from boocontrol.store.schema import request_kinds

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICRO: Final = timedelta(microseconds=1)
_TIMES: Final = ("since", "until")
FAILED: Final = "failed"
WELL: Final = frozenset({"ok", "client_left", "cancelled", "running"})
"""Outcomes that are no failure: FAILED asks for all others."""
SEARCHED: Final = ("ref", "requested", "provider", "client", "agent")


@dataclass(frozen=True)
class Wanted:
    """Which rows: every condition given must hold. Of `providers`, `refs` and `endpoints` one must match, and each
    word of `text` must stand somewhere in the SEARCHED fields."""

    providers: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    outcome: str | None = None
    client: str | None = None
    agent: str | None = None
    via: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def all_kinds(self) -> bool:
        """True when only times are asked for."""
        return not any(getattr(self, f.name) for f in fields(self) if f.name not in _TIMES)

    def takes(self, row: ActivityRow) -> bool:
        """Whether it wants this row."""
        return (
            (not self.providers or row.provider in self.providers)
            and (not self.refs or row.ref in self.refs or row.requested in self.refs)
            and (not self.endpoints or row.endpoint in self.endpoints)
            and (self.outcome is None or self._ended_so(row.outcome))
            and (self.client is None or self.client.lower() in row.client.lower())
            and (self.agent is None or row.agent == self.agent)
            and (self.via is None or row.via == self.via)
            and (self.text is None or self._holds_words(row))
            and (self.since is None or row.time >= self.since)
            and (self.until is None or row.time < self.until)
        )

    def kinds(self) -> ColumnElement[bool]:
        """The same rule over request_kinds, times left out."""
        c = request_kinds.c
        found: list[ColumnElement[bool]] = []
        if self.providers:
            found.append(c.provider.in_(self.providers))
        if self.refs:
            found.append(or_(c.ref.in_(self.refs), c.requested.in_(self.refs)))
        if self.endpoints:
            found.append(c.endpoint.in_(self.endpoints))
        if self.client is not None:
            found.append(func.lower(c.client).contains(self.client.lower(), autoescape=True))
        if self.outcome is not None:
            found.append(c.outcome.not_in(sorted(WELL)) if self.outcome == FAILED else c.outcome == self.outcome)
        for column, value in ((c.agent, self.agent), (c.via, self.via)):
            if value is not None:
                found.append(column == value)
        for word in (self.text or "").lower().split():
            found.append(or_(*(func.lower(c[name]).contains(word, autoescape=True) for name in SEARCHED)))
        return and_(True, *found)

    def _ended_so(self, outcome: str) -> bool:
        return outcome not in WELL if self.outcome == FAILED else outcome == self.outcome

    def _holds_words(self, row: ActivityRow) -> bool:
        told = [str(getattr(row, name)).lower() for name in SEARCHED]
        return all(any(word in one for one in told) for word in (self.text or "").lower().split())


def micros(time: datetime) -> int:
    """Unix microseconds, exactly."""
    return (time - EPOCH) // MICRO


def moment(us: int) -> datetime:
    """The time of so many unix microseconds."""
    return EPOCH + us * MICRO
