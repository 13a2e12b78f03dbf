"""The logs of one host through the gateway."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from boocontrol.client.asking import segment
from boocontrol.client.errors import unreadable
from boocontrol.client.events import SILENCE_S, server_events
from boocontrol.client.transport import Transport
from boocontrol.core.logs import LogEnd, LogGap, LogLive, LogNews, LogSource, LogText

_SHAPES: Final[dict[str, type[BaseModel]]] = {"log": LogText, "gap": LogGap, "live": LogLive, "end": LogEnd}


async def logs(
    transport: Transport, provider: str, source: LogSource, model: str, *, history: bool, follow: bool
) -> AsyncGenerator[LogNews, None]:
    """What was kept, LogLive, then lines as they are written; LogEnd is the last.

    Raises NotFound for an unknown host, BadInput, and Unreachable when the gateway is lost: the caller comes back.
    """
    query = {"source": source, "history": str(history).lower(), "follow": str(follow).lower()}
    if model:
        query["model"] = model
    path = f"/api/hosts/{segment(provider)}/logs?{urlencode(query)}"
    async with transport.stream("GET", path, silence_s=SILENCE_S) as response:
        async with aclosing(server_events(response, transport.url)) as stream:
            async for sse in stream:
                shape = _SHAPES.get(sse.event)
                if shape is None or not sse.data:
                    continue  # an event of a newer gateway
                try:
                    news = shape.model_validate_json(sse.data, strict=True)
                except ValidationError:
                    raise unreadable(f"an event ({sse.event})", transport.url) from None
                assert isinstance(news, LogText | LogGap | LogLive | LogEnd)
                yield news
