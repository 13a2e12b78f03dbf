"""The line of controls over the log: which hosts, which of their logs, what to look for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from boocontrol.core.logs import LogSource
from boocontrol.desktop.widgets.buttons import IconButton
from boocontrol.desktop.widgets.cards import SearchField
from boocontrol.desktop.widgets.combo import ComboBox
from boocontrol.desktop.widgets.labels import ElidedLabel, restyle, set_tone
from boocontrol.desktop.widgets.log_search import Pattern

TYPED_MS: Final = 120


class HostName(NamedTuple):
    """A host that can be chosen."""

    id: str
    label: str


class HostsBox(QComboBox):
    """One host, some of them, or all. `chosen_changed` tells the ids."""

    chosen_changed = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Hosts"))
        self.setMinimumWidth(132)
        self._hosts: tuple[HostName, ...] = ()
        self.chosen: tuple[str, ...] = ()
        self._menu: QMenu | None = None
        self._say()

    def set_hosts(self, hosts: Sequence[HostName]) -> None:
        """Offer these. Of the chosen ones those stay that are there; when none is left, the first one is chosen."""
        if tuple(hosts) == self._hosts:
            return
        everything = bool(self._hosts) and len(self.chosen) == len(self._hosts) > 1
        self._hosts = tuple(hosts)
        ids = [host.id for host in hosts]
        kept = ids if everything else [i for i in ids if i in self.chosen] or ids[:1]
        self.choose(kept)

    def choose(self, ids: Sequence[str]) -> None:
        """Choose these, if any of them is there."""
        chosen = tuple(host.id for host in self._hosts if host.id in ids)
        if not chosen and self._hosts:
            return
        changed = chosen != self.chosen
        self.chosen = chosen
        self._say()
        if changed:
            self.chosen_changed.emit(chosen)

    def label(self, host: str) -> str:
        """The name of a host."""
        return next((h.label for h in self._hosts if h.id == host), host)

    def showPopup(self) -> None:
        """A menu: a combo box of Qt chooses one thing only."""
        self._menu = self.menu()
        self._menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._menu.setMinimumWidth(self.width())
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def menu(self) -> QMenu:
        """One of the hosts, all of them, and below each of them to be added or left out."""
        menu = QMenu(self)
        alone = QActionGroup(menu)
        ids = [host.id for host in self._hosts]
        if len(ids) > 1:
            self._add(menu, alone, self.tr("All hosts"), ids)
            menu.addSeparator()
        for host in self._hosts:
            self._add(menu, alone, host.label, [host.id])
        if len(ids) > 1:
            menu.addSeparator()
            several = menu.addMenu(self.tr("Several"))
            for host in self._hosts:
                action = several.addAction(host.label)
                action.setCheckable(True)
                action.setChecked(host.id in self.chosen)
                action.toggled.connect(lambda on, i=host.id: self._toggle(i, on))
        return menu

    def _add(self, menu: QMenu, group: QActionGroup, words: str, ids: Sequence[str]) -> QAction:
        action = menu.addAction(words, lambda: self.choose(ids))
        action.setCheckable(True)
        action.setChecked(tuple(ids) == self.chosen)
        group.addAction(action)
        return action

    def _toggle(self, host: str, on: bool) -> None:
        ids = [i for i in self.chosen if i != host] + ([host] if on else [])
        if ids:
            self.choose(ids)

    def _say(self) -> None:
        """The box shows its choice as its only entry."""
        count = len(self.chosen)
        if not count:
            words = self.tr("No host")
        elif count == 1:
            words = self.label(self.chosen[0])
        elif count == len(self._hosts):
            words = self.tr("All hosts")
        else:
            words = self.tr("{n} hosts").format(n=count)
        with QSignalBlocker(self):
            self.clear()
            self.addItem(words)
        self.setToolTip(", ".join(self.label(i) for i in self.chosen))


class SourceBox(ComboBox):
    """Which log of the hosts. `chosen_changed` tells the source and the model."""

    chosen_changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Which log"))
        self.setMinimumWidth(176)
        self.setMaximumWidth(240)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._models: tuple[str, ...] = ()
        self._fill()
        self.currentIndexChanged.connect(lambda _at: self.chosen_changed.emit(*self.choice))

    @property
    def choice(self) -> tuple[LogSource, str]:
        """The source, and the model for the source "model"."""
        data = self.currentData()
        return data if isinstance(data, tuple) else ("all", "")

    def set_models(self, models: Sequence[str]) -> None:
        """Offer these models too; the choice stays where it can."""
        if tuple(models) != self._models:
            self._models = tuple(models)
            self._fill()

    def choose(self, source: LogSource, model: str = "") -> None:
        """Choose this."""
        if model and model not in self._models:
            self.set_models((*self._models, model))
        at = self._at(source, model)
        if at >= 0:
            self.setCurrentIndex(at)

    def _fill(self) -> None:
        before = self.choice if self.count() else ("all", "")
        if before[1] and before[1] not in self._models:
            self._models = (*self._models, before[1])
        with QSignalBlocker(self):
            self.clear()
            for words, source in (
                (self.tr("Proxy and models"), "all"),
                (self.tr("Proxy"), "proxy"),
                (self.tr("All models mixed"), "upstream"),
            ):
                self.addItem(words, (source, ""))
            if self._models:
                self.insertSeparator(self.count())
            for model in self._models:
                self.addItem(model, ("model", model))
            self.setCurrentIndex(max(0, self._at(*before)))

    def _at(self, source: str, model: str) -> int:
        return next((at for at in range(self.count()) if self.itemData(at) == (source, model)), -1)


class LogSearch(SearchField):
    """The field for what to look for, with a switch between expressions and plain words in it."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, key="")
        self.setProperty("mono", True)
        self.regex = QToolButton(self)
        self.regex.setText(self.tr("regex"))
        self.regex.setAccessibleName(self.tr("Regular expression"))
        self.regex.setToolTip(self.tr("Regular expression; off looks for the words as they stand"))
        self.regex.setCheckable(True)
        self.regex.setChecked(True)
        self.regex.setProperty("part", "chip")
        self.regex.setCursor(Qt.CursorShape.ArrowCursor)
        self.regex.toggled.connect(self._named)
        self._named()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.regex.sizeHint()
        right = 34 if self.text() else 8
        self.regex.setGeometry(self.width() - size.width() - right, (self.height() - 20) // 2, size.width(), 20)
        self.setTextMargins(0, 0, size.width() + 4, 0)

    def _named(self, *_: object) -> None:
        words = self.tr("Filter by regex") if self.regex.isChecked() else self.tr("Filter by words")
        self.setPlaceholderText(words)
        self.setAccessibleName(words)


class LogControls(QWidget):
    """The whole line. `pattern_changed` tells a Pattern or None, and whether only matches are wanted."""

    pattern_changed = Signal(object, bool)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hosts = HostsBox(self)
        self.source = SourceBox(self)
        self.search = LogSearch(self)
        self.search.setMaximumWidth(300)
        self.search.setMinimumWidth(160)
        self.found = ElidedLabel("", tone="muted", parent=self)
        self.up = IconButton("up", self.tr("Match before (Shift+F3)"), self, on_click=lambda: self.stepped.emit(-1))
        self.down = IconButton("down", self.tr("Next match (F3)"), self, on_click=lambda: self.stepped.emit(1))
        self.only = QCheckBox(self.tr("Only matches"), self)
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._lay_out()
        self.search.textChanged.connect(lambda _text: self._changed())
        self.search.regex.toggled.connect(lambda _on: self._tell())
        self.search.stepped.connect(self._step)
        self.only.toggled.connect(lambda _on: self._tell())
        self._typed.timeout.connect(self._tell)
        self.say("", problem=False, steps=False)

    def pattern(self) -> Pattern | None:
        """What is looked for now."""
        text = self.search.text()
        return Pattern(text, regex=self.search.regex.isChecked()) if text else None

    def say(self, words: str, *, problem: bool, steps: bool) -> None:
        """Beside the field: how many match, or what is wrong with the expression."""
        self.found.setText(words)
        self.found.setToolTip(words if problem else "")
        set_tone(self.found, "warn" if problem else "muted")
        restyle(self.search, "problem", problem)
        for button in (self.up, self.down):
            button.setVisible(bool(self.search.text()))
            button.setEnabled(steps)
        self.only.setEnabled(bool(self.search.text()) and not problem)

    def _changed(self) -> None:
        """A moment after the last key, so that nothing is looked for that is not meant; emptied at once."""
        self.search.resizeEvent(QResizeEvent(self.search.size(), self.search.size()))
        if self.search.text():
            self._typed.start()
        else:
            self._tell()

    def _step(self, by: int) -> None:
        if self._typed.isActive():
            self._tell()
        self.stepped.emit(by)

    def _tell(self) -> None:
        self._typed.stop()
        self.pattern_changed.emit(self.pattern(), self.only.isChecked())

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for box in (self.hosts, self.source):
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            line.addWidget(box)
        line.addWidget(self.search, 3)
        line.addWidget(self.found)
        line.addWidget(self.up)
        line.addWidget(self.down)
        line.addStretch(1)
        line.addWidget(self.only)
