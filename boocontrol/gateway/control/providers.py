"""The registry: as a whole, one provider at a time, and the test of an address before it is saved."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from boocontrol.core.api import Broken, ProbeRequest, ProbeResult
from boocontrol.core.errors import BadInput
from boocontrol.core.registry import Provider, Registry
from boocontrol.core.urls import normalise_base_url, origin
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.bodies import read_object, read_value
from boocontrol.gateway.control.etags import if_match
from boocontrol.gateway.control.schema import good, problems, takes
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.registry_service import RegistryService

_WRITES = problems(body=True, write=True, kinds={409: Broken})
_ONE = problems(404, body=True, write=True)


def router(services: Services) -> APIRouter:
    """Routes under /api/providers."""
    routes = APIRouter(tags=["providers"])
    _whole(routes, services.registry)
    _single(routes, services.registry)
    _probing(routes, services)
    return routes


def _whole(routes: APIRouter, registry: RegistryService) -> None:
    @routes.get(
        "/api/providers", response_model=Registry, responses={**problems(), **good(200, "The registry.", etag=True)}
    )
    async def get_providers() -> Response:
        """The registry in force, unknown keys included."""
        return answers.document(registry.document(), registry.etag)

    @routes.put(
        "/api/providers",
        response_model=Registry,
        responses={**_WRITES, **good(200, "The new registry.", etag=True)},
        openapi_extra=takes("RegistryInput", if_match=True),
    )
    async def put_providers(request: Request, replace: str | None = None) -> Response:
        """Replace the registry; `replace=broken` also a file that does not parse, of which a backup is kept."""
        expected = if_match(request.headers.get("if-match"))
        if replace not in (None, "broken"):
            raise BadInput("replace takes the word broken.", "Leave it out, or write replace=broken.", param="replace")
        document = await read_object(request)
        after = await registry.replace(document, expected, broken=replace == "broken")
        return answers.document(after, registry.etag)


def _single(routes: APIRouter, registry: RegistryService) -> None:
    @routes.post(
        "/api/providers",
        status_code=201,
        response_model=Provider,
        responses={**_WRITES, **good(201, "The new provider.", etag=True)},
        openapi_extra=takes("ProviderInput", if_match=True),
    )
    async def add_provider(request: Request) -> Response:
        """Add a provider at the end."""
        expected = if_match(request.headers.get("if-match"))
        entry = await registry.add(await read_object(request), expected)
        return answers.document(entry, registry.etag, 201)

    @routes.patch(
        "/api/providers/{provider_id}",
        response_model=Provider,
        responses={**_ONE, **good(200, "The provider as it is now.", etag=True)},
        openapi_extra=takes("ProviderPatch", if_match=True),
    )
    async def update_provider(provider_id: str, request: Request) -> Response:
        """Change keys of a provider; null removes one. At a new origin the key is lost unless `confirmKey` is true."""
        expected = if_match(request.headers.get("if-match"))
        entry = await registry.update(provider_id, await read_object(request), expected)
        return answers.document(entry, registry.etag)

    @routes.delete(
        "/api/providers/{provider_id}",
        status_code=204,
        response_model=None,
        responses={**problems(404, write=True, kinds={409: Broken}), **good(204, "It is removed.", etag=True)},
        openapi_extra=takes(if_match=True),
    )
    async def remove_provider(provider_id: str, request: Request) -> Response:
        """Remove a provider; its key stays in the keyring."""
        await registry.remove(provider_id, if_match(request.headers.get("if-match")))
        return Response(status_code=204, headers={"ETag": registry.etag})


def _probing(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/api/providers/probe",
        response_model=ProbeResult,
        responses=problems(404, 409, body=True),
        openapi_extra=takes("ProbeRequest"),
    )
    async def probe_provider(request: Request) -> Response:
        """Try an address and a key before saving, stage by stage."""
        wanted = await read_value(request, ProbeRequest)
        key = wanted.key or await _stored_key(services, wanted)
        return answers.value(await services.probe(wanted, key, services.state.registry))


async def _stored_key(services: Services, wanted: ProbeRequest) -> SecretStr | None:
    """The key of the provider that is being edited, only for the origin that it belongs to."""
    if wanted.provider is None:
        return None
    provider = services.state.registry.by_id.get(wanted.provider)
    if provider is None:
        title = f"There is no provider {wanted.provider[:64]!r}."
        raise BadInput(title, "Leave `provider` out.", code="not_found", param="provider")
    try:
        belongs = origin(normalise_base_url(wanted.base_url)) == origin(provider.base_url)
    except BadInput:
        return None  # The probe's first stage says what is wrong with the address.
    return await services.state.keys.read(provider.api_key) if belongs else None
