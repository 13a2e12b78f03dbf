"""Opening the database: migrated to the newest revision, a damaged file set aside and told. Blocking; see desk.py."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from boocontrol.core.errors import BooError
from boocontrol.store.engine import make_engine, prepare_file, sqlite_file, writing
from boocontrol.store.faults import Damaged, is_damaged, reported
from boocontrol.store.marks import mark, set_mark
from boocontrol.store.migrate import revision_of, upgrade
from boocontrol.store.rollups import ROLLED, rebuild
from boocontrol.store.salvage import salvage
from boocontrol.store.schema import HEAD

CHECKED_BYTES = 16 * 1024 * 1024
"""A file up to this size is checked from end to end when it is opened; a larger one would delay the start."""


@dataclass(frozen=True)
class Database:
    """An open database. `problems` says, for people, what was found wrong when it was opened.

    `lost` is why this one is only in memory and its file is out of reach, None for all others.
    """

    engine: Engine
    where: str
    problems: tuple[str, ...] = ()
    lost: BooError | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads. Raises BooError."""
        with self._reported(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that may write, alone from its start; undone when the block raises. Raises BooError."""
        with self._reported(), writing(self.engine).begin() as connection:
            yield connection

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            with reported(self.where):
                yield
        except Damaged:
            if (path := sqlite_file(self.engine.url)) is not None:
                with suppress(OSError):
                    _suspicion(path).touch(mode=0o600)
            raise

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: URL, now: Callable[[], float] = time.time) -> Database:
    """Open and migrate. A damaged SQLite file is renamed and a new one made. Raises BooError."""
    path = sqlite_file(url)
    where = str(path) if path else url.render_as_string(hide_password=True)
    if path is not None:
        prepare_file(path)
    engine = make_engine(url)
    try:
        with reported(where):
            problem = _ready(engine, path, now)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, where, (problem,) if problem else ())


def _ready(engine: Engine, path: Path | None, now: Callable[[], float]) -> str | None:
    """Bring the schema to HEAD; what to tell the user, if anything."""
    if path is None:
        _migrate(engine)
        return None
    if _is_sound(engine, path) and _is_current(engine):
        _suspicion(path).unlink(missing_ok=True)
        return None
    # Two processes that start at once must neither both migrate nor both rename.
    with FileLock(f"{path}.lock", mode=0o600):
        problem = None
        if not _is_sound(engine, path):
            kept = _set_aside(engine, path, now)
            _migrate(engine)
            problem = _taken_over(engine, kept)
        _migrate(engine)
        _make_shrinkable(engine, path)
        _suspicion(path).unlink(missing_ok=True)
        return problem


def _is_current(engine: Engine) -> bool:
    with engine.begin() as connection:
        return revision_of(connection) == HEAD and bool(mark(connection, ROLLED))


def _migrate(engine: Engine) -> None:
    with writing(engine).begin() as connection:
        if revision_of(connection) != HEAD:
            upgrade(connection)
        rebuild(connection)


def _make_shrinkable(engine: Engine, path: Path) -> None:
    """A file of before that was possible is made anew once, while it is small enough not to delay the start."""
    with engine.connect() as connection:
        connection.rollback()
        raw = connection.connection.dbapi_connection
        assert raw is not None
        mode = raw.execute("PRAGMA auto_vacuum").fetchone()[0]
        if mode == 0 and path.stat().st_size <= CHECKED_BYTES:
            raw.execute("PRAGMA auto_vacuum=INCREMENTAL")
            raw.execute("VACUUM")


def _suspicion(path: Path) -> Path:
    """A file beside it that says: damage was seen, look at all of it however large it is."""
    return path.with_name(f"{path.name}.suspect")


def _is_sound(engine: Engine, path: Path) -> bool:
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar()
            if path.stat().st_size > CHECKED_BYTES and not _suspicion(path).exists():
                return True
            return connection.execute(text("PRAGMA quick_check(1)")).scalar() == "ok"
    except (DatabaseError, SQLAlchemyError) as e:
        if is_damaged(e):
            return False
        raise


def _taken_over(engine: Engine, kept: Path) -> str:
    """Fill the new database from the old; what to tell the user."""
    with writing(engine).begin() as connection:
        taken = salvage(kept, connection)
        if taken:
            set_mark(connection, ROLLED, 0)
    if not taken:
        return f"The database was damaged. It is kept as {kept}; settings started anew."
    what = f"{taken.get('settings', 0)} settings and {taken.get('requests', 0)} requests were read from it."
    return f"The database was damaged. It is kept as {kept}; {what}"


def _set_aside(engine: Engine, path: Path, now: Callable[[], float]) -> Path:
    engine.dispose()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now()))
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    try:
        for tail in ("", "-wal", "-shm"):
            if Path(f"{path}{tail}").exists():
                os.replace(f"{path}{tail}", f"{kept}{tail}")
    except OSError as e:
        advice = "Move it away yourself, then start again."
        raise BooError(f"The database {path} is damaged and cannot be renamed.", advice, code="database") from e
    prepare_file(path)
    return kept
