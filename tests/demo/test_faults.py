"""Every fault, as a client sees it, and the switch."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from boocontrol.demo import HostConfig, ModelConfig, SimHost
from tests.demo.conftest import Simulated, Start, until

ENDLESS = {"tokens": 100000}
LASTING = ("kill", "refuse", "shutdown", "hang", "half-open")


async def streaming(sim: Simulated, got: asyncio.Event) -> str:
    """Streams an endless answer until it is cut, and returns what came."""
    body = {"model": "m", "messages": [], "stream": True, "sim": ENDLESS}
    text = ""
    async with sim.client.stream("POST", "/v1/chat/completions", json=body) as response:
        async for piece in response.aiter_text():
            text += piece
            got.set()
    return text


@pytest.mark.parametrize("fault", ["crash", "unload", "reload"])
async def test_a_cut_stream_ends_in_order_and_says_nothing(simulate: Start, fault: str) -> None:
    async with simulate() as sim:
        got = asyncio.Event()
        stream = asyncio.create_task(streaming(sim, got))
        await got.wait()
        await sim.switch(fault=fault)
        text = await stream
        assert "[DONE]" not in text and '"finish_reason":"stop"' not in text
        record = sim.host.requests[0]
        await record.done.wait()
        assert record.finished and not record.client_left and record.status == 200


async def test_a_crash_before_the_answer_is_an_empty_502(simulate: Start) -> None:
    async with simulate() as sim:
        response = await sim.chat("m", sim={"die_after": 0})
        assert (response.status_code, response.content) == (502, b"")
        assert "content-type" not in response.headers


async def test_kill_breaks_streams_off_and_none_brings_it_back_on_its_port(simulate: Start) -> None:
    async with simulate() as sim:
        url = sim.host.url
        got = asyncio.Event()
        stream = asyncio.create_task(streaming(sim, got))
        await got.wait()
        described = await sim.switch(fault="kill")
        assert described["faults"] == {"kill": {}} and not described["listening"]
        with pytest.raises(httpx.RemoteProtocolError):
            await stream
        with pytest.raises(httpx.ConnectError):
            await sim.client.get("/health")
        assert sim.host.exited.is_set() and not sim.host.requests[0].client_left
        await sim.switch(fault="none")
        assert sim.host.url == url
        assert (await sim.client.get("/running")).json() == {"running": []}


async def test_kill_can_reset_the_connection(simulate: Start) -> None:
    async with simulate() as sim:
        got = asyncio.Event()
        stream = asyncio.create_task(streaming(sim, got))
        await got.wait()
        await sim.host.fault("kill", reset=True)
        with pytest.raises(httpx.ReadError):
            await stream


@pytest.mark.parametrize("fault", LASTING)
async def test_the_switch_is_reachable_under_every_fault(simulate: Start, fault: str) -> None:
    async with simulate() as sim:
        await sim.switch(fault=fault)
        state = await sim.client.get(f"{sim.host.fault_url}/__demo__/state")
        assert fault in state.json()["faults"]
        described = await sim.switch(fault="none")
        assert described["faults"] == {} and described["listening"]
        assert (await sim.client.get("/health")).text == "OK"


@pytest.mark.parametrize("fault", ["hang", "half-open"])
async def test_hang_and_half_open_accept_and_stay_silent(simulate: Start, fault: str) -> None:
    async with simulate() as sim:
        await sim.client.get("/health")
        await sim.switch(fault=fault)
        with pytest.raises(httpx.ReadTimeout):
            await sim.client.get("/health", timeout=0.1)
        async with httpx.AsyncClient(base_url=sim.host.url, timeout=0.1, trust_env=False) as fresh:
            with pytest.raises(httpx.ReadTimeout):
                await fresh.get("/health")
        recorded = [record.target for record in sim.host.requests]
        assert recorded == ["/health"] * (3 if fault == "hang" else 1)


async def test_half_open_silences_a_running_event_stream_without_an_end(simulate: Start) -> None:
    async with simulate() as sim, sim.events() as events:
        await until(events, lambda kind, data: kind == "inflight")
        await sim.host.fault("half-open")
        sim.host.state.logs.info("nobody hears this")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await anext(events)


async def test_refuse_lets_a_running_answer_finish(simulate: Start) -> None:
    async with simulate() as sim:
        got = asyncio.Event()
        body = {"model": "m", "messages": [], "stream": True, "sim": {"tokens": 40}}

        async def stream() -> str:
            async with sim.client.stream("POST", "/v1/chat/completions", json=body) as response:
                text = ""
                async for piece in response.aiter_text():
                    text += piece
                    got.set()
                return text

        running = asyncio.create_task(stream())
        await got.wait()
        await sim.host.fault("refuse")
        with pytest.raises(httpx.ConnectError):
            await sim.client.get("/health")
        assert (await running).endswith("data: [DONE]\n\n")


async def test_shutdown_waits_for_streams_and_then_exits(simulate: Start) -> None:
    async with simulate() as sim:
        got = asyncio.Event()
        stream = asyncio.create_task(streaming(sim, got))
        await got.wait()
        async with sim.events() as events:
            await sim.host.fault("shutdown")
            async for _ in events:
                pass  # until its orderly end
        assert not sim.host.exited.is_set()
        sim.host.state.processes["m"].crash()
        await stream
        async with asyncio.timeout(5):
            await sim.host.exited.wait()


async def test_slow_delays_and_wrong_key_refuses(simulate: Start) -> None:
    async with simulate() as sim:
        await sim.switch(fault="slow", delay=0.05)
        start = asyncio.get_running_loop().time()
        await sim.client.get("/health")
        assert asyncio.get_running_loop().time() - start >= 0.05
        await sim.switch(fault="none")
        await sim.switch(fault="wrong-key")
        assert (await sim.client.get("/running", headers={"Authorization": "Bearer x"})).status_code == 401
        assert (await sim.client.get("/health")).status_code == 200


async def test_failed_start_lasts_until_none(simulate: Start) -> None:
    async with simulate(models=(ModelConfig("m"), ModelConfig("n"))) as sim:
        await sim.switch(fault="failed-start", model="m")
        response = await sim.chat("m")
        assert response.status_code == 500
        assert "upstream command exited prematurely" in response.text
        assert (await sim.chat("n")).status_code == 200
        await sim.switch(fault="none")
        assert (await sim.chat("m")).status_code == 200


async def test_event_faults(simulate: Start) -> None:
    async with simulate() as sim, sim.events() as events:
        await until(events, lambda kind, data: kind == "inflight")
        await sim.chat("m")
        await until(events, lambda kind, data: kind == "activity")
        await sim.switch(fault="resend-history")
        await until(events, lambda kind, data: kind == "uiConfig")
        assert await until(events, lambda kind, data: kind == "activity") == {"id": 1}
        await sim.switch(fault="unknown-event", type="novelty", data=[1])
        assert await until(events, lambda kind, data: kind == "novelty") == [1]
        await sim.switch(fault="giant-log")
        big = await until(events, lambda kind, data: kind == "logData" and "xxx" in data["data"])
        assert len(big["data"]) > 100 * 1024
        await sim.switch(fault="reset-ids")
        await sim.chat("m")
        assert await until(events, lambda kind, data: kind == "activity") == {"id": 1}
        await sim.switch(fault="drop-events", close=True)
        assert [kind async for kind, _ in events if kind == "activity"] == []


async def test_bad_reload_changes_nothing_but_the_log(simulate: Start) -> None:
    async with simulate() as sim, sim.events() as events:
        await sim.chat("m")
        await sim.switch(fault="bad-reload")
        await until(events, lambda kind, data: kind == "logData" and "failed to reload config" in data["data"])
        assert (await sim.client.get("/running")).json()["running"][0]["state"] == "ready"


async def test_an_unknown_fault_is_named(simulate: Start) -> None:
    async with simulate() as sim:
        response = await sim.client.post(f"{sim.host.fault_url}/__demo__/fault", json={"fault": "fire"})
        assert response.status_code == 400 and "half-open" in response.json()["faults"]
        with pytest.raises(ValueError, match="no such fault: fire"):
            await sim.host.fault("fire")
        response = await sim.client.post(f"{sim.host.fault_url}/__demo__/fault", content=b"[]")
        assert response.status_code == 400
        response = await sim.client.post(f"{sim.host.fault_url}/__demo__/fault", json={"version": "99"})
        assert response.status_code == 400


async def test_version_changes_at_once(simulate: Start) -> None:
    async with simulate() as sim:
        assert (await sim.switch(version="190"))["version"] == "190"
        assert (await sim.client.get("/api/version")).json()["version"] == "190"
        assert (await sim.client.get("/api/profiles")).status_code == 404


async def test_a_killed_host_keeps_its_port(simulate: Start) -> None:
    """Nobody else may be given the port while it refuses."""
    async with simulate() as sim:
        await sim.host.fault("kill")
        others = [SimHost(HostConfig()) for _ in range(20)]
        for other in others:
            await other.start()
        assert sim.host.url not in {other.url for other in others}
        for other in others:
            await other.stop()
        await sim.host.fault("none")
        assert json.loads((await sim.client.get("/running")).text) == {"running": []}
