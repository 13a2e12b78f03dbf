"""Requests that went past the gateway: told apart from its own, and ended on their host."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from boocontrol.core.refs import ModelRef
from boocontrol.demo.config import ModelConfig
from boocontrol.gateway.control.errors import status_of
from boocontrol.gateway.past import Past
from boocontrol.hosts.errors import BadAnswer
from tests.gateway.control import test_whole_fleet as base

whole, box = base.whole, base.box


@pytest.fixture(autouse=True)
def one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts and gateway are of one machine here."""
    monkeypatch.setattr("boocontrol.gateway.past.CLOSE_S", 0.0)


def marks(w: Any) -> None:
    """What the composition root wires."""
    w.monitor.adding.append(Past(w.house.gateway.state, w.monitor.real_name, lambda provider_id: 0.0).mark)


def requests(w: Any) -> list[tuple[str, bool]]:
    return [(r.path, r.ours) for r in w.monitor.host("den").requests or () if r.path != "/"]


async def test_ours_and_those_of_others_are_told_apart(whole: Any) -> None:
    chat = "/v1/chat/completions"
    async with whole(den=box(ModelConfig("q", aliases=("nick",)))) as w:
        marks(w)
        async with w.stream(w.house["den"].url, "q"):
            await w.until(lambda: requests(w) == [(chat, False)])
            async with w.stream(w.house.gateway.url, "den/nick"):
                await w.until(lambda: sorted(requests(w)) == [(chat, False), (chat, True)])
            await w.until(lambda: requests(w) == [(chat, False)])
        await w.until(lambda: requests(w) == [])


async def test_one_of_others_is_ended_and_ours_goes_on(whole: Any) -> None:
    async with whole(den=box()) as w:
        marks(w)
        async with w.stream(w.house.gateway.url, "den/q") as ours, w.stream(w.house["den"].url, "q") as others:
            await w.until(lambda: len(requests(w)) == 2)
            (request,) = [r for r in w.monitor.host("den").requests if not r.ours]
            path = f"/api/hosts/den/requests/{request.id}/cancel"
            assert (await w.ask(path))["asked"] == [request.id]
            rest = await asyncio.wait_for(base.rest(others), 10)
            assert "[DONE]" not in rest
            assert await anext(ours) is not None
            await w.until(lambda: [r.ours for r in w.monitor.host("den").requests or ()] == [True])
            assert w.loaded() == {"q": "ready"}
            assert (await w.ask(path, 404))["error"]["code"] == "not_found"
            (mine,) = w.monitor.host("den").requests
            refused = await w.ask(f"/api/hosts/den/requests/{mine.id}/cancel", 409)
            assert "its own id" in refused["advice"] and await anext(ours) is not None


async def test_who_ended_it_is_kept(whole: Any) -> None:
    async with whole(den=box()) as w:
        cuts: list[tuple[str, str, str]] = []
        w.services.actions._story.cut = lambda ref, by, detail: cuts.append((str(ref), by, detail))
        async with w.stream(w.house["den"].url, "q"):
            await w.until(lambda: len(requests(w)) == 1)
            await w.ask(f"/api/hosts/den/requests/{w.monitor.host('den').requests[0].id}/cancel")
        assert cuts == [("den/q", "panel", "/v1/chat/completions of other")]


async def test_a_version_that_cannot_says_so(whole: Any) -> None:
    async with whole(den=box(version="216")) as w:
        with pytest.raises(BadAnswer, match="from version 235 on it can") as told:
            await w.services.actions.cancel_request(ModelRef("den", "q"), "1")
        assert (told.value.code, status_of(told.value)) == ("not_supported", 409)
        assert told.value.advice


async def test_from_version_235_on_it_can(whole: Any) -> None:
    async with whole(den=box(version="235")) as w:
        async with w.stream(w.house["den"].url, "q") as lines:
            await w.until(lambda: len(requests(w)) == 1)
            await w.ask(f"/api/hosts/den/requests/{w.monitor.host('den').requests[0].id}/cancel")
            assert "[DONE]" not in await asyncio.wait_for(base.rest(lines), 10)


async def test_what_there_is_not(whole: Any) -> None:
    async with whole(den=box()) as w:
        for path in ("/api/hosts/den/requests/77/cancel", "/api/hosts/nope/requests/1/cancel"):
            assert (await w.ask(path, 404))["error"]["code"] == "not_found"
