"""Every simulated version of llama-swap through the whole monitor."""

from __future__ import annotations

import pytest

from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Provider
from boocontrol.demo.config import VERSIONS, Capabilities, HostConfig, ModelConfig, PeerConfig, SelectorConfig
from boocontrol.demo.host import SimHost
from boocontrol.hosts import swap
from boocontrol.hosts.actions import Actions
from tests.hosts.conftest import House, entry, has, model

MODELS = (
    ModelConfig("qwen", name="Qwen", aliases=("q",), ctx=4096, load_s=0.5),
    ModelConfig("org/big one", unlisted=True, ctx=2048),
    ModelConfig("said", capabilities=Capabilities(context=32768, tools=True), metadata={"n_ctx": 111}),
)


def config(version: str, **more: object) -> HostConfig:
    defaults: dict[str, object] = {
        "peers": (PeerConfig("other", "http://127.0.0.1:1", ("far",)),),
        "selectors": (SelectorConfig("pick", "warm", ("qwen",)),),
        "include_aliases_in_list": True,
        "clock": 0.2,
    }
    return HostConfig(version=version, models=MODELS, **(defaults | more))  # type: ignore[arg-type]


def touched_only_by_loads(host: SimHost) -> bool:
    touched = [r for r in host.requests if r.touched_not_ready]
    return all(r.target.endswith("/") for r in touched)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_load_and_an_unload_are_seen(house: House, version: str) -> None:
    host = await house.sim(config(version))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    assert entry(monitor, "box").state == "up"
    assert monitor.host("box").version == ("250" if version == "main" else version)
    assert {m.state for m in monitor.catalog().models()} == {"stopped"}
    ends: list[object] = []
    actions = Actions(monitor, lambda ref, words: ends.append((str(ref), words)))
    actions.load(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "ready")
    await monitor.wait_for(lambda: model(monitor, "box/qwen").context_source == "props")
    assert model(monitor, "box/qwen").context_length == 4096
    await monitor.wait_for(lambda: bool(ends))
    assert ends == [("box/qwen", None)]
    await actions.unload(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: model(monitor, "box/qwen").state == "stopped")
    assert model(monitor, "box/qwen").context_length == 4096, "remembered"
    assert sum(r.target.endswith("/props") for r in host.requests) == 1
    assert touched_only_by_loads(host)
    assert {r.target for r in host.requests if "health" in r.target} == {"/wol-health"}


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_unlisted_model_shows_while_it_runs(house: House, version: str) -> None:
    host = await house.sim(config(version))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    assert not has(monitor, "box/org/big one")
    Actions(monitor).load(ModelRef("box", "org/big one"))
    await monitor.wait_for(lambda: has(monitor, "box/org/big one"))
    assert model(monitor, "box/org/big one").unlisted
    await monitor.wait_for(lambda: model(monitor, "box/org/big one").context_length == 2048)


async def test_types_peers_and_lengths_of_the_newest(house: House) -> None:
    host = await house.sim(config("main"))
    monitor = house.monitor(Provider(id="box", base_url=host.url, context_overrides={"pick": 77, "qwen": 99}))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    found = {m.wire_id: m for m in monitor.catalog().models()}
    assert {w: m.type for w, m in found.items()} == {
        "qwen": "model",
        "said": "model",
        "q": "alias",
        "pick": "selector",
    }
    assert entry(monitor, "box").peers_hidden == 1
    assert found["qwen"].aliases == ("q",)
    assert (found["q"].context_length, found["q"].context_source) == (99, "override"), "an alias is its model"
    assert (found["pick"].context_length, found["pick"].context_source) == (77, "override")
    assert (found["said"].context_length, found["said"].context_source) == (32768, "context_length")
    assert found["said"].capabilities["tools"]
    assert monitor.records("box").keys() == {"qwen", "said", "q", "pick"}
    assert monitor.host("box").degraded_features == ()
    Actions(monitor).load(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: {model(monitor, f"box/{n}").state for n in ("qwen", "q", "pick")} == {"ready"})


async def test_what_an_old_host_cannot_tell(house: House) -> None:
    host = await house.sim(config("173"))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    assert set(monitor.host("box").degraded_features) == {swap.NO_FIGURES, swap.NO_ACTIVITY, swap.NO_TYPES}
    Actions(monitor).load(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: swap.NO_DETAILS in monitor.host("box").degraded_features)


async def test_a_failed_start_is_explained_by_the_end_of_the_load(house: House) -> None:
    failing = ModelConfig("broken", load_s=0.2, fail_s=0.05)
    host = await house.sim(HostConfig(models=(failing,), clock=0.2))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/broken"))
    words: list[str | None] = []
    actions = Actions(monitor, lambda _, said: words.append(said))
    actions.load(ModelRef("box", "broken"))
    actions.load(ModelRef("box", "broken"))
    await monitor.wait_for(lambda: bool(words))
    assert "exited prematurely" in (words[0] or "")
    assert len(words) == 1
    assert actions.loading == ()
    await monitor.wait_for(lambda: model(monitor, "box/broken").state == "stopped")


async def test_unload_all_and_what_is_unknown(house: House) -> None:
    host = await house.sim(config("main"))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: has(monitor, "box/qwen"))
    actions = Actions(monitor)
    actions.load(ModelRef("box", "qwen"))
    await monitor.wait_for(lambda: len(monitor.host("box").loaded) == 1)
    await actions.unload_all("box")
    await monitor.wait_for(lambda: monitor.host("box").loaded == ())
    with pytest.raises(swap.BadAnswer) as caught:
        await actions.unload(ModelRef("box", "nobody"))
    assert caught.value.code == "model_not_found"
