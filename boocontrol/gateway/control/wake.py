"""Waking a sleeping host."""

from __future__ import annotations

from fastapi import APIRouter, Response

from boocontrol.core.api import Asked
from boocontrol.core.errors import BadInput, Refusal
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.schema import problems
from boocontrol.gateway.control.services import Services


def router(services: Services) -> APIRouter:
    """The route /api/hosts/{id}/wake."""
    routes = APIRouter(tags=["hosts"])

    @routes.post("/api/hosts/{provider_id}/wake", status_code=202, response_model=Asked, responses=problems(404, 409))
    async def wake_host(provider_id: str) -> Response:
        """Send a wake-up packet to the host's macAddress, and look until it answers or `wake_timeout` is over.

        `wakingSince` of the host is set meanwhile. 409 when its entry has no macAddress.
        """
        registry = services.state.registry
        provider = registry.by_id.get(registry.heads.get(provider_id, ""))
        if provider is None:
            known = ", ".join(registry.by_id) or "none"
            title = f"There is no provider {provider_id[:64]!r}."
            raise BadInput(title, f"Providers: {known}.", code="not_found", param="id")
        if not provider.enabled:
            title = f"The provider {provider.id} is paused."
            raise Refusal(title, "Resume it first.", code="provider_paused", param="id")
        services.waking.wake(provider)
        return answers.value(Asked(asked=(provider.id,)), 202)

    return routes
