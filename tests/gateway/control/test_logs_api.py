"""GET /api/hosts/{id}/logs over HTTP: what is asked for, what is refused, and a reader that leaves."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from boocontrol.core.registry import Provider, Registry
from boocontrol.core.secrets import MemoryStore
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.gateway.control.app import control_app
from boocontrol.gateway.logs import LogHub
from boocontrol.gateway.serve import _config, bind, url_of
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.monitor import Monitor


@asynccontextmanager
async def served(panel: Any) -> AsyncIterator[tuple[httpx.AsyncClient, LogHub, Fleet]]:
    """The control API on a real server, with a simulated host `den` behind its logs."""
    config = HostConfig(name="den", models=(ModelConfig("qwen"),), clock=0.01, pace=0.001)
    async with Fleet([config]) as fleet:
        monitor = Monitor(Keys(MemoryStore()), in_flight=lambda p: 0, on_change=lambda p: hub.noticed(p))
        hub = LogHub(monitor)
        monitor.apply(Registry(providers=(Provider.model_validate({"id": "den", "baseUrl": fleet.hosts["den"].url}),)))
        server = uvicorn.Server(_config(control_app(dataclasses.replace(panel.services, logs=hub))))
        sock = bind("127.0.0.1", 0)
        serving = asyncio.create_task(server._serve([sock]))
        try:
            async with httpx.AsyncClient(base_url=url_of(sock), timeout=10, trust_env=False) as client:
                await monitor.wait_for(lambda: monitor.host("den").state == "up")
                yield client, hub, fleet
        finally:
            hub.close()
            server.should_exit = True
            await serving
            await hub.stop()
            await monitor.stop()


def events(text: str) -> list[tuple[str, Any]]:
    pairs = [part.split("\n") for part in text.strip().split("\n\n") if part.startswith("event: ")]
    return [(kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for kind, data in pairs]


async def test_what_was_kept_then_the_end(panel: Any) -> None:
    async with served(panel) as (http, _, _fleet):
        answer = await http.get("/api/hosts/den/logs?source=proxy&follow=false")
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer.text)
        assert [kind for kind, _ in told] == ["log", "live", "end"]
        assert "llama-swap listening" in told[0][1]["text"]
        assert set(told[0][1]) == {"seq", "source", "model", "text", "time"}


async def test_a_reader_that_leaves_closes_the_connection(panel: Any) -> None:
    async with served(panel) as (http, hub, fleet):
        async with http.stream("GET", "/api/hosts/den/logs") as answer:
            async for line in answer.aiter_lines():
                if line == "event: live":
                    break
            assert hub.followed == 1
        async with asyncio.timeout(1):
            while hub.followed or fleet.hosts["den"].state.log_streams:  # noqa: ASYNC110 neither has an event for it
                await asyncio.sleep(0.01)


async def test_the_stream_ends_with_the_gateway(panel: Any) -> None:
    async with served(panel) as (http, hub, _fleet):
        async with http.stream("GET", "/api/hosts/den/logs") as answer:
            lines = answer.aiter_lines()
            async for line in lines:
                if line == "event: live":
                    break
            hub.close()
            assert 'data: {"why":"The gateway stops."}' in [line async for line in lines]


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("source=nothing", "source"),
        ("source=model", "model"),
        ("source=proxy&model=q", "model"),
        ("history=perhaps", "history"),
        ("follow=1", "follow"),
        ("source=model&model=%00", "model"),
    ],
)
async def test_wrong_queries_are_named(panel: Any, query: str, param: str) -> None:
    answer = await panel.http.get(f"/api/hosts/den/logs?{query}")
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, param)


async def test_an_unknown_host_is_no_stream(panel: Any) -> None:
    assert (await panel.http.get("/api/hosts/nobody/logs")).status_code == 404


async def test_the_description_names_it(panel: Any) -> None:
    described = (await panel.http.get("/api/openapi.json")).json()["paths"]["/api/hosts/{provider_id}/logs"]["get"]
    assert {p["name"] for p in described["parameters"]} == {"provider_id", "source", "model", "history", "follow"}
    assert "text/event-stream" in described["responses"]["200"]["content"]
