"""What is learned of models: loads by their median, slowness against their own usual, idleness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from boocontrol.core.activity import ActivityRow
from boocontrol.core.history import ModelEvent, Slowdown
from boocontrol.gateway.activity_agent import agent_of
from boocontrol.gateway.history_learn import ENOUGH, LATEST, LOADS, MOST_MODELS, Learned

T0 = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def row(number: int, speed: float | None, **more: Any) -> ActivityRow:
    values: dict[str, Any] = {
        "id": f"{number:032x}",
        "time": T0 + timedelta(seconds=number),
        "ref": "den/q",
        "provider": "den",
        "endpoint": "/v1/chat/completions",
        "outcome": "ok",
        "duration_ms": 500.0,
        "output_tokens": 100,
        "output_tokens_per_second": speed,
    }
    return ActivityRow(**{**values, **more})


def loaded(seconds: float | None) -> ModelEvent:
    return ModelEvent(id="e", time=T0, provider="den", ref="den/q", event="loaded", seconds=seconds)


def test_the_usual_load_is_the_median_of_the_last() -> None:
    learned = Learned()
    assert learned.usual_load("den/q") == (None, 0)
    for seconds in (4.0, None, 100.0, 6.0):
        learned.load(loaded(seconds))
    assert learned.usual_load("den/q") == (6.0, 3)
    for _ in range(LOADS):
        learned.load(loaded(9.0))
    assert learned.usual_load("den/q") == (9.0, LOADS)


def test_a_model_is_slow_by_its_own_measure_and_once() -> None:
    learned = Learned()
    news = [learned.answer("den/q", row(n, 50.0)) for n in range(ENOUGH + LATEST)]
    assert set(news) == {None}
    # A single slow answer, a short one and a failed one are no news.
    assert learned.answer("den/q", row(50, 5.0)) is None
    assert learned.answer("den/q", row(51, 5.0, output_tokens=3)) is None
    assert learned.answer("den/q", row(52, 5.0, outcome="cut")) is None
    told = [learned.answer("den/q", row(60 + n, 10.0)) for n in range(8)]
    (slow,) = [t for t in told if t]
    assert slow == Slowdown(now=10.0, usual=50.0, of="output_tokens_per_second") == learned.slow("den/q")
    told = [learned.answer("den/q", row(80 + n, 49.0)) for n in range(8)]
    assert [t for t in told if t is not None] == [False] and learned.slow("den/q") is None


def test_what_was_usual_before_a_restart_counts() -> None:
    learned = Learned()
    learned.recall("den/q", [50.0] * ENOUGH)
    assert [n for n in range(LATEST) if learned.answer("den/q", row(n, 10.0))] == [LATEST - 1]


def test_idle_since_the_end_of_the_last_request() -> None:
    learned = Learned()
    assert learned.idle_since("den/q") is None
    learned.answer("den/q", row(10, None))
    learned.answer("den/q", row(3, None))
    assert learned.idle_since("den/q") == T0.timestamp() + 10.5


def test_agents_are_told_from_what_they_call_themselves() -> None:
    for client, agent in {
        "opencode/1.18.33 ai-sdk/provider-utils/4.0.23 runtime/bun/1.3.14": "opencode",
        "claude-cli/2.1.0 (external, cli)": "claude-code",
        "Zed/0.200.1 (linux; x86_64)": "zed",
        "RooCode/3.25.1": "roo-code",
        "Cline/3.1": "cline",
        "arena": "",
        "python-httpx/0.28.1": "",
        "curl/8.5.0": "",
        "": "",
    }.items():
        assert agent_of(client) == agent, client


def test_what_ended_long_ago_teaches_and_is_no_news() -> None:
    learned = Learned()
    for n in range(ENOUGH + LATEST):
        learned.answer("den/q", row(n, 50.0))
    assert not [n for n in range(20) if learned.answer("den/q", row(n, 1.0), late=True)]
    assert learned.slow("den/q") is None
    assert learned.idle_since("den/q") is not None


def test_models_that_hosts_make_up_are_forgotten_again() -> None:
    learned = Learned()
    for n in range(MOST_MODELS + 50):
        learned.answer(f"den/m{n}", row(n, 50.0))
    assert learned.idle_since("den/m0") is None
    assert learned.idle_since(f"den/m{MOST_MODELS + 49}") is not None
    assert len(learned._speeds) == len(learned._idle) == MOST_MODELS
