"""Reading what hosts list: every dialect, and whatever else may come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from boocontrol.hosts import context
from boocontrol.hosts.errors import BadAnswer
from boocontrol.hosts.records import read_models, read_running, read_version

GOLDEN = Path(__file__).parent.parent / "golden" / "llama-swap-250"


def read(*records: Any) -> Any:
    return read_models({"data": list(records)}, "box", "box:80")


def test_genuine_records_of_version_250() -> None:
    exchange = json.loads((GOLDEN / "030-models.json").read_text())["exchanges"][0]
    body = "".join(piece for _, piece in exchange["response"]["pieces"]).replace("{{unix}}", "1795363860")
    found = read_models(json.loads(body), "box", "box:80")
    by_id = {m.wire_id: m for m in found.models}
    assert found.peers_hidden > 0
    assert not any(w.startswith("hostb/") for w in by_id)
    assert by_id["coder"].type == "selector"
    assert found.leads["coder"] == ("qwen", "bare")
    assert by_id["gpt-4o-mini"].type == "alias"
    assert found.leads["gpt-4o-mini"] == ("qwen",)
    assert by_id["qwen"].aliases
    assert by_id["qwen"].capabilities == {"tools": True, "vision": True}
    assert (by_id["qwen"].context_length, by_id["qwen"].context_source) == (32768, "context_length")
    assert by_id["author/big"].ref == "box/author/big"
    assert {m.state for m in found.models} == {"stopped"}
    assert found.typed


def test_a_record_needs_nothing_but_an_id() -> None:
    found = read({"id": "bare"}, {"id": "bare", "name": "again"}, {"name": "no id"}, 7, None, {"id": ""}, {"id": 3})
    assert [(m.wire_id, m.name, m.context_length) for m in found.models] == [("bare", "bare", None)]


def test_wrong_types_in_a_record_are_passed_over() -> None:
    odd = {"id": "x", "name": 5, "meta": [], "capabilities": "all", "architecture": 1, "supported_parameters": None}
    assert read(odd).models[0].name == "x"
    odd = {"id": "x", "meta": {"llamaswap": {"type": ["model"], "aliases": [1, "a", "x"], "targets": 3}}}
    assert read(odd).models[0].aliases == ("a",)


def test_control_characters_reach_nobody() -> None:
    found = read({"id": "x", "name": "a\x1b[31mb\u202ec", "description": "d\ne"}, {"id": "y\x1b[2J"}, {"id": "z\u0085"})
    assert [(m.wire_id, m.name, m.description) for m in found.models] == [("x", "a[31mbc", "de")]


def test_user_metadata_that_looks_like_a_type() -> None:
    assert read({"id": "x", "meta": {"llamaswap": {"type": "chat"}}}).models[0].type == "model"


@pytest.mark.parametrize("document", [{}, {"data": 1}, 7, None, "x", {"error": "no"}, {"data": {"a": 1}}])
def test_another_shape_is_told(document: Any) -> None:
    with pytest.raises(BadAnswer, match="another shape"):
        read_models(document, "box", "box:80")


def test_no_models_of_ollama() -> None:
    assert read_models({"object": "list", "data": None}, "box", "box:80").models == ()


def test_five_thousand_models() -> None:
    found = read(*({"id": f"m{i}", "meta": {"llamaswap": {"type": "model"}}} for i in range(5000)))
    assert len(found.models) == len(found.records) == 5000


def test_running_old_and_new() -> None:
    old = read_running({"running": [{"model": "q", "state": "ready"}]}, "box:80")
    assert old["q"].state == "ready"
    new = read_running({"running": [{"model": "q", "state": "warped", "cmd": "x --api-key secret"}, 4, {}]}, "box:80")
    assert new["q"].state == "unknown"
    assert "secret" not in repr(new)
    with pytest.raises(BadAnswer):
        read_running({"running": None}, "box:80")


def test_versions() -> None:
    assert read_version({"version": "250"}) == "250"
    assert read_version({"version": 0}) == "0"
    assert read_version({"version": "nightly\x07"}) == "nightly"
    assert read_version([]) is None


@pytest.mark.parametrize(
    ("cmd", "length"),
    [
        ("llama-server -m x.gguf -c 8192", 8192),
        ("llama-server --ctx-size 4096 -ngl 99", 4096),
        ("llama-server --ctx-size=4096", 4096),
        ("llama-server \\\n  -c 16384 \\\n  -m x", 16384),
        ("bash -c 'llama-server -m x -c 2048'", 2048),
        ("llama-server -c 0", None),
        ("llama-server -c 512 -c 1024", 1024),
        ("llama-server --cache-type-k q8_0 -cb -ctk 4096", None),
        ("llama-server -c", None),
        ("", None),
    ],
)
def test_context_in_a_command(cmd: str, length: int | None) -> None:
    assert context.of_command(cmd) == length


@pytest.mark.parametrize(
    ("record", "length"),
    [
        ({"context_length": 5, "meta": {"n_ctx": 6}}, (5, "context_length")),
        ({"meta": {"n_ctx": 6, "n_ctx_train": 9, "llamaswap": {"n_ctx": 7}}}, (6, "meta")),
        ({"meta": {"n_ctx_train": 9}}, None),
        ({"meta": {"llamaswap": {"n_ctx": "7"}}}, (7, "metadata")),
        ({"meta": {"llamaswap": {"context_length": 8.0}}}, (8, "metadata")),
        ({"meta": {"llamaswap": {"context": 9}}}, (9, "metadata")),
        ({"max_model_len": 10}, (10, "context_length")),
        ({"loaded_context_length": 11, "max_context_length": 99}, (11, "context_length")),
        ({"context_length": True}, None),
        ({"context_length": -1}, None),
        ({"context_length": "many"}, None),
    ],
)
def test_context_in_a_record(record: dict[str, Any], length: object) -> None:
    assert context.of_record(record) == length


def test_context_in_props() -> None:
    assert context.of_props({"default_generation_settings": {"n_ctx": 4096}}) == 4096
    assert context.of_props({"n_ctx": 4096}) == 4096
    assert context.of_props([]) is None
    assert context.of_props({"default_generation_settings": None}) is None
