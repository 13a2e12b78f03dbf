"""Counts and quantiles over the table of requests: exact ones of few requests, of many those of the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from boocontrol.core.activity import ActivityStats, ModelActivity, Quantiles
from boocontrol.store import kinds, rollups, totals
from boocontrol.store.database import Database
from boocontrol.store.requests import window_of
from boocontrol.store.rollups import SECOND, Block
from boocontrol.store.schema import request_kinds, request_rollups, request_totals, requests
from boocontrol.store.sketch import Bins, bin_of, pack, quantile, unpack
from boocontrol.store.totals import BY_REF
from boocontrol.store.wanted import Wanted

MOST_MODELS: Final = 1000
EXACT: Final = 1000
"""Up to so many requests the quantiles are those of the requests themselves."""
COARSE: Final = 30
"""Of a window as long as this many spans, what is older than the first whole one does not count for quantiles."""


@dataclass(slots=True)
class _Model:
    """What is gathered of one model."""

    outcomes: Counter[str] = field(default_factory=Counter)
    prompt: int = 0
    output: int = 0


def request_stats(database: Database, wanted: Wanted, since: datetime, until: datetime) -> ActivityStats:
    """What the requests of a window did, by model. Blocking; raises BooError."""
    wanted = replace(wanted, since=since, until=until)
    with database.reading() as connection:
        wanted = kinds.simplest(connection, wanted)
        window = window_of(connection, wanted)
        models = _models(connection, wanted, window)
        total = sum(m.outcomes.total() for m in models.values())
        if total <= EXACT:
            ttft, speed = _exact(connection, wanted, window)
        else:
            ttft, speed = _sketch(connection, wanted, window)
    made = [_shown(ref, m, ttft.get(ref), speed.get(ref)) for ref, m in models.items()]
    made.sort(key=lambda m: (-m.requests, m.ref))
    outcomes: Counter[str] = sum((m.outcomes for m in models.values()), Counter())
    return ActivityStats(
        since=since, until=until, requests=total, outcomes=dict(outcomes), models=tuple(made[:MOST_MODELS])
    )


def _models(connection: Connection, wanted: Wanted, window: tuple[int, int]) -> dict[str, _Model]:
    found: dict[str, _Model] = {}
    have, lack = totals.covered(connection, BY_REF, wanted, rollups.blocks(*window))
    for asked in (*(_of_totals(wanted, b) for b in have), *(_of_kinds(wanted, b) for b in lack)):
        for row in connection.execute(asked):
            model = found.setdefault(row.ref, _Model())
            model.outcomes[row.outcome] += int(row.n)
            model.prompt += int(row.p or 0)
            model.output += int(row.o or 0)
    return found


def _of_totals(wanted: Wanted, block: Block) -> Select[Any]:
    c = request_totals.c
    sums = (func.sum(c.requests).label("n"), func.sum(c.prompt_tokens).label("p"), func.sum(c.output_tokens).label("o"))
    return select(c.ref, c.outcome, *sums).where(totals.within(BY_REF, wanted, block)).group_by(c.ref, c.outcome)


def _of_kinds(wanted: Wanted, block: Block) -> Select[Any]:
    k = request_kinds.c
    c = request_rollups.c if block.span else requests.c
    counted = func.sum(request_rollups.c.requests) if block.span else func.count()
    tokens = (func.sum(c.prompt_tokens).label("p"), func.sum(c.output_tokens).label("o"))
    sums = select(c.kind_id, counted.label("n"), *tokens).where(*_where(wanted, block)).group_by(c.kind_id).subquery()
    return select(k.ref, k.outcome, sums.c.n, sums.c.p, sums.c.o).join(sums, sums.c.kind_id == k.id)


def _sketch(
    connection: Connection, wanted: Wanted, window: tuple[int, int]
) -> tuple[dict[str, Quantiles | None], dict[str, Quantiles | None]]:
    """By ref: time to first token, and speed. Of a long window its oldest end is left out, up to a whole span."""
    ttfts: dict[str, list[bytes]] = {}
    speeds: dict[str, list[bytes]] = {}
    length = window[1] - window[0]
    least = max((s for s in rollups.SPANS if s * SECOND * COARSE <= length), default=0)
    cut = list(rollups.blocks(*window))
    # What is older than the first whole span is little beside all the others; what is newer counts.
    first = min((b.begin for b in cut if b.span >= least), default=window[0])
    newer = (block for block in cut if block.end > first)
    for ref, ttft, speed in _figures(connection, wanted, newer):
        ttfts.setdefault(ref, []).append(_packed(ttft))
        speeds.setdefault(ref, []).append(_packed(speed))
    return _all_of(ttfts), _all_of(speeds)


def _figures(connection: Connection, wanted: Wanted, blocks: Iterable[Block]) -> Iterator[tuple[str, Any, Any]]:
    """Refs, with times to first token and speeds: as sketches, or of single requests."""
    refs = _refs(connection, wanted)
    t, c, r = request_totals.c, request_rollups.c, requests.c
    have, lack = totals.covered(connection, BY_REF, wanted, blocks)
    for block in have:
        asked = select(t.ref, t.ttft, t.speed).where(totals.within(BY_REF, wanted, block))
        yield from map(tuple, connection.execute(asked).all())
    for block in lack:
        columns = (c.kind_id, c.ttft, c.speed) if block.span else (r.kind_id, r.ttft_ms, r.output_tokens_per_second)
        for kind_id, ttft, speed in connection.execute(select(*columns).where(*_where(wanted, block))).all():
            yield refs[kind_id], ttft, speed


def _all_of(packed: dict[str, list[bytes]]) -> dict[str, Quantiles | None]:
    return {ref: _of_bins(unpack(b"".join(some))) for ref, some in packed.items()}


def _packed(stored: Any) -> bytes:
    """The bins of a sum, or of a single figure."""
    if isinstance(stored, bytes):
        return stored
    return b"" if stored is None else pack({bin_of(float(stored)): 1})


def _where(wanted: Wanted, block: Block) -> list[ColumnElement[bool]]:
    c = request_rollups.c if block.span else requests.c
    return [rollups.within(block), *(() if wanted.all_kinds else (c.kind_id.in_(kinds.chosen(wanted)),))]


def _exact(
    connection: Connection, wanted: Wanted, window: tuple[int, int]
) -> tuple[dict[str, Quantiles | None], dict[str, Quantiles | None]]:
    """By ref: time to first token, and speed, of a few requests, one by one."""
    refs = _refs(connection, wanted)
    r = requests.c
    asked = select(r.kind_id, r.ttft_ms, r.output_tokens_per_second).where(*_where(wanted, Block(0, *window)))
    ttfts: dict[str, list[float]] = {}
    speeds: dict[str, list[float]] = {}
    for kind_id, ttft, speed in connection.execute(asked):
        for figures, figure in ((ttfts, ttft), (speeds, speed)):
            if figure is not None:
                figures.setdefault(refs[kind_id], []).append(float(figure))
    return _at_ranks(ttfts), _at_ranks(speeds)


def _at_ranks(figures: dict[str, list[float]]) -> dict[str, Quantiles | None]:
    """The figures at the nearest ranks."""
    found: dict[str, Quantiles | None] = {}
    for ref, some in figures.items():
        some.sort()
        p50, p95 = (some[(len(some) * percent + 99) // 100 - 1] for percent in (50, 95))
        found[ref] = Quantiles(p50=p50, p95=p95)
    return found


def _refs(connection: Connection, wanted: Wanted) -> dict[int, str]:
    named = select(request_kinds.c.id, request_kinds.c.ref).where(wanted.kinds())
    return {int(kind_id): str(ref) for kind_id, ref in connection.execute(named)}


def _of_bins(bins: Bins) -> Quantiles | None:
    p50, p95 = quantile(bins, 50), quantile(bins, 95)
    return None if p50 is None or p95 is None else Quantiles(p50=round(p50, 2), p95=round(p95, 2))


def _shown(ref: str, model: _Model, ttft: Quantiles | None, speed: Quantiles | None) -> ModelActivity:
    return ModelActivity(
        ref=ref,
        requests=model.outcomes.total(),
        ok=model.outcomes.get("ok", 0),
        prompt_tokens=model.prompt,
        output_tokens=model.output,
        outcomes=dict(model.outcomes),
        ttft_ms=ttft,
        output_tokens_per_second=speed,
    )
