"""The event stream: typed events, and where it is taken up again."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from boocontrol.client import GatewayClient, KeyRefused
from boocontrol.core import Catalog, Unreachable
from boocontrol.core.api import EventSnapshot, Host


def snapshot(stub):
    return {
        "status": stub.status,
        "hosts": stub.hosts,
        "catalog": stub.catalog,
        "settings": {"favorite_models": []},
    }


async def take(client, count, last_id=None):
    found = []
    async with aclosing(client.events(last_id)) as stream:
        async for event in stream:
            found.append(event)
            if len(found) == count:
                return found
    return found


async def test_events_are_typed(stub, tools):
    events = [
        ("1", "snapshot", snapshot(stub)),
        ("2", "host", stub.hosts[0]),
        ("3", "catalog", stub.catalog),
        ("4", "settings", {"default_model": "a/b"}),
        ("5", "of-tomorrow", {"x": "\u2028"}),
    ]
    stub.streams = [b": hello\n\n" + tools.sse(*events)]
    async with GatewayClient(stub.url, tools.KEY) as client:
        found = await take(client, 5)
    assert [type(e.data) for e in found] == [EventSnapshot, Host, Catalog, dict, dict]
    assert [e.id for e in found] == ["1", "2", "3", "4", "5"]
    assert found[4].data == {"x": "\u2028"}


async def test_a_broken_stream_goes_on_where_it_ended(stub, tools):
    stub.streams = [tools.sse(("7", "host", stub.hosts[0])), tools.sse(("8", "host", stub.hosts[1]))]
    async with GatewayClient(stub.url, tools.KEY) as client:
        found = await take(client, 2)
    assert [e.id for e in found] == ["7", "8"]
    assert [h.get("last-event-id") for h in stub.headers] == [None, "7"]


async def test_the_caller_may_say_where_to_begin(stub, tools):
    stub.streams = [tools.sse(("9", "host", stub.hosts[0]))]
    async with GatewayClient(stub.url, tools.KEY) as client:
        await take(client, 1, last_id="8")
    assert stub.headers[-1]["last-event-id"] == "8"


async def test_a_stream_without_events_is_no_busy_loop(stub, tools):
    stub.streams = [tools.sse(("1", "host", stub.hosts[0])), b": nothing\n\n"]
    async with GatewayClient(stub.url, tools.KEY) as client:
        with pytest.raises(Unreachable):
            await take(client, 2)
    assert len(stub.seen) == 2


async def test_refused_and_unreadable(stub, tools):
    async with GatewayClient(stub.url, "wrong") as client:
        with pytest.raises(KeyRefused):
            await take(client, 1)
    stub.streams = [tools.sse(("1", "snapshot", {"status": 5}))]
    async with GatewayClient(stub.url, tools.KEY) as client:
        with pytest.raises(Unreachable) as caught:
            await take(client, 1)
    assert caught.value.code == "not_understood"


async def test_an_event_of_another_version_ends_nothing(stub, tools):
    host = {**stub.hosts[0], "newer": True}
    stub.streams = [tools.sse(("1", "host", {"id": 5}), ("2", "weather", {"sun": 1}), ("3", "host", host))]
    async with GatewayClient(stub.url, tools.KEY) as client:
        first, second, third = await take(client, 3)
    assert (first.kind, first.data, first.problem.code) == ("unreadable", None, "not_understood")
    assert (second.kind, second.data) == ("weather", {"sun": 1})
    assert third.data.id == "gpu-box" and third.problem is None


async def test_what_of_a_snapshot_is_not_understood_is_left_out_and_named(stub, tools):
    stub.hosts[1]["state"] = "dreaming"
    stub.catalog["providers"][0]["models"][1]["state"] = "half-asleep"
    data = {"status": stub.status, "hosts": stub.hosts, "catalog": stub.catalog, "settings": stub.settings}
    stub.streams = [tools.sse(("1", "snapshot", data))]
    async with GatewayClient(stub.url, tools.KEY) as client:
        (event,) = await take(client, 1)
    assert [h.id for h in event.data.hosts] == ["gpu-box"]
    assert [m.ref for m in event.data.catalog.models()] == ["gpu-box/qwen3", "attic/llama"]
    assert "(attic, gpu-box/phi)" in event.problem.title
