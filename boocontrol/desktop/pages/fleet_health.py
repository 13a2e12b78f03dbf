"""The column of a host's health: ticks, uptime and age; below it the requests that run and how fast."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.core.api import HealthCheck, Host
from boocontrol.desktop.itemmodels.ages import exact_time
from boocontrol.desktop.itemmodels.host_figures import idle_text, number
from boocontrol.desktop.itemmodels.host_uptime import covered, with_present
from boocontrol.desktop.itemmodels.host_words import age_line, requests_text
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets.gauges import Sparkline, Tick, TickBar
from boocontrol.desktop.widgets.labels import ElidedLabel, label, set_tone

TICKS = 48
TICKS_NARROW = 24
TICK_PX = 4
LIVE_S = 5.0
SPARK = 48
NARROW = 172
HEADROOM = 1.3
ANSWERS = ("up", "busy", "degraded")


class HealthColumn(QWidget):
    """What has been seen of a host, and what runs on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticks = TICKS
        self._checks: Sequence[HealthCheck] = ()
        self._often_off, self._now = False, 0.0
        self.health = TickBar(parent=self)
        self.uptime = ElidedLabel("", "small", "muted", self)
        self.age = ElidedLabel("", "small", "muted", self)
        self.count = label("", "small", "text", self)
        self.count.setProperty("strong", True)
        self.requests = label("", "small", "muted", self)
        self.line = Sparkline(parent=self)
        self.speed = label("", "small", "text", self)
        self.speed.setProperty("strong", True)
        self.unit = label(self.tr("tok/s"), "small", "muted", self)
        self.idle = label("", "small", "muted", self)
        self.line.setToolTip(
            self.tr("Output tokens a second over the last 5 minutes: what runs, at the last speed of its model.")
        )
        self.line.setAccessibleName(self.tr("Tokens a second over the last 5 minutes"))
        self._lay_out()
        self.set_narrow(False)

    def _lay_out(self) -> None:
        seen = QHBoxLayout()
        seen.setSpacing(4)
        seen.addWidget(self.uptime, 1)
        seen.addWidget(self.age)
        runs = QHBoxLayout()
        runs.setSpacing(4)
        runs.addWidget(self.count)
        runs.addWidget(self.requests)
        runs.addStretch(1)
        runs.addWidget(self.line)
        runs.addSpacing(4)
        runs.addWidget(self.speed)
        runs.addWidget(self.unit)
        runs.addWidget(self.idle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.health)
        column.addLayout(seen)
        column.addStretch(1)
        column.addLayout(runs)

    def show_host(
        self,
        host: Host,
        now: float,
        checks: Sequence[HealthCheck],
        *,
        stale: bool,
        rate: float | None = None,
        line: Sequence[float] = (),
    ) -> None:
        """Show this host: `rate` and `line` are output tokens a second, now and lately."""
        self._checks, self._often_off, self._now = with_present(checks, host), host.often_off, now
        self._show_ticks()
        self.uptime.setText(uptime_text(self._checks[-TICKS:], now))
        live = host.as_of is not None and now - host.as_of.timestamp() < LIVE_S and not stale
        self.age.setText(age_line(host, now, live))
        self.age.setToolTip(exact_time(host.as_of))
        for words in (self.age, self.uptime):
            set_tone(words, "faint" if stale else "muted")
        known = host.state in ANSWERS and not stale
        runs = host.in_flight if known else 0
        self.count.setVisible(bool(runs))
        self.count.setText(digits(runs))
        self.requests.setText(self._requests(host, known, runs))
        set_tone(self.requests, "muted" if known else "faint")
        for part in (self.speed, self.unit):
            part.setVisible(bool(runs) and rate is not None)
        self.speed.setText(number(rate) if rate is not None else "")
        self.line.setVisible(known and any(line) and self._ticks == TICKS)
        self.line.set_value(line if known else (), top=HEADROOM * max(line, default=0.0))
        idle = idle_text(host, now) if known and not runs else ""
        self.idle.setText(idle)
        self.idle.setVisible(bool(idle))

    def _requests(self, host: Host, known: bool, runs: int) -> str:
        if not known:
            return self.tr("Requests unknown")
        if not runs:
            return requests_text(0, host)
        return self.tr("request") if runs == 1 else self.tr("requests")

    def set_narrow(self, narrow: bool) -> None:
        """Half of the ticks where there is little room."""
        self._ticks = TICKS_NARROW if narrow else TICKS
        self.setFixedWidth(grown(NARROW if narrow else TICKS * TICK_PX - 1, self.font()))
        self.line.setFixedWidth(SPARK)
        self._show_ticks()

    def _show_ticks(self) -> None:
        self.health.setFixedWidth(self._ticks * TICK_PX - 1)
        self.health.set_value(ticks_of(self._checks, self._ticks, often_off=self._often_off))
        self.health.setAccessibleName(uptime_text(self._checks[-TICKS:], self._now) or self.tr("Not checked yet"))


def uptime_text(checks: Sequence[HealthCheck], now: float) -> str:
    """`98.1 % up` of the time that these checks speak for; not checked is not down."""
    if not checks:
        return ""
    good, checked = covered(checks, now)
    if not checked:
        # Only one, of this moment.
        good, checked = sum(check.outcome == "ok" for check in checks), len(checks)
    if not good:
        return _tr("not up yet")
    return _tr("{n} % up").format(n=share(good, checked))


def share(part: float, whole: float) -> str:
    """A percentage that is 100 only when nothing is missing: `99.9`, `66.7`, `100`."""
    if part == whole:
        return "100"
    return f"{min(100 * part / whole, 99.9):.1f}"


def ticks_of(checks: Sequence[HealthCheck], count: int, *, often_off: bool) -> list[Tick]:
    """The last checks as ticks, those that were not made first."""
    done: list[Tick] = []
    for check in checks[-count:]:
        if check.outcome != "ok":
            done.append("failed_often_off" if often_off else "failed")
        else:
            done.append("slow" if check.state == "degraded" else "good")
    blank: list[Tick] = ["unchecked"] * (count - len(done))
    return blank + done
