"""One proxied request: its place in flight, its row in the history, and how it may end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from boocontrol.demo.activity import Capture, Tokens
from boocontrol.demo.backends import Gone
from boocontrol.demo.errors import Refusal, envelope, error_body
from boocontrol.demo.exchange import Exchange
from boocontrol.demo.inflight import Flight, header_map
from boocontrol.demo.process import StartFailed
from boocontrol.demo.scheduler import TooMany
from boocontrol.demo.state import HostState
from boocontrol.demo.usage import failure_of, tokens_of
from boocontrol.demo.wire import Headers

TOO_MANY = "Too many requests"


class Call:
    """`tracked` is seen in flight, `metered` leaves a row."""

    def __init__(
        self,
        state: HostState,
        exchange: Exchange,
        model: str,
        path: str,
        *,
        tracked: bool,
        metered: bool,
    ) -> None:
        self.state = state
        self.exchange = exchange
        self.model = model
        self.path = path
        self.granted = False  # a model is ours
        self._tracked = tracked
        self._metered = metered
        self._flight: Flight | None = None
        self._task = asyncio.current_task()
        self._cut = False
        self._over = False
        self._started = asyncio.get_running_loop().time()
        self._headers: Headers = []
        self._body = bytearray()
        exchange.record.model = model

    def cut(self) -> None:
        """The model server is gone, or somebody cancelled us: not the client's doing."""
        if not self._over and not self._cut and self._task is not None:
            self._cut = True
            self._task.cancel()

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does the work and words whatever goes wrong. CancelledError: the client left."""
        if self._tracked:
            self._flight = self.state.board.begin(self.model, self.path, self.exchange.request, self.cut)
        try:
            await work()
        except Refusal as refusal:
            self.refuse(refusal)
        except TooMany:
            self._too_many()
        except StartFailed as failure:
            text = str(failure)
            old = f"unable to start process: {text}"
            self.refuse(Refusal(500, f"unspecific error: {text}", 502, old))
        except Gone:
            self._broke_off()
        except asyncio.CancelledError:
            if not self._cut:
                self._left()
                raise
            assert self._task is not None
            self._task.uncancel()
            self._broke_off()
        finally:
            self._end()

    # Answering.

    def start(self, status: int, headers: Headers) -> None:
        self._answering(headers)
        self.exchange.start(status, headers)

    def write(self, piece: bytes) -> None:
        if self._flight is not None:
            self.state.board.sent(self._flight, len(piece))
        if self._metered:
            self._body += piece
        self.exchange.write(piece)

    def refuse(self, refusal: Refusal) -> None:
        """An error of the host's own; in a stream that has begun, a bare line of JSON."""
        status, message = refusal.for_version(self.state.version)
        if self.exchange.started:
            self.write(envelope(self.state.version, status, message).encode())
            self.exchange.end()
            return
        accept = self.exchange.request.header("Accept")
        kind, body = error_body(self.state.version, status, message, accept)
        self._respond(status, [("Content-Type", kind)], body)

    def _too_many(self) -> None:
        # JSON whatever the client accepts.
        version = self.state.version
        headers = [("Content-Type", "application/json"), ("Retry-After", "1")]
        body = envelope(version, 429, TOO_MANY).encode()
        if version.gin:
            headers = [("Content-Type", "text/plain; charset=utf-8")]
            headers.append(("X-Content-Type-Options", "nosniff"))
            body = f"{TOO_MANY}\n".encode()
        self._respond(429, headers, body)

    def _broke_off(self) -> None:
        if self.exchange.started:
            # Orderly for those who count chunks: nothing tells that it was cut.
            self.state.logs.info(f"<{self.model}> recovered from upstream disconnection during streaming")
            self.exchange.end()
        else:
            self._respond(502, [], b"")

    def _left(self) -> None:
        if not self.exchange.started and self.granted:
            self._answering([])
            self.exchange.status = 502

    def _respond(self, status: int, headers: Headers, body: bytes) -> None:
        self._answering(headers)
        if self._metered:
            self._body += body
        self.exchange.respond(status, headers, body)

    def _answering(self, headers: Headers) -> None:
        self._headers = headers
        if self._flight is not None:
            self.state.board.answering(self._flight, headers)

    # The end.

    def _end(self) -> None:
        self._over = True
        if self._metered:
            self._add_row()
        if self._flight is not None:
            self.state.board.end(self._flight)

    def _add_row(self) -> None:
        status, body, logs = self.exchange.status or 200, bytes(self._body), self.state.logs
        content_type = dict(self._headers).get("Content-Type", "")
        tokens, error = None, ""
        if status != 200:
            error = TOO_MANY if status == 429 else failure_of(status, body)
            logs.warn(f"non-200 response, recording partial metrics: status={status}, path={self.path}")
        else:
            tokens = tokens_of(content_type, body)
            if not body:
                logs.warn("metrics: empty body, recording minimal metrics")
            elif tokens is None and "event-stream" in content_type:
                logs.warn(
                    "error processing streaming response: no valid JSON data found in stream, "
                    f"path={self.path}, recording minimal metrics"
                )
        kept = Capture(self.exchange.request, self.path, header_map(self._headers), body)
        row = self.state.activity.add(
            kept if body or status != 200 else None,
            model=self.model,
            path=self.path,
            content_type=content_type,
            status=status,
            tokens=tokens or Tokens(),
            duration_ms=int((asyncio.get_running_loop().time() - self._started) * 1000),
            error=error,
            metadata={"fifo_priority": "0"} if self.granted else {},
        )
        self.state.row_added(row)
