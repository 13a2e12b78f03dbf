"""Requests that hosts tell of: one row for each, from whichever side it was seen, whatever the host does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.demo.host import SimHost

from .conftest import CHAT, QUICK, models
from .test_process import gateway, provider

BODY = {"model": "den/qwen", "messages": []}
VERSIONS = ("173", "190", "216", "235", "250", "main")


def den(version: str = "main", **more: Any) -> HostConfig:
    return HostConfig(**{"name": "den", "version": version, "models": models("qwen", "embed"), **QUICK, **more})


async def rows(g: Any, query: str = "") -> list[dict[str, Any]]:
    """All rows that ended."""
    page = await g.api(f"/api/activity?limit=500{query}")
    return [r for r in page["data"] if r["outcome"] != "running"]


async def until(g: Any, holds: Callable[[list[dict[str, Any]]], bool], within: float = 15.0) -> list[dict[str, Any]]:
    """The rows once they are as wanted; looked at again whenever the gateway tells of activity."""
    found: list[dict[str, Any]] = []
    try:
        async with asyncio.timeout(within), g.client.stream("GET", "/api/events", timeout=within) as events:
            async for line in events.aiter_lines():
                if line in ("event: snapshot", "event: activity") and holds(found := await rows(g)):
                    return found
    except TimeoutError:
        pass
    raise AssertionError([(r["via"], r["ref"], r["hostId"], r["outcome"], r["outputTokens"]) for r in found])


async def connected(host: SimHost, times: int = 1) -> None:
    """The gateway has asked for the host's events so many times."""

    def asked(_: Any) -> bool:
        return sum(r.target == "/api/events" for r in host.recorder.requests) >= times

    await host.recorder.wait(asked, 10)


async def ask(url: str, model: str = "qwen", path: str = CHAT, **more: Any) -> httpx.Response:
    """A request past the gateway."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        return await client.post(url + path, json={"model": model, "messages": [], "input": "hi", **more})


def vias(found: list[dict[str, Any]]) -> Counter[str]:
    return Counter(r["via"] for r in found)


def matched(found: list[dict[str, Any]]) -> int:
    return sum(r["hostId"] is not None for r in found)


@pytest.mark.parametrize("version", VERSIONS)
async def test_each_request_is_one_row_in_every_version(tmp_path: Path, version: str) -> None:
    async with Fleet([den(version)]) as fleet:
        host = fleet.hosts["den"]
        async with gateway(tmp_path, {"providers": [provider("den", host.url)]}) as g:
            await connected(host)
            for stream in (False, True):
                assert (await g.client.post(CHAT, json=BODY | {"stream": stream})).status_code == 200
            embed = {"model": "den/embed", "input": "x"}
            assert (await g.client.post("/v1/embeddings", json=embed)).status_code == 200
            await ask(host.url)
            await ask(host.url, stream=True)
            found = await until(g, lambda r: len(r) == 5 and matched(r) == 5)
            assert vias(found) == {"gateway": 3, "host": 2}
            assert {r["client"] for r in found if r["via"] == "host"} == {"other"}
            assert all(r["ref"] == "den/qwen" and r["outputTokens"] for r in found if r["via"] == "host")
            # A second look at all that the host keeps brings nothing new.
            await host.fault("resend-history")
            await ask(host.url)
            found = await until(g, lambda r: len(r) >= 6)
            assert vias(found) == {"gateway": 3, "host": 3}


async def test_many_at_once_from_both_sides(tmp_path: Path) -> None:
    async with Fleet([den(models=models("qwen", concurrency_limit=100))]) as fleet:
        host = fleet.hosts["den"]
        async with gateway(tmp_path, {"providers": [provider("den", host.url)]}) as g:
            await connected(host)
            ours = [g.client.post(CHAT, json=BODY | {"stream": n % 2 == 0}) for n in range(30)]
            theirs = [ask(host.url, stream=n % 2 == 0) for n in range(30)]
            answers = await asyncio.gather(*ours, *theirs)
            assert {a.status_code for a in answers} == {200}
            found = await until(g, lambda r: len(r) == 60 and matched(r) == 60)
            assert vias(found) == {"gateway": 30, "host": 30}


async def test_what_happened_while_the_gateway_was_away(tmp_path: Path) -> None:
    async with Fleet([den()]) as fleet:
        host = fleet.hosts["den"]
        document = {"providers": [provider("den", host.url)]}
        async with gateway(tmp_path, document) as g:
            await connected(host)
            await g.client.post(CHAT, json=BODY)
            await ask(host.url)
            first = await until(g, lambda r: len(r) == 2 and matched(r) == 2)
        for _ in range(3):
            await ask(host.url)
        async with gateway(tmp_path, document) as g:
            found = await until(g, lambda r: len(r) == 5)
            assert vias(found) == {"gateway": 1, "host": 4}
            assert {r["id"] for r in first} < {r["id"] for r in found}


async def test_a_kill_before_the_host_told_makes_no_second_row(tmp_path: Path) -> None:
    async with Fleet([den()]) as fleet:
        host = fleet.hosts["den"]
        document = {"providers": [provider("den", host.url)]}
        async with gateway(tmp_path, document) as g:
            host.state.hub.dropping = True  # the host's own word comes only after the kill
            await g.client.post(CHAT, json=BODY)
            await until(g, lambda r: len(r) == 1)
            g.process.kill()
            await g.process.wait()
        host.state.hub.dropping = False
        async with gateway(tmp_path, document) as g:
            await ask(host.url)
            found = await until(g, lambda r: len(r) == 2 and matched(r) == 2)
            assert vias(found) == {"gateway": 1, "host": 1}


async def test_ids_that_count_anew_and_events_that_drop(tmp_path: Path) -> None:
    async with Fleet([den()]) as fleet:
        host = fleet.hosts["den"]
        async with gateway(tmp_path, {"providers": [provider("den", host.url)]}) as g:
            await connected(host)
            for _ in range(3):
                await ask(host.url)
            await until(g, lambda r: len(r) == 3)
            await host.fault("reset-ids")
            await ask(host.url)
            await until(g, lambda r: len(r) == 4)
            host.state.hub.dropping = True
            await ask(host.url)
            host.state.hub.dropping = False
            await ask(host.url)
            found = await until(g, lambda r: len(r) == 6)
            assert vias(found) == {"host": 6}


async def test_a_name_asked_for_by_its_alias_and_a_host_that_restarts(tmp_path: Path) -> None:
    config = den(models=(ModelConfig("qwen", aliases=("q",)),))
    async with Fleet([config]) as fleet:
        host = fleet.hosts["den"]
        async with gateway(tmp_path, {"providers": [provider("den", host.url)]}) as g:
            await connected(host)
            assert (await g.client.post(CHAT, json=BODY | {"model": "den/q"})).status_code == 200
            found = await until(g, lambda r: len(r) == 1 and matched(r) == 1)
            assert (found[0]["ref"], found[0]["via"]) == ("den/q", "gateway")
            await host.fault("kill")
            await host.fault("none")
            await connected(host, 2)
            await ask(host.url)
            assert vias(await until(g, lambda r: len(r) == 2 and matched(r) == 2)) == {"gateway": 1, "host": 1}


async def test_a_client_that_left_a_stream_that_was_cut_and_an_unknown_model(tmp_path: Path) -> None:
    async with Fleet([den()]) as fleet:
        host = fleet.hosts["den"]
        async with gateway(tmp_path, {"providers": [provider("den", host.url)]}) as g:
            await connected(host)
            long = BODY | {"stream": True, "sim": {"tokens": 1000, "pace": 0.01}}
            async with g.client.stream("POST", CHAT, json=long) as answer:
                await anext(answer.aiter_bytes())
            async with g.client.stream("POST", CHAT, json=long) as answer:
                pieces = answer.aiter_bytes()
                await anext(pieces)
                await host.fault("crash")
                async for _ in pieces:
                    pass
            await g.client.post(CHAT, json=BODY | {"model": "den/nothing"})
            await ask(host.url, model="nothing")
            found = await until(g, lambda r: len(r) == 4 and matched(r) == 4)
            ends = Counter((r["via"], r["outcome"]) for r in found)
            assert ends == {
                ("gateway", "client_left"): 1,
                ("gateway", "cut"): 1,
                ("gateway", "model_not_found"): 1,
                ("host", "model_not_found"): 1,
            }
