"""The monitor over real servers: many hosts side by side, what changes, what stays, what never delays another."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest
from aiohttp import web

from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import KeyRef, Provider, Registry
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.hosts.actions import Actions
from boocontrol.hosts.records import RunningModel
from boocontrol.hosts.view import Sighting
from tests.hosts.conftest import House, entry, has, json, model, models

QWEN = ModelConfig("qwen", ctx=4096)


async def test_the_same_model_on_two_hosts_has_two_states_and_two_lengths(house: House) -> None:
    one = await house.sim(HostConfig(models=(QWEN,), clock=0.1))
    two = await house.sim(HostConfig(models=(ModelConfig("qwen", ctx=1024),), clock=0.1))
    monitor = house.monitor(Provider(id="one", base_url=one.url), Provider(id="two", base_url=two.url))
    await monitor.wait_for(lambda: has(monitor, "one/qwen") and has(monitor, "two/qwen"))
    assert monitor.catalog().shared_names == ("qwen",)
    actions = Actions(monitor)
    actions.load(ModelRef("one", "qwen"))
    await monitor.wait_for(lambda: model(monitor, "one/qwen").context_length == 4096)
    assert model(monitor, "two/qwen").state == "stopped"
    assert model(monitor, "two/qwen").context_length is None
    actions.load(ModelRef("two", "qwen"))
    await monitor.wait_for(lambda: model(monitor, "two/qwen").context_length == 1024)
    assert model(monitor, "one/qwen").context_length == 4096
    assert not [r for h in (one, two) for r in h.requests if r.touched_not_ready and not r.target.endswith("/")]


async def test_each_time_a_model_becomes_ready_it_is_asked_once(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,), clock=0.1))
    monitor = house.monitor(Provider(id="one", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "one/qwen"))
    actions = Actions(monitor)
    for _ in range(2):
        actions.load(ModelRef("one", "qwen"))
        await monitor.wait_for(lambda: model(monitor, "one/qwen").state == "ready" and not actions.loading)
        for _ in range(2):
            await looked(monitor, "one")
        await actions.unload(ModelRef("one", "qwen"))
        await monitor.wait_for(lambda: model(monitor, "one/qwen").state == "stopped")
    assert sum(r.target == "/upstream/qwen/props" for r in host.requests) == 2
    assert not [r for r in host.requests if r.touched_not_ready and not r.target.endswith("/")]


async def looked(monitor, provider_id: str) -> None:  # type: ignore[no-untyped-def]
    """One more look has ended."""
    before = len(monitor.history(provider_id).checks)
    monitor.refresh(provider_id)
    await monitor.wait_for(lambda: len(monitor.history(provider_id).checks) > before)


@pytest.mark.usefixtures("impatient")
async def test_a_hanging_host_and_a_dead_one_delay_nobody(house: House) -> None:
    hanging = await house.sim(HostConfig(models=(QWEN,)))
    await hanging.fault("hang")
    dead = await house.sim(HostConfig())
    await dead.fault("kill")
    good = await house.sim(HostConfig(models=(QWEN,)))
    urls = {"hanging": hanging.url, "dead": dead.url, "nowhere": "http://no-such-name.invalid:1", "good": good.url}
    monitor = house.monitor(*(Provider(id=i, base_url=u) for i, u in urls.items()))
    await monitor.wait_for(lambda: has(monitor, "good/qwen"))
    assert not monitor.history("hanging").checks, "it is still waited for"
    assert [p.id for p in monitor.catalog().providers] == list(urls)
    assert entry(monitor, "hanging").state == "checking"
    await monitor.wait_for(lambda: bool(monitor.history("hanging").checks))
    assert "does not answer" in monitor.history("hanging").checks[0].detail
    assert "Nothing listens" in monitor.history("dead").checks[0].detail


async def test_one_question_at_a_time(house: House) -> None:
    inside = most = 0

    async def slow(request: web.Request) -> web.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        return models("a") if request.path == "/v1/models" else json({"running": []})

    host = await house.fake()
    host.says |= dict.fromkeys(("/wol-health", "/running", "/v1/models"), slow)
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    for _ in range(5):
        monitor.refresh("box")
        await looked(monitor, "box")
    assert most == 1


async def test_down_keeps_the_models_as_old_news_and_up_brings_them_back(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,), clock=0.1))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    Actions(monitor).load(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: model(monitor, "box/qwen").context_length == 4096)
    seen_at = entry(monitor, "box").as_of
    await host.fault("kill")
    house.clock.now += 60
    while entry(monitor, "box").state != "down":
        await looked(monitor, "box")
    shown = entry(monitor, "box")
    assert shown.stale
    assert shown.as_of == seen_at
    assert [(m.state, m.context_length) for m in shown.models] == [("unknown", 4096)]
    assert "Nothing listens" in (shown.reason or "")
    assert monitor.host("box").loaded == ()
    await host.restart()
    await looked(monitor, "box")
    assert entry(monitor, "box").state == "down", "one success is not enough"
    await looked(monitor, "box")
    assert entry(monitor, "box").state == "up"
    assert not entry(monitor, "box").stale
    assert model(monitor, "box/qwen").state == "stopped"


@pytest.mark.usefixtures("impatient")
async def test_a_half_open_link_is_found(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,)))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    await host.fault("half-open")
    await looked(monitor, "box")
    assert monitor.history("box").checks[-1].outcome == "failed"
    await host.fault("none")
    await looked(monitor, "box")
    assert entry(monitor, "box").state == "up"


async def test_a_refused_key_and_a_better_one(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,), api_keys=("right",)))
    house.store.set("box", "wrong")
    monitor = house.monitor(Provider(id="box", base_url=host.url, api_key=KeyRef(keyring="box")))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "needs_key")
    assert "refuses the key" in (entry(monitor, "box").reason or "")
    house.store.set("box", "right")  # behind our back, as another program would
    monitor.refresh("box")
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up")
    assert has(monitor, "box/qwen")
    keys = {r.header("authorization") for r in host.requests}
    assert keys == {"Bearer wrong", "Bearer right"}


async def test_a_key_that_cannot_be_read_still_shows_liveness(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,), api_keys=("right",)))
    monitor = house.monitor(Provider(id="box", base_url=host.url, api_key=KeyRef(env="BOOCONTROL_TEST_NO_SUCH_KEY")))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "needs_key")
    assert "BOOCONTROL_TEST_NO_SUCH_KEY" in (entry(monitor, "box").reason or "")
    assert {r.target for r in host.requests} == {"/wol-health"}
    await host.fault("kill")
    while entry(monitor, "box").state != "down":
        await looked(monitor, "box")


async def test_no_key_where_one_is_wanted(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,), api_keys=("right",)))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "needs_key")
    assert "needs a key" in (entry(monitor, "box").reason or "")


async def test_a_refusal_forgets_no_other_key(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,), api_keys=("right",)))
    other = KeyRef(keyring="other")
    house.store.set("other", "kept")
    await house.keys.read(other)
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "needs_key")
    assert house.keys.known(other) is not None


async def test_apply_leaves_others_alone_and_starts_a_moved_one_anew(house: House) -> None:
    one = await house.sim(HostConfig(models=(QWEN,)))
    two = await house.sim(HostConfig(models=(ModelConfig("other"),)))
    a, b = Provider(id="a", base_url=one.url), Provider(id="b", base_url=one.url)
    monitor = house.monitor(a, b)
    await monitor.wait_for(lambda: has(monitor, "a/qwen") and has(monitor, "b/qwen"))
    looks = len(monitor.history("b").checks)
    moved = a.model_copy(update={"base_url": two.url})
    monitor.apply(Registry(providers=(b.model_copy(update={"label": "Bee"}), moved), default_provider="b"))
    catalog = monitor.catalog()
    assert [(p.id, p.label, p.state) for p in catalog.providers] == [("b", "Bee", "up"), ("a", "a", "checking")]
    assert catalog.default_provider == "b"
    assert entry(monitor, "a").models == ()
    assert len(monitor.history("b").checks) >= looks
    await monitor.wait_for(lambda: has(monitor, "a/other"))
    monitor.apply(Registry(providers=(b,)))
    assert [h.id for h in monitor.hosts()] == ["b"]
    with pytest.raises(KeyError):
        monitor.host("a")
    monitor.refresh("a")
    assert monitor.records("a") == {}


async def test_another_order_and_another_default_are_news(house: House) -> None:
    """No host looks different, but readers of the catalog follow what they are told."""
    one = await house.sim(HostConfig(models=(QWEN,)))
    a, b = Provider(id="a", base_url=one.url), Provider(id="b", base_url=one.url)
    monitor = house.monitor(a, b)
    await monitor.wait_for(lambda: has(monitor, "a/qwen") and has(monitor, "b/qwen"))
    for registry in (Registry(providers=(b, a)), Registry(providers=(b, a), default_provider="a")):
        house.changes.clear()
        monitor.apply(registry)
        await asyncio.sleep(0)
        assert house.changes
    house.changes.clear()
    monitor.apply(registry)
    await asyncio.sleep(0)
    assert not house.changes, "the same once more is none"


async def test_a_paused_host_is_not_asked(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,)))
    on = Provider(id="box", base_url=host.url)
    off = on.model_copy(update={"enabled": False})
    monitor = house.monitor(off)
    assert entry(monitor, "box").state == "paused"
    monitor.apply(Registry(providers=(on,)))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    monitor.apply(Registry(providers=(off,)))
    shown = entry(monitor, "box")
    assert (shown.state, shown.stale, shown.models[0].state) == ("paused", True, "unknown")
    asked = len(host.requests)
    monitor.refresh("box")
    monitor.apply(Registry(providers=(on,)))  # off and on at once: the look must not be lost
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up")
    assert len(host.requests) > asked


async def test_the_catalog_is_the_same_object_until_something_changes(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,), clock=0.1))
    provider = Provider(id="box", base_url=host.url)
    monitor = house.monitor(provider)
    await monitor.wait_for(lambda: has(monitor, "box/qwen") and monitor.host("box").tells_requests)
    catalog, changes = monitor.catalog(), len(house.changes)
    await looked(monitor, "box")
    assert monitor.catalog() is catalog
    house.clock.now += 5
    await looked(monitor, "box")
    assert monitor.catalog().by_id["box"].as_of != catalog.by_id["box"].as_of
    assert len(house.changes) == changes, "a later time alone is no news"
    monitor.apply(Registry(providers=(provider,)))
    await asyncio.sleep(0)
    assert len(house.changes) == changes


async def test_a_listener_that_fails_ends_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    host = await house.sim(HostConfig(models=(QWEN,)))

    def fail(_: str) -> None:
        raise RuntimeError("listener")

    monitor = house.monitor()
    monitor._on_change = fail
    monitor.apply(Registry(providers=(Provider(id="box", base_url=host.url),)))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    await looked(monitor, "box")
    assert "listener" in caplog.text


async def test_busy_while_requests_run(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,)))
    house.in_flight["box"] = 2
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "busy")
    assert monitor.host("box").in_flight == 2
    house.in_flight["box"] = 0
    await looked(monitor, "box")
    assert entry(monitor, "box").state == "up"


async def test_an_event_arrives_by_the_same_door(house: House) -> None:
    host = await house.sim(HostConfig(models=(QWEN,)))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    monitor.arrive("box", Sighting(running={"qwen": RunningModel("starting")}))
    assert model(monitor, "box/qwen").state == "starting"
    assert house.changes[-1] == "box"
    monitor.arrive("nobody", Sighting())


async def test_an_unknown_running_model_brings_the_inventory_at_once_but_only_once(house: House) -> None:
    host = await house.fake()
    host.says |= {"/wol-health": json("OK"), "/running": json({"running": []}), "/v1/models": models("a")}
    watch = house.watch(Provider(id="box", base_url=host.url))
    await watch.look()
    host.says["/running"] = json({"running": [{"model": "b", "state": "starting"}]})
    host.says["/v1/models"] = models("a", "b")
    await watch.look()
    assert [(m.wire_id, m.state, m.unlisted) for m in watch.view.models] == [
        ("a", "stopped", False),
        ("b", "starting", False),
    ]
    host.says["/running"] = json({"running": [{"model": "hidden", "state": "starting"}]})
    lists = host.paths.count("/v1/models")
    await watch.look()
    await watch.look()
    assert host.paths.count("/v1/models") == lists + 1
    assert watch.view.models[-1].unlisted


async def test_the_inventory_is_read_every_third_look(house: House) -> None:
    host = await house.fake()
    host.says |= {"/wol-health": json("OK"), "/running": json({"running": []}), "/v1/models": models("a")}
    watch = house.watch(Provider(id="box", base_url=host.url))
    for _ in range(7):
        await watch.look()
    assert host.paths.count("/v1/models") == 3
    assert host.paths.count("/running") == 7
    assert host.paths.count("/api/version") == 1


async def test_pauses(house: House) -> None:
    host = await house.fake()
    host.says |= {"/wol-health": json("OK"), "/running": json({"running": []}), "/v1/models": models("a")}
    watch = house.watch(Provider(id="box", base_url=host.url))
    assert watch.pause_s() == 1.0, "undecided"
    await watch.look()
    assert watch.pause_s() == 5.0
    watch._random = lambda: 1.0
    assert watch.pause_s() == 7.5, "up to half as long again"
    watch.arrive(Sighting(running={"a": RunningModel("starting")}))
    assert watch.pause_s() == 1.5
    await host.stop()
    waits = []
    watch._random = lambda: 0.0
    for _ in range(7):
        await watch.look()
        waits.append(watch.pause_s())
    assert waits == [1.0, 1.0, 5.0, 10.0, 20.0, 30.0, 30.0]


async def test_down_after_three_and_up_after_two(house: House) -> None:
    host = await house.fake()
    host.says |= {"/wol-health": json("OK"), "/running": json({"running": []}), "/v1/models": models("a")}
    watch = house.watch(Provider(id="box", base_url=host.url))
    states = []
    for up in (True, False, False, True, False, False, False, False, True, False, True, True):
        house.clock.now += 1
        host.says["/wol-health"] = json("OK") if up else json({}, 502)
        await watch.look()
        states.append(watch.view.health.state)
    assert states == ["up"] * 6 + ["down"] * 5 + ["up"]
    assert watch.view.health.since == house.clock.now
    assert [c.outcome for c in watch.history].count("failed") == 7


async def test_a_hundred_hosts(house: House) -> None:
    host = await house.fake()
    host.says |= {"/wol-health": json("OK"), "/running": json({"running": []}), "/v1/models": models("a", "b")}
    providers = tuple(Provider(id=f"h{i}", base_url=host.url) for i in range(100))
    monitor = house.monitor(*providers)
    await monitor.wait_for(lambda: len(list(monitor.catalog().models())) == 200, 20)
    assert all(h.state == "up" for h in monitor.hosts())


async def test_ends_without_delay_in_the_middle_of_a_look(house: House) -> None:
    host = await house.sim(HostConfig())
    await host.fault("hang")
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await host.wait_request(lambda r: True)
    started = time.perf_counter()
    await monitor.stop()
    assert time.perf_counter() - started < 4
    with contextlib.suppress(KeyError):
        monitor.host("box")


async def test_wait_for_gives_up(house: House) -> None:
    with pytest.raises(TimeoutError):
        await house.monitor().wait_for(lambda: False, 0.01)


@pytest.mark.parametrize("steps", range(8))
async def test_a_watch_ends_wherever_its_look_stands(house: House, steps: int) -> None:
    host = await house.sim(HostConfig(models=(QWEN,)))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    watch = monitor._watches["box"]
    begun = asyncio.Event()
    before = watch._follower.before_look
    watch._follower.before_look = lambda: (before(), begun.set())  # type: ignore[method-assign,func-returns-value]
    monitor.refresh("box")
    await begun.wait()
    for _ in range(steps):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await monitor.stop()


async def test_a_host_that_tells_no_requests_is_busy_no_longer_than_ours_run(house: House) -> None:
    host = await house.sim(HostConfig(version="173", models=(QWEN,), clock=0.1))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up")
    house.in_flight["box"] = 1
    await looked(monitor, "box")
    assert entry(monitor, "box").state == "busy"
    watch = monitor._watches["box"]
    resting = watch.pause_s()
    house.in_flight["box"] = 0
    assert watch.pause_s() < resting, "it is looked at sooner"
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up")
