"""Which requests an unload would cut: the gateway's own, and those that the host tells of and that came past it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Final

from boocontrol.core.activity import GLANCES
from boocontrol.core.api import Host, HostRequest, RequestInFlight
from boocontrol.core.refs import ModelRef
from boocontrol.gateway.control.errors import InUse
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.inflight import Running
from boocontrol.gateway.past import running_on, without_ours

Target = tuple[str, str | None]
"""A provider's id and a wire id, None for all its models."""

OTHER: Final = "other"
_MOST_UNKNOWN: Final = 20
BLAMED_S: Final = 5.0


def cut_by(targets: Iterable[Target], services: Services) -> tuple[RequestInFlight, ...]:
    """The requests that would be cut, ours first."""
    return tuple(request for target in targets for request in _on(target, services))


def refuse_if_in_use(targets: Iterable[Target], services: Services) -> None:
    """Raises InUse, naming the requests that would be cut."""
    if cut := cut_by(targets, services):
        raise in_use(cut)


def in_use(requests: tuple[RequestInFlight, ...]) -> InUse:
    """The refusal that names these requests."""
    count = "One request runs" if len(requests) == 1 else f"{len(requests)} requests run"
    return InUse(f"{count} there and would be cut.", "Wait for the end, or repeat with force.", requests)


async def unload(targets: Iterable[Target], services: Services, by: str) -> None:
    """Unload all targets, side by side; our requests on them tell their clients why they were cut.

    Raises the first error after every host was asked.
    """
    ended = await asyncio.gather(*(_unload(t, services, by) for t in targets), return_exceptions=True)
    if failed := next((e for e in ended if isinstance(e, BaseException)), None):
        raise failed


async def _unload(target: Target, services: Services, by: str) -> None:
    provider_id, wire_id = target
    requests = _on(target, services)
    with blaming(target, services, by):
        if wire_id is None:
            await services.actions.unload_all(provider_id, by)
        else:
            await services.actions.unload(ModelRef(provider_id, wire_id), by)
    for request in requests:
        model = request.ref.partition("/")[2]
        words = f"{request.endpoint or 'a request'} of {request.client or OTHER}"
        services.actions.cut(ModelRef(provider_id, model), by, words)


@contextmanager
def blaming(target: Target, services: Services, by: str) -> Iterator[None]:
    """Our requests on a target that end badly inside, or just after, were cut by this person."""
    ours = _ours(target, services)

    def blame(who: str) -> None:
        for running in ours:
            running.blame(who)

    blame(by or OTHER)
    try:
        yield
    except BaseException:
        blame("")
        raise
    # One that lives on, such as one that waits for its turn, may end badly later for another reason.
    asyncio.get_running_loop().call_later(BLAMED_S, blame, "")


def _ours(target: Target, services: Services) -> list[Running]:
    provider_id, wire_id = target
    name = services.fleet.real_name
    wanted = None if wire_id is None else name(provider_id, wire_id)
    return [r for r in running_on(provider_id, services.state) if wanted in (None, name(provider_id, r.wire_id))]


def _on(target: Target, services: Services) -> list[RequestInFlight]:
    provider_id, wire_id = target
    host = services.fleet.host(provider_id)
    wanted = None if wire_id is None else services.fleet.real_name(provider_id, wire_id)
    ours = [r.shown() for r in _ours(target, services)]
    if host.requests is None:
        return [*ours, *_unnamed(host, wanted, services)]
    return [*ours, *_others(host.requests, provider_id, wanted, services)]


def _others(
    told: Iterable[HostRequest], provider_id: str, wanted: str | None, services: Services
) -> list[RequestInFlight]:
    """What the host runs that did not come through here."""
    name = partial(services.fleet.real_name, provider_id)
    asked = [r for r in told if r.path not in GLANCES]
    left = without_ours(asked, running_on(provider_id, services.state), name)
    now = datetime.fromtimestamp(services.now(), UTC)
    return [
        _other(provider_id, name(r.model), r.path, r.id, r.since or now)
        for r in left
        if wanted in (None, name(r.model))
    ]


def _unnamed(host: Host, wanted: str | None, services: Services) -> list[RequestInFlight]:
    """Requests of others on a host that tells their number at most; the model is told when only one can be meant."""
    own = len(running_on(host.id, services.state)) + sum(load.state == "loading" for load in host.loads)
    loaded = [m.ref.partition("/")[2] for m in host.loaded]
    if wanted is not None and loaded and wanted not in loaded:
        return []
    model = loaded[0] if len(loaded) == 1 else ""
    now = datetime.fromtimestamp(services.now(), UTC)
    return [_other(host.id, model, "", "", now) for _ in range(min(host.in_flight - own, _MOST_UNKNOWN))]


def _other(provider_id: str, model: str, path: str, request_id: str, since: datetime) -> RequestInFlight:
    return RequestInFlight(
        id=request_id,
        ref=f"{provider_id}/{model}",
        provider=provider_id,
        endpoint=path,
        client=OTHER,
        started_at=since,
        ours=False,
    )
