"""What ran through this gateway, what runs now, and ending it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Request, Response

from boocontrol.core.activity import ActivityPage, ActivityStats
from boocontrol.core.api import Asked
from boocontrol.core.errors import BadInput
from boocontrol.core.registry import Registry
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.callers import caller
from boocontrol.gateway.control.schema import problems
from boocontrol.gateway.control.services import Services
from boocontrol.store.requests import Cursor
from boocontrol.store.wanted import Wanted

T = TypeVar("T")
Json = dict[str, Any]

MOST: Final = 500
USUAL: Final = 100
WINDOW: Final = timedelta(days=1)
_LONGEST: Final = 1024
_CURSOR: Final = re.compile(r"[0-9]{1,18}-[0-9a-f]{32}")


def parameter(name: str, description: str, **schema: Any) -> Json:
    """A parameter of the query, for the API's description."""
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}}


_TEXT: Final[Json] = {"maxLength": _LONGEST}
FILTERS: Final = [
    parameter("provider", "Id of a provider.", **_TEXT),
    parameter("ref", "The model, as it answered or as it was asked for.", **_TEXT),
    parameter(
        "outcome", "running, ok, refused, cut, client_left, cancelled, the code of an error, or failed: any.", **_TEXT
    ),
    parameter("endpoint", "Such as /v1/chat/completions, with or without /v1.", **_TEXT),
    parameter("client", "A part of the client's name.", **_TEXT),
    parameter("agent", "The coding agent that asked, such as opencode.", **_TEXT),
    parameter("text", "Words that all stand in the model's name, the provider, the client or the agent.", **_TEXT),
    parameter("via", "gateway or host: through this gateway, or past it.", enum=["gateway", "host"]),
    parameter("since", "From this time on (RFC 3339).", format="date-time"),
    parameter("until", "Before this time (RFC 3339).", format="date-time"),
]
_PAGING: Final = [
    parameter("limit", "How many at most.", type="integer", minimum=1, maximum=MOST, default=USUAL),
    parameter("before", "`next` of the page before.", pattern=f"^{_CURSOR.pattern}$"),
]


def router(services: Services) -> APIRouter:
    """Routes under /api/activity."""
    routes = APIRouter(tags=["activity"])

    @routes.get(
        "/api/activity",
        response_model=ActivityPage,
        responses=problems(422),
        openapi_extra={"parameters": [*FILTERS, *_PAGING]},
    )
    async def get_activity(request: Request) -> Response:
        """Requests that ran through this gateway, newest first; on the first page those that run now come first."""
        given = request.query_params
        limit = read(given, "limit", limit_of(MOST)) or USUAL
        before = read(given, "before", _cursor)
        return answers.value(await services.activity.page(wanted_of(given, services.state.registry), before, limit))

    @routes.get(
        "/api/activity/stats",
        response_model=ActivityStats,
        responses=problems(422),
        openapi_extra={"parameters": FILTERS},
    )
    async def get_activity_stats(request: Request) -> Response:
        """Counts, time to first token and speed by model, of the last day unless `since` and `until` say otherwise."""
        wanted = wanted_of(request.query_params, services.state.registry)
        until = wanted.until or datetime.fromtimestamp(services.now(), UTC)
        since = wanted.since or day_before(until)
        return answers.value(await services.activity.stats(wanted, since, until))

    @routes.post("/api/activity/{request_id}/cancel", status_code=202, response_model=Asked, responses=problems(404))
    async def cancel_request(request_id: str, request: Request) -> Response:
        """End a running request: its client gets an error, its host is left at once."""
        if not services.activity.cancel(request_id, caller(request)):
            title = f"No request {request_id[:64]!r} runs."
            raise BadInput(title, "GET /api/activity?outcome=running lists those that do.", code="not_found")
        return answers.value(Asked(asked=(request_id,)), 202)

    return routes


def wanted_of(given: Mapping[str, str], registry: Registry) -> Wanted:
    """The filters of a query. Raises BadInput."""
    return Wanted(
        providers=read(given, "provider", lambda text: ids_of(text, registry)) or (),
        refs=read(given, "ref", lambda text: tuple({text, str(registry.ref(text) or text)})) or (),
        endpoints=read(given, "endpoint", lambda text: (text, "/v1/" + text.lstrip("/"), "/" + text)) or (),
        outcome=read(given, "outcome", str),
        client=read(given, "client", str),
        since=read(given, "since", time_of),
        until=read(given, "until", time_of),
        agent=read(given, "agent", str),
        text=read(given, "text", str),
        via=read(given, "via", _via),
    )


def read(given: Mapping[str, str], name: str, read: Callable[[str], T]) -> T | None:
    """One parameter; None when it is absent or empty. Raises BadInput that names it."""
    text = given.get(name, "")
    if not text:
        return None
    try:
        if len(text) > _LONGEST or "\0" in text:
            raise ValueError
        return read(text)
    except (ValueError, OverflowError):
        advice = "/api/openapi.json describes it."
        raise BadInput(f"The value of {name} cannot be used.", advice, code="bad_query", param=name) from None


def _via(text: str) -> str:
    if text not in ("gateway", "host"):
        raise ValueError
    return text


def limit_of(most: int) -> Callable[[str], int]:
    """Reads a whole number from 1 to `most`; ValueError for another."""

    def read_limit(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
            raise ValueError
        return int(text)

    return read_limit


def _cursor(text: str) -> Cursor:
    if not _CURSOR.fullmatch(text):
        raise ValueError
    time, _, last = text.partition("-")
    return int(time), last


def time_of(text: str) -> datetime:
    """A time of RFC 3339; ValueError for what is none."""
    # A plus sign that was not encoded arrives as a space.
    time = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def day_before(time: datetime) -> datetime:
    """A day earlier; the time itself where there is no such day."""
    try:
        return time - WINDOW
    except OverflowError:
        return time


def ids_of(text: str, registry: Registry) -> tuple[str, ...]:
    """The provider under all ids it ever had: rows keep the one of their time."""
    provider = registry.by_id.get(registry.heads.get(text, text))
    return (text,) if provider is None else (provider.id, *provider.former_ids)
