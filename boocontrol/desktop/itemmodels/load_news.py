"""How far a load is, as the host tells it, and what one would cost: values and words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from boocontrol.core.api import Host
from boocontrol.core.control import LoadPreview, PushedOut
from boocontrol.desktop.itemmodels.ages import span_text
from boocontrol.desktop.text import tr as _tr

ANSWERING = ("up", "busy", "degraded")


@dataclass(frozen=True, slots=True)
class LoadNews:
    """A load that has not ended. `since` is seconds of the epoch, `usual` its usual seconds; None is unknown.

    waits: for the load of `behind`; asked: its host has not begun; starting.
    """

    state: Literal["waits", "asked", "starting"]
    since: float | None = None
    usual: float | None = None
    behind: str = ""
    by: str = ""
    reason: str = ""

    def passed(self, now: float) -> float:
        """Seconds since it began, or since it was asked."""
        return max(0.0, now - self.since) if self.since is not None else 0.0

    def fraction(self, now: float) -> float | None:
        """Elapsed of the usual time, 0 to 1; None when one of them is not known."""
        known = self.state == "starting" and self.since is not None and self.usual
        return min(1.0, self.passed(now) / self.usual) if known and self.usual else None


def load_news(hosts: Iterable[Host]) -> dict[str, LoadNews]:
    """Every load that is under way or waits, by ref. Of a host that does not answer nothing is known."""
    found: dict[str, LoadNews] = {}
    for host in hosts:
        if host.state in ANSWERING:
            found |= _of_host(host)
    return found


def _of_host(host: Host) -> dict[str, LoadNews]:
    asked = {load.ref: load for load in host.loads if load.state == "loading"}
    found: dict[str, LoadNews] = {}
    for model in host.loaded:
        if model.state == "starting":
            load = asked.get(model.ref)
            since = model.since or (load.began_at if load else None)
            by, reason = (load.by, load.reason) if load else ("", "")
            at = since.timestamp() if since else None
            found[model.ref] = LoadNews("starting", at, model.usual_load_s, by=by, reason=reason)
    there = {model.ref for model in host.loaded}
    for ref, load in asked.items():
        if ref not in there:
            began = load.began_at or load.asked_at
            found[ref] = LoadNews("asked", began.timestamp(), by=load.by, reason=load.reason)
    before = next(iter(asked), "") or next(iter(found), "")
    for queued in host.queue:
        found[queued.ref] = LoadNews("waits", queued.asked_at.timestamp(), behind=before, by=queued.by)
        before = queued.ref
    return found


def progress_text(news: LoadNews, now: float, *, short: bool = True) -> str:
    """`starting, 14 of 38 s`, `starting, 14 s`, `asked, 3 s`, `queued behind gemma-3`; `short` is for narrow places."""
    if news.state == "waits":
        model = news.behind.partition("/")[2]
        if short or not model:
            return _tr("queued")
        return _tr("queued behind {model}").format(model=model)
    passed = news.passed(now)
    if news.state == "asked":
        return _tr("asked, {span}").format(span=span_text(passed))
    if news.since is None:
        return _tr("starting")
    if not news.usual:
        return _tr("starting, {span}").format(span=span_text(passed))
    if max(passed, news.usual) < 120:
        return _tr("starting, {passed} of {usual} s").format(passed=int(passed), usual=round(news.usual))
    return _tr("starting, {passed} of {usual}").format(passed=span_text(passed), usual=span_text(news.usual))


# --- what a load would cost ---


def loses(cost: LoadPreview) -> tuple[PushedOut, ...]:
    """What is worth a question: models that are in use, and those that it surely pushes out."""
    return tuple(out for out in cost.unloads if out.in_flight or out.certain)


def cost_lines(cost: LoadPreview) -> tuple[str, ...]:
    """What a load would cost, in sentences; the host's silence is said, not guessed over."""
    lines = []
    if cost.state == "unknown":
        lines.append(_tr("The host does not answer, so nothing is known of its memory."))
    lines += [pushed_text(out) for out in cost.unloads]
    if any(not out.certain for out in cost.unloads):
        lines.append(_tr("llama-swap does not tell what it unloads."))
    if cost.queue:
        lines.append(queue_text(cost.queue))
    return (*lines, usual_text(cost))


def pushed_text(out: PushedOut) -> str:
    """`It unloads gemma-3 (2 requests run).`"""
    model = out.ref.partition("/")[2]
    runs = runs_text(out) if out.in_flight else ""
    if not runs:
        return (_tr("It unloads {model}.") if out.certain else _tr("It may unload {model}.")).format(model=model)
    text = _tr("It unloads {model} ({requests}).") if out.certain else _tr("It may unload {model} ({requests}).")
    return text.format(model=model, requests=runs)


def runs_text(out: PushedOut) -> str:
    """How many requests run on a model that would be pushed out; empty when that is not known."""
    if out.in_flight is None:
        return ""
    if not out.in_flight:
        return _tr("no requests")
    return _tr("1 request runs") if out.in_flight == 1 else _tr("{n} requests run").format(n=out.in_flight)


def queue_text(queue: int) -> str:
    """How many loads come before it."""
    return _tr("1 load comes first.") if queue == 1 else _tr("{n} loads come first.").format(n=queue)


def usual_text(cost: LoadPreview) -> str:
    """How long it usually takes."""
    if cost.usual_load_s is None:
        return _tr("How long it takes is not known yet.")
    seen = _tr("1 load seen") if cost.load_samples == 1 else _tr("{n} loads seen").format(n=cost.load_samples)
    return _tr("It usually takes {span} ({seen}).").format(span=span_text(cost.usual_load_s), seen=seen)
