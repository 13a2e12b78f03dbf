"""Where refs lead."""

from __future__ import annotations

import pytest

from boocontrol.core import Catalog, Refusal, Registry, resolve
from boocontrol.core.catalog import ModelState

REGISTRY = Registry.model_validate_json(
    """{"defaultProvider": "gpu-box", "providers": [
    {"id": "gpu-box", "baseUrl": "http://g:8401", "sidecarUrl": "http://g:8402", "apiKey": {"env": "K"}},
    {"id": "mac", "baseUrl": "http://m", "priority": 5, "formerIds": ["imac"]},
    {"id": "off", "baseUrl": "http://o", "enabled": false},
    {"id": "cloud", "baseUrl": "https://c", "kind": "openai"}]}"""
)


def catalog(**states: tuple[str, ModelState]) -> Catalog:
    """Each provider with the model `qwen` in a state, and gpu-box with a slashed one."""
    providers = []
    for p in REGISTRY:
        state, model = states.get(p.id.replace("-", "_"), ("up", "stopped"))
        models = [{"ref": f"{p.id}/qwen", "wireId": "qwen", "state": model}]
        if p.id == "gpu-box":
            models.append({"ref": "gpu-box/org/Big.X:Q4", "wireId": "org/Big.X:Q4", "state": "stopped"})
        providers.append({"id": p.id, "label": p.id, "kind": p.kind, "state": state, "models": models})
    return Catalog.model_validate({"defaultProvider": "gpu-box", "providers": providers})


@pytest.mark.parametrize(
    ("text", "provider", "wire_id"),
    [
        ("mac/qwen", "mac", "qwen"),
        ("imac/qwen", "mac", "qwen"),
        ("qwen", "gpu-box", "qwen"),
        ("gpu-box/org/Big.X:Q4", "gpu-box", "org/Big.X:Q4"),
        ("org/Big.X:Q4", "gpu-box", "org/Big.X:Q4"),
        ("mac/not listed/at all", "mac", "not listed/at all"),
        ("mac/mac/qwen", "mac", "mac/qwen"),
    ],
)
def test_routes(text: str, provider: str, wire_id: str) -> None:
    route = resolve(REGISTRY, text, "chat", catalog())
    assert (route.provider_id, route.wire_id) == (provider, wire_id)


def test_urls() -> None:
    route = resolve(REGISTRY, "gpu-box/org/Big.X:Q4")
    assert route.url("/v1/chat/completions") == "http://g:8401/v1/chat/completions"
    assert route.props_url == "http://g:8401/upstream/org%2FBig.X%3AQ4/props"
    assert route.key is not None and route.key.env == "K"
    assert resolve(REGISTRY, "cloud/x").props_url == "https://c/props"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("gpubox/qwen", "model_not_found", "gpu-box/qwen"),
        ("org/big.x", "model_not_found", "gpu-box/org/Big.X:Q4"),
        ("off/qwen", "provider_paused", "paused"),
        ("gpu-box/", "model_not_found", ""),
        ("any/nothing-like-it", "model_not_found", "does not exist"),
    ],
)
def test_refusals_name_the_remedy(text: str, code: str, says: str) -> None:
    with pytest.raises(Refusal) as told:
        resolve(REGISTRY, text, "chat", catalog())
    assert told.value.code == code
    assert says in str(told.value) and told.value.advice


def test_an_empty_registry_says_what_to_do() -> None:
    with pytest.raises(Refusal) as told:
        resolve(Registry(), "qwen")
    assert told.value.code == "no_providers"


def test_a_bare_id_with_a_slash_needs_the_inventory() -> None:
    with pytest.raises(Refusal):
        resolve(REGISTRY, "org/Big.X:Q4", "chat", None)


class TestFleet:
    def chosen(self, **states: tuple[str, ModelState]) -> str:
        everyone: dict[str, tuple[str, ModelState]] = {"cloud": ("down", "unknown")}
        return resolve(REGISTRY, "any/qwen", "chat", catalog(**(everyone | states))).provider_id

    def test_ready_before_starting_before_priority(self) -> None:
        assert self.chosen(gpu_box=("up", "ready")) == "gpu-box"
        assert self.chosen(gpu_box=("up", "starting")) == "gpu-box"
        assert self.chosen(gpu_box=("up", "starting"), mac=("busy", "ready")) == "mac"
        assert self.chosen() == "mac"

    def test_a_host_that_is_down_comes_last(self) -> None:
        assert self.chosen(mac=("down", "unknown")) == "gpu-box"

    def test_an_up_host_of_kind_openai_counts_as_ready(self) -> None:
        assert self.chosen(cloud=("up", "stopped")) == "cloud"

    def test_a_paused_one_is_never_chosen(self) -> None:
        down: tuple[str, ModelState] = ("down", "unknown")
        assert self.chosen(gpu_box=down, mac=down, off=("up", "ready")) in ("gpu-box", "mac")


class TestSidecar:
    def test_only_streaming_chat_with_flags_goes_there(self) -> None:
        route = resolve(REGISTRY, "gpu-box/qwen", "chat", agent_flags=True, streaming=True)
        assert (route.kind, route.base_url) == ("sidecar", "http://g:8402")
        assert route.key is None
        for purpose, streaming, flags in (("chat", False, True), ("embeddings", True, True), ("chat", True, False)):
            route = resolve(REGISTRY, "gpu-box/qwen", purpose, agent_flags=flags, streaming=streaming)  # type: ignore[arg-type]
            assert route.kind == "swap"

    def test_flags_for_a_provider_without_one_are_refused(self) -> None:
        with pytest.raises(Refusal) as told:
            resolve(REGISTRY, "mac/qwen", "chat", agent_flags=True, streaming=True)
        assert told.value.code == "no_sidecar"
