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
from pydantic import BaseModel

from boocontrol.client.errors import unreadable
from boocontrol.client.pieces import NOT_KNOWN, Reader
from boocontrol.client.transport import Transport
from boocontrol.core.activity import ActivityNews
from boocontrol.core.api import EventSnapshot, Host, RegistryStatus, Status
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.errors import BooError, Unreachable
from boocontrol.core.history import ModelEvent

SILENCE_S = 45.0
"""Three missed heartbeats: the link is dead though nobody said so."""

LARGE = 1 << 16
"""Characters from which an event is parsed in a thread: the catalog of a big fleet takes longer than a frame."""

REST_S = 0.001
"""After each provider that a thread reads, so that a window of the same program keeps reacting meanwhile."""

MOST_NAMED = 3

_SHAPES: dict[str, type[BaseModel]] = {
    "host": Host,
    "registry": RegistryStatus,
    "activity": ActivityNews,
    "story": ModelEvent,
}


def warm_up() -> None:
    """Build the shapes of events, which would else happen when the first one comes. It takes as long as a few frames:
    for a thread."""
    shapes: list[type[BaseModel]] = [EventSnapshot, Catalog, ProviderEntry, ModelEntry, Status, *_SHAPES.values()]
    for shape in shapes:
        shape.model_rebuild()


@dataclass(frozen=True)
class Event:
    """One event: its id, its kind, and what it tells.

    `data` is an EventSnapshot, Host, Catalog, RegistryStatus, ActivityNews or ModelEvent for the kinds `snapshot`,
    `host`, `catalog`, `registry`, `activity` and `story`, else plain JSON. `problem` says what of it this
    version could not read; it is left out then, and all of an event of the kind `unreadable`.
    """

    id: str
    kind: str
    data: Any
    problem: BooError | None = None


async def events(transport: Transport, last_id: str | None = None) -> AsyncGenerator[Event, None]:
    """Events for ever, from `last_id` on if the gateway still knows it, else from a new snapshot.

    A stream that breaks is taken up again at once where it ended. Raises Unreachable when that fails, or when a
    new stream ends before its first event; the caller waits, and comes back with the id of the last event it saw.
    """
    reader = Reader()
    while True:
        seen = 0
        try:
            async with aclosing(_once(transport, last_id, reader)) as stream:
                async for event in stream:
                    seen += 1
                    last_id = event.id or last_id
                    yield event
        except Unreachable as e:
            if not seen or e.code != Unreachable.code:
                raise
        if not seen:
            raise Unreachable(f"The gateway at {transport.url} ends its event stream at once.", "Try again shortly.")


async def _once(transport: Transport, last_id: str | None, reader: Reader) -> AsyncGenerator[Event, None]:
    headers = {"Cache-Control": "no-store"} | ({"Last-Event-ID": last_id} if last_id else {})
    async with transport.stream("GET", "/api/events", headers=headers, silence_s=SILENCE_S) as response:
        async with aclosing(server_events(response, transport.url)) as stream:
            async for sse in stream:
                event = None
                if len(sse.data) > LARGE:
                    event = await asyncio.to_thread(_read, sse, transport.url, reader, REST_S)
                elif sse.data:
                    event = _read(sse, transport.url, reader)
                # The text of a large one is not kept until the next one comes.
                del sse
                if event is not None:
                    yield event


async def server_events(response: httpx.Response, url: str) -> AsyncGenerator[ServerSentEvent, None]:
    """The server-sent events of an answer. Raises Unreachable if it is no event stream."""
    stream = EventSource(response).aiter_sse()
    try:
        async for sse in stream:
            yield sse
            del sse
    except SSEError:
        raise unreadable("events", url) from None
    finally:
        # First the answer: httpx leaves its inner generators to the garbage, and those of an answer that is still
        # open would wait there, which Qt's loop cannot do, and leave the socket open.
        await response.aclose()
        await stream.aclose()


def _read(sse: ServerSentEvent, url: str, reader: Reader, rest_s: float = 0.0) -> Event:
    """One event. Without a snapshot nothing can be shown, so one that is not understood is an error; of other events
    the next may be: one that is not understood is passed on as `unreadable`."""
    try:
        if sse.event == "snapshot":
            return Event(sse.id, sse.event, reader.snapshot(sse.data.encode(), rest_s=rest_s), _lacking(reader, url))
        if sse.event == "catalog":
            return Event(sse.id, sse.event, reader.catalog(sse.data.encode(), rest_s=rest_s), _lacking(reader, url))
        shape = _SHAPES.get(sse.event)
        if shape is None:
            return Event(sse.id, sse.event, json.loads(sse.data))
        return Event(sse.id, sse.event, shape.model_validate_json(sse.data, strict=True))
    except NOT_KNOWN:
        problem = unreadable(f"an event ({sse.event})", url)
        if sse.event == "snapshot":
            raise problem from None
        return Event(sse.id, "unreadable", None, problem)


def _lacking(reader: Reader, url: str) -> BooError | None:
    if not reader.left_out:
        return None
    names = ", ".join(reader.left_out[:MOST_NAMED]) + ("…" if len(reader.left_out) > MOST_NAMED else "")
    return unreadable(f"what is left out here ({names})", url)
