"""From a request to its handler: routes by version, keys, preflight, and the access log."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from boocontrol.demo import control, forward, logroutes
from boocontrol.demo.auth import allowed
from boocontrol.demo.errors import Refusal, error_body
from boocontrol.demo.exchange import Exchange
from boocontrol.demo.formats import go_duration
from boocontrol.demo.paths import is_model_get, is_model_post
from boocontrol.demo.state import HostState
from boocontrol.demo.versions import Version
from boocontrol.demo.wire import Headers

Handler = Callable[[HostState, Exchange], Awaitable[None]]
_UNLOGGED = ("/wol-health", "/api/performance", "/metrics")
_UNAUTHORIZED = Refusal(401, "unauthorized: invalid or missing API key")


@dataclass(frozen=True)
class Route:
    """`path` may end in /* for everything below."""

    method: str
    path: str
    handler: Handler
    since: int = 0
    until: int = 10_000
    open: bool = False

    def fits(self, version: Version, path: str) -> bool:
        if not self.since <= version.number < self.until:
            return False
        if "*" in self.path:
            return re.fullmatch(self.path.replace("*", ".+"), path) is not None
        return path == self.path


ROUTES = (
    Route("GET", "/", control.redirect("/ui"), open=True),
    Route("GET", "/ui", control.web_page, until=218, open=True),
    Route("GET", "/ui/*", control.web_page, until=218, open=True),
    Route("GET", "/ui", control.redirect("/ui/"), since=218),
    Route("GET", "/ui/", control.web_page, since=218),
    Route("GET", "/ui/*", control.web_page, since=218),
    Route("GET", "/health", control.health, open=True),
    Route("GET", "/wol-health", control.health, since=167, open=True),
    Route("GET", "/upstream", control.redirect("/ui/models"), open=True),
    Route("*", "/upstream/", forward.upstream),
    Route("*", "/upstream/*", forward.upstream),
    Route("GET", "/v1/models", control.models),
    Route("GET", "/models", control.models, since=250),
    Route("GET", "/running", control.running),
    Route("GET", "/unload", control.unload_all_by_get),
    Route("POST", "/api/models/unload", control.unload_all, since=126),
    Route("POST", "/api/models/unload/*", control.unload_one, since=161),
    Route("GET", "/api/version", control.version, since=173),
    Route("GET", "/api/events", control.events, since=135),
    Route("GET", "/api/metrics", control.old_metrics, since=140, until=236),
    Route("GET", "/api/metrics/activity", control.activity, since=236),
    Route("GET", "/api/metrics/stats", control.activity_stats, since=236),
    Route("GET", "/api/captures/*", control.capture, since=190),
    Route("POST", "/api/inflight/*/cancel", control.cancel, since=235),
    Route("GET", "/api/performance", control.performance, since=212),
    Route("GET", "/metrics", control.metrics, since=212),
    Route("GET", "/api/hardware", control.hardware, since=247),
    Route("GET", "/api/profiles", control.profiles, since=241),
    Route("PUT", "/api/profiles/active", control.set_profile, since=241),
    Route("GET", "/logs", logroutes.logs),
    Route("GET", "/logs/stream", logroutes.stream),
    Route("GET", "/logs/stream/*", logroutes.stream),
)


def _routes_for(version: Version, path: str) -> list[Route]:
    found = [route for route in ROUTES if route.fits(version, path)]
    if is_model_post(version, path):
        found.append(Route("POST", path, forward.inference))
    if is_model_get(version, path):
        found.append(Route("GET", path, forward.inference))
    return found


async def handle(state: HostState, exchange: Exchange) -> None:
    """Answers one request as the simulated version would."""
    start = asyncio.get_running_loop().time()
    try:
        await _answer(state, exchange)
    except Refusal as refusal:
        refuse(state, exchange, refusal)
    finally:
        _log(state, exchange, asyncio.get_running_loop().time() - start)


async def _answer(state: HostState, exchange: Exchange) -> None:
    request = exchange.request
    if request.method == "OPTIONS":
        _preflight(exchange)
        return
    routes = _routes_for(state.version, request.path)
    method = request.method
    if method == "HEAD" and not state.version.gin:
        method = "GET"
    route = next((r for r in routes if r.method in (method, "*")), None)
    if route is None:
        _not_found(state.version, exchange, routes)
        return
    if not route.open and not _may_enter(state, exchange):
        raise _UNAUTHORIZED
    await route.handler(state, exchange)


def _may_enter(state: HostState, exchange: Exchange) -> bool:
    if state.wrong_key:
        return False
    return allowed(exchange.request, state.version, state.config.api_keys)


def _not_found(version: Version, exchange: Exchange, routes: list[Route]) -> None:
    if version.gin:
        # Its handler of unknown paths sets the status and writes nothing.
        exchange.respond(404, [])
        return
    headers: Headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if not routes:
        exchange.respond(404, headers, b"404 page not found\n")
        return
    methods = {route.method for route in routes}
    if "GET" in methods:
        methods.add("HEAD")
    headers.append(("Allow", ", ".join(sorted(methods))))
    exchange.respond(405, headers, b"Method Not Allowed\n")


def _preflight(exchange: Exchange) -> None:
    asked = exchange.request.header("Access-Control-Request-Headers")
    names = [name.strip() for name in asked.split(",")]
    clean = [name for name in names if re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name)]
    default = "Content-Type, Authorization, Accept, X-Requested-With"
    exchange.respond(
        204,
        [
            ("Access-Control-Allow-Headers", ", ".join(clean) if asked else default),
            ("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Max-Age", "86400"),
        ],
    )


def refuse(state: HostState, exchange: Exchange, refusal: Refusal) -> None:
    status, message = refusal.for_version(state.version)
    accept = exchange.request.header("Accept")
    kind, body = error_body(state.version, status, message, accept)
    headers = [("Content-Type", kind)]
    if status == 401:
        headers.append(("Www-Authenticate", 'Basic realm="llama-swap"'))
    exchange.respond(status, headers, body)


def _log(state: HostState, exchange: Exchange, seconds: float) -> None:
    request = exchange.request
    if request.path.startswith(_UNLOGGED):
        return
    state.logs.info(
        f'Request {request.remote_ip} "{request.method} {request.path} '
        f'HTTP/{request.http_version}" {exchange.status or 200} {exchange.body_bytes} '
        f'"{request.header("User-Agent")}" {go_duration(seconds)}'
    )
