"""What happened on a host, in words: models that came, went and were pushed out, and the host's own ups and downs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from boocontrol.core.api import HealthCheck
from boocontrol.core.history import ModelEvent
from boocontrol.desktop.itemmodels.ages import span_text
from boocontrol.desktop.itemmodels.host_words import who_text
from boocontrol.desktop.sentences import told
from boocontrol.desktop.text import tr as _tr

_ENDS = ("loaded", "load_failed", "load_cancelled")
_BEGINS = ("load_asked", "loading")
_SHAPES = {
    "load_asked": "starting",
    "loading": "starting",
    "loaded": "ready",
    "load_failed": "down",
    "load_cancelled": "stopped",
    "unloaded": "stopped",
    "evicted": "stopped",
    "cut": "degraded",
    "slow": "degraded",
    "slow_over": "ready",
}


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened: `name` is a model's and stands before `words`; `more` is a second line,
    which `follows` where it goes on with the sentence."""

    time: datetime
    shape: str
    name: str
    words: str
    more: str = ""
    follows: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        said = f"{self.name} {self.words}".strip()
        between = " " if self.follows else ", "
        return f"{said}{between}{self.more}" if self.more else said


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a host did not answer, or refused us; `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    detail: str
    refused: bool = False


def story_lines(events: Sequence[ModelEvent], checks: Sequence[HealthCheck] = ()) -> list[StoryLine]:
    """Newest first. `events` are newest first, `checks` newest last."""
    lines = [_line(event) for event in _told(events)]
    for outage in outages(checks):
        word = _tr("Host needs a key") if outage.refused else _tr("Host down")
        # That it needs a key is said by the word already; what to do may follow.
        detail = outage.detail.removeprefix("The host needs a key.").strip() if outage.refused else outage.detail
        lines.append(StoryLine(outage.since, "needs_key" if outage.refused else "down", "", word, told(detail)))
        if outage.until is not None:
            span = span_text((outage.until - outage.since).total_seconds())
            words = _tr("Host up again, gone for {span}").format(span=span)
            lines.append(StoryLine(outage.until, "up", "", words))
    return sorted(lines, key=lambda line: line.time, reverse=True)


def outages(checks: Sequence[HealthCheck]) -> list[Outage]:
    """The times in which the host was down or wanted a key, oldest first."""
    found: list[Outage] = []
    first: HealthCheck | None = None
    for check in checks:
        if check.outcome == "ok":
            if found and found[-1].until is None:
                found[-1] = Outage(found[-1].since, check.at, found[-1].detail, found[-1].refused)
            first = None
            continue
        first = first or check
        counts = check.state in ("down", "needs_key")
        if counts and not (found and found[-1].until is None):
            found.append(Outage(first.at, None, check.detail, check.state == "needs_key"))
    return found


def _told(events: Sequence[ModelEvent]) -> list[ModelEvent]:
    """Without the beginnings of loads whose end is told too."""
    kept: list[ModelEvent] = []
    later: dict[str, str] = {}
    for event in events:
        if event.event in _BEGINS and later.get(event.ref) in (*_ENDS, *_BEGINS):
            continue
        later[event.ref] = event.event
        kept.append(event)
    return kept


def _line(event: ModelEvent) -> StoryLine:
    words = _words(event)
    follows = event.event == "evicted" and bool(event.cause)
    return StoryLine(event.time, _SHAPES[event.event], _name(event.ref), words, _more(event), follows)


def _words(event: ModelEvent) -> str:
    took = span_text(event.seconds) if event.seconds is not None else ""
    return {
        "load_asked": _tr("was asked for"),
        "loading": _tr("is starting"),
        "loaded": _tr("in, {span}").format(span=took) if took else _tr("in"),
        "load_failed": _tr("did not start"),
        "load_cancelled": _tr("was cancelled while it started"),
        "unloaded": _tr("out"),
        "evicted": _tr("was pushed out"),
        "cut": _tr("was cut off while it answered"),
        "slow": _tr("is slower than usual"),
        "slow_over": _tr("is as quick as usual again"),
    }[event.event]


def _more(event: ModelEvent) -> str:
    who = _tr("asked by {who}").format(who=who_text(event.by)) if event.by and event.by != "the host itself" else ""
    if event.by == "the host itself":
        who = _tr("by the host itself")
    cause = _tr("by {model}").format(model=_name(event.cause)) if event.cause else ""
    stay = ""
    if event.event in ("unloaded", "evicted") and (event.seconds or 0) >= 1:
        assert event.seconds is not None
        stay = _tr("after {span} in memory").format(span=span_text(event.seconds))
    detail = "" if event.event in ("loaded", "evicted", "unloaded") and who else told(event.detail)
    return ", ".join(part for part in (cause, who, stay, detail) if part)


def _name(ref: str) -> str:
    return ref.partition("/")[2] or ref
