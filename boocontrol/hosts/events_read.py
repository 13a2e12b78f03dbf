"""From frames to facts: models' states, requests in flight and rows of requests, in every dialect since v135. No I/O.

States come as a full list each time. Requests come as a number (v192 to v234), as a full list (v235 to v239), or as
a snapshot and steps from it (v240 on). What nobody here reads is not even parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

import msgspec

from boocontrol.core.api import HostRequest
from boocontrol.core.catalog import ModelState
from boocontrol.core.values import plain
from boocontrol.hosts.events_frames import Frame
from boocontrol.hosts.events_told import Rows, path_of, read_rows
from boocontrol.hosts.records import MOST_RUNNING, STATES, RunningModel, wire_id_of

MOST_REQUESTS: Final = 1000
MOST_TOTAL: Final = 1_000_000
# Times beyond these are no times, and programs that read them stumble.
_YEARS: Final = range(1970, 9000)
_AT_REST: Final = ("", "stopped")


@dataclass(frozen=True, slots=True)
class Flights:
    """What runs on a host, whoever asked. None = it does not tell (`count`), or tells the number only."""

    count: int | None = None
    requests: tuple[HostRequest, ...] | None = None


UNKNOWN: Final = Flights()


@dataclass(frozen=True, slots=True)
class Status:
    """The states of one modelStatus frame: the models in memory, and what each alias stands for."""

    running: Mapping[str, RunningModel] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)


class Teller:
    """What one connection told so far. `doubtful` = something came that is not understood: ask the host."""

    def __init__(self) -> None:
        self.status: Status | None = None
        self.flights = UNKNOWN
        self.doubtful = False
        self._text = ""
        self._requests: dict[str, HostRequest] = {}
        self._told: dict[str, float] = {}
        self._news_at = 0.0

    def hear(self, frame: Frame, now: float) -> Status | Flights | Rows | None:
        """The news in a frame; None when it says nothing new. `now` counts seconds from anywhere."""
        try:
            if frame.type == "modelStatus":
                return self._states(frame.data)
            if frame.type == "inflight":
                return self._inflight(msgspec.json.decode(frame.data), now)
            if frame.type in ("activity", "metrics"):
                return read_rows(msgspec.json.decode(frame.data))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self.doubtful = True
        return None

    def oldest(self) -> float | None:
        """When the request that was not heard of for the longest was told last; None when none runs."""
        if not self.flights.count:
            return None
        return min(self._told.values(), default=self._news_at)

    def _states(self, text: str) -> Status | None:
        if text == self._text and self.status is not None:
            return self.status  # told again, to be on the safe side
        status = read_status(msgspec.json.decode(text))
        if status is None:
            self.doubtful = True
            return None
        self._text, self.status = text, status
        return status

    def _inflight(self, said: Any, now: float) -> Flights | None:
        if not isinstance(said, dict):
            self.doubtful = True
            return None
        self._news_at = now
        operation = said.get("operation")
        if operation == "upsert":
            self._upsert(said.get("request"), now)
        elif operation == "remove":
            self._requests.pop(str(said.get("id")), None)
            self._told.pop(str(said.get("id")), None)
        elif operation == "snapshot" or "requests" in said:
            self._replace(said.get("requests"), now)
        elif isinstance(total := said.get("total"), int):
            return self._changed(Flights(min(max(0, total), MOST_TOTAL)))
        return self._changed(Flights(len(self._requests), tuple(self._requests.values())))

    def _upsert(self, request: Any, now: float) -> None:
        seen = _request(request)
        if seen is None or (seen.id not in self._requests and len(self._requests) >= MOST_REQUESTS):
            return
        self._requests.setdefault(seen.id, seen)
        self._told[seen.id] = now

    def _replace(self, requests: Any, now: float) -> None:
        found = [r for r in map(_request, requests[:MOST_REQUESTS] if isinstance(requests, list) else ()) if r]
        self._requests = {r.id: self._requests.get(r.id, r) for r in found}
        self._told = dict.fromkeys(self._requests, now)

    def _changed(self, flights: Flights) -> Flights | None:
        if flights == self.flights:
            return None
        self.flights = flights
        return flights


def read_status(entries: Any) -> Status | None:
    """The states in a modelStatus, peers left out; None when a state in it is not one that can be relied on."""
    if not isinstance(entries, list):
        return None
    running: dict[str, RunningModel] = {}
    aliases: dict[str, str] = {}
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("peerID") or (wire_id := wire_id_of(entry.get("id"))) is None:
            continue
        others = entry.get("aliases")
        aliases |= dict.fromkeys((a for a in map(wire_id_of, others) if a), wire_id) if isinstance(others, list) else {}
        state = entry.get("state")
        if state in _AT_REST:
            continue
        if state not in STATES or state == "unknown":  # old hosts say so of a model whose process they cannot find
            return None
        if len(running) >= MOST_RUNNING:
            continue
        running[wire_id] = RunningModel(
            cast(ModelState, state), name=_text(entry.get("name")), description=_text(entry.get("description"))
        )
    return Status(running, aliases)


def _request(value: Any) -> HostRequest | None:
    if not isinstance(value, dict) or not isinstance(value.get("id"), (str, int)):
        return None
    return HostRequest(
        id=_text(str(value["id"])),
        model=_text(value.get("model")),
        path=path_of(_text(value.get("req_path"))),
        since=_moment(value.get("timestamp")),
    )


def _text(value: Any) -> str:
    return plain(value[:4096]).strip() if isinstance(value, str) else ""


def _moment(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo is not None and at.year in _YEARS else None
