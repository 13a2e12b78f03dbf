"""Scenes in the settings: kept, replaced, renamed, removed and put back; what cannot be read is left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from boocontrol.client import GatewayClient
from boocontrol.core.control import Scene
from boocontrol.core.errors import BooError
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.scenes import loaded_now
from tests.desktop.stores.test_loads import den

CODING = {"name": "Coding", "models": ["den/qwen3"], "only": False}
NIGHT = {"name": "Night", "models": ["mac/phi"], "only": True}


@asynccontextmanager
async def kept(stores: Stores, stub: Any, *scenes: dict[str, Any]) -> AsyncIterator[None]:
    stub.settings = {"scenes": list(scenes)}
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        await stores.settings.refresh()
        yield


def names(stores: Stores) -> list[str]:
    return [scene.name for scene in stores.scenes.scenes]


async def test_saving_adds_at_the_end_and_replaces_in_its_place(stores: Stores, stub: Any) -> None:
    async with kept(stores, stub, CODING, NIGHT):
        await stores.scenes.save(Scene(name="Day", models=("den/phi",)))
        await stores.scenes.save(Scene(name="Coding", models=("den/phi",), only=True))
    assert names(stores) == ["Coding", "Night", "Day"]
    assert stub.settings["scenes"][0] == {"name": "Coding", "models": ["den/phi"], "only": True}


async def test_a_removed_scene_is_put_back_where_it_was(stores: Stores, stub: Any) -> None:
    async with kept(stores, stub, CODING, NIGHT):
        removed = await stores.scenes.remove("Coding")
        assert names(stores) == ["Night"]
        await stores.scenes.put_back(removed)
    assert stub.settings["scenes"] == [CODING, NIGHT]


async def test_another_name(stores: Stores, stub: Any) -> None:
    async with kept(stores, stub, CODING, NIGHT):
        await stores.scenes.rename("Night", "Evening")
        with pytest.raises(BooError, match="There is no scene “Night”"):
            await stores.scenes.rename("Night", "Morning")
    assert stub.settings["scenes"] == [CODING, {**NIGHT, "name": "Evening"}]


async def test_what_a_later_version_wrote_is_not_shown_and_not_lost(stores: Stores, stub: Any) -> None:
    later = {"name": "Later", "models": ["den/qwen3"], "when": "22:00"}
    async with kept(stores, stub, later, CODING):
        assert names(stores) == ["Coding"]
        await stores.scenes.save(Scene(name="Day", models=("den/phi",)))
    assert stub.settings["scenes"][0] == later


def test_what_a_new_scene_would_hold() -> None:
    loaded = [{"ref": f"den/{state}", "state": state} for state in ("ready", "starting", "stopping")]
    assert loaded_now([den(loaded=loaded)]) == ("den/ready", "den/starting")
