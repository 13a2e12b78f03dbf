"""The column of a host's GPUs: memory in use as a bar for each, then use, heat and power of the busiest."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.core.api import Gpu, Host
from boocontrol.desktop.itemmodels.host_figures import cannot_tell, cpu_text, gpu_line, gpu_name, memory_text
from boocontrol.desktop.widgets.gauges import Memory, MemoryBar
from boocontrol.desktop.widgets.labels import ElidedLabel, label, set_tone

WIDTH = 176
MOST = 2


class GpuColumn(QWidget):
    """At most two GPUs, and the machine itself where there is none. Unknown is said in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.gpus = [_Gpu(self) for _ in range(MOST)]
        self.line = ElidedLabel("", "small", "muted", self)
        self.rest = ElidedLabel("", "small", "faint", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for gpu in self.gpus:
            column.addWidget(gpu)
        column.addWidget(self.line)
        column.addWidget(self.rest)
        column.addStretch(1)

    def show_host(self, host: Host, *, stale: bool) -> None:
        """Show what this host tells of its GPUs."""
        told = host.gpus or ()
        for at, line in enumerate(self.gpus):
            line.setVisible(at < len(told))
            if at < len(told):
                line.show_gpu(told[at], bool(host.loaded), stale=stale)
        more = len(told) - MOST
        if not told and host.memory is not None:
            memory = Gpu(
                name=self.tr("Memory"), memory_used_mb=host.memory.used_mb, memory_total_mb=host.memory.total_mb
            )
            self.gpus[0].show_gpu(memory, False, stale=stale)
            self.gpus[0].setVisible(True)
        words = gpu_line(told) if told else cpu_text(host)
        self.line.setText(words)
        self.line.setVisible(bool(words))
        rest = self.tr("and {n} more").format(n=more) if more > 0 else ""
        if host.gpus is None:
            rest = self.tr("GPU unknown")
        elif not told:
            rest = self.tr("No GPU seen")
        self.rest.setText(rest)
        self.rest.setToolTip(cannot_tell(host) if host.gpus is None else "")
        self.rest.setVisible(bool(rest))
        set_tone(self.line, "faint" if stale else "muted")
        self.setAccessibleName(
            ", ".join(part for part in (*(g.spoken for g in self.gpus if g.spoken), words, rest) if part)
        )


class _Gpu(QWidget):
    """Name, used of total, and the bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.spoken = ""
        self._name = ElidedLabel("", "small", "muted", self)
        self._figures = label("", "small", parent=self)
        self._bar = MemoryBar(parent=self)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._name, 1)
        words.addWidget(self._figures, 0, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(words)
        column.addWidget(self._bar)

    def show_gpu(self, gpu: Gpu, loaded: bool, *, stale: bool) -> None:
        """Show this GPU."""
        figures = memory_text(gpu.memory_used_mb, gpu.memory_total_mb)
        self._name.setText(gpu_name(gpu))
        self._name.setToolTip(gpu.name)
        self._figures.setText(figures or self.tr("memory unknown"))
        set_tone(self._figures, "text" if figures and not stale else "faint")
        set_tone(self._name, "faint" if stale else "muted")
        self._bar.set_value(memory_of(gpu, loaded, stale=stale))
        self.spoken = f"{gpu.name} {figures}".strip()


def memory_of(gpu: Gpu, loaded: bool, *, stale: bool = False) -> Memory:
    """A GPU's memory as a bar. Hosts tell no model's share: with models loaded all of it is theirs, else others'."""
    used, total = gpu.memory_used_mb or 0.0, gpu.memory_total_mb or 0.0
    if not total:
        return Memory(stale=stale)
    return Memory((used,), 0.0, total, stale) if loaded else Memory((), used, total, stale)
