"""Other OpenAI-compatible servers: liveness, loading, context lengths, and llama.cpp itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import KeyRef, Provider
from boocontrol.hosts.actions import Actions
from boocontrol.hosts.errors import BadAnswer
from tests.hosts.conftest import House, entry, has, json, model, models, page, text

LOADING = {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}
PROPS = {"default_generation_settings": {"n_ctx": 2048}}


def provider(url: str, **more: object) -> Provider:
    return Provider(id="box", base_url=url, kind="openai", **more)  # type: ignore[arg-type]


async def test_models_are_ready_while_it_is_up(house: House) -> None:
    host = await house.fake()
    host.says["/v1/models"] = models("a", "b/c", max_model_len=8192)
    monitor = house.monitor(provider(host.url))
    await monitor.wait_for(lambda: has(monitor, "box/a"))
    assert entry(monitor, "box").state == "up"
    assert [(m.state, m.context_length) for m in monitor.catalog().models()] == [("ready", 8192)] * 2
    assert monitor.host("box").loaded == ()
    assert not [p for p in host.paths if "running" in p or "upstream" in p]
    await host.stop()
    while entry(monitor, "box").state != "down":
        seen = len(monitor.history("box").checks)
        monitor.refresh("box")
        await monitor.wait_for(lambda seen=seen: len(monitor.history("box").checks) > seen)
    assert {m.state for m in monitor.catalog().models()} == {"unknown"}


async def test_health_is_asked_once_where_there_is_none(house: House) -> None:
    host = await house.fake()
    host.says |= {"/v1/models": models("a"), "/health": page()}
    watch = house.watch(provider(host.url))
    for _ in range(3):
        await watch.look()
    assert host.paths == ["/health", "/v1/models", "/v1/models", "/v1/models"]


async def test_health_is_liveness_where_there_is_one(house: House) -> None:
    host = await house.fake()
    host.says |= {"/v1/models": models("a"), "/health": json({"status": "ok"})}
    watch = house.watch(provider(host.url))
    for _ in range(3):
        await watch.look()
    assert host.paths.count("/health") == 3
    assert host.paths.count("/v1/models") == 1


async def test_a_cloud_is_asked_for_its_models_only_and_seldom(house: House) -> None:
    host = await house.fake()
    host.says["/v1/models"] = models("a")
    watch = house.watch(provider(host.url, location="cloud"))
    await watch.look()
    assert host.paths == ["/v1/models"]
    assert watch.pause_s() == 30.0


async def test_llama_server_while_it_loads(house: House) -> None:
    host = await house.fake()
    loading = json(LOADING, 503)
    host.says |= {"/health": loading, "/v1/models": loading}
    watch = house.watch(provider(host.url))
    await watch.look()
    assert watch.view.health.state == "up"
    assert watch.view.models == ()
    host.says |= {"/health": json({"status": "ok"}), "/v1/models": models("m", owned_by="llamacpp")}
    host.says["/props"] = json(PROPS)
    await watch.look()
    assert [(m.state, m.context_length, m.context_source) for m in watch.view.models] == [("ready", 2048, "props")]
    host.says |= {"/health": loading, "/v1/models": loading}
    await watch.look()
    assert [m.state for m in watch.view.models] == ["starting"]
    assert watch.view.health.state == "up"


@pytest.mark.parametrize("owner", ["vllm", "llamacpp"])
async def test_props_are_asked_of_a_llama_server_with_one_model_only(house: House, owner: str) -> None:
    host = await house.fake()
    host.says |= {"/health": text(""), "/props": json(PROPS)}
    host.says["/v1/models"] = models("a", "b", owned_by=owner) if owner == "llamacpp" else models("a", owned_by=owner)
    watch = house.watch(provider(host.url))
    await watch.look()
    assert "/props" not in host.paths


async def test_a_wanted_key(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    host = await house.fake()

    async def guarded(request):  # type: ignore[no-untyped-def]
        right = request.headers.get("Authorization") == "Bearer k"
        return models("a") if right else json({"error": {"message": "no"}}, 401)

    host.says["/v1/models"] = guarded
    monkeypatch.setenv("BOO_TEST_KEY", "wrong")
    watch = house.watch(provider(host.url, api_key=KeyRef(env="BOO_TEST_KEY")))
    await watch.look()
    assert watch.view.health.state == "needs_key"
    monkeypatch.setenv("BOO_TEST_KEY", "k")
    await watch.look()
    assert watch.view.health.state == "up"
    assert [m.wire_id for m in watch.view.models] == ["a"]


async def test_nothing_is_loaded_or_unloaded_there(house: House) -> None:
    host = await house.fake()
    host.says["/v1/models"] = models("a")
    monitor = house.monitor(provider(host.url))
    await monitor.wait_for(lambda: has(monitor, "box/a"))
    actions = Actions(monitor)
    with pytest.raises(BadAnswer, match="by the server itself"):
        actions.load(ModelRef("box", "a"))
    for refused in (actions.unload(ModelRef("box", "a")), actions.unload_all("box")):
        with pytest.raises(BadAnswer):
            await refused


@pytest.mark.llama
async def test_llama_cpp_itself(house: House, tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    pytest.importorskip("gguf")
    if sys.platform == "win32":
        pytest.skip("not run on Windows")
    from boocontrol.demo.llama import LlamaOptions, LlamaServer
    from boocontrol.demo.tiny_gguf import write_tiny_gguf

    async with LlamaServer(write_tiny_gguf(tmp_path / "tiny.gguf"), LlamaOptions(context=512)) as server:
        monitor = house.monitor(provider(server.url))
        await monitor.wait_for(lambda: has(monitor, "box/tiny"), 20)
        await monitor.wait_for(lambda: model(monitor, "box/tiny").context_length == 512, 20)
        assert model(monitor, "box/tiny").state == "ready"
        assert model(monitor, "box/tiny").context_source in ("meta", "props")
