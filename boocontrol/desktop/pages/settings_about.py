"""The section About of the Settings page: versions, paths, and the doctor's report to copy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.fields import hint_label, say
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.widgets import Button, label

Facts = Callable[[], Sequence[tuple[str, str]]]
Doctor = Callable[[], Awaitable[str]]


class About(QWidget):
    """`facts` are read whenever the section is shown; `doctor` makes the report, which holds no key."""

    def __init__(self, facts: Facts, doctor: Doctor | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = facts
        self._doctor = doctor
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(24)
        self.look = Button(self.tr("Look for problems"), parent=self)
        self.copy = Button(self.tr("Copy report"), parent=self, icon="copy")
        self.copy.setEnabled(False)
        self.state = hint_label(self)
        self.report = QPlainTextEdit(self, readOnly=True)
        self.report.setProperty("step", "mono")
        self.report.setAccessibleName(self.tr("Report"))
        self.report.hide()
        self._lay_out()
        self.look.clicked.connect(self._run)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.toPlainText()))
        self.look.setVisible(doctor is not None)
        self.copy.setVisible(doctor is not None)

    def refresh(self) -> None:
        """Show the facts as they are now."""
        while self._form.rowCount():
            self._form.removeRow(0)
        for name, value in self._facts():
            text = label(value)
            text.setWordWrap(True)
            flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            text.setTextInteractionFlags(flags)
            text.setAccessibleName(name)
            self._form.addRow(label(name, tone="muted"), text)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.look)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(16)
        column.addLayout(self._form)
        column.addLayout(buttons)
        column.addWidget(self.report, 1)

    def _run(self) -> None:
        if self._doctor is None:
            return
        self.look.setEnabled(False)
        say(self.state, self.tr("Looking at files, keyring, gateway and hosts."))
        spawn(self, self._examine(self._doctor), self._failed)

    async def _examine(self, doctor: Doctor) -> None:
        text = await doctor()
        self.report.setPlainText(text)
        self.report.show()
        self.copy.setEnabled(True)
        self.look.setEnabled(True)
        say(self.state, "")

    def _failed(self, error: Exception) -> None:
        self.look.setEnabled(True)
        told = str(error) if isinstance(error, BooError) else self.tr("The report could not be made.")
        say(self.state, told, problem=True)
