"""What the gateway answers when it says no, as exceptions with title and advice. Nothing here holds a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from boocontrol.core.api import Problem, RequestInFlight
from boocontrol.core.errors import BadInput, BooError, Stale, Unreachable
from boocontrol.core.values import plain

LONGEST_TITLE = 2000


class NoGateway(Unreachable):
    """No gateway serves this registry on this machine, as far as the runtime file tells."""

    code = "no_gateway"


class ApiError(BooError):
    """The gateway refused or failed; `status` is the HTTP status, None when it was told inside a stream."""

    def __init__(self, title: str, advice: str = "", *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(title, advice, code=code)
        self.status = status


class KeyRefused(ApiError):
    """The gateway, or the host behind it, does not take the key it was given, or needs one."""

    code = "unauthorized"


class NotFound(ApiError):
    """There is no such model, provider or route."""

    code = "not_found"


class HostDown(ApiError):
    """The host behind a provider does not answer."""

    code = "provider_offline"


class Busy(ApiError):
    """It would cut running requests (`requests`), or the host takes no more of them now."""

    code = "busy"

    def __init__(
        self,
        title: str,
        advice: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        requests: tuple[RequestInFlight, ...] = (),
    ) -> None:
        super().__init__(title, advice, code=code, status=status)
        self.requests = requests


_OFFLINE = frozenset({"provider_offline", "host_down"})
_KEY = frozenset({"key_missing", "needs_key", "provider_key_missing", "provider_needs_key", "invalid_api_key"})
_OWN_KEY = frozenset({"key_required", "key_wrong"})
_NAME_FILE = "For a gateway that is named with --gateway, name its key file with --key-file."


def from_answer(status: int | None, raw: bytes, url: str) -> BooError:
    """The error behind an answer's status and body. `status` is None for an error inside a stream."""
    try:
        problem = Problem.model_validate_json(raw)
    except ValidationError:
        return _foreign(status, url)
    title = plain(problem.error.message)[:LONGEST_TITLE] or "The gateway said no without a reason."
    advice = plain(problem.advice)[:LONGEST_TITLE]
    return _classed(status, problem.error.code, title, advice, problem.error.param, raw)


def _classed(status: int | None, code: str | None, title: str, advice: str, param: str | None, raw: bytes) -> BooError:
    if code in _OFFLINE:
        return HostDown(title, advice or "`boocontrol status` shows the hosts.", code=code, status=status)
    if status in (401, 403) or code in _KEY:
        return KeyRefused(title, advice or (_NAME_FILE if code in _OWN_KEY else ""), code=code, status=status)
    if status == 404 or code in ("model_not_found", "not_found"):
        return NotFound(title, advice, code=code, status=status)
    if status == 429 or code == "busy":
        return Busy(title, advice, code=code, status=status, requests=_requests(raw))
    if status == 412:
        return Stale(title, advice, code=code)
    if status in (400, 413, 422, 428):
        return BadInput(title, advice, code=code, param=param)
    return ApiError(title, advice, code=code, status=status)


def _requests(raw: bytes) -> tuple[RequestInFlight, ...]:
    """The requests that a 409 names; none when the body lists none that can be read."""
    from boocontrol.core.api import Busy as BusyBody

    try:
        return BusyBody.model_validate_json(raw).requests
    except ValidationError:
        return ()


def _foreign(status: int | None, url: str) -> BooError:
    """An answer that is not in the gateway's words."""
    title = f"What answers at {url} does not answer as a BooControl gateway does (status {status})."
    return Unreachable(title, "Check the address; a proxy may stand between.", code="not_a_gateway")


def unreadable(what: str, url: str) -> BooError:
    """An answer of the right status whose shape is not known here."""
    title = f"The gateway at {url} answered {what} in a form that this version does not know."
    return Unreachable(title, "Bring the gateway and this program to the same version.", code="not_understood")


def unreachable(url: str, error: Exception) -> Unreachable:
    """Nobody answers: the foreign text is left out, it says nothing to people and may hold what was sent."""
    import httpx

    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return Unreachable(f"{url} is no address of a gateway.", "Write it as http://host:9503.", code="bad_address")
    slow = isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout)
    why = "does not answer in time" if slow else "cannot be reached"
    return Unreachable(f"The gateway at {url} {why}.", "Is it running? Start it with: boocontrol gateway")


def closed() -> Unreachable:
    """The connection was given up while something was asked over it."""
    return Unreachable("The connection to the gateway was closed.", "Try again.", code="no_gateway")


def as_json(error: BooError) -> Mapping[str, Any]:
    """The error as the control API would tell it: an error object, and advice beside it."""
    told: dict[str, Any] = {
        "error": {"message": error.title, "type": type(error).__name__, "param": error.param, "code": error.code},
        "advice": error.advice,
    }
    if isinstance(error, Busy) and error.requests:
        told["requests"] = [r.model_dump(mode="json", by_alias=True) for r in error.requests]
    return told
