"""The table of settings: read whole, changed whole inside one transaction that compares first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from boocontrol.core.errors import Stale
from boocontrol.store.database import Database
from boocontrol.store.schema import settings

Json = Any


@dataclass(frozen=True)
class Stored:
    """What is stored, and the tag that names just this content."""

    values: Mapping[str, Json]
    etag: str


class SettingsTable:
    """Settings of one database. Every call blocks; two processes may use the same table."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def read(self) -> Stored:
        """Everything stored. Raises BooError."""
        with self._database.reading() as connection:
            return _read(connection)

    def change(
        self,
        edit: Callable[[Mapping[str, Json]], Mapping[str, Json]],
        expected: Callable[[str], bool] = lambda etag: True,
    ) -> Stored:
        """Replace what is stored by what `edit` makes of it, and return it.

        Raises Stale, and writes nothing, when `expected` says no to the present tag, and BooError when there is no
        file to write to. What `edit` raises undoes all.
        """
        if self._database.lost is not None:
            raise self._database.lost
        with self._database.writing() as connection:
            before = _read(connection)
            if not expected(before.etag):
                raise Stale("The settings changed since they were read.", "Read them again and repeat the change.")
            after = dict(edit(before.values))
            self._write(connection, before.values, after)
            return Stored(after, etag_of(after))

    def _write(self, connection: Connection, before: Mapping[str, Json], after: Mapping[str, Json]) -> None:
        now = self._now()
        for key in before.keys() - after.keys():
            connection.execute(delete(settings).where(settings.c.key == key))
        for key, value in after.items():
            if key not in before:
                connection.execute(insert(settings).values(key=key, value=value, updated_at=now))
            elif _text(before[key]) != _text(value):
                row = update(settings).where(settings.c.key == key)
                connection.execute(row.values(value=value, updated_at=now))


def etag_of(values: Mapping[str, Json]) -> str:
    """The HTTP entity tag of settings: a digest of their content, so that it is the same in every process."""
    return f'"{hashlib.sha256(_text(values).encode()).hexdigest()[:20]}"'


def _read(connection: Connection) -> Stored:
    rows = connection.execute(select(settings.c.key, settings.c.value).order_by(settings.c.key))
    values = {str(key): value for key, value in rows}
    return Stored(values, etag_of(values))


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True)
