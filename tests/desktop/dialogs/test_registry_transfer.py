"""Import shows what a file holds before anything changes; export writes what is in force."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.dialogs.registry_transfer import ImportDialog, merged, save_registry_as, write_document
from boocontrol.desktop.stores import Stores
from tests.desktop.dialogs.fakes import FakeClient, connected, idle

DEN = {"id": "den", "baseUrl": "http://den:8080", "mine": 1}
FILE = {"providers": [{"id": "den", "baseUrl": "http://other"}, {"id": "nas", "baseUrl": "nas:8080"}]}


async def shown(qtbot: Any, stores: Stores, path: Path) -> ImportDialog:
    dialog = ImportDialog(stores)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    dialog.read(path)
    await idle(lambda: dialog.list.topLevelItemCount() or dialog.notice.isVisible())
    return dialog


async def test_new_hosts_are_added_and_known_ones_stay(qtbot: Any, stores: Stores, tmp_path: Path, until: Any) -> None:
    fake = FakeClient()
    fake.document = {"providers": [DEN]}
    connected(stores, client=fake)
    file = tmp_path / "x.json"
    file.write_text(json.dumps(FILE))
    dialog = await shown(qtbot, stores, file)
    assert dialog.list.topLevelItemCount() == 2
    assert dialog.take.text() == "Import 1 host"
    assert fake.document == {"providers": [DEN]}
    done: list[bool] = []
    dialog.imported.connect(lambda: done.append(True))
    dialog.take.click()
    await until(dialog.accepted, lambda: bool(done))
    assert fake.document["providers"] == [DEN, FILE["providers"][1]]


async def test_the_whole_list_can_be_replaced(qtbot: Any, stores: Stores, tmp_path: Path, until: Any) -> None:
    fake = FakeClient()
    fake.document = {"providers": [DEN]}
    connected(stores, client=fake)
    file = tmp_path / "x.json"
    file.write_text(json.dumps(FILE))
    dialog = await shown(qtbot, stores, file)
    dialog.replace.setChecked(True)
    assert dialog.take.text() == "Import 2 hosts"
    done: list[bool] = []
    dialog.imported.connect(lambda: done.append(True))
    dialog.take.click()
    await until(dialog.accepted, lambda: bool(done))
    assert fake.document == FILE


async def test_a_broken_file_is_told_with_its_place(qtbot: Any, stores: Stores, tmp_path: Path) -> None:
    connected(stores)
    file = tmp_path / "x.json"
    file.write_text('{"providers": [\n  {"id": }]}')
    dialog = await shown(qtbot, stores, file)
    assert "line 2" in dialog.notice.title
    assert not dialog.take.isEnabled()


async def test_saving_writes_the_document(qtbot: Any, stores: Stores, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    stores.providers.take(FILE)
    dialog = save_registry_as(stores, parent, Notice(parent))
    assert dialog.isVisible()
    dialog.close()
    await write_document(FILE, tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text()) == FILE


def test_merging_ignores_case_and_keeps_order() -> None:
    after = merged({"defaultProvider": "den", "providers": [DEN]}, {"providers": [{"id": "DEN"}, {"id": "b"}]})
    assert after == {"defaultProvider": "den", "providers": [DEN, {"id": "b"}]}
