"""The card of what a host has in memory: each model with context, age, requests, speed and a way out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from boocontrol.core.api import Host, LoadedModel
from boocontrol.core.catalog import ModelEntry
from boocontrol.desktop.itemmodels.ages import span_text
from boocontrol.desktop.itemmodels.host_figures import flying, load_fraction, load_words, speed_text
from boocontrol.desktop.itemmodels.load_news import progress_text
from boocontrol.desktop.itemmodels.model_words import short_tokens
from boocontrol.desktop.pages.fleet_loaded import Live, embeds, waiting_loads
from boocontrol.desktop.text import digits
from boocontrol.desktop.tokens import ROW, grown
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.cards import Card
from boocontrol.desktop.widgets.gauges import LoadBar
from boocontrol.desktop.widgets.labels import ElidedLabel, label, set_tone
from boocontrol.desktop.widgets.notice_bar import NoticeBar
from boocontrol.desktop.widgets.state_shape import StateShape

CONTEXT, AGE, RUNS, SPEED, ACTION = 44, 96, 96, 92, 80


class LoadedCard(Card):
    """Models in memory or on their way there. Signals give a ref, or nothing."""

    unload_asked = Signal(str)
    cancel_asked = Signal(str)
    unload_all_asked = Signal()
    load_menu_asked = Signal(QWidget)
    dismissed = Signal()
    retry_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, padded=False)
        self.rows: list[LoadedRow] = []
        title = label(self.tr("Loaded now"), "section", parent=self)
        self.count = label("", tone="muted", parent=self)
        self.load = Button(self.tr("Load a model"), parent=self, icon="load", small=True)
        self.load.clicked.connect(lambda: self.load_menu_asked.emit(self.load))
        self.unload_all = Button(
            self.tr("Unload all"), parent=self, icon="unload", small=True, on_click=self.unload_all_asked.emit
        )
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 8)
        head.setSpacing(8)
        head.addWidget(title)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.load)
        head.addWidget(self.unload_all)
        self.body.setSpacing(0)
        self.add(head)
        self.trouble = NoticeBar(closable=True, parent=self)
        self.trouble.dismissed.connect(self.dismissed)
        self.retry = Button(
            self.tr("Retry"), parent=self.trouble, icon="refresh", small=True, on_click=self.retry_asked.emit
        )
        self.trouble.hide()
        self.add(self.trouble)
        self.nothing = label("", tone="muted", parent=self)
        self.nothing.setContentsMargins(16, 4, 16, 12)
        self.add(self.nothing)

    def show_host(self, host: Host, entries: Mapping[str, ModelEntry], live: Live, now: float, *, stale: bool) -> None:
        """Show what this host has in memory, and what waits."""
        waiting = waiting_loads(host)
        models = [*host.loaded, *(LoadedModel(ref=ref, state="stopped") for ref in waiting)]
        while len(self.rows) < len(models):
            row = LoadedRow(self)
            row.unload_asked.connect(self.unload_asked)
            row.cancel_asked.connect(self.cancel_asked)
            self.rows.append(row)
            self.add(row)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(models))
            if at < len(models):
                model = models[at]
                runs = flying(model, live.requests, knows=live.knows)
                row.show_model(model, entries.get(model.ref), live.speeds.get(model.ref), runs, now, stale=stale)
                if model.ref in waiting and not stale:
                    row.show_waiting(progress_text(waiting[model.ref], now, short=False))
        held = sum(m.state in ("ready", "starting", "stopping") for m in host.loaded)
        self.count.setText(self.tr("{n} of {all}").format(n=held, all=digits(host.models)) if host.models else "")
        can = host.state in ("up", "busy", "degraded") and not stale
        self.load.setEnabled(can and bool(host.models))
        self.unload_all.setEnabled(can and bool(host.loaded))
        self.load.setToolTip("" if can else self.tr("Only while the host answers."))
        self.unload_all.setToolTip("" if self.unload_all.isEnabled() else self.tr("Nothing is known to be loaded."))
        self.nothing.setVisible(not models)
        self.nothing.setText(self._nothing(host, can=can))

    def _nothing(self, host: Host, *, can: bool) -> str:
        if can:
            return self.tr("Nothing is in memory. A request or “Load a model” brings one in.")
        return self.tr("What it has in memory is not known now.")

    def show_trouble(self, title: str, advice: str, *, again: bool = False) -> None:
        """Say what went wrong with a model of this host; nothing when the title is empty. `again`: it can be tried."""
        self.trouble.setVisible(bool(title))
        if title:
            self.trouble.say(title, advice, tone="warn")
            self.trouble.set_buttons((self.retry,) if again else (), f"{title} {advice}".strip())


class LoadedRow(QFrame):
    """One model."""

    unload_asked = Signal(str)
    cancel_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ref, self._starting = "", False
        self.setProperty("part", "row")
        self.setMinimumHeight(ROW)
        self.shape = StateShape("unknown", 14, self)
        self.name = ElidedLabel("", "mono", parent=self, mode=Qt.TextElideMode.ElideMiddle)
        self.context, self.age = _cell(CONTEXT, self), _cell(AGE, self)
        self.runs, self.speed = _cell(RUNS, self), _cell(SPEED, self)
        self.progress = LoadBar(parent=self)
        self.progress.setFixedWidth(SPEED)
        self.act = Button(self.tr("Unload"), parent=self, small=True, on_click=self._act)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(self.shape)
        line.addWidget(self.name, 1)
        for cell in (self.context, self.age, self.runs, self.progress, self.speed):
            line.addWidget(cell)
        place = QHBoxLayout()
        place.addStretch(1)
        place.addWidget(self.act)
        box = QWidget(self)
        words = max(self.fontMetrics().horizontalAdvance(w) for w in (self.tr("Cancel"), self.tr("Unload")))
        box.setFixedWidth(max(grown(ACTION, self.font()), words + 26))
        place.setContentsMargins(0, 0, 0, 0)
        box.setLayout(place)
        line.addWidget(box)

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
        self._ref, self._starting = model.ref, model.state in ("starting", "stopped")
        starting, fraction = model.state == "starting", load_fraction(model, now)
        self.shape.set_state("unknown" if stale else model.state, fraction if starting and not stale else None)
        self.name.setText(model.ref.partition("/")[2])
        self.context.setText(short_tokens(entry.context_length) if entry else "")
        self.age.setText(self._age(model, now))
        self.age.setFixedWidth(AGE + RUNS + 8 if starting else AGE)
        self.runs.setVisible(not starting)
        self.runs.setText("" if stale else self._runs(model, runs, now))
        shows_bar = starting and fraction is not None and not stale
        self.progress.setVisible(shows_bar)
        self.progress.set_value(fraction or 0.0)
        self.speed.setVisible(not shows_bar)
        self.speed.setText(self._speed(model, entry, speed) if not starting else "")
        for cell in (self.name, self.context, self.age, self.runs, self.speed):
            set_tone(cell, "faint" if stale else ("text" if cell is self.name else "muted"))
        if model.slow is not None and not stale:
            set_tone(self.speed, "warn")
        self.act.setText(self.tr("Cancel") if self._starting else self.tr("Unload"))
        self.act.setVisible(model.state in ("ready", "starting", "stopped") and not stale)
        self.act.setAccessibleName(f"{self.act.text()} {self.name.text()}")

    def show_waiting(self, words: str) -> None:
        """It is not in memory yet: what it waits for, in the room of two columns as all that is no age."""
        self.runs.hide()
        self.age.setFixedWidth(AGE + RUNS + 8)
        self.age.setText(words)

    def _age(self, model: LoadedModel, now: float) -> str:
        if model.state == "starting":
            return load_words(model, now)
        if model.state == "stopped":
            return self.tr("waits")
        if model.state != "ready":
            return model.state
        return self.tr("in for {span}").format(span=span_text(now - model.since.timestamp())) if model.since else ""

    def _runs(self, model: LoadedModel, runs: int | None, now: float) -> str:
        if model.state != "ready":
            return ""
        if runs:
            return self.tr("1 request") if runs == 1 else self.tr("{n} requests").format(n=runs)
        if model.idle_since is not None:
            return self.tr("idle {span}").format(span=span_text(now - model.idle_since.timestamp()))
        return self.tr("no requests") if runs == 0 else ""

    def _speed(self, model: LoadedModel, entry: ModelEntry | None, speed: float | None) -> str:
        if model.slow is not None and model.slow.of == "output_tokens_per_second":
            slow = self.tr("{now}, usually {usual}")
            return slow.format(now=f"{model.slow.now:.0f}", usual=f"{model.slow.usual:.0f}")
        return speed_text(speed) or (self.tr("embeddings") if entry and embeds(entry) else "")

    def _act(self) -> None:
        (self.cancel_asked if self._starting else self.unload_asked).emit(self._ref)


def _cell(width: int, parent: QWidget) -> ElidedLabel:
    cell = ElidedLabel("", "small", "muted", parent)
    cell.setFixedWidth(width)
    return cell
