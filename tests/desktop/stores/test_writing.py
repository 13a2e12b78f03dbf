"""Writing through the gateway: the star's walk, settings and providers, on a stub whose other writers are scripted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import QObject

from boocontrol.client import Busy, GatewayClient
from boocontrol.core.errors import BadInput, BooError
from boocontrol.desktop.stores import Stores

KEY = "test-gateway-key"


@pytest.fixture
def wired(stores: Stores, running: Any) -> Any:
    """Stores with a client of the stub, as if they were connected."""

    class Wired:
        async def __aenter__(self) -> Stores:
            self.client = GatewayClient(running.url, KEY)
            stores.connection.take("connected", client=self.client)
            await stores.settings.refresh()
            return stores

        async def __aexit__(self, *exc: object) -> None:
            await self.client.aclose()

    return Wired


def patches(stub: Any) -> list[Any]:
    return [body for method, path, body in stub.seen if (method, path) == ("PATCH", "/api/settings")]


async def test_a_star_shows_at_once_and_is_written(wired: Any, stub: Any, until: Any) -> None:
    async with wired() as s:
        shown: list[Any] = []
        s.favorites.changed.connect(lambda: shown.append(s.favorites.refs))
        s.favorites.toggle("gpu-box/phi")
        assert s.favorites.refs == ("gpu-box/qwen3", "gpu-box/phi") and not patches(stub)
        await until(s.settings.changed, lambda: len(s.settings.values["favorite_models"]) == 2)
        assert stub.settings["favorite_models"] == ["gpu-box/qwen3", "gpu-box/phi"]
        assert shown == [("gpu-box/qwen3", "gpu-box/phi")]


async def test_clicks_are_written_in_their_order(wired: Any, stub: Any, until: Any) -> None:
    async with wired() as s:
        for ref in ("a/1", "a/2", "a/1", "a/3"):
            s.favorites.toggle(ref)
        s.favorites.move("a/3", 0)
        assert s.favorites.refs == ("a/3", "gpu-box/qwen3", "a/2")
        await until(s.settings.changed, lambda: s.settings.values["favorite_models"] == list(s.favorites.refs))
        assert stub.settings["favorite_models"] == ["a/3", "gpu-box/qwen3", "a/2"]


async def test_a_star_is_applied_again_to_what_another_program_wrote(wired: Any, stub: Any, until: Any) -> None:
    def other() -> None:
        stub.settings = {**stub.settings, "favorite_models": ["theirs/model"], "their_key": 1}

    async with wired() as s:
        stub.meanwhile = [other]
        s.favorites.toggle("gpu-box/phi")
        await until(s.settings.changed, lambda: "their_key" in s.settings.values)
        assert s.favorites.refs == ("theirs/model", "gpu-box/phi")
        assert stub.settings["favorite_models"] == ["theirs/model", "gpu-box/phi"]
        assert len(patches(stub)) == 2


async def test_a_star_that_is_refused_goes_back_and_says_why(wired: Any, stub: Any, until: Any, tools: Any) -> None:
    async with wired() as s:
        failed: list[Any] = []
        s.favorites.failed.connect(lambda ref, error: failed.append((ref, error)))
        stub.answers["PATCH /api/settings"] = lambda: tools.problem(422, "bad_setting", "The disk is full.", "Free it.")
        s.favorites.toggle("gpu-box/qwen3")
        assert s.favorites.refs == ()
        await until(s.favorites.failed, lambda: bool(failed))
        assert s.favorites.refs == ("gpu-box/qwen3",)
        ref, error = failed[0]
        assert ref == "gpu-box/qwen3" and isinstance(error, BadInput) and str(error) == "The disk is full. Free it."


async def test_settings_of_others_stay_and_own_errors_are_raised(wired: Any, stub: Any, tools: Any) -> None:
    async with wired() as s:
        await s.settings.set("default_model", "gpu-box/phi")
        assert (
            s.settings.values
            == stub.settings
            == {
                "favorite_models": ["gpu-box/qwen3"],
                "default_model": "gpu-box/phi",
            }
        )
        stub.answers["PATCH /api/settings"] = lambda: tools.problem(422, "bad_setting", "No.")
        with pytest.raises(BadInput):
            await s.settings.set("default_model", 5)
        assert s.settings.values["default_model"] == "gpu-box/phi"


async def test_an_event_older_than_the_own_writing_does_not_take_it_back(wired: Any, stub: Any) -> None:
    async with wired() as s:
        old = dict(stub.settings)
        await s.settings.set("default_model", "gpu-box/phi")
        seen: list[Any] = []
        s.settings.changed.connect(lambda: seen.append(s.settings.values))
        asked, refresh = asyncio.Event(), s.settings.refresh

        async def watched() -> None:
            await refresh()
            asked.set()

        s.settings.refresh = watched
        s.connection.heard.emit("settings", old)
        await asyncio.wait_for(asked.wait(), 5)
        assert not seen and s.settings.values["default_model"] == "gpu-box/phi"


async def test_a_removed_provider_comes_back_where_it_was(wired: Any, stub: Any) -> None:
    async with wired() as s:
        await s.providers.refresh()
        before = stub.document
        token = await s.providers.remove("gpu-box")
        stub.document = {k: v for k, v in stub.document.items() if k != "defaultProvider"}  # as a real one does
        assert s.providers.entry("gpu-box") is None
        await s.providers.undo(token)
        assert s.providers.document == stub.document
        assert {**stub.document, "x": 0} == {**before, "x": 0}
        with pytest.raises(BadInput, match="already"):
            await s.providers.undo(token)


async def test_providers_are_added_with_their_key_changed_and_reordered(wired: Any, stub: Any) -> None:
    from pydantic import SecretStr

    async with wired() as s:
        await s.providers.add({"id": "new", "baseUrl": "http://new:1"}, SecretStr("sk-1"))
        assert ("PUT", "/api/providers/new/key", {"key": "sk-1"}) in stub.seen
        await s.providers.update("new", {"label": "New"})
        await s.providers.reorder(["new", "attic"])
        await s.providers.set_default("new")
        ids = [p["id"] for p in s.providers.document["providers"]]
        assert (ids, s.providers.document["defaultProvider"]) == (["new", "attic", "gpu-box"], "new")
        assert s.providers.entry("new")["label"] == "New" and s.providers.entry("gpu-box")["mine"] == 1
        assert not (await s.providers.delete_key("new")).present


async def test_busy_names_the_requests_and_nothing_stays_asked(wired: Any, stub: Any, tools: Any) -> None:
    request = {"id": "r1", "ref": "gpu-box/qwen3", "provider": "gpu-box", "endpoint": "chat", "client": "opencode"}
    request |= {"startedAt": "2026-11-22T16:12:50Z"}
    async with wired() as s:
        await s.catalog.refresh()
        stub.answers["POST /api/models/unload"] = lambda: tools.problem(409, "busy", "One runs.", requests=[request])
        with pytest.raises(Busy) as caught:
            await s.actions.unload(all=True)
        assert [r.client for r in caught.value.requests] == ["opencode"] and not s.actions.asked
        del stub.answers["POST /api/models/unload"]
        await s.actions.unload(all=True, force=True)
        assert set(s.actions.asked) == {"gpu-box/qwen3"}
        assert stub.seen[-1][2] == {"all": True, "force": True}


async def test_a_provider_that_the_gateway_refuses(wired: Any, owner: QObject, stub: Any, tools: Any) -> None:
    async with wired() as s:
        stub.answers["POST /api/providers"] = lambda: tools.problem(422, "duplicate_id", "There is one already.")
        with pytest.raises(BooError, match="already"):
            await s.providers.add({"id": "attic", "baseUrl": "http://x"})
