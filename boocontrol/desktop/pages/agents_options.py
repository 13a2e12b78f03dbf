"""What is exported to opencode: which models, a default, and where the key is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from boocontrol.agents.keys import EnvKey, FileKey, KeySource
from boocontrol.agents.offers import Choice
from boocontrol.core.catalog import Catalog
from boocontrol.core.values import plain
from boocontrol.desktop.widgets import label
from boocontrol.desktop.widgets.combo import ComboBox
from boocontrol.desktop.widgets.flow import Flow
from boocontrol.desktop.widgets.ref_box import RefBox


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options say. `key` is a word: file, env or none."""

    choice: Choice = Choice()
    model: str | None = None
    key: str = "file"
    take_over: bool = False

    def source(self, key_file: Path | None) -> KeySource | None:
        """Where opencode finds the key. Without a known file, the variable is used."""
        if self.key == "none":
            return None
        return FileKey(key_file) if self.key == "file" and key_file is not None else EnvKey()


class ExportOptions(QWidget):
    """`changed` comes when a person chose something else."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.all = QRadioButton(self.tr("All that can chat"), self)
        self.all.setChecked(True)
        self.favorites = QRadioButton(self.tr("Favorites"), self)
        self.chosen = QRadioButton(self.tr("Chosen hosts"), self)
        self._group = QButtonGroup(self)
        for button in (self.all, self.favorites, self.chosen):
            self._group.addButton(button)
        self._hosts = QWidget(self)
        self._host_line = QHBoxLayout(self._hosts)
        self.hosts: dict[str, QCheckBox] = {}
        self.default = QCheckBox(self.tr("Default model"), self)
        self.model = RefBox(self)
        self.key = ComboBox(self)
        self.take_over = QCheckBox(self.tr("Overrule my edits"), self)
        self._fill()
        self._lay_out()
        self._group.buttonClicked.connect(self._chosen)
        self.default.toggled.connect(self._chosen)
        self.model.activated.connect(self._chosen)
        self.key.activated.connect(self._chosen)
        self.take_over.toggled.connect(self._chosen)

    def wish(self) -> Wish:
        """What is chosen."""
        model = (self.model.ref or None) if self.default.isChecked() else None
        return Wish(self.choice, model, str(self.key.currentData()), self.take_over.isChecked())

    def show_choice(self, choice: Choice) -> None:
        """Show what was exported last, which is no edit."""
        button = {"favorites": self.favorites, "providers": self.chosen}.get(choice.kind, self.all)
        with QSignalBlocker(self):
            button.setChecked(True)
            for provider, box in self.hosts.items():
                with QSignalBlocker(box):
                    box.setChecked(provider in choice.ids)
        self._hosts.setVisible(self.chosen.isChecked())

    @property
    def choice(self) -> Choice:
        """Which models are chosen."""
        if self.favorites.isChecked():
            return Choice(kind="favorites")
        if self.chosen.isChecked():
            return Choice(kind="providers", ids=tuple(i for i, box in self.hosts.items() if box.isChecked()))
        return Choice()

    def show_hosts(self, catalog: Catalog) -> None:
        """The hosts that there are now."""
        if [p.id for p in catalog.providers] != list(self.hosts):
            self._show_hosts(catalog)

    def show_refs(self, refs: Sequence[str], favorites: Sequence[str]) -> None:
        """The models that the choice offers. Until a person chooses one, the default is the first favorite."""
        self.model.set_refs(refs)
        if not self.default.isChecked():
            self.model.choose(next((ref for ref in favorites if ref in refs), self.model.ref))

    def show_key_file(self, known: bool) -> None:
        """Whether the key's file is on this machine; it is not for a gateway elsewhere."""
        item = self.key.model().index(0, 0)
        self.key.model().setData(item, None if known else 0, Qt.ItemDataRole.UserRole - 1)
        if not known and self.key.currentIndex() == 0:
            self.key.setCurrentIndex(1)

    def show_edits(self, there: bool) -> None:
        """Whether there are edits that could be overruled."""
        self.take_over.setVisible(there or self.take_over.isChecked())

    def _chosen(self, *_: object) -> None:
        self._hosts.setVisible(self.chosen.isChecked())
        self.model.setEnabled(self.default.isChecked())
        self.changed.emit()

    def _show_hosts(self, catalog: Catalog) -> None:
        ticked = {i for i, box in self.hosts.items() if box.isChecked()} or {p.id for p in catalog.providers}
        for box in self.hosts.values():
            box.hide()
            box.deleteLater()
        self.hosts = {}
        for number, provider in enumerate(catalog.providers):
            box = QCheckBox(plain(provider.label) or provider.id, self._hosts)
            box.setChecked(provider.id in ticked)
            box.toggled.connect(self._chosen)
            self._host_line.insertWidget(number, box)
            self.hosts[provider.id] = box

    def _fill(self) -> None:
        self.model.setEnabled(False)
        self.model.setAccessibleName(self.tr("Default model"))
        self.model.setMinimumContentsLength(23)
        self.key.addItem(self.tr("Key in its file"), "file")
        self.key.addItem(self.tr("Key in BOOCONTROL_API_KEY"), "env")
        self.key.addItem(self.tr("No key"), "none")
        self.key.setAccessibleName(self.tr("Where opencode finds the key"))
        self.take_over.hide()
        self._hosts.hide()

    def _lay_out(self) -> None:
        caption = label(self.tr("Models"), tone="muted")
        first = Flow(caption, self.all, self.favorites, self.chosen, spacing=16, parent=self)
        second = Flow(self.default, self.model, self.key, self.take_over, parent=self)
        self._host_line.setContentsMargins(0, 0, 0, 0)
        self._host_line.setSpacing(16)
        self._host_line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(8)
        column.addWidget(first)
        column.addWidget(self._hosts)
        column.addWidget(second)
