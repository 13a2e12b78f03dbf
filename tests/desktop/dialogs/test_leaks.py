"""A dialog that is closed is gone: nothing of it stays, however often it was opened."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from boocontrol.core.control import ScenePlan
from boocontrol.desktop.dialogs.confirm import (
    confirm_cancel,
    confirm_quit,
    confirm_renew,
    confirm_stop,
    confirm_unload,
)
from boocontrol.desktop.dialogs.gateway_elsewhere import ElsewhereDialog
from boocontrol.desktop.dialogs.load_cost import LoadDialog
from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.dialogs.provider import ProviderDialog
from boocontrol.desktop.dialogs.registry_transfer import ImportDialog, save_registry_as
from boocontrol.desktop.dialogs.scenes import RenameSceneDialog, SaveSceneDialog, SceneDialog
from boocontrol.desktop.overlay import ShortcutHelp
from boocontrol.desktop.pages.activity_export import ExportButton
from boocontrol.desktop.palette import Palette
from boocontrol.desktop.palette_search import Entry
from boocontrol.desktop.shoot_control import running
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity_query import ActivityQuery
from boocontrol.desktop.widgets.popup import Popup
from tests.desktop.dialogs.fakes import NOW, connected
from tests.desktop.itemmodels.test_load_news import MAYBE, SURE, USED, cost

PLAN = ScenePlan(load=("den/a",), unload=("den/b",), keep=("mac/c",), busy=running(NOW), words=("So it is.",))
NAS = {"id": "nas", "baseUrl": "http://nas:8080"}


def exports(stores: Stores, parent: QWidget) -> ExportButton:
    """The button that stays while its dialogs come and go."""
    return parent.findChild(ExportButton) or ExportButton(stores, ActivityQuery, parent)


async def refused(address: str, key: object) -> None:
    raise AssertionError("nobody connects")


MAKERS: dict[str, Callable[[Stores, QWidget], QDialog]] = {
    "add": lambda stores, parent: ProviderDialog(stores, None, parent),
    "edit": lambda stores, parent: ProviderDialog(stores, NAS, parent),
    "cut": lambda stores, parent: confirm_unload("x", running(NOW), parent),
    "cancel": lambda stores, parent: confirm_cancel("x", running(NOW), parent),
    "load": lambda stores, parent: LoadDialog(cost(USED, MAYBE, SURE), parent),
    "scene": lambda stores, parent: SceneDialog("x", PLAN, {}, parent, now=NOW),
    "save scene": lambda stores, parent: SaveSceneDialog(("den/a", "mac/b"), ("y",), {}, parent),
    "rename scene": lambda stores, parent: RenameSceneDialog("x", ("y",), parent),
    "quit": lambda stores, parent: confirm_quit(2, parent),
    "stop": lambda stores, parent: confirm_stop(2, parent),
    "renew": lambda stores, parent: confirm_renew(parent),
    "another gateway": lambda stores, parent: ElsewhereDialog(refused, "http://nas:9503", parent),
    "import": lambda stores, parent: ImportDialog(stores, parent),
    "export requests": lambda stores, parent: exports(stores, parent).choose("csv"),
    "export": lambda stores, parent: save_registry_as(stores, parent, parent.findChild(Notice) or Notice(parent)),
}


@pytest.mark.parametrize("name", MAKERS)
async def test_two_hundred_openings_leave_nothing(
    name: str, qtbot: Any, qapp: QApplication, stores: Stores, tmp_path: Path
) -> None:
    connected(stores)
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()

    def open_and_close(times: int) -> Counter[str]:
        for _ in range(times):
            dialog = MAKERS[name](stores, parent)
            dialog.open()
            dialog.close()
            del dialog
            qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return Counter(type(o).__name__ for o in gc.get_objects() if isinstance(o, QObject))

    before = open_and_close(3)
    after = open_and_close(200)
    assert after - before == Counter()
    assert not [child for child in parent.children() if isinstance(child, QDialog)]


async def test_what_is_popped_over_the_window_leaves_nothing(qtbot: Any, qapp: QApplication) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    popups: tuple[Popup, ...] = (
        Palette(parent, lambda: [Entry("pages", "Fleet", lambda: None)] * 50),
        ShortcutHelp(parent),
    )

    def pop_and_end(times: int) -> Counter[str]:
        for _ in range(times):
            for popup in popups:
                popup.pop()
                popup.done()
        gc.collect()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return Counter(type(o).__name__ for o in gc.get_objects() if isinstance(o, QObject))

    before = pop_and_end(3)
    assert pop_and_end(200) - before == Counter()
