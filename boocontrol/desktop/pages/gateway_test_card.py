"""The card of the self-test: which model, run, stop, and one line for each stage."""

from __future__ import annotations

import asyncio
import contextlib

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.desktop.dialogs.fields import hint_label, in_words, say
from boocontrol.desktop.dialogs.stages import StageList, StageRow
from boocontrol.desktop.pages.gateway_models import ModelBox
from boocontrol.desktop.pages.gateway_selftest import SelfTest, Stage, title
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.widgets import Button, Card
from boocontrol.desktop.widgets.when_shown import WhenShown

SHAPES = {"waiting": "unknown", "running": "checking", "ok": "up", "failed": "down", "stopped": "stopped"}


class TestCard(Card):
    """One tiny prompt through a chosen model. A model that is not ready is loaded by it: the card says so before."""

    __test__ = False  # no test of pytest's

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Self-test"), parent=parent)
        self._stores = stores
        self._task: asyncio.Task[None] | None = None
        self.test = SelfTest(parent=self)
        self.model = ModelBox(stores, self)
        self.run = Button(self.tr("Run"), parent=self, icon="refresh", small=True)
        self.stop = Button(self.tr("Stop"), parent=self, icon="stop", small=True)
        self.list = StageList(120, self)
        self.warning = hint_label(self)
        self._lay_out()
        self.run.clicked.connect(self._run)
        self.stop.clicked.connect(self.cancel)
        self.test.changed.connect(self.refresh)
        self.model.currentIndexChanged.connect(self.refresh)
        WhenShown(self, self.refresh, stores.catalog.changed, stores.connection.changed)
        self.refresh()

    def refresh(self) -> None:
        """Show the stages and what can be done."""
        running = self.test.running
        self.list.show_rows([_row(stage) for stage in self.test.stages])
        self.run.setVisible(not running)
        self.stop.setVisible(running)
        self.run.setEnabled(self._stores.connection.client is not None and bool(self.model.ref))
        self.run.setText(self.tr("Run again") if self.test.passed else self.tr("Run"))
        failed = next((s for s in self.test.stages if s.state == "failed"), None)
        if failed is not None:
            say(self.warning, f"{failed.detail} {failed.advice}".strip(), problem=True)
        else:
            say(self.warning, self._cost())

    def cancel(self) -> None:
        """End the run; the host is told at once, as with every answer that is cut."""
        if self._task is not None:
            self._task.cancel()

    def _run(self) -> None:
        client = self._stores.connection.client
        if client is not None and not self.test.running:
            self._task = spawn(self, self._go(client), self._failed)

    async def _go(self, client: object) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await self.test.run(client, self.model.ref)  # type: ignore[arg-type]

    def _failed(self, error: Exception) -> None:
        """Something that no stage could tell."""
        self.refresh()
        say(self.warning, " ".join(in_words(error)), problem=True)

    def _cost(self) -> str:
        state = self.model.state
        if self.test.running:
            return ""
        if not self.model.ref:
            return self.tr("There is no model to test with.")
        if state == "ready":
            return self.tr("Sends one tiny prompt. The model is ready.")
        return self.tr("Sends one tiny prompt. The model is not ready: the test loads it, which may push another out.")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.model, 1)
        line.addWidget(self.run)
        line.addWidget(self.stop)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.list)
        column.addWidget(self.warning)
        self.add(column)


def _row(stage: Stage) -> StageRow:
    return StageRow(SHAPES[stage.state], title(stage.name), stage.detail, stage.ms, problem=stage.state == "failed")
