"""Frames and facts from bytes, without a host: framing, bounds, and each dialect."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest

from boocontrol.hosts import events_frames
from boocontrol.hosts.events import FAILURES_TO_OPEN, OPEN_S, QUICK_S, pause
from boocontrol.hosts.events_frames import Frame, Frames
from boocontrol.hosts.events_read import Flights, Status, Teller, read_status


def frame(kind: str, data: Any) -> bytes:
    text = json.dumps({"type": kind, "data": json.dumps(data)}, separators=(",", ":"))
    return f"event:message\ndata:{text}\n\n".encode()


def frames(*pieces: bytes) -> list[Frame]:
    cutter = Frames()
    return [f for piece in pieces for f in cutter.feed(piece)]


def test_frames_come_out_whole_however_the_bytes_are_cut() -> None:
    whole = frame("logData", {"data": "x\n", "source": "proxy"}) + frame("a", "ä\u2028b") + frame("b", {})
    expected = frames(whole)
    assert [f.type for f in expected] == ["a", "b"], "logs are not even read"
    assert json.loads(expected[0].data) == "ä\u2028b"
    for size in (1, 2, 7, 64):
        assert frames(*(whole[i : i + size] for i in range(0, len(whole), size))) == expected


def test_spaces_carriage_returns_and_comments_are_taken_as_the_standard_says() -> None:
    assert frames(b': hi\r\nevent: message\r\nid: 1\r\ndata: {"type":"a","data":"1"}\r\n\r\n') == [Frame("a", "1")]


@pytest.mark.parametrize(
    "bad", [b"data:{\n\n", b"data:[]\n\n", b'data:{"type":1}\n\n', b"data:" + b"[" * 5000 + b"\n\n"]
)
def test_garbage_is_counted_and_passed_over(bad: bytes) -> None:
    cutter = Frames()
    assert list(cutter.feed(bad)) == []
    assert list(cutter.feed(frame("a", 1))) == [Frame("a", "1")]
    assert cutter.lost == 1


def test_a_giant_log_line_costs_no_memory() -> None:
    cutter = Frames()
    piece = b"x" * 65536
    tracemalloc.start()
    assert list(cutter.feed(b'event:message\ndata:{"type":"logData","data":"')) == []
    for _ in range(1000):
        assert list(cutter.feed(piece)) == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
    assert list(cutter.feed(b'"}\n\n' + frame("a", 1))) == [Frame("a", "1")]
    assert cutter.lost == 0


def test_any_other_line_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_frames, "LONGEST", 1000)
    cutter = Frames()
    assert list(cutter.feed(b'data:{"type":"metrics","data":"' + b"x" * 2000)) == []
    assert list(cutter.feed(b'"}\n\n' + frame("a", 1))) == [Frame("a", "1")]
    assert cutter.lost == 1


def told(*messages: tuple[str, Any]) -> list[Any]:
    teller = Teller()
    return [teller.hear(Frame(kind, json.dumps(data)), 0.0) for kind, data in messages]


def test_requests_as_a_number() -> None:
    total = [("inflight", {"total": n}) for n in (0, 2, 2, 1)]
    assert told(*total) == [Flights(0), Flights(2), None, Flights(1)]


def request(number: int, **more: object) -> dict[str, object]:
    at = "2026-11-22T16:12:51.388957042Z"
    return {"id": str(number), "timestamp": at, "model": "m", "req_path": "/v1/x", "method": "POST", **more}


def test_requests_as_a_list() -> None:
    one, none = told(("inflight", {"requests": [request(1)]}), ("inflight", {"requests": []}))
    assert [(r.id, r.model, r.path) for r in one.requests] == [("1", "m", "/v1/x")]
    assert one.requests[0].since.isoformat() == "2026-11-22T16:12:51.388957+00:00"
    assert none == Flights(0, ())


def test_requests_as_steps() -> None:
    def step(operation: str, **more: object) -> tuple[str, object]:
        return "inflight", {"operation": operation, **more}

    steps = [
        step("snapshot"),
        step("upsert", request=request(1)),
        step("upsert", request=request(1, resp_bytes=9)),
        step("upsert", request=request(2)),
        step("remove", id="1"),
        step("remove", id="1"),
        step("snapshot", requests=[request(3)]),
    ]
    counts = [f and f.count for f in told(*steps)]
    assert counts == [0, 1, None, 2, 1, None, 1]


def test_states_without_peers_and_with_aliases() -> None:
    entries: list[Any] = [
        {"id": "a", "name": "A", "state": "starting", "peerID": "", "aliases": ["x"]},
        {"id": "b", "state": "stopped"},
        {"id": "far", "state": "ready", "peerID": "other"},
        {"id": "", "state": "ready"},
        7,
    ]
    status = read_status(entries)
    assert status is not None
    assert {w: (m.state, m.name) for w, m in status.running.items()} == {"a": ("starting", "A")}
    assert status.aliases == {"x": "a"}


@pytest.mark.parametrize("state", ["unknown", "frozen", None, 7])
def test_a_state_that_means_nothing_is_left_to_the_truth(state: object) -> None:
    teller = Teller()
    assert teller.hear(Frame("modelStatus", json.dumps([{"id": "a", "state": state}])), 0.0) is None
    assert teller.doubtful


@pytest.mark.parametrize("kind", ["modelStatus", "inflight"])
@pytest.mark.parametrize("text", ["", "7", "{", '"x"', '{"operation":1,"requests":3}', '[{"id":[]}]'])
def test_nothing_that_a_host_says_raises(kind: str, text: str) -> None:
    news = Teller().hear(Frame(kind, text), 0.0)
    assert news is None or isinstance(news, (Status, Flights))


def test_the_pauses_grow_and_the_breaker_opens() -> None:
    waits = [pause(n) for n in range(FAILURES_TO_OPEN + 2)]
    assert waits == [QUICK_S, 0.5, 1.0, 2.0, 4.0, OPEN_S, OPEN_S]
