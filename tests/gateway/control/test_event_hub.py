"""The hub: numbered events, resumption, and readers that are slow. And the stream over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import uvicorn

from boocontrol.core.api import EventSnapshot, Host
from boocontrol.core.catalog import Catalog
from boocontrol.gateway.control.app import control_app
from boocontrol.gateway.control.news import FleetNews
from boocontrol.gateway.control.services import CatalogJson
from boocontrol.gateway.events import HEARTBEAT, RETRY, EventHub


def snapshot() -> bytes:
    return b'"all"'


async def take(stream: AsyncIterator[bytes], count: int) -> list[bytes]:
    """So many frames; those that are there already come together."""
    found: list[bytes] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            found += frames_of(await anext(stream))
    assert len(found) == count
    return found


def frames_of(piece: bytes) -> list[bytes]:
    return [frame + b"\n\n" for frame in piece.split(b"\n\n")[:-1]]


def told(frames: list[bytes]) -> list[tuple[str, str, str]]:
    """Id, kind and data of each frame that is an event."""
    some = [f for piece in frames for f in frames_of(piece) if b"event:" in f]
    fields = [dict(line.split(": ", 1) for line in f.decode().strip().split("\n")) for f in some]
    return [(f["id"], f["event"], f["data"]) for f in fields]


async def test_a_snapshot_comes_first_then_what_happens() -> None:
    hub = EventHub("me")
    hub.publish("host", b"1", topic="host:a")
    stream = hub.stream(None, snapshot)
    first = await take(stream, 2)
    hub.publish("host", b"2", topic="host:a")
    hub.publish("gateway", b"3")
    assert first[0] == RETRY
    assert told(first + await take(stream, 2)) == [
        ("me:1", "snapshot", '"all"'),
        ("me:2", "host", "2"),
        ("me:3", "gateway", "3"),
    ]


async def test_a_reader_that_comes_back_gets_what_it_missed() -> None:
    hub = EventHub("me")
    for number in range(4):
        hub.publish("gateway", b"%d" % number)
    hub.close()
    frames = [f async for f in hub.stream("me:2", snapshot)]
    assert [data for _, _, data in told(frames)] == ["2", "3"]
    assert told([f async for f in hub.stream("me:4", snapshot)]) == []


async def test_an_unknown_last_id_gets_a_new_snapshot() -> None:
    hub = EventHub("me", remembered=2)
    for _ in range(5):
        hub.publish("gateway", b"1")
    hub.close()
    for last in ("me:2", "me:6", "you:4", "4", "", "me:", "me:x", "me:-1", "me:²", "me:" + "9" * 5000, None):
        frames = [f async for f in hub.stream(last, snapshot)]
        assert told(frames) == [("me:5", "snapshot", '"all"')], last
    assert len(told([f async for f in hub.stream("me:3", snapshot)])) == 2


async def test_a_slow_reader_gets_the_latest_of_each_topic() -> None:
    hub = EventHub("me")
    stream = hub.stream(None, snapshot)
    await take(stream, 2)
    for number in range(1000):
        hub.publish("catalog", b"%d" % number, topic="catalog")
        hub.publish("host", b"%d" % number, topic="host:a")
    assert [data for _, _, data in told(await take(stream, 2))] == ["999", "999"]
    assert len(hub._events) == 2


async def test_a_reader_left_behind_gets_a_new_snapshot() -> None:
    hub = EventHub("me", remembered=3)
    stream = hub.stream(None, snapshot)
    await take(stream, 2)
    for number in range(10):
        hub.publish("gateway", b"%d" % number)
    assert told(await take(stream, 1)) == [("me:10", "snapshot", '"all"')]


async def test_silence_is_filled_with_heartbeats() -> None:
    hub = EventHub("me", heartbeat_s=0.001)
    stream = hub.stream(None, snapshot)
    assert (await take(stream, 4))[2:] == [HEARTBEAT, HEARTBEAT]


class Clock:
    """A clock that stands until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 100.0
        self.calls: list[tuple[float, Any]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Any) -> None:
        self.calls.append((self.now + delay, callback))

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due, self.calls = [c for c in self.calls if c[0] <= self.now], [c for c in self.calls if c[0] > self.now]
        for _, callback in due:
            callback()


async def test_changes_are_told_at_once_and_then_together(panel: Any) -> None:
    clock, hub = Clock(), EventHub("me")
    news = FleetNews(panel.fleet, hub, CatalogJson(), clock=clock, every_s=0.3)
    stream = hub.stream("me:0", snapshot)
    await take(stream, 1)
    news.changed("den")
    news.changed("nobody")
    clock.advance(0)
    assert [kind for _, kind, _ in told(await take(stream, 2))] == ["host", "catalog"]
    for _ in range(50):
        panel.fleet.apply(panel.state.registry)
        news.changed("den")
        news.changed("attic")
        clock.advance(0.005)
    assert len(clock.calls) == 1
    clock.advance(0.3)
    frames = told(await take(stream, 2))
    assert [kind for _, kind, _ in frames] == ["host", "catalog"]
    assert Host.model_validate_json(frames[0][2], strict=True).id == "attic"
    assert Catalog.model_validate_json(frames[1][2], strict=True) == panel.fleet.catalog()


async def test_a_load_that_failed_is_told(panel: Any) -> None:
    hub = EventHub("me")
    news = FleetNews(panel.fleet, hub, CatalogJson())
    news.load_ended(panel.state.registry.ref("den/q"), None)
    news.load_ended(panel.state.registry.ref("den/q"), "out of memory")
    hub.close()
    frames = told([f async for f in hub.stream("me:0", snapshot)])
    assert [json.loads(f[2]) for f in frames] == [{"kind": "load_failed", "ref": "den/q", "message": "out of memory"}]


async def test_the_snapshot_needs_nothing_else(panel: Any) -> None:
    await panel.http.patch("/api/settings", json={"theirs": 1}, headers={"If-Match": "*"})
    found = EventSnapshot.model_validate_json(panel.services.snapshot(), strict=True)
    assert found.catalog == panel.fleet.catalog()
    assert found.hosts == panel.fleet.hosts()
    assert found.status == panel.services.status()
    assert found.settings == (await panel.http.get("/api/settings")).json()


async def test_the_stream_over_a_socket(panel: Any) -> None:
    config = uvicorn.Config(control_app(panel.services), port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server._serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            async with client.stream("GET", "/api/events") as response:
                assert response.headers["content-type"].startswith("text/event-stream")
                lines = response.aiter_lines()
                assert await _next_data(lines) == json.loads(panel.services.snapshot())
                await client.patch("/api/settings", json={"fast_model": "den/q"}, headers={"If-Match": "*"})
                assert (await _next_data(lines))["fast_model"] == "den/q"
                await client.delete("/api/providers/attic", headers={"If-Match": "*"})
                assert (await _next_data(lines))["source"] == "file"
                panel.services.events.close()
                assert [line async for line in lines if line] == []
    server.should_exit = True
    await serving


async def _next_data(lines: AsyncIterator[str]) -> Any:
    async for line in lines:
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))
    raise AssertionError("the stream ended")
