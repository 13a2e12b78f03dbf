"""A client that leaves ends the host's work within a second, whatever the phase."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from boocontrol.demo.config import HostConfig

from .conftest import CHAT, QUICK, Start, models

PHASES = {
    "while the model loads, streaming": ({"stream": True}, {"load_s": 3000}),
    "while the model loads, plain": ({}, {"load_s": 3000}),
    "before the first byte": ({"stream": True, "sim": {"first_byte_s": 30}}, {}),
    "in the middle of a stream": ({"stream": True, "sim": {"tokens": 10000, "pace": 0.02}}, {}),
    "in a plain request": ({"sim": {"tokens": 10000, "pace": 0.02}}, {}),
}


@asynccontextmanager
async def connected(url: str, body: dict[str, object]):
    """A request on a raw connection, so that leaving is nothing but a closed socket."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    data = json.dumps({"model": "den/qwen", "messages": [], **body}).encode()
    head = (
        f"POST {CHAT} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    writer.write(head.encode() + data)
    await writer.drain()
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("how", ["close", "reset"])
async def test_the_host_is_left_within_a_second(house: Start, phase: str, how: str) -> None:
    body, model = PHASES[phase]
    async with house(den=HostConfig(models=models("qwen", **model), **QUICK)) as h:
        async with connected(h.gateway.url, body) as (reader, writer):
            record = await h["den"].wait_request(lambda r: r.method == "POST")
            if phase == "in the middle of a stream":
                await reader.readuntil(b'"content"')
            assert len(h.gateway.state.in_flight) == 1
            writer.transport.abort() if how == "reset" else writer.close()
            await asyncio.wait_for(record.done.wait(), 1.0)
        assert record.client_left
        assert len(h.gateway.state.in_flight) == 0


async def test_a_client_that_leaves_while_queued_behind_another(house: Start) -> None:
    config = HostConfig(models=models("qwen", "other"), **QUICK)
    async with house(den=config) as h:
        busy = {"stream": True, "model": "den/other", "sim": {"tokens": 10000, "pace": 0.02}}
        async with connected(h.gateway.url, busy) as (first, _):
            await first.readuntil(b'"content"')
            async with connected(h.gateway.url, {"stream": True}) as (_, writer):
                record = await h["den"].wait_request(lambda r: b'"qwen"' in r.body)
                writer.close()
                await asyncio.wait_for(record.done.wait(), 1.0)
        assert record.client_left


async def test_leaving_during_the_upload_reaches_no_host(house: Start) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        host, port = h.gateway.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        head = f"POST {CHAT} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        writer.write(head.encode() + b'{"model":"den/qwen"')
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await h.gateway.chat("den/qwen")).status_code == 200
        assert len([r for r in h["den"].requests if r.method == "POST"]) == 1
        assert h.gateway.app.forwarder.outcomes["", CHAT, "client_left"] == 1


async def test_many_that_leave_leave_nothing_behind(house: Start) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        await h.gateway.chat("den/qwen")

        async def one(number: int) -> None:
            async with connected(h.gateway.url, {"stream": True, "sim": {"tokens": 50, "pace": 0.01}}) as (reader, _):
                await reader.readuntil(b"data:")
                if number % 2:
                    await reader.readuntil(b"0\r\n\r\n")

        for batch in range(5):
            await asyncio.gather(*(one(batch + n) for n in range(8)))
        posts = [r for r in h["den"].requests if r.method == "POST"]
        await asyncio.wait_for(asyncio.gather(*(r.done.wait() for r in posts)), 2)
        assert len(h.gateway.state.in_flight) == 0
        assert len(posts) == 41
