"""Pictures of control: what a load would cost, loads that wait, run and failed, scenes, waking, and their settings."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize

from boocontrol.core.api import Host, LoadedModel, LoadProgress, QueuedLoad, RequestInFlight
from boocontrol.core.catalog import Catalog
from boocontrol.core.control import LoadPreview, PushedOut, Scene, ScenePlan
from boocontrol.desktop.shoot_states import Room, Views, alone, catalog, hosts

REASON: Final = "It did not start: not enough GPU memory.\nllama-server exited with code 1."
MAC: Final = "00:1a:2b:3c:4d:5e"
SCENES: Final = (
    Scene(name="Coding", models=("gpu-box/qwen3.5-9b", "mac/gpt-oss-20b"), only=True),
    Scene(name="Night", models=("mac/gpt-oss-20b",), only=False),
)


def control(size: QSize) -> Views:
    """One after the other in a window of its own, each shown when it comes and taken away after."""
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder), size)
        try:
            room.feed()
            yield from _loads(room)
            yield from _dialogs(room)
            yield from _scenes(room)
            yield from _wake(room)
            yield from _settings(room)
        finally:
            room.close()


def _loads(room: Room) -> Views:
    """On the Models page: what a load would cost, one that starts and one that waits, one that failed."""
    stores = room.stores
    room.shell.open_page("models")
    page: Any = room.window.page("models")
    stores.catalog.take(_states(gemma="stopped", qwen="ready"))
    stores.loads.take_cost("gpu-box/gemma-3-12b-it", cost())
    page.show_model("gpu-box/gemma-3-12b-it")
    yield "load-cost", room.window
    now = datetime.now(UTC)
    starts = LoadedModel(
        ref="gpu-box/qwen3.5-9b", state="starting", since=now - timedelta(seconds=14), usual_load_s=38.0
    )
    waits = QueuedLoad(ref="gpu-box/gemma-3-12b-it", asked_at=now, by="panel")
    stores.fleet.take(_fleet(loaded=(starts,), queue=(waits,)))
    stores.catalog.take(_states(gemma="stopped", qwen="starting"))
    page.show_model("gpu-box/qwen3.5-9b")
    yield "load-progress", room.window
    room.shell.open_page("fleet")
    yield "load-progress-fleet", room.window
    room.shell.open_host("gpu-box")
    yield "load-progress-host", room.window
    room.shell.ask_back()
    room.shell.open_page("models")
    stores.fleet.take(_fleet(loads=(failed(now),)))
    stores.catalog.take(_states(gemma="stopped", qwen="stopped"))
    page.show_model("gpu-box/qwen3.5-9b")
    yield "load-failed", room.window
    room.shell.open_page("fleet")
    yield "load-failed-fleet", room.window


def _dialogs(room: Room) -> Views:
    from boocontrol.desktop.dialogs.confirm import confirm_cancel
    from boocontrol.desktop.dialogs.load_cost import LoadDialog

    yield from alone("load-ask", LoadDialog(cost(), room.window))
    sure = PushedOut(ref="gpu-box/qwen3.5-9b", state="ready", in_flight=0, certain=True)
    idle = cost().model_copy(update={"unloads": (sure,), "certain": True, "queue": 0})
    yield from alone("load-ask-idle", LoadDialog(idle, room.window))
    now = datetime.now(UTC)
    yield from alone("load-cancel", confirm_cancel("gpu-box/qwen3.5-9b", running(now), room.window, now=now))


def _scenes(room: Room) -> Views:
    from boocontrol.desktop.dialogs.scenes import RenameSceneDialog, SaveSceneDialog, SceneDialog

    labels = {host.id: host.label for host in room.stores.fleet.hosts}
    now = datetime.now(UTC)
    plan = ScenePlan(
        load=("gpu-box/qwen3.5-9b",),
        unload=("gpu-box/gemma-3-12b-it",),
        keep=("mac/gpt-oss-20b",),
        words=("Loading gpu-box/qwen3.5-9b pushed out gpu-box/gemma-3-12b-it before.",),
    )
    yield from alone("scene", SceneDialog("Coding", plan, labels, room.window, now=now))
    busy = plan.model_copy(update={"busy": running(now)})
    yield from alone("scene-busy", SceneDialog("Coding", busy, labels, room.window, now=now))
    same = ScenePlan(keep=("gpu-box/qwen3.5-9b", "mac/gpt-oss-20b"))
    yield from alone("scene-same", SceneDialog("Coding", same, labels, room.window, now=now))
    loaded = ("gpu-box/qwen3.5-9b", "mac/gpt-oss-20b")
    yield from alone("scene-save", SaveSceneDialog(loaded, ("Coding",), labels, room.window))
    yield from alone("scene-rename", RenameSceneDialog("Coding", ("Coding", "Night"), room.window))
    loaded_now = LoadedModel(ref="gpu-box/qwen3.5-9b", state="ready")
    room.stores.fleet.take(_fleet(loaded=(loaded_now,), attic={"mac_address": MAC}))
    room.shell.open_page("fleet")
    page: Any = room.window.page("fleet")
    for name, scenes in (("scenes-none", ()), ("scenes-menu", SCENES)):
        room.stores.scenes.take(scenes)
        menu = page.fleet.scenes.scenes()
        menu.ensurePolished()
        menu.resize(menu.sizeHint())
        yield name, menu
        menu.deleteLater()
    room.shell.notices.undo("“Coding” is being applied.", lambda: None)
    yield "scene-applied", room.window
    room.window.undo.hide()


def _wake(room: Room) -> Views:
    """A host that can be woken, one that is being woken, and one that did not come."""
    room.shell.open_page("fleet")
    room.stores.fleet.take(_fleet(attic={"mac_address": MAC}))
    yield "wake", room.window
    since = datetime.now(UTC) - timedelta(seconds=12)
    room.stores.fleet.take(_fleet(attic={"mac_address": MAC, "waking_since": since}))
    yield "waking", room.window
    room.stores.fleet.take(_fleet(attic={"mac_address": MAC}))
    yield "wake-failed", room.window


def _settings(room: Room) -> Views:
    room.shell.open_page("settings")
    page: Any = room.window.page("settings")
    room.stores.settings.take({})
    for section in ("gateway", "history", "agents", "models", "notifications", "about"):
        page.open_section(section)
        yield f"settings-{section}", room.window


def cost() -> LoadPreview:
    """A load that may push out a model on which two requests run."""
    used = PushedOut(ref="gpu-box/qwen3.5-9b", state="ready", in_flight=2, certain=False)
    return LoadPreview(
        ref="gpu-box/gemma-3-12b-it",
        state="stopped",
        unloads=(used,),
        usual_load_s=38.0,
        load_samples=5,
        queue=1,
        certain=False,
    )


def failed(now: datetime) -> LoadProgress:
    """A load that ended badly."""
    asked = now - timedelta(seconds=40)
    return LoadProgress(
        ref="gpu-box/qwen3.5-9b", state="failed", asked_at=asked, by="cli", began_at=asked, ended_at=now, reason=REASON
    )


def running(now: datetime) -> tuple[RequestInFlight, ...]:
    """One request that came through the gateway, and one that did not."""

    def request(number: int, client: str, seconds: float, *, ours: bool) -> RequestInFlight:
        return RequestInFlight(
            id=str(number),
            ref="gpu-box/gemma-3-12b-it",
            provider="gpu-box",
            endpoint="/v1/chat/completions",
            client=client,
            started_at=now - timedelta(seconds=seconds),
            ours=ours,
        )

    return request(1, "opencode", 12.4, ours=True), request(2, "other", 1.1, ours=False)


def _fleet(attic: dict[str, Any] | None = None, **gpu_box: Any) -> list[Host]:
    changed = {"gpu-box": gpu_box, "attic": attic or {}}
    return [host.model_copy(update={"models": 2, **changed.get(host.id, {})}) for host in hosts()]


def _states(*, gemma: str, qwen: str) -> Catalog:
    wanted = {"gemma-3-12b-it": gemma, "qwen3.5-9b": qwen}
    known = catalog()
    providers = tuple(
        p.model_copy(
            update={
                "models": tuple(
                    m.model_copy(update={"state": wanted.get(m.wire_id, m.state)}) if p.id == "gpu-box" else m
                    for m in p.models
                )
            }
        )
        for p in known.providers
    )
    return known.model_copy(update={"providers": providers})
