"""Which of the requests that a host tells of came through this gateway, and which went past it.

A host does not say who asked. Requests of the same model and path are told apart by when they began, by the host's
clock; where two began too close to each other, both are marked as doubtful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from boocontrol.core.api import Host, HostRequest
from boocontrol.gateway.families import FAMILIES
from boocontrol.gateway.inflight import Running
from boocontrol.gateway.state import GatewayState

# A host's clock is known to a second; a request may reach its host much later than it reached us, never before.
CLOSE_S: Final = 3.0

Told = Sequence[HostRequest]
Name = Callable[[str], str]


class Past:
    """Marks the requests of hosts as `ours`. `real_name(provider, name)` is the model that a name stands for,
    `ahead_s(provider)` how far its host's clock is ahead of ours."""

    def __init__(
        self, state: GatewayState, real_name: Callable[[str, str], str], ahead_s: Callable[[str], float]
    ) -> None:
        self._state = state
        self._real_name = real_name
        self._ahead_s = ahead_s

    def mark(self, host: Host) -> Host:
        """The host as it is shown."""
        if not host.requests:
            return host
        ours = running_on(host.id, self._state)
        marked = _marked(
            host.requests, ours, lambda name: self._real_name(host.id, name), self._ahead_s(host.id) if ours else 0.0
        )
        return host.model_copy(update={"requests": marked})


def running_on(provider_id: str, state: GatewayState) -> list[Running]:
    """Our requests on a provider, also those that began while it had another id."""
    present = state.registry.heads.get
    return [r for r in state.in_flight if present(r.provider, r.provider) == provider_id]


def without_ours(told: Told, ours: Iterable[Running], name: Name, ahead_s: float = 0.0) -> list[HostRequest]:
    """What is left when for each of ours the likeliest is taken out: as many as there are of others."""
    found = _matched(told, ours, name, ahead_s)
    return [request for at, request in enumerate(told) if at not in found]


def _marked(told: Told, ours: Iterable[Running], name: Name, ahead_s: float) -> tuple[HostRequest, ...]:
    found = _matched(told, ours, name, ahead_s)
    return tuple(
        request.model_copy(update={"ours": at in found, "doubtful": _is_doubtful(at, told, found, name)})
        if found
        else request
        for at, request in enumerate(told)
    )


def _is_doubtful(at: int, told: Told, found: Mapping[int, float | None], name: Name) -> bool:
    request = told[at]
    if at in found and ((late := found[at]) is None or late < -CLOSE_S):
        return True
    for other_at, other in enumerate(told):
        alike = name(other.model) == name(request.model) and other.path == request.path
        if other_at != at and alike and (other_at in found) != (at in found) and _is_close(request, other):
            return True
    return False


def _is_close(one: HostRequest, other: HostRequest) -> bool:
    if one.since is None or other.since is None:
        return True
    return abs((one.since - other.since).total_seconds()) <= CLOSE_S


def _matched(told: Told, ours: Iterable[Running], name: Name, ahead_s: float) -> dict[int, float | None]:
    """For each of ours the request that began nearest to it: how many seconds later that was, None when not told."""
    found: dict[int, float | None] = {}
    for running in sorted(ours, key=lambda r: r.started_at):
        model = name(running.wire_id)
        late: dict[int, float | None] = {
            at: None if r.since is None else r.since.timestamp() - ahead_s - running.started_at
            for at, r in enumerate(told)
            if at not in found and name(r.model) == model and _is_path(r.path, running.endpoint)
        }
        if late:
            best = min(late, key=lambda at: _unlikely(late[at]))
            found[best] = late[best]
    return found


def _unlikely(late: float | None) -> tuple[bool, float]:
    return (late is None or late < -CLOSE_S, 0.0 if late is None else abs(late))


def _is_path(path: str, endpoint: str) -> bool:
    family = FAMILIES.get(endpoint)
    return path == (family.host_path if family else endpoint) or path.endswith(endpoint)
