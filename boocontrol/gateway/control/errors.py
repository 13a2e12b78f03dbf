"""Every no of the control API in one shape: message, type, param, code, and advice."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, compile_path

from boocontrol.core.api import Broken, Busy, ErrorBody, Problem, RegistryProblem, RequestInFlight
from boocontrol.core.errors import BadInput, BooError, Refusal, RegistryError, SecretError, Stale, Unreachable
from boocontrol.gateway.control.etags import Unconditional
from boocontrol.hosts.errors import BadAnswer, HostRefused

log = logging.getLogger(__name__)

_BY_CODE: Final = {
    "key_wrong": 401,
    "not_found": 404,
    "duplicate_id": 409,
    "key_from_environment": 409,
    "not_supported": 409,
    "cannot_wake": 409,
    "wrong_content_type": 415,
    "body_too_large": 413,
    "not_json": 400,
}
_BY_CLASS: Final[tuple[tuple[type[BooError], int], ...]] = (
    (Unconditional, 428),
    (Stale, 412),
    (RegistryError, 409),
    (Refusal, 404),
    (BadInput, 422),
    # The keyring is no part of the gateway: that it is locked or missing is a state, not a fault of the server.
    (SecretError, 409),
    (HostRefused, 409),
    (BadAnswer, 502),
    (Unreachable, 503),
)
# Words by which clients know what a host did, whichever fault it was in detail.
_CODES: Final[tuple[tuple[type[BooError], str], ...]] = (
    (Unreachable, "provider_offline"),
    (HostRefused, "provider_needs_key"),
)


class InUse(BooError):
    """The action would cut requests that run; `force` cuts them."""

    code = "busy"

    def __init__(self, title: str, advice: str, requests: tuple[RequestInFlight, ...]) -> None:
        super().__init__(title, advice)
        self.requests = requests


def status_of(error: BooError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, InUse):
        return 409
    if isinstance(error, BadAnswer) and error.status == 404 and error.code != "not_supported":
        return 404
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return next((status for kind, status in _BY_CLASS if isinstance(error, kind)), 500)


def problem_of(error: BooError, status: int) -> Problem:
    """The answer's body."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), error.code)
    body = ErrorBody(message=error.title, type=_type(status), param=error.param, code=code)
    if isinstance(error, InUse):
        return Busy(error=body, advice=error.advice, requests=error.requests)
    if isinstance(error, RegistryError):
        place = RegistryProblem(
            message=error.title, advice=error.advice, line=error.line, column=error.column, field=error.field
        )
        return Broken(error=body, advice=error.advice, registry=place)
    return Problem(error=body, advice=error.advice)


def install(app: FastAPI, routes: Iterable[BaseRoute]) -> None:
    """Let every error of the app, which has these routes, leave in that shape."""
    table = [(compile_path(r.path)[0], r.methods or set()) for r in routes if isinstance(r, APIRoute)]

    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, BooError)
        status = status_of(error)
        if status >= 500:
            log.warning("%s %s: %s", request.method, request.url.path, error)
        return _answer(problem_of(error, status), status)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 405:
            return _wrong_method(request, _allowed(request.url.path, table) or (error.headers or {}).get("Allow", ""))
        if error.status_code == 404:
            text = "There is nothing at this address."
            return _plain(404, "no_such_route", text, "The API is described at /api/openapi.json.")
        return _plain(error.status_code, "refused", "The request cannot be answered.", "Look at /api/openapi.json.")

    async def fault(request: Request, error: Exception) -> Response:
        return _plain(500, "gateway_fault", "The gateway failed.", "Its log tells where; the request can be repeated.")

    async def gone(request: Request, error: Exception) -> Response:
        return Response(status_code=400)

    app.add_exception_handler(BooError, told)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, fault)


def _allowed(path: str, table: Iterable[tuple[re.Pattern[str], set[str]]]) -> str:
    """The methods of every route at this path; the framework names those of the first only."""
    return ", ".join(sorted({m for pattern, methods in table if pattern.match(path) for m in methods}))


def _wrong_method(request: Request, allow: str) -> Response:
    advice = f"Use {allow}." if allow else "Look at /api/openapi.json."
    response = _plain(405, "method_not_allowed", f"{request.method} is not possible here.", advice)
    response.headers["Allow"] = allow
    return response


def _plain(status: int, code: str, message: str, advice: str) -> Response:
    return _answer(Problem(error=ErrorBody(message=message, type=_type(status), code=code), advice=advice), status)


def _answer(problem: BaseModel, status: int) -> Response:
    return Response(problem.model_dump_json(by_alias=True), status, media_type="application/json")


def _type(status: int) -> str:
    if status in (401, 404):
        return "authentication_error" if status == 401 else "not_found_error"
    return "server_error" if status >= 500 else "invalid_request_error"
