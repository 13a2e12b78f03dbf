"""The logs of simulated hosts through the hub: shared, bounded, taken up anew, without keys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from boocontrol.core.logs import LogGap, LogLive, LogText
from boocontrol.core.registry import Provider, Registry
from boocontrol.core.secrets import MemoryStore
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.demo.host import SimHost
from boocontrol.gateway import log_feed
from boocontrol.gateway.log_session import MOST_WAITING, TOO_SLOW, LogSession, frame
from boocontrol.gateway.logs import LogHub
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.monitor import Monitor

QUICK: dict[str, Any] = {"clock": 0.01, "pace": 0.001}
OWN_KEY = "the-gateways-own-key"


class Place:
    """Hosts, their monitor and a hub."""

    def __init__(self, fleet: Fleet, monitor: Monitor, hub: LogHub) -> None:
        self.fleet, self.monitor, self.hub = fleet, monitor, hub

    def __getitem__(self, name: str) -> SimHost:
        return self.fleet.hosts[name]

    def streams(self, name: str) -> list[str]:
        """The log streams that a host has been asked for."""
        return [r.target for r in self[name].requests if r.target.startswith("/logs/")]

    async def state(self, name: str, *states: str) -> None:
        def so() -> bool:
            self.monitor.refresh(name)
            return self.monitor.host(name).state in states

        await self.monitor.wait_for(so, 15)


@asynccontextmanager
async def place(*, more: tuple[Provider, ...] = (), **configs: HostConfig) -> AsyncIterator[Place]:
    named = [config.__class__(**{**vars(config), **QUICK, "name": name}) for name, config in configs.items()]
    async with Fleet(named) as fleet:
        hubs: list[LogHub] = []
        keys = Keys(MemoryStore({"den": "the-hosts-own-key"}))
        monitor = Monitor(keys, in_flight=lambda p: 0, on_change=lambda p: hubs[0].noticed(p))
        hubs.append(LogHub(monitor, lambda: OWN_KEY))
        keyed = {name: {"apiKey": {"keyring": "den"}} if c.api_keys else {} for name, c in configs.items()}
        providers = [
            Provider.model_validate({"id": name, "baseUrl": host.url, **keyed[name]})
            for name, host in fleet.hosts.items()
        ]
        monitor.apply(Registry(providers=(*providers, *more)))
        try:
            made = Place(fleet, monitor, hubs[0])
            for name in fleet.hosts:
                await made.state(name, "up")
            yield made
        finally:
            await hubs[0].stop()
            await monitor.stop()


class Reader:
    """Reads a stream as long as a test asks for more."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self.stream = stream
        self.heard: list[tuple[str, dict[str, Any]]] = []

    @property
    def text(self) -> str:
        return "\n".join(d["text"] for k, d in self.heard if k == "log")

    @property
    def whys(self) -> list[str]:
        return [d["why"] for k, d in self.heard if k in ("gap", "end")]

    async def until(self, true: Callable[[Reader], object], within_s: float = 15) -> Reader:
        async with asyncio.timeout(within_s):
            while not true(self):
                event = await anext(self.stream)
                if event.startswith(b"event: "):
                    kind, data = event.decode().rstrip("\n").split("\n")
                    self.heard.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
        return self

    async def live(self) -> Reader:
        return await self.until(lambda r: any(k == "live" for k, _ in r.heard))

    async def end(self) -> Reader:
        return await self.until(lambda r: any(k == "end" for k, _ in r.heard))

    async def close(self) -> None:
        await self.stream.aclose()  # type: ignore[attr-defined]


def den(*models: str, **more: Any) -> HostConfig:
    return HostConfig(models=tuple(ModelConfig(m) for m in models or ("qwen", "phi")), **more)


async def test_what_was_kept_comes_first_then_lines_as_they_are_written() -> None:
    async with place(den=den()) as p:
        reader = await Reader(p.hub.stream("den", "proxy")).live()
        assert "llama-swap listening" in reader.text
        assert all(d["time"] is None and d["source"] == "proxy" for k, d in reader.heard if k == "log")
        p["den"].state.logs.info("something new")
        await reader.until(lambda r: "[INFO] something new" in r.text)
        assert reader.heard[-1][1]["time"] is not None
        numbers = [d["seq"] for k, d in reader.heard if k == "log"]
        assert numbers == sorted(set(numbers))
        await reader.close()


async def test_without_history_and_without_following() -> None:
    async with place(den=den()) as p:
        fresh = await Reader(p.hub.stream("den", "proxy", history=False)).live()
        assert fresh.text == ""
        late = await Reader(p.hub.stream("den", "proxy", follow=False)).end()
        assert "listening" in late.text and late.heard[-2][0] == "live"
        await fresh.close()
        await late.close()
        assert not p.hub.followed


async def test_one_connection_for_all_readers_closed_with_the_last() -> None:
    async with place(den=den()) as p:
        first = await Reader(p.hub.stream("den", "proxy")).live()
        second = await Reader(p.hub.stream("den", "proxy")).live()
        assert second.text.startswith(first.text.split("\n")[0])
        assert p.streams("den") == ["/logs/stream/proxy"]
        await first.close()
        assert p.hub.followed == 1
        p["den"].state.logs.info("still told")
        await second.until(lambda r: "still told" in r.text)
        await second.close()
        assert p.hub.followed == 0
        async with asyncio.timeout(1):
            while p["den"].state.log_streams:  # noqa: ASYNC110 the simulator has no event for it
                await asyncio.sleep(0)


async def test_all_tells_the_models_apart_those_that_come_later_too() -> None:
    async with place(den=den("qwen", "org/phi:Q4")) as p:
        scheduler = p["den"].state
        reader = await Reader(p.hub.stream("den")).live()
        assert p.streams("den") == ["/logs/stream/proxy"]
        await p.monitor.client("den").load("org/phi:Q4")
        p.monitor.refresh("den")
        await reader.until(lambda r: any(d.get("model") == "org/phi:Q4" for _, d in r.heard))
        said = [d for k, d in reader.heard if k == "log" and d["source"] == "model"]
        assert "loading model" in said[0]["text"]
        scheduler.logs.from_model("org/phi:Q4", "slot launch")
        await reader.until(lambda r: "slot launch" in r.text)
        assert not any("/upstream" in r.target for r in p["den"].requests if "phi" not in r.target)
        await reader.close()


async def test_a_log_of_a_model_at_rest_loads_nothing() -> None:
    async with place(den=den()) as p:
        p["den"].state.logs.from_model("qwen", "from an earlier run")
        reader = await Reader(p.hub.stream("den", "model", "qwen", follow=False)).end()
        quiet = await Reader(p.hub.stream("den", "model", "phi", follow=False)).end()
        assert reader.text == "from an earlier run" and quiet.text == ""
        assert not [r for r in p["den"].requests if r.target.startswith("/upstream")]
        assert {m.state for m in p.monitor.catalog().models()} == {"stopped"}


async def test_what_a_version_cannot_tell_is_said() -> None:
    async with place(den=den(version="173")) as p:
        one = await Reader(p.hub.stream("den", "model", "qwen")).end()
        assert "version 178" in one.whys[-1]
        reader = Reader(p.hub.stream("den"))
        await reader.live()
        await p.monitor.client("den").load("qwen")
        p.monitor.refresh("den")
        await reader.until(lambda r: any(d.get("source") == "upstream" for _, d in r.heard))
        assert "loading model" in reader.text and not any(k == "end" for k, _ in reader.heard)
        await reader.close()


async def test_a_kind_without_logs_says_so(dead_port: int) -> None:
    other = Provider.model_validate({"id": "cloud", "baseUrl": f"http://127.0.0.1:{dead_port}", "kind": "openai"})
    async with place(den=den(), more=(other,)) as p:
        p.monitor.host("cloud")
        hub = LogHub(Says(p.monitor, "up"))  # type: ignore[arg-type]
        reader = await Reader(hub.stream("cloud")).end()
        assert reader.whys == [log_feed.NO_LOGS]
        await hub.stop()


class Says:
    """The monitor, for which every host is in one state."""

    def __init__(self, monitor: Monitor, state: str) -> None:
        self._monitor = monitor
        self.client = monitor.client
        self.state = state

    def host(self, provider_id: str) -> Any:
        return self._monitor.host(provider_id).model_copy(update={"state": self.state})


async def test_a_link_that_is_open_but_dead_is_given_up() -> None:
    """As a machine that was suspended leaves it: only the monitor knows."""
    async with place(den=den()) as p:
        says = Says(p.monitor, "checking")
        hub = LogHub(says)  # type: ignore[arg-type]
        reader = Reader(hub.stream("den", "proxy"))
        waiting = asyncio.ensure_future(reader.live())
        await asyncio.sleep(0)
        assert p.streams("den") == []  # nobody looked at it yet
        says.state = "up"
        hub.noticed("den")
        await waiting
        for state, words in (("down", "down"), ("needs_key", "needs a key"), ("paused", "paused")):
            says.state = state
            hub.noticed("den")
            await reader.until(lambda r, w=words: w in (r.whys or [""])[-1])
            p["den"].state.logs.info(f"while {state}")
            says.state = "up"
            hub.noticed("den")
            await reader.until(lambda r, s=state: f"while {s}" in r.text)
        assert reader.text.count("listening") == 1 and len(reader.whys) == 3
        await reader.close()
        await hub.stop()


async def test_keys_never_leave() -> None:
    async with place(den=den(api_keys=("the-hosts-own-key",))) as p:
        reader = await Reader(p.hub.stream("den", "proxy")).live()
        logs = p["den"].state.logs
        for text in ("--api-key hunter2", "Authorization: Bearer hunter2", "HF_TOKEN=hunter2", "http://me:hunter2@x/"):
            logs.info(text)
        logs.proxy.write("--api-key hun")
        logs.proxy.write("ter2 and hunter2".replace("hunter2", "more") + "\n")
        logs.info(f"plain {OWN_KEY} and the-hosts-own-key")
        logs.info("last")
        await reader.until(lambda r: "last" in r.text)
        assert "hunter2" not in reader.text and OWN_KEY not in reader.text and "hosts-own" not in reader.text
        assert reader.text.count("[redacted]") == 7
        await reader.close()


async def test_a_reload_is_no_gap_and_repeats_nothing() -> None:
    async with place(den=den()) as p:
        reader = await Reader(p.hub.stream("den", "proxy")).live()
        p["den"].state.logs.info("before the reload")
        await reader.until(lambda r: "before the reload" in r.text)
        await p["den"].reload()
        p["den"].state.logs.info("after the reload")
        await reader.until(lambda r: "after the reload" in r.text)
        assert reader.whys == []
        lines = reader.text.split("\n")
        assert lines.count("[INFO] before the reload") == 1 and sum("listening" in line for line in lines) == 1
        await reader.close()


async def test_a_host_that_dies_is_told_and_comes_back_by_itself() -> None:
    async with place(den=den()) as p:
        reader = await Reader(p.hub.stream("den", "proxy")).live()
        await p["den"].kill()
        await p.state("den", "down")
        await reader.until(lambda r: any("down" in why for why in r.whys))
        asked = len(p.streams("den"))
        await p["den"].restart()
        p["den"].state.logs.info("born again")
        await p.state("den", "up")
        await reader.until(lambda r: "born again" in r.text)
        assert log_feed.NEW_LOG in reader.whys and len(p.streams("den")) <= asked + 1
        assert len(reader.whys) == len(set(reader.whys))
        await reader.close()


async def test_a_burst_is_told_whole_or_its_loss_is() -> None:
    async with place(den=den()) as p:
        reader = await Reader(p.hub.stream("den", "proxy")).live()
        before = len(reader.text)
        ring, sent = p["den"].state.logs.proxy, 0
        for n in range(200):
            text = f"burst {n} " + "x" * 20_000 + "\n"
            sent += len(text)
            ring.write(text)
        ring.write("the end\n")
        await reader.until(lambda r: "the end" in r.text)
        lost = sum(d["bytes"] for k, d in reader.heard if k == "gap")
        assert abs(len(reader.text) + 1 - before + lost - sent - len("the end\n")) <= 4 * 201
        await reader.close()


def test_a_slow_reader_costs_a_bounded_amount_and_is_told() -> None:
    session = LogSession("den", "proxy", "", follow=True)
    text = "y" * 10_000
    session.push(frame(LogLive()))
    for n in range(500):
        session.push(frame(LogText(seq=n, source="proxy", text=text)))
        session.push(frame(LogGap(bytes=7, why="dropped by the host")))
    waiting = sum(len(e.data) for e in session._waiting)
    assert waiting <= MOST_WAITING
    told = asyncio.run(taken(session))
    assert (told[0][0], told[0][1]["why"]) == ("gap", TOO_SLOW)
    assert told[1][0] == "live" and told[-1][0] == "end"
    kept = sum(len(d["text"]) + 1 for k, d in told if k == "log") + sum(d["bytes"] for k, d in told if k == "gap")
    assert kept == 500 * (10_001 + 7)


async def taken(session: LogSession) -> list[tuple[str, dict[str, Any]]]:
    session.end("Enough.")
    async with aclosing(session.frames()) as frames:  # type: ignore[type-var]
        raw = [event.decode().rstrip("\n").split("\n") async for event in frames]
    return [(e[0].removeprefix("event: "), json.loads(e[1].removeprefix("data: "))) for e in raw if len(e) == 2]


async def test_the_same_trouble_of_several_logs_is_told_once() -> None:
    session = LogSession("den", "all", "", follow=True)
    for source in ("proxy", "model"):
        session.push(frame(LogGap(bytes=0, why="The host is down.", source=source)))  # type: ignore[arg-type]
    assert len(session._waiting) == 1


async def test_the_end_of_the_gateway_ends_every_stream() -> None:
    async with place(den=den()) as p:
        reader = await Reader(p.hub.stream("den")).live()
        p.hub.close()
        await reader.end()
        assert reader.whys == ["The gateway stops."]
        with pytest.raises(StopAsyncIteration):
            while True:
                await anext(reader.stream)
        assert not p.hub.followed


async def test_a_host_that_leaves_the_list_ends_its_streams() -> None:
    async with place(den=den(), mac=den()) as p:
        reader = await Reader(p.hub.stream("den")).live()
        keep = tuple(v.view.provider for n, v in p.monitor._watches.items() if n == "mac")
        p.monitor.apply(Registry(providers=keep))
        await reader.end()
        assert "no longer" in reader.whys[-1]
