"""The activity over time, for charts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Request, Response

from boocontrol.core.activity_series import ActivitySeries
from boocontrol.core.errors import BadInput
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.activity import FILTERS, day_before, parameter, read, wanted_of
from boocontrol.gateway.control.schema import problems
from boocontrol.gateway.control.services import Services

MOST: Final = 120
_POINTS: Final = parameter(
    "points", "In how many pieces the window is cut, at most.", type="integer", minimum=1, maximum=MOST, default=MOST
)


def router(services: Services) -> APIRouter:
    """GET /api/activity/series."""
    routes = APIRouter(tags=["activity"])

    @routes.get(
        "/api/activity/series",
        response_model=ActivitySeries,
        responses=problems(422),
        openapi_extra={"parameters": [*FILTERS, _POINTS]},
    )
    async def get_activity_series(request: Request) -> Response:
        """Counts, quantiles and token sums of the last day, or of `since` to `until`, whole and piece by piece."""
        given = request.query_params
        wanted = wanted_of(given, services.state.registry)
        until = wanted.until or datetime.fromtimestamp(services.now(), UTC)
        since = wanted.since or day_before(until)
        points = read(given, "points", _points) or MOST
        if since >= until:
            raise BadInput("The window is empty.", "`since` must be before `until`.", code="bad_query", param="since")
        return answers.value(await services.activity.series(wanted, since, until, points))

    return routes


def _points(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise ValueError
    return int(text)
