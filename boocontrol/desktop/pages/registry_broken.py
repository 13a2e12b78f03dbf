"""The list of hosts cannot be read: the file's own lines with the fault, what still runs, and three ways out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.agents.keys import shown_path
from boocontrol.core.api import Host, RegistryProblem
from boocontrol.core.errors import BooError
from boocontrol.core.files import read_bytes
from boocontrol.core.values import plain
from boocontrol.desktop.dialogs.fields import hint_label, say
from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.itemmodels.host_words import count_text, host_word
from boocontrol.desktop.sentences import told
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import digits
from boocontrol.desktop.tokens import MARGIN, grown
from boocontrol.desktop.widgets import (
    Button,
    Card,
    CodeView,
    CopyButton,
    ElidedLabel,
    PageHead,
    StateShape,
    label,
    set_tone,
    state_tone,
)

Document = dict[str, Any]
Replace = Callable[[Document], Awaitable[None]]
OpenFile = Callable[[Path], bool]


MOST_HOSTS = 4


class RegistryBroken(QWidget):
    """Shown while the registry has an error. `replace` writes a document over the broken file, keeping a copy of it;
    `open_file` shows a file in the user's editor and says whether it could."""

    def __init__(
        self, stores: Stores, home: Path, replace: Replace, open_file: OpenFile, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stores = stores
        self._home = home
        self._replace = replace
        self._open_file = open_file
        self._reading: asyncio.Task[None] | None = None
        self._shown: object = None
        self._hosts_shown: tuple[object, ...] = ()
        self._make()
        self._lay_out()
        self.edit.clicked.connect(self._edit)
        self.again.clicked.connect(lambda: spawn(self, self._look_again(), self.notice.tell_error))
        self.back.clicked.connect(lambda: spawn(self, self._go_back(), self._not_replaced))
        stores.providers.changed.connect(self.refresh)
        stores.status.changed.connect(self.refresh)
        stores.fleet.changed.connect(self._show_hosts)
        self.refresh()
        self._show_hosts()

    @property
    def path(self) -> Path | None:
        """The registry file, as the gateway names it."""
        status = self._stores.status.status
        return Path(status.registry.path) if status else None

    @property
    def problem(self) -> RegistryProblem | None:
        """What is wrong with it; None when nothing is."""
        error = self._stores.providers.error
        if isinstance(error, RegistryProblem):
            return error
        status = self._stores.status.status
        return status.registry.error if status else None

    def refresh(self) -> None:
        """Read the file anew if there is other news of it."""
        status = self._stores.status.status
        seen = (self.problem, status.registry.stamp if status else None)
        if self.problem is None or seen == self._shown:
            return
        self._shown = seen
        self._show_problem(self.problem)
        if self.path is not None:
            if self._reading is not None:
                self._reading.cancel()
            self._reading = spawn(self, self._read(self.path), self._unreadable)

    def _show_problem(self, problem: RegistryProblem) -> None:
        name = self.path.name if self.path else "llama-providers.json"
        words = self.tr(
            "%1 was changed and does not hold a list now. The last good list stays in use: nothing stopped. The file "
            "is not touched until it can be read again."
        )
        say(self._story, words.replace("%1", name))
        place = self.tr("line %1, column %2")
        line, column = problem.line, problem.column
        self.place.setText(place.replace("%1", str(line)).replace("%2", str(column)) if line and column else "")
        say(self.fault, " ".join(part for part in (problem.message, problem.advice) if part), problem=True)
        self.file.setText(shown_path(self.path, self._home) if self.path else "")
        self.back.setEnabled(bool((self._stores.providers.document or {}).get("providers")))

    async def _read(self, path: Path) -> None:
        data = await asyncio.to_thread(read_bytes, path)
        if data is None:
            raise BooError(self.tr("The file is not on this computer."), self.tr("Correct it where the gateway runs."))
        problem = self.problem
        self.code.set_text(data.decode("utf-8", "replace"), problem.line if problem else None)
        self.code.show()
        self.edit.setEnabled(True)

    def _unreadable(self, error: Exception) -> None:
        self.code.hide()
        self.edit.setEnabled(False)
        self.notice.tell_error(error)

    # --- the three ways out ---

    def _edit(self) -> None:
        if self.path is not None and not self._open_file(self.path):
            self.notice.tell("degraded", self.tr("No program opens this file."), self.tr("Open it by hand."))

    async def _look_again(self) -> None:
        self._shown = None
        await self._stores.status.refresh()
        await self._stores.providers.refresh()
        self.refresh()

    async def _go_back(self) -> None:
        self.back.setEnabled(False)
        await self._replace(dict(self._stores.providers.document or {}))

    def _not_replaced(self, error: Exception) -> None:
        self.back.setEnabled(True)
        self.notice.tell_error(error)

    # --- what still runs ---

    def _show_hosts(self) -> None:
        hosts = self._stores.fleet.hosts
        shown = tuple((h.id, h.state, h.in_flight, h.loaded) for h in hosts)
        if shown == self._hosts_shown:
            return
        self._hosts_shown = shown
        while item := self._rows.takeAt(0):
            if row := item.widget():
                row.hide()
                row.deleteLater()
        for host in hosts[:MOST_HOSTS]:
            self._rows.addWidget(HostRow(host, self))
        if len(hosts) > MOST_HOSTS:
            more = self.tr("and %1 more").replace("%1", digits(len(hosts) - MOST_HOSTS))
            self._rows.addWidget(label(more, "small", "muted", self))
        words = self.tr("{hosts}, from the last good list").format(hosts=count_text("host", len(hosts)))
        self.head.set_subline(words if hosts else "")
        self._still.setVisible(bool(hosts))

    # --- building ---

    def _make(self) -> None:
        self.head = PageHead(self.tr("Fleet"), parent=self)
        self._story = hint_label(self)
        self.edit = Button(self.tr("Open in editor"), "primary", self, icon="edit")
        self.again = Button(self.tr("Read again"), parent=self, icon="refresh")
        self.file = ElidedLabel("", "mono", parent=self)
        self.place = label("", "small", "muted", self)
        self.copy = CopyButton(self._details, self.tr("Copy details"), self)
        self.code = CodeView(self)
        self.code.setMinimumHeight(180)
        self.code.setAccessibleName(self.tr("The file's lines"))
        self.fault = hint_label(self)
        self.notice = Notice(self)
        self.back = Button(self.tr("Write the last good list"), parent=self, icon="undo", small=True)
        self._still = label(self.tr("Still watched, from the last good list"), "small", "muted", self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)

    def _details(self) -> str:
        problem = self.problem
        return f"{problem.message} {problem.advice}".strip() if problem else ""

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(self.tr("The list of hosts cannot be read"), "name", parent=self))
        words.addWidget(self._story)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(StateShape("degraded", 20, self))
        head.addLayout(words, 1)
        head.addWidget(self.edit)
        head.addWidget(self.again)
        file = QHBoxLayout()
        file.addWidget(self.file, 1)
        file.addWidget(self.place)
        file.addWidget(self.copy)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(label(self.tr("Or go back:"), "small", "muted", self))
        foot.addWidget(self.back)
        foot.addWidget(label(self.tr("keeps the broken file as a copy beside it"), "small", "muted", self))
        foot.addStretch(1)
        card = Card(parent=self)
        for part in (head, file, self.code, self.fault, self.notice, foot):
            card.add(part, 1 if part is self.code else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(card, 1)
        column.addSpacing(12)
        column.addWidget(self._still)
        column.addSpacing(12)
        column.addLayout(self._rows)


class HostRow(Card):
    """One host in one line."""

    def __init__(self, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(
            StateShape("down_often_off" if host.state == "down" and host.often_off else host.state, 16, self)
        )
        name = ElidedLabel(plain(host.label) or host.id, "section", parent=self)
        name.setFixedWidth(grown(108, self.font()))
        line.addWidget(name)
        word = label(host_word(host.state), parent=self)
        set_tone(word, state_tone(host.state))
        word.setMinimumWidth(grown(84, self.font()))
        line.addWidget(word)
        models = ", ".join(m.ref.partition("/")[2] for m in host.loaded)
        words = plain(models) or told(plain(host.reason or ""))
        line.addWidget(ElidedLabel(words, tone="muted", parent=self), 1)
        self.add(line)
