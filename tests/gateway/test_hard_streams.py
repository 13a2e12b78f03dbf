"""Hard cases: streams and waiting, where a host behaves worse than the simulator does."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from boocontrol.gateway.sse import EventStream

from .conftest import CHAT, Start, events_of
from .raw_host import chunked, plain, raw_host


@asynccontextmanager
async def before(house: Start, answer: Any, **entry: Any):
    """A gateway before a raw host `den` whose POSTs are answered by `answer(writer, request)`."""

    async def all_of(reader: Any, writer: Any, request: bytes) -> None:
        if request.startswith(b"POST"):
            await answer(writer, request)
        else:
            writer.write(plain("404 Not Found"))

    async with raw_host(all_of) as url, house(entries={"den": {"baseUrl": url, **entry}}) as h:
        yield h


def saying(writes: Sequence[bytes]):
    async def answer(writer: Any, request: bytes) -> None:
        for data in writes:
            writer.write(data)
            await writer.drain()

    return answer


CHUNK = b'data: {"id":"c","choices":[{"delta":{"content":"a"}}],"model":"x"}\n\n'


@pytest.mark.parametrize(
    "torn",
    [
        b'data: {"id":"c","choices":[{"delta":{"content":"b',
        b'data: {"id":"c","choices":[{"delta":{"content":"b"}}]}',
        b'data: {"id":"c","choices":[{"delta":{"content":"b"}}]}\n',
    ],
)
async def test_the_error_is_an_event_of_its_own_after_a_torn_one(house: Start, torn: bytes) -> None:
    """A clean end in the middle of an event: the error event must not be glued to the torn one."""
    async with before(house, saying(chunked(CHUNK, torn))) as h:
        answer = await h.gateway.chat("den/x", stream=True)
    last = [e for e in answer.text.split("\n\n") if e.strip()][-1]
    assert json.loads(last.removeprefix("data: "))["error"]["code"] == "upstream_stream_interrupted"


@pytest.mark.parametrize("size", [20_000])
def test_a_torn_event_full_of_escaped_quotes_takes_no_time(size: int) -> None:
    """Tool call arguments are JSON within JSON. A host that dies in the middle of them must not stop the loop."""
    arguments = b'{\\"path\\":\\"abc\\"}' * (size // 18)
    torn = b'data: {"id":"c","model":"x","choices":[{"delta":{"tool_calls":[{"function":{"arguments":"' + arguments
    stream = EventStream(b'"den/x"')
    began = time.perf_counter()
    assert not list(stream.feed(torn))
    list(stream.close())
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("kind", ["application/json", "audio/mpeg"])
async def test_comments_never_get_into_an_answer_that_is_no_stream(house: Start, kind: str) -> None:
    """`stream: true`, but the host answers something else, slowly: head at once, body after the keep-alive time."""
    body = b'{"model":"x","n":1}' if kind == "application/json" else b"ID3" + bytes(64)
    gate = asyncio.Event()

    async def answer(writer: Any, request: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        writer.write(head + b"%x\r\n%b\r\n" % (4, body[:4]))
        await writer.drain()
        await gate.wait()
        writer.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body) - 4, body[4:]))

    async with before(house, answer) as h:
        h.gateway.set(keepalive_after=0.02, keepalive_every=0.02)
        asyncio.get_running_loop().call_later(0.3, gate.set)
        got = await h.gateway.chat("den/x", path="/v1/audio/speech", stream=True)
        assert got.content == body.replace(b'"x"', b'"den/x"'), got.content


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("br", b"\x0b\x02\x80hello"), ("zstd", b"(\xb5/\xfd"), ("gzip", b"no gzip")],
)
@pytest.mark.parametrize("kind", ["application/json", "text/event-stream", "audio/mpeg"])
async def test_an_encoding_that_cannot_be_undone_is_told(house: Start, encoding: str, body: bytes, kind: str) -> None:
    reply = plain("200 OK", body, f"Content-Type: {kind}", f"Content-Encoding: {encoding}")
    async with before(house, saying([reply])) as h:
        try:
            answer = await h.gateway.chat("den/x", stream=True)
        except Exception as e:
            assert kind == "audio/mpeg", repr(e)
            return
    assert "gateway_fault" not in answer.text, answer.text
    if answer.status_code == 200 and kind != "audio/mpeg":
        assert events_of(answer.text)[-1]["error"]["code"] == "upstream_stream_interrupted"
    else:
        assert answer.status_code in (502, 503)


async def test_a_strange_retry_after_is_no_fault_of_the_gateway(house: Start) -> None:
    for value in ("²", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "1.5", "9" * 5000):
        reply = plain("429 Too Many Requests", b"busy", f"Retry-After: {value}", "Content-Type: text/plain")
        raw = reply.replace("²".encode(), "²".encode("latin-1"))
        for data in (reply, raw):
            async with before(house, saying([data])) as h:
                answer = await h.gateway.chat("den/x")
            assert answer.status_code == 429, (value, answer.text)


async def test_cr_only_streams_are_passed_on(house: Start) -> None:
    stream = (CHUNK + b'data: {"choices":[{"finish_reason":"stop"}],"model":"x"}\n\ndata: [DONE]\n\n').replace(
        b"\n", b"\r"
    )
    async with before(house, saying(chunked(*[stream[i : i + 3] for i in range(0, len(stream), 3)]))) as h:
        answer = await h.gateway.chat("den/x", stream=True)
    assert answer.content == stream.replace(b'"x"', b'"den/x"')


async def test_a_line_of_a_megabyte_passes(house: Start) -> None:
    big = b'data: {"choices":[{"delta":{"content":"' + "größe🦙".encode() * 80_000 + b'"}}],"model":"x"}\n\n'
    pieces = [big[i : i + 5000] for i in range(0, len(big), 5000)]
    async with before(house, saying(chunked(*pieces, b"data: [DONE]\n\n"))) as h:
        answer = await h.gateway.chat("den/x", stream=True)
    assert answer.content == big.replace(b'"model":"x"', b'"model":"den/x"') + b"data: [DONE]\n\n"


async def test_no_comment_after_an_id_line(house: Start) -> None:
    gate = asyncio.Event()

    async def answer(writer: Any, request: bytes) -> None:
        for data in chunked(b"id: 1\n" + CHUNK, end=False):
            writer.write(data)
        await writer.drain()
        await gate.wait()
        writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")

    async with before(house, answer) as h:
        h.gateway.set(keepalive_after=0.02, keepalive_every=0.02)
        asyncio.get_running_loop().call_later(0.2, gate.set)
        got = await h.gateway.chat("den/x", stream=True)
    assert b"\n: " not in got.content and not got.content.startswith(b":")


async def test_a_bare_error_over_several_lines_ends_in_an_event(house: Start) -> None:
    pretty = b'{\n  "error": {"message": "the server died", "code": 500}\n}\n'
    async with before(house, saying(chunked(CHUNK, pretty))) as h:
        answer = await h.gateway.chat("den/x", stream=True)
    assert events_of(answer.text)[-1]["error"]["code"] in ("upstream_failed", "upstream_stream_interrupted")


@pytest.mark.parametrize(
    ("path", "events", "whole"),
    [
        ("/v1/messages", b'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"m"}}\n\n', True),
        ("/v1/responses", b'event: error\ndata: {"type":"error","code":"x","message":"m"}\n\n', True),
        (CHAT, b'data: {"error":{"message":"m"}}\n\n', True),
        (CHAT, b'event: error\ndata: {"message":"m"}\n\n', True),
    ],
)
async def test_the_hosts_own_error_event_is_the_only_one(house: Start, path: str, events: bytes, whole: bool) -> None:
    async with before(house, saying(chunked(CHUNK, events))) as h:
        answer = await h.gateway.chat("den/x", path=path, stream=True, input="x")
    assert ("upstream_stream_interrupted" not in answer.text) is whole, answer.text


async def test_a_client_that_stops_reading_and_half_closes_frees_the_host(house: Start) -> None:
    left = asyncio.Event()

    async def answer(writer: Any, request: bytes) -> None:
        try:
            for data in chunked(CHUNK, end=False):
                writer.write(data)
            while not writer.is_closing():
                block = b'data: {"choices":[{"delta":{"content":"' + b"x" * 60000 + b'"}}]}\n\n'
                writer.write(b"%x\r\n%b\r\n" % (len(block), block))
                await asyncio.wait_for(writer.drain(), 0.5)
        except (ConnectionError, TimeoutError):
            pass
        with suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), 1.5)
        if writer.is_closing():
            left.set()

    async with before(house, answer) as h:
        host, port = h.gateway.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
        body = b'{"model":"den/x","stream":true}'
        head = f"POST {CHAT} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        writer.write(head.encode() + b"\r\n\r\n" + body)
        await writer.drain()
        await reader.readuntil(b"data:")
        reader._transport.pause_reading()
        writer.write_eof()
        try:
            await asyncio.wait_for(left.wait(), 4)
        finally:
            writer.transport.abort()
        assert left.is_set()
