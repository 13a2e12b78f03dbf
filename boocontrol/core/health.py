"""From observations to a host's state: a pure rule with the clock in the observation.

Down after 3 failures in a row, up after 2 successes (the very first success is enough), needs key on a refusal,
degraded when slow three times running or when the inventory cannot be read, busy while requests run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import Final, Literal

HostState = Literal["checking", "up", "busy", "degraded", "needs_key", "down", "paused"]
Outcome = Literal["ok", "failed", "refused"]

FAILURES_TO_DOWN: Final = 3
SUCCESSES_TO_UP: Final = 2
SLOW_TO_DEGRADED: Final = 3
SLOW_FLOOR_S: Final = 2.0
SLOW_FACTOR: Final = 3.0
REMEMBERED: Final = 30
INTERVAL_S: Final = 5.0
UNDECIDED_INTERVAL_S: Final = 1.0
DOWN_INTERVAL_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at a host at `at` (unix seconds). `refused` = it answered and did not take the key."""

    at: float
    outcome: Outcome
    latency_s: float = 0.0
    detail: str = ""
    in_flight: int = 0
    inventory_error: str | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What is held of a host. `since` (unix seconds) is when the present state began; latencies are in seconds."""

    state: HostState = "checking"
    reason: str | None = None
    since: float = 0.0
    as_of: float = 0.0
    failures: int = 0
    successes: int = 0
    slow: int = 0
    latencies: tuple[float, ...] = ()

    @property
    def undecided(self) -> bool:
        """True while one more look decides: the next check comes sooner."""
        if self.state == "checking":
            return True
        return self.successes > 0 if self.state == "down" else self.failures > 0

    @property
    def answers(self) -> bool:
        """True while the host takes requests, as far as is known."""
        return self.state in ("up", "busy", "degraded")


def paused(health: Health, at: float) -> Health:
    """The state of a provider that the user switched off."""
    return health if health.state == "paused" else Health("paused", "Paused by you.", since=at, as_of=at)


def observe(health: Health, seen: Observation) -> Health:
    """The next state after one observation."""
    if seen.outcome == "failed":
        return _failed(health, seen)
    if seen.outcome == "refused":
        reason = seen.detail or "The host refuses the key."
        return _to(replace(health, failures=0, successes=0), "needs_key", reason, seen)
    return _answered(health, seen)


def interval(health: Health) -> float:
    """Seconds until the next look, before jitter: quick while undecided, backing off while down."""
    if health.state == "down" and not health.undecided:
        over = health.failures - FAILURES_TO_DOWN
        return float(min(DOWN_INTERVAL_S, INTERVAL_S * 2 ** min(over, 4)))
    return UNDECIDED_INTERVAL_S if health.undecided else INTERVAL_S


def _failed(health: Health, seen: Observation) -> Health:
    failures = health.failures + 1
    counted = replace(health, failures=failures, successes=0)
    if failures >= FAILURES_TO_DOWN or health.state == "down":
        return _to(counted, "down", seen.detail or "The host does not answer.", seen)
    return replace(counted, as_of=seen.at)


def _answered(health: Health, seen: Observation) -> Health:
    slow = health.slow + 1 if _is_slow(health, seen) else 0
    counted = replace(
        health,
        failures=0,
        successes=health.successes + 1,
        slow=slow,
        latencies=(*health.latencies[-(REMEMBERED - 1) :], seen.latency_s),
    )
    if health.state == "down" and counted.successes < SUCCESSES_TO_UP:
        return replace(counted, as_of=seen.at)
    if seen.inventory_error:
        return _to(counted, "degraded", seen.inventory_error, seen)
    if slow >= SLOW_TO_DEGRADED:
        return _to(counted, "degraded", f"Slow: answers take {seen.latency_s:.1f} s.", seen)
    return _to(counted, "busy" if seen.in_flight else "up", None, seen)


def _is_slow(health: Health, seen: Observation) -> bool:
    usual = median(health.latencies) if health.latencies else 0.0
    return seen.latency_s > max(SLOW_FLOOR_S, SLOW_FACTOR * usual)


def _to(health: Health, state: HostState, reason: str | None, seen: Observation) -> Health:
    since = health.since if state == health.state else seen.at
    return replace(health, state=state, reason=reason, since=since, as_of=seen.at)
