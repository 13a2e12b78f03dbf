"""A registry file from another computer: what it holds is shown before it is taken; and ours, saved for another."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QRadioButton, QTreeWidget, QTreeWidgetItem, QWidget

from boocontrol.core.errors import BooError
from boocontrol.core.files import read_bytes, write_atomic
from boocontrol.core.registry_file import parse_registry, render
from boocontrol.desktop.dialogs.fields import Dialog, hint_label, say
from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import tr

Document = dict[str, Any]
FILTER = "JSON (*.json)"


class ImportDialog(Dialog):
    """`imported` comes once the gateway has taken it. Nothing changes before Import is pressed."""

    imported = Signal()

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Import hosts"), parent)
        self._stores = stores
        self._document: Document | None = None
        self._make()
        self.resize(560, 420)
        self._show_mode()

    def read(self, path: Path) -> None:
        """Show what a file holds."""
        self.notice.hide()
        say(self.path, str(path))
        spawn(self, self._read(path), self._failed)

    def choose(self) -> None:
        """Ask for a file."""
        dialog = QFileDialog(self, self.tr("Import hosts"), "", FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.open()

    async def _read(self, path: Path) -> None:
        self._document = None
        self._show([])
        self._document = await asyncio.to_thread(document_in, path)
        self._show(self._document.get("providers") or [])
        self._show_mode()

    def _failed(self, error: Exception) -> None:
        self.notice.tell_error(error)
        self._show_mode()

    def _show(self, entries: list[Document]) -> None:
        self.list.clear()
        here = self._here()
        for entry in entries:
            there = self.tr("is here already") if str(entry["id"]) in here else ""
            QTreeWidgetItem(self.list, [str(entry["id"]), str(entry["baseUrl"]), there])
        for column in range(2):
            self.list.resizeColumnToContents(column)

    def _here(self) -> set[str]:
        return {str(p.get("id")) for p in (self._stores.providers.document or {}).get("providers") or ()}

    def _show_mode(self) -> None:
        entries = (self._document or {}).get("providers") or []
        new = [e for e in entries if str(e["id"]) not in self._here()]
        for button in (self.add, self.replace):
            button.setVisible(bool(self._here()) and self._document is not None)
        self.take.setEnabled(bool(entries) and (self.replace.isChecked() or bool(new)))
        count = len(entries) if self.replace.isChecked() else len(new)
        words = self.tr("Import 1 host") if count == 1 else self.tr("Import %1 hosts").replace("%1", str(count))
        self.take.setText(words if count else self.tr("Import"))

    def _take(self) -> None:
        if self._document is not None:
            self.take.setEnabled(False)
            spawn(self, self._take_now(self._document, replace=self.replace.isChecked()), self._failed)

    async def _take_now(self, document: Document, *, replace: bool) -> None:
        client = self._stores.connection.need()
        await client.edit_providers(lambda now: document if replace else merged(now, document))
        await self._stores.providers.refresh()
        self.imported.emit()
        self.accept()

    def _make(self) -> None:
        self.path = hint_label(self)
        self.path.setText(self.tr("A file llama-providers.json. Keys are not in it: they stay on the other computer."))
        self.list = QTreeWidget(self)
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([self.tr("Id"), self.tr("Address"), ""])
        self.list.setAccessibleName(self.tr("What the file holds"))
        self.add = QRadioButton(self.tr("Add the hosts that are not here yet"), self)
        self.replace = QRadioButton(self.tr("Replace the whole list"), self)
        self.add.setChecked(True)
        self.notice = Notice(self)
        for part in (self.path, self.list, self.add, self.replace, self.notice):
            self.body.addWidget(part)
        self.file = self.foot_button(self.tr("Choose a file"))
        self.foot.addStretch(1)
        self.cancel = self.foot_button(self.tr("Cancel"))
        self.take = self.foot_button(self.tr("Import"), "primary")
        self.take.setDefault(True)
        self.file.clicked.connect(self.choose)
        self.cancel.clicked.connect(self.reject)
        self.take.clicked.connect(self._take)
        self.replace.toggled.connect(self._show_mode)


def document_in(path: Path) -> Document:
    """The registry document in a file. Raises RegistryError with line and column, BooError when it cannot be read."""
    data = read_bytes(path)
    if data is None:
        raise BooError(tr("There is no file {path}.").format(path=path), tr("Choose another one."), code="file")
    parse_registry(data, path.name)
    document: Document = json.loads(data.decode("utf-8-sig"))
    return document


def merged(now: Document, other: Document) -> Document:
    """The registry with the entries of another that it lacks, at the end; an id that is there stays as it is."""
    taken = {str(p["id"]).casefold() for p in now.get("providers") or ()}
    new = [p for p in other.get("providers") or () if str(p["id"]).casefold() not in taken]
    return {**now, "providers": [*(now.get("providers") or ()), *new]}


def save_registry_as(stores: Stores, parent: QWidget, failed: Notice) -> QFileDialog:
    """Ask where to save the registry in force, and save it there; a fault is told in `failed`."""
    dialog = QFileDialog(parent, tr("Save the list of hosts"), "llama-providers.json", FILTER)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("json")
    dialog.fileSelected.connect(
        lambda name: spawn(parent, write_document(stores.providers.document or {}, Path(name)), failed.tell_error)
    )
    dialog.open()
    return dialog


async def write_document(document: Document, path: Path) -> None:
    """The document as a file. It holds references to keys, never keys. Raises BooError."""
    await asyncio.to_thread(write_atomic, path, render(document))
