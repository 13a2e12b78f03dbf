"""Hosts whose events, rows and states lie: nothing they tell may stop, fill or break what follows them."""

from __future__ import annotations

import asyncio
import json as jsonlib
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web

from boocontrol.core.host_row import HostRow
from boocontrol.core.registry import Provider
from boocontrol.hosts.events_frames import LONGEST, Frame, Frames
from boocontrol.hosts.events_read import Flights, Status, Teller, read_status
from boocontrol.hosts.events_rows import RowReader
from boocontrol.hosts.events_told import Rows, read_row
from boocontrol.hosts.http import TlsContexts
from boocontrol.hosts.records import MOST_RUNNING, RunningModel, read_running
from boocontrol.hosts.swap import LlamaSwapClient
from boocontrol.hosts.view import MOST_KEPT, HostView, Sighting
from tests.hosts.conftest import FakeHost, json

BOX = Provider(id="box", base_url="http://127.0.0.1:9")


def row(**more: Any) -> HostRow:
    told = {"id": 1, "timestamp": "2026-11-22T16:12:50Z", "model": "m", "req_path": "/v1/chat/completions", **more}
    found = read_row(told)
    assert found is not None
    return found


def test_events_without_an_end_are_not_held() -> None:
    frames = Frames()
    for _ in range(3 * LONGEST // 65536):
        assert not list(frames.feed(b"data: " + b"x" * 65536 + b"\n"))
    assert sum(map(len, frames._data)) <= LONGEST + 65536
    assert frames.lost
    (frame,) = frames.feed(b'\n\ndata:{"type":"inflight","data":"{}"}\n\n')
    assert frame == Frame("inflight", "{}")


@pytest.mark.parametrize("total", ["9" * 400, "1e30", "9007199254740993", "true"])
def test_a_number_of_requests_that_cannot_be_is_not_believed(total: str) -> None:
    news = Teller().hear(Frame("inflight", f'{{"total":{total}}}'), 0.0)
    assert not isinstance(news, Flights) or (news.count or 0) <= 1_000_000


def test_tokens_that_cannot_be_are_not_told() -> None:
    assert row(tokens={"input_tokens": 1 << 52, "output_tokens": 5}).prompt_tokens is None
    assert row(tokens={"input_tokens": 7, "output_tokens": 5, "cache_tokens": 1 << 52}).prompt_tokens == 7


def test_what_stands_behind_a_path_is_not_kept() -> None:
    assert row(req_path="/v1/chat/completions?key=geheim123").path == "/v1/chat/completions"
    request = {"id": "1", "model": "m", "req_path": "/v1/messages?api_key=geheim123"}
    teller = Teller()
    news = teller.hear(Frame("inflight", jsonlib.dumps({"operation": "upsert", "request": request})), 0.0)
    assert isinstance(news, Flights) and news.requests is not None
    assert news.requests[0].path == "/v1/messages"


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59"])
def test_requests_begin_at_no_time_that_others_cannot_read(when: str) -> None:
    news = Teller().hear(
        Frame("inflight", jsonlib.dumps({"requests": [{"id": 1, "model": "m", "timestamp": when}]})), 0.0
    )
    assert isinstance(news, Flights) and news.requests is not None
    assert news.requests[0].since is None


def test_models_in_memory_are_bounded() -> None:
    many = [{"id": f"m{n}", "model": f"m{n}", "state": "ready"} for n in range(5 * MOST_RUNNING)]
    status = read_status(many)
    assert isinstance(status, Status) and len(status.running) == MOST_RUNNING
    assert len(read_running({"running": many}, "box")) == MOST_RUNNING


def test_what_is_remembered_of_models_that_ran_is_bounded() -> None:
    view = HostView(BOX)
    for n in range(0, 3 * MOST_KEPT, 100):
        names = [f"m{i}" for i in range(n, n + 100)]
        running = {name: RunningModel("ready", cmd="llama-server -c 4096") for name in names}
        view = view.after(Sighting(running=running, lengths=dict.fromkeys(names, 4096)), 1.0)
        assert view.commands[names[0]] == 4096
        assert view.lengths[names[0]] == (4096, 1.0)
    assert len(view.commands) <= MOST_KEPT + 100
    assert len(view.lengths) <= MOST_KEPT + 100


class Sink:
    """Takes rows; the first ones fail in a way that nobody thought of."""

    def __init__(self) -> None:
        self.taken: list[HostRow] = []
        self.came = asyncio.Event()
        self.failed = asyncio.Event()

    async def unknown(self, provider_id: str, rows: Sequence[HostRow]) -> list[HostRow]:
        if not self.failed.is_set():
            self.failed.set()
            raise OverflowError("date value out of range")
        return [r for r in rows if r not in self.taken]

    def take(self, provider_id: str, rows: Sequence[HostRow], ahead_s: float) -> None:
        self.taken += rows
        self.came.set()


async def test_rows_are_read_on_after_one_that_nobody_thought_of(
    house: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("boocontrol.hosts.events_rows.GATHER_S", 0.0)
    host: FakeHost = await house.fake()
    host.says["/api/metrics/activity"] = json({"data": []})
    client, sink = LlamaSwapClient(Provider(id="box", base_url=host.url), TlsContexts()), Sink()
    reader = RowReader(lambda: "box", lambda: client, sink)
    reader.connected()
    reader.hear(Rows((row(),)))
    async with asyncio.timeout(5):
        await sink.failed.wait()
        reader.hear(Rows((row(id=2),)))
        await sink.came.wait()
    await reader.stop()
    await client.aclose()
    assert row(id=2) in sink.taken
    assert "OverflowError" in caplog.text


async def test_a_host_that_sends_more_rows_than_asked_for_is_cut_short(house: Any) -> None:
    host: FakeHost = await house.fake()
    entry = {"id": 1, "timestamp": "2026-11-22T16:12:50Z", "model": "m"}
    host.says["/api/metrics/activity"] = json({"data": [{**entry, "id": n} for n in range(5000)]})
    client = LlamaSwapClient(Provider(id="box", base_url=host.url), TlsContexts())
    try:
        assert len(await client.activity(999, 0, 0)) == 999
    finally:
        await client.aclose()


async def test_what_a_failed_load_says_holds_no_key(house: Any) -> None:
    said = "unable to start process: llama-server --api-key geheim123 --hf-token hf_abcdefgh12345 -m q.gguf"

    async def fail(request: web.Request) -> web.StreamResponse:
        return web.json_response({"src": "llama-swap", "error": said}, status=500)

    host: FakeHost = await house.fake()
    host.says["/upstream/m/"] = fail
    client = LlamaSwapClient(Provider(id="box", base_url=host.url), TlsContexts())
    try:
        complaint = await client.load("m")
    finally:
        await client.aclose()
    assert complaint is not None and "unable to start process" in complaint
    assert "geheim" not in complaint and "hf_abc" not in complaint
