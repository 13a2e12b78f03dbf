"""Requests as hosts recorded them, on their way into the activity: each must end as one row, from whichever side seen.

A row waits while a request of ours runs that it may be about; the store then decides (boocontrol.store.host_rows).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final, Protocol

from boocontrol.core.activity import ActivityRow
from boocontrol.core.errors import BooError
from boocontrol.core.host_row import HostRow, key_of
from boocontrol.core.registry import Provider
from boocontrol.gateway.inflight import InFlight
from boocontrol.hosts.view import HostView
from boocontrol.store.host_rows import NEAR_WHEN_SURE_S, Arrival, may_be

Names = tuple[frozenset[str], frozenset[str]]

WAITING: Final = 20_000
SETTLE_S: Final = 0.2
"""The host may tell of a request's end before our side has ended it."""
OTHER: Final = "other"
_GENERATES: Final = ("/completions", "/messages", "/responses", "/infill")
_CODES: Final = {401: "key_refused", 403: "key_refused", 404: "model_not_found", 429: "rate_limited"}


class Known(Protocol):
    """The store, as far as it is asked here."""

    async def known(self, keys: Sequence[int]) -> frozenset[int]: ...


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    since: float


class HostRows:
    """Takes the rows of all hosts. `view(provider_id)` is what is known of a host; `on_take` is called for new rows."""

    def __init__(
        self,
        store: Known,
        in_flight: InFlight,
        view: Callable[[str], HostView],
        on_take: Callable[[], None],
        *,
        cut_by: Callable[[str, float], str] = lambda ref, at: "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cut_by = cut_by
        self._store = store
        self._in_flight = in_flight
        self._view = view
        self._on_take = on_take
        self._clock = clock
        self._waiting: dict[int, _Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    async def unknown(self, provider_id: str, rows: Sequence[HostRow]) -> list[HostRow]:
        """Those that neither wait nor are stored, also not under a former id of their host."""
        ids = _ids(self._view(provider_id).provider)
        keys = {row.key(i): row for row in rows for i in ids}
        try:
            stored = await self._store.known(list(keys))
        except BooError:
            stored = frozenset()  # it is asked again before anything is stored
        known = {id(keys[key]) for key in keys if key in stored or key in self._waiting}
        return [row for row in rows if id(row) not in known]

    def take(self, provider_id: str, rows: Sequence[HostRow], ahead_s: float) -> None:
        """Have them stored. What is too much to wait goes: the host tells it again at the next connection."""
        view, now, wall = self._view(provider_id), self._clock(), time.time()
        known: dict[str, Names] = {}  # a host may have hundreds of names, and tell a thousand rows at once
        for row in rows[: max(0, WAITING - len(self._waiting))]:
            names = known.get(row.model) or known.setdefault(row.model, refs_of(view, row.model))
            made = arrival(view, row, ahead_s, wall, names)
            self._waiting.setdefault(made.key, _Waiting(made, now))
        self._on_take()

    def ripe(self, most: int) -> list[Arrival]:
        """Those that no running request of ours may be about; the first of them."""
        now = self._clock()
        found = (w for w in self._waiting.values() if now - w.since >= SETTLE_S and not self._is_awaited(w.arrival))
        return [self._with_who(w.arrival) for w in islice(found, most)]

    def _with_who(self, waiting: Arrival) -> Arrival:
        """With who cut it, when that was done through this gateway."""
        row = waiting.row
        if row.outcome != "cut":
            return waiting
        by = self._cut_by(row.ref, row.time.timestamp() + row.duration_ms / 1000)
        return replace(waiting, row=row.model_copy(update={"ended_by": by}))

    def forget(self, arrivals: Iterable[Arrival]) -> None:
        """They are stored."""
        for done in arrivals:
            self._waiting.pop(done.key, None)

    def _is_awaited(self, waiting: Arrival) -> bool:
        began = waiting.row.time.timestamp()
        return any(
            may_be(waiting, r.provider, r.ref, r.endpoint) and abs(began - r.started_at) <= NEAR_WHEN_SURE_S
            for r in self._in_flight
        )


def refs_of(view: HostView, model: str) -> Names:
    """The refs by which a model may have been asked for, and those that are listed where no aliases are told."""
    ids, inventory = _ids(view.provider), view.inventory
    tells = bool(view.aliases) or (inventory is not None and inventory.typed)
    listed = () if tells or inventory is None else inventory.records
    names = frozenset(f"{i}/{name}" for i in ids for name in names_of(view, model))
    return names, frozenset(f"{i}/{name}" for i in ids for name in listed)


def began_of(row: HostRow, ahead_s: float, now: float) -> datetime:
    """When a row's request began: when it ended less how long it took; never later than now, never before 1970."""
    # A row says the second in which it ended: its middle is nearest.
    ended = row.ended.timestamp() + 0.5 - ahead_s
    return datetime.fromtimestamp(min(now, max(0.0, ended - row.duration_ms / 1000)), UTC)


def arrival(view: HostView, row: HostRow, ahead_s: float, now: float, names: Names | None = None) -> Arrival:
    """A host's row with what tells whose request it is. `now` is in unix seconds."""
    provider = view.provider
    refs, listed = names or refs_of(view, row.model)
    digest = row.digest(provider.id)
    shown = ActivityRow(
        id=digest.hex(),
        time=began_of(row, ahead_s, now),
        ref=f"{provider.id}/{row.model}",
        requested=f"{provider.id}/{row.model}",
        provider=provider.id,
        endpoint=row.path,
        status=row.status,
        outcome=outcome_of(row),
        streamed="event-stream" in row.content_type,
        duration_ms=row.duration_ms,
        prompt_tokens=row.prompt_tokens,
        output_tokens=row.output_tokens,
        cached_tokens=row.cached_tokens,
        prompt_tokens_per_second=row.prompt_speed,
        output_tokens_per_second=row.output_speed,
        client=OTHER,
        via="host",
        host_id=row.id,
    )
    return Arrival(
        row=shown,
        key=key_of(digest),
        names=refs,
        providers=_ids(provider),
        listed=listed,
    )


def names_of(view: HostView, model: str) -> set[str]:
    """Every name by which a model may have been asked for: its own, its aliases, and selectors that lead to it."""
    names = {model, *(alias for alias, real in view.aliases.items() if real == model)}
    if view.inventory is not None:
        names |= {name for name, goals in view.inventory.leads.items() if model in goals}
        names |= {alias for entry in view.inventory.models if entry.wire_id == model for alias in entry.aliases}
    return names


def outcome_of(row: HostRow) -> str:
    """What a host's row says of the end. A cut stream is recorded as status 200 without tokens."""
    if row.status is not None and row.status >= 400:
        return _CODES.get(row.status, "upstream_error")
    generates = row.path.endswith(_GENERATES) and row.output_tokens is None
    if generates and (row.content_type == "" or "event-stream" in row.content_type):
        return "cut"
    return "ok"


def _ids(provider: Provider) -> tuple[str, ...]:
    return (provider.id, *provider.former_ids)
