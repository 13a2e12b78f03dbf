"""The SQLAlchemy engine: which database, how SQLite is set up, and transactions that begin as said."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from boocontrol.core.errors import BooError
from boocontrol.store.faults import Unusable

BUSY_TIMEOUT_MS: Final = 5000
CACHE_KIB: Final = 8192
WAL_BYTES: Final = 32 * 1024 * 1024
VARIABLE: Final = "BOOCONTROL_DATABASE_URL"


def database_url(data_dir: Path, environ: Mapping[str, str] = os.environ) -> URL:
    """`BOOCONTROL_DATABASE_URL`, else boocontrol.db in the data folder. Raises BooError for what is no such URL."""
    named = environ.get(VARIABLE, "").strip()
    if not named:
        return URL.create("sqlite", database=str(data_dir / "boocontrol.db"))
    try:
        return make_url(named)
    except ArgumentError:
        advice = "Write it as SQLAlchemy does, such as postgresql+psycopg://user:password@host/name."
        raise BooError(f"{VARIABLE} is no database URL.", advice, code="database") from None


def sqlite_file(url: URL) -> Path | None:
    """The file behind the URL, None for another database or one in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def make_engine(url: URL) -> Engine:
    """An engine for the URL. Raises BooError when the driver is not installed."""
    options: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite" and sqlite_file(url) is None:
        # Each thread would have a memory of its own.
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    try:
        engine = create_engine(url, **options)
    except (ImportError, NoSuchModuleError, ArgumentError) as e:
        shown = url.render_as_string(hide_password=True)
        raise BooError(
            f"The database {shown} needs a driver that is not installed.",
            f"Install the Python package for {url.drivername}, or unset {VARIABLE}.",
            code="database",
        ) from e
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """The engine whose transactions see what they compare: SQLite's write lock from the start, else serializable."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(begin="BEGIN IMMEDIATE")
    return engine.execution_options(isolation_level="SERIALIZABLE")


def prepare_file(path: Path) -> None:
    """Make folder and file private before SQLite opens them (its own mode is the umask's). Raises BooError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as e:
        why = (e.strerror or type(e).__name__).lower()
        advice = "Check the folder, its permissions and the free space, or name another one (--data-dir)."
        raise Unusable(f"The database {path} cannot be used: {why}.", advice, code="database") from e
    with suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def _set_up(connection: Any, _record: object) -> None:
    # The driver's own idea of when to begin would start transactions late and without the write lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    # Only a new file takes it up; an older one is made anew once, when it is opened.
    if not cursor.execute("PRAGMA page_count").fetchone()[0]:
        cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute(f"PRAGMA journal_size_limit={WAL_BYTES}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(str(connection.get_execution_options().get("begin", "BEGIN")))
