"""A bare HTTP client that sees what tests of framing must see: chunks, their times, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

KEPT_S = 0.05


@dataclass
class Got:
    """An exchange as it was seen, in the words of the golden files."""

    at: float | None = None  # when the head came
    status: int = 0
    reason: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    framing: str = ""
    pieces: list[tuple[float, str]] = field(default_factory=list)
    connection: str = ""
    end: float = 0.0
    how: str = ""
    _bytes: bytearray = field(default_factory=bytearray)

    @property
    def body(self) -> str:
        return self._bytes.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")

    def take(self, now: float, data: bytes) -> None:
        self._bytes += data
        self.pieces.append((now, data.decode("utf-8", "replace")))


@dataclass
class Marks:
    """What has become of an exchange, for those that follow it."""

    sent: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


async def exchange(port: int, request: bytes, now: Callable[[], float], marks: Marks, give_up: asyncio.Event) -> Got:
    """Sends the bytes and reads the answer, until its end or until told to give up."""
    got = Got()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        got.how, got.end = "connection-refused", now()
        marks.sent.set()
        return got
    try:
        writer.write(request)
        marks.sent.set()
        head_only = request.startswith(b"HEAD ")
        reading = asyncio.create_task(_read(reader, got, now, head_only, marks))
        await _finish(reading, give_up)
        got.end = now()
        if got.how == "":
            got.how = "client-closed"
        elif got.how != "broken":
            got.connection = await _after(reader)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return got


async def _finish(reading: asyncio.Task[None], give_up: asyncio.Event) -> None:
    waiting: set[asyncio.Task[object]] = {reading, asyncio.create_task(give_up.wait())}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _read(
    reader: asyncio.StreamReader, got: Got, now: Callable[[], float], head_only: bool, marks: Marks
) -> None:
    try:
        await _read_head(reader, got, now)
        marks.answered.set()
        got.framing, got.how = "none", ""
        if head_only or got.status in (204, 304):
            got.how = "no-body"
        elif got.header("Transfer-Encoding") == "chunked":
            got.framing = "chunked"
            await _read_chunks(reader, got, now)
            got.how = "last-chunk"
        else:
            got.framing = "length"
            length = int(got.header("Content-Length"))
            data = await reader.readexactly(length)
            if data:
                got.take(now(), data)
            got.how = "length"
    except (asyncio.IncompleteReadError, ConnectionResetError):
        got.how = "broken"


async def _read_head(reader: asyncio.StreamReader, got: Got, now: Callable[[], float]) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    got.at = now()
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    _, status, got.reason = first.split(" ", 2)
    got.status = int(status)
    got.headers = [(line.partition(": ")[0], line.partition(": ")[2]) for line in lines]


async def _read_chunks(reader: asyncio.StreamReader, got: Got, now: Callable[[], float]) -> None:
    while True:
        size = int(await reader.readuntil(b"\r\n"), 16)
        data = await reader.readexactly(size + 2)
        if size == 0:
            return
        got.take(now(), data[:-2])


async def _after(reader: asyncio.StreamReader) -> str:
    try:
        data = await asyncio.wait_for(reader.read(1), KEPT_S)
    except TimeoutError:
        return "kept"
    return "data" if data else "closed"
