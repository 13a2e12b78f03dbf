"""Deeds with scenes, from the Fleet page, the palette and the tray: ask first, do it, offer the way back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from boocontrol.client import Busy
from boocontrol.core.control import Scene, ScenePlan, SceneUndo
from boocontrol.desktop.main_window import MainWindow
from boocontrol.desktop.notices import Notices
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.scenes import RemovedScene, loaded_now
from boocontrol.desktop.tasks import spawn


class SceneDeeds(QObject):
    """Deeds by the name of a scene. Errors and ways back go to the window's notices."""

    def __init__(self, stores: Stores, window: MainWindow, notices: Notices) -> None:
        super().__init__(window)
        self._stores = stores
        self._window = window
        self._notices = notices

    def ask(self, name: str) -> None:
        """Show what applying a scene would do; it is applied when the answer is yes."""
        self._window.raise_up()
        self._try(partial(self._ask, name))

    def save(self) -> None:
        """Ask for a name and keep what is loaded now under it."""
        from boocontrol.desktop.dialogs.scenes import SaveSceneDialog

        self._window.raise_up()
        stores = self._stores
        taken = [scene.name for scene in stores.scenes.scenes]
        dialog = SaveSceneDialog(loaded_now(stores.fleet.hosts), taken, self._labels(), self._window)
        dialog.saved.connect(self._save)
        dialog.open()

    def rename(self, name: str) -> None:
        """Ask for another name."""
        from boocontrol.desktop.dialogs.scenes import RenameSceneDialog

        self._window.raise_up()
        taken = [scene.name for scene in self._stores.scenes.scenes]
        dialog = RenameSceneDialog(name, taken, self._window)
        dialog.renamed.connect(lambda new: self._try(lambda: self._stores.scenes.rename(name, new)))
        dialog.open()

    def remove(self, name: str) -> None:
        """Forget a scene; what is loaded stays. It can be put back for 8 s."""
        self._try(partial(self._remove, name))

    # --- doing ---

    async def _ask(self, name: str) -> None:
        from boocontrol.desktop.dialogs.scenes import SceneDialog

        plan = await self._stores.scenes.preview(name)
        dialog = SceneDialog(name, plan, self._labels(), self._window)
        dialog.accepted.connect(lambda: self._try(partial(self._apply, name, plan)))
        dialog.open()

    async def _apply(self, name: str, plan: ScenePlan) -> None:
        try:
            applied = await self._stores.scenes.apply(name, force=bool(plan.busy))
        except Busy:
            # Requests came since it was shown what would be cut: show it anew.
            await self._ask(name)
            return
        words = self.tr("“{name}” is being applied.").format(name=name)
        self._notices.undo(words, partial(self._go_back, applied.undo))

    def _go_back(self, back: SceneUndo, *, force: bool = False) -> None:
        self._try(partial(self._undo, back, force=force))

    async def _undo(self, back: SceneUndo, *, force: bool) -> None:
        from boocontrol.desktop.dialogs.confirm import confirm_unload

        try:
            await self._stores.scenes.undo(back, force=force)
        except Busy as e:
            if not e.requests:
                raise
            asked = confirm_unload(self.tr("what the scene loaded"), e.requests, self._window)
            asked.accepted.connect(partial(self._go_back, back, force=True))
            asked.open()

    def _save(self, scene: Scene) -> None:
        self._try(partial(self._saved, scene))

    async def _saved(self, scene: Scene) -> None:
        await self._stores.scenes.save(scene)
        self._notices.say(self.tr("Saved the scene “{name}”.").format(name=scene.name))

    async def _remove(self, name: str) -> None:
        removed: RemovedScene = await self._stores.scenes.remove(name)
        words = self.tr("Removed the scene “{name}”.").format(name=name)
        back = partial(self._stores.scenes.put_back, removed)
        self._notices.undo(words, lambda: self._try(back))

    def _try(self, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start a coroutine; when it fails, the notice offers the same again."""
        spawn(self, act(), lambda error: self._notices.fail(error, partial(self._try, act)))

    def _labels(self) -> dict[str, str]:
        return {host.id: host.label for host in self._stores.fleet.hosts}
