"""The column of what a host has in memory: models with context, speed and requests, and those that are starting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.core.api import Host, LoadedModel
from boocontrol.core.catalog import ModelEntry
from boocontrol.desktop.itemmodels.host_figures import flying, load_fraction, load_text, speed_text
from boocontrol.desktop.itemmodels.host_words import inventory_text
from boocontrol.desktop.itemmodels.load_news import LoadNews, load_news, progress_text
from boocontrol.desktop.itemmodels.model_words import short_tokens
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.widgets.buttons import IconButton
from boocontrol.desktop.widgets.gauges import LoadBar
from boocontrol.desktop.widgets.labels import Chip, ElidedLabel, label, set_tone
from boocontrol.desktop.widgets.state_shape import StateShape

LINES = 3
WAITING_NAME = 160
INDENT = 22


@dataclass(frozen=True)
class Live:
    """What runs on a host: requests by ref, the last speed by ref, and whether the host tells its requests at all."""

    requests: Mapping[str, int] = field(default_factory=dict)
    speeds: Mapping[str, float] = field(default_factory=dict)
    knows: bool = False


class LoadedColumn(QWidget):
    """Up to three models in memory or waiting for it, then how many there are. `cancel_asked` gives a ref."""

    cancel_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.lines = [ModelLine(self) for _ in range(LINES)]
        for line in self.lines:
            line.cancel_asked.connect(self.cancel_asked)
            column.addWidget(line)
        self.total = label("", "small", "muted", self)
        self.total.setContentsMargins(INDENT, 2, 0, 0)
        column.addWidget(self.total)
        column.addStretch(1)

    def show_host(self, host: Host, entries: Mapping[str, ModelEntry], live: Live, now: float, *, stale: bool) -> None:
        """Show what this host has in memory, and what waits."""
        waiting = waiting_loads(host)
        models = [*host.loaded, *(LoadedModel(ref=ref, state="stopped") for ref in waiting)]
        for at, line in enumerate(self.lines):
            line.setVisible(at < len(models))
            if at < len(models):
                model = models[at]
                runs = flying(model, live.requests, knows=live.knows)
                line.show_model(model, entries.get(model.ref), live.speeds.get(model.ref), runs, now, stale=stale)
                if model.ref in waiting and not stale:
                    line.show_waiting(progress_text(waiting[model.ref], now, short=False))
        more = len(models) - LINES
        also = self.tr(", {n} not shown").format(n=more) if more > 0 else ""
        self.total.setText(inventory_text(host) + also)
        set_tone(self.total, "faint" if stale else "muted")


class ModelLine(QWidget):
    """A model in memory: shape, name, context and speed, requests; while it starts, how far it is and a way out."""

    cancel_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ref = ""
        self.shape = StateShape("unknown", 14, self)
        self.name = ElidedLabel("", "mono", parent=self, mode=Qt.TextElideMode.ElideMiddle)
        self.about = ElidedLabel("", "small", "muted", self)
        self.runs = Chip("", "accent", self)
        self.progress = LoadBar(parent=self)
        self.progress.setFixedWidth(56)
        self.cancel = IconButton("close", "", self, size=20, on_click=lambda: self.cancel_asked.emit(self._ref))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.shape)
        line.addWidget(self.name)
        line.addWidget(self.about)
        line.addStretch(1)
        for widget in (self.progress, self.cancel, self.runs):
            line.addWidget(widget)
        self.setFixedHeight(max(20, self.fontMetrics().height() + 4))

    def show_model(
        self,
        model: LoadedModel,
        entry: ModelEntry | None,
        speed: float | None,
        runs: int | None,
        now: float,
        *,
        stale: bool,
    ) -> None:
        """Show this model."""
        self._ref = model.ref
        starting, fraction = model.state == "starting", load_fraction(model, now)
        self.shape.set_state("unknown" if stale else model.state, fraction if starting and not stale else None)
        self.name.setText(model.ref.partition("/")[2])
        self.name.setMinimumWidth(0)
        set_tone(self.name, "faint" if stale else "text")
        words = about(model, entry, speed, now, stale=stale)
        self.about.setText(words)
        # How long it still takes is read whole; the name elides for it.
        self.about.setMinimumWidth(self.about.sizeHint().width() if starting and not stale else 0)
        self.about.setToolTip(self._slow(model))
        set_tone(self.about, "faint" if stale else ("warn" if model.slow else "muted"))
        self.progress.setVisible(starting and fraction is not None and not stale)
        self.progress.set_value(fraction or 0.0)
        self.cancel.setVisible(model.state in ("starting", "stopped") and not stale)
        name = self.tr("Cancel loading {model}").format(model=self.name.text())
        self.cancel.setToolTip(name)
        self.cancel.setAccessibleName(name)
        self.runs.setVisible(bool(runs) and not stale)
        self.runs.setText(self.tr("{n} now").format(n=runs or 0))
        self.setAccessibleName(", ".join(part for part in (self.name.text(), model.state, words) if part))

    def show_waiting(self, words: str) -> None:
        """It is not in memory yet: what it waits for. The name is read first, so it is the reason that elides."""
        self.about.setText(words)
        self.name.setMinimumWidth(min(self.name.sizeHint().width(), WAITING_NAME))
        self.setAccessibleName(f"{self.name.text()}, {words}")

    def _slow(self, model: LoadedModel) -> str:
        if model.slow is None:
            return ""
        unit = "tok/s" if model.slow.of == "output_tokens_per_second" else self.tr("ms to the first token")
        words = self.tr("Slower than usual: {now} {unit}, usually {usual}.")
        return words.format(now=f"{model.slow.now:.0f}", usual=f"{model.slow.usual:.0f}", unit=unit)


def waiting_loads(host: Host) -> dict[str, LoadNews]:
    """Loads that the host has not begun, by ref, in their order."""
    return {ref: news for ref, news in load_news([host]).items() if news.state != "starting"}


def about(model: LoadedModel, entry: ModelEntry | None, speed: float | None, now: float, *, stale: bool) -> str:
    """What stands behind a model's name: `32k · 92 tok/s`, `14 of 38 s`, `waits`."""
    if stale:
        return _tr("was {state}").format(state=_tr("waiting") if model.state == "stopped" else model.state)
    if model.state == "starting":
        return load_text(model, now)
    if model.state == "stopped":
        return _tr("waits to be loaded")
    context = short_tokens(entry.context_length) if entry else ""
    word = "" if model.state == "ready" else model.state
    kind = _tr("embeddings") if entry and speed is None and embeds(entry) else ""
    return " · ".join(part for part in (context, speed_text(speed), kind, word) if part)


def embeds(entry: ModelEntry) -> bool:
    """Whether a model makes embeddings, as far as its host says."""
    return any(entry.capabilities.get(name) for name in ("embedding", "embeddings"))
