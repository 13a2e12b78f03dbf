"""What hosts do to a gateway that watches them: no row twice, none lost that the host still tells, the right state.

And in time: from the moment at which a host said what decides it to the moment at which readers of events know.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.demo.host import SimHost
from boocontrol.gateway.exchange import Exchange
from boocontrol.hosts import events_follow

from .conftest import CHAT
from .said import Said, answered, earliest, now
from .whole_inside import Inside, Rows, inside, quick_looks

ENDLESS = {"tokens": 100_000, "pace": 0.005}
TOLD_WITHIN_S = 1.0
"""A state is told within a second of what decides it."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Any:
    with quick_looks(monkeypatch, rows=False):
        yield


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    return Said(monkeypatch)


@asynccontextmanager
async def den(folder: Path, version: str = "main", **more: Any) -> AsyncIterator[tuple[SimHost, Inside]]:
    models = (ModelConfig("qwen"), ModelConfig("other"))
    config = HostConfig(**{"name": "den", "version": version, "models": models, "clock": 0.05, "pace": 0.001, **more})
    async with Fleet([config]) as fleet:
        host = fleet.hosts["den"]
        async with inside(folder, host) as g:
            await seen(g)
            yield host, g


async def seen(g: Inside, version: str = "main") -> None:
    """The host is up, and its events are followed."""
    await g.until(lambda: g.monitor.host("den").state in ("up", "busy") and g.monitor.host("den").tells_requests)


async def ask(host: SimHost, **more: Any) -> None:
    """A request past the gateway, until its host has it in its list."""
    began = now()
    async with httpx.AsyncClient(base_url=host.url, timeout=20, trust_env=False) as client:
        assert (await client.post(CHAT, json={"model": "qwen", "messages": [], **more})).status_code == 200
    for asked in [r for r in host.requests if r.method == "POST" and r.started >= began]:
        await asked.done.wait()


@asynccontextmanager
async def streaming(url: str, model: str, source: str = "story") -> AsyncIterator[Any]:
    """An endless streamed chat that has begun; what comes further is read from it."""
    body = {"model": model, "messages": [], "stream": True, "sim": ENDLESS}
    async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as client:
        async with client.stream("POST", CHAT, json=body, headers={"X-Boo-Source": source}) as answer:
            lines = answer.aiter_lines()
            await anext(lines)
            yield lines


async def rest(lines: Any) -> str:
    return "\n".join([line async for line in lines])


async def in_time(
    g: Inside, decided: Callable[[], float | None], kind: str, so: Callable[[Any], Any], since: float
) -> None:
    """Wait until an event since then tells it, no later than a second after it was decided; a question does too."""
    await g.until(lambda: g.told_at(kind, so, since))
    told, at = g.told_at(kind, so, since), decided()
    assert told is not None and at is not None
    assert told - at <= TOLD_WITHIN_S, f"told {told - at:.2f} s after it was decided"
    if kind == "host":
        assert so(await g.get("/api/hosts/den"))


async def row_in_time(g: Inside, host: SimHost, said: Said, since: float) -> None:
    """The host's last row, which is of no request of ours, is among those that ended a second after it was told."""
    number = host.state.activity.rows[-1].id

    def so(news: Any) -> bool:
        return any(r["hostId"] == number and r["via"] == "host" for r in news["ended"])

    await in_time(g, lambda: said.row(number, since), "activity", so, since)


def is_ready(host: Any) -> bool:
    return [(m["ref"], m["state"]) for m in host["loaded"]] == [("den/qwen", "ready")]


def matched(rows: Rows) -> int:
    return sum(r["hostId"] is not None for r in rows)


def vias(rows: Rows) -> Counter[str]:
    return Counter(r["via"] for r in rows)


def whole(ours: int, theirs: int) -> Callable[[Rows], bool]:
    """So many rows of each side, and each told by the host too."""
    return lambda rows: vias(rows) == Counter(gateway=ours, host=theirs) - Counter() and matched(rows) == len(rows)


async def settled(g: Inside, host: SimHost, said: Said, before: Rows, ours: int, theirs: int) -> Rows:
    """Everything told once more changes nothing: the same rows, each once, and one more of a later request."""
    at = now()
    await host.fault("resend-history")
    await ask(host)
    await row_in_time(g, host, said, at)
    after = await g.until_rows(whole(ours, theirs + 1))
    assert {r["id"] for r in before} < {r["id"] for r in after}
    ended = [r["id"] for _, kind, news in g.told if kind == "activity" for r in news["ended"]]
    assert len(ended) == len(set(ended)), "none is told twice"
    return after


async def test_a_model_server_that_dies(tmp_path: Path, said: Said) -> None:
    async with den(tmp_path) as (host, g):
        async with streaming(g.url, "den/qwen") as lines:
            await g.until(lambda: g.loaded() == {"qwen": "ready"} and g.monitor.host("den").requests)
            polls = sum(r.target == "/running" for r in host.requests)
            at = now()
            await host.fault("crash")
            text = await rest(lines)
        assert '"code":"upstream_stream_interrupted"' in text and "[DONE]" not in text
        await in_time(g, lambda: said.states({}, at), "host", lambda h: not h["loaded"], at)

        def none_runs() -> float | None:
            return said.event("inflight", lambda told: told["operation"] == "remove", at)

        await in_time(g, none_runs, "host", lambda h: not h["inFlight"] and h["requests"] == [], at)
        assert sum(r.target == "/running" for r in host.requests) <= polls + 2, "its events told it, not a poll"
        (row,) = await g.until_rows(whole(1, 0))
        assert (row["outcome"], row["endedBy"]) == ("cut", ""), "nobody did it, as far as is known"
        await settled(g, host, said, [row], 1, 0)


async def test_a_host_that_is_killed_and_returns(tmp_path: Path, said: Said) -> None:
    async with den(tmp_path) as (host, g):
        await g.chat("den/qwen")
        await ask(host)
        before = await g.until_rows(whole(1, 1))
        await host.fault("kill")
        await down_in_time(g)
        host_now = await g.get("/api/hosts/den")
        assert (host_now["loaded"], host_now["requests"], host_now["tellsRequests"]) == ([], None, False)
        assert await g.rows() == before, "what was known stays"
        at = now()
        await host.fault("none")
        await in_time(g, lambda: answered(host, "/wol-health", at, 2), "host", lambda h: h["state"] == "up", at)
        await seen(g)
        assert g.loaded() == {}
        await g.chat("den/qwen")
        await ask(host)
        rows = await g.until_rows(whole(2, 2))
        assert sorted(r["hostId"] for r in rows) == [1, 1, 2, 2], "ids began anew"
        assert {r["id"] for r in before} < {r["id"] for r in rows}


async def down_in_time(g: Inside) -> None:
    """Nothing is said by a host that is gone: what decides it is the third look that fails, when it has failed."""
    await g.until(lambda: g.told_at("host", lambda h: h["state"] == "down"))
    checks = (await g.get("/api/hosts/den/history"))["checks"]
    failed = [c["at"] for c in checks if c["outcome"] == "failed"]
    decided = datetime.fromisoformat(failed[2]).timestamp() - time.time() + now()
    await in_time(g, lambda: decided, "host", lambda h: h["state"] == "down", 0.0)


async def test_a_host_that_reloads_its_config_while_it_answers(tmp_path: Path, said: Said) -> None:
    async with den(tmp_path) as (host, g):
        await g.chat("den/qwen")
        await ask(host)
        before = await g.until_rows(whole(1, 1))
        async with streaming(g.url, "den/qwen") as lines:
            at = now()
            await host.fault("reload")
            new = now()
            assert "upstream_stream_interrupted" in await rest(lines)
            decided = lambda: earliest(said.states({}, at), answered(host, "/running", new))  # noqa: E731
            await in_time(g, decided, "host", lambda h: not h["loaded"], at)
        rows = await g.until_rows(lambda r: len(r) == 3)
        assert rows[0]["outcome"] == "cut" and rows[1:] == before
        await seen(g)
        at = now()
        await ask(host)
        await in_time(g, lambda: said.states({"qwen": "ready"}, at), "host", is_ready, at)
        await row_in_time(g, host, said, at)
        rows = await g.until_rows(lambda r: vias(r) == {"gateway": 2, "host": 2})
        assert {r["id"] for r in before} < {r["id"] for r in rows}


async def test_a_host_that_sleeps_and_wakes_with_its_memory(tmp_path: Path, said: Said) -> None:
    """Half-open: connections stand and nothing is said, as of a laptop that was closed; then it goes on."""
    async with den(tmp_path) as (host, g):
        await g.chat("den/qwen")
        await g.until_rows(whole(1, 0))
        host.state.hub.dropping = True  # the last that happened before it slept was not told
        await ask(host)
        await host.fault("half-open")
        await down_in_time(g)
        at = now()
        host.server.silent = host.state.hub.dropping = False
        host.faults.active.clear()
        await in_time(g, lambda: answered(host, "/wol-health", at, 2), "host", lambda h: h["state"] == "up", at)
        await row_in_time(g, host, said, at)
        rows = await g.until_rows(whole(1, 1))
        assert g.loaded() == {"qwen": "ready"}, "it was never unloaded"
        await settled(g, host, said, rows, 1, 1)


async def test_events_that_are_dropped(tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_follow, "RUNNING_EVERY_S", 0.5)
    async with den(tmp_path) as (host, g):
        await host.fault("drop-events")
        await ask(host)
        ready = host.state.processes["qwen"].ready_at
        await in_time(g, lambda: answered(host, "/running", ready), "host", is_ready, ready)
        await g.chat("den/qwen")
        await ask(host)
        host.state.hub.dropping = False
        at = now()
        await ask(host, sim={"tokens": 11})  # unlike ours, of which the host tells only now too
        await row_in_time(g, host, said, at)
        rows = await g.until_rows(whole(1, 3))
        await settled(g, host, said, rows, 1, 3)


@pytest.mark.parametrize("version", ["216", "250"])
async def test_history_told_again_and_ids_that_count_anew(tmp_path: Path, said: Said, version: str) -> None:
    async with den(tmp_path, version) as (host, g):
        for _ in range(2):
            await g.chat("den/qwen")
            await ask(host)
        rows = await g.until_rows(whole(2, 2))
        rows = await settled(g, host, said, rows, 2, 2)
        at = now()
        await host.fault("reset-ids")
        await g.chat("den/qwen", sim={"tokens": 9})
        await ask(host, sim={"tokens": 11})
        await row_in_time(g, host, said, at)
        again = await g.until_rows(whole(3, 4))
        assert {r["id"] for r in rows} < {r["id"] for r in again}
        await settled(g, host, said, again, 3, 4)


async def test_the_hosts_row_comes_before_ours_has_ended(
    tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, at_gate = asyncio.Event(), asyncio.Event()
    real = Exchange.end

    async def held(exchange: Exchange, data: bytes = b"") -> None:
        if exchange.streaming:
            at_gate.set()
            await gate.wait()
        await real(exchange, data)

    monkeypatch.setattr(Exchange, "end", held)
    async with den(tmp_path) as (host, g):
        asking = asyncio.create_task(g.chat("den/qwen", stream=True))
        await at_gate.wait()
        await ask(host, sim={"tokens": 9})
        await g.until(lambda: len(g.house.activity.host_rows) == 2)
        assert await g.rows() == [], "as long as ours runs, either may be about it"
        running = (await g.get("/api/activity?outcome=running"))["data"]
        assert [r["ref"] for r in running] == ["den/qwen"]
        gate.set()
        assert (await asking).status_code == 200
        rows = await g.until_rows(whole(1, 1))
        assert not g.house.activity.host_rows
        await settled(g, host, said, rows, 1, 1)


async def test_rows_that_are_met_again_by_a_new_gateway(tmp_path: Path, said: Said) -> None:
    models = (ModelConfig("qwen"),)
    async with Fleet([HostConfig(name="den", models=models, clock=0.05, pace=0.001)]) as fleet:
        host = fleet.hosts["den"]
        async with inside(tmp_path, host) as g:
            await seen(g)
            host.state.hub.dropping = True
            await g.chat("den/qwen")
            await ask(host, sim={"tokens": 9})
            await g.until_rows(lambda rows: len(rows) == 1 and not matched(rows))
            async with streaming(g.url, "den/qwen") as lines:
                g.house.quiet()
                assert '"code":"gateway_stopping"' in await rest(lines)
        host.state.hub.dropping = False
        await ask(host, sim={"tokens": 11})
        async with inside(tmp_path, host) as g:
            rows = await g.until_rows(whole(2, 2))
            ends = Counter((r["via"], r["outcome"], r["outputTokens"]) for r in rows if r["outcome"] == "ok")
            assert ends == {("gateway", "ok", 4): 1, ("host", "ok", 9): 1, ("host", "ok", 11): 1}
            assert [r["outcome"] for r in rows if r["via"] == "gateway"] == ["gateway_stopping", "ok"]
            assert g.loaded() == {"qwen": "ready"}
            await settled(g, host, said, rows, 2, 2)


@pytest.mark.parametrize("version", ["216", "main"])
async def test_equal_requests_at_the_same_moment(tmp_path: Path, said: Said, version: str) -> None:
    async with den(tmp_path, version) as (host, g):
        await g.chat("den/qwen")  # loaded: nobody waits for that below
        await g.until_rows(whole(1, 0))
        await asyncio.gather(g.chat("den/qwen"), ask(host), g.chat("den/qwen"), ask(host))
        rows = await g.until_rows(whole(3, 2))
        await settled(g, host, said, rows, 3, 2)


async def test_one_of_others_that_left_at_the_same_moment_is_not_ours(tmp_path: Path, said: Said) -> None:
    async with den(tmp_path) as (host, g):
        await g.chat("den/qwen")
        await g.until_rows(whole(1, 0))
        async with streaming(host.url, "qwen"):
            assert (await g.chat("den/qwen", stream=True, sim={"tokens": 6})).status_code == 200
        rows = await g.until_rows(whole(2, 1))
        assert [(r["via"], r["outputTokens"]) for r in rows if r["outputTokens"] == 6] == [("gateway", 6)]
        assert {r["via"]: r["outcome"] for r in rows}["host"] == "cut"
