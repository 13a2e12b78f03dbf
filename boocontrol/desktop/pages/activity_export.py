"""The button Export: asks where to, shows how far it is, can be cancelled, and says what went wrong beside itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QSizePolicy, QWidget

from boocontrol.core.errors import BooError
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity_export import Kind, export_activity
from boocontrol.desktop.stores.activity_query import ActivityQuery
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import digits
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.labels import label


class ExportButton(QWidget):
    """Exports what `query` asks for. `ended` brings words of what was written, `failed` the error and a retry."""

    ended = Signal(str)
    failed = Signal(object, object)

    def __init__(self, stores: Stores, query: Callable[[], ActivityQuery], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stores = stores
        self._query = query
        self._task: asyncio.Task[Any] | None = None
        self.button = Button(self.tr("Export"), parent=self, icon="save", on_click=self._choose_kind)
        self.progress = label("", "small", "muted", self)
        self.cancel = Button(self.tr("Cancel"), parent=self, on_click=self.stop)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for part in (self.progress, self.cancel, self.button):
            line.addWidget(part)
        self._show(False)

    def set_narrow(self, narrow: bool) -> None:
        """Only the icon, where there is little room."""
        self.button.setText("" if narrow else self.tr("Export"))
        self.button.setToolTip(self.tr("Export") if narrow else "")
        self.button.setAccessibleName(self.tr("Export"))
        self.button.set_icon("save")

    def menu(self) -> QMenu:
        """What can be written."""
        menu = QMenu(self)
        menu.addAction(self.tr("CSV, for a spreadsheet…"), lambda: self.choose("csv"))
        menu.addAction(self.tr("JSON, for a program…"), lambda: self.choose("json"))
        return menu

    def choose(self, kind: Kind) -> QFileDialog:
        """Ask where to, then write."""
        name = f"requests-{datetime.fromtimestamp(self._stores.connection.now()):%Y-%m-%d}.{kind}"
        dialog = QFileDialog(self, self.tr("Export requests"), name, f"{kind.upper()} (*.{kind})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind)
        dialog.fileSelected.connect(lambda chosen: self.write(Path(chosen), kind))
        dialog.open()
        return dialog

    def write(self, path: Path, kind: Kind) -> None:
        """Write the file, unless one is being written."""
        if self._task is not None and not self._task.done():
            return
        query = self._query()
        self._show(True)
        self._task = spawn(
            self, self._write(query, path, kind), lambda e: self._broke(e, lambda: self.write(path, kind))
        )

    def stop(self) -> None:
        """Give it up; nothing stays of the file."""
        if self._task is not None:
            self._task.cancel()
        self._show(False)

    async def _write(self, query: ActivityQuery, path: Path, kind: Kind) -> None:
        connection = self._stores.connection
        count = await export_activity(connection.need(), query, connection.now(), path, kind, self._tell)
        self._show(False)
        told = self.tr("1 request") if count == 1 else self.tr("{n} requests").format(n=digits(count))
        self.ended.emit(self.tr("{requests} written to {file}").format(requests=told, file=path.name))

    def _tell(self, count: int, total: int) -> None:
        self.progress.setText(self.tr("{n} of {total}").format(n=digits(count), total=digits(total)))

    def _broke(self, error: Exception, again: Callable[[], None]) -> None:
        self._show(False)
        told = error if isinstance(error, BooError) else BooError(f"{type(error).__name__}: {error}")
        self.failed.emit(told, again)

    def _show(self, writing: bool) -> None:
        if not writing:
            self.progress.setText("")
        for part in (self.progress, self.cancel):
            part.setVisible(writing)
        self.button.setVisible(not writing)

    def _choose_kind(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height() + 4)))
