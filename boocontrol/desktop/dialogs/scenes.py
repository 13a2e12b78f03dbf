"""Scenes: what applying one would do, saving what is loaded now, and another name for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from boocontrol.core.control import MOST_IN_SCENE, Scene, ScenePlan
from boocontrol.desktop.dialogs.confirm import request_grid
from boocontrol.desktop.dialogs.fields import Dialog, hint_label, say
from boocontrol.desktop.itemmodels.host_words import count_text
from boocontrol.desktop.sentences import told
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import ElidedLabel, StateShape, label

WIDTH = 480
LONGEST_NAME = 64
MOST_HIGH = 320

Labels = Mapping[str, str]
"""Labels of hosts by their ids."""


class SceneDialog(Dialog):
    """Before a scene is applied. `accepted` means: do it, and cut what `plan.busy` names."""

    def __init__(
        self, name: str, plan: ScenePlan, labels: Labels, parent: QWidget | None = None, *, now: datetime | None = None
    ) -> None:
        super().__init__(self.tr("Apply “{name}”?").format(name=name), parent)
        self.setMinimumWidth(grown(WIDTH, self.font()))
        self.plan = plan
        self._labels = labels
        nothing = not (plan.load or plan.unload)
        headline = label(self._headline(name, plan), "section", parent=self)
        headline.setWordWrap(True)
        self.body.addWidget(headline)
        self.body.addWidget(_scrolled(self._models(plan)))
        if plan.busy:
            self.body.addWidget(label(self._cut(len(plan.busy)), tone="warn", parent=self))
            self.body.addLayout(request_grid(plan.busy, now or datetime.now(UTC), self))
        if plan.words:
            self.body.addWidget(hint_label(self, " ".join(told(words) for words in plan.words)))
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.safe = self.foot_button(self.tr("Close") if nothing else self.tr("Cancel"))
        word = self.tr("Cut and apply") if plan.busy else self.tr("Apply")
        self.apply = self.foot_button(word, "danger" if plan.busy else "primary")
        self.apply.setVisible(not nothing)
        self.safe.clicked.connect(self.reject)
        self.apply.clicked.connect(self.accept)
        first = self.safe if plan.busy or nothing else self.apply
        first.setDefault(True)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _headline(self, name: str, plan: ScenePlan) -> str:
        if not (plan.load or plan.unload):
            return self.tr("Everything is as “{name}” wants it.").format(name=name)
        parts = []
        if plan.load:
            parts.append(self.tr("{models} to load").format(models=count_text("model", len(plan.load))))
        if plan.unload:
            parts.append(self.tr("{models} to unload").format(models=count_text("model", len(plan.unload))))
        return self.tr("“{name}”: {changes}.").format(name=name, changes=", ".join(parts))

    def _models(self, plan: ScenePlan) -> QWidget:
        box = QWidget(self)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        groups = (
            (plan.unload, "ready", self.tr("is unloaded")),
            (plan.load, "starting", self.tr("is loaded")),
            (plan.keep, "ready", self.tr("stays")),
        )
        for refs, shape, word in groups:
            for ref in refs:
                self._model(grid, ref, "stopped" if refs is plan.unload else shape, word)
        return box

    def _model(self, grid: QGridLayout, ref: str, shape: str, word: str) -> None:
        host, _, model = ref.partition("/")
        at = grid.rowCount()
        grid.addWidget(StateShape(shape, 14, self), at, 0)
        grid.addWidget(ElidedLabel(model, "mono", parent=self, mode=Qt.TextElideMode.ElideMiddle), at, 1)
        grid.addWidget(label(self._labels.get(host, host), tone="muted", parent=self), at, 2)
        grid.addWidget(label(word, tone="faint" if shape == "ready" else "text", parent=self), at, 3)

    def _cut(self, count: int) -> str:
        if count == 1:
            return self.tr("1 request runs and would be cut off.")
        return self.tr("{n} requests run and would be cut off.").format(n=count)


class NameField(QLineEdit):
    """The name of a scene."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST_NAME)
        self.setAccessibleName(self.tr("Name of the scene"))
        self.setPlaceholderText(self.tr("for example: Coding"))

    @property
    def name(self) -> str:
        """What was typed, without space around it."""
        return self.text().strip()


class SaveSceneDialog(Dialog):
    """Which of the models that are loaded now belong together, and under which name. `saved` brings a Scene."""

    saved = Signal(object)

    def __init__(
        self, loaded: Sequence[str], taken: Iterable[str], labels: Labels, parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Save what is loaded now"), parent)
        self.setMinimumWidth(grown(WIDTH, self.font()))
        self._taken = frozenset(taken)
        about = self.tr("A scene is a set of models that are loaded together with one click.")
        self.body.addWidget(hint_label(self, about))
        self.field = NameField(self)
        name = label(self.tr("Name"), parent=self)
        name.setBuddy(self.field)
        self.body.addWidget(name)
        self.body.addWidget(self.field)
        self.hint = hint_label(self)
        self.body.addWidget(self.hint)
        self.body.addWidget(label(self.tr("Models"), parent=self))
        self.boxes = {ref: self._box(ref, labels) for ref in loaded}
        self.body.addWidget(_scrolled(self._column()))
        self.only = QCheckBox(self.tr("Unload other models of these hosts when it is applied"), self)
        self.body.addWidget(self.only)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        cancel = self.foot_button(self.tr("Cancel"))
        self.save = self.foot_button(self.tr("Save"), "primary")
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        self.save.setDefault(True)
        self.field.textChanged.connect(lambda _text: self._check())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    @property
    def models(self) -> tuple[str, ...]:
        """Refs of the chosen models."""
        return tuple(ref for ref, box in self.boxes.items() if box.isChecked())

    def _box(self, ref: str, labels: Labels) -> QCheckBox:
        host, _, model = ref.partition("/")
        words = self.tr("{model} on {host}").format(model=model, host=labels.get(host, host))
        box = QCheckBox(words.replace("&", "&&"), self)
        box.setChecked(True)
        box.toggled.connect(lambda _on: self._check())
        return box

    def _column(self) -> QWidget:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for box in self.boxes.values():
            column.addWidget(box)
        return inside

    def _check(self) -> None:
        replaces = self.field.name in self._taken
        say(self.hint, self.tr("It replaces the scene of this name.") if replaces else "")
        self.hint.setVisible(replaces)
        self.save.setText(self.tr("Replace") if replaces else self.tr("Save"))
        self.save.setEnabled(bool(self.field.name) and 0 < len(self.models) <= MOST_IN_SCENE)

    def _save(self) -> None:
        self.saved.emit(Scene(name=self.field.name, models=self.models, only=self.only.isChecked()))
        self.accept()


class RenameSceneDialog(Dialog):
    """Another name for a scene. `renamed` brings it."""

    renamed = Signal(str)

    def __init__(self, name: str, taken: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Rename “{name}”").format(name=name), parent)
        self.setMinimumWidth(grown(WIDTH, self.font()))
        self._taken = frozenset(taken) - {name}
        self._before = name
        self.field = NameField(self)
        self.field.setText(name)
        self.field.selectAll()
        self.hint = hint_label(self)
        self.body.addWidget(self.field)
        self.body.addWidget(self.hint)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        cancel = self.foot_button(self.tr("Cancel"))
        self.rename = self.foot_button(self.tr("Rename"), "primary")
        cancel.clicked.connect(self.reject)
        self.rename.clicked.connect(self._rename)
        self.rename.setDefault(True)
        self.field.textChanged.connect(lambda _text: self._check())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def _check(self) -> None:
        taken = self.field.name in self._taken
        say(self.hint, self.tr("There is a scene of this name.") if taken else "", problem=True)
        self.rename.setEnabled(bool(self.field.name) and not taken and self.field.name != self._before)

    def _rename(self) -> None:
        self.renamed.emit(self.field.name)
        self.accept()


def _scrolled(inside: QWidget) -> QWidget:
    """As high as it is, up to a limit; then it scrolls."""
    if inside.sizeHint().height() <= MOST_HIGH:
        return inside
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedHeight(MOST_HIGH)
    area.setWidget(inside)
    return area
