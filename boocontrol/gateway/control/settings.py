"""Settings over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from boocontrol.core.settings import Settings
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.bodies import read_object
from boocontrol.gateway.control.etags import if_match
from boocontrol.gateway.control.schema import good, problems, takes
from boocontrol.gateway.control.services import Services


def router(services: Services) -> APIRouter:
    """Routes of /api/settings."""
    routes = APIRouter(tags=["settings"])

    @routes.get(
        "/api/settings", response_model=Settings, responses={**problems(), **good(200, "All settings.", etag=True)}
    )
    async def get_settings() -> Response:
        """All settings, defaults and keys of other programs included."""
        view = await services.settings.read()
        return answers.document(view.values, view.etag)

    @routes.patch(
        "/api/settings",
        response_model=Settings,
        responses={**problems(412, 428, body=True), **good(200, "All settings as they are now.", etag=True)},
        openapi_extra=takes("SettingsPatch", if_match=True),
    )
    async def patch_settings(request: Request) -> Response:
        """Replace the given keys; null resets one; keys not given stay."""
        expected = if_match(request.headers.get("if-match"))
        view = await services.settings.patch(await read_object(request), expected)
        return answers.document(view.values, view.etag)

    return routes
