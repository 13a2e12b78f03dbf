"""Settings: sections on the left, one row for each setting, saved at once, with an error beside the row it is about."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QScrollArea, QVBoxLayout, QWidget

from boocontrol.core.settings import Settings
from boocontrol.desktop.dialogs.fields import in_words
from boocontrol.desktop.pages.gateway_models import refs_in_order
from boocontrol.desktop.pages.settings_about import About, Doctor, Facts
from boocontrol.desktop.pages.settings_local import LocalSettings, Value
from boocontrol.desktop.pages.settings_rows import SettingRow
from boocontrol.desktop.pages.settings_sections import SECTIONS, Section, words
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import Card, EmptyState, PageHead, SearchField
from boocontrol.desktop.widgets.when_shown import WhenShown

NO_MODEL = ""


class SettingsPage(QWidget):
    """Gateway settings come from and go to the store; those of this computer to `local`."""

    def __init__(
        self, stores: Stores, local: LocalSettings, facts: Facts, doctor: Doctor | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stores = stores
        self._local = local
        self.rows: dict[str, SettingRow] = {}
        self._cards: dict[str, Card] = {}
        self.search = SearchField(self.tr("Search settings"), self, key="")
        self.sections = QListView(self)
        self.about = About(facts, doctor, self)
        self._nothing = EmptyState("search", self.tr("No setting has this name"), "", parent=self)
        self._lay_out()
        self.search.textChanged.connect(self._filter)
        for wanted in (self.search.returnPressed, self.search.list_wanted):
            wanted.connect(self._into_list)
        self.sections.selectionModel().currentChanged.connect(self._choose)
        stores.settings.changed.connect(self._show_values)
        WhenShown(self, self._show_models, stores.catalog.changed, stores.favorites.changed)
        stores.connection.changed.connect(self._show_connection)
        WhenShown(self, self._show_hosts, stores.fleet.changed)
        local.changed.connect(self._show_values)
        self._show_models()
        self._show_hosts()
        self._show_values()
        self._show_connection()
        self.open_section("general")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.sections.scheduleDelayedItemsLayout()  # its rows were measured before the theme's style came to it

    def open_section(self, section: str) -> None:
        """Show one section, as a link from elsewhere does."""
        self.search.clear()
        number = next(i for i, s in enumerate(SECTIONS) if s.id == section)
        self.sections.setCurrentIndex(self.sections.model().index(number, 0))
        self._filter("")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.setSpacing(0)
        column.addWidget(PageHead(self.tr("Settings"), self.tr("saved as you change them"), self))
        line = QHBoxLayout()
        line.setSpacing(24)
        line.addLayout(self._left())
        line.addWidget(self._right(), 1)
        column.addLayout(line, 1)

    def _left(self) -> QVBoxLayout:
        self.sections.setModel(QStringListModel([words(s.title) for s in SECTIONS], self))
        self.sections.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.sections.setAccessibleName(self.tr("Sections"))
        self.sections.setProperty("part", "sections")
        self.sections.setProperty("ring", True)
        self.sections.setFixedWidth(grown(184, self.font()))
        self.search.setFixedWidth(grown(184, self.font()))
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.search)
        left.addWidget(self.sections, 1)
        return left

    def _right(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 24)
        column.setSpacing(12)
        for section in SECTIONS:
            card = self._card(section)
            card.setMaximumWidth(760)
            self._cards[section.id] = card
            column.addWidget(card)
        column.addWidget(self._nothing)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _card(self, section: Section) -> Card:
        card = Card(words(section.title), parent=self, padded=False)
        if card.head is not None:
            card.head.setContentsMargins(16, 12, 16, 12)
        card.body.setSpacing(0)  # a row brings its own room, and its hairline
        if section.id == "about":
            card.add(self.about)
        for row in section.rows:
            widget = SettingRow(row, card)
            widget.edited.connect(partial(self._edited, row.home))
            self.rows[row.key] = widget
            card.add(widget)
        return card

    # --- showing ---

    def _show_values(self, *_: object) -> None:
        defaults = Settings().model_dump()
        for key, row in self.rows.items():
            if row.row.home == "local":
                row.show_value(self._local.get(key))
            else:
                value = self._stores.settings.values.get(key, defaults.get(key))
                row.show_value(NO_MODEL if row.row.control == "model" and value is None else value)

    def _show_models(self) -> None:
        refs = refs_in_order(self._stores.catalog.catalog, self._stores.favorites.refs, fleet=False)
        for row in self.rows.values():
            if row.row.control == "model":
                row.show_refs(refs)
        self._show_values()

    def _show_hosts(self) -> None:
        known = [(host.id, host.label) for host in self._stores.fleet.hosts]
        for row in self.rows.values():
            if row.row.control == "hosts":
                row.show_known_hosts(known)

    def _show_connection(self) -> None:
        there = self._stores.connection.client is not None
        for row in self.rows.values():
            if row.row.home == "gateway":
                row.control.setEnabled(there)
                row.setToolTip("" if there else self.tr("Kept by the gateway, which is not there now."))
        self.about.refresh()

    def _choose(self, *_: object) -> None:
        self.search.clear()
        self._filter("")

    def _filter(self, text: str) -> None:
        """A search looks through all sections; without one, the chosen section is shown whole."""
        wanted = text.strip()
        chosen = SECTIONS[max(0, self.sections.currentIndex().row())].id
        found = False
        for section in SECTIONS:
            hits = [r for r in section.rows if not wanted or self.rows[r.key].matches(wanted)]
            for row in section.rows:
                self.rows[row.key].setVisible(row in hits)
            shown = bool(hits) if wanted else section.id == chosen
            self._cards[section.id].setVisible(shown)
            found = found or shown
        self._nothing.setVisible(not found)

    def _into_list(self) -> None:
        """From the search field to the first setting that was found, or to the sections where all are there."""
        found = (row.control for row in self.rows.values() if row.isVisible()) if self.search.text().strip() else ()
        next(iter(found), self.sections).setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- saving ---

    def _edited(self, home: str, key: str, value: object) -> None:
        if home == "local":
            assert isinstance(value, (bool, str))
            self._put(key, value)
            return
        stored = None if value == NO_MODEL else value
        spawn(self, self._stores.settings.set(key, stored), partial(self._failed, key))

    def _put(self, key: str, value: Value) -> None:
        try:
            self._local.put(key, value)
        except OSError as e:
            self._failed(key, e)

    def _failed(self, key: str, error: Exception) -> None:
        """The control goes back to what is kept, and the row says why."""
        self._show_values()
        title, advice = in_words(error)
        self.rows[key].show_error(f"{title} {advice}".strip())
