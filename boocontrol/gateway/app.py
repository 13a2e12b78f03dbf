"""The gateway as one ASGI application: admission first, then the data plane by path, then the control API."""

from __future__ import annotations

import logging
import uuid
from typing import Final

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from boocontrol.core.errors import Refusal
from boocontrol.core.resolver import resolve, unknown_model
from boocontrol.gateway.body import ClientLeft
from boocontrol.gateway.errors import Trouble, from_error
from boocontrol.gateway.exchange import Exchange
from boocontrol.gateway.families import FAMILIES, right_path
from boocontrol.gateway.forward import Forwarder, unless_left
from boocontrol.gateway.headers import Raw
from boocontrol.gateway.listing import Listing
from boocontrol.gateway.props import answer_props
from boocontrol.gateway.security import admit, is_addressed, origin_allowed
from boocontrol.gateway.state import GatewayState
from boocontrol.gateway.upstream import Upstream

log = logging.getLogger("boocontrol.gateway")

_EXPOSED: Final = b"etag, retry-after, x-boocontrol-request-id, x-boocontrol-provider, x-boocontrol-model"
_JSON: Final[Raw] = [(b"content-type", b"application/json")]
_TEXT: Final[Raw] = [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")]


class GatewayApp:
    """Everything the gateway answers. `control` is the ASGI application behind `/api`."""

    def __init__(self, state: GatewayState, control: ASGIApp) -> None:
        self._state = state
        self._control = control
        self._upstream = Upstream()
        self.forwarder = Forwarder(state, self._upstream)
        self._listing = Listing(state)

    def drain(self) -> None:
        """Take no more requests and end those that run: their clients get an error event."""
        self._state.draining = True
        for running in self._state.in_flight:
            running.cancel("shutdown")

    async def close(self) -> None:
        """Close the connections to all hosts."""
        await self._upstream.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        origin = dict(scope["headers"]).get(b"origin")
        if origin is not None and origin_allowed(origin, self._state.security()):
            send = _with_cors(send, origin)
            if scope["method"] == "OPTIONS" and is_addressed(scope["headers"], self._state.security()):
                await _preflight(scope, send)
                return
        await self._guarded(scope, receive, send)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        family = FAMILIES.get(path)
        exchange = Exchange(send, family, uuid.uuid4().hex)
        try:
            scope["boocontrol.key"] = admit(path, scope["headers"], self._state.security())
            if family is not None and scope["method"] == "POST":
                await self.forwarder(scope, receive, send, family)
            elif path == "/api" or path.startswith("/api/"):
                await self._control(scope, receive, send)
            elif family is not None:
                raise _wrong_method(path, "POST")
            else:
                await self._read(scope, receive, exchange)
        except ClientLeft:
            pass
        except Trouble as trouble:
            await exchange.fail(trouble)
        except Exception:
            log.exception("A fault of the gateway itself at %s", path)
            await exchange.fail(Trouble(500, "gateway_fault", "The gateway failed. Its log tells where."))

    async def _read(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        """The readable paths of the data plane."""
        path: str = scope["path"]
        known = path in ("/v1/models", "/healthz", "/metrics") or path.removeprefix("/v1/models/") not in ("", path)
        if not known and not _is_props(path):
            raise _no_route(path)
        if scope["method"] not in ("GET", "HEAD"):
            raise _wrong_method(path, "GET, HEAD")
        if path == "/v1/models":
            await exchange.whole(200, _JSON, self._listing.body())
        elif path == "/healthz":
            health = {"status": "ok", "instanceId": self._state.instance_id, "version": self._state.version}
            await exchange.whole(200, _JSON, msgspec.json.encode(health))
        elif path == "/metrics":
            from boocontrol.gateway.metrics import render

            await exchange.whole(200, _TEXT, render(self._state, self.forwarder.outcomes, self.forwarder.durations))
        elif _is_props(path):
            ref = path.removeprefix("/upstream/").removesuffix("/props")  # decoded by the server already
            has_key = bool(scope["boocontrol.key"])
            await unless_left(receive, answer_props(ref, self._state, self._upstream, exchange, has_key=has_key))
        else:
            await self._model(path.removeprefix("/v1/models/"), exchange)

    async def _model(self, text: str, exchange: Exchange) -> None:
        state = self._state
        wanted = state.registry.ref(text)
        body = self._listing.record(wanted) if wanted else None
        if body is None:
            try:
                resolve(state.registry, text, "chat", state.catalog)
            except Refusal as e:
                raise from_error(e, 404) from None
            raise from_error(unknown_model(text, state.registry, state.catalog), 404)
        await exchange.whole(200, _JSON, body)


def _is_props(path: str) -> bool:
    return path.startswith("/upstream/") and path.endswith("/props") and len(path) > len("/upstream//props")


def _wrong_method(path: str, allow: str) -> Trouble:
    text = f"{path} takes {allow.partition(',')[0]} only."
    return Trouble(405, "method_not_allowed", text, allow=allow)


def _no_route(path: str) -> Trouble:
    right = right_path(path)
    advice = f"Use {right}." if right else "The OpenAI endpoints begin with /v1, the control API with /api."
    shown = "".join(c if c.isprintable() else "?" for c in path[:200])
    return Trouble(404, "no_such_route", f"There is nothing at {shown}. {advice}").calm()


async def _preflight(scope: Scope, send: Send) -> None:
    asked = dict(scope["headers"]).get(b"access-control-request-headers", b"authorization, content-type")
    headers = [
        (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
        (b"access-control-allow-headers", asked),
        (b"access-control-max-age", b"600"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _with_cors(send: Send, origin: bytes) -> Send:
    """Adds what a page of an allowed origin needs to read the answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            allowed = [
                (b"access-control-allow-origin", origin),
                (b"access-control-expose-headers", _EXPOSED),
                (b"vary", b"origin"),
            ]
            message = {**message, "headers": [*message.get("headers", []), *allowed]}
        await send(message)

    return sending
