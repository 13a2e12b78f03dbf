"""GET /api/activity and its statistics, cancelling, and how a history that cannot be kept shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from boocontrol.core.activity import ActivityPage, ActivityRow, ActivityStats
from boocontrol.core.errors import BooError
from boocontrol.gateway.inflight import Running

from .conftest import NOW, Panel

T0 = datetime.fromtimestamp(NOW, UTC)


def row(number: int, **more: Any) -> ActivityRow:
    values: dict[str, Any] = {
        "id": f"{number:032x}",
        "time": T0 - timedelta(minutes=number),
        "ref": "den/q",
        "provider": "den",
        "endpoint": "/v1/chat/completions",
        "status": 200,
        "outcome": "ok",
        "duration_ms": 5.0,
        "client": "test",
    }
    return ActivityRow(**{**values, **more})


def fill(panel: Panel, *rows: ActivityRow) -> None:
    for one in rows:
        panel.services.activity.keep(one)


async def get(panel: Panel, query: str = "") -> ActivityPage:
    answer = await panel.http.get(f"/api/activity{query}")
    assert answer.status_code == 200, answer.text
    return ActivityPage.model_validate_json(answer.content, strict=True)


async def test_pages_follow_each_other(panel: Panel) -> None:
    fill(panel, *(row(n) for n in range(7)))
    seen, query = [], "?limit=3"
    while True:
        page = await get(panel, query)
        assert page.total == 7
        seen += [int(r.id, 16) for r in page.data]
        if page.next is None:
            break
        query = f"?limit=3&before={page.next}"
    assert seen == list(range(7))


async def test_the_row_has_the_published_names(panel: Panel) -> None:
    fill(panel, row(1))
    (told,) = (await panel.http.get("/api/activity")).json()["data"]
    assert set(told) >= {
        *("id", "time", "ref", "provider", "endpoint", "status", "outcome", "ttftMs", "durationMs", "client", "via"),
        *("promptTokens", "outputTokens", "cachedTokens", "promptTokensPerSecond", "outputTokensPerSecond"),
    }
    assert told["via"] == "gateway"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("provider=den", [1, 3]),
        ("provider=attic", [2]),
        ("ref=attic/q", [2]),
        ("ref=q", [1, 3]),
        ("ref=any/q", [2]),
        ("outcome=cut", [3]),
        ("endpoint=embeddings", [2]),
        ("endpoint=/v1/embeddings", [2]),
        ("client=TES", [1, 2, 3]),
        ("client=%25", []),
        ("since=2026-11-22T00:00:00%2B01:00&until=2026-11-22T00:00:00Z", []),
        ("since=2026-11-22T00:00:00+01:00", [1, 2, 3]),
        ("since=&provider=", [1, 2, 3]),
    ],
)
async def test_filters(panel: Panel, query: str, numbers: list[int]) -> None:
    other = row(2, ref="attic/q", requested="any/q", provider="attic", endpoint="/v1/embeddings")
    fill(panel, row(1), other, row(3, outcome="cut"))
    page = await get(panel, f"?{query}")
    assert ([int(r.id, 16) for r in page.data], page.total) == (numbers, len(numbers))


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=501", "limit=x", "limit=²", "before=x", "before=1-2", "since=yesterday", "until=12"),
        *("provider=%00", f"ref={'x' * 2000}", "since=0001-01-01T00:00:00%2B14:00", f"before={'9' * 30}-{'0' * 32}"),
    ],
)
async def test_what_cannot_be_used_is_named(panel: Panel, query: str) -> None:
    for path in ("/api/activity", "/api/activity/stats"):
        answer = await panel.http.get(f"{path}?{query}")
        if path.endswith("stats") and query.startswith(("limit", "before")):
            assert answer.status_code == 200
            continue
        assert answer.status_code == 422
        assert answer.json()["error"]["param"] == query.partition("=")[0]


async def test_rows_of_a_former_id_are_the_providers(panel: Panel) -> None:
    fill(panel, row(1))
    entry = {"id": "loft"}
    answer = await panel.http.patch("/api/providers/den", json=entry, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert (await get(panel, "?provider=loft")).total == 1
    assert (await get(panel, "?provider=den")).total == 1


async def test_statistics_of_a_window(panel: Panel) -> None:
    fill(panel, *(row(n, ttft_ms=10.0 * n, output_tokens=2) for n in range(5)), row(5000))
    answer = await panel.http.get("/api/activity/stats")
    stats = ActivityStats.model_validate_json(answer.content, strict=True)
    assert (stats.requests, stats.outcomes) == (5, {"ok": 5})
    (model,) = stats.models
    assert model.ttft_ms is not None
    assert (model.ref, model.output_tokens, model.ttft_ms.p50, model.ttft_ms.p95) == ("den/q", 10, 20, 40)
    far = await panel.http.get("/api/activity/stats?until=0001-01-01T01:00:00Z")
    assert far.status_code == 200


async def test_running_ones_come_first_and_are_cancelled(panel: Panel) -> None:
    fill(panel, row(1))
    ended: list[tuple[str, str]] = []
    cancel = lambda why, by: ended.append((why, by))  # noqa: E731
    running = Running("r1", "den/q", "den", "q", "/v1/chat/completions", "test", NOW, cancel)
    with panel.state.in_flight.hold(running):
        assert [r.outcome for r in (await get(panel)).data] == ["running", "ok"]
        assert (await get(panel, "?provider=attic")).total == 0
        answer = await panel.http.post("/api/activity/r1/cancel", headers={"X-Boo-Source": "desktop"})
        assert (answer.status_code, answer.json(), ended) == (202, {"asked": ["r1"]}, [("user", "panel")])
    gone = await panel.http.post("/api/activity/r1/cancel")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "not_found")


async def test_many_that_run_push_stored_ones_to_the_next_page(panel: Panel) -> None:
    fill(panel, row(1), row(2))
    one, two = (Running(f"r{n}", "den/q", "den", "q", "/x", "", NOW, lambda by: None) for n in (1, 2))
    with panel.state.in_flight.hold(one), panel.state.in_flight.hold(two):
        first = await get(panel, "?limit=2")
        assert ([r.outcome for r in first.data], first.total) == (["running", "running"], 4)
        second = await get(panel, f"?limit=2&before={first.next}")
        assert ([int(r.id, 16) for r in second.data], second.next) == ([1, 2], None)


async def test_a_history_that_is_not_kept_shows_in_the_status(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(rows: object) -> None:
        raise BooError("The database x cannot be used: the disk is full.", "Free some space.", code="database")

    with monkeypatch.context() as patch:
        patch.setattr(panel.services.activity._store, "add", full)
        fill(panel, row(1))
        assert (await get(panel)).total == 1, "from memory"
        (problem,) = (await panel.http.get("/api/status")).json()["problems"]
        assert "the disk is full" in problem
    assert (await get(panel)).total == 1
    assert (await panel.http.get("/api/status")).json()["problems"] == []
