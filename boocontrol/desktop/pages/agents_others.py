"""Other agents, one line each; a snippet opens under its row, with a diff and a write where a file can be edited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.agents.others_setting import Setting
from boocontrol.agents.others_table import AGENTS, Agent
from boocontrol.agents.seen import Seen
from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.fields import hint_label, in_words, say
from boocontrol.desktop.pages.agents_desk import AgentDesk
from boocontrol.desktop.sentences import told
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.widgets import Button, Chip, CopyButton, DiffView, ElidedLabel

Settings = Callable[[], Setting]


class AgentRow(QFrame):
    """One agent. `opened` comes when its snippet was unfolded."""

    opened = Signal()

    def __init__(self, agent: Agent, desk: AgentDesk, setting: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.agent = agent
        self._desk = desk
        self._setting = setting
        self.seen: Seen | None = None
        self._asked: tuple[Setting, bool] | None = None
        self.taken = False
        self.busy: asyncio.Task[None] | None = None
        self.setProperty("part", "row")
        self.toggle = Button(self.tr("Show snippet"), "quiet", self, small=True)
        self.toggle.setCheckable(True)
        self.toggle.setAccessibleName(self.tr("Show snippet for %1").replace("%1", agent.name))
        self.toggle.toggled.connect(self._toggled)
        self.panel: SnippetPanel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 6, 12, 6)
        self._column.addLayout(self._head())

    def refresh(self) -> None:
        """Fill the open snippet anew: the address, the key or the model changed."""
        if self.panel is None or not self.toggle.isChecked():
            return
        try:
            found = self._desk.snippet(self.agent.id, self._setting())
        except BooError as e:
            self.panel.show_error(e)
            return
        shell = found.language == "shell"
        first = f"{found.first}\n" if found.first and shell else ""
        before = "" if shell or not found.first else self.tr("First, in a terminal: %1").replace("%1", found.first)
        note = f"{self.agent.note} {before}".strip()
        self.panel.show_text(f"{first}{found.text}".rstrip("\n"), told(found.where), note)
        self.seen, self.taken = None, False
        self.panel.show_file(None, taken=False)

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(ElidedLabel(self.agent.name, parent=self))
        what = hint_label(self)
        what.setText(told(self.agent.what))
        if self.agent.verified is None:
            chip = Chip(self.tr("unverified"), parent=self)
            chip.setToolTip(self.tr("Not checked against this agent's own documentation."))
            name.addWidget(chip)
        name.addStretch(1)
        words.addLayout(name)
        words.addWidget(what)
        line = QHBoxLayout()
        line.addLayout(words, 1)
        line.addWidget(self.toggle)
        return line

    def _toggled(self, opened: bool) -> None:
        self.toggle.setText(self.tr("Hide snippet") if opened else self.tr("Show snippet"))
        if opened and self.panel is None:
            # Made when it is first wanted: most rows are never opened.
            self.panel = SnippetPanel(self.agent.file is not None, self)
            self.panel.diff.clicked.connect(self._look)
            self.panel.write.clicked.connect(self._write)
            self.panel.undo.clicked.connect(self._undo)
            self._column.addWidget(self.panel)
        if self.panel is not None:
            self.panel.setVisible(opened)
        if opened:
            self.refresh()
            self.opened.emit()

    def _look(self) -> None:
        self._do(self._look_now(take_over=self.taken))

    def _write(self) -> None:
        if self.seen is not None:
            self._do(self._write_now(self.seen))

    def _undo(self) -> None:
        self._do(self._undo_now())

    async def _look_now(self, *, take_over: bool = False) -> None:
        setting = self._setting()
        self.seen = await self._desk.look_at(self.agent.id, setting, take_over=take_over)
        self._asked = (setting, take_over)
        assert self.panel is not None
        self.panel.show_file(self.seen, taken=False)
        if self.seen.problem is not None:
            self.panel.show_error(self.seen.problem)

    async def _write_now(self, seen: Seen) -> None:
        assert self._asked is not None
        setting, take_over = self._asked
        outcome = await self._desk.write_to(self.agent.id, seen, setting, take_over=take_over)
        await self._look_now()
        assert self.panel is not None
        kept = self.tr(" The old file is kept as %1.").replace("%1", outcome.backup.name) if outcome.backup else ""
        self.panel.say(self.tr("Written.") + kept)

    async def _undo_now(self) -> None:
        await self._desk.undo_of(self.agent.id)
        await self._look_now()
        assert self.panel is not None
        self.panel.say(self.tr("The file is as it was before."))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self.busy = spawn(self, work, self._failed)

    def _failed(self, error: Exception) -> None:
        assert self.panel is not None
        self.taken = isinstance(error, BooError) and error.code == "taken"
        self.panel.show_file(self.seen, taken=self.taken)
        self.panel.show_error(error)


class SnippetPanel(QWidget):
    """What stands under a row."""

    def __init__(self, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = DiffView(self)
        self.code.setFixedHeight(168)
        self.copy = CopyButton(self.code.toPlainText, self.tr("Copy"), self)
        self.note = hint_label(self)
        self.state = hint_label(self)
        self.diff = Button(self.tr("Difference"), parent=self, small=True)
        self.write = Button(self.tr("Write"), parent=self, small=True)
        self.undo = Button(self.tr("Undo"), parent=self, small=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy)
        for button in (self.diff, self.write, self.undo):
            button.setVisible(editable)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 8)
        for part in (self.note, self.code):
            column.addWidget(part)
        column.addLayout(buttons)
        column.addWidget(self.state)

    def show_text(self, text: str, where: str, note: str) -> None:
        """A snippet and where it belongs."""
        self.code.set_text(text)
        say(self.note, " ".join(p for p in (self.tr("For %1.").replace("%1", where), note) if p))
        say(self.state, "")

    def show_file(self, seen: Seen | None, *, taken: bool) -> None:
        """The difference that a write would make; `taken`: the file has settings of its own there."""
        self.diff.setText(self.tr("Replace mine") if taken else self.tr("Difference"))
        self.write.setEnabled(seen is not None and seen.writable)
        self.undo.setEnabled(seen is not None and seen.can_undo)
        if seen is None:
            return
        say(self.note, self.tr("What a write would change in %1.").replace("%1", seen.path))
        if seen.planned:
            self.code.set_diff(seen.diff, seen.more)
            same = "" if seen.diff else self.tr("Nothing to write: the file is as wanted already.")
            say(self.state, same or " ".join(f"{told(n.text)} {told(n.advice)}" for n in seen.notices))

    def say(self, text: str) -> None:
        """How the last step went."""
        say(self.state, text)

    def show_error(self, error: Exception) -> None:
        """Why it did not go."""
        say(self.state, " ".join(in_words(error)).strip(), problem=True)


class OthersList(QWidget):
    """All rows; one snippet is open at a time."""

    def __init__(self, desk: AgentDesk, setting: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {agent.id: AgentRow(agent, desk, setting, self) for agent in AGENTS}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self.rows.values():
            column.addWidget(row)
            row.opened.connect(self._close_others)
        column.addStretch(1)

    def refresh(self) -> None:
        """Fill what is open anew."""
        for row in self.rows.values():
            row.refresh()

    def _close_others(self) -> None:
        for row in self.rows.values():
            if row is not self.sender():
                row.toggle.setChecked(False)
