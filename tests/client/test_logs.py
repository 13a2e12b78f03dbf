"""Logs through the client: each event as its value."""

from __future__ import annotations

import pytest
from starlette.responses import StreamingResponse

from boocontrol.client import GatewayClient, NotFound
from boocontrol.core.errors import Unreachable
from boocontrol.core.logs import LogEnd, LogGap, LogLive, LogText

STREAM = (
    b"retry: 2000\n\n"
    b'event: log\ndata: {"seq":1,"source":"proxy","model":"","text":"a\\nb","time":null}\n\n'
    b": heartbeat\n\n"
    b"event: live\ndata: {}\n\n"
    b'event: later\ndata: {"what":"a newer gateway says"}\n\n'
    b'event: gap\ndata: {"bytes":7,"why":"Dropped.","source":"proxy","model":""}\n\n'
    b'event: end\ndata: {"why":"Enough."}\n\n'
)


def says(stub, *pieces):
    answer = lambda: StreamingResponse(iter(pieces), media_type="text/event-stream")  # noqa: E731
    stub.answers["GET /api/hosts/den/logs"] = answer


async def test_every_event_is_a_value(stub, tools):
    says(stub, STREAM[:40], STREAM[40:])
    async with GatewayClient(stub.url, tools.KEY) as client:
        heard = [news async for news in client.logs("den", "model", "org/phi:Q4", follow=False)]
    assert [type(news) for news in heard] == [LogText, LogLive, LogGap, LogEnd]
    assert (heard[0].text, heard[2].bytes, heard[3].why) == ("a\nb", 7, "Enough.")


async def test_what_is_not_understood_is_an_error(stub, tools):
    says(stub, b'event: log\ndata: {"seq":"one"}\n\n')
    async with GatewayClient(stub.url, tools.KEY) as client:
        with pytest.raises(Unreachable):
            await anext(client.logs("den"))


async def test_an_unknown_host(stub, tools):
    async with GatewayClient(stub.url, tools.KEY) as client:
        with pytest.raises(NotFound):
            await anext(client.logs("nobody"))
