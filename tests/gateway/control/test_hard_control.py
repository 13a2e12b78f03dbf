"""What is asked of one gateway at the same time, and hosts that go meanwhile."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from boocontrol.core.api import Host, LoadedModel
from boocontrol.core.registry_file import load_registry
from boocontrol.demo.config import GroupConfig, HostConfig, ModelConfig
from boocontrol.gateway.control.models_beside import MOST, REMEMBERED, Beside
from tests.gateway.control import test_whole_fleet as base

whole, box = base.whole, base.box


def groups(*models: str) -> HostConfig:
    """A host on which models stand side by side."""
    members = (ModelConfig(name, load_s=20.0, group="g") for name in models)
    return box(*members, groups=(GroupConfig("g", swap=False),))


async def at_rest(w: Any) -> None:
    await w.until(lambda: not w.services.actions.loading and "starting" not in w.loaded().values())


@pytest.mark.parametrize("round_", range(3))
async def test_of_two_scenes_at_once_one_is_there_in_the_end(whole: Any, round_: int) -> None:
    async with whole(den=groups("a", "b", "c", "d")) as w:
        await w.ask("/api/models/load", ref="den/c")
        await at_rest(w)
        await asyncio.gather(
            w.ask("/api/scenes/apply", models=["den/a"], only=True),
            w.ask("/api/scenes/apply", models=["den/b", "den/d"], only=True),
        )
        await at_rest(w)
        assert set(w.loaded()) in ({"a"}, {"b", "d"})


async def test_a_scene_ends_loads_of_others_that_run(whole: Any) -> None:
    """A load whose host has not begun it is in no memory yet, and would be there a moment later."""
    async with whole(den=groups("a", "b")) as w:
        asked, scene = await asyncio.gather(
            w.ask("/api/models/load", ref="den/a"), w.ask("/api/scenes/apply", models=["den/b"], only=True)
        )
        assert asked["asked"] == ["den/a"] and scene["plan"]["load"] == ["den/b"]
        await at_rest(w)
        assert set(w.loaded()) == {"b"}


async def test_a_load_that_runs_already_is_kept_by_a_scene(whole: Any) -> None:
    async with whole(den=groups("a", "b")) as w:
        await w.ask("/api/models/load", ref="den/a")
        plan = await w.ask("/api/scenes/preview", 200, models=["den/a"], only=True)
        assert (plan["load"], plan["keep"], plan["unload"]) == ([], ["den/a"], [])


def rename(w: Any, tmp_path: Path, entry: dict[str, Any]) -> None:
    """A hand edit of the registry, taken up."""
    path = tmp_path / "providers.json"
    path.write_text(json.dumps({"providers": [{"baseUrl": w.house["den"].url, **entry}]}))
    w.house.gateway.state.loaded = load_registry(path, {})
    w.monitor.apply(w.house.gateway.state.registry)


@pytest.mark.parametrize("version", ["250", "173"])
async def test_requests_of_a_provider_that_was_renamed_meanwhile_are_still_ours(
    whole: Any, tmp_path: Path, version: str
) -> None:
    async with whole(den=box(version=version)) as w, w.stream(w.house.gateway.url, "den/q") as lines:
        rename(w, tmp_path, {"id": "lair", "formerIds": ["den"]})
        await w.until(lambda: w.loaded("lair") == {"q": "ready"})
        refused = await w.ask("/api/models/unload", 409, ref="lair/q")
        assert [(r["ours"], r["client"] == "other") for r in refused["requests"]] == [(True, False)]
        await w.ask("/api/models/unload", ref="lair/q", force=True)
        assert "unloaded by panel" in await base.rest(lines)


async def test_a_paused_host_is_asked_nothing(whole: Any, tmp_path: Path) -> None:
    async with whole(den=box()) as w:
        rename(w, tmp_path, {"id": "den", "enabled": False})
        for body in ({"provider": "den"}, {"ref": "den/q"}):
            answer = await w.ask("/api/models/unload", 404, **body)
            assert answer["error"]["code"] == "provider_paused"
        await w.ask("/api/models/unload", all=True)
        assert [r.target for r in w.house["den"].requests if "unload" in r.target] == []


def host(*refs: str) -> Host:
    return Host(
        id="den",
        label="den",
        kind="llama-swap",
        location="local",
        enabled=True,
        often_off=False,
        base_url="http://den",
        state="up",
        models=len(refs),
        loaded=tuple(LoadedModel(ref=f"den/{ref}", state="ready") for ref in refs),
    )


def test_a_host_with_hundreds_of_models_in_memory_fills_nothing() -> None:
    seen = Beside()
    seen.saw(host(*(f"m{n}" for n in range(2000))))
    assert len(seen._beside) <= MOST * MOST
    seen.saw(host("a", "b"))
    assert seen.tells("den/a", "den/b") == "beside"


def test_hosts_that_name_other_models_each_time_fill_nothing() -> None:
    seen = Beside()
    for n in range(0, 20_000, 2):
        seen.saw(host(f"m{n}", f"m{n + 1}"))
    assert len(seen._beside) <= REMEMBERED
    assert seen.tells("den/m19998", "den/m19999") == "beside"
