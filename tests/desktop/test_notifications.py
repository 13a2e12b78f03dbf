"""The rules of notifications, with the time as an argument. No display, no clock."""

from __future__ import annotations

from typing import Any

import pytest

from boocontrol.core.api import Host, LoadedModel
from boocontrol.desktop.notifications import AFTER_WAKE_S, GROUP_S, QUIET_HOST_S, Alerts, Notification, duration


def host(name: str, state: str = "up", **more: Any) -> Host:
    base = {"label": name, "kind": "llama-swap", "location": "local", "enabled": True, "often_off": False}
    return Host(id=name, base_url=f"http://{name}:8080", state=state, **{**base, **more})  # type: ignore[arg-type]


class Day:
    """Hosts and a clock. `step` sets states, lets time pass in looks of 5 s, and collects what is told."""

    def __init__(self, *names: str, **alerts: Any) -> None:
        self.now = 1000.0
        self.alerts = Alerts(**alerts)
        self.hosts = {name: host(name) for name in names}
        self.told: list[Notification] = []
        self.step()

    def step(self, seconds: float = 15.0, **states: str) -> list[Notification]:
        self.hosts |= {name: host(name, state) for name, state in states.items()}
        end, told = self.now + seconds, []
        self.alerts.watch(self.hosts.values(), self.now)
        while self.now < end:
            self.now += min(5.0, end - self.now)
            self.alerts.watch(self.hosts.values(), self.now)
            told += self.alerts.due(self.now)
        self.told += told
        return told


def titles(told: list[Notification]) -> list[str]:
    return [n.title for n in told]


def test_down_and_back_are_told() -> None:
    day = Day("den", "mac")
    day.hosts["den"] = host("den", loaded=(LoadedModel(ref="den/qwen3", state="ready"),), reason="No answer.")
    day.step()
    fell = host("den", "down", reason="No answer.", loaded=(LoadedModel(ref="den/qwen3", state="ready"),))
    day.hosts["den"] = fell
    (said,) = day.step()
    assert (said.kind, said.title, said.host) == ("down", "den is down", "den")
    assert said.text == "No answer. It had 1 model loaded."
    day.step(2460)
    (said,) = day.step(den="up")
    assert (said.title, said.kind) == ("den is back", "up")
    assert said.text == "It was away for 41 min."


def test_nothing_is_told_of_the_first_state() -> None:
    day = Day()
    assert day.step(den="down", mac="checking") == []
    assert day.step(mac="down") == []


def test_a_look_in_between_is_no_return() -> None:
    day = Day("den", "mac")
    day.step(den="down")
    assert day.step(den="checking") == []
    assert day.step(den="down") == []


def test_a_host_that_fell_and_came_back_at_once_is_no_news() -> None:
    day = Day("den", "mac")
    day.step(GROUP_S - 6, den="down")
    assert day.step(den="up") == []


def test_what_comes_within_ten_seconds_is_one() -> None:
    day = Day("den", "mac", "attic")
    day.step(5, den="down")
    (said,) = day.step(mac="needs_key")
    assert said.title == "2 hosts changed"
    assert said.text == "den is down\nmac needs a key"
    assert said.host == ""


def test_all_hosts_at_once_are_one_computer_offline_and_its_end_is_silent() -> None:
    day = Day("den", "mac", "attic")
    (said,) = day.step(den="down", mac="down", attic="down")
    assert (said.kind, said.title) == ("offline", "This computer seems offline")
    assert said.text.startswith("None of 3 hosts answers.")
    assert day.step(den="up", mac="up", attic="up") == []
    assert titles(day.step(QUIET_HOST_S)) == []
    assert titles(day.step(den="down")) == ["den is down"]


def test_the_only_host_is_just_down() -> None:
    assert titles(Day("den").step(den="down")) == ["den is down"]


def test_one_per_host_in_fifteen_minutes() -> None:
    day = Day("den", "mac")
    assert titles(day.step(den="down")) == ["den is down"]
    assert titles(day.step(60, den="up")) == ["den is back"]
    assert day.step(60, den="needs_key") == []
    day.step(QUIET_HOST_S)
    day.step(den="up")
    assert titles(day.step(den="down")) == ["den is down"]


def test_flapping_is_told_once() -> None:
    day = Day("den", "mac")
    for _ in range(6):
        day.step(den="down")
        day.step(den="up")
    assert titles(day.told).count("den is unsteady") == 1
    assert len(day.told) <= 4
    day.step(QUIET_HOST_S * 2)
    assert titles(day.step(den="down")) == ["den is down"]


def test_a_wake_is_followed_by_half_a_minute_of_silence() -> None:
    day = Day("den", "mac")
    day.now += 3600
    assert day.step(AFTER_WAKE_S - 5, den="down") == []
    assert day.step(60) == []
    assert titles(day.step(mac="needs_key")) == ["mac needs a key"]


def test_often_off_hosts_and_pauses_are_silent() -> None:
    day = Day("den", "mac")
    day.hosts["den"] = host("den", often_off=True)
    day.step()
    day.hosts["den"] = host("den", "down", often_off=True)
    assert day.step() == []
    assert day.step(mac="paused") == []
    assert day.step(mac="up") == []


@pytest.mark.parametrize(
    "alerts", [{"wanted": lambda kind: kind != "down"}, {"muted": lambda name: name == "den"}], ids=["kind", "host"]
)
def test_kinds_and_hosts_can_be_switched_off(alerts: dict[str, Any]) -> None:
    assert Day("den", "mac", **alerts).step(den="down") == []


def test_a_snooze_is_silent_until_its_end() -> None:
    day = Day("den", "mac")
    day.alerts.snooze(day.now + 1800)
    assert day.alerts.snoozed_until == day.now + 1800
    assert day.step(den="down") == []
    day.step(1800)
    assert day.alerts.snoozed_until is None
    assert titles(day.step(mac="needs_key")) == ["mac needs a key"]


def test_a_broken_registry_is_told_when_it_breaks_and_not_again() -> None:
    alerts = Alerts()
    assert alerts.other("registry", "", 1.0) is None
    said = alerts.other("registry", "Line 3: a comma is missing.", 2.0)
    assert said is not None
    assert (said.page, said.text) == ("fleet", "Line 3: a comma is missing.")
    assert alerts.other("registry", "Line 3: a comma is missing.", 3.0) is None
    assert alerts.other("registry", "", 4.0) is None
    assert alerts.other("registry", "Line 9.", 5.0) is not None


def test_a_host_that_was_removed_is_forgotten() -> None:
    day = Day("den", "mac")
    day.step(5, den="down")
    del day.hosts["den"]
    assert day.step() == []
    assert day.alerts.next_due() is None


def test_lengths_of_time_in_words() -> None:
    assert [duration(s) for s in (20, 100, 2460, 7500)] == ["20 s", "2 min", "41 min", "2 h 5 min"]
