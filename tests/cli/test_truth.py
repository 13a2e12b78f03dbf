"""The command line says of a fleet what the API says: top, status, models, activity, load and logs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from boocontrol.demo.config import GpuConfig, HostConfig, MachineConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from tests.gateway.conftest import KEY
from tests.gateway.test_host_faults import ask, rest, streaming
from tests.gateway.whole_inside import Inside, inside, quick_looks

GPU = MachineConfig(gpus=(GpuConfig("RTX 4090", 24564),))
QUICK: dict[str, Any] = {"clock": 0.05, "pace": 0.001, "machine": GPU}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Any:
    with quick_looks(monkeypatch):
        yield


def fleet() -> tuple[HostConfig, ...]:
    """A host of today, one of long ago, and one that is to die."""
    broken = ModelConfig("broken", load_s=1, fail_s=0.5)
    return (
        HostConfig("den", models=(ModelConfig("qwen"), broken), **QUICK),
        HostConfig("old", "173", models=(ModelConfig("qwen"),), **QUICK),
        HostConfig("attic", models=(ModelConfig("phi"),), **QUICK),
    )


async def lived(g: Inside, hosts: Fleet) -> None:
    """Some of everything has happened."""
    await g.until(lambda: all(p.answers for p in g.monitor.catalog().providers))
    await g.chat("old/qwen")
    await ask(hosts.hosts["old"])
    await g.post("/api/models/load", ref="den/broken")
    await g.until(lambda: any(load.state == "failed" for load in g.monitor.host("den").loads))
    async with streaming(g.url, "den/qwen", "opencode") as lines:
        await g.until(lambda: g.loaded() == {"qwen": "ready"})
        await g.post("/api/models/unload", ref="den/qwen", force=True)
        await rest(lines)
    await hosts.hosts["attic"].fault("kill")
    await g.until(lambda: g.monitor.host("attic").state == "down" and g.monitor.host("den").gpus)
    await g.until_rows(lambda rows: len(rows) == 3 and all(r["hostId"] for r in rows))


async def test_every_verb_says_what_the_api_says(boo: Any, tmp_path: Path) -> None:
    key_file = tmp_path / "the.key"
    key_file.write_text(KEY)
    key_file.chmod(0o600)

    async with Fleet(fleet()) as hosts:
        for host in hosts.hosts.values():
            host.state.machine._start -= 60
        async with inside(tmp_path, *hosts.hosts.values()) as g:

            async def run(*words: str, code: int = 0) -> str:
                ran = await asyncio.to_thread(boo, "--gateway", g.url, "--key-file", str(key_file), *words)
                assert ran.code == code, ran.err
                return str(ran.out)

            await lived(g, hosts)
            async with streaming(g.url, "den/qwen", "aider"), streaming(hosts.hosts["den"].url, "qwen"):
                await g.until(lambda: len(g.monitor.host("den").requests or ()) == 2)
                api = {p: await g.get(p) for p in ("/api/hosts", "/api/models", "/api/activity", "/api/status")}
                _status(api, await run("status"), json.loads(await run("status", "--json")))
                _models(api, await run("models"), json.loads(await run("models", "--json")))
                _activity(api, await run("activity"), json.loads(await run("activity", "--json")))
                _top(await run("top", "--once"))
            words = ("logs", "den", "--source", "proxy", "-n", "10000")
            await _logs(g, await run(*words), await run(*words, "--json"))
            assert "exited prematurely" in await _failed(boo, g, key_file)


def line(text: str, *words: str) -> str:
    """The one line in which these stand."""
    found = [row for row in text.splitlines() if all(word in row for word in words)]
    assert len(found) == 1, (words, text)
    return found[0]


def steady(hosts: list[Any]) -> list[Any]:
    """Without what is another at each look."""
    changing = ("asOf", "latencyMs", "cpu", "memory", "gpus", "loaded")
    return [{k: v for k, v in host.items() if k not in changing} for host in hosts]


def _status(api: Any, text: str, told: Any) -> None:
    assert steady(told["hosts"]) == steady(api["/api/hosts"]["hosts"])
    assert told["counts"] == api["/api/status"]["counts"]
    assert "2 of 3 hosts up" in text
    den, old, attic = (line(text, name, word) for name, word in (("den ", "busy"), ("old ", "up"), ("attic ", "down")))
    assert "qwen (ready)" in den and " 2" in den
    assert "qwen (ready)" in old
    assert "(ready)" not in attic and api["/api/hosts"]["hosts"][2]["reason"].split(".")[0] in attic


def _models(api: Any, text: str, told: Any) -> None:
    said = {m["ref"]: m["state"] for p in told["providers"] for m in p["models"]}
    assert said == {m["ref"]: m["state"] for p in api["/api/models"]["providers"] for m in p["models"]}
    assert said == {"den/qwen": "ready", "den/broken": "stopped", "old/qwen": "ready", "attic/phi": "unknown"}
    for ref, state in said.items():
        assert state in line(text, ref)


def _activity(api: Any, text: str, told: Any) -> None:
    assert [r["id"] for r in told["data"]] == [r["id"] for r in api["/api/activity"]["data"]]
    ended = [r for r in told["data"] if r["outcome"] != "running"]
    assert ended == [r for r in api["/api/activity"]["data"] if r["outcome"] != "running"]
    assert {(r["ref"], r["via"], r["outcome"], r["endedBy"]) for r in ended} == {
        ("old/qwen", "gateway", "ok", ""),
        ("old/qwen", "host", "ok", ""),
        ("den/qwen", "gateway", "cut", "panel"),
    }
    assert "opencode" in line(text, "den/qwen", "cut by panel")
    assert "den/qwen" in line(text, "running", "aider")
    for row in ended:
        assert row["outcome"] in line(text, row["id"])


def _top(text: str) -> None:
    assert "2 of 3 hosts up" in text
    assert "2 requests" in line(text, "busy", "den")
    assert "failed: " in line(text, "broken") and "exited prematurely" in line(text, "broken")
    assert "of 24.0 GiB" in line(text, "RTX 4090")
    head, _, below = text.partition("Running")
    running, _, recent = below.partition("Recent")
    assert "qwen  ready" in head
    assert "den/qwen" in line(running, "aider") and "den/qwen" in line(running, "other")
    assert "den/qwen" in line(recent, "cut by panel")


async def _logs(g: Inside, text: str, told: str) -> None:
    """The API was asked last: it tells the same lines, and perhaps some more."""
    lines: list[str] = []
    path = "/api/hosts/den/logs?source=proxy&history=true&follow=false"
    async with g.client.stream("GET", path) as answer:
        async for row in answer.aiter_lines():
            if row.startswith("data: ") and "text" in (news := json.loads(row[6:])):
                lines += news["text"].splitlines()
    shown = [json.loads(row)["text"].rstrip("\n") for row in told.splitlines()]
    assert len(shown) > 5 and shown == lines[: len(shown)]
    rows = text.splitlines()
    assert all(one in row for one, row in zip(shown, rows, strict=False)) and len(rows) > 5


async def _failed(boo: Any, g: Inside, key_file: Path) -> str:
    """A load that fails, as the command line tells it."""
    words = ("--gateway", g.url, "--key-file", str(key_file), "load", "den/broken")
    ran = await asyncio.to_thread(boo, *words)
    assert ran.code == 1
    load = next(load for load in (await g.get("/api/hosts/den"))["loads"] if load["ref"] == "den/broken")
    assert (load["state"], load["by"]) == ("failed", "cli") and load["reason"] in ran.err
    return str(ran.err)
