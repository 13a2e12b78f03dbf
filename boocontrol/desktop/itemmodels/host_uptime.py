"""How much of the time that a host was looked at it answered, the present outage included."""

from __future__ import annotations

from collections.abc import Sequence

from boocontrol.core.api import HealthCheck, Host
from boocontrol.core.health import Outcome

SPEAKS_S = 90.0
OUT = ("down", "needs_key")


def covered(checks: Sequence[HealthCheck], now: float) -> tuple[float, float]:
    """Seconds in which a host was seen to answer, and in which it was looked at. What is stored may be one check a
    minute, so each speaks for the time to the next, at most a minute and a half; what is longer was not checked."""
    good = checked = 0.0
    ends = [check.at.timestamp() for check in checks[1:]] + [now]
    for check, end in zip(checks, ends, strict=False):
        span = min(max(end - check.at.timestamp(), 0.0), SPEAKS_S)
        checked += span
        good += span if check.outcome == "ok" else 0.0
    return good, checked


def with_present(checks: Sequence[HealthCheck], host: Host) -> tuple[HealthCheck, ...]:
    """The checks, and the outage that the host is in now: its state is news at once, its checks are asked for now and
    then, and those that are known may all be from before."""
    known = tuple(checks)
    if host.state not in OUT or host.since is None or (known and known[-1].at >= host.since):
        return known
    outcome: Outcome = "refused" if host.state == "needs_key" else "failed"
    now = HealthCheck(at=host.since, outcome=outcome, state=host.state, latency_ms=0.0, detail=host.reason or "")
    return (*known, now)
