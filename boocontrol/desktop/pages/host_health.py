"""The card of a host's health over the last day: ticks of equal time, uptime, and each outage in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from boocontrol.core.api import HealthCheck
from boocontrol.desktop.itemmodels.ages import DAY, clock_time, span_text
from boocontrol.desktop.itemmodels.host_story import Outage, outages
from boocontrol.desktop.itemmodels.host_uptime import covered
from boocontrol.desktop.pages.fleet_health import TICK_PX, share
from boocontrol.desktop.sentences import told
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.widgets.cards import Card
from boocontrol.desktop.widgets.gauges import Tick, TickBar
from boocontrol.desktop.widgets.labels import label

TOLD = 3


class HealthCard(Card):
    """Health checks of the last 24 hours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Health"), parent)
        self._checks: tuple[HealthCheck, ...] = ()
        self._now, self._often_off = 0.0, False
        self.uptime = label("", parent=self)
        self.uptime.setProperty("strong", True)
        self.of = label("", tone="muted", parent=self)
        self.add_to_head(self.uptime)
        self.add_to_head(self.of)
        self.ticks = TickBar(parent=self)
        self.add(self.ticks)
        self.first, last = label("", "small", "muted", self), label(self.tr("now"), "small", "muted", self)
        ends = QHBoxLayout()
        ends.addWidget(self.first)
        ends.addStretch(1)
        ends.addWidget(last)
        self.body.setSpacing(4)
        self.add(ends)
        self.words = label("", "small", "muted", self)
        self.words.setWordWrap(True)
        self.add(self.words)

    def show_checks(self, checks: Sequence[HealthCheck], now: float, *, often_off: bool) -> None:
        """Show these, newest last; `now` in seconds of the epoch."""
        since = datetime.fromtimestamp(now - DAY, UTC)
        self._checks = tuple(check for check in checks if check.at >= since)
        self._now, self._often_off = now, often_off
        good, checked = covered(self._checks, now)
        self.uptime.setText(self.tr("{n} %").format(n=share(good, checked)) if good else "")
        self.of.setText(self.tr("of {span} checked").format(span=span_text(checked)) if good else self._no_uptime())
        self.first.setText(self.tr("24 h ago"))
        self.words.setText("\n".join(self._words()))
        self._show_ticks()

    def _no_uptime(self) -> str:
        return self.tr("not up yet") if self._checks else self.tr("not checked yet")

    def _words(self) -> list[str]:
        if not self._checks:
            return []
        found = outages(self._checks)
        lines = [outage_text(outage) for outage in found[-TOLD:]]
        if len(found) > TOLD:
            lines.insert(0, self.tr("{n} outages, the last of them:").format(n=len(found)))
        if not found:
            lines.append(self.tr("No outage."))
        if "unchecked" in day_ticks(self._checks, self._now, 24, often_off=self._often_off):
            lines.append(self.tr("Grey: not checked, the gateway was not running."))
        return lines

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_ticks()

    def _show_ticks(self) -> None:
        count = max(12, self.ticks.width() // TICK_PX)
        self.ticks.set_value(day_ticks(self._checks, self._now, count, often_off=self._often_off))
        self.ticks.setAccessibleName(f"{self.uptime.text()} {self.of.text()}".strip())


def day_ticks(checks: Sequence[HealthCheck], now: float, count: int, *, often_off: bool) -> list[Tick]:
    """The last 24 hours in so many equal spans, oldest first; the worst check of each, unchecked where none was."""
    rank: list[Tick] = ["unchecked", "good", "slow", "failed_often_off", "failed"]
    ticks: list[Tick] = ["unchecked"] * count
    span = DAY / count
    for check in checks:
        at = int((check.at.timestamp() - (now - DAY)) / span)
        if 0 <= at <= count:
            at = min(at, count - 1)
            tick: Tick = "slow" if check.state == "degraded" else "good"
            if check.outcome != "ok":
                tick = "failed_often_off" if often_off else "failed"
            ticks[at] = max(ticks[at], tick, key=rank.index)
    return ticks


def outage_text(outage: Outage) -> str:
    """`Down 06:12 to 06:41: connection refused.`"""
    since = clock_time(outage.since)
    word = _tr("Key refused") if outage.refused else _tr("Down")
    if outage.until is None:
        words = _tr("{word} since {since}").format(word=word, since=since)
    else:
        words = _tr("{word} {since} to {until}").format(word=word, since=since, until=clock_time(outage.until))
    detail = told(outage.detail.strip())
    return f"{words}: {detail}" if detail else f"{words}."
