"""The listening socket and its connections. Requests are parsed by httptools, one at a time."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

import httptools

from boocontrol.demo.exchange import Exchange
from boocontrol.demo.wire import Request

Handler = Callable[[Exchange], Awaitable[None]]
_BAD_REQUEST = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"
)


class HttpServer:
    """Listens on 127.0.0.1. `silent` swallows all that comes in and goes out."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.port = 0
        self.silent = False
        self.draining = False  # connections close after the answer they are giving
        self.connections: set[Connection] = set()
        self._listener: asyncio.Server | None = None
        self._holder: socket.socket | None = None

    async def listen(self, port: int = 0) -> None:
        """Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self.draining = False
        self._let_go()
        self._listener = await loop.create_server(lambda: Connection(self), "127.0.0.1", port or self.port, backlog=512)
        self.port = self._listener.sockets[0].getsockname()[1]

    @property
    def listening(self) -> bool:
        return self._listener is not None

    def refuse(self) -> None:
        """Closes the port, idle connections with it; busy ones may finish their answer."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            self._hold()
        self.draining = True
        for connection in list(self.connections):
            connection.close_when_idle()

    def abort(self, *, reset: bool = False) -> None:
        """Breaks every connection off, as the end of a process does."""
        for connection in list(self.connections):
            connection.abort(reset=reset)

    async def break_off(self, *, reset: bool = False) -> None:
        """Refuses, breaks everything off, and waits until no handler runs any more."""
        self.refuse()
        tasks = [c.task for c in self.connections if c.task is not None]
        self.abort(reset=reset)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """The end: the port is free for others."""
        await self.break_off()
        self._let_go()

    def _hold(self) -> None:
        """A bound socket that does not listen: refuses, and keeps others off the port."""
        holder = socket.socket()
        try:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            holder.bind(("127.0.0.1", self.port))
        except OSError:  # some systems do not let go of a port at once
            holder.close()
        else:
            self._holder = holder

    def _let_go(self) -> None:
        if self._holder is not None:
            self._holder.close()
            self._holder = None


class Connection(asyncio.Protocol):
    """One client connection: answers its requests in order."""

    def __init__(self, server: HttpServer) -> None:
        self.server = server
        self.task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._parser: Any = httptools.HttpRequestParser(self)
        self._waiting: deque[Request] = deque()
        self._exchange: Exchange | None = None
        self._aborted = False  # by us, so it was not the client who left
        self._writable = asyncio.Event()
        self._writable.set()
        self._reset_message()

    # Transport events.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asserted: those of uvloop are no asyncio.Transport.
        self._transport = cast(asyncio.Transport, transport)
        self.server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.server.connections.discard(self)
        self._waiting.clear()
        self._writable.set()
        if self.task is not None and self._exchange is not None and not self._exchange.ended:
            self._exchange.client_left = not self._aborted
            self.task.cancel()

    def data_received(self, data: bytes) -> None:
        if self.server.silent:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # answered as if nothing had been asked for, as llama-swap does
        except httptools.HttpParserError:
            self.send(_BAD_REQUEST)
            self._close()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # Parser events.

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))
        if name.lower() == b"expect" and value.lower() == b"100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._waiting.append(
            Request(
                method=self._parser.get_method().decode(),
                target=self._url.decode("latin-1"),
                headers=tuple(self._headers),
                body=b"".join(self._body),
                http_version=self._parser.get_http_version(),
                keep_alive=self._parser.should_keep_alive(),
            )
        )
        self._reset_message()
        self._next()

    def _reset_message(self) -> None:
        self._url = b""
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []

    # Answering.

    def _next(self) -> None:
        if self.task is None and self._waiting:
            self.task = asyncio.get_running_loop().create_task(self._serve(self._waiting.popleft()))

    async def _serve(self, request: Request) -> None:
        exchange = self._exchange = Exchange(self, request)
        try:
            with suppress(asyncio.CancelledError):
                await self.server.handler(exchange)
        except Exception:
            self.abort()
            raise
        finally:
            self._exchange = None
            self.task = None
        if exchange.close_after or self.server.draining or not exchange.ended:
            self._close()
        else:
            self._next()

    def send(self, data: bytes) -> None:
        if self._transport is not None and not self.server.silent and not self.closing:
            self._transport.write(data)

    async def drain(self) -> None:
        await self._writable.wait()

    @property
    def closing(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def close_when_idle(self) -> None:
        if self.task is None:
            self._close()

    def abort(self, *, reset: bool = False) -> None:
        if self._transport is None:
            return
        self._aborted = True
        sock = self._transport.get_extra_info("socket")
        if reset and sock is not None:
            # A linger of zero makes the kernel send RST instead of FIN.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
