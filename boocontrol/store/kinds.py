"""Kinds of requests: what many rows have in common, stored once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, func, insert, not_, select

from boocontrol.core.activity import ActivityRow
from boocontrol.store.schema import request_kinds
from boocontrol.store.wanted import Wanted

NAMES: Final = ("provider", "ref", "requested", "endpoint", "status", "outcome", "streamed", "client", "agent", "via")


def ids_of(connection: Connection, rows: Sequence[ActivityRow]) -> list[int]:
    """The id of each row's kind; new kinds are stored."""
    digests = [_digest(row) for row in rows]
    known = _known(connection, list(dict.fromkeys(digests)))
    fresh = {d: row for d, row in zip(digests, rows, strict=True) if d not in known}
    if fresh:
        last = connection.execute(select(func.coalesce(func.max(request_kinds.c.id), 0))).scalar_one()
        made = [{"id": last + n, "digest": d, **_values(row)} for n, (d, row) in enumerate(fresh.items(), 1)]
        connection.execute(insert(request_kinds), made)
        known |= {str(m["digest"]): int(m["id"]) for m in made}
    return [known[d] for d in digests]


def simplest(connection: Connection, wanted: Wanted) -> Wanted:
    """The same wish without conditions that every kind meets: what is asked of all is answered soonest."""
    if not wanted.all_kinds:
        others = select(request_kinds.c.id).where(not_(wanted.kinds())).limit(1)
        if connection.execute(others).first() is None:
            return Wanted(since=wanted.since, until=wanted.until)
    return wanted


def chosen(wanted: Wanted) -> Select[tuple[int]]:
    """The ids of the kinds that are wanted."""
    return select(request_kinds.c.id).where(wanted.kinds())


def _known(connection: Connection, digests: list[str]) -> dict[str, int]:
    c = request_kinds.c
    found: dict[str, int] = {}
    for begin in range(0, len(digests), 500):
        some = c.digest.in_(digests[begin : begin + 500])
        found |= {str(d): int(i) for d, i in connection.execute(select(c.digest, c.id).where(some))}
    return found


def _values(row: ActivityRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NAMES}


def _digest(row: ActivityRow) -> str:
    return hashlib.blake2b(json.dumps(list(_values(row).values())).encode(), digest_size=16).hexdigest()
