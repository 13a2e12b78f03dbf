"""What is remembered of hosts and models: samples, the story, and health checks of before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from boocontrol.core.api import HostHistory
from boocontrol.core.history import STORY_EVENTS, HostSamples, ModelEvents
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.activity import day_before, ids_of, limit_of, parameter, read, time_of
from boocontrol.gateway.control.reads import present_id
from boocontrol.gateway.control.schema import problems
from boocontrol.gateway.control.services import Services
from boocontrol.store.requests import Cursor
from boocontrol.store.story import WantedEvents

MOST_POINTS: Final = 1000
USUAL_POINTS: Final = 120
MOST_CHECKS: Final = 5000
USUAL_CHECKS: Final = 720
_CURSOR: Final = re.compile(r"[0-9]{1,18}-[0-9a-f]{32}")
_TEXT: Final[dict[str, Any]] = {"maxLength": 1024}
_SINCE: Final = parameter("since", "From this time on (RFC 3339).", format="date-time")
_UNTIL: Final = parameter("until", "Before this time (RFC 3339).", format="date-time")


def _count(most: int, usual: int, words: str, name: str = "limit") -> Any:
    return parameter(name, words, type="integer", minimum=1, maximum=most, default=usual)


_SAMPLES: Final = [_SINCE, _UNTIL, _count(MOST_POINTS, USUAL_POINTS, "How many samples at most.", "points")]
_CHECKS: Final = [_SINCE, _UNTIL, _count(MOST_CHECKS, USUAL_CHECKS, "How many checks at most; the newest count.")]
_STORY: Final = [
    parameter("provider", "Id of a provider.", **_TEXT),
    parameter("ref", "The model: provider/model.", **_TEXT),
    parameter("event", "One kind of event.", enum=sorted(STORY_EVENTS)),
    _SINCE,
    _UNTIL,
    _count(500, 100, "How many at most."),
    parameter("before", "`next` of the page before.", pattern=f"^{_CURSOR.pattern}$"),
]


def router(services: Services) -> APIRouter:
    """GET /api/hosts/{id}/samples, /api/hosts/{id}/history and /api/story."""
    routes = APIRouter(tags=["history"])

    @routes.get(
        "/api/hosts/{provider_id}/samples",
        response_model=HostSamples,
        responses=problems(404, 422),
        openapi_extra={"parameters": _SAMPLES},
    )
    async def get_samples(provider_id: str, request: Request) -> Response:
        """Figures of a host over time, of the last day unless said otherwise; means where they are too many."""
        found, given = present_id(services, provider_id), request.query_params
        until = read(given, "until", time_of) or datetime.fromtimestamp(services.now(), UTC)
        since = read(given, "since", time_of) or day_before(until)
        points = read(given, "points", limit_of(MOST_POINTS)) or USUAL_POINTS
        samples = await services.history.samples(found, since, until, points) if since < until else ()
        return answers.value(HostSamples(id=found, samples=samples))

    @routes.get(
        "/api/hosts/{provider_id}/history",
        response_model=HostHistory,
        responses=problems(404, 422),
        openapi_extra={"parameters": _CHECKS},
    )
    async def get_history(provider_id: str, request: Request) -> Response:
        """Health checks of a host, newest last: every look of late, before that those that brought news."""
        found, given = present_id(services, provider_id), request.query_params
        since, until = read(given, "since", time_of), read(given, "until", time_of)
        limit = read(given, "limit", limit_of(MOST_CHECKS)) or USUAL_CHECKS
        kept = await services.history.checks(found, since, until, limit)
        late = [c for c in services.fleet.history(found).checks if _within(since, until)(c.at)]
        checks = {c.at: c for c in (*kept, *late)}
        return answers.value(HostHistory(id=found, checks=tuple(checks[at] for at in sorted(checks))[-limit:]))

    @routes.get("/api/story", response_model=ModelEvents, responses=problems(422), openapi_extra={"parameters": _STORY})
    async def get_story(request: Request) -> Response:
        """What happened to models: loads, evictions and by what, failures, requests cut, slowness; newest first."""
        given, registry = request.query_params, services.state.registry
        wanted = WantedEvents(
            providers=read(given, "provider", lambda text: ids_of(text, registry)) or (),
            refs=read(given, "ref", lambda text: tuple({text, str(registry.ref(text) or text)})) or (),
            event=read(given, "event", _event),
            since=read(given, "since", time_of),
            until=read(given, "until", time_of),
        )
        limit = read(given, "limit", limit_of(500)) or 100
        return answers.value(await services.history.page(wanted, read(given, "before", _cursor), limit))

    return routes


def _event(text: str) -> str:
    if text not in STORY_EVENTS:
        raise ValueError
    return text


def _cursor(text: str) -> Cursor:
    if not _CURSOR.fullmatch(text):
        raise ValueError
    time, _, last = text.partition("-")
    return int(time), last


def _within(since: datetime | None, until: datetime | None) -> Callable[[datetime], bool]:
    return lambda at: (since is None or at >= since) and (until is None or at < until)
