"""The table of requests: rows are added in batches, read page by page, and dropped when old or too many. Blocking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, tuple_

from boocontrol.core.activity import ActivityRow
from boocontrol.store.database import Database
from boocontrol.store.schema import requests

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)
_NAMES: Final = tuple(c.name for c in requests.columns if c.name != "time_us")
_IDS_AT_ONCE: Final = 500

Cursor = tuple[int, str]
"""Where a page ends: time in unix microseconds, and id."""


@dataclass(frozen=True)
class Wanted:
    """Which rows: every condition given must hold. Of `providers`, `refs` and `endpoints` one must match."""

    providers: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    outcome: str | None = None
    client: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, row: ActivityRow) -> bool:
        """The same rule for a row that is not in the table."""
        return (
            (not self.providers or row.provider in self.providers)
            and (not self.refs or row.ref in self.refs or row.requested in self.refs)
            and (not self.endpoints or row.endpoint in self.endpoints)
            and (self.outcome is None or row.outcome == self.outcome)
            and (self.client is None or self.client.lower() in row.client.lower())
            and (self.since is None or row.time >= self.since)
            and (self.until is None or row.time < self.until)
        )


class RequestsTable:
    """Requests of one database. Every call blocks and may raise BooError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, rows: Sequence[ActivityRow]) -> None:
        """Store the rows, all or none. A row whose id is there already is left as it is."""
        by_id = {row.id: row for row in rows}
        with self._database.writing() as connection:
            for some in _pieces(list(by_id)):
                there = connection.execute(select(requests.c.id).where(requests.c.id.in_(some))).scalars()
                for known in there:
                    del by_id[known]
            if by_id:
                connection.execute(insert(requests), [_values(row) for row in by_id.values()])

    def page(self, wanted: Wanted, before: Cursor | None, limit: int) -> tuple[tuple[ActivityRow, ...], int]:
        """The newest rows that come after the cursor, and how many match on all pages."""
        where = conditions(wanted)
        after = where if before is None else and_(where, tuple_(requests.c.time_us, requests.c.id) < before)
        newest = (requests.c.time_us.desc(), requests.c.id.desc())
        with self._database.reading() as connection:
            total = connection.execute(select(func.count()).select_from(requests).where(where)).scalar_one()
            found = connection.execute(select(requests).where(after).order_by(*newest).limit(limit)).all()
        return tuple(_row(r) for r in found), int(total)

    def prune(self, before: datetime, most: int, at_once: int = 5000) -> int:
        """Drop rows older than `before`, and the oldest beyond `most`; a part of them at a time. Returns how many."""
        with self._database.writing() as connection:
            newest = select(requests.c.time_us).order_by(requests.c.time_us.desc(), requests.c.id.desc())
            excess = connection.execute(newest.offset(most).limit(1)).scalar()
            old = requests.c.time_us < micros(before)
            if excess is not None:
                old = or_(old, requests.c.time_us <= excess)
            oldest = select(requests.c.id).where(old).order_by(requests.c.time_us).limit(at_once)
            ids = list(connection.execute(oldest).scalars())
            for some in _pieces(ids):
                connection.execute(delete(requests).where(requests.c.id.in_(some)))
        return len(ids)


def conditions(wanted: Wanted) -> ColumnElement[bool]:
    """`wanted` in SQL."""
    c = requests.c
    found: list[ColumnElement[bool]] = []
    if wanted.providers:
        found.append(c.provider.in_(wanted.providers))
    if wanted.refs:
        found.append(or_(c.ref.in_(wanted.refs), c.requested.in_(wanted.refs)))
    if wanted.endpoints:
        found.append(c.endpoint.in_(wanted.endpoints))
    if wanted.outcome is not None:
        found.append(c.outcome == wanted.outcome)
    if wanted.client is not None:
        found.append(func.lower(c.client).contains(wanted.client.lower(), autoescape=True))
    if wanted.since is not None:
        found.append(c.time_us >= micros(wanted.since))
    if wanted.until is not None:
        found.append(c.time_us < micros(wanted.until))
    return and_(True, *found)


def micros(time: datetime) -> int:
    """Unix microseconds, exactly."""
    return (time - EPOCH) // _MICRO


def _pieces(ids: list[str]) -> list[list[str]]:
    """Databases take only so many values in one statement."""
    return [ids[i : i + _IDS_AT_ONCE] for i in range(0, len(ids), _IDS_AT_ONCE)]


def _values(row: ActivityRow) -> dict[str, Any]:
    return {"time_us": micros(row.time), **{name: getattr(row, name) for name in _NAMES}}


def _row(found: Row[Any]) -> ActivityRow:
    values = dict(found._mapping)
    time = EPOCH + values.pop("time_us") * _MICRO
    return ActivityRow(time=time, **values)
