"""Event streams of the simulated host through the whole monitor: each version and fault, nothing lost or doubled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Provider, Registry
from boocontrol.demo.config import VERSIONS, GroupConfig, HostConfig, ModelConfig, PeerConfig
from boocontrol.demo.exchange import Exchange
from boocontrol.demo.host import SimHost
from boocontrol.demo.routes import ROUTES, Route
from boocontrol.hosts.actions import Actions
from boocontrol.hosts.monitor import Monitor
from boocontrol.hosts.swap import NO_TYPES
from boocontrol.hosts.view import Sighting
from tests.hosts.conftest import House, entry, has, model
from tests.hosts.test_dialects import touched_only_by_loads

MODELS = (
    ModelConfig("qwen", aliases=("q",), ctx=4096, load_s=0.5, stop_s=0.2, pace=0.02),
    ModelConfig("hidden", unlisted=True, ctx=2048),
    ModelConfig("other", ctx=1024),
)


def config(version: str = "main") -> HostConfig:
    peers = (PeerConfig("peer", "http://127.0.0.1:1", ("far",)),)
    return HostConfig(version=version, models=MODELS, peers=peers, include_aliases_in_list=True, clock=0.2)


def asked(host: SimHost, path: str) -> int:
    return sum(r.target.partition("?")[0] == path for r in host.requests)


async def followed(house: House, host: SimHost, provider: Provider | None = None) -> Monitor:
    """A monitor whose stream stands, after its first look at the truth."""
    monitor = house.monitor(provider or Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen") and live(monitor))
    await settled(monitor)
    return monitor


def live(monitor: Monitor) -> bool:
    return monitor._watches["box"]._follower.live


async def settled(monitor: Monitor) -> None:
    watch = monitor._watches["box"]
    await monitor.wait_for(lambda: live(monitor) and not watch._follower.asks_states and not watch._wake.is_set())


@asynccontextmanager
async def chatting(host: SimHost, name: str = "qwen", tokens: int = 500) -> AsyncIterator[httpx.Response]:
    """Somebody else's stream on the host, cut when the block ends."""
    body = {"model": name, "stream": True, "max_tokens": tokens, "messages": [{"role": "user", "content": "hi"}]}
    async with (
        httpx.AsyncClient(timeout=10) as client,
        client.stream("POST", f"{host.url}/v1/chat/completions", json=body) as response,
    ):
        yield response


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_same_facts_from_every_version(house: House, version: str) -> None:
    host = await house.sim(config(version))
    monitor = await followed(house, host)
    assert {m.wire_id: m.state for m in monitor.catalog().models() if m.wire_id != "peer/far"}.items() >= {
        ("qwen", "stopped"),
        ("other", "stopped"),
    }
    async with chatting(host):
        await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "ready")
        await monitor.wait_for(lambda: model(monitor, "box/qwen").context_length == 4096)
        if version in ("173", "190"):
            assert monitor.host("box").requests is None, "unknown"
        else:
            await monitor.wait_for(lambda: entry(monitor, "box").state == "busy")
            assert monitor.host("box").in_flight == 1
            shown = monitor.host("box").requests
            if version == "216":
                assert shown is None, "it tells the number only"
            else:
                assert shown is not None and shown[0].since is not None
                assert [(r.model, r.path) for r in shown] == [("qwen", "/v1/chat/completions")]
        if version != "173" and version != "190":  # alias lists in modelStatus came with v194
            assert model(monitor, "box/q").state == "ready"
            assert NO_TYPES not in monitor.host("box").degraded_features, "its events tell them"
    await monitor.wait_for(lambda: monitor.host("box").in_flight == 0)
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up", 2)
    await Actions(monitor).unload(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "stopped")
    assert monitor.host("box").loaded == ()
    assert touched_only_by_loads(host)
    assert asked(host, "/upstream/qwen/props") == 1


@pytest.mark.parametrize("version", VERSIONS)
async def test_each_step_is_seen_as_it_happens(house: House, version: str) -> None:
    host = await house.sim(config(version))
    monitor = await followed(house, host)
    seen: list[str] = []

    def note(_: str) -> None:
        state = model(monitor, "box/qwen").state
        if seen[-1:] != [state]:
            seen.append(state)

    monitor._on_change = note
    async with chatting(host, tokens=3):
        await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "ready")
    started = time.perf_counter()
    await host.fault("unload")
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "stopped", 1)
    assert time.perf_counter() - started < 3
    assert [s for s in seen if s != "stopped"][:2] == ["starting", "ready"]
    assert seen[-1] == "stopped"


async def test_unlisted_models_and_peers(house: House) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    async with chatting(host, "hidden", tokens=1):
        await monitor.wait_for(lambda: has(monitor, "box/hidden"))
        await monitor.wait_for(lambda: model(monitor, "box/hidden").context_length == 2048)
    assert not has(monitor, "box/peer/far")
    assert touched_only_by_loads(host)


async def test_a_calm_host_is_asked_for_its_states_rarely(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boocontrol.core.health.INTERVAL_S", 0.2)
    host = await house.sim(config())
    monitor = await followed(house, host)
    before = asked(host, "/running"), asked(host, "/v1/models")
    looks = len(monitor.history("box").checks)
    await monitor.wait_for(lambda: len(monitor.history("box").checks) >= looks + 8)
    assert (asked(host, "/running"), asked(host, "/v1/models")) == before
    monkeypatch.setattr("boocontrol.hosts.events_follow.RUNNING_EVERY_S", 0.0)
    await monitor.wait_for(lambda: asked(host, "/running") > before[0])


async def test_a_host_without_events_goes_on_as_before(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    routes: tuple[Route, ...] = tuple(r for r in ROUTES if r.path != "/api/events")
    monkeypatch.setattr("boocontrol.demo.routes.ROUTES", routes)
    host = await house.sim(config("173"))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await host.wait_request(lambda r: r.target == "/api/events")
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    Actions(monitor).load(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "ready")
    assert not live(monitor)
    assert asked(host, "/api/events") == 1


@pytest.mark.parametrize("fault", ["reload", "crash", "resend-history", "reset-ids", "giant-log", "unknown-event"])
@pytest.mark.parametrize("version", ["190", "235", "main"])
async def test_after_each_fault_the_state_is_right(house: House, version: str, fault: str) -> None:
    host = await house.sim(config(version))
    monitor = await followed(house, host)
    async with chatting(host, tokens=2) as first:
        await first.aread()
    await monitor.wait_for(lambda: model(monitor, "box/qwen").context_length == 4096)
    await host.fault(fault, **({"size": 1_000_000} if fault == "giant-log" else {}))
    gone = fault in ("reload", "crash")
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == ("stopped" if gone else "ready"), 2)
    await monitor.wait_for(lambda: live(monitor))
    async with chatting(host, "other"):
        await monitor.wait_for(lambda: model(monitor, "box/other").context_length == 1024)
        await monitor.wait_for(lambda: version == "190" or monitor.host("box").in_flight == 1)
        assert model(monitor, "box/qwen").state == "stopped"
        assert [m.ref for m in monitor.host("box").loaded] == ["box/other"]
        ids = [r.id for r in monitor.host("box").requests or ()]
        assert len(ids) == len(set(ids))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up" and monitor.host("box").in_flight == 0, 2)
    assert touched_only_by_loads(host)


async def test_history_told_again_changes_nothing(house: House) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    async with chatting(host):
        await monitor.wait_for(lambda: model(monitor, "box/qwen").context_length == 4096 and entry_busy(monitor))
        await settled(monitor)
        catalog, changes = monitor.catalog(), len(house.changes)
        told = monitor._watches["box"]._follower._told
        await host.fault("resend-history")
        await monitor.wait_for(lambda: monitor._watches["box"]._follower._told > told)
        assert monitor.catalog() is catalog
        assert len(house.changes) == changes
        assert monitor.host("box").in_flight == 1


def entry_busy(monitor: Monitor) -> bool:
    return entry(monitor, "box").state == "busy"


async def test_dropped_events_are_made_up_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    await host.fault("drop-events")
    async with chatting(host, tokens=1) as stream:
        await stream.aread()
    assert model(monitor, "box/qwen").state == "stopped", "nobody said so"
    streams = asked(host, "/api/events")
    monkeypatch.setattr("boocontrol.hosts.events_follow.RUNNING_EVERY_S", 0.0)
    monitor.refresh("box")
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "ready", 1)
    await monitor.wait_for(lambda: asked(host, "/api/events") > streams)
    host.state.hub.dropping = False
    await host.fault("unload")
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "stopped")


async def test_an_end_of_a_request_that_was_dropped_is_made_up_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    async with chatting(host):
        await monitor.wait_for(lambda: monitor.host("box").in_flight == 1)
        await monitor.wait_for(lambda: model(monitor, "box/qwen").context_length == 4096)
        host.state.hub.dropping = True
    await host.wait_request(lambda r: r.target == "/v1/chat/completions" and r.client_left)
    host.state.hub.dropping = False
    monkeypatch.setattr("boocontrol.hosts.events_follow.FLIGHT_SILENT_S", 0.0)
    monitor.refresh("box")
    await monitor.wait_for(lambda: monitor.host("box").in_flight == 0)


async def test_two_accounts_that_never_agree_cost_one_new_stream_a_minute(house: House) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    watch = monitor._watches["box"]
    for _ in range(6):
        watch._follower._asked_at = float("-inf")
        host.state.hub.dropping = True
        async with chatting(host, tokens=1) as stream:
            await stream.aread()
        await looked(monitor)
        await looked(monitor)
        await host.fault("unload")
        await monitor.wait_for(lambda: live(monitor))
    assert asked(host, "/api/events") == 2
    assert touched_only_by_loads(host)


async def looked(monitor: Monitor) -> None:
    before = len(monitor.history("box").checks)
    monitor.refresh("box")
    await monitor.wait_for(lambda: len(monitor.history("box").checks) > before)


async def test_an_event_during_a_look_is_newer_than_its_answer(house: House) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    watch = monitor._watches["box"]
    look, begun, go_on = watch._looker.look, asyncio.Event(), asyncio.Event()

    async def held(**how: bool) -> Sighting:
        seen = await look(**how)
        begun.set()
        await go_on.wait()
        return seen

    watch._looker.look = held  # type: ignore[method-assign]
    monitor.refresh("box")
    await begun.wait()
    async with chatting(host):
        await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "ready")
        looks = len(monitor.history("box").checks)
        watch._looker.look = look  # type: ignore[method-assign]
        go_on.set()
        await monitor.wait_for(lambda: len(monitor.history("box").checks) > looks)
        assert model(monitor, "box/qwen").state == "ready"
        assert entry_busy(monitor)


async def test_busy_ends_with_the_last_request_of_both_counts(house: House) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    house.in_flight["box"] = 1
    async with chatting(host):
        await monitor.wait_for(lambda: entry_busy(monitor))
    await monitor.wait_for(lambda: not monitor.host("box").requests)
    assert entry_busy(monitor), "ours is not over yet"
    house.in_flight["box"] = 0
    await monitor.wait_for(lambda: not entry_busy(monitor), 2)


async def test_streams_that_end_at_once_are_not_asked_for_ever(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUICK_S", "FIRST_S"):
        monkeypatch.setattr(f"boocontrol.hosts.events.{name}", 0.01)
    monkeypatch.setattr("boocontrol.demo.events.EventStream.run", ends_at_once)
    host = await house.sim(config())
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: asked(host, "/api/events") == 5)
    looks = len(monitor.history("box").checks)
    Actions(monitor).load(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "ready")
    assert len(monitor.history("box").checks) > looks
    assert asked(host, "/api/events") == 5, "the breaker is open"


async def ends_at_once(_: object, exchange: Exchange) -> None:
    exchange.end()


@pytest.mark.usefixtures("impatient")
async def test_a_half_open_link_is_dropped_and_taken_up_again(house: House) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    async with chatting(host):
        await monitor.wait_for(lambda: monitor.host("box").in_flight == 1)
        await host.fault("half-open")
        monitor.refresh("box")
        await monitor.wait_for(lambda: not live(monitor))
        assert monitor.host("box").in_flight == 0, "unknown"
        await monitor.wait_for(lambda: entry(monitor, "box").state == "down")
    await host.fault("none")
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up" and live(monitor))
    assert model(monitor, "box/qwen").state == "stopped"


async def test_a_killed_host_is_noticed_by_the_end_of_its_stream(house: House) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    started = time.perf_counter()
    await host.fault("kill")
    await monitor.wait_for(lambda: monitor.history("box").checks[-1].outcome == "failed", 1)
    await monitor.wait_for(lambda: entry(monitor, "box").state == "down", 4)
    assert time.perf_counter() - started < 4
    await host.restart()
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up" and live(monitor))


async def test_another_version_after_a_restart(house: House) -> None:
    host = await house.sim(config("main"))
    monitor = await followed(house, host)
    host.set_version("190")
    await host.reload()
    await monitor.wait_for(lambda: monitor.host("box").version == "190" and live(monitor))
    assert monitor.host("box").requests is None
    host.set_version("main")
    await host.reload()
    await monitor.wait_for(lambda: monitor.host("box").version == "250" and monitor.host("box").requests == ())


async def test_a_paused_host_is_not_followed(house: House) -> None:
    host = await house.sim(config())
    on = Provider(id="box", base_url=host.url)
    monitor = await followed(house, host, on)
    monitor.apply(Registry(providers=(on.model_copy(update={"enabled": False}),)))
    await host.wait_request(lambda r: r.target == "/api/events" and r.client_left)
    assert not live(monitor)
    monitor.apply(Registry(providers=(on,)))
    await monitor.wait_for(lambda: live(monitor))


async def test_stopping_leaves_no_stream(house: House) -> None:
    host = await house.sim(config())
    monitor = await followed(house, host)
    await monitor.stop()
    await host.wait_request(lambda r: r.target == "/api/events" and r.client_left)
    assert not [t for t in asyncio.all_tasks() if t.get_name().startswith("events ")]


async def test_a_model_that_may_be_pushed_out_is_not_asked_for_its_context(house: House) -> None:
    """Asked a moment too late it would be loaded again, and push out what came after it."""
    models = tuple(ModelConfig(i, ctx=4096, group="all") for i in ("qwen", "other"))
    groups = (GroupConfig("all", swap=False, exclusive=False),)
    host = await house.sim(HostConfig(models=models, groups=groups, clock=0.01, pace=0.02))
    monitor = await followed(house, host)
    async with chatting(host, "other", tokens=100_000):
        async with chatting(host, "qwen", tokens=1):
            await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "ready")
        await monitor.wait_for(lambda: bool(monitor.host("box").requests))
        await looked(monitor)
        await looked(monitor)
        assert asked(host, "/upstream/qwen/props") == 0
        assert model(monitor, "box/qwen").context_source != "props"
    await monitor.wait_for(lambda: monitor.host("box").requests == ())
    await looked(monitor)
    await monitor.wait_for(lambda: model(monitor, "box/qwen").context_source == "props")
    assert asked(host, "/upstream/qwen/props") == 1
