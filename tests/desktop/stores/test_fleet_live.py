"""What runs and how fast: speeds of models, the rate of a host, the line of the last minutes; samples and story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QObject

from boocontrol.core.activity import ActivityNews, ActivityRow
from boocontrol.core.api import Cpu, HostRequest
from boocontrol.core.history import ModelEvent, Sample
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.stores import SamplesStore, StoryStore
from boocontrol.desktop.stores.fleet_live import KEPT, POINTS, LiveStore
from boocontrol.desktop.stores.samples import MOST
from tests.desktop.pages.test_fleet import host

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    now = START.timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection(owner: QObject, clock: Clock) -> Connection:
    async def nowhere() -> Any:
        raise AssertionError("no gateway is looked for")

    made = Connection(nowhere, owner, clock=clock)
    made.take("connected")
    return made


def row(ref: str, outcome: str = "running", speed: float | None = None, number: int = 1) -> ActivityRow:
    return ActivityRow(
        id=f"{ref}-{number}", time=START, ref=ref, provider=ref.split("/")[0], endpoint="/v1", outcome=outcome,
        duration_ms=1000, output_tokens_per_second=speed,
    )  # fmt: skip


def test_the_rate_is_what_runs_at_the_last_speed_of_its_model(connection: Connection, owner: QObject) -> None:
    live = LiveStore(connection, owner)
    assert live.rate("den") == 0, "nothing runs"
    live.take([row("den/a")])
    assert live.rate("den") is None, "no speed is known yet: unknown and not zero"
    live.take([row("den/a"), row("den/a", number=2), row("den/b")], [row("den/a", "ok", 40.0)])
    assert live.rate("den") == 80 and live.speed("den/a") == 40 and live.speed("den/b") is None
    live.take([], [row("den/a", "ok", 44.0, 3), row("den/a", "ok", 40.0, 2)])
    assert live.speed("den/a") == 44, "the newest stands first"
    assert live.rate("den") == 0


def test_what_the_host_tells_counts_too_and_nothing_twice(connection: Connection, owner: QObject) -> None:
    live = LiveStore(connection, owner)
    runs = tuple(HostRequest(id=str(n), model="a", path="/v1") for n in range(3))
    connection.heard.emit("host", host("den", requests=runs))
    connection.heard.emit("activity", ActivityNews(running=(row("den/a"),), ended=(), stored=0))
    assert live.running_on("den") == {"den/a": 3}
    connection.heard.emit("host", host("den", requests=None))
    assert live.running_on("den") == {"den/a": 1}


def test_the_line_has_even_steps_and_is_bounded(connection: Connection, owner: QObject, clock: Clock) -> None:
    live = LiveStore(connection, owner)
    assert live.line("den", clock.now) == ()
    for n in range(3 * KEPT):
        live.take([row("den/a")] if n % 2 else [], [row("den/a", "ok", 40.0)])
        clock.now += 1
    line = live.line("den", clock.now)
    assert len(line) == POINTS and set(line) == {0.0, 40.0}
    assert len(live._lines["den"]) == KEPT
    connection.take("lost")
    assert live.line("den", clock.now) == () and live.running == ()


def test_samples_are_those_of_the_last_ten_minutes(connection: Connection, owner: QObject) -> None:
    samples = SamplesStore(connection, owner)
    samples.take("den", [Sample(at=START + timedelta(seconds=10 * n)) for n in range(200)])
    kept = samples.of("den")
    assert len(kept) == 61 and len(kept) <= MOST and kept[-1].at - kept[0].at == timedelta(minutes=10)
    later = START + timedelta(seconds=2000)
    connection.heard.emit("host", host("den", as_of=later, cpu=Cpu(utilisation_pct=7, cores=2)))
    connection.heard.emit("host", host("den", as_of=later, cpu=Cpu(utilisation_pct=9, cores=2)))
    assert samples.of("den")[-1].cpu_pct == 7 and samples.of("den")[-2] == kept[-1], "one of each time"


def test_samples_of_hosts_that_nobody_looked_at_are_not_kept(connection: Connection, owner: QObject) -> None:
    samples = SamplesStore(connection, owner)
    samples.want("den")
    for name in ("den", "attic"):
        connection.heard.emit("host", host(name, as_of=START, cpu=Cpu(utilisation_pct=7, cores=2)))
    assert [s.cpu_pct for s in samples.of("den")] == [7] and samples.of("attic") == ()


def test_a_story_grows_by_what_is_told(connection: Connection, owner: QObject) -> None:
    story = StoryStore(connection, owner)
    told = {"provider": "den", "ref": "den/a"}
    first = ModelEvent(id="1", time=START, event="load_asked", by="opencode", **told)
    second = ModelEvent(id="2", time=START + timedelta(seconds=9), event="loaded", **told)
    for event in (first, second, second):
        connection.heard.emit("story", event)
    assert [event.id for event in story.of("den")] == ["2", "1"]
    assert story.asked_by("den/a") == "opencode" and story.asked_by("den/b") == "" and story.of("mac") == ()
