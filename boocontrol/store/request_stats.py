"""Counts and quantiles over the table of requests, computed by the database: it does so without Python's lock."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from boocontrol.core.activity import ActivityStats, ModelActivity, Quantiles
from boocontrol.store.database import Database
from boocontrol.store.requests import Wanted, conditions
from boocontrol.store.schema import requests

MOST_MODELS = 1000


def request_stats(database: Database, wanted: Wanted, since: datetime, until: datetime) -> ActivityStats:
    """What the requests of a window did, by model. Blocking; raises BooError."""
    where = conditions(replace(wanted, since=since, until=until))
    with database.reading() as connection:
        counts = _counts(connection, where)
        ttft = _quantiles(connection, where, requests.c.ttft_ms)
        speed = _quantiles(connection, where, requests.c.output_tokens_per_second)
    models: dict[str, list[Any]] = {}
    outcomes: Counter[str] = Counter()
    for row in counts:
        models.setdefault(row.ref, []).append(row)
        outcomes[row.outcome] += row.requests
    made = [_model(ref, rows, ttft.get(ref), speed.get(ref)) for ref, rows in models.items()]
    made.sort(key=lambda m: (-m.requests, m.ref))
    return ActivityStats(
        since=since, until=until, requests=outcomes.total(), outcomes=dict(outcomes), models=tuple(made[:MOST_MODELS])
    )


def _model(ref: str, rows: list[Any], ttft: Quantiles | None, speed: Quantiles | None) -> ModelActivity:
    outcomes = {row.outcome: int(row.requests) for row in rows}
    return ModelActivity(
        ref=ref,
        requests=sum(outcomes.values()),
        ok=outcomes.get("ok", 0),
        prompt_tokens=sum(int(row.prompt or 0) for row in rows),
        output_tokens=sum(int(row.output or 0) for row in rows),
        outcomes=outcomes,
        ttft_ms=ttft,
        output_tokens_per_second=speed,
    )


def _counts(connection: Connection, where: ColumnElement[bool]) -> list[Any]:
    c = requests.c
    sums = (func.sum(c.prompt_tokens).label("prompt"), func.sum(c.output_tokens).label("output"))
    columns = (c.ref, c.outcome, func.count().label("requests"), *sums)
    return list(connection.execute(select(*columns).where(where).group_by(c.ref, c.outcome)).all())


def _quantiles(
    connection: Connection, where: ColumnElement[bool], column: ColumnElement[float]
) -> dict[str, Quantiles]:
    """By ref: the values at the nearest ranks."""
    ref = requests.c.ref
    ranked = (
        select(
            ref.label("ref"),
            column.label("value"),
            func.row_number().over(partition_by=ref, order_by=column).label("rank"),
            func.count().over(partition_by=ref).label("count"),
        )
        .where(where, column.is_not(None))
        .subquery()
    )
    p50, p95 = ((ranked.c.count * percent + 99) // 100 for percent in (50, 95))
    wanted = select(ranked.c.ref, ranked.c.value).where(or_(ranked.c.rank == p50, ranked.c.rank == p95))
    found: dict[str, list[float]] = {}
    for name, value in connection.execute(wanted):
        found.setdefault(name, []).append(float(value))
    return {name: Quantiles(p50=min(values), p95=max(values)) for name, values in found.items()}
