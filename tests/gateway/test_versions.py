"""Hosts of every version side by side: the same story leads to the same facts; what one cannot tell is unknown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from boocontrol.demo.config import VERSIONS, GpuConfig, HostConfig, MachineConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.demo.host import SimHost

from .conftest import CHAT
from .test_process import Process, gateway, provider

CLI = {"X-Boo-Source": "cli"}
GPU = MachineConfig(cores=8, memory_mb=32768, gpus=(GpuConfig("RTX 4090", 24564),))
LONG = {"tokens": 100_000, "pace": 0.01}


def named(version: str) -> str:
    return f"v{version}"


def number(version: str) -> int:
    return 251 if version == "main" else int(version)


def config(version: str) -> HostConfig:
    models = (ModelConfig("qwen", load_s=0.5), ModelConfig("embed"))
    return HostConfig(named(version), version, models=models, clock=0.2, pace=0.001, machine=GPU)


class Story:
    """The fleet, its gateway, and what was seen of each host at each step of the story."""

    def __init__(self, fleet: Fleet, g: Process) -> None:
        self.fleet, self.g = fleet, g
        self.loaded: dict[str, Any] = {}
        self.busy: dict[str, Any] = {}
        self.models: dict[str, Any] = {}
        self.rows: dict[str, list[Any]] = {}
        self.events: dict[str, list[Any]] = {}

    async def until(self, path: str, holds: Callable[[Any], bool], within: float = 20.0) -> Any:
        """What the API answers once it is as wanted; asked again at every event."""
        found: Any = None
        try:
            async with asyncio.timeout(within), self.g.client.stream("GET", "/api/events", timeout=within) as events:
                async for line in events.aiter_lines():
                    if line.startswith("event:") and holds(found := await self.g.api(path)):
                        return found
        except TimeoutError:
            pass
        raise AssertionError((path, found))

    async def tell(self, host: SimHost) -> None:
        """Load, chat, a request past the gateway, unload."""
        name, client = host.config.name, self.g.client
        here = f"/api/hosts/{name}"
        await self.until(here, lambda h: h["state"] == "up" and h["models"] >= 2)
        ask = {"ref": f"{name}/qwen"}
        assert (await client.post("/api/models/load", json=ask, headers=CLI)).status_code == 202
        await self.until(here, lambda h: [m["state"] for m in h["loaded"]] == ["ready"])
        body = {"model": f"{name}/qwen", "messages": [], "stream": True, "sim": {"tokens": 5}}
        assert (await client.post(CHAT, json=body, headers={"X-Boo-Source": "story"})).status_code == 200
        async with self.elsewhere(host):
            self.busy[name] = await self.until(here, lambda h: host.config.version in ("173", "190") or h["inFlight"])
        await self.until(here, lambda h: not h["inFlight"])
        self.rows[name] = await self._rows(name)
        self.loaded[name] = await self.until(here, lambda h: h["state"] == "up" and _figures(host, h))
        catalog = await self.g.api("/api/models")
        self.models[name] = next(p for p in catalog["providers"] if p["id"] == name)["models"]
        assert (await client.post("/api/models/unload", json=ask, headers=CLI)).status_code == 202
        await self.until(here, lambda h: not h["loaded"])
        told = await self.until(f"/api/story?provider={name}", lambda s: s["data"][0]["event"] == "unloaded")
        self.events[name] = told["data"]

    async def _rows(self, name: str) -> list[Any]:
        """Ours and theirs that ended well, once the host told both."""

        def well(page: Any) -> list[Any]:
            return [r for r in page["data"] if r["hostId"] is not None and r["outputTokens"]]

        return well(await self.until(f"/api/activity?provider={name}", lambda p: len(well(p)) == 2))

    @asynccontextmanager
    async def elsewhere(self, host: SimHost) -> AsyncIterator[None]:
        """A request of somebody else runs on the host itself, until its client leaves; another one ends well."""
        body = {"model": "qwen", "messages": [], "stream": True}
        async with httpx.AsyncClient(base_url=host.url, timeout=20, trust_env=False) as client:
            async with client.stream("POST", CHAT, json=body | {"sim": LONG}) as answer:
                lines = answer.aiter_lines()
                await anext(lines)
                yield
            assert (await client.post(CHAT, json=body | {"sim": {"tokens": 7}})).status_code == 200


def _figures(host: SimHost, shown: Any) -> bool:
    return number(host.config.version) < 212 or shown["gpus"] is not None


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    async def run(folder: Path) -> Story:
        async with Fleet([config(version) for version in VERSIONS]) as fleet:
            document = {"providers": [provider(name, host.url) for name, host in fleet.hosts.items()]}
            async with gateway(folder, document) as g:
                story = Story(fleet, g)
                for host in fleet.hosts.values():
                    host.state.machine._start -= 60  # it has measured itself before
                await asyncio.gather(*(story.tell(host) for host in fleet.hosts.values()))
                return story

    yield asyncio.run(run(tmp_path_factory.mktemp("versions")))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_facts_of_a_host(told: Story, version: str) -> None:
    host = told.loaded[named(version)]
    (model,) = host["loaded"]
    assert (host["state"], host["reason"], host["models"]) == ("up", None, 2)
    assert host["version"] == ("250" if version == "main" else version)
    assert (model["ref"], model["state"], model["slow"]) == (f"{named(version)}/qwen", "ready", None)
    assert model["since"] and model["idleSince"]
    assert model["loadSamples"] == 1 and model["usualLoadS"] > 0


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_facts_of_its_models(told: Story, version: str) -> None:
    models = {m["wireId"]: m for m in told.models[named(version)]}
    assert {w: (m["type"], m["state"]) for w, m in models.items()} == {
        "qwen": ("model", "ready"),
        "embed": ("model", "stopped"),
    }
    assert (models["qwen"]["contextLength"], models["qwen"]["contextSource"]) == (8192, "props")
    assert models["embed"]["contextLength"] in (None, 8192), "never 0"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_facts_of_requests(told: Story, version: str) -> None:
    rows = {r["via"]: r for r in told.rows[named(version)]}
    ours, theirs = rows["gateway"], rows["host"]
    for row, tokens, client in ((ours, 5, "story"), (theirs, 7, "other")):
        assert (row["ref"], row["outcome"], row["client"]) == (f"{named(version)}/qwen", "ok", client)
        assert (row["outputTokens"], row["endedBy"]) == (tokens, "")
        assert row["promptTokens"] > 0 and row["durationMs"] > 0
    assert (ours["status"], ours["endpoint"], ours["streamed"]) == (200, CHAT, True)
    assert theirs["ttftMs"] is None
    tells = number(version) >= 236
    assert (theirs["status"], theirs["endpoint"]) == ((200, CHAT) if tells else (None, "")), "unknown is not made up"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_story(told: Story, version: str) -> None:
    events = [(e["event"], e["by"]) for e in reversed(told.events[named(version)])]
    assert events == [("load_asked", "cli"), ("loading", "cli"), ("loaded", "cli"), ("unloaded", "cli")]
    loaded = told.events[named(version)][1]
    assert loaded["seconds"] > 0


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_cannot_tell_is_unknown_and_said(told: Story, version: str) -> None:
    n, host, busy = number(version), told.loaded[named(version)], told.busy[named(version)]
    missing = " ".join(host["degradedFeatures"])
    assert ("GPU and memory" in missing) == (n < 212)
    assert ("activity list" in missing) == (n < 236)
    assert ("Commands of running models" in missing) == (n < 186)
    assert ("while they run" in missing) == (n < 192)
    machine = (host["cpu"], host["memory"], host["gpus"])
    if n < 212:
        assert machine == (None, None, None)
    else:
        assert host["cpu"]["cores"] == 8 and host["memory"]["totalMb"] == 32768
        assert [(g["name"], g["memoryTotalMb"]) for g in host["gpus"]] == [("RTX 4090", 24564)]
    (model,) = busy["loaded"]
    assert busy["tellsRequests"] == (n >= 192)
    if n < 192:  # nothing is said of the request that runs there, and no zero either
        assert (busy["inFlight"], busy["requests"], model["inFlight"]) == (0, None, None)
    else:
        assert (busy["state"], busy["inFlight"], model["inFlight"]) == ("busy", 1, 1)
    if n >= 235:
        assert [(r["model"], r["path"]) for r in busy["requests"]] == [("qwen", CHAT)]
    else:
        assert busy["requests"] is None
