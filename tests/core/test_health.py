"""From observations to states."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from boocontrol.core.health import (
    DOWN_INTERVAL_S,
    INTERVAL_S,
    UNDECIDED_INTERVAL_S,
    Health,
    Observation,
    interval,
    observe,
    paused,
)


def after(*outcomes: str, **more: object) -> Health:
    health = Health()
    for at, outcome in enumerate(outcomes):
        health = observe(health, Observation(float(at), outcome, 0.01, **more))  # type: ignore[arg-type]
    return health


def test_the_first_success_is_enough() -> None:
    assert after("ok").state == "up"


def test_down_after_three_failures_in_a_row() -> None:
    assert after("ok", "failed", "failed").state == "up"
    assert after("failed", "failed").state == "checking"
    assert after("ok", "failed", "failed", "ok", "failed", "failed").state == "up"
    health = after("ok", "failed", "failed", "failed")
    assert (health.state, health.since) == ("down", 3.0)


def test_up_after_two_successes() -> None:
    down = ("ok", "failed", "failed", "failed")
    assert after(*down, "ok").state == "down"
    assert after(*down, "ok", "ok").state == "up"
    assert after(*down, "ok", "failed", "ok").state == "down"


def test_a_refused_key_is_told_at_once() -> None:
    assert after("refused").state == "needs_key"
    assert after("ok", "refused", "ok").state == "up"


def test_busy_and_unreadable_inventory() -> None:
    assert after("ok", in_flight=1).state == "busy"
    health = after("ok", inventory_error="What answers is not JSON.")
    assert (health.state, health.reason) == ("degraded", "What answers is not JSON.")


def test_slow_three_times_running_is_degraded() -> None:
    health = after(*["ok"] * 6)
    for at in range(2):
        health = observe(health, Observation(10.0 + at, "ok", 2.5))
    assert health.state == "up"
    assert observe(health, Observation(12.0, "ok", 2.5)).state == "degraded"
    assert observe(health, Observation(12.0, "ok", 0.1)).state == "up"


def test_a_host_that_is_always_slow_is_not_degraded() -> None:
    health = Health()
    for at in range(20):
        health = observe(health, Observation(float(at), "ok", 1.9))
    assert observe(health, Observation(20.0, "ok", 3.0)).state == "up"


def test_intervals() -> None:
    assert interval(Health()) == UNDECIDED_INTERVAL_S
    assert interval(after("ok")) == INTERVAL_S
    assert interval(after("ok", "failed")) == UNDECIDED_INTERVAL_S
    assert interval(after(*["failed"] * 3)) == INTERVAL_S
    assert interval(after(*["failed"] * 9)) == DOWN_INTERVAL_S
    assert interval(after(*["failed"] * 5, "ok")) == UNDECIDED_INTERVAL_S


def test_pausing() -> None:
    health = paused(after("ok"), 9.0)
    assert (health.state, health.since) == ("paused", 9.0)
    assert paused(health, 12.0) is health


@given(st.lists(st.sampled_from(["ok", "failed", "refused"]), max_size=40))
def test_never_up_on_a_failure_and_since_only_moves_with_the_state(outcomes: list[str]) -> None:
    health = Health()
    for at, outcome in enumerate(outcomes):
        before, health = health, observe(health, Observation(float(at), outcome, 0.01))  # type: ignore[arg-type]
        assert health.as_of == at
        assert (health.since == before.since) == (health.state == before.state) or at == 0
        if outcomes[max(0, at - 2) : at + 1] == ["failed"] * 3:
            assert health.state == "down"
        if outcomes[max(0, at - 1) : at + 1] == ["ok"] * 2:
            assert health.answers
