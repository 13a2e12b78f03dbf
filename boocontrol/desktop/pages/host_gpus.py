"""The card of a host's hardware: each GPU with its memory and the lines of the last minutes, then the machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.core.api import Gpu, Host
from boocontrol.core.history import Sample
from boocontrol.desktop.itemmodels.ages import age_text
from boocontrol.desktop.itemmodels.host_figures import cannot_tell, degrees, gpu_name, memory_text, percent, watts
from boocontrol.desktop.pages.fleet_gpu import memory_of
from boocontrol.desktop.widgets.cards import Card
from boocontrol.desktop.widgets.gauges import Memory, MemoryBar, Sparkline
from boocontrol.desktop.widgets.labels import ElidedLabel, label, set_tone

COLUMNS = 2
LINE_HEIGHT = 26
Pick = Callable[[Sample], float | None]


class GpusCard(Card):
    """All GPUs of a host, two beside each other, and its processor and memory at the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, padded=False)
        self.panels: list[Panel] = []
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 10)
        head.setSpacing(8)
        head.addWidget(label(self.tr("GPUs"), "section", parent=self))
        head.addWidget(label(self.tr("last 10 minutes"), tone="muted", parent=self))
        head.addStretch(1)
        self.age = label("", "small", "faint", self)
        head.addWidget(self.age)
        self.body.setSpacing(0)
        self.add(head)
        self.nothing = label("", tone="muted", parent=self)
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(16, 0, 16, 12)
        self.add(self.nothing)
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.add(self._grid)

    def show_host(self, host: Host, samples: Sequence[Sample], now: float, *, stale: bool) -> None:
        """Show what this host tells of its hardware."""
        gpus = host.gpus or ()
        machine = host.cpu is not None or host.memory is not None
        wanted = len(gpus) + machine
        while len(self.panels) < wanted:
            at = len(self.panels)
            self.panels.append(Panel(self))
            self._grid.addWidget(self.panels[at], at // COLUMNS, at % COLUMNS)
        for at, panel in enumerate(self.panels):
            panel.setVisible(at < wanted)
        for at, gpu in enumerate(gpus):
            self.panels[at].show_gpu(gpu, at, samples, bool(host.loaded), stale=stale)
        if machine:
            self.panels[len(gpus)].show_machine(host, samples, stale=stale)
        self.nothing.setText("" if gpus else self._nothing(host))
        self.nothing.setVisible(not gpus)
        self.age.setText(age_text(samples[-1].at if samples else None, now))

    def _nothing(self, host: Host) -> str:
        if host.gpus is not None:
            return self.tr("The host found no GPU that it can ask.")
        if host.state in ("down", "needs_key", "paused", "checking"):
            return self.tr("GPU figures are not known now.")
        return cannot_tell(host) or self.tr("The host tells no GPU figures.")


class Panel(QFrame):
    """One GPU, or the machine: name, memory, and three figures with their lines."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "row")
        self.name = ElidedLabel("", parent=self)
        self.name.setProperty("strong", True)
        self.memory = label("", parent=self)
        self.bar = MemoryBar(height=12, parent=self)
        self.figures = [Figure(self) for _ in range(3)]
        words = QHBoxLayout()
        words.addWidget(self.name, 1)
        words.addWidget(self.memory)
        lines = QHBoxLayout()
        lines.setSpacing(16)
        for figure in self.figures:
            lines.addWidget(figure, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addLayout(words)
        column.addWidget(self.bar)
        column.addLayout(lines)

    def show_gpu(self, gpu: Gpu, at: int, samples: Sequence[Sample], loaded: bool, *, stale: bool) -> None:
        """Show the GPU at this place among those of its host."""
        self._name(gpu_name(gpu), gpu.name, memory_text(gpu.memory_used_mb, gpu.memory_total_mb, of=True), stale)
        self.bar.setVisible(True)
        self.bar.set_value(memory_of(gpu, loaded, stale=stale))

        def line(name: str) -> list[float]:
            told = (getattr(sample.gpus[at], name) for sample in samples if at < len(sample.gpus))
            return [value for value in told if value is not None]

        self.figures[0].say(self.tr("Use"), percent(gpu.utilisation_pct), line("utilisation_pct"), 100.0, stale)
        self.figures[1].say(self.tr("Heat"), degrees(gpu.temperature_c), line("temperature_c"), 100.0, stale)
        power = line("power_w")
        self.figures[2].say(self.tr("Power"), watts(gpu.power_w), power, 1.15 * max(power, default=0.0), stale)

    def show_machine(self, host: Host, samples: Sequence[Sample], *, stale: bool) -> None:
        """Show the processor and the main memory."""
        memory = host.memory
        told = memory_text(memory.used_mb, memory.total_mb, of=True) if memory else ""
        cores = self.tr("{n} cores").format(n=host.cpu.cores) if host.cpu else ""
        self._name(self.tr("Processor and memory"), cores, told, stale)
        self.bar.setVisible(memory is not None)
        if memory is not None:
            self.bar.set_value(Memory((), memory.used_mb, memory.total_mb, stale))
        use = [sample.cpu_pct for sample in samples if sample.cpu_pct is not None]
        self.figures[0].say(self.tr("Use"), percent(host.cpu.utilisation_pct) if host.cpu else "", use, 100.0, stale)
        runs = [sample.in_flight for sample in samples if sample.in_flight is not None]
        now = str(host.in_flight) if host.tells_requests or host.in_flight else ""
        self.figures[1].say(self.tr("Requests"), now, runs, 1.3 * max(runs, default=0.0) or 1.0, stale)
        took = [sample.latency_ms for sample in samples if sample.latency_ms is not None]
        latency = self.tr("{n} ms").format(n=f"{host.latency_ms:.0f}") if host.latency_ms is not None else ""
        self.figures[2].say(self.tr("Latency"), latency, took, 1.3 * max(took, default=0.0) or 1.0, stale)

    def _name(self, name: str, tip: str, memory: str, stale: bool) -> None:
        self.name.setText(name)
        self.name.setToolTip(tip)
        self.memory.setText(memory)
        for words in (self.name, self.memory):
            set_tone(words, "faint" if stale else "text")
        self.bar.setAccessibleName(f"{name} {memory}".strip())


class Figure(QWidget):
    """A word, its value, and the line of the last minutes. Without a value it is not there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.word = label("", "small", "muted", self)
        self.value = label("", "small", parent=self)
        self.value.setProperty("strong", True)
        self.line = Sparkline(height=LINE_HEIGHT, parent=self)
        words = QHBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.word)
        words.addStretch(1)
        words.addWidget(self.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(words)
        column.addWidget(self.line)

    def say(self, word: str, value: str, line: Sequence[float], top: float, stale: bool) -> None:
        """Show these."""
        self.setVisible(bool(value))
        self.word.setText(word)
        self.value.setText(value)
        set_tone(self.value, "faint" if stale else "text")
        self.line.set_value(line, top=top or 1.0)
        self.line.setAccessibleName(f"{word} {value}")
