"""GET /api/activity/series: its window, its pieces, its filters, and what it refuses."""

from __future__ import annotations

import pytest

from boocontrol.core.activity_series import ActivitySeries

from .conftest import Panel
from .test_activity_api import T0, fill, get, row


async def series(panel: Panel, query: str = "") -> ActivitySeries:
    answer = await panel.http.get(f"/api/activity/series{query}")
    assert answer.status_code == 200, answer.text
    return ActivitySeries.model_validate_json(answer.content, strict=True)


async def test_the_last_day_unless_told_otherwise(panel: Panel) -> None:
    fill(panel, row(1, ttft_ms=5.0), row(60), row(60 * 25))
    told = await series(panel)
    assert told.requests == 2 and told.ttft_ms is not None and told.ttft_ms.p50 == 5.0
    assert told.step_s == 24 * 3600 / 120
    hour = await series(panel, f"?since={T0.isoformat().replace('+00:00', 'Z')}&points=1&until=2100-01-01T00:00:00Z")
    assert hour.requests == 0


async def test_the_filters_are_those_of_the_list(panel: Panel) -> None:
    other = row(
        2, ref="attic/q", provider="attic", client="opencode", outcome="upstream_failed", via="host", agent="opencode"
    )
    fill(panel, row(1), other)
    for query in ("text=attic", "via=host", "outcome=failed", "provider=attic", "text=open+ATT", "agent=opencode"):
        assert (await series(panel, f"?{query}")).requests == (await get(panel, f"?{query}")).total == 1, query


@pytest.mark.parametrize(
    "query", ["points=0", "points=121", "points=x", "via=elsewhere", "since=2026-01-02&until=2026-01-01"]
)
async def test_what_it_refuses(panel: Panel, query: str) -> None:
    answer = await panel.http.get(f"/api/activity/series?{query}")
    assert answer.status_code == 422 and answer.json()["error"]["param"] == query.partition("=")[0]
