"""The table of requests: rows are added and completed in batches, and read page by page. Blocking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, insert, or_, select, update

from boocontrol.core.activity import ActivityRow
from boocontrol.store import kinds, rollups
from boocontrol.store.database import Database
from boocontrol.store.marks import mark
from boocontrol.store.rollups import HOUR, KEPT_FROM, SECOND, Block, Sums
from boocontrol.store.schema import request_kinds, request_rollups, requests
from boocontrol.store.wanted import Wanted, micros, moment

FIGURES: Final = tuple(c.name for c in requests.columns if c.name not in ("seq", "id", "time_us", "kind_id"))
END_OF_TIME: Final = 10**17
_AT_ONCE: Final = 500

Cursor = tuple[int, str]
"""Where a page ends: time in unix microseconds, and id."""


class RequestsTable:
    """Requests of one database. Every call blocks and may raise BooError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, rows: Sequence[ActivityRow]) -> None:
        """Store the rows, all or none. A row whose id is there already is left as it is."""
        with self._database.writing() as connection:
            add_rows(connection, rows)

    def page(self, wanted: Wanted, before: Cursor | None, limit: int) -> tuple[tuple[ActivityRow, ...], int]:
        """The newest rows that come after the cursor, and how many match on all pages."""
        with self._database.reading() as connection:
            window = window_of(connection, wanted)
            total = _count(connection, wanted, window)
            found = _newest(connection, wanted, window, before, limit) if total else ()
        return found, total

    def known(self, keys: Sequence[int]) -> frozenset[int]:
        """Those of these keys of hosts' rows that are stored."""
        found: set[int] = set()
        with self._database.reading() as connection:
            for begin in range(0, len(keys), _AT_ONCE):
                some = requests.c.host_key.in_(keys[begin : begin + _AT_ONCE])
                found |= set(connection.execute(select(requests.c.host_key).where(some)).scalars())
        return frozenset(found)


def add_rows(connection: Connection, rows: Sequence[ActivityRow], keys: Sequence[int | None] = ()) -> list[ActivityRow]:
    """Store rows that are not there yet, with the keys of the hosts' own rows, and return them."""
    by_id = {row.id: (row, key) for row, key in zip(rows, keys or (None,) * len(rows), strict=True)}
    for some in _pieces(list(by_id)):
        there = select(requests.c.id).where(requests.c.id.in_([bytes.fromhex(i) for i in some]))
        for known in connection.execute(there).scalars():
            del by_id[known.hex()]
    fresh = list(by_id.values())
    if fresh:
        kind_ids = kinds.ids_of(connection, [row for row, _ in fresh])
        made = [_values(row, kind_id, key) for (row, key), kind_id in zip(fresh, kind_ids, strict=True)]
        connection.execute(insert(requests), made)
        sums = Sums()
        for values in made:
            sums.take(values["kind_id"], values)
        sums.write(connection)
    return [row for row, _ in fresh]


def replace_rows(connection: Connection, pairs: Sequence[tuple[ActivityRow, int]]) -> None:
    """Write new figures of rows that are there, with the keys of the hosts' own rows; the sums follow."""
    sums = Sums()
    for row, key in pairs:
        here = requests.c.id == bytes.fromhex(row.id)
        old = connection.execute(select(requests).where(here)).mappings().one()
        new = _values(row, old["kind_id"], key)
        sums.take(old["kind_id"], old, -1)
        sums.take(old["kind_id"], new)
        connection.execute(update(requests).where(here), [new])
    sums.write(connection)


def window_of(connection: Connection, wanted: Wanted) -> tuple[int, int]:
    """The times that are wanted and kept, in unix microseconds: from the first to before the second."""
    begin = max(0 if wanted.since is None else micros(wanted.since), mark(connection, KEPT_FROM))
    return begin, END_OF_TIME if wanted.until is None else min(END_OF_TIME, micros(wanted.until))


def rows_of(connection: Connection, found: Sequence[RowMapping]) -> tuple[ActivityRow, ...]:
    """Stored rows as they are shown. Their kinds are asked for by number: a join would be read from the wrong end."""
    k = request_kinds.c
    named = select(k.id, *(k[n] for n in kinds.NAMES)).where(k.id.in_({row["kind_id"] for row in found}))
    known = {int(row["id"]): row for row in connection.execute(named).mappings()}
    return tuple(_row(row, known[row["kind_id"]]) for row in found)


def _row(found: RowMapping, kind: RowMapping) -> ActivityRow:
    figures = {name: found[name] for name in FIGURES if name != "host_key"}
    shared = {name: kind[name] for name in kinds.NAMES}
    return ActivityRow(id=found["id"].hex(), time=moment(found["time_us"]), **figures, **shared)


def _count(connection: Connection, wanted: Wanted, window: tuple[int, int]) -> int:
    total = 0
    for block in rollups.blocks(*window):
        table = request_rollups if block.span else requests
        what = func.sum(request_rollups.c.requests) if block.span else func.count()
        asked = select(what).select_from(table).where(rollups.within(block))
        if not wanted.all_kinds:
            asked = asked.where(table.c.kind_id.in_(kinds.chosen(wanted)))
        total += int(connection.execute(asked).scalar() or 0)
    return total


def _newest(
    connection: Connection, wanted: Wanted, window: tuple[int, int], before: Cursor | None, limit: int
) -> tuple[ActivityRow, ...]:
    """A page costs what it holds, however rare its rows are among millions: the sums tell in which hours they lie."""
    begin, end = window
    c = requests.c
    last: list[ColumnElement[bool]] = []
    if before is not None:
        time, row_id = before
        end = min(end, time + 1)
        last.append(or_(c.time_us < time, and_(c.time_us == time, c.id < bytes.fromhex(row_id))))
    hours = _hours(connection, wanted, begin, end, limit)
    if not hours:
        return ()
    # One pair of bounds: of several, SQLite may search by the widest.
    begin, end = max(begin, hours[-1][0] * SECOND), min(end, (hours[0][0] + HOUR) * SECOND)
    where = (c.time_us >= begin, c.time_us < end, *last)
    newest = (c.time_us.desc(), c.id.desc())
    if _are_many(connection, wanted, hours, limit):
        ids = select(c.seq).where(*where)
        if not wanted.all_kinds:
            # The sum keeps SQLite from searching by kind, which would find all rows there are.
            ids = ids.where((c.kind_id + 0).in_(kinds.chosen(wanted)))
    else:
        ids = _rare(wanted, hours).where(*where)
    few = connection.execute(ids.order_by(*newest).limit(limit)).scalars().all()
    found = connection.execute(select(requests).where(c.seq.in_(few)).order_by(*newest)).mappings().all()
    return rows_of(connection, found)


def _hours(connection: Connection, wanted: Wanted, begin: int, end: int, limit: int) -> list[tuple[int, int]]:
    """The newest hours (unix seconds) that hold enough wanted rows, with how many each holds."""
    c = request_rollups.c
    first, last = begin // SECOND // HOUR * HOUR, (end - 1) // SECOND // HOUR * HOUR
    asked = select(c.start, func.sum(c.requests)).where(c.span == HOUR, c.start >= first, c.start <= last)
    if not wanted.all_kinds:
        asked = asked.where(c.kind_id.in_(kinds.chosen(wanted)))
    asked = asked.group_by(c.start).order_by(c.start.desc()).limit(limit + 2)
    found: list[tuple[int, int]] = []
    enough = 0
    for start, count in connection.execute(asked):
        found.append((int(start), int(count)))
        # Of the hours at both ends, all rows may lie beyond the end.
        enough += 0 if start in (first, last) else int(count)
        if enough >= limit:
            break
    return found


def _are_many(connection: Connection, wanted: Wanted, hours: list[tuple[int, int]], limit: int) -> bool:
    """Whether going through all rows of these hours by time finds them sooner than asking for each kind."""
    if wanted.all_kinds:
        return True
    c, matching = request_rollups.c, sum(n for _, n in hours)
    span = Block(HOUR, hours[-1][0] * SECOND, (hours[0][0] + HOUR) * SECOND)
    asked = select(func.sum(c.requests)).where(rollups.within(span))
    everything = int(connection.execute(asked).scalar() or 0)
    return limit * everything < matching * matching


def _rare(wanted: Wanted, hours: list[tuple[int, int]]) -> Select[Any]:
    """Rows by hour and kind, as the sums name them."""
    sums, c = request_rollups, requests.c
    start = sums.c.start * SECOND
    same = and_(c.kind_id == sums.c.kind_id, c.time_us >= start, c.time_us < start + HOUR * SECOND)
    in_hours = (sums.c.span == HOUR, sums.c.start >= hours[-1][0], sums.c.start <= hours[0][0])
    return (
        select(c.seq).select_from(sums.join(requests, same)).where(*in_hours, sums.c.kind_id.in_(kinds.chosen(wanted)))
    )


def _pieces(ids: list[str]) -> Iterator[list[str]]:
    """Databases take only so many values in one statement."""
    for begin in range(0, len(ids), _AT_ONCE):
        yield ids[begin : begin + _AT_ONCE]


def _values(row: ActivityRow, kind_id: int, key: int | None) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in FIGURES if name != "host_key"}
    return {"id": bytes.fromhex(row.id), "time_us": micros(row.time), "kind_id": kind_id, "host_key": key, **values}
