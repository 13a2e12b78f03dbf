"""What can still be read of a damaged SQLite file goes into the new one: settings first, then the history."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import SQLAlchemyError

from boocontrol.store import schema

log = logging.getLogger(__name__)

# The sums are made anew from the requests.
TABLES: Final = (schema.settings, schema.request_kinds, schema.requests, schema.model_events)
WHOLE: Final = (schema.host_samples, schema.health_checks)
_AT_ONCE: Final = 200
_FAR: Final = 50_000_000


def salvage(damaged: Path, connection: Connection) -> dict[str, int]:
    """Take over what is readable; how many rows of each table that was. Raises nothing for what is not."""
    taken: dict[str, int] = {}
    try:
        with closing(sqlite3.connect(f"file:{damaged}?mode=ro", uri=True)) as old:
            old.row_factory = sqlite3.Row
            for table in (*TABLES, *WHOLE):
                taken[table.name] = _take(table, old, connection)
    except sqlite3.Error as e:
        log.warning("nothing can be read of %s: %s", damaged, type(e).__name__)
    return {name: count for name, count in taken.items() if count}


def _take(table: Table, old: sqlite3.Connection, connection: Connection) -> int:
    count = 0
    for rows in _pieces(table.name, old, by_number=table not in WHOLE):
        try:
            with connection.begin_nested():
                values = [{c.name: _value(table, c.name, row[c.name]) for c in table.columns} for row in rows]
                connection.execute(insert(table).prefix_with("OR IGNORE"), values)
                count += len(values)
        except (SQLAlchemyError, IndexError, ValueError, TypeError):
            continue  # rows of another shape, or scrambled ones
    return count


def _value(table: Table, name: str, value: Any) -> Any:
    """As SQLAlchemy takes it: it reads JSON and times itself."""
    if table is schema.settings and name == "value":
        from json import loads

        return loads(value)
    if name == "updated_at":
        from datetime import UTC, datetime

        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if name == "streamed":
        return bool(value)
    return value


def _pieces(name: str, old: sqlite3.Connection, *, by_number: bool) -> Iterator[list[sqlite3.Row]]:
    """Readable rows; a damaged stretch is stepped over, ever wider."""
    last, step = 0, _AT_ONCE
    while last < _FAR * 4:
        try:
            if not by_number:
                yield from _run(old.execute(f"SELECT * FROM {name}"))
                return
            rows = old.execute(
                f"SELECT rowid AS _n, * FROM {name} WHERE rowid > ? ORDER BY rowid LIMIT {_AT_ONCE}",
                (last,),
            ).fetchall()
            if not rows:
                return
            last, step = rows[-1]["_n"], _AT_ONCE
            yield rows
        except sqlite3.Error:
            if not by_number or step > _FAR:
                return
            last, step = last + step, step * 2


def _run(cursor: sqlite3.Cursor) -> Iterator[list[sqlite3.Row]]:
    while rows := cursor.fetchmany(_AT_ONCE):
        yield rows
