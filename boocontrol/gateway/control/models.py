"""The catalog; loading, unloading, and what a load would cost."""

from __future__ import annotations

from contextlib import nullcontext

from fastapi import APIRouter, Request, Response

from boocontrol.core.api import Asked, Busy, LoadRequest
from boocontrol.core.catalog import Catalog
from boocontrol.core.control import CancelLoad, LoadPreview
from boocontrol.core.errors import BadInput, Refusal
from boocontrol.core.refs import ModelRef
from boocontrol.core.resolver import resolve
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.bodies import read_value
from boocontrol.gateway.control.callers import caller
from boocontrol.gateway.control.etags import is_known
from boocontrol.gateway.control.models_guard import Target, blaming, refuse_if_in_use, unload
from boocontrol.gateway.control.models_preview import preview
from boocontrol.gateway.control.schema import good, problems, takes
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.state import GatewayState

_ASKS = problems(404, 409, 502, 503, body=True, kinds={409: Busy})
_REF = {
    "name": "ref",
    "in": "query",
    "required": True,
    "description": "provider/model",
    "schema": {"type": "string", "minLength": 1, "maxLength": 1024},
}


def router(services: Services) -> APIRouter:
    """Routes under /api/models."""
    routes = APIRouter(tags=["models"])

    @routes.get(
        "/api/models",
        response_model=Catalog,
        responses={
            **problems(),
            **good(200, "The catalog.", etag=True),
            **good(304, "The reader has just this.", etag=True),
        },
    )
    async def get_models(request: Request) -> Response:
        """What every provider offers, as last known. Answered from memory."""
        body, etag = services.catalog_json.of(services.state.catalog)
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if is_known(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    @routes.get(
        "/api/models/preview",
        response_model=LoadPreview,
        responses=problems(404, 422),
        openapi_extra={"parameters": [_REF]},
    )
    async def preview_load(request: Request) -> Response:
        """What loading a model would cost: what it may push out, how long it usually takes, what comes first."""
        text = request.query_params.get("ref", "")
        if not 0 < len(text) <= 1024:
            raise BadInput("Name one model.", "Send ref=provider/model.", code="bad_query", param="ref")
        route = resolve(services.state.registry, text, "load", services.state.catalog)
        return answers.value(preview(route.ref, services))

    _loading(routes, services)
    _unloading(routes, services)
    return routes


def _loading(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/api/models/load", status_code=202, response_model=Asked, responses=_ASKS, openapi_extra=takes("LoadRequest")
    )
    async def load_model(request: Request) -> Response:
        """Ask a host to load one model; it waits for the loads before it on that host.

        The host's state tells how it goes, and `loads` of the host why it did not. Nothing is cut by it: llama-swap
        lets running requests end before it swaps.
        """
        wanted = await read_value(request, LoadRequest)
        if wanted.ref is None or wanted.provider is not None or wanted.all:
            raise BadInput("Loading takes one model.", "Name it as ref: provider/model.", code="bad_body", param="ref")
        route = resolve(services.state.registry, wanted.ref, "load", services.state.catalog)
        services.actions.load(route.ref, caller(request))
        return answers.value(Asked(asked=(str(route.ref),)), 202)

    @routes.post(
        "/api/models/cancel",
        status_code=202,
        response_model=Asked,
        responses=_ASKS,
        openapi_extra=takes("CancelLoad"),
    )
    async def cancel_load(request: Request) -> Response:
        """End a load that runs or waits. Requests that wait for the model are ended only with `force`."""
        wanted = await read_value(request, CancelLoad)
        ref = resolve(services.state.registry, wanted.ref, "load", services.state.catalog).ref
        waits = any(load.ref == str(ref) for load in services.fleet.host(ref.provider).queue)
        if not wanted.force and not waits and services.actions.is_loading(ref):
            refuse_if_in_use([(ref.provider, ref.model)], services)
        with blaming((ref.provider, ref.model), services, caller(request)) if not waits else nullcontext():
            cancelled = await services.actions.cancel(ref, caller(request))
        if not cancelled:
            title = f"No load of {str(ref)[:200]!r} runs or waits."
            raise BadInput(title, "GET /api/hosts lists those that do.", code="not_found", param="ref")
        return answers.value(Asked(asked=(str(ref),)), 202)


def _unloading(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/api/models/unload", status_code=202, response_model=Asked, responses=_ASKS, openapi_extra=takes("LoadRequest")
    )
    async def unload_models(request: Request) -> Response:
        """Ask for memory back: one model, one provider, or all. Requests that run are cut only with `force`."""
        wanted = await read_value(request, LoadRequest)
        targets = _targets(wanted, services.state)
        if not wanted.force:
            refuse_if_in_use(targets, services)
        await unload(targets, services, caller(request))
        return answers.value(Asked(asked=tuple(_shown(t) for t in targets)), 202)


def _targets(wanted: LoadRequest, state: GatewayState) -> list[Target]:
    """What to unload. Raises BadInput unless it is named in exactly one way, and Refusal for what does not exist."""
    if (wanted.ref is not None) + (wanted.provider is not None) + wanted.all != 1:
        raise BadInput("Unloading takes one of ref, provider and all.", "Send one of them.", code="bad_body")
    if wanted.ref is not None:
        route = resolve(state.registry, wanted.ref, "load", state.catalog)
        return [(route.provider_id, route.wire_id)]
    if wanted.all:
        answering = {p.id for p in state.catalog.providers if p.answers}
        return [(p.id, None) for p in state.registry if p.enabled and p.kind == "llama-swap" and p.id in answering]
    provider = state.registry.by_id.get(state.registry.heads.get(wanted.provider or "", ""))
    if provider is None:
        known = ", ".join(state.registry.by_id) or "none"
        raise BadInput("There is no such provider.", f"Providers: {known}.", code="not_found", param="provider")
    if not provider.enabled:
        title = f"The provider {provider.id} is paused."
        raise Refusal(title, "Resume it first.", code="provider_paused", param="provider")
    return [(provider.id, None)]


def _shown(target: Target) -> str:
    provider_id, wire_id = target
    return provider_id if wire_id is None else str(ModelRef(provider_id, wire_id))
