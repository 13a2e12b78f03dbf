"""One request's answer on its way to the client: started once, as JSON, as bytes or as events; ended in good words."""

from __future__ import annotations

import json
from urllib.parse import quote

from starlette.types import Send

from boocontrol.core.resolver import Route
from boocontrol.gateway.activity_measure import Measure
from boocontrol.gateway.errors import Trouble, stream_error
from boocontrol.gateway.families import Family
from boocontrol.gateway.headers import PLAIN_HINTS, STREAM_HINTS, Raw


class Exchange:
    """What was sent to the client so far, and how to go on from there."""

    def __init__(self, send: Send, family: Family | None, request_id: str) -> None:
        self._send = send
        self.family = family
        self.id = request_id
        self.route: Route | None = None
        self.started = False
        self.streaming = False
        self.ended = False
        self.answered = False  # a stream whose last token was sent
        self.border = b""
        self.status = 0
        self.outcome = "ok"
        self.last_event = b""
        self.measure = Measure()

    async def start(self, status: int, headers: Raw, *, streaming: bool = False) -> None:
        """Send the head."""
        self.started, self.streaming, self.status = True, streaming, status
        hints = STREAM_HINTS if streaming else PLAIN_HINTS
        head = [*headers, *hints, *self._own()]
        await self._send({"type": "http.response.start", "status": status, "headers": head})

    async def write(self, data: bytes) -> None:
        """Send one piece of the body."""
        self.measure.bytes_sent += len(data)
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self, data: bytes = b"") -> None:
        """Send the last piece."""
        self.ended = True
        self.measure.bytes_sent += len(data)
        await self._send({"type": "http.response.body", "body": data, "more_body": False})

    async def whole(self, status: int, headers: Raw, body: bytes) -> None:
        """Send an answer in one go."""
        await self.start(status, [*headers, (b"content-length", str(len(body)).encode())])
        await self.end(body)

    async def comment(self, text: str) -> None:
        """Send an event-stream comment, and before it the head when nothing was sent yet."""
        if not self.started:
            await self.start(200, [(b"content-type", b"text/event-stream")], streaming=True)
        if self.streaming and not self.ended:
            await self.write(f": {text}\n\n".encode())

    async def fail(self, trouble: Trouble) -> None:
        """Tell a fault: as a status while nothing was sent, as an error event in a stream.

        A body of another kind that is under way can only be broken off: the answer is then left unfinished.
        """
        self.outcome = trouble.code
        if self.streaming:
            style = "messages" if self._anthropic else self._style
            await self.end(self.border + stream_error(trouble.calm(), style, self.last_event))
        elif not self.started:
            trouble = trouble if trouble.is_passing else trouble.calm()
            headers: Raw = [(b"content-type", b"application/json")]
            if trouble.retry_after is not None:
                headers.append((b"retry-after", str(trouble.retry_after).encode()))
            if trouble.allow:
                headers.append((b"allow", trouble.allow.encode()))
            if trouble.code == "ambiguous_request":
                headers.append((b"connection", b"close"))  # what follows on it may be somebody else's request
            body = json.dumps(trouble.body(anthropic=self._anthropic), ensure_ascii=False).encode()
            await self.whole(trouble.status, headers, body)

    def _own(self) -> Raw:
        own = [(b"x-boocontrol-request-id", self.id.encode())]
        if self.route is not None:
            own.append((b"x-boocontrol-provider", self.route.provider_id.encode()))
            own.append((b"x-boocontrol-model", quote(str(self.route.ref), safe="/").encode()))
        return own

    @property
    def _anthropic(self) -> bool:
        return self.family is not None and self.family.anthropic

    @property
    def _style(self) -> str:
        return self.family.style if self.family else "other"
