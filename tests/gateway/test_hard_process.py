"""Hard cases: starting, stopping and uploading at the wrong moment."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any

import pytest

from boocontrol.demo.config import HostConfig

from .conftest import CHAT, QUICK, Start, models
from .raw_host import plain, raw_host


@asynccontextmanager
async def uploading(url: str, size: int):
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {CHAT} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
    writer.write(head.encode())
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def test_an_upload_that_ends_after_the_stop_began_is_refused(house: Start) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        body = json.dumps({"model": "den/qwen", "messages": []}).encode()
        async with uploading(h.gateway.url, len(body)) as (reader, writer):
            writer.write(body[:10])
            await writer.drain()
            # An answer on another connection: the gateway is at the first one's body by now.
            assert (await h.gateway.client.get("/healthz")).status_code == 200
            h.gateway.app.drain()
            writer.write(body[10:])
            head = await asyncio.wait_for(reader.readline(), 2)
        assert b" 503 " in head
        assert not [r for r in h["den"].requests if r.method == "POST"]


async def test_leaving_while_a_large_body_goes_up_closes_the_host(house: Start) -> None:
    """A host that takes the head and then reads no further."""
    begun, left = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"POST"):
            writer.write(plain("404 Not Found", b"", "Connection: close"))
            writer.close()
            return
        begun.set()
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        await go_on.wait()
        reader._transport.resume_reading()  # type: ignore[attr-defined]
        try:
            while await reader.read(1 << 16):
                pass
        except ConnectionError:
            pass
        left.set()
        writer.close()

    go_on = asyncio.Event()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, house(entries={"den": {"baseUrl": url}}) as h:
        body = b'{"model":"den/x","a":"' + b"x" * (20 << 20) + b'"}'
        async with uploading(h.gateway.url, len(body)) as (_, writer):
            writer.write(body)
            await writer.drain()
            await asyncio.wait_for(begun.wait(), 5)
            writer.close()
            go_on.set()
            await asyncio.wait_for(left.wait(), 1)
        assert len(h.gateway.state.in_flight) == 0


@pytest.mark.parametrize("then", ["keep", "close"])
async def test_a_refusal_before_the_body_was_read_reaches_the_client(house: Start, then: str) -> None:
    """A proxy before the host that refuses by the head alone, and closes."""
    posts: list[int] = []
    refusal = b'{"error":{"message":"no","type":"t","code":"c"}}'

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"POST"):
            writer.write(plain("404 Not Found", b"", "Connection: close"))
            writer.close()
            return
        posts.append(1)
        more = ("Connection: close",) if then == "close" else ()
        writer.write(plain("401 Unauthorized", refusal, "Content-Type: application/json", *more))
        await writer.drain()
        try:
            while then == "keep" and await reader.read(1 << 16):
                pass
        except ConnectionError:
            pass
        if then == "close":
            writer.write_eof()
            while await reader.read(1 << 16):
                pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, house(entries={"den": {"baseUrl": url}}) as h:
        answer = await h.gateway.chat("den/x", pad="x" * (8 << 20))
        assert (answer.status_code, answer.content) == (401, refusal)
        assert len(posts) == 1


@pytest.mark.parametrize("how", ["refused", "in a stream"])
async def test_an_error_nested_beyond_reason_is_no_fault_of_the_gateway(house: Start, how: str) -> None:
    deep = b'{"error":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    if how == "refused":
        reply = plain("400 Bad Request", deep, "Content-Type: application/json")
    else:
        reply = plain("200 OK", b"data: {}\n\n" + deep + b"\n\n", "Content-Type: text/event-stream")

    async def answer(reader: Any, writer: Any, request: bytes) -> None:
        writer.write(reply if request.startswith(b"POST") else plain("404 Not Found"))

    async with raw_host(answer) as url, house(entries={"den": {"baseUrl": url}}) as h:
        got = await h.gateway.chat("den/x", stream=True)
        assert got.status_code in (200, 400) and "gateway_fault" not in got.text, got.text[:300]
        assert '"code"' in got.text


async def test_every_answer_has_a_request_id(house: Start) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        for method, path in (("GET", "/nowhere"), ("GET", CHAT), ("GET", "/v1/models"), ("POST", CHAT)):
            answer = await h.gateway.client.request(method, path)
            assert answer.headers["x-boocontrol-request-id"], (method, path)


async def test_an_empty_404_of_a_host_is_not_told_as_a_crash(house: Start) -> None:
    """A 404 without a body: a wrong address or an endpoint that the host lacks; no model server ended."""

    async def answer(reader: Any, writer: Any, request: bytes) -> None:
        writer.write(plain("404 Not Found"))

    async with raw_host(answer) as url, house(entries={"den": {"baseUrl": url}}) as h:
        got = await h.gateway.chat("den/x")
        assert got.status_code == 404
        assert "ended before it answered" not in got.text, got.text


@pytest.mark.parametrize("header", ["Transfer-Encoding", "Content-Length"])
async def test_headers_that_frame_a_request_are_no_ones_to_set(header: str) -> None:
    from boocontrol.core import parse_registry
    from boocontrol.core.errors import RegistryError

    entry = {"id": "den", "baseUrl": "http://127.0.0.1:9", "headers": {header: "7"}}
    with pytest.raises(RegistryError):
        parse_registry(json.dumps({"providers": [entry]}).encode())
