"""The welcome page of the first run: find hosts, see what they hold, point opencode here. No rail beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.core.api import ProbeRequest
from boocontrol.desktop.dialogs.fields import hint_label, in_words
from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.dialogs.provider import ProviderDialog
from boocontrol.desktop.dialogs.registry_transfer import ImportDialog
from boocontrol.desktop.pages.welcome_cards import AddressCard, ChoiceCard, FoundCard, HoldingCard
from boocontrol.desktop.pages.welcome_found import FoundRow, elsewhere, places
from boocontrol.desktop.pages.welcome_steps import StepLine
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import Button, Picture, label

COLUMN = 640


class WelcomePage(QWidget):
    """`demo_wanted`: the simulated fleet; `opencode_wanted`: the Agents page; `left`: the Fleet page."""

    demo_wanted = Signal()
    opencode_wanted = Signal()
    left = Signal()

    def __init__(self, stores: Stores, environ: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stores = stores
        self._looking: asyncio.Task[None] | None = None
        self._adding: asyncio.Task[None] | None = None
        self.found = FoundCard(places(environ), self)
        self.address = AddressCard(elsewhere(environ), self)
        self.holding = HoldingCard(stores, self)
        self._make()
        self._lay_out()
        self._connect()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous() and self.steps.current == 0:
            self.address.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.look()

    def look(self) -> None:
        """Look at the usual places of this computer; nothing is loaded or changed by it."""
        if self._stores.connection.client is None:
            self.found.show_state(self.tr("waits for the gateway"))
            return
        if self._looking is not None:
            self._looking.cancel()
        self.found.show_state(self.tr("looking"))
        self._looking = spawn(self, self._look())

    def go(self, step: int) -> None:
        """Show a step."""
        self.steps.show_step(step)
        self.stack.setCurrentIndex(step)
        self._refresh()
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    async def _look(self) -> None:
        rows = [row for row in self.found.rows if row.place.url is not None]
        for row in rows:
            row.show_looking()
        await asyncio.gather(*(self._look_at(row) for row in rows))
        self.found.show_state(self.tr("looked just now"))

    async def _look_at(self, row: FoundRow) -> None:
        assert row.place.url is not None
        try:
            result = await self._stores.providers.probe(ProbeRequest(base_url=row.place.url))
        except Exception as e:  # told in its row; the other rows go on
            row.show_error(" ".join(in_words(e)))
            return
        row.show_result(result, self._taken() | self._named(row), result.duplicate_of)

    def _taken(self) -> set[str]:
        return {str(p.get("id")) for p in (self._stores.providers.document or {}).get("providers") or ()}

    def _named(self, but: FoundRow) -> set[str]:
        return {row.name.text() for row in self.found.rows if row is not but and row.result is not None}

    # --- going on ---

    def _refresh(self) -> None:
        step = self.steps.current
        wanted = [row for row in self.found.rows if row.wanted]
        if step == 0 and wanted:
            names = ", ".join(row.name.text().strip() for row in wanted)
            self.go_on.setText(self.tr("Add %1 and go on").replace("%1", names))
        elif step == 2:
            self.go_on.setText(self.tr("Point opencode here"))
        else:
            self.go_on.setText(self.tr("Go on"))
        self.go_on.setEnabled(self._adding is None and (step > 0 or bool(wanted) or bool(self._taken())))
        self.back.setVisible(step > 0)
        self._foot.setText(self.tr("Nothing is loaded or changed on your hosts by looking.") if step == 0 else "")
        titles = (self.tr("Where do your models live?"), self.tr("This is what they hold"), self.tr("One more thing"))
        self._title.setText(titles[step])

    def _go_on(self) -> None:
        step = self.steps.current
        wanted = [row for row in self.found.rows if row.wanted]
        if step == 2:
            self.opencode_wanted.emit()
        elif step == 0 and wanted:
            self._adding = spawn(self, self._add(wanted), self._not_added)
            self._refresh()
        else:
            self.go(step + 1)

    async def _add(self, rows: list[FoundRow]) -> None:
        for row in rows:
            await self._stores.providers.add(row.entry())
            row.tick.setChecked(False)
        self._adding = None
        self.go(1)

    def _not_added(self, error: Exception) -> None:
        self._adding = None
        self.notice.tell_error(error)
        self._refresh()

    def _add_by_address(self, address: str) -> None:
        dialog = ProviderDialog(self._stores, None, self, address=address)
        dialog.saved.connect(lambda _id: self.go(1))
        dialog.open()

    def _import(self) -> None:
        dialog = ImportDialog(self._stores, self)
        dialog.imported.connect(lambda: self.go(1))
        dialog.open()

    # --- building ---

    def _connect(self) -> None:
        self.skip.clicked.connect(self.left)
        self.go_on.clicked.connect(self._go_on)
        self.back.clicked.connect(lambda: self.go(self.steps.current - 1))
        self.found.again.clicked.connect(self.look)
        self.address.wanted.connect(self._add_by_address)
        self.file.button.clicked.connect(self._import)
        self.demo.button.clicked.connect(self.demo_wanted)
        for row in self.found.rows:
            row.changed.connect(self._refresh)
        self._stores.providers.changed.connect(self._refresh)
        self._stores.connection.changed.connect(self._connected)

    def _connected(self) -> None:
        """The gateway came after the page: look now."""
        if self.isVisible() and self.steps.current == 0 and self._looking is None:
            self.look()

    def _make(self) -> None:
        self.skip = Button(self.tr("Skip, I will do it later"), "quiet", self, flush="right")
        names = [self.tr("Find hosts"), self.tr("See what they hold"), self.tr("Point opencode here")]
        self.steps = StepLine(names, self)
        self.file = ChoiceCard(
            "file",
            self.tr("Import a file"),
            self.tr("llama-providers.json from another computer"),
            self.tr("Import"),
            self,
        )
        self.demo = ChoiceCard(
            "eye",
            self.tr("Look around first"),
            self.tr("a simulated fleet, nothing of yours is touched"),
            self.tr("Demo"),
            self,
        )
        self._title = label("", "display", parent=self)
        self._foot = hint_label(self)
        self.notice = Notice(self)
        self.back = Button(self.tr("Back"), parent=self)
        self.go_on = Button(self.tr("Go on"), "primary", self)
        self.stack = QStackedWidget(self)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addStretch(1)
        top.addWidget(self.skip)
        inside = QWidget(self)
        inside.setFixedWidth(grown(COLUMN, self.font()))
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 11, 0, 11)
        column.setSpacing(16)
        centre = Qt.AlignmentFlag.AlignHCenter
        words = label(self.tr("BooControl watches your llama-swap hosts and gives them one address."), tone="muted")
        words.setWordWrap(True)
        words.setAlignment(centre)
        column.addWidget(Picture("mark", 48, "accenttext", self), 0, centre)
        column.addWidget(self._title, 0, centre)
        column.addWidget(words)
        column.addWidget(self.steps)
        for page in (self._first(), self.holding, self._last()):
            self.stack.addWidget(page)
        column.addWidget(self.stack)
        column.addWidget(self.notice)
        foot = QHBoxLayout()
        foot.addWidget(self._foot, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.go_on)
        column.addLayout(foot)
        column.addStretch(1)
        holder = QWidget()
        outer = QHBoxLayout(holder)
        outer.addStretch(1)
        outer.addWidget(inside)
        outer.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(holder)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 12, 24, 12)
        whole.addLayout(top)
        whole.addWidget(area, 1)

    def _first(self) -> QWidget:
        page = QWidget(self)
        pair = QHBoxLayout()
        pair.setSpacing(16)
        pair.addWidget(self.file, 1)
        pair.addWidget(self.demo, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.found)
        column.addWidget(self.address)
        column.addLayout(pair)
        return page

    def _last(self) -> QWidget:
        card = ChoiceCard(
            "agents",
            self.tr("opencode in one click"),
            self.tr(
                "The next page shows what would be written into its file. Your own lines stay, and there is an undo."
            ),
            self.tr("Later"),
            self,
        )
        card.button.clicked.connect(self.left)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
        return page
