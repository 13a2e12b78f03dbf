"""One chat answer through the gateway's own endpoint, piece by piece."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import httpx

from boocontrol.client.errors import ApiError, from_answer, unreadable
from boocontrol.client.events import server_events
from boocontrol.client.transport import Transport

PATH = "/v1/chat/completions"


@dataclass(frozen=True)
class ChatText:
    """A piece of the answer, or of the thinking before it."""

    text: str
    thinking: bool = False


@dataclass(frozen=True)
class ChatEnd:
    """The end of a whole answer: the canonical ref, why it ended, and the figures that the host gave."""

    model: str
    finish_reason: str | None
    usage: Mapping[str, Any] = field(default_factory=dict)
    timings: Mapping[str, Any] = field(default_factory=dict)


async def chat_stream(
    transport: Transport, ref: str, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any]
) -> AsyncGenerator[ChatText | ChatEnd, None]:
    """Pieces as they come, then one ChatEnd. Raises BooError for an error before or inside the stream.

    No limit on silence: a model may load for minutes, and the gateway has its own limit.
    """
    body = {**options, "model": ref, "messages": list(messages), "stream": True}
    body.setdefault("stream_options", {"include_usage": True})
    async with transport.stream("POST", PATH, body=body) as response:
        heard = _Heard(ref, transport.url)
        if "text/event-stream" not in response.headers.get("content-type", ""):
            for piece in heard.whole(await response.aread()):
                yield piece
        else:
            async with aclosing(_pieces(response, heard)) as pieces:
                async for piece in pieces:
                    yield piece
        yield heard.end()


async def _pieces(response: httpx.Response, heard: _Heard) -> AsyncGenerator[ChatText, None]:
    async with aclosing(server_events(response, heard.url)) as stream:
        async for sse in stream:
            if sse.data == "[DONE]":
                heard.done = True
                return
            for piece in heard.event(sse.data) if sse.data else ():
                yield piece


class _Heard:
    """What was heard of one answer so far."""

    def __init__(self, ref: str, url: str) -> None:
        self.url = url
        self.done = False
        self._model = ref
        self._finish: str | None = None
        self._usage: dict[str, Any] = {}
        self._timings: dict[str, Any] = {}

    def event(self, data: str) -> list[ChatText]:
        """The pieces of one event of the stream. Raises BooError for an error event."""
        try:
            chunk = json.loads(data)
        except ValueError:
            raise unreadable("a piece of the answer", self.url) from None
        if not isinstance(chunk, dict):
            return []
        if chunk.get("error"):
            raise from_answer(None, data.encode(), self.url)
        return self._chunk(chunk, "delta")

    def whole(self, raw: bytes) -> list[ChatText]:
        """The pieces of an answer that came in one, from a host that does not stream."""
        try:
            answer = json.loads(raw)
        except ValueError:
            raise unreadable("the chat", self.url) from None
        self.done = True
        return self._chunk(answer, "message") if isinstance(answer, dict) else []

    def end(self) -> ChatEnd:
        """The end of the answer. Raises ApiError if it broke off."""
        if not self.done and self._finish is None:
            raise ApiError("The answer broke off.", "Ask again.", code="upstream_stream_interrupted")
        return ChatEnd(self._model, self._finish, self._usage, self._timings)

    def _chunk(self, chunk: dict[str, Any], part: str) -> list[ChatText]:
        if isinstance(chunk.get("model"), str):
            self._model = chunk["model"]
        for name, kept in (("usage", self._usage), ("timings", self._timings)):
            if isinstance(chunk.get(name), dict):
                kept.update(chunk[name])
        choices = chunk.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return []
        self._finish = choices[0].get("finish_reason") or self._finish
        return _texts(choices[0].get(part))


def _texts(delta: object) -> list[ChatText]:
    if not isinstance(delta, dict):
        return []
    thought = delta.get("reasoning_content") or delta.get("reasoning")
    found = [(thought, True), (delta.get("content"), False)]
    return [ChatText(text, thinking) for text, thinking in found if isinstance(text, str) and text]
