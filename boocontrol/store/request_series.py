"""Figures of the requests over time. Of few requests from the rows themselves, of many from the sums. Blocking.

Bounded: a window costs so many rows, or so many sums, as a chart has pieces, however many requests there were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from boocontrol.core.activity import Quantiles
from boocontrol.core.activity_series import ActivitySeries, SeriesPoint
from boocontrol.store import kinds, rollups, totals
from boocontrol.store.database import Database
from boocontrol.store.requests import window_of
from boocontrol.store.rollups import SECOND, SPANS, Block
from boocontrol.store.schema import request_kinds, request_rollups, request_totals, requests
from boocontrol.store.sketch import Bins, add, quantile, unpack
from boocontrol.store.totals import BY_SIDE
from boocontrol.store.wanted import WELL, Wanted, micros, moment

READ: Final = 10_000
"""Rows that are read one by one; where there are more, sums stand for them."""
LEAST_PIECES: Final = 24
"""A window has at least so many of the spans that its pieces are made of,"""
FEW_PIECES: Final = 12
"""or so many when finer pieces would be made of more sums than these:"""
MOST_SUMS: Final = 15_000


@dataclass(slots=True)
class _Piece:
    """What is counted of some requests; the figures of each, or sketches of them."""

    requests: int = 0
    failed: int = 0
    prompt: int = 0
    output: int = 0
    ttft: Bins = field(default_factory=dict)
    speed: Bins = field(default_factory=dict)
    packed_ttft: list[bytes] = field(default_factory=list)
    packed_speed: list[bytes] = field(default_factory=list)
    ttfts: list[float] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)

    def add(self, count: int, outcome: str, prompt: int | None, output: int | None) -> None:
        self.requests += count
        self.failed += 0 if outcome in WELL else count
        self.prompt += prompt or 0
        self.output += output or 0


def request_series(
    database: Database, wanted: Wanted, since: datetime, until: datetime, points: int, read: int = READ
) -> ActivitySeries:
    """What the requests of a window did, in at most `points` pieces. Raises BooError.

    Pieces made of sums are whole hours, days or weeks within the window; the last may not be over yet.
    """
    wanted = replace(wanted, since=since, until=until)
    with database.reading() as connection:
        wanted = kinds.simplest(connection, wanted)
        begin, end = window_of(connection, wanted)
        excess = connection.execute(_beyond(begin, end, read)).scalar()
        span = _span(connection, wanted, end - begin)
        if excess is None or not span:
            begin = begin if excess is None else max(begin, int(excess) + 1)
            step = max(1, -(-(end - micros(since)) // points))
            whole, pieces = _of_rows(connection, wanted, (begin, end), micros(since), step)
        else:
            step = -(-(end - begin) // (span * SECOND * points)) * span * SECOND
            whole, pieces = _of_sums(connection, wanted, (begin, end), span, step)
    return ActivitySeries(
        since=since,
        until=until,
        step_s=step / SECOND,
        cut=excess is not None and not span,
        counted_since=moment(max(begin, micros(since))),
        requests=whole.requests,
        failed=whole.failed,
        prompt_tokens=whole.prompt,
        output_tokens=whole.output,
        ttft_ms=_quantiles(whole.ttfts, whole.ttft),
        output_tokens_per_second=_quantiles(whole.speeds, whole.speed),
        points=tuple(_point(at, pieces[at]) for at in sorted(pieces)),
    )


def _span(connection: Connection, wanted: Wanted, length: int) -> int:
    """The span of the pieces of a window of this length; 0 when it is too short for any."""
    span = next((s for s in SPANS if s * SECOND * LEAST_PIECES <= length), 0)
    coarser = next((s for s in SPANS if s * SECOND * FEW_PIECES <= length), 0)
    if not span or coarser == span or BY_SIDE.fits(wanted):
        return span
    many = connection.execute(select(func.count()).where(wanted.kinds())).scalar() or 0
    return coarser if many * length > MOST_SUMS * span * SECOND else span


def _beyond(begin: int, end: int, read: int) -> Any:
    """The time of the newest row that is not read, by the index alone."""
    time = requests.c.time_us
    return select(time).where(time >= begin, time < end).order_by(time.desc()).offset(read).limit(1)


# --- rows ---


def _of_rows(
    connection: Connection, wanted: Wanted, window: tuple[int, int], start: int, step: int
) -> tuple[_Piece, dict[int, _Piece]]:
    c, k = requests.c, request_kinds.c
    columns = (c.time_us, k.outcome, c.ttft_ms, c.output_tokens_per_second, c.prompt_tokens, c.output_tokens)
    asked = select(*columns).join(request_kinds, k.id == c.kind_id).where(rollups.within(Block(0, *window)))
    whole = _Piece()
    pieces: dict[int, _Piece] = {}
    for time_us, outcome, ttft, speed, prompt, output in connection.execute(asked.where(wanted.kinds())):
        piece = pieces.setdefault(start + (time_us - start) // step * step, _Piece())
        for one in (whole, piece):
            one.add(1, outcome, prompt, output)
            if ttft is not None:
                one.ttfts.append(ttft)
            if speed is not None:
                one.speeds.append(speed)
    return whole, pieces


# --- sums ---


def _of_sums(
    connection: Connection, wanted: Wanted, window: tuple[int, int], span: int, step: int
) -> tuple[_Piece, dict[int, _Piece]]:
    whole = _Piece()
    pieces: dict[int, _Piece] = {}
    for outcome, n, prompt, output in _counted(connection, wanted, window):
        whole.add(int(n), outcome, prompt, output)
    # Only spans that begin within the window: all of them is shown, and nothing from before it.
    first = -(-window[0] // (span * SECOND)) * span * SECOND
    last = -(-window[1] // (span * SECOND)) * span * SECOND
    for start, outcome, count, prompt, output, ttft, speed in _spans(connection, wanted, Block(span, first, last)):
        at = first + (start * SECOND - first) // step * step
        if (piece := pieces.get(at)) is None:
            piece = pieces[at] = _Piece()
        piece.add(count, outcome, prompt, output)
        piece.packed_ttft.append(ttft)
        piece.packed_speed.append(speed)
    for piece in pieces.values():
        # Once for each: what the whole needs is the sum of them.
        piece.ttft, piece.speed = unpack(b"".join(piece.packed_ttft)), unpack(b"".join(piece.packed_speed))
        add(whole.ttft, piece.ttft)
        add(whole.speed, piece.speed)
    return whole, pieces


def _spans(connection: Connection, wanted: Wanted, block: Block) -> Iterator[tuple[Any, ...]]:
    """Start, outcome, requests, prompt and output tokens and both sketches: of each span, and of each kind in it."""
    have, lack = totals.covered(connection, BY_SIDE, wanted, [block])
    t, c = request_totals.c, request_rollups.c
    figures = ("requests", "prompt_tokens", "output_tokens", "ttft", "speed")
    for some in have:
        asked = select(t.start, t.outcome, *(t[name] for name in figures)).where(totals.within(BY_SIDE, wanted, some))
        yield from map(tuple, connection.execute(asked).all())
    outcomes = _outcomes(connection, wanted) if lack else {}
    for some in lack:
        asked = select(c.start, c.kind_id, *(c[name] for name in figures)).where(rollups.within(some))
        if not wanted.all_kinds:
            asked = asked.where(c.kind_id.in_(kinds.chosen(wanted)))
        for start, kind_id, count, prompt, output, ttft, speed in connection.execute(asked).all():
            yield start, outcomes[kind_id], count, prompt, output, ttft, speed


def _outcomes(connection: Connection, wanted: Wanted) -> dict[int, str]:
    k = request_kinds.c
    asked = select(k.id, k.outcome).where(wanted.kinds())
    return {int(kind_id): str(outcome) for kind_id, outcome in connection.execute(asked)}


def _counted(connection: Connection, wanted: Wanted, window: tuple[int, int]) -> Iterator[tuple[str, int, Any, Any]]:
    """Outcome, count, and prompt and output tokens, of all parts of a window."""
    have, lack = totals.covered(connection, BY_SIDE, wanted, rollups.blocks(*window))
    t = request_totals.c
    for block in have:
        sums = (func.sum(t.requests), func.sum(t.prompt_tokens), func.sum(t.output_tokens))
        asked = select(t.outcome, *sums).where(totals.within(BY_SIDE, wanted, block)).group_by(t.outcome)
        yield from map(tuple, connection.execute(asked))
    outcomes = _outcomes(connection, wanted) if lack else {}
    for block in lack:
        c = request_rollups.c if block.span else requests.c
        counted = func.sum(request_rollups.c.requests) if block.span else func.count()
        tokens = (func.sum(c.prompt_tokens), func.sum(c.output_tokens))
        asked = select(c.kind_id, counted, *tokens).where(rollups.within(block)).group_by(c.kind_id)
        if not wanted.all_kinds:
            asked = asked.where(c.kind_id.in_(kinds.chosen(wanted)))
        for kind_id, *others in connection.execute(asked):
            yield (outcomes[kind_id], *others)


def _point(time_us: int, piece: _Piece) -> SeriesPoint:
    return SeriesPoint(
        at=moment(time_us),
        requests=piece.requests,
        failed=piece.failed,
        ttft_ms=_quantiles(piece.ttfts, piece.ttft),
        output_tokens_per_second=_quantiles(piece.speeds, piece.speed),
    )


def _quantiles(values: list[float], bins: Bins) -> Quantiles | None:
    """The values at the nearest ranks, or what the sketches tell of them."""
    if values:
        values.sort()
        p50, p95 = (values[(len(values) * percent + 99) // 100 - 1] for percent in (50, 95))
        return Quantiles(p50=p50, p95=p95)
    low, high = quantile(bins, 50), quantile(bins, 95)
    return None if low is None or high is None else Quantiles(p50=round(low, 2), p95=round(high, 2))
