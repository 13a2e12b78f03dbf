"""GET /logs and the log streams, whose very headers wait for the first line."""

from __future__ import annotations

import asyncio

from boocontrol.demo.control import redirect
from boocontrol.demo.errors import error_body
from boocontrol.demo.exchange import Exchange
from boocontrol.demo.logs import LogRing
from boocontrol.demo.names import local_model
from boocontrol.demo.state import HostState

_INVALID = "invalid logger. Use 'proxy', 'upstream' or a model's ID"
_STREAM_HEADERS = [("X-Accel-Buffering", "no"), ("X-Content-Type-Options", "nosniff")]
_to_page = redirect("/ui/")


async def logs(state: HostState, exchange: Exchange) -> None:
    if "text/html" in exchange.request.header("Accept"):
        await _to_page(state, exchange)
        return
    # The combined log holds what goes to stdout, by default that of the host only.
    text = state.logs.proxy.text
    exchange.respond(200, [("Content-Type", "text/plain")], text.encode())


async def stream(state: HostState, exchange: Exchange) -> None:
    ring = _ring(state, exchange.request.path.removeprefix("/logs/stream").strip("/"))
    if ring is None:
        accept = exchange.request.header("Accept")
        kind, body = error_body(state.version, 400, _INVALID, accept)
        exchange.start(400, [("Content-Type", kind), *_STREAM_HEADERS])
        exchange.write(body)
        exchange.end()
        return
    await _follow(state, exchange, ring)


def _ring(state: HostState, name: str) -> LogRing | None:
    if name in ("", "proxy"):
        return state.logs.proxy
    if name == "upstream":
        return state.logs.upstream
    model = local_model(state.config, name) if state.version.number >= 178 else None
    return state.logs.model(model.id) if model else None


async def _follow(state: HostState, exchange: Exchange, ring: LogRing) -> None:
    pieces: asyncio.Queue[str] = asyncio.Queue()
    no_history = exchange.request.query("no-history") is not None
    if ring.text and not no_history:
        pieces.put_nowait(ring.text)
    stop = ring.follow(pieces.put_nowait)
    state.log_streams.add(pieces)
    try:
        # An empty piece ends the stream, as a reload does.
        while piece := await pieces.get():
            if not exchange.started:
                exchange.start(200, [("Content-Type", "text/plain"), *_STREAM_HEADERS])
            exchange.write(piece.encode())
            await exchange.drain()
    finally:
        stop()
        state.log_streams.discard(pieces)
    if not exchange.started:
        exchange.start(200, [("Content-Type", "text/plain"), *_STREAM_HEADERS])
    exchange.end()
