"""Sums over many kinds of requests at once, of spans that are over: most pages need no look at each of many kinds.

A house that is used by several programs has hundreds of kinds, and a year has hundreds of days. Totals are made from
the sums of the kinds after their span has ended, little by little; where there are none yet the sums of the kinds
stand for them. What changes the sums of a span takes its totals away, and they are made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, insert, select, text

from boocontrol.store import rollups
from boocontrol.store.rollups import DAY, SECOND, SPANS, Block
from boocontrol.store.schema import request_kinds, request_rollups, request_totals, request_totals_made
from boocontrol.store.sketch import pack, unpack
from boocontrol.store.wanted import FAILED, WELL, Wanted

NAMES: Final = ("provider", "ref", "via", "outcome")
LATE_S: Final = 600
"""A host may tell its rows some minutes late; what comes later still has the totals made once more."""
ROWS_AT_ONCE: Final = 2000

_UNMADE: Final = text(
    """
    WITH RECURSIVE starts(start) AS (
        SELECT max(start) FROM request_rollups WHERE span = :span AND start <= :last
        UNION ALL
        SELECT (SELECT max(start) FROM request_rollups r WHERE r.span = :span AND r.start < starts.start)
        FROM starts WHERE starts.start IS NOT NULL
    )
    SELECT start FROM starts
    WHERE start IS NOT NULL AND start NOT IN (SELECT m.start FROM request_totals_made m WHERE m.span = :span)
    LIMIT 100
    """
)


@dataclass(frozen=True, slots=True)
class Level:
    """What the kinds of a total have in common, and of which spans there are such totals."""

    number: int
    common: tuple[str, ...]
    spans: tuple[int, ...]

    def fits(self, wanted: Wanted) -> bool:
        """Whether it can be told from these totals what is wanted."""
        named = {"provider": wanted.providers, "outcome": wanted.outcome, "via": wanted.via}
        others = (wanted.refs, wanted.endpoints, wanted.client, wanted.agent, wanted.text)
        return not any(others) and all(name in self.common for name, value in named.items() if value)


BY_SIDE: Final = Level(rollups.LEVELS[0], ("provider", "via", "outcome"), SPANS)
BY_REF: Final = Level(
    rollups.LEVELS[1], ("provider", "ref", "via", "outcome"), tuple(span for span in SPANS if span >= DAY)
)
LEVELS: Final = (BY_SIDE, BY_REF)


def covered(
    connection: Connection, level: Level, wanted: Wanted, blocks: Iterable[Block]
) -> tuple[list[Block], list[Block]]:
    """The stretches of these blocks of which there are totals, and all others."""
    have: list[Block] = []
    lack: list[Block] = []
    for block in blocks:
        if block.span in level.spans and level.fits(wanted):
            some, rest = _parted(block, _made(connection, block))
            have += some
            lack += rest
        else:
            lack.append(block)
    return have, lack


def within(level: Level, wanted: Wanted, block: Block) -> ColumnElement[bool]:
    """The totals of a block that are wanted."""
    c = request_totals.c
    found = (c.level == level.number) & (c.span == block.span)
    found &= (c.start >= block.begin // SECOND) & (c.start < block.end // SECOND)
    if wanted.providers:
        found &= c.provider.in_(wanted.providers)
    if wanted.via:
        found &= c.via == wanted.via
    if wanted.outcome:
        found &= c.outcome.not_in(sorted(WELL)) if wanted.outcome == FAILED else c.outcome == wanted.outcome
    return found


def make(connection: Connection, now_s: int) -> bool:
    """Make the totals of some spans that are over, the newest first; False when there are none left to make."""
    kinds: dict[int, tuple[str, ...]] = {}
    read = 0
    for span in SPANS:
        for (start,) in connection.execute(_UNMADE, {"span": span, "last": now_s - LATE_S - span}).all():
            kinds = kinds or _kinds(connection)
            read += _make(connection, kinds, span, int(start))
            if read >= ROWS_AT_ONCE:
                return True
    return read > 0


def _make(connection: Connection, kinds: dict[int, tuple[str, ...]], span: int, start: int) -> int:
    c = request_rollups.c
    columns = (c.kind_id, c.requests, c.prompt_tokens, c.output_tokens, c.ttft, c.speed)
    rows = connection.execute(select(*columns).where(c.span == span, c.start == start)).all()
    made = [
        {"level": level.number, "span": span, "start": start, **dict(zip(NAMES, names, strict=True)), **_sum(some)}
        for level in LEVELS
        if span in level.spans
        for names, some in _grouped(rows, kinds, level).items()
    ]
    connection.execute(insert(request_totals), made)
    connection.execute(insert(request_totals_made), [{"span": span, "start": start}])
    return len(rows)


def _grouped(rows: Sequence[Any], kinds: dict[int, tuple[str, ...]], level: Level) -> dict[tuple[str, ...], list[Any]]:
    found: dict[tuple[str, ...], list[Any]] = {}
    for row in rows:
        kind = zip(NAMES, kinds[row.kind_id], strict=True)
        found.setdefault(tuple(value if name in level.common else "" for name, value in kind), []).append(row)
    return found


def _sum(rows: list[Any]) -> dict[str, Any]:
    counts = {name: sum(getattr(row, name) for row in rows) for name in ("requests", "prompt_tokens", "output_tokens")}
    return counts | {name: pack(unpack(b"".join(getattr(r, name) for r in rows))) for name in ("ttft", "speed")}


def _kinds(connection: Connection) -> dict[int, tuple[str, ...]]:
    k = request_kinds.c
    asked = select(k.id, *(k[name] for name in NAMES))
    return {int(row[0]): tuple(map(str, row[1:])) for row in connection.execute(asked)}


def _made(connection: Connection, block: Block) -> list[int]:
    c = request_totals_made.c
    asked = select(c.start).where(c.span == block.span, c.start >= block.begin // SECOND, c.start < block.end // SECOND)
    return [int(start) for start in connection.execute(asked.order_by(c.start)).scalars()]


def _parted(block: Block, starts: list[int]) -> tuple[list[Block], list[Block]]:
    """The block cut into runs of the spans that begin at these times, and what lies between them."""
    runs = [
        Block(block.span, some[0][1] * SECOND, (some[-1][1] + block.span) * SECOND)
        for _, group in groupby(enumerate(starts), lambda pair: pair[1] - pair[0] * block.span)
        if (some := list(group))
    ]
    ends = [block.begin, *(end for run in runs for end in (run.begin, run.end)), block.end]
    gaps = zip(ends[::2], ends[1::2], strict=True)
    return runs, [Block(block.span, begin, end) for begin, end in gaps if begin < end]
