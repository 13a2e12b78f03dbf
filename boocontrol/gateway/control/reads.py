"""What is only read: the gateway's status, hosts, and the stream of events."""

from __future__ import annotations

from typing import get_args

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from boocontrol.core.api import Host, Hosts, Status
from boocontrol.core.errors import BadInput
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.schema import good, problems
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.events import Kind

_EVENT = {
    "type": "object",
    "description": "One event of the stream.",
    "properties": {
        "id": {"type": "string"},
        "event": {"type": "string", "enum": list(get_args(Kind))},
        "data": {"type": "string", "description": "JSON on one line."},
    },
}
_EVENTS = good(200, "Server-sent events.", schema=_EVENT, media="text/event-stream")
_STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def router(services: Services) -> APIRouter:
    """Routes of /api/status, /api/hosts and /api/events."""
    routes = APIRouter()

    @routes.get("/api/status", response_model=Status, responses=problems(), tags=["gateway"])
    async def get_status() -> Response:
        """Version, instance, registry, counts, and what is wrong."""
        return answers.value(services.status())

    @routes.get("/api/hosts", response_model=Hosts, responses=problems(), tags=["hosts"])
    async def get_hosts() -> Response:
        """All hosts in registry order."""
        return answers.value(services.hosts())

    @routes.get("/api/hosts/{provider_id}", response_model=Host, responses=problems(404), tags=["hosts"])
    async def get_host(provider_id: str) -> Response:
        """One host as last seen. A former id leads to the present one."""
        return answers.value(services.fleet.host(present_id(services, provider_id)))

    @routes.get("/api/events", response_class=Response, responses={**problems(), **_EVENTS}, tags=["gateway"])
    async def get_events(request: Request) -> Response:
        """`snapshot` first, then `host`, `catalog`, `settings`, `registry`, `activity`, `story`, `gateway` follow.

        With Last-Event-ID only what was missed is sent, or a new snapshot when that is no longer known. The newest
        event about the same thing replaces those before it.
        """
        frames = services.events.stream(request.headers.get("last-event-id"), services.snapshot)
        return StreamingResponse(frames, headers=_STREAM, media_type="text/event-stream")

    return routes


def present_id(services: Services, provider_id: str) -> str:
    """The present id of a provider. Raises BadInput (not_found)."""
    registry = services.state.registry
    present = registry.heads.get(provider_id)
    if present is None:
        known = ", ".join(registry.by_id) or "none"
        title = f"There is no provider {provider_id[:64]!r}."
        raise BadInput(title, f"Providers: {known}.", code="not_found", param="id")
    return present
