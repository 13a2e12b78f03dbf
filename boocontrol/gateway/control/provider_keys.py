"""Keys of providers: into the keyring and out of it, never over the wire to a reader."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from boocontrol.core.api import KeyStatus, KeyValue
from boocontrol.core.errors import BadInput
from boocontrol.core.registry import Provider, Registry
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.bodies import read_value
from boocontrol.gateway.control.etags import WHATEVER
from boocontrol.gateway.control.schema import problems, takes
from boocontrol.gateway.control.services import Services


def router(services: Services) -> APIRouter:
    """Routes under /api/providers/{id}/key."""
    routes = APIRouter(tags=["providers"])

    @routes.put(
        "/api/providers/{provider_id}/key",
        response_model=KeyStatus,
        responses=problems(404, 409, 412, body=True),
        openapi_extra=takes("KeyValue"),
    )
    async def put_key(provider_id: str, request: Request) -> Response:
        """Store the key in the keyring, and a reference to it in the registry if there is none."""
        body = await read_value(request, KeyValue)
        await services.registry.reload()
        provider = _provider(services, provider_id)
        name = await _store(services, provider, _usable(body.key.get_secret_value()))
        services.fleet.refresh(provider_id)
        return answers.value(KeyStatus(provider=provider_id, source="keyring", name=name, present=True))

    @routes.delete("/api/providers/{provider_id}/key", response_model=KeyStatus, responses=problems(404, 409, 412))
    async def delete_key(provider_id: str) -> Response:
        """Remove the key from the keyring and the reference from the registry."""
        await services.registry.reload()
        provider = _provider(services, provider_id)
        await _remove(services, provider)
        services.fleet.refresh(provider_id)
        return answers.value(KeyStatus(provider=provider_id, source="none"))

    return routes


async def _store(services: Services, provider: Provider, key: str) -> str:
    registry = services.state.registry
    name = provider.api_key.keyring if provider.api_key else None
    if name is not None:
        await services.state.keys.write(name, key)
        return name
    _check_writable(services)
    name = _free_name(registry, provider.id)
    await services.state.keys.write(name, key)
    await services.registry.update(provider.id, {"apiKey": {"keyring": name}}, WHATEVER)
    return name


async def _remove(services: Services, provider: Provider) -> None:
    if provider.api_key is None:
        return
    name = provider.api_key.keyring
    _check_writable(services)
    await services.registry.update(provider.id, {"apiKey": None}, WHATEVER)
    if name is not None and name not in _names(services.state.registry):
        await services.state.keys.delete(name)


def _provider(services: Services, provider_id: str) -> Provider:
    """The provider, whose key is not one of the environment. Raises BadInput."""
    registry = services.state.registry
    provider = registry.by_id.get(provider_id)
    if provider is None:
        known = ", ".join(registry.by_id) or "none"
        title = f"There is no provider {provider_id[:64]!r}."
        raise BadInput(title, f"Providers: {known}.", code="not_found", param="id")
    if provider.api_key is not None and provider.api_key.env is not None:
        title = f"The key of {provider.id} comes from the environment variable {provider.api_key.env}."
        advice = "Change it there, or first take the reference out of the provider (apiKey: null)."
        raise BadInput(title, advice, code="key_from_environment")
    return provider


def _check_writable(services: Services) -> None:
    """Before anything is put into the keyring: a reference cannot be written to a broken file."""
    loaded = services.state.loaded
    if loaded.source == "file" and loaded.error is not None:
        raise loaded.error


def _names(registry: Registry) -> set[str]:
    return {p.api_key.keyring for p in registry if p.api_key is not None and p.api_key.keyring is not None}


def _free_name(registry: Registry, provider_id: str) -> str:
    """The provider's id, unless another provider (one that had this id once) keeps its key under that name."""
    taken = _names(registry)
    numbered = (f"{provider_id}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (provider_id, *numbered) if name not in taken)


def _usable(key: str) -> str:
    stripped = key.strip()
    if not stripped or not stripped.isascii() or not stripped.isprintable():
        title = "The key is empty or holds characters that no HTTP header can carry."
        raise BadInput(title, "Copy it anew, on one line.", code="bad_key", param="key")
    return stripped
