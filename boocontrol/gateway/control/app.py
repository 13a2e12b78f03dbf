"""The application behind `/api`. Admission (key, Host, Origin) happens before it, in gateway/app.py."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import APIRoute

from boocontrol.gateway.control import (
    activity,
    errors,
    gateway_key,
    history,
    host_requests,
    logs,
    models,
    provider_keys,
    providers,
    reads,
    refresh,
    scenes,
    series,
    settings,
    wake,
)
from boocontrol.gateway.control.schema import describe
from boocontrol.gateway.control.services import Services


def control_app(services: Services) -> FastAPI:
    """The control API. Its routes carry the whole path, `/api` included."""
    app = FastAPI(
        title="BooControl control API",
        version=services.state.version,
        description="Hosts, models, settings and the registry of one BooControl gateway.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    topics = (
        reads,
        refresh,
        providers,
        provider_keys,
        logs,
        models,
        scenes,
        wake,
        host_requests,
        activity,
        history,
        series,
        settings,
        gateway_key,
    )
    routers = [topic.router(services) for topic in topics]
    for router in routers:
        app.include_router(router)
    errors.install(app, [route for router in routers for route in router.routes])
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


def _operation(route: APIRoute) -> str:
    return route.name
