"""Figures over time: whole and in pieces, filtered, and bounded however many requests there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from boocontrol.core.activity import ActivityRow, Quantiles
from boocontrol.store.database import Database, open_database
from boocontrol.store.engine import database_url
from boocontrol.store.request_series import request_series
from boocontrol.store.requests import RequestsTable
from boocontrol.store.wanted import Wanted

T0 = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(number: int, minutes: float, **more: Any) -> ActivityRow:
    values: dict[str, Any] = {
        "id": f"{number:032x}",
        "time": T0 + timedelta(minutes=minutes),
        "ref": "den/qwen",
        "provider": "den",
        "endpoint": "/v1/chat/completions",
        "outcome": "ok",
        "duration_ms": 10.5,
    }
    return ActivityRow(**{**values, **more})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(database_url(tmp_path, {}))
    yield opened
    opened.close()


def test_nothing_is_no_figure(database: Database) -> None:
    series = request_series(database, Wanted(), T0, T0 + HOUR, 60)
    assert (series.requests, series.failed, series.points, series.ttft_ms) == (0, 0, (), None)
    assert not series.cut and series.counted_since == T0 and series.step_s == 60


def test_pieces_and_the_whole(database: Database) -> None:
    rows = [row(n, 10 + n / 1000, ttft_ms=float(n), prompt_tokens=10, output_tokens=2) for n in range(1, 21)]
    rows += [row(30, 40.5, outcome="cut", output_tokens_per_second=50.0), row(31, 41, outcome="client_left")]
    rows += [row(32, 59.999, outcome="cancelled"), row(33, -0.001), row(34, 60)]
    RequestsTable(database).add(rows)
    series = request_series(database, Wanted(), T0, T0 + HOUR, 6)
    assert (series.requests, series.failed, series.prompt_tokens, series.output_tokens) == (23, 1, 200, 40)
    assert series.ttft_ms == Quantiles(p50=10, p95=19)
    assert series.output_tokens_per_second == Quantiles(p50=50, p95=50)
    told = [((p.at - T0) / timedelta(minutes=1), p.requests, p.failed) for p in series.points]
    assert told == [(10, 20, 0), (40, 2, 1), (50, 1, 0)]
    assert series.points[0].ttft_ms == series.ttft_ms and series.points[1].ttft_ms is None


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(providers=("mac",)), 1),
        (Wanted(refs=("den/qwen",)), 2),
        (Wanted(outcome="failed"), 1),
        (Wanted(via="host"), 1),
        (Wanted(text="QWEN den"), 2),
        (Wanted(text="qwen 100%"), 0),
        (Wanted(client="code"), 1),
    ],
)
def test_it_counts_what_is_wanted(database: Database, wanted: Wanted, count: int) -> None:
    other = row(3, 3, ref="mac/phi", provider="mac", via="host", client="opencode")
    RequestsTable(database).add([row(1, 1), row(2, 2, outcome="upstream_failed"), other])
    series = request_series(database, wanted, T0, T0 + HOUR, 60)
    assert series.requests == sum(p.requests for p in series.points) == count
    page, total = RequestsTable(database).page(wanted, None, 10)
    assert total == count and all(wanted.takes(r) for r in page)


def test_of_very_many_in_a_short_time_only_the_newest_are_read(database: Database) -> None:
    RequestsTable(database).add([row(n, n, outcome="ok" if n % 2 else "cut") for n in range(50)])
    series = request_series(database, Wanted(), T0, T0 + HOUR, 60, read=10)
    assert series.cut and series.requests == 10
    assert series.counted_since - T0 == timedelta(minutes=39, microseconds=1)
    assert min(p.at for p in series.points) == T0 + timedelta(minutes=40)
    assert request_series(database, Wanted(outcome="cut"), T0, T0 + HOUR, 60, read=10).requests == 5
    assert not request_series(database, Wanted(), T0, T0 + HOUR, 60, read=50).cut


def test_long_windows_are_read_from_the_sums(database: Database) -> None:
    """The same figures as from the rows, but for quantiles, which are those of a sketch."""
    rows = [row(n, n * 30, outcome="cut" if n % 3 == 0 else "ok", ttft_ms=float(n), prompt_tokens=2) for n in range(96)]
    RequestsTable(database).add(rows)
    two_days = (T0, T0 + timedelta(days=2))
    exact = request_series(database, Wanted(), *two_days, 48)
    summed = request_series(database, Wanted(), *two_days, 48, read=10)
    assert not summed.cut and summed.counted_since == T0
    for told in (exact, summed):
        assert (told.requests, told.failed, told.prompt_tokens, len(told.points)) == (96, 32, 192, 48)
        assert [(p.at, p.requests, p.failed) for p in told.points] == [
            (p.at, p.requests, p.failed) for p in exact.points
        ]
    assert exact.ttft_ms is not None and summed.ttft_ms is not None
    assert summed.ttft_ms.p50 == pytest.approx(exact.ttft_ms.p50, rel=0.05)
    assert request_series(database, Wanted(outcome="failed"), *two_days, 12, read=10).requests == 32
    late = request_series(database, Wanted(), T0 + timedelta(minutes=45), T0 + timedelta(days=2), 48, read=10)
    assert late.requests == 94 and late.points[0].at == T0 + timedelta(hours=1), "no piece from before the window"
