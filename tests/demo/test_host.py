"""One host: the recorder, callers that leave, and real servers behind it."""

from __future__ import annotations

import asyncio
import json
import sys

import httpx
import pytest

from boocontrol.demo import GroupConfig, HostConfig, Launched, ModelConfig, SimHost
from boocontrol.demo.connection import HttpServer
from boocontrol.demo.exchange import Exchange
from tests.demo.conftest import QUICK, Start, until

ENDLESS = {"tokens": 100000}


async def test_records_keep_what_was_sent(simulate: Start) -> None:
    async with simulate() as sim:
        await sim.client.post("/v1/chat/completions?x=1", json={"model": "m", "n": 1}, headers={"X-Api-Key": "secret"})
        record = await sim.host.wait_request(lambda r: r.method == "POST")
        assert record.target == "/v1/chat/completions?x=1"
        assert json.loads(record.body) == {"model": "m", "n": 1}
        assert record.header("x-api-key") == "secret"
        assert (record.status, record.model, record.finished) == (200, "m", True)
        assert not record.touched_not_ready
        assert record.ended is not None and record.ended >= record.started


async def test_a_wait_for_a_request_to_come(simulate: Start) -> None:
    async with simulate() as sim:
        waiting = asyncio.create_task(sim.host.wait_request(lambda r: r.target == "/running"))
        await sim.client.get("/health")
        await sim.client.get("/running")
        assert (await waiting).target == "/running"
        with pytest.raises(TimeoutError):
            await sim.host.wait_request(lambda r: r.target == "/nope", timeout=0.01)


async def test_a_probe_of_a_model_that_is_not_ready_is_noticed(simulate: Start) -> None:
    async with simulate() as sim:
        await sim.client.get("/upstream/m/style.css")
        assert not sim.host.requests[-1].touched_not_ready
        await sim.client.get("/upstream/m/props")
        assert sim.host.requests[-1].touched_not_ready
        await sim.client.get("/upstream/m/props")
        assert not sim.host.requests[-1].touched_not_ready


async def test_memory_is_bounded_when_asked(simulate: Start) -> None:
    async with simulate(record_limit=2, record_bodies=False) as sim:
        for _ in range(4):
            await sim.chat("m")
        assert len(sim.host.requests) == 2
        assert {record.body for record in sim.host.requests} == {b""}
        assert sim.host.recorder.counters["requests"] == 4


async def test_a_caller_who_leaves_a_stream_is_seen_at_once(simulate: Start) -> None:
    async with simulate() as sim, sim.events() as events:
        body = {"model": "m", "stream": True, "sim": ENDLESS}
        async with sim.client.stream("POST", "/v1/chat/completions", json=body) as response:
            await anext(response.aiter_bytes())
        record = await sim.host.wait_request(lambda r: r.client_left)
        async with asyncio.timeout(2):
            await record.done.wait()
        assert not record.finished
        await until(events, lambda kind, data: kind == "activity")
        row = (await sim.client.get("/api/metrics/activity")).json()["data"][0]
        assert (row["resp_status_code"], row["tokens"]["output_tokens"]) == (200, 0)


async def test_a_load_survives_its_caller(simulate: Start) -> None:
    async with simulate(clock=0.1) as sim, sim.events() as events:
        with pytest.raises(httpx.ReadTimeout):
            await sim.client.get("/upstream/m/", timeout=0.005)
        states = await until(events, lambda kind, data: kind == "modelStatus" and data[0]["state"] == "ready")
        assert states[0]["id"] == "m"


async def test_groups_decide_who_pushes_whom_out(simulate: Start) -> None:
    small = GroupConfig("small", swap=False, exclusive=False, persistent=True)
    models = (ModelConfig("big"), ModelConfig("other"), ModelConfig("embed", group="small"))
    async with simulate(models=models, groups=(small,)) as sim:
        for model in ("big", "embed", "other"):
            await sim.chat(model)
        running = (await sim.client.get("/running")).json()["running"]
        assert [entry["model"] for entry in running] == ["embed", "other"]


async def test_keep_alive_and_pipelining(simulate: Start) -> None:
    async with simulate() as sim:
        port = int(sim.host.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        for _ in range(3):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK") and await reader.readexactly(2) == b"OK"
        writer.write(b"GARBAGE\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 400 Bad Request")
        writer.close()
        await writer.wait_closed()


# Models with a server behind them.


class ModelServer:
    """Counts what it gets; streams until the caller leaves."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.server = HttpServer(self._serve)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def _serve(self, exchange: Exchange) -> None:
        if exchange.request.method == "GET":
            exchange.respond(200, [("Content-Type", "application/json")], b'{"n_ctx": 7}')
            return
        exchange.start(200, [("Content-Type", "text/event-stream")])
        try:
            while True:
                exchange.write(b"data: {}\n\n")
                await asyncio.sleep(0.001)
        finally:
            self.left.set()


@pytest.fixture
async def model_server() -> ModelServer:
    server = ModelServer()
    await server.server.listen()
    return server


async def test_a_server_behind_is_passed_through_and_left(simulate: Start, model_server: ModelServer) -> None:
    async with simulate(models=(ModelConfig("m", server_url=model_server.url),)) as sim:
        response = await sim.client.get("/upstream/m/props?x=%2F")
        assert response.json() == {"n_ctx": 7} and response.headers["content-length"] == "12"
        body = {"model": "m", "stream": True}
        async with sim.client.stream("POST", "/v1/chat/completions", json=body) as stream:
            assert stream.headers["x-accel-buffering"] == "no"
            await anext(stream.aiter_bytes())
        async with asyncio.timeout(5):
            await model_server.left.wait()
    await model_server.server.close()


async def test_a_server_behind_that_dies_ends_streams_in_order(simulate: Start, model_server: ModelServer) -> None:
    async with simulate(models=(ModelConfig("m", server_url=model_server.url),)) as sim:
        body = {"model": "m", "stream": True}
        async with sim.client.stream("POST", "/v1/chat/completions", json=body) as stream:
            pieces = stream.aiter_bytes()
            await anext(pieces)
            await model_server.server.close()
            async for _ in pieces:
                pass
        assert (await sim.chat("m")).status_code == 502


async def test_a_server_is_launched_on_load_and_stopped_on_unload(simulate: Start) -> None:
    server, stopped = ModelServer(), asyncio.Event()

    async def launch() -> Launched:
        await server.server.listen()

        async def stop() -> None:
            await server.server.close()
            stopped.set()

        return Launched(server.url, stop)

    async with simulate(models=(ModelConfig("m", launch=launch),)) as sim:
        assert (await sim.client.get("/upstream/m/props")).json() == {"n_ctx": 7}
        await sim.client.post("/api/models/unload/m")
        assert stopped.is_set()


async def test_a_launch_that_fails_is_a_failed_start(simulate: Start) -> None:
    async def launch() -> Launched:
        raise OSError("no such file")

    async with simulate(models=(ModelConfig("m", launch=launch),)) as sim:
        response = await sim.chat("m")
        assert response.status_code == 500 and "exited prematurely" in response.text


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not for Windows")
def test_under_uvloop() -> None:
    import uvloop

    async def once() -> None:
        host = SimHost(HostConfig(models=(ModelConfig("m"),), **QUICK))
        await host.start()
        async with httpx.AsyncClient(base_url=host.url, trust_env=False) as client:
            response = await client.post("/v1/chat/completions", json={"model": "m", "stream": True})
            assert response.text.endswith("data: [DONE]\n\n")
            for fault in ("kill", "refuse", "half-open"):
                await host.fault(fault, reset=True)
                await host.fault("none")
            assert (await client.get("/running")).json() == {"running": []}
        await host.stop()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(once())
