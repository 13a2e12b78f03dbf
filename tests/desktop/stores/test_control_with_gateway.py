"""Control behind a real gateway with simulated hosts: what a load would cost, failures, cancelled loads, scenes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from boocontrol.core.control import Scene
from boocontrol.demo.config import ModelConfig
from boocontrol.desktop.itemmodels.load_news import cost_lines, load_news
from boocontrol.desktop.stores import Stores
from tests.desktop.stores.test_with_gateway import house, machine, state

__all__ = ["machine"]


async def test_a_scene_is_applied_and_undone(owner: QObject, machine: Path, until: Any) -> None:
    async with house(owner, machine, until) as (s, _fleet, _supervisor):
        await s.actions.load("den/qwen")
        await until(s.catalog.changed, lambda: state(s, "den/qwen") == "ready")
        await s.scenes.save(Scene(name="Talk", models=("den/phi", "mac/qwen"), only=True))
        assert [scene.name for scene in s.scenes.scenes] == ["Talk"]
        plan = await s.scenes.preview("Talk")
        assert (plan.load, plan.unload) == (("den/phi", "mac/qwen"), ("den/qwen",))
        applied = await s.scenes.apply("Talk")
        await until(s.catalog.changed, lambda: [state(s, r) for r in ("den/phi", "mac/qwen")] == ["ready", "ready"])
        await s.scenes.undo(applied.undo)
        await until(s.catalog.changed, lambda: [state(s, r) for r in ("den/qwen", "mac/qwen")] == ["ready", "stopped"])


async def test_a_load_is_learned_and_its_cost_told(owner: QObject, machine: Path, until: Any) -> None:
    async with house(owner, machine, until) as (s, _fleet, _supervisor):
        await s.actions.load("den/qwen")
        await until(s.catalog.changed, lambda: state(s, "den/qwen") == "ready")
        before = await s.loads.cost("den/phi")
        assert before is not None and [out.ref for out in before.unloads] == ["den/qwen"]
        assert "It may unload qwen." in cost_lines(before)
        for ref in ("den/phi", "den/qwen"):
            await s.actions.load(ref)
            await until(s.fleet.changed, lambda ref=ref: loaded(s) == [(ref, "ready")])
        again = await s.loads.cost("den/phi")
        assert again is not None and again.unloads[0].certain and again.usual_load_s is not None
        assert "It unloads qwen." in cost_lines(again)


async def test_a_load_that_waits_is_cancelled(owner: QObject, machine: Path, until: Any) -> None:
    slow = (ModelConfig("qwen", load_s=100.0), ModelConfig("phi"))
    async with house(owner, machine, until, slow) as (s, _fleet, _supervisor):
        await s.connection.need().load("den/qwen")
        await s.connection.need().load("den/phi")
        await until(s.fleet.changed, lambda: "den/phi" in load_news(s.fleet.hosts))
        news = load_news(s.fleet.hosts)["den/phi"]
        assert (news.state, news.behind) == ("waits", "den/qwen")
        await s.connection.need().cancel_load("den/phi")
        await until(s.fleet.changed, lambda: not s.loads.under_way("den/phi"))
        await s.connection.need().cancel_load("den/qwen")
        await until(s.fleet.changed, lambda: not loaded(s))
        assert not s.loads.failed


async def test_a_load_that_fails_says_why_until_the_next(owner: QObject, machine: Path, until: Any) -> None:
    models = (ModelConfig("qwen"), ModelConfig("bad", fail_s=0.0))
    async with house(owner, machine, until, models) as (s, _fleet, _supervisor):
        await s.connection.need().load("den/bad")
        await until(s.loads.changed, lambda: "den/bad" in s.loads.failed)
        assert s.loads.failed["den/bad"].reason
        s.loads.dismiss("den/bad")
        assert not s.loads.failed
        await s.connection.need().load("den/bad")
        await until(s.loads.changed, lambda: "den/bad" in s.loads.failed)


def loaded(s: Stores) -> list[tuple[str, str]]:
    host = s.fleet.host("den")
    return [(m.ref, m.state) for m in host.loaded] if host else []
