"""GET /api/story, samples and health checks: windows, pages, filters, and what a broken database leaves of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from boocontrol.core.api import HealthCheck, Host, HostHistory
from boocontrol.core.errors import BooError
from boocontrol.core.history import HostSamples, ModelEvent, ModelEvents, Sample
from boocontrol.core.refs import ModelRef

from .conftest import NOW, Panel

T0 = datetime.fromtimestamp(NOW, UTC)


def at(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


async def story(panel: Panel, query: str = "") -> ModelEvents:
    answer = await panel.http.get(f"/api/story{query}")
    assert answer.status_code == 200, answer.text
    return ModelEvents.model_validate_json(answer.content, strict=True)


async def samples(panel: Panel, query: str = "") -> tuple[Sample, ...]:
    answer = await panel.http.get(f"/api/hosts/den/samples{query}")
    assert answer.status_code == 200, answer.text
    return HostSamples.model_validate_json(answer.content, strict=True).samples


def happen(panel: Panel, *refs: str) -> None:
    for ref in refs:
        panel.services.history.load_asked(ModelRef(*ref.split("/")), "panel")


async def test_the_story_in_pages_by_filters(panel: Panel) -> None:
    happen(panel, *["den/q", "attic/q"] * 4)
    panel.services.history.cut(ModelRef("den", "q"), "cli", "One chat.")
    seen: list[ModelEvent] = []
    query = "?limit=4"
    while True:
        page = await story(panel, query)
        seen += page.data
        if page.next is None:
            break
        query = f"?limit=4&before={page.next}"
    assert len({e.id for e in seen}) == len(seen) == 9
    assert [e.time for e in seen] == sorted((e.time for e in seen), reverse=True)
    for query, count in {
        "?provider=den": 5,
        "?ref=attic/q": 4,
        "?ref=q": 5,
        "?event=cut": 1,
        "?event=slow": 0,
        f"?since={at(T0 + timedelta(hours=1))}": 0,
    }.items():
        assert len((await story(panel, query)).data) == count, query


async def test_samples_of_a_window_are_thinned_to_points(panel: Panel) -> None:
    made = [Sample(at=T0 - timedelta(seconds=10 * n), cpu_pct=n % 2 * 100.0) for n in range(600)]
    await panel.services.history._store.add_samples("den", made)
    await panel.services.history._store.add_samples("den", made)
    raw = await samples(panel, f"?since={at(T0 - timedelta(minutes=10))}&until={at(T0)}&points=100")
    assert len(raw) == 60 and {s.span_s for s in raw} == {0.0} and raw[0].at < raw[-1].at
    few = await samples(panel, f"?since={at(T0 - timedelta(minutes=100))}&until={at(T0)}&points=10")
    assert len(few) == 10 and all(45 < (s.cpu_pct or 0) < 55 for s in few)
    day = await samples(panel, f"?until={at(T0)}")
    assert {s.span_s for s in day} == {300.0} and 20 <= len(day) <= 21


async def test_checks_of_before_and_of_late(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(minutes: int) -> HealthCheck:
        return HealthCheck(at=T0 - timedelta(minutes=minutes), outcome="ok", state="up", latency_ms=2.0)

    await panel.services.history._store.add_checks([("den", check(n)) for n in (3, 2, 1)])
    monkeypatch.setattr(panel.fleet, "history", lambda i: HostHistory(id=i, checks=(check(1), check(0))))
    answer = await panel.http.get("/api/hosts/den/history")
    told = HostHistory.model_validate_json(answer.content, strict=True)
    assert [c.at for c in told.checks] == [check(n).at for n in (3, 2, 1, 0)]
    answer = await panel.http.get(f"/api/hosts/den/history?limit=2&until={at(T0)}")
    assert [c["at"] for c in answer.json()["checks"]] == [at(check(n).at) for n in (2, 1)]


@pytest.mark.parametrize("path", ["/api/story", "/api/hosts/den/samples", "/api/hosts/den/history"])
@pytest.mark.parametrize("query", ["limit=0", "points=x", "since=yesterday", "event=none", "before=1"])
async def test_what_cannot_be_used_is_named(panel: Panel, path: str, query: str) -> None:
    name = query.partition("=")[0]
    description = (await panel.http.get("/api/openapi.json")).json()["paths"]
    named = {p["name"] for p in description[path.replace("den", "{provider_id}")]["get"]["parameters"]}
    answer = await panel.http.get(f"{path}?{query}")
    assert answer.status_code == (422 if name in named else 200)


async def test_a_database_that_fails_leaves_what_is_in_memory(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> None:
        raise BooError("The disk is full.", "Free some space.", code="database")

    history = panel.services.history
    for name in ("add_events", "events", "add_samples", "samples", "add_checks", "checks"):
        monkeypatch.setattr(history._store, name, broken)
    happen(panel, "den/q", "den/q")
    history._new_samples.append(("den", Sample(at=T0 - timedelta(minutes=1), cpu_pct=1.0)))
    assert len((await story(panel)).data) == 2
    assert len(await samples(panel)) == 1
    assert (await panel.http.get("/api/hosts/den/history")).status_code == 200
    status = (await panel.http.get("/api/status")).json()
    assert any("disk is full" in p for p in status["problems"])
    monkeypatch.undo()
    assert len((await story(panel)).data) == 2
    assert (await panel.http.get("/api/status")).json()["problems"] == []


async def test_what_is_known_of_loaded_models(panel: Panel) -> None:
    history = panel.services.history
    for seconds in (4.0, 6.0, 8.0):
        history._learned.load(ModelEvent(id="e", time=T0, provider="den", ref="den/q", event="loaded", seconds=seconds))
    host = panel.fleet.host("den")
    host = Host.model_validate({**host.model_dump(), "loaded": [{"ref": "den/q", "state": "ready"}]})
    (idle,) = history.dress(host).loaded
    assert (idle.usual_load_s, idle.load_samples, idle.in_flight, idle.slow) == (6.0, 3, 0, None)
    with panel.state.in_flight.hold(panel.running("den/q")):
        (busy,) = history.dress(host).loaded
    assert (busy.in_flight, busy.idle_since) == (1, None)
