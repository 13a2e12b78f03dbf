"""Requests to show, and a client that answers from them by the gateway's own rules, page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from boocontrol.client import NotFound
from boocontrol.core.activity import RUNNING, ActivityNews, ActivityPage, ActivityRow, Quantiles
from boocontrol.core.activity_series import ActivitySeries, SeriesPoint
from boocontrol.core.api import Asked, Host, HostRequest
from boocontrol.core.errors import BooError
from boocontrol.core.history import ModelEvent, ModelEvents
from boocontrol.desktop.stores import Stores
from boocontrol.store.wanted import Wanted

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def row(number: int, **more: Any) -> ActivityRow:
    """A request that came `number` seconds before NOW."""
    values: dict[str, Any] = {
        "id": f"{number:032x}",
        "time": NOW - timedelta(seconds=number),
        "ref": "den/qwen3",
        "requested": "den/qwen3",
        "provider": "den",
        "endpoint": "/v1/chat/completions",
        "status": 200,
        "outcome": "ok",
        "streamed": True,
        "ttft_ms": 310.0,
        "duration_ms": 6200.0,
        "prompt_tokens": 9402,
        "output_tokens": 688,
        "output_tokens_per_second": 118.2,
        "client": "opencode/1.2",
    }
    return ActivityRow(**{**values, **more})


def running(number: int, **more: Any) -> ActivityRow:
    """A request that runs."""
    given = {"outcome": RUNNING, "status": None, "ttft_ms": None, "output_tokens": None, **more}
    return row(number, duration_ms=number * 1000.0, output_tokens_per_second=None, **given)


def news(running: Sequence[ActivityRow] = (), ended: Sequence[ActivityRow] = (), stored: int = 0) -> ActivityNews:
    """An event `activity`."""
    return ActivityNews(running=tuple(running), ended=tuple(ended), stored=stored)


def telling(*requests: HostRequest) -> Host:
    """A host that says what runs on it."""
    values = {"label": "Den", "kind": "llama-swap", "location": "local", "enabled": True, "often_off": False}
    return Host(id="den", base_url="http://den:8080", state="busy", requests=requests, **values)  # type: ignore[arg-type]


class FakeClient:
    """Stands in for GatewayClient where a page reads the activity. `asked` is what was asked; `gate`, when set, holds
    every answer back; `error` is raised instead of one."""

    def __init__(self, rows: Sequence[ActivityRow] = ()) -> None:
        self.rows = list(rows)
        self.running: list[ActivityRow] = []
        self.asked: list[dict[str, Any]] = []
        self.cancelled: list[str] = []
        self.cancelled_on_hosts: list[tuple[str, str]] = []
        self.events: list[ModelEvent] = []
        self.gate: asyncio.Event | None = None
        self.error: BooError | None = None

    async def _answer(self) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error

    async def activity(self, **filters: Any) -> ActivityPage:
        self.asked.append(filters)
        await self._answer()
        wanted, limit, before = _wanted(filters), int(filters.get("limit", 100)), filters.get("before")
        running = [r for r in self.running if wanted.takes(r)] if filters.get("outcome") in (None, RUNNING) else []
        if filters.get("outcome") == RUNNING:
            return ActivityPage(data=tuple(running), total=len(running))
        found = sorted((r for r in self.rows if wanted.takes(r)), key=lambda r: (r.time, r.id), reverse=True)
        after = [r for r in found if before is None or r.id > before]
        last = after[limit - 1].id if len(after) > limit else None
        shown = running if before is None else []
        return ActivityPage(data=(*shown, *after[:limit]), total=len(found) + len(running), next=last)

    async def cancel_on_host(self, provider: str, request_id: str) -> None:
        await self._answer()
        self.cancelled_on_hosts.append((provider, request_id))

    async def activity_series(self, **filters: Any) -> ActivitySeries:
        self.asked.append({"series": True, **filters})
        await self._answer()
        wanted = _wanted(filters)
        found = [r for r in self.rows if wanted.takes(r)]
        points = [
            SeriesPoint(at=NOW - timedelta(minutes=10 * n), requests=3, failed=0, ttft_ms=Quantiles(p50=300, p95=900))
            for n in (5, 4, 3, 2, 1)
        ]
        return ActivitySeries(
            since=NOW - timedelta(hours=1),
            until=NOW,
            step_s=600,
            counted_since=NOW - timedelta(hours=1),
            requests=len(found),
            failed=sum(r.outcome not in ("ok", "client_left", "cancelled") for r in found),
            prompt_tokens=sum(r.prompt_tokens or 0 for r in found),
            output_tokens=sum(r.output_tokens or 0 for r in found),
            ttft_ms=Quantiles(p50=310, p95=900) if found else None,
            points=tuple(points) if found else (),
        )

    async def story(self, **filters: Any) -> ModelEvents:
        return ModelEvents(data=tuple(self.events))

    async def cancel(self, request_id: str) -> Asked:
        await self._answer()
        if request_id not in {r.id for r in self.running}:
            raise NotFound("No such request runs.")
        self.cancelled.append(request_id)
        return Asked(asked=(request_id,))


def _wanted(filters: dict[str, Any]) -> Wanted:
    def time(name: str) -> datetime | None:
        return datetime.fromisoformat(str(filters[name])) if name in filters else None

    return Wanted(
        providers=(filters["provider"],) if "provider" in filters else (),
        refs=(filters["ref"],) if "ref" in filters else (),
        outcome=filters.get("outcome"),
        client=filters.get("client"),
        agent=filters.get("agent"),
        via=filters.get("via"),
        text=filters.get("text"),
        since=time("since"),
        until=time("until"),
    )


def connect(stores: Stores, client: FakeClient) -> FakeClient:
    """Let the stores take this for their gateway."""
    stores.connection._clock = NOW.timestamp
    stores.connection.take("connected", client=client)  # type: ignore[arg-type]
    return client
