"""The proxied routes: finds the model, waits for it, and passes the request and answer through."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import aclosing
from dataclasses import replace
from urllib.parse import quote, urlencode

from boocontrol.demo.backends import Backend, Gone, Outgoing
from boocontrol.demo.call import Call
from boocontrol.demo.config import ModelConfig, PeerConfig
from boocontrol.demo.errors import Refusal
from boocontrol.demo.exchange import Exchange
from boocontrol.demo.formats import canonical
from boocontrol.demo.loading import narrate
from boocontrol.demo.names import Target, in_path, model_of, resolve, with_model
from boocontrol.demo.paths import is_model_get, is_model_post
from boocontrol.demo.state import HostState
from boocontrol.demo.wire import Headers, Request, end_to_end

# What a web page asks for by itself; llama-swap's default of upstream.ignorePaths.
_IGNORED = re.compile(r"\.(css|js|mjs|json|txt|ico|png|jpe?g|gif|svg|webp|woff2?|ttf|map)$")
_LOADING_HEAD: Headers = [
    ("Cache-Control", "no-cache"),
    ("Connection", "keep-alive"),
    ("Content-Type", "text/event-stream"),
]
_GZIP = ("gzip", "deflate")


async def inference(state: HostState, exchange: Exchange) -> None:
    """Routes that name their model in the body, or as ?model=."""
    request = exchange.request
    name = model_of(request, state.version)
    if not name:
        raise Refusal(404, "no model id could be identified", 400, "missing or invalid 'model' key")
    target = resolve(state.config, state.version, name, state.pins, state.ready, state.scheduler.active)
    shown = target.shown if target else name
    if target is not None and target.renamed:
        request = exchange.request = _rewritten(request, target.shown)
    metered = request.method == "POST"
    call = Call(state, exchange, shown, request.path, tracked=True, metered=metered)

    async def work() -> None:
        if target is None:
            old = f"could not find suitable inference handler for {name}"
            raise Refusal(404, "no router for requested model", 400, old)
        await _pass_on(call, target, _onward(request, target), with_model(request, target.sent))

    await call.run(work)


def _rewritten(request: Request, model: str) -> Request:
    body = with_model(request, model)
    headers = [(n, str(len(body)) if n.lower() == "content-length" else v) for n, v in request.headers]
    return replace(request, body=body, headers=tuple(headers))


def _onward(request: Request, target: Target) -> str:
    """/v/x goes on as /x; a peer is asked for its own name of the model."""
    path = request.raw_path
    if path.startswith("/v/"):
        path = path[2:]
    if request.method == "POST" or target.peer is None:
        return path + (f"?{request.query_text}" if request.query_text else "")
    return f"{path}?{urlencode({'model': target.sent}, safe='/')}"


async def upstream(state: HostState, exchange: Exchange) -> None:
    """/upstream/<model>/...: the model server itself."""
    request = exchange.request
    rest = request.path.removeprefix("/upstream/")
    found = in_path(state.config, state.version, rest)
    if found is None:
        raise Refusal(404, "model not found", 400, "model id required in path")
    target, inner = found
    if not inner:
        _to_slash(exchange, rest)
        return
    ignored = state.version.number >= 229 and _IGNORED.search(inner)
    if ignored and target.model is not None and not state.ready(target.model.id):
        text = f"model {target.model.id} is not loaded; path matches upstream.ignorePaths"
        raise Refusal(409, text)
    metered = request.method == "POST" and is_model_post(state.version, inner)
    tracked = metered or (request.method == "GET" and is_model_get(state.version, inner))
    call = Call(
        state,
        exchange,
        target.shown,
        inner,
        tracked=tracked or state.version.gin,
        metered=metered,
    )
    query = f"?{request.query_text}" if request.query_text else ""
    await call.run(lambda: _pass_on(call, target, quote(inner, safe=_SAFE) + query, request.body))


_SAFE = "/:@!$&'()*+,;=~"


def _to_slash(exchange: Exchange, name: str) -> None:
    request = exchange.request
    place = f"/upstream/{name}/" + (f"?{request.query_text}" if request.query_text else "")
    if request.method not in ("GET", "HEAD"):
        exchange.respond(308, [("Location", place)])
        return
    page = f'<a href="{place}">Moved Permanently</a>.\n\n' if request.method == "GET" else ""
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Location", place)]
    exchange.respond(301, headers, page.encode())


async def _pass_on(call: Call, target: Target, onward: str, body: bytes) -> None:
    if target.model is not None:
        await _to_model(call, target.model, onward, body)
    elif target.peer is not None:
        await _to_peer(call, target.peer, onward, body)


async def _to_model(call: Call, model: ModelConfig, onward: str, body: bytes) -> None:
    state, scheduler = call.state, call.state.scheduler
    process = state.processes[model.id]
    request = call.exchange.request
    if process.state != "ready" and (request.method != "POST" or request.path != call.path):
        call.exchange.record.touched_not_ready = True
    if _wants_loading_text(call, model) and process.state != "ready":
        await _wait_with_text(call, model)
    else:
        await scheduler.acquire(model.id)
    call.granted = True
    process.calls.add(call)
    try:
        if process.state != "ready":
            raise Refusal(503, f"[{model.id}] process is not ready")
        headers = _outgoing_headers(state, request, body, request.header("Host"))
        await _relay(call, process.backend, onward, headers, body)
    finally:
        process.calls.discard(call)
        scheduler.release(model.id)


def _wants_loading_text(call: Call, model: ModelConfig) -> bool:
    request = call.exchange.request
    if not model.send_loading_state or call.path != "/v1/chat/completions":
        return False
    try:
        body = json.loads(request.body)
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("stream") is True


async def _wait_with_text(call: Call, model: ModelConfig) -> None:
    scheduler = call.state.scheduler
    scheduler.check(model.id)
    call.start(200, _LOADING_HEAD)
    ended = asyncio.Event()
    clock = call.state.config.clock
    text = asyncio.get_running_loop().create_task(narrate(call.write, model.id, ended, clock))
    granted = False
    try:
        try:
            await scheduler.acquire(model.id)
            granted = True
        except Exception:
            ended.set()
            await text
            raise
        ended.set()
        await text
    except asyncio.CancelledError:
        if granted:
            scheduler.release(model.id)
        raise
    finally:
        text.cancel()


async def _to_peer(call: Call, peer: PeerConfig, onward: str, body: bytes) -> None:
    state, backend = call.state, call.state.peer_backend(peer)
    headers = _outgoing_headers(state, call.exchange.request, body, backend.address)
    headers = [item for item in headers if item[0] != "X-Forwarded-For"]
    if peer.api_key:
        headers = [h for h in headers if h[0] not in ("Authorization", "X-Api-Key")]
        headers += [("Authorization", f"Bearer {peer.api_key}"), ("X-Api-Key", peer.api_key)]
    try:
        await _relay(call, backend, onward, headers, body)
    except Gone as gone:
        if call.exchange.started:
            call.exchange.end()
            return
        state.logs.warn(f"peer {peer.id}: proxy error: {gone}")
        raise Refusal(502, f"peer proxy error: {gone}") from gone


async def _relay(call: Call, backend: Backend, onward: str, headers: Headers, body: bytes) -> None:
    exchange = call.exchange
    added_gzip = not exchange.request.header("Accept-Encoding")
    outgoing = Outgoing(exchange.request.method, onward, headers, body, added_gzip)
    async with backend.send(outgoing) as reply:
        if not exchange.started:
            shown = reply.headers
            if any(n == "Content-Type" and "text/event-stream" in v for n, v in shown):
                shown = [h for h in shown if h[0] != "X-Accel-Buffering"]
                shown = [*shown, ("X-Accel-Buffering", "no")]
            call.start(reply.status, shown)
        if isinstance(reply.body, bytes):
            call.write(reply.body)
        else:
            async with aclosing(reply.body) as pieces:
                async for piece in pieces:
                    call.write(piece)
                    await exchange.drain()
        exchange.end()


def _outgoing_headers(state: HostState, request: Request, body: bytes, host: str) -> Headers:
    """In the order in which Go writes them: Host, User-Agent, Content-Length, then by name."""
    kept = {canonical(name): value for name, value in reversed(end_to_end(request.headers))}
    agent = kept.pop("User-Agent", "")
    for name in ("Host", "Content-Length"):
        kept.pop(name, None)
    if 179 <= state.version.number < 225 and state.config.api_keys:
        for name in ("Authorization", "X-Api-Key"):
            kept.pop(name, None)
    forwarded = kept.get("X-Forwarded-For")
    ip = request.remote_ip
    kept["X-Forwarded-For"] = f"{forwarded}, {ip}" if forwarded else ip
    wanted = kept.get("Accept-Encoding")
    if wanted is not None and request.method == "POST":
        offered = [part.strip() for part in wanted.split(",")]
        kept["Accept-Encoding"] = ", ".join(o for o in offered if o.split(";")[0] in _GZIP)
    headers: Headers = [("Host", host)]
    if agent:
        headers.append(("User-Agent", agent))
    if body or request.method == "POST":
        headers.append(("Content-Length", str(len(body))))
    headers += sorted(kept.items())
    if wanted is None:
        headers.append(("Accept-Encoding", "gzip"))
    return headers
