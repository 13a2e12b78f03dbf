"""From the host's answer to the client's: events as they come, JSON with `model` restored, other bytes untouched."""

from __future__ import annotations

import asyncio
import re
from typing import Final

import aiohttp

from boocontrol.core.registry import Provider
from boocontrol.core.resolver import Route
from boocontrol.gateway.body import SMALL, in_steps, quoted
from boocontrol.gateway.errors import Trouble, host_words
from boocontrol.gateway.exchange import Exchange
from boocontrol.gateway.headers import downward
from boocontrol.gateway.jsonscan import ScanError, exhaust, find, replaced
from boocontrol.gateway.keepalive import KeepAlive
from boocontrol.gateway.sse import EventStream, EventTooLong, Style
from boocontrol.gateway.upstream import ANSWER_CAP, whole_body

UNKNOWN_MODEL: Final = re.compile(
    r"no router for requested model|could not find suitable (inference )?handler|could not find real modelID"
    r"|^model not found$",
    re.IGNORECASE,
)
_BROKEN: Final = (aiohttp.ClientError, ConnectionError, asyncio.IncompleteReadError)


class UnknownToHost(Exception):
    """The host says that it does not have the model."""


async def relay(answer: aiohttp.ClientResponse, exchange: Exchange, route: Route, alive: KeepAlive | None) -> None:
    """Pass the host's answer on. Raises Trouble while nothing was sent, UnknownToHost."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if alive is not None and kind != "text/event-stream":
        alive.stop()  # comments belong into a stream of events and nowhere else
    if answer.status >= 400:
        await _refused(answer, exchange, route)
    elif answer.status >= 300:
        raise _redirected(route.provider)
    elif kind == "text/event-stream":
        await _events(answer, exchange, route, alive)
    elif exchange.started:
        raise Trouble(502, "upstream_no_stream", f"The provider {route.provider_id} did not answer with a stream.")
    elif kind == "application/json" or kind.endswith("+json"):
        await _json(answer, exchange, route)
    else:
        await _bytes(answer, exchange, route)


async def _events(answer: aiohttp.ClientResponse, exchange: Exchange, route: Route, alive: KeepAlive | None) -> None:
    style: Style = exchange.family.style if exchange.family else "other"
    measure = exchange.measure
    events = EventStream(quoted(str(route.ref)), style, measure.usage)
    if not exchange.started:
        await exchange.start(answer.status, downward(answer.headers), streaming=True)
    try:
        while chunk := await answer.content.readany():
            ready = b"".join(events.feed(chunk))
            if measure.first is None and events.tokens_seen:
                measure.token()
            measure.pieces = events.pieces
            if ready:
                await exchange.write(ready)
            if alive is not None:
                alive.stop() if events.has_ids else alive.touch()
            if events.bare_error is not None:
                break
        for event in events.close():
            await exchange.write(event)
    except EventTooLong as e:
        answer.close()
        raise interrupted(route.provider, str(e)) from None
    except _BROKEN:
        pass  # told below, as any stream that ends before it is whole
    finally:
        exchange.last_event = events.last
        exchange.border = events.border
        exchange.answered = events.whole
    await _ended(events, exchange, route)


async def _ended(events: EventStream, exchange: Exchange, route: Route) -> None:
    if events.bare_error is not None:
        words = host_words(events.bare_error) or "the host tells no reason"
        raise Trouble(502, "upstream_failed", f"The provider {route.provider_id} could not answer: {words}")
    if not (events.whole or events.errored):
        raise interrupted(route.provider)
    if events.errored:
        exchange.outcome = "upstream_error"
    await exchange.end()


async def _json(answer: aiohttp.ClientResponse, exchange: Exchange, route: Route) -> None:
    body = await _read(answer, route)
    await exchange.whole(answer.status, downward(answer.headers), await _restored(body, route))
    exchange.measure.usage.plain(body)


async def _restored(body: bytes, route: Route) -> bytes:
    """The answer with the canonical ref as its `model`; a body that is no JSON object stays as it is."""
    if b'"model"' not in body or body.lstrip()[:1] != b"{":
        return body
    try:
        if len(body) <= SMALL:
            found = exhaust(body, strict=False)
        else:
            found = await in_steps(find(body, strict=False))
    except ScanError:
        return body
    return replaced(body, found.top, quoted(str(route.ref)))


async def _bytes(answer: aiohttp.ClientResponse, exchange: Exchange, route: Route) -> None:
    headers = downward(answer.headers)
    length = answer.headers.get("Content-Length")
    if length is not None and "Content-Encoding" not in answer.headers:
        headers.append((b"content-length", length.encode()))
    await exchange.start(answer.status, headers)
    try:
        while chunk := await answer.content.readany():
            await exchange.write(chunk)
    except _BROKEN:
        raise interrupted(route.provider) from None
    await exchange.end()


async def _refused(answer: aiohttp.ClientResponse, exchange: Exchange, route: Route) -> None:
    """An error of the host: as it came when it has the shape that clients read, else put into that shape."""
    body = await _read(answer, route, failing=True)
    words = host_words(body)
    if route.kind == "swap" and answer.status in (400, 404) and UNKNOWN_MODEL.search(words):
        raise UnknownToHost
    retry = answer.headers.get("Retry-After", "")
    after = (
        int(retry)
        if retry.isascii() and retry.isdecimal() and len(retry) < 8
        else (2 if answer.status in (429, 503) else None)
    )
    if exchange.started or not _shaped(body, exchange):
        raise _told(answer.status, words, route.provider, after)
    headers = downward(answer.headers)
    if after is not None and not retry:
        headers.append((b"retry-after", str(after).encode()))
    exchange.outcome = "refused" if answer.status < 500 else "upstream_failed"
    await exchange.whole(answer.status, headers, body)


def _shaped(body: bytes, exchange: Exchange) -> bool:
    """Whether an error body is an object that the client's library reads."""
    import json

    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict) or not isinstance(value.get("error"), dict):
        return False
    anthropic = exchange.family is not None and exchange.family.anthropic
    return "message" in value["error"] and (not anthropic or value.get("type") == "error")


def _told(status: int, words: str, provider: Provider, after: int | None) -> Trouble:
    if not words and status < 500:
        text = f"The provider {provider.id} refuses this and tells no reason. Perhaps it does not serve this endpoint."
        return Trouble(status, "upstream_refused", text, retry_after=after)
    if not words:
        text = f"The model server of provider {provider.id} ended before it answered. See the host's log."
        return Trouble(status, "upstream_failed", text, retry_after=after)
    code = {401: "provider_refused_key", 403: "provider_refused_key", 429: "provider_busy"}.get(status)
    code = code or ("upstream_refused" if status < 500 else "upstream_failed")
    return Trouble(status, code, words, retry_after=after)


async def _read(answer: aiohttp.ClientResponse, route: Route, *, failing: bool = False) -> bytes:
    try:
        return await whole_body(answer, route.provider, ANSWER_CAP)
    except _BROKEN:
        if failing:
            return b""
        text = f"The provider {route.provider_id} broke off in the middle of its answer. See the host's log."
        raise Trouble(502, "upstream_failed", text) from None


def interrupted(provider: Provider, why: str = "") -> Trouble:
    """A stream that ended before it was whole: llama-swap ends such a one in good order."""
    reason = why or "the model was unloaded, its server died, or the host reloaded its configuration"
    text = f"The answer of provider {provider.id} was cut off: {reason}."
    return Trouble(502, "upstream_stream_interrupted", text)


def _redirected(provider: Provider) -> Trouble:
    text = f"The address of provider {provider.id} redirects elsewhere. Set its baseUrl to the final address."
    return Trouble(502, "upstream_redirect", text)
