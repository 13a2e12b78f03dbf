"""Opening a database: private, migrated, and never stuck on a damaged file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from boocontrol.core.errors import BooError
from boocontrol.store.database import open_database
from boocontrol.store.desk import Desk
from boocontrol.store.engine import database_url
from boocontrol.store.schema import HEAD, metadata
from boocontrol.store.settings import SettingsTable


def test_a_new_database_is_at_the_newest_revision(tmp_path: Path) -> None:
    database = open_database(database_url(tmp_path / "data", {}))
    with database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        made = {name: {c["name"] for c in inspect(connection).get_columns(name)} for name in metadata.tables}
    database.close()
    assert made == {name: set(table.columns.keys()) for name, table in metadata.tables.items()}
    assert database.problems == ()


def test_sqlite_is_set_up_for_two_processes(tmp_path: Path) -> None:
    database = open_database(database_url(tmp_path, {}))
    with database.reading() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
    database.close()
    assert found == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "busy_timeout": 5000, "foreign_keys": 1}


@pytest.mark.skipif(os.name != "posix", reason="mode bits")
def test_file_and_folder_are_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "boocontrol.db"
    open_database(database_url(path.parent, {})).close()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.chmod(0o644)
    open_database(database_url(path.parent, {})).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_alembic_stays_out_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    open_database(database_url(tmp_path, {})).close()
    code = (
        "import sys, pathlib\n"
        "from boocontrol.store.engine import database_url\n"
        "from boocontrol.store.database import open_database\n"
        "open_database(database_url(pathlib.Path(sys.argv[1]), {})).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 0


@pytest.mark.parametrize("content", [b"no database at all " * 500, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_file_is_kept_aside_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "boocontrol.db"
    path.write_bytes(content)
    database = open_database(database_url(tmp_path, {}), now=lambda: 0.0)
    assert SettingsTable(database).read().values == {}
    database.close()
    kept = tmp_path / "boocontrol.db.damaged-19700101-000000"
    assert kept.read_bytes() == content
    assert str(kept) in database.problems[0]


def test_damage_deep_in_the_file_is_found(tmp_path: Path) -> None:
    database = open_database(database_url(tmp_path, {}))
    SettingsTable(database).change(lambda v: {f"key{i}": "x" * 500 for i in range(200)})
    database.close()
    path = tmp_path / "boocontrol.db"
    data = bytearray(path.read_bytes())
    data[4096 * 4 :] = b"\x00" * (len(data) - 4096 * 4)
    path.write_bytes(data)
    again = open_database(database_url(tmp_path, {}))
    again.close()
    assert again.problems


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    open_database(database_url(tmp_path, {})).close()
    with sqlite3.connect(tmp_path / "boocontrol.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = 'fa57'")
    raw.close()
    before = (tmp_path / "boocontrol.db").read_bytes()
    with pytest.raises(BooError, match="another version"):
        open_database(database_url(tmp_path, {}))
    assert (tmp_path / "boocontrol.db").read_bytes() == before


def test_the_url_may_be_named_and_never_shows_its_password(tmp_path: Path) -> None:
    named = {"BOOCONTROL_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    open_database(database_url(tmp_path / "data", named)).close()
    assert (tmp_path / "other.db").exists()
    with pytest.raises(BooError, match="is no database URL"):
        database_url(tmp_path, {"BOOCONTROL_DATABASE_URL": "nonsense"})
    missing = {"BOOCONTROL_DATABASE_URL": "postgresql+psycopg://me:hunter22@box/boo"}
    with pytest.raises(BooError, match="driver") as caught:
        open_database(database_url(tmp_path, missing))
    assert "hunter22" not in str(caught.value)


def test_a_folder_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BooError) as caught:
        open_database(database_url(tmp_path / "file" / "data", {}))
    assert caught.value.code == "database"
    assert caught.value.advice


def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path) -> None:
    database = open_database(database_url(tmp_path, {}))
    table = SettingsTable(database)
    table.change(lambda v: {"a": 1})
    with database.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        # The limit belongs to the connection, which the pool hands out again.
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(BooError, match="the disk is full"):
        table.change(lambda v: {**v, "b": "x" * 100_000})
    assert table.read().values == {"a": 1}
    database.close()


def test_a_read_only_database_is_told(tmp_path: Path) -> None:
    database = open_database(database_url(tmp_path, {}))
    with database.reading() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(BooError, match="read-only"):
        SettingsTable(database).change(lambda v: {"a": 1})
    database.close()


async def test_the_desk_works_in_one_thread_also_in_memory() -> None:
    desk = Desk()
    database = await desk.open(database_url(Path(), {"BOOCONTROL_DATABASE_URL": "sqlite://"}))
    table = SettingsTable(database)
    await desk.run(table.change, lambda v: {"a": 1})
    assert (await desk.run(table.read)).values == {"a": 1}
    await desk.close()
