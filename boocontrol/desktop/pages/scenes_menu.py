"""The menu of scenes: apply one, save what is loaded now, rename and remove. What is chosen goes out as a deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from boocontrol.core.control import Scene
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.scenes import loaded_now
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.widgets.buttons import Button

Ask = Callable[[str, str], object]


class ScenesButton(Button):
    """Opens the menu of scenes. `ask` gets what is chosen."""

    def __init__(self, stores: Stores, ask: Ask, parent: QWidget) -> None:
        super().__init__(_tr("Scenes"), parent=parent, icon="branch", on_click=self._open)
        self.setToolTip(_tr("Sets of models that are loaded together"))
        self._stores = stores
        self._ask = ask

    def scenes(self) -> QMenu:
        """The menu as things stand now."""
        stores = self._stores
        there = stores.connection.state == "connected"
        loaded = there and bool(loaded_now(stores.fleet.hosts))
        return scene_menu(stores.scenes.scenes, self._ask, self, can_apply=there, can_save=loaded)

    def _open(self) -> None:
        menu = self.scenes()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # In a narrow window the button itself is in a menu.
        place = self if self.isVisible() else self.parentWidget() or self
        menu.popup(place.mapToGlobal(QPoint(0, place.height() + 4)))


def scene_menu(scenes: Sequence[Scene], ask: Ask, parent: QWidget, *, can_apply: bool, can_save: bool) -> QMenu:
    """`ask(action, name)`: scene, scene_rename and scene_remove with a name, scene_save without one."""
    menu = QMenu(_tr("Scenes"), parent)
    menu.setToolTipsVisible(True)
    for scene in scenes:
        chosen = menu.addAction(_shown(scene.name) + "…", _later(ask, "scene", scene.name))
        chosen.setToolTip(what_it_holds(scene))
        chosen.setEnabled(can_apply)
    if not scenes:
        menu.addAction(_tr("A scene is a set of models that are loaded together.")).setEnabled(False)
    menu.addSeparator()
    words = _tr("Save what is loaded now…") if can_save else _tr("Save what is loaded now (nothing is)")
    menu.addAction(words, lambda: ask("scene_save", "")).setEnabled(can_save)
    if scenes:
        for word, action in ((_tr("Rename"), "scene_rename"), (_tr("Remove"), "scene_remove")):
            inside = menu.addMenu(word)
            for scene in scenes:
                text = _shown(scene.name) + ("…" if action == "scene_rename" else "")
                inside.addAction(text, _later(ask, action, scene.name))
            inside.setEnabled(can_apply)
    return menu


def what_it_holds(scene: Scene) -> str:
    """The models of a scene, one in each line."""
    lines = list(scene.models)
    if scene.only:
        lines.append(_tr("Other models of these hosts are unloaded."))
    return "\n".join(lines)


def _later(ask: Ask, action: str, name: str) -> Callable[[], object]:
    return lambda: ask(action, name)


def _shown(name: str) -> str:
    return name.replace("&", "&&")
