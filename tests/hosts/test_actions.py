"""Loads: queued on each host, cancelled, judged by the host's state, told with their reason."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from boocontrol.core.api import LoadProgress
from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Provider
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.hosts.actions import Actions
from boocontrol.hosts.errors import BadAnswer

ONE, TWO = ModelRef("box", "one"), ModelRef("box", "two")


class Book:
    """A story that remembers."""

    def __init__(self) -> None:
        self.lines: list[tuple[Any, ...]] = []

    def load_asked(self, ref: ModelRef, by: str) -> None:
        self.lines.append(("asked", ref.model, by))

    def load_ended(self, ref: ModelRef, by: str, state: str, reason: str, seconds: float) -> None:
        self.lines.append((state, ref.model, by))

    def unload_asked(self, provider_id: str, wire_id: str | None, by: str) -> None:
        self.lines.append(("unload", wire_id, by))

    def cut(self, ref: ModelRef, by: str, detail: str) -> None:
        self.lines.append(("cut", ref.model, by))


class Desk:
    """Actions on one simulated host, and its shown state."""

    def __init__(self, monitor: Any, host: Any, **more: Any) -> None:
        self.monitor, self.host, self.book = monitor, host, Book()
        self.changed: list[str] = []
        self.actions = Actions(monitor, on_change=self.changed.append, story=self.book, **more)

    def load(self, ref: ModelRef) -> LoadProgress | None:
        found = [load for load in self.monitor.host("box").loads if load.ref == str(ref)]
        return found[-1] if found else None

    async def until(self, ref: ModelRef, state: str) -> LoadProgress:
        def so() -> bool:
            load = self.load(ref)
            return load is not None and load.state == state

        await self.monitor.wait_for(so)
        found = self.load(ref)
        assert found is not None
        return found

    async def seen(self, wire_id: str, state: str) -> None:
        def so() -> bool:
            here = {m.ref: m.state for m in self.monitor.host("box").loaded}
            return here.get(f"box/{wire_id}", "stopped") == state

        await self.monitor.wait_for(so)


@pytest.fixture
def desk(house: Any) -> Any:
    async def make(*models: ModelConfig, clock: float = 0.1, more: dict[str, Any] | None = None, **config: Any) -> Desk:
        host = await house.sim(HostConfig(models=models, clock=clock, **config))
        monitor = house.monitor(Provider(id="box", base_url=host.url))
        await monitor.wait_for(lambda: len(list(monitor.catalog().models())) == len(models))
        return Desk(monitor, host, **(more or {}))

    return make


def targets(host: Any) -> list[str]:
    return [r.target for r in host.requests if r.target.startswith("/upstream") and r.target.endswith("/")]


async def test_a_second_load_waits_for_the_first(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=3.0), ModelConfig("two"))
    d.actions.load(ONE, "panel")
    d.actions.load(TWO, "cli")
    d.actions.load(TWO, "cli")
    await d.seen("one", "starting")
    (waits,) = d.monitor.host("box").queue
    assert (waits.ref, waits.by) == ("box/two", "cli")
    assert [(load.ref, load.state) for load in d.monitor.host("box").loads] == [
        ("box/one", "loading"),
        ("box/two", "queued"),
    ]
    assert (d.actions.ahead(ONE), d.actions.ahead(TWO), d.actions.ahead(ModelRef("box", "x"))) == (0, 1, 2)
    assert targets(d.host) == ["/upstream/one/"], "the host is not asked for the second yet"
    await d.until(TWO, "loaded")
    assert d.load(ONE).state == "loaded"
    assert d.monitor.host("box").queue == ()
    assert d.changed.count("box") >= 4
    assert [line[0] for line in d.book.lines] == ["asked", "asked", "loaded", "loaded"]


async def test_a_load_that_waits_is_cancelled_and_never_asked(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=3.0), ModelConfig("two"))
    d.actions.load(ONE)
    d.actions.load(TWO)
    assert await d.actions.cancel(TWO, "panel")
    assert (d.load(TWO).state, d.load(TWO).reason) == ("cancelled", "Cancelled by panel.")
    await d.until(ONE, "loaded")
    assert targets(d.host) == ["/upstream/one/"]
    assert not await d.actions.cancel(TWO), "there is none any more"
    assert not await d.actions.cancel(ONE), "it is there, and not loading"
    await d.seen("one", "ready")


async def test_a_load_that_runs_is_cancelled_on_the_host(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=1000.0))
    d.actions.load(ONE, "cli")
    await d.seen("one", "starting")
    assert await d.actions.cancel(ONE, "panel")
    ended = await d.until(ONE, "cancelled")
    assert ended.reason == "Cancelled by panel."
    assert ended.ended_at is not None
    await d.seen("one", "stopped")
    assert d.book.lines == [("asked", "one", "cli"), ("cancelled", "one", "cli")]


async def test_a_load_of_somebody_else_can_be_cancelled_too(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=1000.0))
    waiting = asyncio.ensure_future(d.monitor.client("box").load("one"))
    await d.seen("one", "starting")
    assert await d.actions.cancel(ONE, "panel")
    assert "model unloaded" in (await waiting or "")
    await d.seen("one", "stopped")


async def test_a_start_that_fails_is_told_with_the_hosts_words(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=1.0, fail_s=0.5))
    d.actions.load(ONE)
    assert "exited prematurely" in (await d.until(ONE, "failed")).reason


async def test_a_model_that_the_host_does_not_have(desk: Any) -> None:
    d = await desk(ModelConfig("one"))
    nobody = ModelRef("box", "nobody")
    d.actions.load(nobody)
    assert (await d.until(nobody, "failed")).reason == "model not found"


async def test_a_host_that_dies_while_it_loads(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=1000.0))
    d.actions.load(ONE)
    await d.seen("one", "starting")
    await d.host.fault("kill")
    assert "Nothing listens" in (await d.until(ONE, "failed")).reason


async def test_a_host_that_came_back_unseen_is_asked(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=0.5))
    await d.host.faults.set("refuse", {})
    await d.monitor.wait_for(lambda: d.monitor.host("box").state == "down")
    await d.host.faults.set("none", {})
    assert d.monitor.host("box").state == "down", "nobody has looked yet"
    d.actions.load(ONE)
    await d.until(ONE, "loaded")


async def test_a_key_that_was_given_meanwhile_is_used(desk: Any) -> None:
    d = await desk(ModelConfig("one"))
    await d.host.faults.set("wrong-key", {})
    await d.monitor.wait_for(lambda: d.monitor.host("box").state == "needs_key")
    d.actions.load(ONE)
    failed = await d.until(ONE, "failed")
    assert "key" in failed.reason
    await d.host.faults.set("none", {})
    d.actions.load(ONE)
    await d.until(ONE, "loaded")


async def test_the_answer_of_the_model_server_does_not_decide(desk: Any) -> None:
    """The page of some model servers is an error though the model is there."""
    d = await desk(ModelConfig("one"))
    client = d.monitor.client("box")

    async def odd(wire_id: str) -> str | None:
        await type(client).load(client, wire_id)
        return "no page here"

    client.load = odd
    d.actions.load(ONE)
    assert (await d.until(ONE, "loaded")).reason == ""


async def test_an_answer_without_the_model_is_no_success(desk: Any) -> None:
    d = await desk(ModelConfig("one"))

    async def claims(wire_id: str) -> str | None:
        return None

    d.monitor.client("box").load = claims
    d.actions.load(ONE)
    assert "not in memory" in (await d.until(ONE, "failed")).reason


async def test_a_load_without_end_says_so_and_goes_on(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=1000.0), more={"long_s": 0.05})
    d.actions.load(ONE)
    await d.monitor.wait_for(lambda: "has not ended" in d.load(ONE).reason and "starting" in d.load(ONE).reason)
    told = d.load(ONE)
    assert (told.state, told.ended_at) == ("loading", None)
    assert [(m.ref, m.state) for m in d.monitor.host("box").loaded] == [("box/one", "starting")]
    await d.actions.cancel(ONE)
    await d.until(ONE, "cancelled")


async def test_ten_minutes_by_the_clock(house: Any, desk: Any) -> None:
    now = [1_000_000.0]
    d = await desk(ModelConfig("one", load_s=1000.0), more={"clock": lambda: now[0]})
    d.actions.load(ONE)
    await d.seen("one", "starting")
    assert d.load(ONE).reason == ""
    now[0] += 660
    assert d.load(ONE).reason == "It has not ended after 11 minutes; the host says starting."


async def test_an_unload_while_it_loads_ends_the_load(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=1000.0))
    d.actions.load(ONE)
    await d.seen("one", "starting")
    await d.actions.unload(ONE, "panel")
    assert (await d.until(ONE, "cancelled")).reason == "Cancelled by panel."
    assert ("unload", "one", "panel") in d.book.lines


async def test_an_unload_of_everything_leaves_no_load_behind(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=1000.0), ModelConfig("two"))
    d.actions.load(ONE)
    d.actions.load(TWO)
    await d.seen("one", "starting")
    await d.actions.unload_all("box", "panel")
    await d.until(ONE, "cancelled")
    assert d.load(TWO).state == "cancelled"
    assert (d.actions.loading, d.monitor.host("box").queue) == ((), ())
    await d.seen("one", "stopped")
    assert targets(d.host) == ["/upstream/one/"]


async def test_an_unload_from_elsewhere_ends_the_load_too(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=1000.0))
    d.actions.load(ONE)
    await d.seen("one", "starting")
    await d.host.fault("unload")
    assert "model unloaded" in (await d.until(ONE, "failed")).reason


async def test_a_host_too_old_for_it_says_so_and_the_load_goes_on(desk: Any) -> None:
    d = await desk(ModelConfig("one", load_s=3.0))

    async def cannot(wire_id: str) -> None:
        raise BadAnswer("too old", code="not_supported")

    d.monitor.client("box").unload = cannot
    d.actions.load(ONE)
    await d.seen("one", "starting")
    with pytest.raises(BadAnswer):
        await d.actions.cancel(ONE)
    await d.until(ONE, "loaded")
