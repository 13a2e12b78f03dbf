"""The page Agents: opencode in one click, with the difference first; text to copy for all others."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from boocontrol.agents.keys import EnvKey
from boocontrol.agents.offers import Choice, offers
from boocontrol.agents.others_setting import Setting
from boocontrol.desktop.dialogs.fields import hint_label, in_words, say
from boocontrol.desktop.pages.agents_desk import AgentDesk
from boocontrol.desktop.pages.agents_opencode import OpencodeCard
from boocontrol.desktop.pages.agents_others import OthersList
from boocontrol.desktop.pages.agents_words import Line, lines
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import Card, PageHead, StateShape, label
from boocontrol.desktop.widgets.when_shown import WhenShown

SIDE_WIDTH = 328


class AgentsPage(QWidget):
    """`stale_changed` tells whether opencode's file is out of date or broken: the rail shows it."""

    stale_changed = Signal(bool)

    def __init__(self, stores: Stores, desk: AgentDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stores = stores
        self._desk = desk
        self._stale = False
        self.opencode = OpencodeCard(stores, desk, self)
        self.freshness = FreshnessCard(stores, self)
        self.others = OthersList(desk, self._setting, self)
        self._lay_out()
        self.opencode.changed.connect(self._seen)
        news = (stores.catalog.changed, stores.connection.changed, stores.settings.changed)
        WhenShown(self.others, self.others.refresh, *news)

    def showEvent(self, event: QShowEvent) -> None:
        """The file may have been edited while the page was away."""
        super().showEvent(event)
        if not event.spontaneous() and self._stores.connection.gateway is not None:
            self.opencode.look()

    def _seen(self) -> None:
        seen = self.opencode.seen
        if seen is None:
            return
        self.freshness.show_lines(lines(seen))
        stale = seen.freshness.word in ("stale", "unreadable")
        if stale != self._stale:
            self._stale = stale
            self.stale_changed.emit(stale)

    def _setting(self) -> Setting:
        """What snippets and files of other agents are filled with."""
        gateway, status = self._stores.connection.gateway, self._stores.status.status
        url = gateway.url if gateway else status.url if status else "http://127.0.0.1:9503"
        offered = tuple(offers(self._stores.catalog.catalog, Choice()).models.values())
        refs = [offer.ref for offer in offered]
        values = self._stores.settings.values
        wanted = (values.get("default_model"), *self._stores.favorites.refs, *refs)
        model = next((str(ref) for ref in wanted if ref in refs), "PROVIDER/MODEL")
        fast = values.get("fast_model")
        small = str(fast) if fast in refs else None
        return Setting(url, model, self._desk.machine.home, EnvKey(), small, offered)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(16)
        side.addWidget(self.freshness)
        card = Card(self.tr("Other agents"), parent=self, padded=False)
        card.add_to_head(label(self.tr("copy, paste, done"), "small", "muted", card))
        area = QScrollArea(card)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.others)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card.add(area)
        side.addWidget(card, 1)
        box = QWidget(self)
        box.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        box.setFixedWidth((SIDE_WIDTH + grown(SIDE_WIDTH, self.font())) // 2)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.opencode, 1)
        line.addWidget(box)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 24)
        column.setSpacing(0)
        column.addWidget(PageHead(self.tr("Agents"), self.tr("point your coding agent at the gateway"), self))
        column.addLayout(line, 1)


class FreshnessCard(Card):
    """What is compared, line by line, and whether it is kept in step by itself."""

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Freshness"), parent=parent)
        self._stores = stores
        self.shown: list[Line] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.sync = QCheckBox(self.tr("Keep it in step by itself"), self)
        self.sync.setToolTip(self.tr("The gateway writes new models into the file, once you wrote it here."))
        self.error = hint_label(self)
        self.error.hide()
        self.add(self._rows)
        self.add(self.sync)
        self.add(self.error)
        self.sync.toggled.connect(self._set)
        stores.settings.changed.connect(self._show_setting)
        stores.connection.changed.connect(self._show_setting)
        self._show_setting()

    def show_lines(self, shown: list[Line]) -> None:
        """Show these lines."""
        if shown == self.shown:
            return
        self.shown = shown
        while item := self._rows.takeAt(0):
            if row := item.widget():
                row.hide()
                row.deleteLater()
        for line in shown:
            self._rows.addWidget(_line(line, self))

    def _show_setting(self) -> None:
        with QSignalBlocker(self.sync):
            self.sync.setChecked(bool(self._stores.settings.values.get("auto_sync", False)))
        self.sync.setEnabled(self._stores.connection.client is not None)

    def _set(self, wanted: bool) -> None:
        self.error.hide()
        spawn(self, self._stores.settings.set("auto_sync", wanted), self._failed)

    def _failed(self, error: Exception) -> None:
        say(self.error, " ".join(in_words(error)).strip(), problem=True)
        self.error.show()
        self._show_setting()


def _line(line: Line, parent: QWidget) -> QWidget:
    row = QWidget(parent)
    words = label(line.text, "small", parent=row)
    words.setWordWrap(True)
    flat = QHBoxLayout(row)
    flat.setContentsMargins(0, 0, 0, 0)
    flat.setSpacing(8)
    flat.addWidget(StateShape(line.shape, 14, row), 0, Qt.AlignmentFlag.AlignTop)
    flat.addWidget(words, 1)
    return row
