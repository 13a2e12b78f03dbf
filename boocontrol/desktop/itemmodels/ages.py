"""How old a piece of news is, and how many there are of something, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale

from boocontrol.desktop.text import tr as _tr

MINUTE, HOUR, DAY = 60, 3600, 86400
Clock = Callable[[], float]
wall_clock: Clock = time.time


def age_text(at: datetime | float | None, now: float) -> str:
    """`12 s ago`, `just now`; empty for a time that is not known. `now` and a float `at` are seconds of the epoch."""
    if at is None:
        return ""
    gone = now - _seconds(at)
    return _tr("%s ago").replace("%s", span_text(gone)) if gone >= 1 else _tr("just now")


def span_text(seconds: float) -> str:
    """A length of time in its largest sensible unit: `47 s`, `5 min`, `2 h 14 min`, `3 d`."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return _tr("%s s").replace("%s", str(whole))
    if whole < HOUR:
        return _tr("%s min").replace("%s", str(whole // MINUTE))
    if whole >= DAY:
        return _tr("%s d").replace("%s", str(whole // DAY))
    hours = _tr("%s h").replace("%s", str(whole // HOUR))
    rest = whole % HOUR // MINUTE
    return hours + " " + _tr("%s min").replace("%s", str(rest)) if rest else hours


def exact_time(at: datetime | float | None) -> str:
    """The local date and time, for tooltips."""
    if at is None:
        return ""
    moment = QDateTime.fromSecsSinceEpoch(int(_seconds(at)))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def clock_time(at: datetime | float) -> str:
    """The local time of day, to the minute."""
    moment = QDateTime.fromSecsSinceEpoch(int(_seconds(at)))
    return QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)


def _seconds(at: datetime | float) -> float:
    return at.timestamp() if isinstance(at, datetime) else at
