"""What is too old, or too much, goes: an hour of it at a time, so that nobody waits for long. Blocking.

And of what stays the totals are made, as slowly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, select

from boocontrol.store import totals
from boocontrol.store.database import Database
from boocontrol.store.marks import mark, set_mark
from boocontrol.store.rollups import HOUR, KEPT_FROM, SECOND, drop_before
from boocontrol.store.samples import SamplesTable
from boocontrol.store.schema import health_checks, host_samples, request_kinds, request_rollups, requests
from boocontrol.store.story import ChecksTable, StoryTable
from boocontrol.store.wanted import micros

MB: Final = 1 << 20
ENOUGH: Final = 0.95
"""A database that grew too large is brought down to this part of the limit."""
_ROWS: Final = 5000
_PAGES: Final = 2000


@dataclass(frozen=True)
class Keep:
    """How long (days), and how much (MiB), is kept."""

    days: int = 365
    max_mb: int = 1024
    samples_days: int = 30


class Retention:
    """Prunes one database, step by step. Every call blocks and may raise BooError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shrinking = False

    def step(self, keep: Keep, now: datetime) -> bool:
        """Drop a part of what must go, or else make some totals; True while there is more to do. A step takes some
        ten milliseconds."""
        old = now - timedelta(days=keep.days)
        with self._database.writing() as connection:
            if _prune(connection, micros(old)):
                return True
        if self._prune_others(keep, old, now):
            return True
        if self._is_too_large(keep.max_mb):
            with self._database.writing() as connection:
                if _drop_oldest(connection):
                    return True
        self._shrinking = False
        with self._database.writing() as connection:
            if totals.make(connection, int(now.timestamp())):
                return True
        return self._give_back()

    def size_mb(self) -> float | None:
        """What the content takes, space that is free within the file left out; None for another database."""
        with self._database.reading() as connection:
            if connection.dialect.name != "sqlite":
                return None
            pages, free, size = (
                int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
                for name in ("page_count", "freelist_count", "page_size")
            )
        return (pages - free) * size / MB

    def _is_too_large(self, most: float) -> bool:
        size = self.size_mb()
        if size is None:
            return False
        self._shrinking = size > (most * ENOUGH if self._shrinking else most)
        return self._shrinking

    def _prune_others(self, keep: Keep, old: datetime, now: datetime) -> int:
        raw = max(old, now - timedelta(days=keep.samples_days))
        samples = SamplesTable(self._database).prune(raw, old)
        return samples or StoryTable(self._database).prune(old) or ChecksTable(self._database).prune(old)

    def _give_back(self) -> bool:
        """Give free pages back to the disk, some at a time."""
        with self._database.writing() as connection:
            if connection.dialect.name != "sqlite":
                return False
            free = int(connection.exec_driver_sql("PRAGMA freelist_count").scalar() or 0)
            mode = int(connection.exec_driver_sql("PRAGMA auto_vacuum").scalar() or 0)
            if mode == 2 and free > _PAGES:  # what is about to be filled again may stay
                connection.exec_driver_sql(f"PRAGMA incremental_vacuum({_PAGES})").all()
                return True
        return False


def _prune(connection: Connection, before: int) -> bool:
    """Drop requests of before this time (unix microseconds), some at a time. True when there were any."""
    oldest = _oldest(connection)
    if oldest is None or oldest >= before // (HOUR * SECOND) * HOUR * SECOND:
        return False
    _drop_until(connection, min(before, oldest + HOUR * SECOND) // (HOUR * SECOND) * HOUR)
    return True


def _drop_oldest(connection: Connection) -> bool:
    """Drop the oldest hour of what there is much of. False when nothing is left to drop."""
    oldest = _oldest(connection)
    if oldest is not None:
        return _drop_until(connection, oldest // (HOUR * SECOND) * HOUR + HOUR)
    c = host_samples.c
    first = connection.execute(select(func.min(c.at)).where(c.span == 0)).scalar()
    if first is None:
        return False
    connection.execute(delete(host_samples).where(c.span == 0, c.at < first + 24 * HOUR))
    return True


def _drop_until(connection: Connection, second: int) -> bool:
    """Drop requests, their sums and the measurements of that time, until a full hour; a crowded one in parts."""
    limit, c = second * SECOND, requests.c
    old = select(c.seq).where(c.time_us < limit).order_by(c.time_us).limit(_ROWS)
    # The sums of a time are not asked any more once it is not kept: they may go before their rows do.
    set_mark(connection, KEPT_FROM, max(limit, mark(connection, KEPT_FROM)))
    connection.execute(delete(requests).where(c.seq.in_(old.scalar_subquery())))
    drop_before(connection, second)
    connection.execute(delete(health_checks).where(health_checks.c.at_us < limit))
    if second % (24 * HOUR) == 0:
        used = select(request_rollups.c.kind_id).where(request_rollups.c.span == HOUR)
        connection.execute(delete(request_kinds).where(request_kinds.c.id.not_in(used)))
    return True


def _oldest(connection: Connection) -> int | None:
    found = connection.execute(select(func.min(requests.c.time_us))).scalar()
    return None if found is None else int(found)
