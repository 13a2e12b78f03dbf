"""The story of models: what is seen and asked, in any order, ends as the right events."""

from __future__ import annotations

from typing import Any

import pytest

from boocontrol.core.history import ModelEvent
from boocontrol.gateway.history_story import HOST, Storyteller
from boocontrol.hosts.records import RunningModel

Told = list[tuple[str, str, str, str]]


class Host:
    """One host at a time that the test moves on."""

    def __init__(self, **more: Any) -> None:
        self.story = Storyteller(**more)
        self.now = 1000.0
        self.told: list[ModelEvent] = []
        self.saw()

    def saw(self, after: float = 0.1, **states: Any) -> None:
        self.now += after
        running = {w: RunningModel(state) for w, state in states.items()}
        self.told += self.story.saw("den", running, self.now)

    def later(self, seconds: float = 10.0) -> None:
        self.now += seconds
        self.told += self.story.due("den", self.now)

    def events(self) -> Told:
        told, self.told = self.told, []
        return [(e.event, e.ref, e.by, e.cause) for e in told]


def test_a_load_that_nobody_here_asked_for() -> None:
    host = Host()
    host.saw(q="starting")
    host.saw(4.0, q="ready")
    assert host.told[-1].seconds == pytest.approx(4.0)
    assert host.events() == [("loading", "den/q", "", ""), ("loaded", "den/q", "", "")]
    assert host.story.state_since("den", "q") == host.now


def test_who_asked_is_told() -> None:
    host = Host(who=lambda ref: {"den/q": "opencode"}.get(ref, ""))
    host.saw(q="starting")
    assert host.events() == [("loading", "den/q", "opencode", "")]
    host.told += host.story.load_asked("den", "den/p", "panel", host.now)
    host.saw(q="ready", p="starting")
    host.saw(q="ready", p="ready")
    assert host.events() == [
        ("load_asked", "den/p", "panel", ""),
        ("loaded", "den/q", "opencode", ""),
        ("loading", "den/p", "panel", ""),
        ("loaded", "den/p", "panel", ""),
    ]


@pytest.mark.parametrize(
    "steps",
    [
        # Gone first, the other's load seen a moment later.
        [{"q": "stopping"}, {}, {"p": "starting"}, {"p": "ready"}],
        # Both in one sight.
        [{"p": "starting"}, {"p": "ready"}],
        # The other's load is seen before the first is gone.
        [{"q": "stopping", "p": "starting"}, {"p": "starting"}, {"p": "ready"}],
        # So quick that no state between was seen.
        [{"p": "ready"}],
    ],
)
def test_a_model_pushed_out_names_its_successor(steps: list[dict[str, str]]) -> None:
    host = Host(who=lambda ref: "aider" if ref == "den/p" else "")
    host.saw(q="ready")
    host.events()
    for step in steps:
        host.saw(**step)
    host.later()
    told = host.events()
    assert ("evicted", "den/q", "aider", "den/p") in told
    assert sum(e[1] == "den/q" for e in told) == 1
    assert ("loaded", "den/p", "aider", "") in told


def test_a_model_that_goes_by_itself_and_one_that_is_unloaded() -> None:
    host = Host(idle=lambda ref: 1000.0)
    host.saw(q="ready")
    host.events()
    host.saw(60.0)
    assert host.story.waits("den") and host.events() == []
    host.later()
    assert host.told[0].detail == "After 60 s without a request." and host.told[0].seconds == pytest.approx(60.0)
    assert host.events() == [("unloaded", "den/q", HOST, "")]
    host.saw(q="ready")
    host.events()
    host.story.unload_asked("den", None, "cli", host.now)
    host.saw(q="stopping")
    host.saw()
    assert host.events() == [("unloaded", "den/q", "cli", "")]


def test_another_load_much_later_pushed_nothing_out() -> None:
    host = Host()
    host.saw(q="ready")
    host.events()
    host.saw()
    host.saw(30.0, p="starting")
    assert host.events() == [("unloaded", "den/q", HOST, ""), ("loading", "den/p", "", "")]


def test_loads_that_fail_or_are_cancelled() -> None:
    host = Host()
    host.saw(q="starting")
    host.saw(2.0)
    host.later()
    assert host.told[-1].seconds == pytest.approx(2.0)
    assert host.events()[-1] == ("load_failed", "den/q", "", "")
    host.saw(q="starting")
    host.story.unload_asked("den", "q", "panel", host.now)
    host.saw()
    assert host.events()[-1] == ("load_cancelled", "den/q", "panel", "")
    # What was asked for here is told once, with the host's words.
    host.story.load_asked("den", "den/q", "cli", host.now)
    host.saw(q="starting")
    host.saw()
    host.later()
    host.told += host.story.load_ended("den", "den/q", "cli", "failed", "no memory", 3.0, host.now)
    assert host.told[-1].detail == "no memory"
    assert host.events() == [("loading", "den/q", "cli", ""), ("load_failed", "den/q", "cli", "")]


def test_what_ran_before_is_no_news_and_remembers_since_when() -> None:
    story = Storyteller()
    assert story.saw("den", {"q": RunningModel("ready")}, 500.0) == []
    assert story.state_since("den", "q") is None
    story.recall("den", "q", 100.0)
    assert story.state_since("den", "q") == 100.0
    assert story.saw("den", {"q": RunningModel("ready")}, 600.0) == []


def test_a_host_that_comes_back_empty_tells_what_left() -> None:
    host = Host()
    host.saw(q="ready", p="ready")
    host.events()
    host.saw(3600.0, p="ready")
    host.later()
    assert host.events() == [("unloaded", "den/q", HOST, "")]


def test_an_old_account_that_comes_late_is_no_news() -> None:
    host = Host()
    host.saw(q="starting")
    host.saw()
    host.saw(1.0, q="starting")
    host.saw(1.0, q="ready")
    assert host.told[-1].seconds == pytest.approx(2.1)
    assert host.events() == [("loading", "den/q", "", ""), ("loaded", "den/q", "", "")]
    host.saw()
    host.saw(q="ready")
    host.later()
    assert host.events() == []
