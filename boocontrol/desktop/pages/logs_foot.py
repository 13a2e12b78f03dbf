"""The line under the log: whether it is followed, how much there is, what of it tells of trouble."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from boocontrol.desktop.widgets import Button, ElidedLabel, StateShape, label


class LogFoot(QWidget):
    """`clear_asked` and `end_asked`: the buttons were pressed."""

    clear_asked = Signal()
    end_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape = StateShape("ready", 12, self)
        self.word = label("", parent=self)
        self.word.setProperty("strong", True)
        self.amount = label("", tone="muted", parent=self)
        self.problems = label("", tone="muted", parent=self)
        self.news = ElidedLabel("", tone="muted", parent=self)
        self.to_end = Button(self.tr("Go to the end"), "quiet", self, small=True, on_click=self.end_asked.emit)
        self.clear = Button(self.tr("Clear view"), "quiet", self, small=True, on_click=self.clear_asked.emit)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 4, 6, 4)
        line.setSpacing(8)
        line.addWidget(self.shape)
        line.addWidget(self.word)
        line.addSpacing(8)
        line.addWidget(self.amount)
        line.addSpacing(8)
        line.addWidget(self.problems)
        line.addWidget(self.news, 1)
        line.addWidget(self.to_end)
        line.addWidget(self.clear)

    def tell(self, state: str, word: str, amount: str, problems: str, *, end: bool) -> None:
        """What is so now; `end` offers the way to the end of the log."""
        self.shape.set_state(state)
        self.word.setText(word)
        self.amount.setText(amount)
        self.problems.setText(problems)
        self.to_end.setVisible(end)
        self.setAccessibleName(", ".join(text for text in (word, amount, problems) if text))
