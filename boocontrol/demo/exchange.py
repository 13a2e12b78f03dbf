"""One request and the answer to it: framing, one write per chunk, and who left."""

from __future__ import annotations

from typing import Protocol

from boocontrol.demo.records import RequestRecord
from boocontrol.demo.wire import GO_BUFFER, Headers, Request, bodyless, head_bytes


class Line(Protocol):
    """What an exchange needs of its connection."""

    def send(self, data: bytes) -> None: ...
    async def drain(self) -> None: ...
    def abort(self) -> None: ...
    @property
    def closing(self) -> bool: ...


class Exchange:
    """Answer with `respond`, or with `start`, `write` ... and `end`."""

    def __init__(self, line: Line, request: Request) -> None:
        self.request = request
        self.record = RequestRecord(request.method, request.target, request.headers, request.body)
        self.line = line
        self.status = 0
        self.body_bytes = 0
        self.started = False
        self.ended = False
        self.client_left = False
        self.close_after = not request.keep_alive
        self._chunked = False
        self._owed: int | None = None  # what is still to come of a promised Content-Length

    def respond(self, status: int, headers: Headers, body: bytes = b"") -> None:
        """A whole answer, with the length or the chunks that Go would choose."""
        extra: Headers = []
        if bodyless(status):
            self._head(status, headers, extra, chunked=False)
            self._finish()
            return
        big = len(body) > GO_BUFFER
        if not big and (body or self.request.method != "HEAD"):
            extra.append(("Content-Length", str(len(body))))
        if body and not any(name == "Content-Type" for name, _ in headers):
            extra.append(("Content-Type", "text/plain; charset=utf-8"))
        head = self._head(status, headers, extra, chunked=big, send=False)
        payload = b"" if self.request.method == "HEAD" else body
        self.body_bytes = len(body)
        if self._chunked and payload:
            payload = _chunk(payload) + b"0\r\n\r\n"
        self.line.send(head + payload)
        self._finish()

    def start(self, status: int, headers: Headers) -> None:
        """Opens an answer of unknown length, or of the Content-Length in the headers."""
        promised = [value for name, value in headers if name == "Content-Length"]
        self._head(status, headers, [], chunked=not promised and not bodyless(status))
        if promised and self.request.method != "HEAD":
            self._owed = int(promised[0])

    def write(self, data: bytes) -> None:
        """One chunk, in one write."""
        if not data or self.ended:
            return
        self.body_bytes += len(data)
        if self.request.method == "HEAD":
            return
        if self._owed is not None:
            self._owed -= len(data)
        self.line.send(_chunk(data) if self._chunked else data)

    def end(self) -> None:
        """An orderly end; one that comes short of its promised length breaks the connection."""
        if self.ended:
            return
        if self._owed:
            self.line.abort()
        elif self._chunked and self.request.method != "HEAD":
            self.line.send(b"0\r\n\r\n")
        self._finish()

    async def drain(self) -> None:
        await self.line.drain()

    def _head(self, status: int, headers: Headers, extra: Headers, *, chunked: bool, send: bool = True) -> bytes:
        # An HTTP/1.0 client knows no chunks: the end of the connection ends the answer.
        old_client = self.request.http_version == "1.0"
        if old_client:
            self.close_after = True
        self._chunked = chunked and not old_client
        if self.close_after and not any(name == "Connection" for name, _ in headers):
            extra.append(("Connection", "close"))
        if self._chunked and self.request.method != "HEAD":
            extra.append(("Transfer-Encoding", "chunked"))
        self.status = self.record.status = status
        self.started = True
        head = head_bytes(status, headers, extra)
        if send:
            self.line.send(head)
        return head

    def _finish(self) -> None:
        self.ended = True


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)
