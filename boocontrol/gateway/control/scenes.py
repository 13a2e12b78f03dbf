"""Scenes: sets of models that are loaded together, previewed and applied through the guard and the queues."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from boocontrol.core.api import Busy, Host
from boocontrol.core.control import SceneApplied, ScenePlan, SceneRequest, SceneUndo
from boocontrol.core.errors import BadInput
from boocontrol.core.refs import ModelRef
from boocontrol.core.resolver import resolve
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.bodies import read_value
from boocontrol.gateway.control.callers import caller
from boocontrol.gateway.control.models_guard import cut_by, in_use, unload
from boocontrol.gateway.control.schema import problems, takes
from boocontrol.gateway.control.services import Services

_IN_MEMORY = ("ready", "starting")


@dataclass(frozen=True)
class Wanted:
    """A scene as it is meant: the models, by their real names, and the hosts that it clears of others."""

    models: tuple[ModelRef, ...]
    hosts: tuple[str, ...]
    only: bool


def router(services: Services) -> APIRouter:
    """Routes under /api/scenes."""
    routes = APIRouter(tags=["models"])
    # Of two that cross each other, a part of both would be there in the end.
    one_at_a_time = asyncio.Lock()

    @routes.post(
        "/api/scenes/preview",
        response_model=ScenePlan,
        responses=problems(404, body=True),
        openapi_extra=takes("SceneRequest"),
    )
    async def preview_scene(request: Request) -> Response:
        """What applying a scene would load, unload, keep and cut. Nothing is changed."""
        wanted = _meant(await read_value(request, SceneRequest), services)
        return answers.value(_plan(wanted, services))

    @routes.post(
        "/api/scenes/apply",
        status_code=202,
        response_model=SceneApplied,
        responses=problems(404, 409, 502, 503, body=True, kinds={409: Busy}),
        openapi_extra=takes("SceneRequest"),
    )
    async def apply_scene(request: Request) -> Response:
        """Unload what the scene leaves out, then queue its loads. Requests that run are cut only with `force`."""
        asked = await read_value(request, SceneRequest)
        async with one_at_a_time:
            return answers.value(await _apply(asked, services, caller(request)), 202)

    return routes


async def _apply(asked: SceneRequest, services: Services, by: str) -> SceneApplied:
    """Raises as `_meant` does, InUse, and BooError when a host cannot be asked."""
    wanted = _meant(asked, services)
    plan = _plan(wanted, services)
    if plan.busy and not asked.force:
        raise in_use(plan.busy)
    undo = _undo(wanted, services)
    if wanted.only:
        await _forget_queued(wanted, services, by)
    await unload([_target(ref) for ref in plan.unload], services, by)
    for ref in plan.load:
        services.actions.load(ModelRef(*_target(ref)), by)
    return SceneApplied(plan=plan, undo=undo)


def _meant(asked: SceneRequest, services: Services) -> Wanted:
    """Raises BadInput (422, or 404 for a name that there is not) and Refusal for a model that there is not."""
    if (asked.name is None) == (asked.models is None):
        raise BadInput("A scene is a name or a list of models.", "Send one of name and models.", code="bad_body")
    models, only = asked.models or (), bool(asked.only)
    if asked.name is not None:
        scene = next((s for s in services.state.settings.scenes if s.name == asked.name), None)
        if scene is None:
            known = ", ".join(s.name for s in services.state.settings.scenes) or "none"
            raise BadInput("There is no scene of this name.", f"Scenes: {known}.", code="not_found", param="name")
        models, only = scene.models, scene.only if asked.only is None else asked.only
    refs = tuple(dict.fromkeys(_real(text, services) for text in models))
    hosts = (*(ref.provider for ref in refs), *(_host(text, services) for text in asked.hosts))
    return Wanted(refs, tuple(dict.fromkeys(hosts)), only)


def _real(text: str, services: Services) -> ModelRef:
    ref = resolve(services.state.registry, text, "load", services.state.catalog).ref
    return ModelRef(ref.provider, services.fleet.real_name(ref.provider, ref.model))


def _host(text: str, services: Services) -> str:
    registry = services.state.registry
    present = registry.heads.get(text)
    if present is None:
        known = ", ".join(registry.by_id) or "none"
        raise BadInput(f"There is no provider {text[:64]!r}.", f"Providers: {known}.", code="not_found", param="hosts")
    return present


def _plan(wanted: Wanted, services: Services) -> ScenePlan:
    hosts = {provider_id: services.fleet.host(provider_id) for provider_id in wanted.hosts}
    loaded = {ref for host in hosts.values() for ref in _loaded(host, services)}
    models = [str(ref) for ref in wanted.models]
    # Servers of this kind load by themselves: their models are there while they are.
    own = {str(ref) for ref in wanted.models if hosts[ref.provider].kind == "openai"}
    out = sorted(ref for ref in loaded if ref not in models) if wanted.only else []
    load = [ref for ref in models if ref not in loaded | own]
    return ScenePlan(
        load=tuple(load),
        unload=tuple(out),
        keep=tuple(ref for ref in models if ref in loaded | own),
        busy=cut_by((_target(ref) for ref in out), services),
        words=tuple(_words(wanted, load, hosts, loaded - set(out), services)),
    )


def _words(
    wanted: Wanted, load: list[str], hosts: dict[str, Host], stay: set[str], services: Services
) -> Iterable[str]:
    for host in hosts.values():
        if host.state not in ("up", "busy", "degraded"):
            yield f"{host.id} is {host.state.replace('_', ' ')}: nothing is known of its memory."
    models = {str(ref) for ref in wanted.models}
    for new in load:
        here = sorted(ref for ref in stay | models if ref != new and ref.partition("/")[0] == new.partition("/")[0])
        seen = {old: services.beside.tells(new, old) for old in here}
        if pushed := [old for old in here if seen[old] == "pushed"]:
            yield f"Loading {new} pushed out {' and '.join(pushed)} before."
        if unknown := [old for old in here if seen[old] == "unknown" and (old in stay or old < new)]:
            yield f"Whether {new} and {' and '.join(unknown)} may stand side by side is not told by the host."


async def _forget_queued(wanted: Wanted, services: Services, by: str) -> None:
    """Loads that wait for their turn would bring back what the scene leaves out."""
    models = {str(ref) for ref in wanted.models}
    for provider_id in wanted.hosts:
        for load in services.fleet.host(provider_id).queue:
            if load.ref not in models:
                await services.actions.cancel(ModelRef(*_target(load.ref)), by)


def _undo(wanted: Wanted, services: Services) -> SceneUndo:
    """What is in memory on these hosts now."""
    models = [ref for provider_id in wanted.hosts for ref in _loaded(services.fleet.host(provider_id), services)]
    return SceneUndo(models=tuple(models), only=True, hosts=wanted.hosts)


def _loaded(host: Host, services: Services) -> list[str]:
    """What is in memory, or on the way there: a host may not have begun with a load that it was asked for."""
    asked = (_target(load.ref) for load in host.loads if load.state == "loading")
    coming = (str(ModelRef(host.id, services.fleet.real_name(host.id, wire_id))) for _, wire_id in asked)
    return list(dict.fromkeys((*(m.ref for m in host.loaded if m.state in _IN_MEMORY), *coming)))


def _target(ref: str) -> tuple[str, str]:
    provider_id, _, wire_id = ref.partition("/")
    return provider_id, wire_id
