"""Whatever a host answers, the monitor goes on and says in words what is wrong."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from aiohttp import web

from boocontrol.core.registry import Provider
from boocontrol.hosts.watch import Watch
from tests.hosts.conftest import FakeHost, House, json, models, page, text


async def good(house: House) -> tuple[FakeHost, Watch]:
    host = await house.fake()
    host.says |= {"/wol-health": text("OK"), "/running": json({"running": []}), "/v1/models": models("a")}
    return host, house.watch(Provider(id="box", base_url=host.url))


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    try:
        while True:
            await answer.write(b" " * 1024 * 1024)
    except ConnectionError:
        return answer


async def cut(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(b'{"data": [')
    assert request.transport is not None
    request.transport.close()
    return answer


async def packed(request: web.Request) -> web.StreamResponse:
    return web.Response(body=gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"})


GARBAGE = {
    "page": (page(), "web page"),
    "no json": (text("hello"), "not JSON"),
    "half json": (text('{"data": [{"id": "a"'), "not JSON"),
    "not utf-8": (web.Response(body=b'{"data": [{"id": "\xff"}]}'), "not JSON"),
    "deep": (text("[" * 200_000), "not JSON"),
    "surrogate": (text('{"data": [{"id": "\\ud800"}]}'), "not JSON"),
    "another shape": (json({"models": 3}), "another shape"),
    "list of numbers": (json(5), "another shape"),
    "error": (json({"error": "boom"}, 500), "Internal Server Error"),
    "not there": (text("404 page not found", 404), "Not Found"),
    "proxy": (text("bad", 502), "Bad Gateway"),
    "too large": (endless, "larger than 8 MiB"),
    "cut": (cut, "closed the connection"),
    "packed": (packed, "compressed"),
    "odd status": (text("?", 599), "unknown status"),
}


@pytest.mark.parametrize("name", GARBAGE)
async def test_a_broken_inventory_degrades_and_recovers(house: House, name: str) -> None:
    host, watch = await good(house)
    await watch.look()
    assert watch.view.health.state == "up"
    said, words = GARBAGE[name]
    host.says["/v1/models"] = said
    watch.refresh()
    await watch.look()
    assert watch.view.health.state == "degraded"
    assert words in (watch.view.health.reason or "")
    assert watch.view.stale
    assert [m.wire_id for m in watch.view.models] == ["a"], "last known"
    await watch.look()
    assert watch.view.health.state == "degraded"
    host.says["/v1/models"] = models("a", "b")
    await watch.look()
    assert watch.view.health.state == "up"
    assert not watch.view.stale
    assert [m.wire_id for m in watch.view.models] == ["a", "b"]


@pytest.mark.parametrize("name", GARBAGE)
async def test_a_broken_running_leaves_the_states_unknown(house: House, name: str) -> None:
    host, watch = await good(house)
    said, words = GARBAGE[name]
    host.says["/running"] = said
    await watch.look()
    if name == "not there":
        assert watch.view.health.state == "up"
        assert any("which models" in f.lower() for f in watch.view.degraded_features)
    else:
        assert watch.view.health.state == "degraded"
        reason = watch.view.health.reason or ""
        assert words in reason or (name == "too large" and "larger than 1 MiB" in reason)
    assert [m.state for m in watch.view.models] == ["unknown"]
    host.says["/running"] = json({"running": []})
    await watch.look()
    assert [m.state for m in watch.view.models] == ["stopped"]


@pytest.mark.parametrize("name", GARBAGE)
async def test_broken_extras_do_no_harm(house: House, name: str) -> None:
    host, watch = await good(house)
    for path in ("/api/version", "/api/performance", "/api/metrics/activity"):
        host.says[path] = GARBAGE[name][0]
    host.says["/running"] = json({"running": [{"model": "a", "state": "ready"}]})
    host.says["/upstream/a/props"] = GARBAGE[name][0]
    await watch.look()
    assert watch.view.health.state == "up"
    assert watch.view.version is None
    assert [(m.state, m.context_length) for m in watch.view.models] == [("ready", None)]


async def test_an_unforeseen_error_ends_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, watch = await good(house)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("boocontrol.hosts.swap.read_running", broken)
        await watch.look()
    assert watch.view.health.state == "degraded"
    assert "ZeroDivisionError" in (watch.view.health.reason or "")
    assert "look at box" in caplog.text
    await watch.look()
    assert watch.view.health.state == "up"


async def test_a_redirect_is_told_and_not_followed(house: House) -> None:
    host, watch = await good(house)
    other = await house.fake()

    async def login(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"{other.url}/login?next=/")

    host.says |= dict.fromkeys(("/wol-health", "/running", "/v1/models"), login)
    for _ in range(3):
        await watch.look()
    assert watch.view.health.state == "down"
    assert f"redirects to {other.url}" in (watch.view.health.reason or "")
    assert "login page" in (watch.view.health.reason or "")
    assert other.requests == []


async def test_a_redirect_of_the_inventory_only(house: House) -> None:
    host, watch = await good(house)

    async def slash(request: web.Request) -> web.StreamResponse:
        raise web.HTTPMovedPermanently("/v1/models/")

    host.says["/v1/models"] = slash
    await watch.look()
    assert watch.view.health.state == "degraded"
    assert "sends /v1/models on to /v1/models/" in (watch.view.health.reason or "")


async def test_what_speaks_no_http(house: House) -> None:
    async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ready\r\n\r\n")
        await writer.drain()
        await reader.read(1)

    port = await house.raw(mail)
    watch = house.watch(Provider(id="box", base_url=f"http://127.0.0.1:{port}"))
    await watch.look()
    assert "does not speak HTTP" in watch.history[-1].detail


async def test_what_closes_without_an_answer(house: House) -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    port = await house.raw(rude)
    watch = house.watch(Provider(id="box", base_url=f"http://127.0.0.1:{port}"))
    await watch.look()
    assert "closed the connection without an HTTP answer" in watch.history[-1].detail


async def test_a_kept_connection_that_died_is_no_failure(house: House) -> None:
    host, watch = await good(house)
    await watch.look()
    port = host.port
    await host.stop()  # a restart between two looks, on the same port
    host.port = port
    await host.start()
    await watch.look()
    assert [c.outcome for c in watch.history] == ["ok", "ok"]


async def test_liveness_of_an_older_host(house: House) -> None:
    host, watch = await good(house)
    del host.says["/wol-health"]
    host.says["/health"] = text("OK")
    for _ in range(3):
        await watch.look()
    assert watch.view.health.state == "up"
    assert host.paths.count("/wol-health") == 1
    assert host.paths.count("/health") == 3


async def test_five_thousand_models(house: House) -> None:
    host, watch = await good(house)
    many = [{"id": f"m{i}", "name": "x" * 50, "meta": {"llamaswap": {"type": "model"}}} for i in range(5000)]
    host.says["/v1/models"] = json({"data": many})
    await watch.look()
    assert len(watch.view.models) == 5000
    shown = watch.view.models
    watch.refresh()
    await watch.look()
    assert watch.view.models is shown, "nothing changed, nothing is worked out again"


async def test_another_kind_of_server_is_named(house: House) -> None:
    host, watch = await good(house)
    host.says["/v1/models"] = models("a", owned_by="llamacpp")
    del host.says["/running"]
    await watch.look()
    assert any("kind openai" in f for f in watch.view.degraded_features)


async def test_a_number_that_no_float_holds_is_unknown_and_the_rest_is_read(house: House) -> None:
    host, watch = await good(house)
    host.says["/v1/models"] = text(
        '{"data": [{"id": "a", "context_length": 1e999}, {"id": "b", "meta": {"n": -1e400}}]}'
    )
    await watch.look()
    assert watch.view.health.state == "up"
    assert [(m.wire_id, m.context_length) for m in watch.view.models] == [("a", None), ("b", None)]


async def test_nan_is_no_json_even_beside_such_a_number(house: House) -> None:
    host, watch = await good(house)
    host.says["/v1/models"] = text('{"data": [{"id": "a", "n": 1e999, "o": NaN}]}')
    await watch.look()
    assert "not JSON" in (watch.view.health.reason or "")
