"""Notifications of models: failed loads and slowness, grouped, at most one per host in 15 minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QObject

from boocontrol.core.history import ModelEvent
from boocontrol.desktop.alert_sender import OLD_S, AlertSender
from boocontrol.desktop.notifications import GROUP_S, QUIET_HOST_S, Alerts, Notification
from boocontrol.desktop.stores import Stores
from tests.desktop.stores.test_loads import den

START = 1_000_000.0


def mac(**more: Any) -> Any:
    return den(**more).model_copy(update={"id": "mac", "label": "Mac"})


class Day:
    def __init__(self, **alerts: Any) -> None:
        self.now = START
        self.alerts = Alerts(**alerts)
        self.hosts = [den(), mac()]
        self.alerts.watch(self.hosts, self.now)

    def told(self, seconds: float = GROUP_S) -> list[Notification]:
        end, told = self.now + seconds, []
        while self.now < end:
            self.now += min(5.0, end - self.now)
            self.alerts.watch(self.hosts, self.now)
            told += self.alerts.due(self.now)
        return told

    def failed(self, host: int = 0, model: str = "qwen3", words: str = "No memory.") -> None:
        self.alerts.model("load_failed", self.hosts[host], model, words, self.now)


def test_a_failed_load_opens_its_host() -> None:
    day = Day()
    day.failed()
    assert not day.told(GROUP_S - 1)
    (said,) = day.told()
    assert (said.kind, said.host, said.text) == ("load_failed", "den", "No memory.")
    assert said.title == "qwen3 was not loaded on den"


def test_what_comes_together_is_one() -> None:
    day = Day()
    day.failed()
    day.failed(1, "phi")
    day.alerts.model("slow", day.hosts[0], "gemma", "", day.now)
    (said,) = day.told()
    assert said.title == "2 loads failed" and said.host == ""
    assert said.text.splitlines()[2] == "gemma is slow on den"


def test_one_in_15_minutes_for_each_host() -> None:
    day = Day()
    day.failed()
    assert len(day.told()) == 1
    day.failed(0, "phi")
    day.failed(1, "phi")
    assert [said.host for said in day.told()] == ["mac"]
    day.told(QUIET_HOST_S)
    day.failed()
    assert len(day.told()) == 1


def test_a_failed_load_does_not_hide_that_the_host_goes_down() -> None:
    day = Day()
    day.failed()
    assert len(day.told()) == 1
    day.hosts[0] = den(state="down", reason="No answer.")
    day.failed()
    assert [said.kind for said in day.told(2 * GROUP_S)] == ["down"]


@pytest.mark.parametrize("alerts", [{"wanted": lambda kind: kind != "load_failed"}, {"muted": lambda h: h == "den"}])
def test_switched_off(alerts: dict[str, Any]) -> None:
    day = Day(**alerts)
    day.failed()
    assert not day.told(2 * GROUP_S)


def test_silent_while_snoozed_and_for_hosts_that_are_often_off() -> None:
    day = Day()
    day.hosts = [den(often_off=True), mac()]
    day.failed()
    assert not day.told(2 * GROUP_S)
    day.alerts.snooze(day.now + 600)
    day.failed(1)
    assert not day.told(2 * GROUP_S)


class Sent:
    """A sender on a clock by hand. `watching` is whether the window is looked at."""

    def __init__(self, stores: Stores, owner: QObject) -> None:
        self.now, self.watching, self.said = START, False, list[Notification]()
        self.sender = AlertSender(
            stores,
            lambda _key: True,
            self.said.append,
            owner,
            watching=lambda: self.watching,
            clock=lambda: self.now,
        )
        self.connection = stores.connection
        stores.connection.take("connected")
        stores.fleet.take([den()])

    def hear(self, event: str, by: str = "cli", age: float = 0.0) -> list[str]:
        self.said.clear()
        at = datetime.fromtimestamp(self.now - age, UTC)
        news = ModelEvent(id="1", time=at, provider="den", ref="den/qwen3", event=event, by=by, detail="No memory.")
        self.connection.heard.emit("story", news)
        self.now += GROUP_S
        self.sender.look()
        self.now += QUIET_HOST_S
        return [said.title for said in self.said]


def test_only_what_is_not_seen_in_the_window_is_told(stores: Stores, owner: QObject) -> None:
    sent = Sent(stores, owner)
    assert sent.hear("load_failed", "panel") == ["qwen3 was not loaded on den"]
    sent.watching = True
    # A gap in the clock looks like a wake: one look ends it.
    sent.now += 60
    sent.sender.look()
    sent.now += 60
    assert sent.hear("load_failed", "panel") == []


def test_old_news_and_other_events_are_not_told(stores: Stores, owner: QObject) -> None:
    sent = Sent(stores, owner)
    assert sent.hear("load_failed", age=OLD_S + 1) == []
    assert Sent(stores, owner).hear("loaded") == []
    assert Sent(stores, owner).hear("slow", "") == ["qwen3 is slow on den"]
