"""The gateway's event stream: what changed, as it changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import EventSource, ServerSentEvent, SSEError
from pydantic import BaseModel, ValidationError

from boocontrol.client.errors import unreadable
from boocontrol.client.transport import Transport
from boocontrol.core.activity import ActivityNews
from boocontrol.core.api import EventSnapshot, Host, RegistryStatus
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import Unreachable

SILENCE_S = 45.0
"""Three missed heartbeats: the link is dead though nobody said so."""

LARGE = 1 << 16
"""Characters from which an event is parsed in a thread: the catalog of a big fleet takes longer than a frame."""

_SHAPES: dict[str, type[BaseModel]] = {
    "snapshot": EventSnapshot,
    "host": Host,
    "catalog": Catalog,
    "registry": RegistryStatus,
    "activity": ActivityNews,
}


@dataclass(frozen=True)
class Event:
    """One event: its id, its kind, and what it tells.

    `data` is an EventSnapshot, Host, Catalog, RegistryStatus or ActivityNews for the kinds `snapshot`, `host`,
    `catalog`, `registry` and `activity`, else plain JSON.
    """

    id: str
    kind: str
    data: Any


async def events(transport: Transport, last_id: str | None = None) -> AsyncGenerator[Event, None]:
    """Events for ever, from `last_id` on if the gateway still knows it, else from a new snapshot.

    A stream that breaks is taken up again at once where it ended. Raises Unreachable when that fails, or when a
    new stream ends before its first event; the caller waits, and comes back with the id of the last event it saw.
    """
    while True:
        seen = 0
        try:
            async with aclosing(_once(transport, last_id)) as stream:
                async for event in stream:
                    seen += 1
                    last_id = event.id or last_id
                    yield event
        except Unreachable as e:
            if not seen or e.code != Unreachable.code:
                raise
        if not seen:
            raise Unreachable(f"The gateway at {transport.url} ends its event stream at once.", "Try again shortly.")


async def _once(transport: Transport, last_id: str | None) -> AsyncGenerator[Event, None]:
    headers = {"Cache-Control": "no-store"} | ({"Last-Event-ID": last_id} if last_id else {})
    async with transport.stream("GET", "/api/events", headers=headers, silence_s=SILENCE_S) as response:
        async with aclosing(server_events(response, transport.url)) as stream:
            async for sse in stream:
                if len(sse.data) > LARGE:
                    yield await asyncio.to_thread(_read, sse, transport.url)
                elif sse.data:
                    yield _read(sse, transport.url)


async def server_events(response: httpx.Response, url: str) -> AsyncGenerator[ServerSentEvent, None]:
    """The server-sent events of an answer. Raises Unreachable if it is no event stream."""
    try:
        async with aclosing(EventSource(response).aiter_sse()) as stream:
            async for sse in stream:
                yield sse
    except SSEError:
        raise unreadable("events", url) from None


def _read(sse: ServerSentEvent, url: str) -> Event:
    shape = _SHAPES.get(sse.event)
    try:
        data = json.loads(sse.data) if shape is None else shape.model_validate_json(sse.data, strict=True)
    except (ValidationError, ValueError):
        raise unreadable(f"an event ({sse.event})", url) from None
    return Event(sse.id, sse.event, data)
