"""What the Logs page says: sizes, counts, gaps, and why there is nothing to see."""

from __future__ import annotations

from typing import NamedTuple

from boocontrol.core.api import Host
from boocontrol.core.logs import LogGap
from boocontrol.desktop.stores.logs import LogsStore
from boocontrol.desktop.text import digits, noop, tr

# What the gateway says of gaps, so that it is translated where it is shown.
KNOWN = (
    noop("dropped by the host"),
    noop("dropped: this reader was too slow"),
    noop("dropped: the host writes more than can be passed on"),
    noop("cut off: the line is too long"),
    noop("The host began a new log, or lines are missing here."),
    noop("Servers of kind openai do not show their log."),
    noop("This version of llama-swap has no log streams."),
    noop("The gateway stops."),
)


class Nothing(NamedTuple):
    """Why no line is shown: a picture, a title, a sentence, and which button helps ("", "retry", "clear", "add")."""

    picture: str
    title: str
    sentence: str
    button: str = ""


def known(text: str) -> str:
    """A text of the gateway in the user's language, where it is one of those."""
    return tr(text) if text in KNOWN else text


def gap_text(gap: LogGap) -> str:
    """The line that stands where something is missing."""
    if gap.bytes:
        return tr("— {n} bytes {why} —").format(n=digits(gap.bytes), why=known(gap.why))
    return f"— {known(gap.why)} —"


def size_text(count: int) -> str:
    """Bytes in the unit that fits."""
    if count < 1000:
        return tr("{n} bytes").format(n=digits(count))
    if count < 1_000_000:
        return tr("{n} KB").format(n=digits(count / 1000))
    return tr("{n} MB").format(n=digits(count / 1_000_000, 1))


def lines_text(count: int) -> str:
    """How many lines."""
    return tr("1 line") if count == 1 else tr("{n} lines").format(n=digits(count))


def problems_text(errors: int, warnings: int) -> str:
    """How many lines tell of trouble; empty for none."""
    parts = []
    if errors:
        parts.append(tr("1 error") if errors == 1 else tr("{n} errors").format(n=digits(errors)))
    if warnings:
        parts.append(tr("1 warning") if warnings == 1 else tr("{n} warnings").format(n=digits(warnings)))
    return tr("{problems} in view").format(problems=", ".join(parts)) if parts else ""


def matches_text(count: int, place: int) -> str:
    """How many lines match, and which of them is shown (from 1; 0 is none)."""
    if place:
        return tr("{n} of {all}").format(n=digits(place), all=digits(count))
    return tr("1 match") if count == 1 else tr("{n} matches").format(n=digits(count))


def nothing(
    hosts: dict[str, Host], store: LogsStore, *, connected: bool, problem: str = "", calm: bool = False
) -> Nothing:
    """Why nothing is shown. `hosts` are the chosen ones that are known, `calm` that the gateway is about to come."""
    if calm:
        return Nothing("gateway", tr("Starting the gateway"), tr("Lines appear once it is there."))
    if not connected:
        words = problem or tr("Lines appear once it is there again.")
        return Nothing("state:down", tr("No connection to the gateway"), words, "retry")
    if not store.choice.hosts:
        return Nothing("mark", tr("No hosts yet"), tr("Their logs appear here once there is one."), "add")
    ended = [h for h in store.choice.hosts if store.states.get(h) == "ended"]
    if len(ended) == len(store.choice.hosts):
        return Nothing("logs", tr("No log to show"), known(store.whys.get(ended[0], "")))
    down = [host for host in hosts.values() if host.state in ("down", "needs_key", "paused")]
    if down and len(down) == len(store.choice.hosts):
        return _down(down[0], len(down))
    if any(state in ("asking", "lost") for state in store.states.values()):
        return Nothing("logs", tr("Asking for the log"), tr("Lines appear as soon as the host tells them."))
    return Nothing("logs", tr("Nothing was written yet"), tr("New lines appear here as they are written."))


def _down(host: Host, count: int) -> Nothing:
    if count > 1:
        return Nothing("state:down", tr("None of these hosts can be read now"), tr("Each is read once it is back."))
    words = {
        "down": tr("{host} is down"),
        "needs_key": tr("{host} needs a key"),
        "paused": tr("{host} is paused"),
    }
    reason = host.reason or tr("Its log is read once it is back.")
    return Nothing(f"state:{host.state}", words[host.state].format(host=host.label), reason)
