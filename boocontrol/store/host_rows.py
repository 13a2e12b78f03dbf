"""Hosts' own rows come in: each completes the row of the request that this gateway forwarded, or becomes one itself.

The same request is seen from two sides, with two clocks. It is the same when path and model fit, the times lie
within each other, and the tokens, where both sides told them, are equal; of several that fit the closest is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from boocontrol.core.activity import ActivityRow
from boocontrol.store.database import Database
from boocontrol.store.marks import mark
from boocontrol.store.requests import add_rows, replace_rows, rows_of
from boocontrol.store.rollups import KEPT_FROM
from boocontrol.store.schema import request_kinds, requests
from boocontrol.store.wanted import micros, moment

NEAR_S: Final = 3.0
"""Hosts tell whole seconds, and clocks are compared to a second."""
NEAR_WHEN_SURE_S: Final = 10.0
"""A large body takes its time to get up; equal tokens make up for it."""
_AT_ONCE: Final = 100
_FILLED: Final = (
    "prompt_tokens",
    "output_tokens",
    "cached_tokens",
    "prompt_tokens_per_second",
    "output_tokens_per_second",
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A host's row: as it stands alone, its key, and what else tells whose request it is.

    `names` are the refs by which its model may have been asked for; `providers` the ids that its host ever had.
    `listed` are refs of what it lists, given when it tells no aliases: any other name may have meant this model.
    """

    row: ActivityRow
    key: int
    names: frozenset[str]
    providers: tuple[str, ...]
    listed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Merged:
    """What became of arrivals: rows of their own, and rows of ours that were completed."""

    added: tuple[ActivityRow, ...] = ()
    completed: tuple[ActivityRow, ...] = ()


def merge(database: Database, arrivals: Sequence[Arrival]) -> Merged:
    """Take in hosts' rows that are not known yet, all or none. Blocking; raises BooError."""
    waiting = sorted({a.key: a for a in arrivals}.values(), key=lambda a: a.row.time)
    added: list[ActivityRow] = []
    completed: list[ActivityRow] = []
    with database.writing() as connection:
        for begin in range(0, len(waiting), _AT_ONCE):
            some = _unknown(connection, waiting[begin : begin + _AT_ONCE])
            pairs = paired(some, _candidates(connection, some)) if some else {}
            filled = [(complete(ours, a.row), a.key) for a in some if (ours := pairs.get(a.key))]
            replace_rows(connection, filled)
            alone = [a for a in some if a.key not in pairs]
            added += add_rows(connection, [a.row for a in alone], [a.key for a in alone])
            completed += [row for row, _ in filled]
    return Merged(tuple(added), tuple(completed))


def paired(arrivals: Iterable[Arrival], candidates: Sequence[ActivityRow]) -> dict[int, ActivityRow]:
    """By key: the row of ours that an arrival is about. No row is taken twice.

    What ended alike comes before what is near: times are told in whole seconds, and a request of others that was
    broken off, or was not, may seem nearer to ours.
    """
    found = [
        (_doubt(a.row, ours), far, a.key, ours)
        for a in arrivals
        for ours in candidates
        if (far := distance(a, ours)) is not None
    ]
    found.sort(key=lambda pair: pair[:3])
    pairs: dict[int, ActivityRow] = {}
    taken: set[str] = set()
    for _, _, key, ours in found:
        if key not in pairs and ours.id not in taken:
            pairs[key] = ours
            taken.add(ours.id)
    return pairs


def distance(arrival: Arrival, ours: ActivityRow) -> float | None:
    """How far apart the two accounts are, in seconds; None when they are not of one request."""
    theirs = arrival.row
    if not may_be(arrival, ours.provider, ours.ref, ours.endpoint):
        return None
    if ours.outcome == "ok" and theirs.status is not None and theirs.status >= 400:
        return None
    sure = is_sure(theirs, ours)
    if sure and ours.output_tokens != theirs.output_tokens:
        return None
    began = (theirs.time - ours.time).total_seconds()
    ended = began + (theirs.duration_ms - ours.duration_ms) / 1000
    if began < -NEAR_S or ended > NEAR_S:
        return None
    near = NEAR_WHEN_SURE_S if sure else NEAR_S
    if abs(began) > near or (not sure and ours.outcome == "ok" and abs(ended) > near):
        return None
    return abs(began) + abs(ended)


def is_sure(theirs: ActivityRow, ours: ActivityRow) -> bool:
    """Whether both sides told tokens of a whole answer, so that they must be equal."""
    return None not in (ours.output_tokens, theirs.output_tokens) and ours.outcome == "ok"


def _doubt(theirs: ActivityRow, ours: ActivityRow) -> int:
    """0 when both told the same tokens, 1 when both ended well or both did not, else 2."""
    if is_sure(theirs, ours):
        return 0
    told = theirs.output_tokens is not None or theirs.prompt_tokens is not None
    return 1 if (ours.outcome == "ok") == (theirs.outcome == "ok" and told) else 2


def may_be(arrival: Arrival, provider: str, ref: str, endpoint: str) -> bool:
    """Whether host, model and path fit. Old hosts tell no path, and no aliases."""
    if provider not in arrival.providers or (arrival.row.endpoint and arrival.row.endpoint != endpoint):
        return False
    return ref in arrival.names or bool(arrival.listed and ref not in arrival.listed)


def complete(ours: ActivityRow, theirs: ActivityRow) -> ActivityRow:
    """Our row, with what only the host knows."""
    missing = {n: getattr(theirs, n) for n in _FILLED if getattr(ours, n) is None}
    return ours.model_copy(update=missing | {"host_id": theirs.host_id})


def _unknown(connection: Connection, arrivals: Sequence[Arrival]) -> list[Arrival]:
    keys = [a.key for a in arrivals]
    known = set(connection.execute(select(requests.c.host_key).where(requests.c.host_key.in_(keys))).scalars())
    kept_from = moment(mark(connection, KEPT_FROM))
    return [a for a in arrivals if a.key not in known and a.row.time >= kept_from]


def _candidates(connection: Connection, arrivals: Sequence[Arrival]) -> list[ActivityRow]:
    """Our rows of these hosts and times that no row of theirs was found for."""
    providers = {p for a in arrivals for p in a.providers}
    named = request_kinds.c.provider.in_(providers) & (request_kinds.c.via == "gateway")
    where: list[Any] = [
        requests.c.host_key.is_(None),
        (requests.c.kind_id + 0).in_(select(request_kinds.c.id).where(named)),
    ]
    found: list[ActivityRow] = []
    for begin, end in _stretches(sorted(micros(a.row.time) for a in arrivals)):
        near = (requests.c.time_us >= begin, requests.c.time_us <= end)
        found += rows_of(connection, connection.execute(select(requests).where(*near, *where)).mappings().all())
    return found


def _stretches(times: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The times around these, which may lie years apart: what lies between is not read."""
    margin = int(NEAR_WHEN_SURE_S * 1_000_000)
    begin = 0
    for n, time in enumerate(times, 1):
        if n == len(times) or times[n] - time > 2 * margin:
            yield times[begin] - margin, time + margin
            begin = n
