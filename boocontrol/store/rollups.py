"""Sums of requests over hours, days, weeks and four weeks, kept with every write; and windows cut into such spans.

The totals of many kinds (see totals.py) are made from these sums, so whatever changes a sum takes its totals away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, insert, select, tuple_

from boocontrol.store.marks import mark, set_mark
from boocontrol.store.schema import request_rollups, request_totals, request_totals_made, requests
from boocontrol.store.sketch import Bins, add, bin_of, pack, unpack

HOUR: Final = 3600
DAY: Final = 24 * HOUR
SPANS: Final = (28 * DAY, 7 * DAY, DAY, HOUR)
SECOND: Final = 1_000_000
LEVELS: Final = (1, 2)
"""The numbers of the totals' levels."""
KEPT_FROM: Final = "requests_kept_from"
ROLLED: Final = "requests_rolled"
_AT_ONCE: Final = 200
_REBUILT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of whole spans (`span` seconds each), or of single requests (`span` 0); both ends in microseconds."""

    span: int
    begin: int
    end: int


def blocks(begin: int, end: int, spans: Sequence[int] = SPANS) -> Iterator[Block]:
    """The window cut into the largest whole spans that fit, and what is left at its ends."""
    if begin >= end:
        return
    if not spans:
        yield Block(0, begin, end)
        return
    size = spans[0] * SECOND
    first, last = -(-begin // size) * size, end // size * size
    if first >= last:
        yield from blocks(begin, end, spans[1:])
        return
    yield from blocks(begin, first, spans[1:])
    yield Block(spans[0], first, last)
    yield from blocks(last, end, spans[1:])


def within(block: Block) -> ColumnElement[bool]:
    """The rows of a block, in the table that it belongs to."""
    if not block.span:
        return (requests.c.time_us >= block.begin) & (requests.c.time_us < block.end)
    c = request_rollups.c
    return (c.span == block.span) & (c.start >= block.begin // SECOND) & (c.start < block.end // SECOND)


@dataclass(slots=True)
class Sum:
    """What the requests of one kind add up to in one span."""

    requests: int = 0
    prompt: int = 0
    output: int = 0
    ttft: Bins = field(default_factory=dict)
    speed: Bins = field(default_factory=dict)


class Sums:
    """Changes of sums, gathered and then written. `take` with times -1 takes a request away again."""

    def __init__(self) -> None:
        self._of: dict[tuple[int, int, int], Sum] = {}

    def take(self, kind_id: int, values: Any, times: int = 1) -> None:
        """One request: a mapping of the columns of the table of requests."""
        second = values["time_us"] // SECOND
        for span in SPANS:
            key = (span, second // span * span, kind_id)
            found = self._of.get(key)
            if found is None:
                found = self._of[key] = Sum()
            found.requests += times
            found.prompt += times * (values["prompt_tokens"] or 0)
            found.output += times * (values["output_tokens"] or 0)
            for bins, figure in ((found.ttft, "ttft_ms"), (found.speed, "output_tokens_per_second")):
                if (value := values[figure]) is not None:
                    add(bins, {bin_of(value): times})

    def write(self, connection: Connection) -> None:
        """Add them to what is stored."""
        keys = list(self._of)
        forget_totals(connection, {(span, start) for span, start, _ in keys})
        for begin in range(0, len(keys), _AT_ONCE):
            self._write(connection, keys[begin : begin + _AT_ONCE])
        self._of.clear()

    def _write(self, connection: Connection, keys: list[tuple[int, int, int]]) -> None:
        table, c = request_rollups, request_rollups.c
        same = tuple_(c.span, c.start, c.kind_id).in_(keys)
        for row in connection.execute(select(table).where(same)).all():
            change = self._of[row.span, row.start, row.kind_id]
            change.requests += row.requests
            change.prompt += row.prompt_tokens
            change.output += row.output_tokens
            add(change.ttft, unpack(row.ttft))
            add(change.speed, unpack(row.speed))
        connection.execute(delete(table).where(same))
        made = [(key, found) for key in keys if (found := self._of[key]).requests > 0]
        if made:
            connection.execute(insert(table), [_values(key, found) for key, found in made])


def forget_totals(connection: Connection, spans: Iterable[tuple[int, int]]) -> None:
    """The sums of these spans (length and start, in seconds) change. Mostly they are not over, and have no totals."""
    made, c = request_totals_made.c, request_totals.c
    found: list[tuple[int, int]] = []
    every = list(spans)
    for begin in range(0, len(every), _AT_ONCE):
        some = tuple_(made.span, made.start).in_(every[begin : begin + _AT_ONCE])
        found += [(row.span, row.start) for row in connection.execute(select(made.span, made.start).where(some))]
    for span, start in found:
        connection.execute(delete(request_totals_made).where(made.span == span, made.start == start))
        connection.execute(delete(request_totals).where(c.level.in_(LEVELS), c.span == span, c.start == start))


def drop_before(connection: Connection, second: int) -> None:
    """Drop all sums and totals of spans that began before this time, in unix seconds."""
    for table in (request_rollups, request_totals, request_totals_made):
        connection.execute(delete(table).where(table.c.start < second))


def rebuild(connection: Connection) -> None:
    """Make all sums anew, once, of a database whose requests were stored before there were any."""
    if mark(connection, ROLLED):
        return
    for table in (request_rollups, request_totals, request_totals_made):
        connection.execute(delete(table))
    sums, last = Sums(), -1
    while rows := _some(connection, last):
        for row in rows:
            sums.take(row["kind_id"], row)
        last = rows[-1]["seq"]
    sums.write(connection)
    set_mark(connection, ROLLED, 1)


def _some(connection: Connection, after: int) -> Sequence[Any]:
    c = requests.c
    columns = (c.seq, c.kind_id, c.time_us, c.prompt_tokens, c.output_tokens, c.ttft_ms, c.output_tokens_per_second)
    return connection.execute(select(*columns).where(c.seq > after).order_by(c.seq).limit(_REBUILT)).mappings().all()


def _values(key: tuple[int, int, int], found: Sum) -> dict[str, Any]:
    span, start, kind_id = key
    return {
        "span": span,
        "start": start,
        "kind_id": kind_id,
        "requests": found.requests,
        "prompt_tokens": found.prompt,
        "output_tokens": found.output,
        "ttft": pack(found.ttft),
        "speed": pack(found.speed),
    }
