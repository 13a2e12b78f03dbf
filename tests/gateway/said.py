"""What simulated hosts said, and when: with it a test knows the moment from which the truth could be known.

Hosts and gateway live in one event loop here, so there is one clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from boocontrol.demo import control, events
from boocontrol.demo.host import SimHost


def now() -> float:
    """The second by the clock of the loop."""
    return asyncio.get_running_loop().time()


class Said:
    """Events, and lists of rows, each as it left its host. Of other answers the host itself keeps the times."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.events: list[tuple[float, str, Any]] = []
        self.lists: list[tuple[float, set[int]]] = []
        frame, page_of = events.frame, control.page_of

        def framed(kind: str, data: Any) -> bytes:
            self.events.append((now(), kind, data))
            return frame(kind, data)

        def listed(*asked: Any) -> Any:
            page = page_of(*asked)
            self.lists.append((now(), {row["id"] for row in page["data"]}))
            return page

        patch.setattr(events, "frame", framed)
        patch.setattr(control, "page_of", listed)

    def event(self, kind: str, so: Callable[[Any], Any], since: float) -> float | None:
        """When a host first told an event that fits."""
        return next((at for at, k, data in self.events if k == kind and at >= since and so(data)), None)

    def states(self, states: dict[str, str], since: float) -> float | None:
        """When a host first told that just these models are in memory, in these states."""

        def so(told: Any) -> bool:
            return {m["id"]: m["state"] for m in told if m["state"] != "stopped"} == states

        return self.event("modelStatus", so, since)

    def row(self, number: int, since: float) -> float | None:
        """When a host first told the row of this id whole, in an answer (from v236 on) or an event."""
        found = [at for at, ids in self.lists if at >= since and number in ids]
        told = self.event("metrics", lambda rows: any(row["id"] == number for row in rows), since)
        return min([*found, *([] if told is None else [told])], default=None)


def answered(host: SimHost, path: str, since: float, nth: int = 1) -> float | None:
    """When a host ended its nth good answer to a question that was asked since then."""
    ends = [
        r.ended
        for r in host.requests
        if r.target.startswith(path) and r.started >= since and r.ended and r.status == 200
    ]
    return ends[nth - 1] if len(ends) >= nth else None


def earliest(*times: float | None) -> float | None:
    """The first of those that there are."""
    return min((at for at in times if at is not None), default=None)
