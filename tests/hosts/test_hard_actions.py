"""Loads and unloads that cross each other: nothing that was given up comes back, nothing that was asked is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Provider, Registry
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.hosts.actions import Actions
from boocontrol.hosts.errors import BadAnswer
from boocontrol.hosts.wake import Waker
from tests.hosts.test_actions import ONE, TWO, Desk, targets

THREE, FIRST = ModelRef("box", "three"), ModelRef("box", "first")


@pytest.fixture
async def desk(house: Any) -> Desk:
    models = (ModelConfig("one", load_s=1000.0, aliases=("first",)), ModelConfig("two"), ModelConfig("three"))
    host = await house.sim(HostConfig(models=models, clock=0.1))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: len(list(monitor.catalog().models())) >= 3)
    return Desk(monitor, host)


class Slow:
    """An unload that has done its work on the host and has not answered yet."""

    def __init__(self, client: Any, name: str, error: Exception | None = None) -> None:
        self.done, self.answer = asyncio.Event(), asyncio.Event()
        real: Callable[..., Any] = getattr(client, name)

        async def unload(*args: Any) -> None:
            await real(*args)
            self.done.set()
            await self.answer.wait()
            if error is not None:
                raise error

        setattr(client, name, unload)


async def test_what_waits_does_not_begin_while_all_is_unloaded(desk: Desk) -> None:
    desk.actions.load(ONE)
    desk.actions.load(TWO)
    await desk.seen("one", "starting")
    slow = Slow(desk.monitor.client("box"), "unload_all")
    unloading = asyncio.ensure_future(desk.actions.unload_all("box", "panel"))
    await slow.done.wait()
    await desk.until(ONE, "cancelled")
    slow.answer.set()
    await unloading
    assert desk.load(TWO) is not None
    await desk.until(TWO, "cancelled")
    assert targets(desk.host) == ["/upstream/one/"]
    assert not desk.actions.loading


async def test_what_waits_goes_on_when_the_host_refuses_to_unload(desk: Desk) -> None:
    desk.actions.load(ONE)
    desk.actions.load(TWO)
    await desk.seen("one", "starting")
    slow = Slow(desk.monitor.client("box"), "unload_all", BadAnswer("No."))
    unloading = asyncio.ensure_future(desk.actions.unload_all("box", "panel"))
    await slow.done.wait()
    slow.answer.set()
    with pytest.raises(BadAnswer):
        await unloading
    await desk.until(TWO, "loaded")


async def test_a_load_that_is_asked_during_an_unload_comes_after_it(desk: Desk) -> None:
    """Else the host's unload ends what was asked for after it."""
    desk.actions.load(TWO)
    await desk.until(TWO, "loaded")
    slow = Slow(desk.monitor.client("box"), "unload")
    unloading = asyncio.ensure_future(desk.actions.unload(TWO, "panel"))
    await slow.done.wait()
    desk.actions.load(TWO, "cli")
    assert [load.ref for load in desk.monitor.host("box").queue] == ["box/two"]
    slow.answer.set()
    await unloading
    await desk.until(TWO, "loaded")
    assert targets(desk.host) == ["/upstream/two/"] * 2


async def test_a_load_of_another_name_of_the_model_is_over_too(desk: Desk) -> None:
    await desk.monitor.wait_for(lambda: desk.monitor.real_name("box", "first") == "one")
    desk.actions.load(THREE)
    await desk.until(THREE, "loaded")
    desk.actions.load(FIRST)
    await desk.seen("one", "starting")
    await desk.actions.unload(ONE, "panel")
    assert (await desk.until(FIRST, "cancelled")).reason == "Cancelled by panel."


async def test_two_cancel_the_same_load_at_once(desk: Desk) -> None:
    desk.actions.load(ONE)
    desk.actions.load(TWO)
    await desk.seen("one", "starting")
    await asyncio.gather(desk.actions.cancel(ONE, "a"), desk.actions.cancel(ONE, "b"), desk.actions.unload(ONE, "c"))
    await desk.until(ONE, "cancelled")
    await desk.until(TWO, "loaded")


async def test_a_load_whose_end_crosses_its_cancel(desk: Desk) -> None:
    """However it ends, it ends once, and the next one goes on."""
    for _ in range(10):
        desk.actions.load(TWO)
        desk.actions.load(THREE)
        await asyncio.sleep(0)
        await desk.actions.cancel(TWO, "panel")
        await desk.until(THREE, "loaded")
        assert not desk.actions.loading
    ends = [line[0] for line in desk.book.lines if line[0] in ("loaded", "cancelled", "failed")]
    assert len(ends) == 20


async def test_the_queue_goes_on_after_a_fault_that_nobody_thought_of(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(wire_id: str) -> Any:
        raise RuntimeError("no such thing")

    client = desk.monitor.client("box")
    real, client.load = client.load, broken
    desk.actions.load(THREE)
    desk.actions.load(TWO)
    client.load = lambda wire_id: broken(wire_id) if wire_id == "three" else real(wire_id)
    await desk.until(THREE, "failed")
    await desk.until(TWO, "loaded")
    assert "no such thing" in caplog.text


async def test_a_provider_that_goes_while_its_loads_wait(house: Any) -> None:
    host = await house.sim(HostConfig(models=(ModelConfig("one", load_s=1000.0), ModelConfig("two")), clock=0.1))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: len(list(monitor.catalog().models())) == 2)
    ended = asyncio.Semaphore(0)
    actions = Actions(monitor, lambda ref, words: ended.release())
    actions.load(ONE)
    actions.load(TWO)
    await monitor.wait_for(lambda: bool(monitor.host("box").loaded))
    monitor.apply(Registry())
    async with asyncio.timeout(5):
        for _ in (ONE, TWO):
            await ended.acquire()
    assert not actions.loading


async def test_a_provider_that_goes_while_it_is_woken(house: Any) -> None:
    sleeping = Provider(id="box", base_url="http://127.0.0.1:9", mac_address="02:00:00:00:00:01")
    monitor = house.monitor(sleeping)
    waker = Waker(monitor, to=lambda _: [("127.0.0.1", 9)], look_s=0.01)
    round_ = waker.wake(sleeping, 30.0)
    monitor.apply(Registry())
    async with asyncio.timeout(5):
        assert await round_ is False
    assert not waker.is_waking("box")
