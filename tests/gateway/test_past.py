"""Requests that a host tells of: which are ours, which are not, and which cannot be told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from boocontrol.core.api import HostRequest
from boocontrol.gateway.inflight import Running
from boocontrol.gateway.past import _marked, without_ours

AT = 1_800_000_000.0
CHAT = "/v1/chat/completions"


def told(number: int, began: float | None, model: str = "q", path: str = CHAT) -> HostRequest:
    since = None if began is None else datetime.fromtimestamp(AT + began, UTC)
    return HostRequest(id=str(number), model=model, path=path, since=since)


def ours(began: float, model: str = "q") -> Running:
    return Running("r", f"den/{model}", "den", model, CHAT, "test", AT + began, lambda by: None)


def name(model: str) -> str:
    return {"nick": "q"}.get(model, model)


@pytest.mark.parametrize(
    ("requests", "running", "ahead_s", "expected"),
    [
        ([told(1, -60), told(2, 0.1)], [ours(0)], 0, ["false", "true"]),
        ([told(1, 0.1), told(2, 60)], [ours(0)], 0, ["true", "false"]),
        ([told(1, -60), told(2, 0.1, "nick")], [ours(0, "nick")], 0, ["false", "true"]),
        ([told(1, 240), told(2, 300.5)], [ours(0)], 300, ["false", "true"]),
        ([told(1, -60), told(2, 0.1, "other")], [ours(0)], 0, ["true?", "false"]),
        ([told(1, -60), told(2, 45)], [ours(0)], 0, ["false", "true"]),
        ([told(1, -1), told(2, 0.1)], [ours(0)], 0, ["false?", "true?"]),
        ([told(1, None), told(2, 0.1)], [ours(0)], 0, ["false?", "true?"]),
        ([told(1, 0.1), told(2, 0.2)], [ours(0), ours(0.1)], 0, ["true", "true"]),
        ([told(1, 0.1, path="/v1/embeddings")], [ours(0)], 0, ["false"]),
        ([told(1, 5), told(2, 9)], [], 0, ["false", "false"]),
    ],
)
def test_they_are_told_apart_by_their_beginning(
    requests: list[HostRequest], running: list[Running], ahead_s: float, expected: list[str]
) -> None:
    shown = _marked(requests, running, name, ahead_s)
    assert [f"{r.ours}{'?' * r.doubtful}".lower() for r in shown] == expected


def test_as_many_are_left_as_there_are_of_others() -> None:
    close = [told(1, -1), told(2, 0.1), told(3, 0.2)]
    assert len(without_ours(close, [ours(0)], name)) == 2
    assert len(without_ours(close, [ours(0), ours(0.1)], name)) == 1
    assert without_ours([told(1, -60)], [ours(0)], name) == [], "clocks may be wrong"
