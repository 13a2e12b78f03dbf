"""Looking at hosts at once, because a person asked."""

from __future__ import annotations

from fastapi import APIRouter, Response

from boocontrol.core.api import Asked
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.reads import present_id
from boocontrol.gateway.control.schema import problems
from boocontrol.gateway.control.services import Services


def router(services: Services) -> APIRouter:
    """The routes /api/hosts/refresh and /api/hosts/{id}/refresh."""
    routes = APIRouter(tags=["hosts"])

    @routes.post("/api/hosts/refresh", status_code=202, response_model=Asked, responses=problems())
    async def refresh_hosts() -> Response:
        """Look at every host at once instead of when its turn comes. Paused ones are left alone."""
        asked = tuple(p.id for p in services.state.registry if p.enabled)
        for provider_id in asked:
            services.fleet.refresh(provider_id)
        return answers.value(Asked(asked=asked), 202)

    @routes.post("/api/hosts/{provider_id}/refresh", status_code=202, response_model=Asked, responses=problems(404))
    async def refresh_host(provider_id: str) -> Response:
        """Look at one host at once: whether it answers, what it has, and its key anew if that could not be read.

        `asked` is empty for one that is paused.
        """
        provider = services.state.registry.by_id[present_id(services, provider_id)]
        if not provider.enabled:
            return answers.value(Asked(asked=()), 202)
        services.fleet.refresh(provider.id)
        return answers.value(Asked(asked=(provider.id,)), 202)

    return routes
