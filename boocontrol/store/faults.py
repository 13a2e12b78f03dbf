"""Faults of the database in words. The foreign text stays in the log: it may hold values."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from boocontrol.core.errors import BooError

log = logging.getLogger(__name__)

_SQLITE = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space; nothing was changed."),
    sqlite3.SQLITE_READONLY: ("it is read-only", "Make the file and its folder writable; nothing was changed."),
    sqlite3.SQLITE_PERM: ("permission is denied", "Check the permissions of the file and its folder."),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Check the folder, its permissions and the free space."),
    sqlite3.SQLITE_BUSY: ("another program keeps it locked", "Try again; close programs that have it open."),
    sqlite3.SQLITE_LOCKED: ("another program keeps it locked", "Try again; close programs that have it open."),
    sqlite3.SQLITE_IOERR: ("the disk reports an error", "Check the disk and the free space."),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", "Restart the gateway: it sets the file aside and makes a new one."),
    sqlite3.SQLITE_NOTADB: ("it is damaged", "Restart the gateway: it sets the file aside and makes a new one."),
}
_OUT_OF_REACH = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_BUSY,
)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Unusable(BooError):
    """The file cannot be opened or written; a gateway can go on without it."""


class Damaged(BooError):
    """The file itself is broken."""


@contextmanager
def reported(where: str) -> Iterator[None]:
    """Inside, what SQLAlchemy raises becomes a BooError (code `database`) that names the database."""
    try:
        yield
    except SQLAlchemyError as e:
        raise told(e, where) from e


def told(error: SQLAlchemyError, where: str) -> BooError:
    """The fault as a person must be told it."""
    log.warning("database fault: %s (%s)", type(error).__name__, code_of(error))
    default = ("it does not answer", "Look at the gateway's log; nothing was changed.")
    why, advice = _SQLITE.get(code_of(error) or 0, default)
    code = code_of(error)
    kind = Unusable if code in _OUT_OF_REACH else Damaged if code in _DAMAGED else BooError
    return kind(f"The database {where} cannot be used: {why}.", advice, code="database")


def code_of(error: SQLAlchemyError) -> int | None:
    """SQLite's primary result code, None for other databases."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    code = getattr(origin, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


def is_damaged(error: SQLAlchemyError) -> bool:
    """True when the file itself is broken, not merely out of reach."""
    return code_of(error) in _DAMAGED
