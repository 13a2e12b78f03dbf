"""Sums that follow every change, what is dropped, what an upgrade keeps, and what is left when the file is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from boocontrol.core.errors import BooError
from boocontrol.store import rollups
from boocontrol.store.database import Database, open_database
from boocontrol.store.engine import database_url
from boocontrol.store.fallback import open_anyway
from boocontrol.store.host_rows import Arrival, merge
from boocontrol.store.request_stats import request_stats
from boocontrol.store.requests import RequestsTable
from boocontrol.store.retention import Keep, Retention
from boocontrol.store.schema import request_rollups
from boocontrol.store.settings import SettingsTable
from boocontrol.store.wanted import Wanted

from .test_requests import T0, row


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(database_url(tmp_path, {}))
    yield opened
    opened.close()


def sums(database: Database) -> list[Any]:
    with database.reading() as connection:
        return [tuple(r) for r in connection.execute(select(request_rollups).order_by(*request_rollups.primary_key))]


def test_blocks_cover_a_window_without_gap_or_overlap() -> None:
    for begin, end in ((0, 10**17), (5, 7), (3_599_999_999, 7_200_000_001), (10**15 + 1, 2 * 10**15 + 77)):
        found = sorted(rollups.blocks(begin, end), key=lambda b: b.begin)
        assert found[0].begin == begin and found[-1].end == end
        assert all(a.end == b.begin for a, b in zip(found, found[1:], strict=False))
        assert all(b.begin % (b.span * 10**6) == 0 == b.end % (b.span * 10**6) for b in found if b.span)


def test_counts_by_sums_are_those_of_the_rows(database: Database) -> None:
    made = [
        row(n, time=T0 - timedelta(minutes=37 * n), client=f"c{n % 3}", outcome="ok" if n % 5 else "cut", ttft_ms=n + 1)
        for n in range(4000)
    ]
    table = RequestsTable(database)
    for start in range(0, 4000, 500):
        table.add(made[start : start + 500])
    for since, until in ((None, None), (T0 - timedelta(days=61, seconds=5), None), (None, T0 - timedelta(days=33))):
        for wanted in (Wanted(since=since, until=until), Wanted(client="c1", outcome="cut", since=since, until=until)):
            expected = [r for r in made if wanted.takes(r)]
            found, total = table.page(wanted, None, 7)
            assert (list(found), total) == (expected[:7], len(expected))
    stats = request_stats(database, Wanted(), T0 - timedelta(days=400), T0 + timedelta(days=1))
    (model,) = stats.models
    assert model.requests == 4000 and model.ttft_ms is not None
    assert model.ttft_ms.p50 == pytest.approx(2000, rel=0.06) and model.ttft_ms.p95 == pytest.approx(3800, rel=0.06)


def test_rows_completed_by_their_hosts_change_the_sums(database: Database) -> None:
    RequestsTable(database).add([row(1, duration_ms=1000.0, requested="")])
    theirs = row(9, via="host", client="other", duration_ms=990.0, host_id=4, output_tokens=7, time=T0)
    theirs = theirs.model_copy(update={"time": T0 + timedelta(seconds=1.1)})
    one = Arrival(theirs, 77, frozenset({"den/qwen"}), ("den",))
    assert [r.host_id for r in merge(database, [one]).completed] == [4]
    assert merge(database, [one, one]) == merge(database, [])
    (kept,), total = RequestsTable(database).page(Wanted(), None, 5)
    assert (total, kept.output_tokens, kept.via, kept.host_id) == (1, 7, "gateway", 4)
    before = sums(database)
    with database.writing() as connection:
        connection.execute(text("DELETE FROM marks"))
        rollups.rebuild(connection)
    assert sums(database) == before and {s[5] for s in before} == {7}


def test_what_is_too_old_or_too_much_goes_in_steps(database: Database) -> None:
    table, retention = RequestsTable(database), Retention(database)
    for day in range(20):
        table.add([row(day * 300 + n, time=T0 - timedelta(days=day, seconds=n), session="x" * 900) for n in range(300)])
    steps = 0
    while retention.step(Keep(days=10), T0):
        steps += 1
    found, total = table.page(Wanted(), None, 1)
    assert steps >= 9 and 10 * 300 <= total <= 11 * 300 and found[0].time == T0
    size = retention.size_mb()
    assert size is not None
    while retention.step(Keep(days=10, max_mb=2), T0):
        pass
    left = table.page(Wanted(), None, 1)[1]
    now = retention.size_mb()
    assert now is not None and now <= 2 < size and 0 < left < total
    assert sum(s[3] for s in sums(database) if s[0] == rollups.HOUR) == left


def test_requests_of_before_are_taken_over(tmp_path: Path) -> None:
    open_database(database_url(tmp_path, {})).close()
    path = tmp_path / "boocontrol.db"
    with closing(sqlite3.connect(path)) as raw:
        names = [r[0] for r in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            if name not in ("settings", "alembic_version"):
                raw.execute(f"DROP TABLE {name}")
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
        raw.commit()
        raw.execute("INSERT INTO settings VALUES ('a', '1', '2026-01-01 00:00:00')")
        raw.commit()
    from alembic import command
    from alembic.config import Config

    from boocontrol.store.engine import make_engine, writing
    from boocontrol.store.migrate import SCRIPTS

    engine = make_engine(database_url(tmp_path, {}))
    with writing(engine).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for n in range(3):
            connection.execute(
                text(
                    "INSERT INTO requests VALUES (:id, :t, 'den/q', 'q', 'den', '/v1/x', 200, 'ok', 1, 5.0, 9.0,"
                    " 1, 2, NULL, NULL, 30.0, 10, 'me', '', 'gateway')"
                ),
                {"id": f"{n:032x}", "t": n * 10**9},
            )
    engine.dispose()
    database = open_database(database_url(tmp_path, {}))
    rows, total = RequestsTable(database).page(Wanted(client="me"), None, 2)
    assert (total, [int(r.id, 16) for r in rows]) == (3, [2, 1])
    assert (rows[0].ttft_ms, rows[0].streamed, rows[0].agent) == (5.0, True, "")
    assert SettingsTable(database).read().values == {"a": 1}
    database.close()


def test_a_file_out_of_reach_leaves_memory_and_the_settings(tmp_path: Path) -> None:
    (tmp_path / "boocontrol.db").mkdir()
    database = open_anyway(database_url(tmp_path, {}))
    assert database.problems and database.lost is not None
    RequestsTable(database).add([row(1)])
    assert RequestsTable(database).page(Wanted(), None, 5)[1] == 1
    assert SettingsTable(database).read().values == {"require_key": True}
    with pytest.raises(BooError):
        SettingsTable(database).change(lambda v: {"a": 1})
    database.close()


def test_damage_leaves_what_can_be_read(tmp_path: Path) -> None:
    database = open_database(database_url(tmp_path, {}))
    SettingsTable(database).change(lambda v: {"fast_model": "den/q"})
    RequestsTable(database).add([row(n, session="x" * 200) for n in range(2000)])
    damage(database, tmp_path / "boocontrol.db")
    again = open_database(database_url(tmp_path, {}))
    assert "2000 requests" in again.problems[0] and "1 settings" in again.problems[0]
    assert SettingsTable(again).read().values == {"fast_model": "den/q"}
    assert RequestsTable(again).page(Wanted(), None, 1)[1] == 2000
    again.close()


def test_damage_seen_while_running_is_looked_for_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(database_url(tmp_path, {}))
    RequestsTable(database).add([row(n) for n in range(2000)])
    damage(database, tmp_path / "boocontrol.db")
    monkeypatch.setattr("boocontrol.store.database.CHECKED_BYTES", 0)  # as if it were too large to be checked
    database = open_database(database_url(tmp_path, {}))
    assert database.problems == ()
    with pytest.raises(BooError, match="damaged"):
        RequestsTable(database).page(Wanted(), None, 5)
    database.close()
    assert (tmp_path / "boocontrol.db.suspect").exists()
    again = open_database(database_url(tmp_path, {}))
    assert "2000 requests" in again.problems[0] and not (tmp_path / "boocontrol.db.suspect").exists()
    again.close()


def damage(database: Database, path: Path) -> None:
    """Close it, and scramble one index."""
    with database.reading() as connection:
        root = connection.execute(text("SELECT rootpage FROM sqlite_master WHERE name = 'requests_time'")).scalar()
    database.close()
    data = bytearray(path.read_bytes())
    data[(int(root or 0) - 1) * 4096 : int(root or 0) * 4096] = b"\xff" * 4096
    path.write_bytes(data)
