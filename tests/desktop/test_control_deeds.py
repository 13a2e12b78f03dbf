"""Deeds from the Fleet page, the palette and the tray: scenes, loads, cancelled loads, wakes; and what undoes them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu
from starlette.responses import JSONResponse

from boocontrol.client import GatewayClient
from boocontrol.core.api import LoadedModel
from boocontrol.core.control import Scene
from boocontrol.desktop.commands import entries
from boocontrol.desktop.dialogs.confirm import CutDialog
from boocontrol.desktop.dialogs.load_cost import LoadDialog
from boocontrol.desktop.dialogs.scenes import RenameSceneDialog, SaveSceneDialog, SceneDialog
from boocontrol.desktop.page_set import Parts
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.tray_state import Item, Seen, tray_state
from boocontrol.desktop.widgets import Button, NoticeBar
from tests.desktop.itemmodels.fleets import small
from tests.desktop.itemmodels.test_load_news import USED, cost
from tests.desktop.pages.test_models import arrival
from tests.desktop.stores.test_loads import den

CODING = {"name": "Coding", "models": ["den/qwen3"], "only": True}
RUNS = {"id": "1", "ref": "den/gemma", "provider": "den", "endpoint": "", "startedAt": "2026-03-01T12:00:00Z"}
PLAN: dict[str, Any] = {"load": ["den/qwen3"], "unload": ["den/gemma"]}
UNDO = {"models": ["den/gemma"], "only": True, "hosts": ["den"]}
QWEN = LoadedModel(ref="den/qwen3", state="ready")


@pytest.fixture
def shell(qtbot: Any, stores: Stores, owner: Any, tmp_path: Path) -> Shell:
    local = LocalSettings(tmp_path / "desktop.ini", owner)
    supervisor = Supervisor(stores.connection, None, owner)
    parts = Parts(stores, supervisor, local, tmp_path, tmp_path, os.environ, list)
    shell = Shell(parts, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat), owner)
    qtbot.addWidget(shell.window)
    stores.fleet.take([den(loaded=[QWEN])])
    shell.show("fleet")
    return shell


@asynccontextmanager
async def connected(stores: Stores, stub: Any) -> AsyncIterator[None]:
    stub.settings = {"scenes": [CODING]}
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        await stores.settings.refresh()
        yield


async def shown(window: Any, kind: type[Any]) -> Any:
    """The dialog of this kind, as soon as it is there."""
    await soon(lambda: any(d.isVisible() for d in window.findChildren(kind)))
    return next(d for d in window.findChildren(kind) if d.isVisible())


async def soon(true: Callable[[], bool]) -> None:
    """For what no signal tells."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0)


def bodies(stub: Any, path: str) -> list[Any]:
    return [body for method, seen, body in stub.seen if seen == path and method != "GET"]


async def test_a_scene_is_shown_applied_and_undone(shell: Shell, stores: Stores, stub: Any) -> None:
    stub.answers["POST /api/scenes/preview"] = lambda: JSONResponse(PLAN)
    stub.answers["POST /api/scenes/apply"] = lambda: JSONResponse({"plan": PLAN, "undo": UNDO}, 202)
    undo = shell.window.undo
    async with connected(stores, stub):
        shell.do("scene", "Coding")
        (await shown(shell.window, SceneDialog)).apply.click()
        await soon(undo.isVisible)
        assert undo.words.text() == "“Coding” is being applied."
        undo.button.click()
        await soon(lambda: len(bodies(stub, "/api/scenes/apply")) == 2)
    assert bodies(stub, "/api/scenes/preview") == [{"name": "Coding"}]
    assert bodies(stub, "/api/scenes/apply") == [{"name": "Coding"}, UNDO]


async def test_requests_that_come_meanwhile_are_shown_before_they_are_cut(
    shell: Shell, stores: Stores, stub: Any, tools: Any
) -> None:
    stub.answers["POST /api/scenes/preview"] = lambda: JSONResponse(PLAN)
    stub.answers["POST /api/scenes/apply"] = lambda: tools.problem(409, "busy", "1 request runs.", requests=[RUNS])
    async with connected(stores, stub):
        shell.do("scene", "Coding")
        first = await shown(shell.window, SceneDialog)
        stub.answers["POST /api/scenes/preview"] = lambda: JSONResponse({**PLAN, "busy": [RUNS]})
        first.apply.click()
        again = await shown(shell.window, SceneDialog)
        assert again.apply.text() == "Cut and apply"
        came = arrival(stub, "POST /api/scenes/apply")
        again.apply.click()
        await came
    assert bodies(stub, "/api/scenes/apply")[-1] == {"name": "Coding", "force": True}


async def test_what_is_loaded_now_becomes_a_scene(shell: Shell, stores: Stores, stub: Any, until: Any) -> None:
    async with connected(stores, stub):
        shell.do("scene_save")
        dialog = await shown(shell.window, SaveSceneDialog)
        dialog.field.setText("Day")
        dialog.save.click()
        await until(stores.scenes.changed)
    assert stub.settings["scenes"] == [CODING, {"name": "Day", "models": ["den/qwen3"], "only": False}]


async def test_a_scene_is_renamed_removed_and_put_back(shell: Shell, stores: Stores, stub: Any, until: Any) -> None:
    async with connected(stores, stub):
        shell.do("scene_rename", "Coding")
        dialog = await shown(shell.window, RenameSceneDialog)
        dialog.field.setText("Work")
        dialog.rename.click()
        await until(stores.scenes.changed, lambda: stores.scenes.named("Work") is not None)
        shell.do("scene_remove", "Work")
        await until(stores.scenes.changed, lambda: not stores.scenes.scenes)
        await soon(shell.window.undo.isVisible)
        shell.window.undo.button.click()
        await until(stores.scenes.changed, lambda: stores.scenes.named("Work") is not None)


async def test_a_scene_that_fails_says_so_with_retry(shell: Shell, stores: Stores, stub: Any, tools: Any) -> None:
    said = "There is no scene of this name."
    stub.answers["POST /api/scenes/preview"] = lambda: tools.problem(404, "not_found", said)
    async with connected(stores, stub):
        shell.do("scene", "Coding")
        await soon(lambda: said in notices(shell))
        assert "Retry" in notices(shell)


def notices(shell: Shell) -> str:
    bars = [bar for bar in shell.window.findChildren(NoticeBar) if bar.isVisible()]
    return "\n".join(f"{bar.words.text()} {[b.text() for b in bar.findChildren(Button)]}" for bar in bars)


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


async def test_the_menu_of_the_fleet_page(shell: Shell, stores: Stores) -> None:
    button = shell.window.page("fleet").fleet.scenes
    stores.connection.take("connected")
    empty = button.scenes()
    assert texts(empty) == ["A scene is a set of models that are loaded together.", "Save what is loaded now…"]
    assert not empty.actions()[0].isEnabled()
    stores.scenes.take([Scene(name="Coding", models=("den/qwen3",), only=True)])
    menu = button.scenes()
    assert texts(menu) == ["Coding…", "Save what is loaded now…", "Rename", "Remove"]
    assert menu.actions()[0].toolTip() == "den/qwen3\nOther models of these hosts are unloaded."
    stores.connection.take("lost")
    assert not button.scenes().actions()[0].isEnabled()
    asked: list[tuple[str, str]] = []
    shell.window.page("fleet").deed_asked.connect(lambda *deed: asked.append(deed))
    stores.connection.take("stopped")
    menu.actions()[0].trigger()
    assert asked == [("scene", "Coding")]


async def test_a_favorite_in_the_tray_asks_before_it_pushes_out(shell: Shell, stores: Stores, stub: Any) -> None:
    answer = cost(USED).model_copy(update={"ref": "den/gemma"}).model_dump(mode="json", by_alias=True)
    stub.answers["GET /api/models/preview"] = lambda: JSONResponse(answer)
    async with connected(stores, stub):
        shell.do("load", "den/gemma")
        dialog = await shown(shell.window, LoadDialog)
        assert not bodies(stub, "/api/models/load")
        came = arrival(stub, "POST /api/models/load")
        dialog.load.click()
        await came


async def test_a_load_for_which_requests_wait_is_cancelled_after_a_question(
    shell: Shell, stores: Stores, stub: Any, tools: Any
) -> None:
    stub.answers["POST /api/models/cancel"] = lambda: tools.problem(409, "busy", "1 request runs.", requests=[RUNS])
    async with connected(stores, stub):
        shell.do("cancel", "den/gemma")
        dialog = await shown(shell.window, CutDialog)
        came = arrival(stub, "POST /api/models/cancel")
        dialog.accept()
        await came
    assert bodies(stub, "/api/models/cancel") == [{"ref": "den/gemma"}, {"ref": "den/gemma", "force": True}]


async def test_wake_from_anywhere(shell: Shell, stores: Stores, stub: Any) -> None:
    came = arrival(stub, "POST /api/hosts/den/wake")
    async with connected(stores, stub):
        shell.do("wake", "den")
        await came


def test_the_palette_offers_wakes_scenes_and_cancels(shell: Shell, stores: Stores) -> None:
    asleep = den(state="down", mac_address="00:1a:2b:3c:4d:5e")
    catalog = small()
    host = catalog.providers[0]
    starting = host.models[1].model_copy(update={"state": "starting"})
    stores.catalog.take(catalog.model_copy(update={"providers": (host.model_copy(update={"models": (starting,)}),)}))
    stores.fleet.take([asleep])
    stores.scenes.take([Scene(name="Coding", models=("den/qwen3",))])
    done: list[tuple[str, str]] = []
    offered = {e.title: e for e in entries(stores, shell.window, lambda *deed: done.append(deed))}
    for title in ("Wake den", "Apply scene Coding…", "Cancel loading gemma-3"):
        offered[title].run()
    assert done == [("wake", "den"), ("scene", "Coding"), ("cancel", "den/gemma-3")]
    assert "Save what is loaded now as a scene…" not in offered


def deeds(items: tuple[Item, ...]) -> list[tuple[str, str]]:
    inside = [deed for item in items for deed in deeds(item.children)]
    return [(item.action, item.argument) for item in items if item.action] + inside


def test_the_tray_offers_wakes_scenes_and_cancels() -> None:
    mac = {"mac_address": "00:1a:2b:3c:4d:5e"}
    starting = LoadedModel(ref="den/gemma", state="starting")
    seen = Seen(hosts=(den(loaded=[starting]),), scenes=("Coding",), connected=True)
    offered = deeds(tray_state(seen).menu)
    assert {("scene", "Coding"), ("scene_save", ""), ("cancel", "den/gemma")} <= set(offered)
    asleep = Seen(hosts=(den(state="down", **mac),), connected=True)
    assert ("wake", "den") in deeds(tray_state(asleep).menu)
    for awake in (den(**mac), den(state="down"), den(state="down", **mac, waking_since="2026-03-01T12:00:00Z")):
        assert ("wake", "den") not in deeds(tray_state(Seen(hosts=(awake,), connected=True)).menu)
