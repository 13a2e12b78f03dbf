"""opencode's card: how its file stands, what is exported, the difference, and the three things to do about it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.agents import notices
from boocontrol.agents.opencode import Export
from boocontrol.agents.seen import Seen
from boocontrol.agents.writer import Outcome
from boocontrol.desktop.dialogs.fields import hint_label, say
from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.pages.agents_desk import AgentDesk
from boocontrol.desktop.pages.agents_options import ExportOptions
from boocontrol.desktop.pages.agents_words import sentence, standing
from boocontrol.desktop.sentences import told
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.widgets import (
    Button,
    Card,
    DiffView,
    ElidedLabel,
    EmptyState,
    StateShape,
    label,
    set_tone,
    state_tone,
)
from boocontrol.desktop.widgets.flow import Flow
from boocontrol.desktop.widgets.when_shown import WhenShown

SETTLE_MS = 200
UNSEEN_MS = 30_000
"""A look plans the whole file anew: while nobody sees the card, only its badge waits for it."""
REST = 10
"""After news, a look rests so many times as long as the last one took: thousands of models take a while."""


class OpencodeCard(Card):
    """`seen` is the last look; `changed` comes with each new one and with each fault."""

    changed = Signal()

    def __init__(self, stores: Stores, desk: AgentDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._stores = stores
        self._desk = desk
        self.seen: Seen | None = None
        self._asked: Export | None = None
        self._notices: list[notices.Notice] = []
        self._looking: asyncio.Task[None] | None = None
        self._again = False
        self._took_s = 0.0
        self._asked_last = False
        self._doing = False
        self._make()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self.look)
        self.options.changed.connect(self._options_changed)
        self.write.clicked.connect(self._write)
        self.undo.clicked.connect(lambda: self._do(self._undo_now()))
        self.remove.clicked.connect(lambda: self._do(self._remove_now()))
        for source in (stores.catalog, stores.favorites, stores.connection):
            source.changed.connect(self._look_later)
        WhenShown(self, self._news, stores.catalog.changed, stores.favorites.changed, stores.connection.changed)
        self._news()

    def look(self) -> None:
        """Read the file and plan anew. What is shown stays until the answer is there."""
        self._soon.stop()
        self._again = self._looking is not None and not self._looking.done()
        if not self._again:
            self._looking = spawn(self, self._looks(), self._failed)

    def _news(self) -> None:
        """Show what can be chosen of the catalog as it is now."""
        self.options.show_hosts(self._stores.catalog.catalog)
        gateway = self._stores.connection.gateway
        self.options.show_key_file(gateway is None or gateway.key_file is not None)
        if gateway is None:
            self._show_no_gateway()

    def _look_later(self) -> None:
        """The catalog or the gateway changed; many changes in a row make one look."""
        if self._stores.connection.gateway is None or self._soon.isActive():
            return
        settle = UNSEEN_MS if self.seen is not None and not self.isVisible() else SETTLE_MS
        self._soon.start(max(settle, round(self._took_s * 1000 * REST)))

    def _options_changed(self) -> None:
        self._soon.start(SETTLE_MS)

    async def _looks(self) -> None:
        """Look, and once more if that was asked meanwhile: two at a time would only compete."""
        while True:
            self._again = False
            began = time.monotonic()
            await self._look()
            self._took_s = time.monotonic() - began
            if not self._again:
                return

    async def _look(self) -> None:
        if not self._asked_last:
            choice = await self._desk.last_choice()
            if choice is None and not self.isVisible():
                # Nothing was exported, so nothing can be out of date: no work while nobody looks.
                return
            self._asked_last = True
            if choice is not None:
                self.options.show_choice(choice)
        catalog, favorites = self._stores.catalog.catalog, self._stores.favorites.refs
        self.options.show_hosts(catalog)
        self.options.show_refs(await self._desk.offered(catalog, self.options.choice, favorites), favorites)
        export = self._export()
        if export is not None:
            seen = await self._desk.look(export)
            self._asked = export
            self._show(seen)

    def _export(self) -> Export | None:
        gateway = self._stores.connection.gateway
        if gateway is None:
            return None
        wish = self.options.wish()
        file = gateway.key_file.expanduser().absolute() if gateway.key_file else None
        return Export(
            catalog=self._stores.catalog.catalog,
            gateway_url=gateway.url,
            key=wish.source(file),
            home=self._desk.machine.home,
            choice=wish.choice,
            favorites=self._stores.favorites.refs,
            model=wish.model,
            take_over=wish.take_over,
        )

    # --- showing ---

    def _show(self, seen: Seen) -> None:
        self.seen = seen
        now = standing(seen, self._desk.now())
        self._shape.set_state(now.shape)
        self.word.setText(now.word)
        set_tone(self.word, state_tone(now.shape))
        say(self.reason, now.reason)
        self.path.setText(seen.path)
        self.counts.setText(_counts(self, seen))
        self.diff.set_diff(seen.diff, seen.more)
        self._place.setCurrentWidget(self.diff if seen.planned else self._blank)
        self.options.show_edits(bool(seen.freshness.edited) or self.options.take_over.isChecked())
        self._buttons()
        self.problem.hide()
        self._show_notices(seen.notices)
        self.changed.emit()
        if not self.isVisible():
            self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._let_go()

    def _let_go(self) -> None:
        """Keep no difference, and no catalog, that nobody sees. Who comes back looks anew."""
        if self.seen is not None:
            self.seen, self._asked = replace(self.seen, diff=""), None
            self._buttons()

    def _show_no_gateway(self) -> None:
        if self.seen is None:
            self.word.setText(self.tr("Not known yet"))
            say(self.reason, self.tr("The gateway is not there: start it to see what would be written."))

    def _show_notices(self, found: tuple[notices.Notice, ...]) -> None:
        wanted = [*self._notices, *found]
        while item := self._notice_column.takeAt(0):
            if bar := item.widget():
                bar.hide()
                bar.deleteLater()
        for notice in wanted:
            bar = Notice(self)
            bar.tell("degraded", told(notice.text), told(notice.advice))
            self._notice_column.addWidget(bar)

    def _failed(self, error: Exception) -> None:
        """Beside the buttons, with what is shown left as it was."""
        self.problem.tell_error(error, [(self.tr("Look again"), self.look)])
        self._doing = False
        self._buttons()
        self.changed.emit()

    def _buttons(self) -> None:
        seen = None if self._doing else self.seen
        self.write.setEnabled(seen is not None and self._asked is not None and seen.writable)
        self.undo.setEnabled(seen is not None and seen.can_undo)
        self.remove.setEnabled(seen is not None and seen.freshness.word not in ("absent", "unreadable"))

    # --- doing ---

    def _write(self) -> None:
        if self.seen is not None and self._asked is not None:
            self._do(self._write_now(self.seen, self._asked))

    async def _write_now(self, seen: Seen, asked: Export) -> None:
        outcome, running = await self._desk.write(seen, asked)
        self._notices = [] if running is None else [running]
        await self._after(outcome, self.tr("Written. opencode reads its file only at start: restart it."))

    async def _undo_now(self) -> None:
        await self._after(await self._desk.undo(), self.tr("The file is as it was before."))

    async def _remove_now(self) -> None:
        await self._after(await self._desk.remove(), self.tr("BooControl is taken out of the file."))

    async def _after(self, outcome: Outcome, words: str) -> None:
        kept = ""
        if outcome.backup is not None:
            kept = self.tr("The old file is kept as %1.").replace("%1", outcome.backup.name)
        say(self.done, f"{words} {kept}".strip() if outcome.wrote else self.tr("The file is as wanted already."))
        self._doing = False
        await self._look()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self._doing = True
        self._buttons()
        self._notices = []
        spawn(self, work, self._failed)

    # --- building ---

    def _make(self) -> None:
        self._shape = StateShape("unknown", 18, self)
        self.word = ElidedLabel(self.tr("Looking"), parent=self)
        self.reason = hint_label(self)
        self.write = Button(self.tr("Write to opencode"), "primary", self, icon="check")
        self.undo = Button(self.tr("Undo last write"), parent=self, icon="undo")
        self.remove = Button(self.tr("Remove"), "quiet", self, icon="bin")
        self.remove.setToolTip(self.tr("Take everything of BooControl out of opencode's file."))
        self.options = ExportOptions(self)
        self.problem = Notice(self)
        self._notice_column = QVBoxLayout()
        self.path = label("", "mono", parent=self)
        self.counts = label("", "small", "muted", self)
        self.diff = DiffView(self)
        self.diff.setAccessibleName(self.tr("Difference"))
        self._blank = EmptyState(
            "file", self.tr("No difference to show"), self.tr("What a write would change stands here.")
        )
        self._place = QStackedWidget(self)
        self._place.addWidget(self._blank)
        self._place.addWidget(self.diff)
        self.done = hint_label(self)
        self.done.setText(self.tr("A copy of the old file is kept. opencode reads its file only at start."))
        self._buttons()

    def _lay_out(self) -> None:
        name = label("opencode", "name", parent=self)
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (self._shape, name, self.word):
            head.addWidget(part)
        head.addWidget(Flow(self.remove, self.undo, self.write, right=True, parent=self), 1)
        self._notice_column.setSpacing(8)
        file = QHBoxLayout()
        file.addWidget(self.path, 1)
        file.addWidget(self.counts)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addWidget(self.problem)
        column.addLayout(self._notice_column)
        column.addWidget(self.options)
        column.addLayout(file)
        column.addWidget(self._place, 1)
        column.addWidget(self.done)
        self.add(column)


def _counts(card: OpencodeCard, seen: Seen) -> str:
    if not (seen.added or seen.removed):
        return card.tr("nothing to write") if seen.planned else ""
    added = sentence(seen.added, card.tr("+1 line"), card.tr("+%1 lines"))
    removed = sentence(seen.removed, card.tr("−1 line"), card.tr("−%1 lines"))
    return "  ".join(text for count, text in ((seen.added, added), (seen.removed, removed)) if count)
