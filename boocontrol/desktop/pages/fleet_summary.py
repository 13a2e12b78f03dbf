"""The line above the hosts: requests and speed now, GPU memory in use over all of them, what the ticks mean."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from boocontrol.desktop.itemmodels.host_figures import FleetMemory, gigabytes, number
from boocontrol.desktop.itemmodels.host_words import count_text
from boocontrol.desktop.pages.fleet_health import TICKS
from boocontrol.desktop.text import digits
from boocontrol.desktop.widgets.gauges import Memory, MemoryBar
from boocontrol.desktop.widgets.labels import ElidedLabel, label

BAR = 120
NARROW_BELOW = 760


class FleetSummary(QWidget):
    """Figures of the whole fleet. What nobody tells is left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.requests, self.speed, self.memory = _Figure(self), _Figure(self), _Figure(self)
        self.bar = MemoryBar(height=6, parent=self)
        self.bar.setFixedWidth(BAR)
        self.legend = ElidedLabel(self.tr("Health: last {n} checks").format(n=TICKS), "small", "muted", self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(24)
        line.addWidget(self.requests)
        line.addWidget(self.speed)
        memory = QHBoxLayout()
        memory.setSpacing(8)
        memory.addWidget(self.memory)
        memory.addWidget(self.bar)
        line.addLayout(memory)
        line.addStretch(1)
        line.addWidget(self.legend)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, requests: int | None, rate: float | None, memory: FleetMemory | None) -> None:
        """Requests that run, output tokens a second of those, GPU memory; None leaves a figure out."""
        if requests is None:
            self.requests.say("", "")
        elif requests:
            self.requests.say(digits(requests), self.tr("request now") if requests == 1 else self.tr("requests now"))
        else:
            self.requests.say("", self.tr("No requests"))
        self.speed.say(number(rate) if rate else "", self.tr("tok/s") if rate else "")
        words = ""
        if memory is not None:
            of = self.tr("of {total} GB GPU memory in use on {hosts}")
            words = of.format(total=gigabytes(memory.total_mb), hosts=count_text("host", memory.hosts))
            self.bar.set_value(Memory((memory.used_mb,), 0.0, memory.total_mb))
        self.memory.say(gigabytes(memory.used_mb) if memory else "", words)
        self.bar.setVisible(memory is not None)
        self.bar.setAccessibleName(self.memory.text())

    def text(self) -> str:
        """All of it, as words."""
        return ", ".join(part for part in (self.requests.text(), self.speed.text(), self.memory.text()) if part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.setFixedWidth(BAR if self.width() >= NARROW_BELOW else BAR // 2)


class _Figure(QWidget):
    """A number and what it counts."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = label("", "small", "text", self)
        self._number.setProperty("strong", True)
        self._words = label("", "small", "muted", self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._number)
        line.addWidget(self._words)

    def say(self, number: str, words: str) -> None:
        """Show these."""
        self._number.setText(number)
        self._number.setVisible(bool(number))
        self._words.setText(words)
        self.setVisible(bool(number or words))

    def text(self) -> str:
        """Number and words."""
        return f"{self._number.text()} {self._words.text()}".strip()
