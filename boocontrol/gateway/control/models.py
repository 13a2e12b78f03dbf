"""The catalog, and loading and unloading."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response

from boocontrol.core.api import Asked, Busy, LoadRequest
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BadInput
from boocontrol.core.refs import ModelRef
from boocontrol.core.resolver import resolve
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.bodies import read_value
from boocontrol.gateway.control.errors import InUse
from boocontrol.gateway.control.etags import is_known
from boocontrol.gateway.control.schema import good, problems, takes
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.inflight import Running
from boocontrol.gateway.state import GatewayState

Target = tuple[str, str | None]
"""A provider's id and a wire id, None for all its models."""

_ASKS = problems(404, 409, 502, 503, body=True, kinds={409: Busy})


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

    @routes.post(
        "/api/models/load", status_code=202, response_model=Asked, responses=_ASKS, openapi_extra=takes("LoadRequest")
    )
    async def load_model(request: Request) -> Response:
        """Ask a host to load one model. The host's state tells how it goes."""
        wanted = await read_value(request, LoadRequest)
        if wanted.ref is None or wanted.provider is not None or wanted.all:
            raise BadInput("Loading takes one model.", "Name it as ref: provider/model.", code="bad_body", param="ref")
        route = resolve(services.state.registry, wanted.ref, "load", services.state.catalog)
        services.actions.load(route.ref)
        return answers.value(Asked(asked=(str(route.ref),)), 202)

    @routes.post(
        "/api/models/unload", status_code=202, response_model=Asked, responses=_ASKS, openapi_extra=takes("LoadRequest")
    )
    async def unload_models(request: Request) -> Response:
        """Ask for memory back: one model, one provider, or all. Requests that run are cut only with `force`."""
        wanted = await read_value(request, LoadRequest)
        targets = _targets(wanted, services.state)
        if not wanted.force:
            _refuse_if_in_use(targets, services.state)
        for target in targets:
            await _unload(services, target)
        return answers.value(Asked(asked=tuple(_shown(t) for t in targets)), 202)

    return routes


async def _unload(services: Services, target: Target) -> None:
    provider_id, wire_id = target
    if wire_id is None:
        await services.actions.unload_all(provider_id)
    else:
        await services.actions.unload(ModelRef(provider_id, wire_id))


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
    return [(provider.id, None)]


def _refuse_if_in_use(targets: Iterable[Target], state: GatewayState) -> None:
    """Raises InUse, naming the requests of this gateway that unloading would cut."""
    wanted = tuple(targets)
    cut = tuple(r.shown() for r in state.in_flight if _cuts(wanted, r))
    if cut:
        count = "One request runs" if len(cut) == 1 else f"{len(cut)} requests run"
        raise InUse(f"{count} there and would be cut.", "Wait for the end, or repeat with force.", cut)


def _cuts(targets: tuple[Target, ...], running: Running) -> bool:
    return any(running.provider == p and wire_id in (None, running.wire_id) for p, wire_id in targets)


def _shown(target: Target) -> str:
    provider_id, wire_id = target
    return provider_id if wire_id is None else str(ModelRef(provider_id, wire_id))
