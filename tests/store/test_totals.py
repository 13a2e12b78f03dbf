"""Totals are a quicker way to the same answer: whatever is asked, whatever came late, whatever was dropped."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from boocontrol.core.activity import ActivityRow
from boocontrol.store import request_stats as stats_module
from boocontrol.store.database import Database, open_database
from boocontrol.store.engine import database_url
from boocontrol.store.request_series import request_series
from boocontrol.store.request_stats import request_stats
from boocontrol.store.requests import RequestsTable
from boocontrol.store.retention import Keep, Retention
from boocontrol.store.schema import request_totals, request_totals_made
from boocontrol.store.wanted import Wanted

from .test_requests import T0, row

DAYS = 75
FOREVER = Keep(days=4000, max_mb=100_000, samples_days=4000)


def some_rows(seed: int, many: int, days: float = DAYS) -> list[ActivityRow]:
    """Rows of some kinds, spread over the days before T0."""
    chance, numbers = random.Random(seed), count(seed * 100_000)
    return [
        row(
            next(numbers),
            time=T0 - timedelta(days=days * chance.random()),
            provider=(provider := chance.choice(("den", "attic"))),
            ref=f"{provider}/m{chance.randrange(4)}",
            outcome=chance.choice(("ok", "ok", "ok", "cut", "client_left")),
            client=chance.choice(("curl", "opencode")),
            via=chance.choice(("gateway", "host")),
            ttft_ms=chance.choice((None, round(chance.lognormvariate(5, 1), 1))),
            output_tokens_per_second=round(chance.lognormvariate(3.5, 0.4), 2),
            prompt_tokens=chance.randrange(1000),
            output_tokens=chance.choice((None, chance.randrange(1000))),
        )
        for _ in range(many)
    ]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, list[ActivityRow]]]:
    database = open_database(database_url(tmp_path_factory.mktemp("totals"), {}))
    rows = some_rows(1, 3000)
    RequestsTable(database).add(rows)
    yield database, rows
    database.close()


def make_all(database: Database, now: datetime = T0) -> int:
    """As the gateway does it, step by step; how many spans have totals then."""
    while Retention(database).step(FOREVER, now):
        pass
    return made(database)


def made(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(request_totals_made)).scalar() or 0)


def forget_all(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(delete(request_totals))
        connection.execute(delete(request_totals_made))


def answers(database: Database, wanted: Wanted, since: datetime, until: datetime) -> tuple[Any, Any]:
    return request_stats(database, wanted, since, until), request_series(database, wanted, since, until, 60, read=20)


WISHES = st.builds(
    Wanted,
    providers=st.sampled_from(((), ("den",), ("den", "attic"), ("nobody",))),
    refs=st.sampled_from(((), (), ("den/m1",))),
    outcome=st.sampled_from((None, None, "ok", "failed", "cut")),
    via=st.sampled_from((None, None, "host", "gateway")),
    client=st.sampled_from((None, None, None, "open")),
    text=st.sampled_from((None, None, None, "m2 curl")),
)


@given(wanted=WISHES, back=st.floats(0.2, DAYS + 5), length=st.floats(0.1, DAYS + 9))
@settings(max_examples=60, deadline=None)
def test_the_quick_answer_is_the_slow_one(
    house: tuple[Database, list[ActivityRow]], wanted: Wanted, back: float, length: float
) -> None:
    database, rows = house
    since = T0 - timedelta(days=back)
    until = since + timedelta(days=length)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stats_module, "EXACT", 20)
        forget_all(database)
        slow = answers(database, wanted, since, until)
        assert make_all(database) > 50
        quick = answers(database, wanted, since, until)
    assert quick == slow
    fitting = [r for r in rows if wanted.takes(r) and since <= r.time < until]
    assert quick[0].requests == len(fitting)
    assert sum(m.output_tokens for m in quick[0].models) == sum(r.output_tokens or 0 for r in fitting)


def test_what_comes_late_takes_totals_away_and_is_in_the_next(tmp_path: Path) -> None:
    database = open_database(database_url(tmp_path, {}))
    RequestsTable(database).add(some_rows(2, 600))
    whole = make_all(database)
    late = some_rows(3, 1)
    RequestsTable(database).add(late)
    assert whole - 4 <= made(database) < whole, "of the spans that it lies in, none else"
    window = (T0 - timedelta(days=DAYS), T0)
    before = answers(database, Wanted(), *window)
    assert before[0].requests == before[1].requests == 601
    make_all(database)
    assert answers(database, Wanted(), *window) == before
    database.close()


def test_what_is_dropped_is_in_no_total(tmp_path: Path) -> None:
    database = open_database(database_url(tmp_path, {}))
    rows = some_rows(4, 800)
    RequestsTable(database).add(rows)
    make_all(database)
    keep = Keep(days=20, max_mb=100_000, samples_days=20)
    while Retention(database).step(keep, T0):
        pass
    hour = (T0 - timedelta(days=20)).replace(minute=0, second=0, microsecond=0)
    stats, series = answers(database, Wanted(), T0 - timedelta(days=DAYS), T0)
    assert stats.requests == series.requests == len([r for r in rows if r.time >= hour])
    with database.reading() as connection:
        first = connection.execute(select(func.min(request_totals.c.start))).scalar()
    assert first is not None and first >= hour.timestamp()
    database.close()
