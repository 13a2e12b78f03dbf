"""Whole numbers that the database remembers of itself."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from boocontrol.store.schema import marks


def mark(connection: Connection, name: str) -> int:
    """The number; 0 when none was set."""
    return int(connection.execute(select(marks.c.value).where(marks.c.name == name)).scalar() or 0)


def set_mark(connection: Connection, name: str, value: int) -> None:
    """Set it."""
    connection.execute(delete(marks).where(marks.c.name == name))
    connection.execute(insert(marks), [{"name": name, "value": value}])
