"""The control API and the data plane of one gateway before simulated hosts: what is cut, queued, applied, woken."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from boocontrol.core.control import Scene
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.gateway.activity import Activity
from boocontrol.gateway.control.app import control_app
from boocontrol.gateway.control.news import FleetNews
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.waking import Waking
from boocontrol.hosts.actions import Actions
from boocontrol.hosts.wake import Waker, magic_packet
from boocontrol.store.desk import Desk, RequestsDesk
from boocontrol.store.engine import database_url

MAC = "00:1a:2b:3c:4d:5e"
ENDLESS = {"tokens": 100_000, "pace": 0.002}
BOO = {"X-Boo-Source": "desktop"}


class Whole:
    """A gateway with its control API, and its hosts."""

    def __init__(self, house: Any, services: Services, http: httpx.AsyncClient, ear: socket.socket) -> None:
        self.house, self.services, self.http, self.ear = house, services, http, ear
        self.monitor = house.gateway.monitor

    async def ask(self, path: str, status: int = 202, **body: Any) -> Any:
        answer = await self.http.post(path, json=body, headers=BOO)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, path: str, **params: str) -> Any:
        return (await self.http.get(path, params=params)).json()

    async def until(self, so: Callable[[], Any]) -> None:
        await self.monitor.wait_for(so)

    def loaded(self, provider: str = "den") -> dict[str, str]:
        return {m.ref.partition("/")[2]: m.state for m in self.monitor.host(provider).loaded}

    def packets(self) -> list[bytes]:
        found = []
        while True:
            try:
                found.append(self.ear.recv(2048))
            except BlockingIOError:
                return found

    @asynccontextmanager
    async def stream(self, url: str, model: str, **headers: str) -> AsyncIterator[Any]:
        """A streamed chat that has begun; what comes further is read from it."""
        body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "hi"}], "sim": ENDLESS}
        async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as client:
            async with client.stream("POST", "/v1/chat/completions", json=body, headers=headers) as answer:
                lines = answer.aiter_lines()
                await anext(lines)
                yield lines


async def rest(lines: Any) -> str:
    return "\n".join([line async for line in lines])


@pytest.fixture
async def whole(house: Any, tmp_path: Path) -> Any:
    @asynccontextmanager
    async def start(entries: dict[str, Any] | None = None, **configs: HostConfig) -> AsyncIterator[Whole]:
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ear.bind(("127.0.0.1", 0))
        ear.setblocking(False)
        desk = Desk()
        database = await desk.open(database_url(tmp_path, {}))
        async with house(entries=entries, **configs) as h:
            gateway, monitor, state = h.gateway, h.gateway.monitor, h.gateway.state
            actions = Actions(monitor)
            waker = Waker(monitor, to=lambda p: [ear.getsockname()], again_s=60, look_s=0.01)
            waking = Waking(waker, lambda: state.settings, most=2)
            activity = Activity(RequestsDesk(desk, database), state.in_flight)
            gateway.app.forwarder.observe(lambda: None, activity.ended)
            gateway.app.forwarder.waking = waking
            parts: Any = (state, monitor, None, actions, None, None, EventHub("i1"))
            # What these tests do not ask of is not there.
            absent: Any = {
                f.name: None for f in dataclasses.fields(Services) if f.kw_only and f.default is f.default_factory
            }
            services = Services(*parts, **{**absent, "activity": activity, "waking": waking})
            news = FleetNews(monitor, services.events, services.catalog_json)
            monitor._on_change = lambda p: (news.changed(p), services.learn(p))
            await monitor.wait_for(lambda: all(p.answers for p in state.catalog.providers))
            transport = httpx.ASGITransport(control_app(services), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
                yield Whole(h, services, http, ear)
            for ending in (actions.stop, waker.stop, activity.stop):
                await ending()
        await desk.close()
        ear.close()

    return start


def box(*models: ModelConfig, **more: Any) -> HostConfig:
    return HostConfig(models=models or (ModelConfig("q"), ModelConfig("other")), clock=0.05, pace=0.002, **more)


async def test_a_stream_is_not_cut_unasked(whole: Any) -> None:
    async with whole(den=box()) as w:
        url = w.house.gateway.url
        async with w.stream(url, "den/q", **{"X-Boo-Source": "opencode"}) as lines:
            for body in ({"ref": "den/q"}, {"provider": "den"}, {"all": True}):
                told = await w.ask("/api/models/unload", 409, **body)
                assert told["error"]["code"] == "busy"
                (request,) = told["requests"]
                assert (request["ref"], request["client"], request["ours"]) == ("den/q", "opencode", True)
                assert request["endpoint"] == "/v1/chat/completions"
            await w.ask("/api/models/unload", ref="den/other")
            assert "data:" in await anext(line async for line in lines if line), "it runs on"


async def test_force_cuts_and_says_who_did_it(whole: Any) -> None:
    async with whole(den=box()) as w:
        async with w.stream(w.house.gateway.url, "den/q") as lines:
            await w.ask("/api/models/unload", ref="den/q", force=True)
            said = await rest(lines)
        assert '"code":"model_unloaded"' in said
        assert "unloaded by panel" in said
        assert "[DONE]" not in said
        (row,) = (await w.get("/api/activity"))["data"]
        assert (row["ref"], row["outcome"]) == ("den/q", "cut")
        await w.until(lambda: w.loaded() == {})


async def test_a_plain_request_is_told_too(whole: Any) -> None:
    async with whole(den=box()) as w:
        asking = asyncio.ensure_future(w.house.gateway.chat("den/q", sim=ENDLESS))
        await w.until(lambda: w.loaded() == {"q": "ready"})
        await w.ask("/api/models/unload", provider="den", force=True)
        answer = await asking
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "model_unloaded")


async def test_a_request_that_came_past_the_gateway_is_guarded(whole: Any) -> None:
    async with whole(den=box()) as w:
        async with w.stream(w.house["den"].url, "q") as lines:
            await w.until(lambda: w.monitor.host("den").requests)
            (request,) = (await w.ask("/api/models/unload", 409, ref="den/q"))["requests"]
            assert (request["client"], request["ours"], request["ref"]) == ("other", False, "den/q")
            assert request["endpoint"] == "/v1/chat/completions"
            await w.ask("/api/models/unload", ref="den/other")
            async with w.stream(w.house.gateway.url, "den/q"):
                await w.until(lambda: len(w.monitor.host("den").requests) == 2)
                both = (await w.ask("/api/models/unload", 409, ref="den/q"))["requests"]
                assert sorted(r["ours"] for r in both) == [False, True], "ours is not counted twice"
                await w.ask("/api/models/unload", ref="den/q", force=True)
            await rest(lines)


async def test_an_old_host_that_tells_only_a_number(whole: Any) -> None:
    async with whole(den=box(version="216")) as w:
        async with w.stream(w.house["den"].url, "q"):
            await w.until(lambda: w.monitor.host("den").in_flight)
            (request,) = (await w.ask("/api/models/unload", 409, provider="den"))["requests"]
            assert (request["client"], request["ref"], request["endpoint"]) == ("other", "den/q", "")
            await w.ask("/api/models/unload", ref="den/other")


async def test_an_alias_is_its_model(whole: Any) -> None:
    async with whole(den=box(ModelConfig("q", aliases=("quick",)))) as w:
        async with w.stream(w.house.gateway.url, "den/quick"):
            told = await w.ask("/api/models/unload", 409, ref="den/q")
            assert len(told["requests"]) == 1


async def test_loads_queue_and_are_cancelled_over_the_api(whole: Any) -> None:
    async with whole(den=box(ModelConfig("big", load_s=10_000), ModelConfig("small"))) as w:
        await w.ask("/api/models/load", ref="den/big")
        await w.ask("/api/models/load", ref="den/small")
        await w.until(lambda: w.loaded() == {"big": "starting"})
        host = await w.get("/api/hosts/den")
        assert [(q["ref"], q["by"]) for q in host["queue"]] == [("den/small", "panel")]
        assert [(load["ref"], load["state"]) for load in host["loads"]] == [
            ("den/big", "loading"),
            ("den/small", "queued"),
        ]
        assert (await w.get("/api/models/preview", ref="den/small"))["queue"] == 1
        await w.ask("/api/models/cancel", ref="den/big")
        await w.until(lambda: w.loaded() == {"small": "ready"})
        ended = {load["ref"]: (load["state"], load["reason"]) for load in (await w.get("/api/hosts/den"))["loads"]}
        assert ended["den/big"] == ("cancelled", "Cancelled by panel.")
        assert (await w.ask("/api/models/cancel", 404, ref="den/big"))["error"]["code"] == "not_found"


async def test_a_load_cuts_nobody_and_says_what_it_waits_for(whole: Any) -> None:
    async with whole(den=box()) as w:
        async with w.stream(w.house["den"].url, "q") as lines:
            await w.ask("/api/models/load", ref="den/other")
            await w.until(lambda: "lets running requests end" in w.monitor.host("den").loads[0].reason)
            assert w.loaded() == {"q": "ready"}
            assert "data:" in await anext(line async for line in lines if line), "it runs on"
        await w.until(lambda: w.loaded() == {"other": "ready"})


async def test_cancelling_a_load_for_which_a_request_waits_needs_force(whole: Any) -> None:
    async with whole(den=box(ModelConfig("big", load_s=10_000))) as w:
        asking = asyncio.ensure_future(w.house.gateway.chat("den/big"))
        await w.until(lambda: w.loaded() == {"big": "starting"})
        (request,) = (await w.ask("/api/models/cancel", 409, ref="den/big"))["requests"]
        assert request["ref"] == "den/big"
        await w.ask("/api/models/cancel", ref="den/big", force=True)
        assert (await asking).status_code >= 400
        await w.until(lambda: w.loaded() == {})


async def test_a_start_that_fails_is_told_by_the_api(whole: Any) -> None:
    async with whole(den=box(ModelConfig("q", load_s=1, fail_s=0.5))) as w:
        await w.ask("/api/models/load", ref="den/q")
        await w.until(lambda: any(load.state == "failed" for load in w.monitor.host("den").loads))
        (load,) = (await w.get("/api/hosts/den"))["loads"]
        assert "exited prematurely" in load["reason"]


async def test_a_preview_is_honest_and_learns(whole: Any) -> None:
    async with whole(den=box()) as w:
        empty = await w.get("/api/models/preview", ref="den/q")
        assert (empty["state"], empty["unloads"], empty["certain"]) == ("stopped", [], True)
        async with w.stream(w.house.gateway.url, "den/q"):
            told = await w.get("/api/models/preview", ref="den/other")
            assert told["unloads"] == [{"ref": "den/q", "state": "ready", "inFlight": 1, "certain": False}]
            assert not told["certain"]
            assert "does not tell" in told["words"][0]
            assert "lets them end" in told["words"][1]
        await w.until(lambda: not w.monitor.host("den").in_flight)
        there = await w.get("/api/models/preview", ref="den/q")
        assert (there["state"], there["unloads"], there["certain"]) == ("ready", [], True)
        await w.ask("/api/models/load", ref="den/other")
        await w.until(lambda: w.loaded() == {"other": "ready"})
        await w.ask("/api/models/load", ref="den/q")
        await w.until(lambda: w.loaded() == {"q": "ready"})
        told = await w.get("/api/models/preview", ref="den/other")
        assert told["unloads"][0]["certain"], "it was seen to push it out"
        assert (await w.http.get("/api/models/preview")).status_code == 422


async def test_models_seen_side_by_side_push_nobody_out(whole: Any) -> None:
    from boocontrol.demo.config import GroupConfig

    both = (ModelConfig("a", group="g"), ModelConfig("b", group="g"))
    async with whole(den=box(*both, groups=(GroupConfig("g", swap=False),))) as w:
        for ref in ("den/a", "den/b"):
            await w.ask("/api/models/load", ref=ref)
        await w.until(lambda: w.loaded() == {"a": "ready", "b": "ready"})
        await w.ask("/api/models/unload", ref="den/b")
        await w.until(lambda: w.loaded() == {"a": "ready"})
        told = await w.get("/api/models/preview", ref="den/b")
        assert (told["unloads"], told["certain"]) == ([], True)


async def test_a_scene_is_applied_and_undone(whole: Any) -> None:
    async with whole(den=box(), mac=box()) as w:
        scene = Scene(name="work", models=("den/q", "mac/q"), only=True)
        w.house.gateway.set(scenes=(scene,))
        await w.ask("/api/models/load", ref="den/other")
        await w.until(lambda: w.loaded() == {"other": "ready"})
        plan = await w.ask("/api/scenes/preview", 200, name="work")
        assert (plan["load"], plan["unload"], plan["keep"]) == (["den/q", "mac/q"], ["den/other"], [])
        applied = await w.ask("/api/scenes/apply", name="work")
        assert applied["undo"] == {"models": ["den/other"], "only": True, "hosts": ["den", "mac"]}
        await w.until(lambda: (w.loaded(), w.loaded("mac")) == ({"q": "ready"}, {"q": "ready"}))
        await w.ask("/api/scenes/apply", **applied["undo"])
        await w.until(lambda: (w.loaded(), w.loaded("mac")) == ({"other": "ready"}, {}))


async def test_a_scene_cuts_only_by_force(whole: Any) -> None:
    async with whole(den=box()) as w:
        async with w.stream(w.house.gateway.url, "den/other") as lines:
            body = {"models": ["den/q"], "only": True}
            plan = await w.ask("/api/scenes/preview", 200, **body)
            assert [r["ref"] for r in plan["busy"]] == ["den/other"]
            told = await w.ask("/api/scenes/apply", 409, **body)
            assert [r["ref"] for r in told["requests"]] == ["den/other"]
            assert w.loaded() == {"other": "ready"}
            await w.ask("/api/scenes/apply", **body, force=True)
            assert "model_unloaded" in await rest(lines)
        await w.until(lambda: w.loaded() == {"q": "ready"})


async def test_a_scene_forgets_loads_that_wait_for_others(whole: Any) -> None:
    async with whole(den=box(ModelConfig("big", load_s=10_000), ModelConfig("q"), ModelConfig("other"))) as w:
        for ref in ("den/big", "den/other", "den/q"):
            await w.ask("/api/models/load", ref=ref)
        await w.until(lambda: w.loaded() == {"big": "starting"})
        applied = await w.ask("/api/scenes/apply", models=["den/q"], only=True)
        assert applied["plan"]["unload"] == ["den/big"]
        await w.until(lambda: w.loaded() == {"q": "ready"})
        ends = {load.ref: load.state for load in w.monitor.host("den").loads}
        assert (ends["den/big"], ends["den/other"]) == ("cancelled", "cancelled")
        assert not [r for r in w.house["den"].requests if r.target.startswith("/upstream/other")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": "a", "models": []}, 422),
        ({"name": "nobody"}, 404),
        ({"models": ["nobody/q"]}, 404),
        ({"models": [], "hosts": ["nobody"]}, 404),
    ],
)
async def test_scenes_that_are_none(whole: Any, body: Any, status: int) -> None:
    async with whole(den=box()) as w:
        for verb in ("preview", "apply"):
            await w.ask(f"/api/scenes/{verb}", status, **body)


async def test_a_host_is_woken_over_the_api(whole: Any) -> None:
    async with whole({"attic": {"macAddress": MAC}}, attic=box(), den=box()) as w:
        assert (await w.ask("/api/hosts/den/wake", 409))["error"]["code"] == "cannot_wake"
        await w.ask("/api/hosts/nobody/wake", 404)
        await w.house["attic"].fault("kill")
        await w.ask("/api/hosts/attic/wake")
        host = await w.get("/api/hosts/attic")
        assert (host["macAddress"], bool(host["wakingSince"])) == (MAC, True)
        assert w.packets() == [magic_packet(MAC)]
        await w.house["attic"].fault("none")
        await w.until(lambda: w.monitor.host("attic").waking_since is None)
        assert w.monitor.host("attic").state == "up"


async def test_requests_wake_a_sleeping_host_together(whole: Any) -> None:
    async with whole({"attic": {"macAddress": MAC}}, attic=box()) as w:
        gateway = w.house.gateway
        gateway.set(auto_wake=True, wake_timeout=30, keepalive_after=0.01, keepalive_every=0.01)
        await w.house["attic"].fault("kill")
        body = {"model": "attic/q", "stream": True, "messages": []}
        async with gateway.client.stream("POST", "/v1/chat/completions", json=body) as answer:
            lines = answer.aiter_lines()
            assert answer.status_code == 200
            while "waking attic" not in (line := await anext(lines)):
                assert line.startswith((":", "")), line
            plain = asyncio.ensure_future(gateway.chat("attic/q"))
            await w.until(lambda: gateway.state.in_flight.count("attic") == 2)
            while w.services.waking._waiting.get("attic") != 2:
                await anext(lines)
            full = await gateway.chat("attic/q")
            assert (full.status_code, full.json()["error"]["code"]) == (503, "provider_offline")
            assert "2 requests wait" in full.json()["error"]["message"]
            await w.house["attic"].fault("none")
            assert "[DONE]" in await rest(lines)
        assert (await plain).status_code == 200
        assert w.packets() == [magic_packet(MAC)], "one packet, however many ask"


async def test_a_host_that_was_woken_and_does_not_answer(whole: Any) -> None:
    async with whole({"attic": {"macAddress": MAC}}, attic=box()) as w:
        w.house.gateway.set(auto_wake=True, wake_timeout=0.1)
        await w.house["attic"].fault("kill")
        answer = await w.house.gateway.chat("attic/q")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "provider_offline")
        assert "was woken and did not answer within 0.1 seconds" in answer.json()["error"]["message"]


@pytest.mark.parametrize(("auto", "entry"), [(False, {"macAddress": MAC}), (True, {})])
async def test_nobody_is_woken_unasked(whole: Any, auto: bool, entry: dict[str, Any]) -> None:
    async with whole({"attic": entry}, attic=box()) as w:
        w.house.gateway.set(auto_wake=auto, wake_timeout=30)
        await w.house["attic"].fault("kill")
        answer = await w.house.gateway.chat("attic/q")
        assert "is offline" in answer.json()["error"]["message"]
        assert w.packets() == []


async def test_what_is_shown_of_a_load_comes_by_the_events(whole: Any) -> None:
    async with whole(den=box()) as w:
        frames = w.services.events.stream(None, lambda: b"{}")
        w.services.actions._on_change = w.monitor._on_change
        await w.ask("/api/models/load", ref="den/q")
        async with asyncio.timeout(10):
            async for piece in frames:
                told = [f.partition("data: ")[2] for f in piece.decode().split("\n\n") if "event: host" in f]
                if any(load["state"] == "loaded" for host in map(json.loads, told) for load in host["loads"]):
                    break
