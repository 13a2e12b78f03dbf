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

from boocontrol.desktop.dialogs.confirm import confirm_quit, confirm_renew, confirm_stop, confirm_unload
from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.dialogs.provider import ProviderDialog
from boocontrol.desktop.dialogs.registry_transfer import ImportDialog, save_registry_as
from boocontrol.desktop.stores import Stores
from tests.desktop.dialogs.fakes import connected

NAS = {"id": "nas", "baseUrl": "http://nas:8080"}
MAKERS: dict[str, Callable[[Stores, QWidget], QDialog]] = {
    "add": lambda stores, parent: ProviderDialog(stores, None, parent),
    "edit": lambda stores, parent: ProviderDialog(stores, NAS, parent),
    "cut": lambda stores, parent: confirm_unload("x", (), parent),
    "quit": lambda stores, parent: confirm_quit(2, parent),
    "stop": lambda stores, parent: confirm_stop(2, parent),
    "renew": lambda stores, parent: confirm_renew(parent),
    "import": lambda stores, parent: ImportDialog(stores, parent),
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
