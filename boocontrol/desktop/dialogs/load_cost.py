"""Before a load that costs something: what it pushes out, who uses that now, and how long it usually takes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.core.control import LoadPreview, PushedOut
from boocontrol.desktop.dialogs.fields import Dialog, hint_label
from boocontrol.desktop.itemmodels.load_news import loses, queue_text, runs_text, usual_text
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import ElidedLabel, StateShape, label

WIDTH = 480


class LoadDialog(Dialog):
    """`accepted` means: load it. The safe answer has the focus while requests run on what may go."""

    def __init__(self, cost: LoadPreview, parent: QWidget | None = None) -> None:
        model, host = cost.ref.partition("/")[2], cost.ref.partition("/")[0]
        super().__init__(self.tr("Load {model} on {host}?").format(model=model, host=host), parent)
        self.setMinimumWidth(grown(WIDTH, self.font()))
        self._lay_out(cost)
        self.foot.addStretch(1)
        self.safe = self.foot_button(self.tr("Leave it"))
        used = any(out.in_flight for out in cost.unloads)
        self.load = self.foot_button(
            self.tr("Load anyway") if used else self.tr("Load"), "plain" if used else "primary"
        )
        self.safe.clicked.connect(self.reject)
        self.load.clicked.connect(self.accept)
        first = self.safe if used else self.load
        first.setDefault(True)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, cost: LoadPreview) -> None:
        words = label(_headline(self, cost), "section", parent=self)
        words.setWordWrap(True)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(words)
        right.addLayout(self._rows(cost))
        notes = QVBoxLayout()
        notes.setSpacing(2)
        for note in self._notes(cost):
            notes.addWidget(hint_label(self, note))
        right.addLayout(notes)
        right.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(StateShape("starting", 28, self), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(right, 1)
        self.body.addLayout(line)

    def _rows(self, cost: LoadPreview) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for number, out in enumerate(cost.unloads):
            name = ElidedLabel(out.ref.partition("/")[2], "mono", parent=self, mode=Qt.TextElideMode.ElideMiddle)
            grid.addWidget(StateShape("busy" if out.in_flight else out.state, 14, self), number, 0)
            grid.addWidget(name, number, 1)
            grid.addWidget(label(runs_text(out), tone="text" if out.in_flight else "muted", parent=self), number, 2)
            grid.addWidget(label(self._fate(out), tone="muted", parent=self), number, 3)
        return grid

    def _fate(self, out: PushedOut) -> str:
        return self.tr("is unloaded") if out.certain else self.tr("may be unloaded")

    def _notes(self, cost: LoadPreview) -> list[str]:
        notes = []
        if any(out.in_flight for out in cost.unloads):
            notes.append(self.tr("llama-swap lets running requests end before it swaps; others wait meanwhile."))
        if any(not out.certain for out in cost.unloads):
            notes.append(self.tr("llama-swap does not tell what it unloads, so this is what may happen."))
        if cost.queue:
            notes.append(queue_text(cost.queue))
        return [*notes, usual_text(cost)]


def ask_cost(cost: LoadPreview, parent: QWidget, go_on: Callable[[], object]) -> LoadDialog:
    """Ask before a load that costs something, and go on with it when the answer is yes."""
    dialog = LoadDialog(cost, parent)
    dialog.accepted.connect(go_on)
    dialog.open()
    return dialog


def _headline(dialog: QWidget, cost: LoadPreview) -> str:
    lost = loses(cost)
    if any(out.in_flight and out.certain for out in lost):
        text = dialog.tr("Loading {model} pushes out a model that is in use.")
    elif any(out.in_flight for out in lost):
        text = dialog.tr("Loading {model} may push out a model that is in use.")
    else:
        text = dialog.tr("Loading {model} pushes another model out of memory.")
    return text.format(model=cost.ref.partition("/")[2])
