"""How an agent's file stands, in the words and shapes of the Agents page. Pure: a look in, texts out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from boocontrol.agents.freshness import Freshness, Word
from boocontrol.agents.plan import Change
from boocontrol.agents.seen import Seen
from boocontrol.core.values import plain
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr

MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """A shape (a state of StateShape), one word and the sentence behind it."""

    shape: str
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the card Freshness."""

    shape: str
    text: str


def standing(seen: Seen, now: datetime) -> Standing:
    """The head of an agent's card."""
    fresh = seen.freshness
    shapes: dict[Word, str] = {
        "fresh": "up",
        "edited": "up",
        "stale": "degraded",
        "absent": "stopped",
        "unreadable": "down",
    }
    words: dict[Word, str] = {
        "fresh": _tr("Up to date"),
        "edited": _tr("Up to date, with your changes"),
        "stale": _tr("Out of date"),
        "absent": _tr("Not written yet"),
        "unreadable": _tr("Cannot be read"),
    }
    return Standing(shapes[fresh.word], words[fresh.word], _reason(seen, now))


def lines(seen: Seen) -> list[Line]:
    """What is compared and how it stands, worst first cut at a handful."""
    fresh = seen.freshness
    if fresh.word == "unreadable":
        return [Line("down", fresh.problem)]
    if fresh.word == "absent":
        return [Line("stopped", _tr("The gateway's address is not in the file"))]
    address = (
        Line("up", _tr("Gateway address matches"))
        if fresh.address
        else Line("degraded", _tr("The file names another gateway address"))
    )
    found = [address, *_changes(fresh)]
    if len(found) > MOST_LINES:
        rest = len(found) - MOST_LINES + 1
        found = [*found[: MOST_LINES - 1], Line("unknown", _tr("and %1 more").replace("%1", str(rest)))]
    return found


def sentence(count: int, one: str, many: str) -> str:
    """A text for one, or for many with their number in place of %1."""
    return one if count == 1 else many.replace("%1", digits(count))


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < 60:
        return _tr("just now")
    if seconds < 3600:
        return sentence(seconds // 60, _tr("1 min ago"), _tr("%1 min ago"))
    if seconds < 86400:
        return sentence(seconds // 3600, _tr("1 hour ago"), _tr("%1 hours ago"))
    return sentence(seconds // 86400, _tr("1 day ago"), _tr("%1 days ago"))


def _reason(seen: Seen, now: datetime) -> str:
    fresh = seen.freshness
    if fresh.word == "unreadable":
        place = _tr("Line %1, column %2.").replace("%1", str(fresh.line)).replace("%2", str(fresh.column))
        advice = seen.problem.advice if seen.problem else ""
        return f"{place if fresh.line else fresh.problem} {advice}".strip()
    if fresh.word == "absent":
        return _tr("Nothing of BooControl is in the file. Writing adds it; your own lines and comments stay.")
    written = "" if seen.written_at is None else _tr(" since you wrote it %1").replace("%1", ago(seen.written_at, now))
    if fresh.word == "stale":
        return _tr("%1%2. Your own lines and comments stay.").replace("%1", _summary(fresh)).replace("%2", written)
    models = sentence(seen.same, _tr("1 model as it should be."), _tr("%1 models as they should be."))
    if fresh.word == "edited":
        edits = sentence(len(fresh.edited), _tr("1 line of yours is kept."), _tr("%1 lines of yours are kept."))
        return f"{models} {edits}"
    return models


def _summary(fresh: Freshness) -> str:
    parts = []
    if fresh.added:
        parts.append(sentence(len(fresh.added), _tr("1 new model"), _tr("%1 new models")))
    if fresh.changed:
        parts.append(sentence(len(fresh.changed), _tr("1 changed model"), _tr("%1 changed models")))
    if fresh.gone:
        parts.append(sentence(len(fresh.gone), _tr("1 model gone"), _tr("%1 models gone")))
    if not fresh.address:
        parts.append(_tr("another address"))
    if not parts:
        return _tr("Something else to write")
    last = parts.pop()
    return _tr("%1 and %2").replace("%1", ", ".join(parts)).replace("%2", last) if parts else last


def _changes(fresh: Freshness) -> list[Line]:
    return [
        *(Line("degraded", _named(c, _tr("%1 is new"))) for c in fresh.added),
        *(Line("degraded", _named(c, _tr("%1: %2"), c.note or _tr("changed"))) for c in fresh.changed),
        *(Line("degraded", _named(c, _tr("%1 is gone"))) for c in fresh.gone),
        *(Line("unknown", _named(c, _tr("%1 kept: %2"), c.note)) for c in fresh.kept),
    ]


def _named(change: Change, text: str, note: str = "") -> str:
    return text.replace("%2", note).replace("%1", plain(change.ref))
