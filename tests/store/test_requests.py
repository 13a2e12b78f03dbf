"""The table of requests: added once, paged without gaps, pruned, counted, and there after an upgrade."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from boocontrol.core.activity import ActivityRow
from boocontrol.store.database import Database, open_database
from boocontrol.store.engine import database_url
from boocontrol.store.request_stats import request_stats
from boocontrol.store.requests import RequestsTable
from boocontrol.store.wanted import Wanted, micros

T0 = datetime(2026, 11, 22, 16, 0, 0, 123456, tzinfo=UTC)


def row(number: int, **more: Any) -> ActivityRow:
    values: dict[str, Any] = {
        "id": f"{number:032x}",
        "time": T0 + timedelta(seconds=number),
        "ref": "den/qwen",
        "requested": "den/qwen",
        "provider": "den",
        "endpoint": "/v1/chat/completions",
        "status": 200,
        "outcome": "ok",
        "duration_ms": 10.5,
    }
    return ActivityRow(**{**values, **more})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(database_url(tmp_path, {}))
    yield opened
    opened.close()


@pytest.fixture
def table(database: Database) -> RequestsTable:
    return RequestsTable(database)


def test_a_row_comes_back_as_it_went_in(table: RequestsTable) -> None:
    full = row(
        1,
        streamed=True,
        ttft_ms=1.5,
        prompt_tokens=7,
        output_tokens=8,
        cached_tokens=3,
        prompt_tokens_per_second=100.25,
        output_tokens_per_second=20.5,
        bytes_sent=1 << 40,
        client="opencode/1",
        session="s",
    )
    table.add([full])
    assert table.page(Wanted(), None, 10) == ((full,), 1)


def test_the_same_id_is_stored_once(table: RequestsTable) -> None:
    table.add([row(1), row(2), row(2)])
    table.add([row(2, outcome="cut"), row(3)])
    rows, total = table.page(Wanted(), None, 10)
    assert ([r.id[-1] for r in rows], total) == (["3", "2", "1"], 3)
    assert rows[1].outcome == "ok"


def test_pages_have_no_gaps_also_within_one_moment(table: RequestsTable) -> None:
    made = [row(n, time=T0) for n in range(1, 8)]
    table.add(made)
    seen, before = [], None
    while rows := table.page(Wanted(), before, 3)[0]:
        seen += rows
        before = (micros(rows[-1].time), rows[-1].id)
    assert seen == made[::-1]


def test_filters_are_the_same_in_the_table_and_beside_it(table: RequestsTable) -> None:
    rows = [
        row(1, provider="mac", ref="mac/qwen", requested="any/qwen"),
        row(2, outcome="cut", client="Zed 50%"),
        row(3, endpoint="/v1/embeddings"),
        row(4, time=T0 + timedelta(days=1)),
    ]
    table.add(rows)
    later = T0 + timedelta(hours=1)
    for wanted, ids in {
        Wanted(providers=("mac", "old")): [1],
        Wanted(refs=("any/qwen",)): [1],
        Wanted(outcome="cut"): [2],
        Wanted(client="zED 50%"): [2],
        Wanted(client="5_"): [],
        Wanted(endpoints=("/v1/embeddings",)): [3],
        Wanted(since=later): [4],
        Wanted(until=later, outcome="ok"): [3, 1],
    }.items():
        found, total = table.page(wanted, None, 10)
        assert [int(r.id, 16) for r in found] == ids, wanted
        assert total == len(ids)
        assert {r.id for r in rows if wanted.takes(r)} == {r.id for r in found}


def test_counts_and_quantiles(database: Database, table: RequestsTable) -> None:
    table.add([row(n, ttft_ms=float(n), output_tokens=10, output_tokens_per_second=float(n)) for n in range(1, 101)])
    table.add([row(200, ref="mac/phi", outcome="cut", ttft_ms=7.0), row(900)])
    stats = request_stats(database, Wanted(), T0, T0 + timedelta(seconds=300))
    assert (stats.requests, stats.outcomes) == (101, {"ok": 100, "cut": 1})
    qwen, phi = stats.models
    assert (qwen.ref, qwen.requests, qwen.ok, qwen.output_tokens) == ("den/qwen", 100, 100, 1000)
    assert qwen.ttft_ms is not None and (qwen.ttft_ms.p50, qwen.ttft_ms.p95) == (50, 95)
    assert phi.ttft_ms is not None and (phi.ttft_ms.p50, phi.ttft_ms.p95) == (7, 7)
    assert (phi.ok, phi.output_tokens_per_second) == (0, None)
    assert request_stats(database, Wanted(providers=("x",)), T0, T0).models == ()
