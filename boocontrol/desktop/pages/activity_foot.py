"""The line below the history: what is not shown yet, and what came above while somebody looked further down."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from boocontrol.desktop.text import digits
from boocontrol.desktop.tokens import PAD
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.labels import ElidedLabel


class HistoryFoot(QWidget):
    """Hidden while there is nothing to say."""

    newest_wanted = Signal()
    all_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._newer = 0
        self.words = ElidedLabel("", "small", "muted", parent=self)
        self.all = Button(self.tr("Read all"), "quiet", self, small=True, on_click=self.all_wanted.emit)
        self.stop = Button(self.tr("Stop"), "quiet", self, small=True, on_click=self.stop_wanted.emit)
        self.newest = Button("", "quiet", self, icon="up", small=True, on_click=self.newest_wanted.emit)
        line = QHBoxLayout(self)
        line.setContentsMargins(PAD, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(self.words, 1)
        for button in (self.all, self.stop, self.newest):
            line.addWidget(button)
        self.hide()

    def set_newer(self, count: int) -> None:
        """So many came above what is shown."""
        self._newer = count
        one = self.tr("1 newer")
        self.newest.setText(one if count == 1 else self.tr("{n} newer").format(n=digits(count)))
        self._show()

    def say(self, *, shown: int, total: int | None, sorted_partly: bool, reading: bool, full: bool) -> None:
        """Say how much is shown: `sorted_partly` when an order was asked for that needs all, `full` when no more are
        taken in."""
        words = ""
        if full and total is not None and total > shown:
            words = self.tr("The newest {n} are shown. Narrow the filter, or export, to see the others.")
        elif sorted_partly and reading:
            words = self.tr("Sorted among the newest {n}. Reading…")
        elif sorted_partly:
            words = self.tr("Sorted among the newest {n} of {all}.")
        self.words.setText(words.format(n=digits(shown), all=digits(total or shown)))
        self.all.setVisible(sorted_partly and not reading and not full)
        self.stop.setVisible(sorted_partly and reading and not full)
        self._show()

    def _show(self) -> None:
        self.newest.setVisible(self._newer > 0)
        self.setVisible(bool(self.words.text()) or self._newer > 0)
