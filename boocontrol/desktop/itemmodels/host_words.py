"""What is said of a host: its state, why, the remedy, and the whole fleet in a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from boocontrol.core.api import HealthCheck, Host
from boocontrol.desktop.itemmodels.ages import age_text, clock_time, span_text
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr

PROBLEMS = ("degraded", "needs_key", "down")
MANY: Final = 48
"""So many failures in a row may be more: nobody keeps all checks."""


def host_word(state: str) -> str:
    """A host's state as a word."""
    return {
        "checking": _tr("Checking"),
        "up": _tr("Up"),
        "busy": _tr("Busy"),
        "degraded": _tr("Degraded"),
        "needs_key": _tr("Needs key"),
        "down": _tr("Down"),
        "paused": _tr("Paused"),
    }.get(state, state)


def was(state: str) -> str:
    """What a host was when it was last heard of."""
    if state == "needs_key":
        return _tr("needed a key")
    return _tr("was {state}").format(state=host_word(state).lower())


def why_lines(
    host: Host, now: float, *, asked_by: str = "", checks: Sequence[HealthCheck] = (), stale: bool = False
) -> tuple[str, str]:
    """Two short lines below the address: what goes on, and how it answers. `asked_by` asked for the present load."""
    if host.state == "down":
        failed = failed_text(checks)
        return _since(host, now), _tr("often off, so nobody is told") if host.often_off else failed
    if host.state == "paused":
        return _tr("Paused: nothing is sent to it"), _since(host, now)
    if host.state == "needs_key":
        return _tr("It answers, but refuses us"), _since(host, now)
    if host.state == "checking":
        return _tr("First look"), ""
    first = host.reason or ("" if stale else _doing(host, asked_by))
    return (first, answers_text(host)) if first else (answers_text(host), "")


def _doing(host: Host, asked_by: str) -> str:
    starting = sum(model.state == "starting" for model in host.loaded)
    if starting:
        words = _tr("Loading a model") if starting == 1 else _tr("Loading %s models").replace("%s", str(starting))
        return _tr("{words}, asked by {who}").format(words=words, who=who_text(asked_by)) if asked_by else words
    return requests_text(host.in_flight, host) if host.in_flight else ""


def who_text(by: str) -> str:
    """Who asked for something, as the gateway names it."""
    return {"panel": _tr("this panel"), "desktop": _tr("this panel"), "cli": _tr("the command line")}.get(by, by)


def failed_text(checks: Sequence[HealthCheck]) -> str:
    """How many of the last checks failed in a row; `at least` when all that are known did."""
    failed = 0
    for check in reversed(checks):
        if check.outcome == "ok":
            break
        failed += 1
    if not failed:
        return ""
    text = _tr("1 failed check") if failed == 1 else _tr("%s failed checks").replace("%s", digits(failed))
    return text if failed < len(checks) or failed < MANY else _tr("at least %s").replace("%s", text)


def answers_text(host: Host) -> str:
    """Version and time of an answer."""
    latency = _tr("%s ms").replace("%s", f"{host.latency_ms:.0f}") if host.latency_ms is not None else ""
    return " · ".join(part for part in (kind_text(host), latency) if part)


def kind_text(host: Host) -> str:
    """`llama-swap v250`; only the kind where the version is not known."""
    kind = "llama-swap" if host.kind == "llama-swap" else "OpenAI"
    version = host.version or ""
    return " ".join(part for part in (kind, f"v{version}" if version[:1].isdigit() else version) if part)


def requests_text(count: int, host: Host) -> str:
    """How many requests run on a host; of one that does not tell, those that came through here are known."""
    if not count:
        return _tr("No requests") if host.tells_requests else _tr("No requests of ours")
    return _tr("1 request now") if count == 1 else _tr("%s requests now").replace("%s", str(count))


def remedy(host: Host) -> tuple[str, str]:
    """What happened, and what to do, for a host that is down or needs a key."""
    reason = (host.reason or _tr("No answer.")).strip()
    title, *told = re.split(r"(?<=[.!?])\s+(?=[A-Z])", reason, maxsplit=1)
    if host.state == "needs_key":
        # What is wrong with the place of the key is told by those who looked there; the rest is about the key.
        if told and not title.startswith("The host "):
            return title, told[0]
        return _tr("This host needs a key."), _tr("Kept in your system keyring, not in the file.")
    if host.often_off:
        return title, _tr("It is marked as often off.")
    return title, told[0] if told else _tr(
        "Is it switched on, awake and on the network? Does a firewall drop the call?"
    )


def fleet_line(hosts: Sequence[Host]) -> str:
    """The fleet by states: `5 hosts: 2 up, 1 degraded, 1 down, 1 needs key`. Busy hosts are up."""
    counts: dict[str, int] = {}
    for host in hosts:
        state = "up" if host.state == "busy" else host.state
        counts[state] = counts.get(state, 0) + 1
    order = ("up", "degraded", "down", "needs_key", "checking", "paused")
    told = [f"{counts[state]} {host_word(state).lower()}" for state in order if state in counts]
    return f"{count_text('host', len(hosts))}: {', '.join(told)}" if told else ""


def count_text(what: str, count: int) -> str:
    """So many hosts or models. Two strings each: English plurals would need a translation file of their own."""
    one, many = {
        "host": (_tr("1 host"), _tr("%s hosts")),
        "model": (_tr("1 model"), _tr("%s models")),
    }[what]
    return one if count == 1 else many.replace("%s", digits(count))


def inventory_text(host: Host) -> str:
    """How many models it has, and how many are loaded."""
    if not host.models:
        return _tr("No models known yet") if host.as_of is None else _tr("No models")
    loaded = sum(m.state in ("ready", "starting", "stopping") for m in host.loaded)
    return _tr("{models}, {loaded} loaded").format(models=count_text("model", host.models), loaded=loaded)


def age_line(host: Host, now: float, live: bool) -> str:
    """How old the news of a host is. A host that was just heard is live."""
    if host.as_of is None:
        return ""
    age = age_text(host.as_of, now)
    if host.state == "down":
        return _tr("tried {age}").format(age=age)
    if not live or host.state not in ("up", "busy"):
        return age
    return _tr("live · {age}").format(age=age) if now - host.as_of.timestamp() >= 1 else _tr("live")


def spoken(host: Host, now: float) -> str:
    """A host for a screen reader."""
    parts = (host.label, host_word(host.state), host.reason or "", inventory_text(host), age_text(host.as_of, now))
    return ", ".join(part for part in parts if part)


def _since(host: Host, now: float) -> str:
    if host.since is None:
        return ""
    span, at = span_text(now - host.since.timestamp()), clock_time(host.since)
    return _tr("for {span}, since {time}").format(span=span, time=at)
