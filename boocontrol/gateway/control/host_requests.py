"""Requests that run on a host and did not come through this gateway: ending one of them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from boocontrol.core.api import Asked
from boocontrol.core.errors import BadInput, Refusal
from boocontrol.core.refs import ModelRef
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.callers import caller
from boocontrol.gateway.control.schema import problems
from boocontrol.gateway.control.services import Services


def router(services: Services) -> APIRouter:
    """The route /api/hosts/{id}/requests/{id}/cancel."""
    routes = APIRouter(tags=["hosts"])

    @routes.post(
        "/api/hosts/{provider_id}/requests/{request_id}/cancel",
        status_code=202,
        response_model=Asked,
        responses=problems(404, 409, 502, 503),
    )
    async def cancel_host_request(provider_id: str, request_id: str, request: Request) -> Response:
        """End a request that runs on a host, by the id that the host gave it; its client is cut off there.

        409 for a version of llama-swap that cannot (before 235). The model stays in memory.
        """
        provider = services.state.registry.by_id.get(services.state.registry.heads.get(provider_id, ""))
        if provider is None:
            known = ", ".join(services.state.registry.by_id) or "none"
            title = f"There is no provider {provider_id[:64]!r}."
            raise BadInput(title, f"Providers: {known}.", code="not_found", param="id")
        if not provider.enabled:
            title = f"The provider {provider.id} is paused."
            raise Refusal(title, "Resume it first.", code="provider_paused", param="id")
        told = services.fleet.host(provider.id).requests or ()
        found = next((r for r in told if r.id == request_id), None)
        if found is None:
            title = f"No request {request_id[:64]!r} runs on {provider.id}."
            raise BadInput(title, "GET /api/hosts lists those that do.", code="not_found", param="id")
        if found.ours or found.doubtful:
            title = f"The request {request_id[:64]!r} came through this gateway, or it cannot be told whether it did."
            advice = "What came through the gateway is ended by its own id, which the list of activity tells."
            raise BadInput(title, advice, code="not_supported", param="id")
        ref = ModelRef(provider.id, services.fleet.real_name(provider.id, found.model))
        await services.actions.cancel_request(ref, request_id, caller(request), found.path)
        return answers.value(Asked(asked=(request_id,)), 202)

    return routes
