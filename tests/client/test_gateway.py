"""The control API as methods, and its errors as words."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest
from pydantic import SecretStr

from boocontrol.client import ApiError, Busy, GatewayClient, HostDown, KeyRefused, NotFound
from boocontrol.core import BadInput, BooError, Stale, Unreachable
from boocontrol.core.api import LoadRequest, ProbeRequest


@pytest.fixture
async def client(stub, tools):
    async with GatewayClient(stub.url, tools.KEY, source="test") as made:
        yield made


async def test_reads(client):
    assert (await client.status()).counts.up == 1
    assert [h.state for h in await client.hosts()] == ["up", "down"]
    assert (await client.models()).default_provider == "gpu-box"
    assert (await client.providers()).value["providers"][0]["mine"] == 1


async def test_says_who_asks(client, stub):
    await client.status()
    assert stub.headers[-1]["x-boo-source"] == "test"


async def test_host_and_history(client, stub, tools):
    from starlette.responses import JSONResponse

    check = {"at": "2026-11-22T16:12:50Z", "outcome": "ok", "state": "up", "latencyMs": 3.0}
    stub.answers["GET /api/hosts/gpu-box"] = lambda: JSONResponse(tools.host("gpu-box"))
    stub.answers["GET /api/hosts/gpu-box/history"] = lambda: JSONResponse({"id": "gpu-box", "checks": [check]})
    assert (await client.host("gpu-box")).state == "up"
    assert (await client.history("gpu-box")).checks[0].latency_ms == 3.0


async def test_provider_edits_carry_the_etag(client, stub):
    await client.add_provider({"id": "den", "baseUrl": "http://den:1"})
    await client.update_provider("den", {"label": "Den"})
    await client.remove_provider("attic")
    assert [p["id"] for p in stub.document["providers"]] == ["gpu-box", "den"]
    assert stub.document["providers"][1]["label"] == "Den"


async def test_provider_edit_is_applied_again_when_stale(client, stub):
    stub.meanwhile.append(lambda: stub.document.update(note="theirs"))
    await client.edit_providers(lambda d: {**d, "defaultProvider": "attic"})
    assert (stub.document["note"], stub.document["defaultProvider"]) == ("theirs", "attic")


async def test_settings_edit_never_undoes_another_writer(client, stub):
    def theirs():
        stub.settings = {**stub.settings, "favorite_models": ["gpu-box/qwen3", "theirs/one"], "fast_model": "x/y"}

    stub.meanwhile.append(theirs)
    after = await client.edit_settings(lambda s: {"favorite_models": [*s["favorite_models"], "mine/two"]})
    assert stub.settings["favorite_models"] == ["gpu-box/qwen3", "theirs/one", "mine/two"]
    assert stub.settings["fast_model"] == "x/y"
    assert after.value == stub.settings


async def test_empty_patch_writes_nothing(client, stub):
    await client.edit_settings(lambda s: {})
    assert [m for m, _, _ in stub.seen] == ["GET"]


async def test_a_writer_that_never_rests_ends_in_stale(client, stub):
    def busy(n):
        return lambda: stub.settings.update(fast_model=f"x/{n}")

    stub.meanwhile += [busy(n) for n in range(50)]
    with pytest.raises(Stale):
        await client.edit_settings(lambda s: {"default_model": "a/b"})


async def test_keys_travel_in_the_body_only(client, stub):
    assert (await client.set_key("attic", SecretStr("host-key"))).present
    await client.delete_key("attic")
    assert stub.seen[0] == ("PUT", "/api/providers/attic/key", {"key": "host-key"})
    assert stub.seen[1][0] == "DELETE"


async def test_probe_sends_what_was_typed(client, stub):
    result = await client.probe(ProbeRequest(base_url="box:8080", key=SecretStr("k")))
    assert result.ok
    assert stub.seen[-1][2] == {"baseUrl": "box:8080", "key": "k", "verifyTls": True}


async def test_load_and_unload(client, stub):
    assert (await client.load("gpu-box/qwen3")).asked == ("gpu-box/qwen3",)
    await client.unload(LoadRequest(all=True, force=True))
    assert stub.seen[-1] == ("POST", "/api/models/unload", {"all": True, "force": True})


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "key_wrong", KeyRefused),
        (404, "model_not_found", NotFound),
        (409, "busy", Busy),
        (429, None, Busy),
        (412, "changed_meanwhile", Stale),
        (422, "bad_setting", BadInput),
        (428, "if_match_required", BadInput),
        (503, "provider_offline", HostDown),
        (403, "provider_key_missing", KeyRefused),
        (500, "gateway_fault", ApiError),
        (409, "not_ready", ApiError),
    ],
)
async def test_errors_have_classes(client, stub, tools, status, code, kind):
    stub.answers["GET /api/status"] = lambda: tools.problem(status, code, "No.", "Do this.")
    with pytest.raises(BooError) as caught:
        await client.status()
    assert type(caught.value) is kind
    assert (caught.value.title, caught.value.advice) == ("No.", "Do this.")


async def test_busy_names_the_requests(client, stub, tools):
    running = {
        "id": "r1",
        "ref": "gpu-box/qwen3",
        "provider": "gpu-box",
        "endpoint": "chat",
        "startedAt": "2026-11-22T16:12:50Z",
    }
    stub.answers["POST /api/models/unload"] = lambda: tools.problem(409, "busy", "Runs.", requests=[running])
    with pytest.raises(Busy) as caught:
        await client.unload(LoadRequest(ref="gpu-box/qwen3"))
    assert [r.id for r in caught.value.requests] == ["r1"]


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b"\xff"])
async def test_foreign_answers(client, stub, body):
    from starlette.responses import Response

    for status in (200, 302, 404, 500):
        stub.answers["GET /api/status"] = lambda status=status: Response(body, status, headers={"location": "/x"})
        with pytest.raises(Unreachable):
            await client.status()
    stub.answers["GET /api/providers"] = lambda: Response(body)
    with pytest.raises(Unreachable):
        await client.providers()


async def test_control_characters_of_errors_are_stripped(client, stub, tools):
    stub.answers["GET /api/status"] = lambda: tools.problem(500, "x", "bad\x1b[31m\x07 news")
    with pytest.raises(ApiError) as caught:
        await client.status()
    assert caught.value.title == "bad[31m news"


async def test_nobody_listens(dead_url):
    async with GatewayClient(dead_url, "secret-key") as client:
        with pytest.raises(Unreachable) as caught:
            await client.status()
    assert "secret-key" not in repr(client) + repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)


async def test_the_key_is_nowhere_to_be_seen(stub, tools, caplog):
    caplog.set_level(0)
    async with GatewayClient(stub.url, tools.KEY) as client:
        await client.status()
        assert tools.KEY not in repr(client) + repr(vars(client)) + repr(vars(client._transport))
    assert tools.KEY not in caplog.text


async def test_a_closed_client_says_so_in_our_words(stub, tools):
    client = GatewayClient(stub.url, tools.KEY)
    await client.aclose()
    with pytest.raises(Unreachable, match="was closed"):
        await client.status()
    with pytest.raises(Unreachable, match="was closed"):
        await anext(client.events())


async def test_a_client_that_is_closed_while_it_asks(client, stub):
    """The window does so when the gateway is lost: what was asked over the connection ends with a reason."""
    closing: list[asyncio.Task] = []
    loop = asyncio.get_running_loop()

    def close_now():
        loop.call_soon_threadsafe(lambda: closing.append(asyncio.ensure_future(client.aclose())))

        from starlette.responses import StreamingResponse

        async def slowly():
            while not stub_done.is_set():
                yield b" "
                await asyncio.sleep(0.01)

        return StreamingResponse(slowly(), media_type="application/json")

    stub_done = threading.Event()
    stub.answers["GET /api/status"] = close_now
    try:
        with pytest.raises(Unreachable, match="was closed"):
            await asyncio.wait_for(client.status(), 10)
    finally:
        stub_done.set()
        await asyncio.gather(*closing)


async def test_no_socket_stays_open_when_it_is_closed_early(stub, tools):
    """At every moment of asking: while it connects, while it waits, and after that."""
    for turns in range(30):
        client = GatewayClient(stub.url, tools.KEY)
        asking = asyncio.create_task(client.hosts())
        for _ in range(turns):
            await asyncio.sleep(0)
        await client.aclose()
        done = (await asyncio.gather(asking, return_exceptions=True))[0]
        assert isinstance(done, (tuple, Unreachable)), repr(done)
    gc.collect()  # a socket that was left open tells so here, and fails the test
