"""The story of real (simulated) hosts, told over the events of a gateway process, and kept over a restart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet

from .conftest import CHAT, QUICK
from .test_process import gateway, provider

MODELS = (ModelConfig("qwen", load_s=0.3, stop_s=0.1), ModelConfig("phi", load_s=0.3, stop_s=0.1))
LISTEN = {"X-Boo-Source": "panel"}


def den(version: str = "main") -> HostConfig:
    return HostConfig(name="den", version=version, models=MODELS, **{**QUICK, "clock": 1.0})


async def told(g: Any, holds: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """The story, oldest first, once it is as wanted."""
    found: list[dict[str, Any]] = []
    async with g.client.stream("GET", "/api/events", timeout=15) as events:
        async for line in events.aiter_lines():
            if line in ("event: snapshot", "event: story"):
                found = (await g.api("/api/story"))["data"][::-1]
                if holds(found):
                    return found
    raise AssertionError(found)


async def host(g: Any, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The host, once it is as wanted."""
    async with g.client.stream("GET", "/api/events", timeout=15) as events:
        async for line in events.aiter_lines():
            if line in ("event: snapshot", "event: host"):
                found: dict[str, Any] = await g.api("/api/hosts/den")
                if holds(found):
                    return found
    raise AssertionError


async def measured(g: Any, ref: str) -> None:
    """The context length of a model is known from its own server."""
    async with g.client.stream("GET", "/api/events", timeout=15) as events:
        async for line in events.aiter_lines():
            if line in ("event: snapshot", "event: catalog"):
                models = (await g.api("/api/models"))["providers"][0]["models"]
                if any(m["ref"] == ref and m["contextSource"] == "props" for m in models):
                    return


def names(found: list[dict[str, Any]]) -> list[str]:
    return [e["event"] for e in found]


@pytest.mark.parametrize("version", ["216", "main"])
async def test_a_swap_says_what_pushed_what_out_and_for_whom(tmp_path: Path, version: str) -> None:
    async with Fleet([den(version)]) as fleet:
        document = {"providers": [provider("den", fleet.hosts["den"].url)]}
        async with gateway(tmp_path, document) as g:
            await host(g, lambda h: h["state"] == "up" and h["models"] == 2)
            for model in ("qwen", "phi"):
                body = {"model": f"den/{model}", "messages": []}
                answer = await g.client.post(CHAT, json=body, headers={"User-Agent": "opencode/1"})
                assert answer.status_code == 200
                # Its context length is read once it is there; a model that goes meanwhile would be loaded again.
                await measured(g, f"den/{model}")
            found = await told(g, lambda r: names(r).count("loaded") == 2 and "evicted" in names(r))
            flat = [(e["event"], e["ref"], e["seconds"], e["time"][14:23]) for e in found]
            assert names(found).count("evicted") == 1, flat
            (evicted,) = [e for e in found if e["event"] == "evicted"]
            assert (evicted["ref"], evicted["cause"]) == ("den/qwen", "den/phi")
            assert {e["by"] for e in found} == {"opencode/1"}
            assert all(e["seconds"] and e["seconds"] < 10 for e in found if e["event"] == "loaded"), flat
            shown = await host(g, lambda h: [m["ref"] for m in h["loaded"]] == ["den/phi"])
            (phi,) = shown["loaded"]
            assert phi["ref"] == "den/phi"
            assert phi["since"] and phi["usualLoadS"] and phi["inFlight"] == 0
        async with gateway(tmp_path, document) as g:
            shown = await host(g, lambda h: bool(h["loaded"]))
            (again,) = shown["loaded"]
            assert (again["since"], again["usualLoadS"]) == (phi["since"], phi["usualLoadS"])
            assert names((await g.api("/api/story"))["data"][::-1]) == names(found)


async def test_loads_and_unloads_that_the_panel_asked_for(tmp_path: Path) -> None:
    async with Fleet([den()]) as fleet:
        async with gateway(tmp_path, {"providers": [provider("den", fleet.hosts["den"].url)]}) as g:
            await host(g, lambda h: h["state"] == "up" and h["models"] == 2)
            ref = {"ref": "den/qwen"}
            assert (await g.client.post("/api/models/load", json=ref, headers=LISTEN)).status_code == 202
            await told(g, lambda r: "loaded" in names(r))
            assert (await g.client.post("/api/models/unload", json=ref, headers=LISTEN)).status_code == 202
            found = await told(g, lambda r: "unloaded" in names(r))
            assert [(e["event"], e["by"]) for e in found] == [
                ("load_asked", "panel"),
                ("loading", "panel"),
                ("loaded", "panel"),
                ("unloaded", "panel"),
            ]
            await fleet.hosts["den"].fault("failed-start")
            await g.client.post("/api/models/load", json=ref, headers=LISTEN)
            found = await told(g, lambda r: "load_failed" in names(r))
            (failed,) = [e for e in found if e["event"] == "load_failed"]
            assert failed["by"] == "panel" and failed["detail"]


async def test_samples_come_by_themselves(tmp_path: Path) -> None:
    async with Fleet([den()]) as fleet:
        document = {"providers": [provider("den", fleet.hosts["den"].url)]}
        async with gateway(tmp_path, document) as g:
            await host(g, lambda h: h["state"] == "up")
        async with gateway(tmp_path, document) as g:
            checks = (await g.api("/api/hosts/den/history"))["checks"]
            assert checks and checks[0]["outcome"] == "ok"
            assert json.dumps(checks).count("latencyMs") == len(checks)
