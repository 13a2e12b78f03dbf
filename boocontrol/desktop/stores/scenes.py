"""Scenes: sets of models that are loaded together. They are kept among the gateway's settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from boocontrol.core.api import Host
from boocontrol.core.control import Scene, SceneApplied, ScenePlan, SceneRequest, SceneUndo
from boocontrol.core.errors import BooError
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.stores.settings import SettingsStore

KEY: Final = "scenes"
Stored = list[dict[str, Any]]


@dataclass(frozen=True)
class RemovedScene:
    """What `put_back` needs."""

    scene: Scene
    position: int


class ScenesStore(QObject):
    """`scenes`, in the user's order. What is written here shows once the gateway has taken it."""

    changed = Signal()

    def __init__(self, connection: Connection, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scenes: tuple[Scene, ...] = ()
        self._connection = connection
        self._settings = settings
        settings.changed.connect(self._follow)

    def named(self, name: str) -> Scene | None:
        """The scene of this name."""
        return next((scene for scene in self.scenes if scene.name == name), None)

    def take(self, scenes: Iterable[Scene]) -> None:
        """These are the scenes now."""
        shown = tuple(scenes)
        if shown != self.scenes:
            self.scenes = shown
            self.changed.emit()

    async def preview(self, name: str) -> ScenePlan:
        """What applying a scene would do now. Raises BooError."""
        return await self._connection.need().scene_preview(SceneRequest(name=name))

    async def apply(self, name: str, *, force: bool = False) -> SceneApplied:
        """Apply a scene; the answer knows the way back. Raises client.Busy unless it is forced, and BooError."""
        return await self._connection.need().scene_apply(SceneRequest(name=name, force=force))

    async def undo(self, back: SceneUndo, *, force: bool = False) -> SceneApplied:
        """Go back to what was loaded before. Raises as `apply` does."""
        request = SceneRequest(models=back.models, only=back.only, hosts=back.hosts, force=force)
        return await self._connection.need().scene_apply(request)

    async def save(self, scene: Scene) -> None:
        """Keep a scene; one of the same name is replaced where it stands. Raises BooError."""
        new = scene.model_dump(mode="json")

        def edit(now: Stored) -> Stored:
            if any(old.get("name") == scene.name for old in now):
                return [new if old.get("name") == scene.name else old for old in now]
            return [*now, new]

        await self._edit(edit)

    async def rename(self, name: str, new: str) -> None:
        """Give a scene another name. Raises BooError, also when there is one of that name."""
        self._need(name)
        await self._edit(lambda now: [{**old, "name": new} if old.get("name") == name else old for old in now])

    async def remove(self, name: str) -> RemovedScene:
        """Forget a scene; what is loaded stays. The result leads back. Raises BooError."""
        found = RemovedScene(self._need(name), [scene.name for scene in self.scenes].index(name))
        await self._edit(lambda now: [old for old in now if old.get("name") != name])
        return found

    async def put_back(self, removed: RemovedScene) -> None:
        """Undo a removal. Raises BooError."""
        old, at = removed.scene.model_dump(mode="json"), removed.position
        await self._edit(lambda now: [*now[:at], old, *now[at:]])

    def _need(self, name: str) -> Scene:
        scene = self.named(name)
        if scene is None:
            title = self.tr("There is no scene “{name}” any more.").format(name=name)
            raise BooError(title, self.tr("Choose another one."))
        return scene

    async def _edit(self, edit: Any) -> None:
        await self._settings.edit(lambda now: {KEY: edit(list(now.get(KEY) or ()))})

    def _follow(self) -> None:
        self.take(scene for stored in self._settings.values.get(KEY) or () if (scene := _read(stored)))


def loaded_now(hosts: Iterable[Host]) -> tuple[str, ...]:
    """Refs of what hosts have in memory or are loading: what a new scene would hold."""
    return tuple(m.ref for host in hosts for m in host.loaded if m.state in ("ready", "starting"))


def _read(stored: object) -> Scene | None:
    """None for what a later version may have written."""
    try:
        return Scene.model_validate(stored)
    except ValidationError:
        return None
