"""Snippets for the gateway: tabs of text to copy, filled with a chosen model, never with a key."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.agents import others
from boocontrol.agents.keys import EnvKey
from boocontrol.agents.offers import Choice, offers
from boocontrol.agents.others_setting import Setting
from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.fields import hint_label, say
from boocontrol.desktop.pages.gateway_models import ModelBox
from boocontrol.desktop.sentences import told
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.widgets import Card, CodeView, CopyButton
from boocontrol.desktop.widgets.tabs import Tabs
from boocontrol.desktop.widgets.when_shown import WhenShown

LEAST_LINES: Final = 6
MOST_LINES: Final = 12
IDS: Final = ("curl", "openai-python", "openai-node", "claude-code-shell")


class SnippetsCard(Card):
    """What to paste where. The text names the variable of the key and how to fill it."""

    def __init__(self, stores: Stores, home: Path, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("How to call it"), parent)
        self._stores = stores
        self._home = home
        self.tabs = Tabs(self.tr("Snippets"), self)
        for agent_id in IDS:
            self.tabs.addTab(_short(agent_id))
        self.model = ModelBox(stores, self)
        self.code = CodeView(self)
        # A long line goes on below: what is at its end can be read without scrolling sideways.
        self.code.setLineWrapMode(CodeView.LineWrapMode.WidgetWidth)
        self.code.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.code.fit(LEAST_LINES, MOST_LINES)
        self.code.setAccessibleName(self.tr("Snippet"))
        self.copy = CopyButton(self.text, self.tr("Copy"), self)
        self.note = hint_label(self)
        self._lay_out()
        self.tabs.currentChanged.connect(self.refresh)
        self.model.currentIndexChanged.connect(self.refresh)
        WhenShown(self, self.refresh, stores.connection.changed, stores.status.changed)
        self.refresh()

    def text(self) -> str:
        """What is shown, whole."""
        return self.code.toPlainText()

    def refresh(self, *_: object) -> None:
        """Fill the chosen tab anew."""
        gateway, status = self._stores.connection.gateway, self._stores.status.status
        url = gateway.url if gateway else status.url if status else "http://127.0.0.1:9503"
        # These snippets name one model; what it can do is told for that one and not for all there are.
        chosen = Choice(kind="models", ids=(self.model.ref,))
        offered = tuple(offers(self._stores.catalog.catalog, chosen).models.values())
        setting = Setting(url, self.model.ref or "PROVIDER/MODEL", self._home, EnvKey(), offers=offered)
        try:
            found = others.snippet(IDS[self.tabs.currentIndex()], setting)
        except BooError as e:
            self._show("", str(e), problem=True)
            return
        shell = found.language == "shell"
        first = f"{found.first}\n" if found.first and shell else ""
        before = "" if shell or not found.first else self.tr("First, in a terminal: %1").replace("%1", found.first)
        notes = [self.tr("For %1.").replace("%1", told(found.where)), found.agent.note, before]
        if found.agent.verified is None:
            notes.append(self.tr("Not verified against this program's documentation."))
        self._show(f"{first}{found.text}".rstrip("\n"), " ".join(n for n in notes if n))

    def _show(self, text: str, note: str, *, problem: bool = False) -> None:
        if text != self.code.toPlainText():
            self.code.set_text(text)
        say(self.note, note, problem=problem)

    def _lay_out(self) -> None:
        self.add_to_head(self.model)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.tabs, 1)
        line.addWidget(self.copy)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.code, 1)
        column.addWidget(self.note)
        self.add(column)


def _short(agent_id: str) -> str:
    return {"openai-python": "Python", "openai-node": "Node", "claude-code-shell": "Claude Code"}.get(
        agent_id, others.agent(agent_id).name
    )
