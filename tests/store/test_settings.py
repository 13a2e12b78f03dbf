"""The table of settings: whole changes, compared first, from any number of processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from boocontrol.core.errors import BadInput, Stale
from boocontrol.store.database import Database, open_database
from boocontrol.store.engine import database_url
from boocontrol.store.schema import settings
from boocontrol.store.settings import SettingsTable


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(database_url(tmp_path, {}))
    yield opened
    opened.close()


def test_what_is_written_is_read_with_the_same_tag(database: Database) -> None:
    table = SettingsTable(database)
    values = {"favorite_models": ["den/q", "ü 🦙"], "n": 1.5, "other": {"deep": [None, True]}}
    written = table.change(lambda v: values)
    assert table.read() == written
    assert dict(written.values) == values


def test_the_tag_names_the_content_not_the_time(database: Database) -> None:
    table = SettingsTable(database)
    first = table.change(lambda v: {"a": 1, "b": 2}).etag
    assert table.change(lambda v: {"a": 1}).etag != first
    assert table.change(lambda v: {"b": 2, "a": 1}).etag == first


def test_an_outdated_writer_writes_nothing(database: Database) -> None:
    table = SettingsTable(database)
    old = table.read().etag
    table.change(lambda v: {"a": 1})
    with pytest.raises(Stale):
        table.change(lambda v: {"a": 2}, lambda etag: etag == old)
    assert table.read().values == {"a": 1}


def test_an_edit_that_raises_writes_nothing(database: Database) -> None:
    table = SettingsTable(database)

    def refuse(values: object) -> dict[str, object]:
        raise BadInput("no")

    with pytest.raises(BadInput):
        table.change(refuse)
    assert table.read().values == {}


def test_only_rows_that_changed_get_a_new_time(database: Database) -> None:
    times = iter([datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)])
    table = SettingsTable(database, lambda: next(times))
    table.change(lambda v: {"a": 1, "b": 1, "c": 1})
    table.change(lambda v: {"a": 1, "b": 2})
    with database.reading() as connection:
        rows = {key: at for key, at in connection.execute(select(settings.c.key, settings.c.updated_at))}
    assert {key: at.day for key, at in rows.items()} == {"a": 1, "b": 2}


WRITER = """
import sys, pathlib
from boocontrol.core.errors import Stale
from boocontrol.store.engine import database_url
from boocontrol.store.database import open_database
from boocontrol.store.settings import SettingsTable
folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
table = SettingsTable(open_database(database_url(folder, {})))
for number in range(40):
    while True:
        seen = table.read()
        after = {**seen.values, "list": [*seen.values.get("list", []), f"{name}{number}"]}
        try:
            table.change(lambda v: after, lambda etag: etag == seen.etag)
            break
        except Stale:
            pass
"""


def test_two_processes_never_undo_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [w.wait(60) for w in writers] == [0, 0]
    database = open_database(database_url(tmp_path, {}))
    found = SettingsTable(database).read().values["list"]
    database.close()
    assert sorted(found) == sorted(f"{name}{number}" for name in "ab" for number in range(40))
    assert [x for x in found if x[0] == "a"] == [f"a{n}" for n in range(40)]
