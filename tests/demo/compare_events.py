"""Compares event streams by what they say, with the freedoms that the real host takes."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.demo.rawclient import Got

# Closer than this, two things of different kinds may come in either order.
TOGETHER_MS = 40
_FRAME = re.compile(r'event:message\ndata:(\{"type":"\w+","data":".*"\})\n\n')
_VOLATILE = ("resp_bytes", "elapsed_ms", "timestamp")

Event = tuple[float, str, Any]


def decode(got: Got) -> list[Event]:
    """Raises ValueError on a frame that is not one."""
    events: list[Event] = []
    for at, text in got.pieces:
        position = 0
        while position < len(text):
            found = _FRAME.match(text, position)
            if found is None:
                raise ValueError(f"no frame: {text[position : position + 200]!r}")
            message = json.loads(found[1])
            events.append((at, message["type"], json.loads(message["data"])))
            position = found.end()
    return events


def event_differences(golden: list[list[Any]], got: Got) -> list[str]:
    try:
        seen = decode(got)
    except ValueError as error:
        return [str(error)]
    wanted = [(event[0], event[1], event[2]) for event in golden]
    found = _first_six(wanted[:6], seen[:6])
    later, seen_later = _milestones(wanted[6:]), _milestones(seen[6:])
    for kind in "SPUQARE":
        want, have = _of_kind(later, kind), _of_kind(seen_later, kind)
        if want != have:
            found.append(f"{_KINDS[kind]}: {have} instead of {want}")
    return found or _order_differences(later, seen_later)


def _first_six(want: list[Event], seen: list[Event]) -> list[str]:
    found: list[str] = []
    if [kind for _, kind, _ in want] != [kind for _, kind, _ in seen]:
        return [f"the first events are {[kind for _, kind, _ in seen]}"]
    for (_, kind, data), (_, _, other) in zip(want, seen, strict=True):
        if kind == "logData":
            data, other = data["source"], other.get("source")
        elif kind == "modelStatus":
            data, other = _peers_sorted(data), _peers_sorted(other)
        if _plain(data) != _plain(other):
            found.append(f"the first {kind} is {other!r} instead of {data!r}")
    return found


def _peers_sorted(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Peers come in an order that changes from run to run; local models are sorted."""
    local = [model for model in models if not model["peerID"]]
    return local + sorted((model for model in models if model["peerID"]), key=lambda model: str(model["id"]))


_KINDS = {
    "S": "the states",
    "P": "the profiles",
    "U": "the first upserts",
    "Q": "the last upserts",
    "A": "the activity ids",
    "R": "the removals",
    "E": "other events",
}
Milestone = tuple[float, str, str]


def _milestones(events: list[Event]) -> list[Milestone]:
    """(time, kind, what) of all that is compared; repeated states and middle upserts are left out."""
    found: list[Milestone] = []
    last_upserts: dict[str, tuple[int, Milestone]] = {}
    for at, kind, data in events:
        if kind == "modelStatus":
            states = json.dumps([(m["id"], m["state"]) for m in data if m["state"] not in ("", "stopped")])
            if states not in [what for _, k, what in found if k == "S"][-1:]:
                found.append((at, "S", states))
        elif kind == "activity":
            found.append((at, "A", str(data["id"])))
        elif kind == "profileChanged":
            found.append((at, "P", str(data["active"])))
        elif kind == "inflight" and data["operation"] == "remove":
            found.append((at, "R", data["id"]))
        elif kind == "inflight" and data["operation"] == "upsert":
            request = data["request"]
            what = json.dumps(_plain(request))
            if request["id"] in last_upserts:
                last_upserts[request["id"]] = (len(found), (at, "Q", what))
            else:
                last_upserts[request["id"]] = (len(found), (at, "U", what))
                found.append((at, "U", what))
        elif kind != "logData":
            found.append((at, "E", f"{kind} {data}"))
    return found + [mark for _, mark in last_upserts.values() if mark[1] == "Q"]


def _of_kind(milestones: list[Milestone], kind: str) -> list[str]:
    chosen = [what for _, k, what in milestones if k == kind]
    return sorted(chosen) if kind in "QAR" else chosen


def _order_differences(want: list[Milestone], seen: list[Milestone]) -> list[str]:
    """Two things that were well apart come in the same order."""
    place = {(kind, what): number for number, (_, kind, what) in enumerate(seen) if kind != "Q"}
    marks = [mark for mark in want if mark[1] != "Q"]
    found = []
    for number, (at, kind, what) in enumerate(marks):
        for later_at, later_kind, later in marks[number + 1 :]:
            if later_at - at < TOGETHER_MS or (kind, what) == (later_kind, later):
                continue
            if kind == "S" or later_kind == "S":
                continue  # the same states come back: their own order was compared
            if place[kind, what] > place[later_kind, later]:
                found.append(f"{later_kind} {later} came before {kind} {what}")
    return found


def _plain(value: Any) -> Any:
    """Without what is measured, and with texts that vary in one shape."""
    if isinstance(value, dict):
        return {k: 0 if k in _VOLATILE else _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str) and (value.endswith("GMT") or value == "{{date}}"):
        return "{{date}}"
    return value
