"""providers: through the gateway, and on the file while none runs."""

from __future__ import annotations

import json

import pytest


def read(path):
    return json.loads(path.read_text())


def test_list_through_the_gateway(boo, running):
    out = boo("providers").out
    assert "gpu-box (default)" in out
    assert "● up" in out
    assert "keyring:attic" in out
    assert boo("providers", "list", "--json").json == running.document


def test_list_from_the_file(boo, registry):
    done = boo("providers", "list")
    assert done.code == 0
    assert "attic" in done.out
    assert str(registry) in done.err
    assert boo("providers", "--json").json == read(registry)


def test_broken_file_is_told_and_kept(boo, registry):
    registry.write_text('{"providers": [')
    for args in (["list"], ["pause", "attic"], ["remove", "attic"]):
        done = boo("providers", *args)
        assert done.code == 1
        assert "line 1" in done.err
    assert registry.read_text() == '{"providers": ['


def test_order_default_pause_remove_through_the_gateway(boo, running):
    boo("providers", "order", "attic")
    boo("providers", "default", "attic")
    boo("providers", "pause", "gpu-box")
    assert [p["id"] for p in running.document["providers"]] == ["attic", "gpu-box"]
    assert running.document["defaultProvider"] == "attic"
    assert running.document["providers"][1] == {
        "id": "gpu-box",
        "label": "GPU box",
        "baseUrl": "http://gpu-box:8401",
        "mine": 1,
        "enabled": False,
    }
    boo("providers", "resume", "gpu-box")
    assert running.document["providers"][1]["enabled"] is True
    boo("providers", "remove", "gpu-box")
    assert [p["id"] for p in running.document["providers"]] == ["attic"]


def test_the_same_edits_on_the_file(boo, registry):
    for args in (["order", "attic"], ["default", "attic"], ["pause", "gpu-box"]):
        assert boo("providers", *args).code == 0
    after = read(registry)
    assert [p["id"] for p in after["providers"]] == ["attic", "gpu-box"]
    assert (after["defaultProvider"], after["theirs"], after["providers"][1]["mine"]) == ("attic", True, 1)
    assert after["providers"][1]["enabled"] is False
    assert boo("providers", "remove", "gpu-box", "--json").json == {"removed": "gpu-box"}
    assert boo("providers", "remove", "gpu-box").code == 5
    assert boo("providers", "default", "nope").code == 5


def test_edit(boo, running):
    done = boo("providers", "edit", "gpu-box", "--label", "Box", "--url", "gpu-box:8401/v1", "--priority", "3")
    assert done.code == 0
    entry = running.document["providers"][0]
    assert (entry["label"], entry["baseUrl"], entry["priority"]) == ("Box", "http://gpu-box:8401", 3)
    boo("providers", "edit", "gpu-box", "--unset", "priority", "--no-verify-tls", "--cloud")
    entry = running.document["providers"][0]
    assert "priority" not in entry
    assert (entry["verifyTls"], entry["location"]) == (False, "cloud")


def test_edit_refuses_what_makes_no_sense(boo, running):
    for args in ([], ["--url", "ftp://x"], ["--kind", "ollama"], ["--unset", "id"]):
        assert boo("providers", "edit", "gpu-box", *args).code == 2
    assert boo("providers", "edit", "nope", "--label", "x").code == 5


def test_rename_on_the_file_keeps_the_old_id(boo, registry):
    boo("providers", "edit", "gpu-box", "--id", "den")
    after = read(registry)
    assert (after["providers"][0]["id"], after["providers"][0]["formerIds"]) == ("den", ["gpu-box"])
    assert after["defaultProvider"] == "den"


def test_a_key_does_not_follow_to_another_server(boo, registry):
    done = boo("providers", "edit", "attic", "--url", "http://elsewhere:8401")
    assert "--keep-key" in done.err
    assert "apiKey" not in read(registry)["providers"][1]


def test_a_key_stays_on_the_same_server_or_on_demand(boo, registry):
    boo("providers", "edit", "attic", "--url", "http://attic:8401/sub")
    assert "apiKey" in read(registry)["providers"][1]
    boo("providers", "edit", "attic", "--sidecar-url", "http://attic:8402")
    assert "apiKey" in read(registry)["providers"][1]
    boo("providers", "edit", "attic", "--url", "http://elsewhere:8401", "--keep-key")
    assert "apiKey" in read(registry)["providers"][1]
    assert "confirmKey" not in read(registry)["providers"][1]
    boo("providers", "edit", "attic", "--sidecar-url", "http://third:8402")
    assert "apiKey" not in read(registry)["providers"][1]


def test_add_tries_first(boo, running):
    done = boo("providers", "add", "box:8080/v1/", "--label", "My Box")
    assert done.code == 0
    assert "✓ connect" in done.out
    assert running.document["providers"][-1] == {
        "id": "my-box",
        "label": "My Box",
        "baseUrl": "http://box:8080",
        "kind": "llama-swap",
    }
    assert "any/llama" in done.err  # attic lists a model of that name too


def test_add_json_is_one_document(boo, running):
    done = boo("providers", "add", "box:8080", "--json")
    assert done.json["provider"]["id"] == "box"
    assert done.json["probe"]["ok"] is True


@pytest.mark.parametrize(("stage", "code"), [("connect", 4), ("resolve", 4), ("key", 6), ("models", 1)])
def test_a_failed_stage_refuses(boo, running, stage, code):
    failed = {"stage": stage, "outcome": "failed", "detail": "Nobody listens.", "advice": "Switch it on."}
    running.probe = {"ok": False, "stages": [failed]}
    done = boo("providers", "add", "box:8080")
    assert done.code == code
    assert f"✗ {stage}" in done.out
    assert "--save-anyway" in done.err
    assert len(running.document["providers"]) == 2
    programs = boo("providers", "add", "box:8080", "--json")
    assert programs.code == code
    assert programs.json["probe"]["stages"][0]["stage"] == stage
    assert boo("providers", "add", "box:8080", "--save-anyway").code == 0
    assert len(running.document["providers"]) == 3


def test_same_address_is_told(boo, running):
    running.probe |= {"duplicateOf": "gpu-box"}
    assert "gpu-box has this address already" in boo("providers", "add", "box:8080").err


def test_add_with_a_key(boo, running):
    boo("providers", "add", "box:8080", "--key-stdin", stdin="host-key\n")
    assert ("PUT", "/api/providers/box/key", {"key": "host-key"}) in running.seen
    boo("providers", "add", "other:8080", "--key-env", "OTHER_KEY")
    assert running.document["providers"][-1]["apiKey"] == {"env": "OTHER_KEY"}
    assert boo("providers", "add", "x:1", "--key-env", "A", "--key-stdin", stdin="k").code == 2


def test_add_without_a_gateway(boo, home, keyring):
    from boocontrol.core.paths import registry_path

    done = boo("providers", "add", "box:8080", "--key-stdin", stdin="host-key\n")
    assert done.code == 0
    assert "not tried" in done.err
    assert read(registry_path())["providers"][0]["apiKey"] == {"keyring": "box"}
    assert keyring.get("box") == "host-key"
    assert "host-key" not in registry_path().read_text() + done.out + done.err
    assert boo("providers", "add", "box:9090", "--id", "box").code == 1


def test_bad_address(boo, running):
    assert boo("providers", "add", "ftp://x").code == 2
    assert not running.seen


def test_test(boo, running):
    done = boo("providers", "test", "attic")
    assert done.code == 0
    assert running.seen[-1][2] == {
        "baseUrl": "http://attic:8401",
        "provider": "attic",
        "verifyTls": True,
    }
    assert boo("providers", "test", "attic", "--json").json["ok"] is True
    assert boo("providers", "test", "nope").code == 5


def test_key_set_and_remove_through_the_gateway(boo, running):
    assert boo("providers", "key", "set", "gpu-box", "--key-stdin", stdin="k1\n").code == 0
    assert ("PUT", "/api/providers/gpu-box/key", {"key": "k1"}) in running.seen
    assert boo("providers", "key", "remove", "gpu-box").code == 0
    assert ("DELETE", "/api/providers/gpu-box/key", None) in running.seen
    assert boo("providers", "key", "set", "nope", "--key-stdin", stdin="k1\n").code == 5


def test_a_key_from_a_variable_gives_way(boo, running):
    running.document["providers"][0]["apiKey"] = {"env": "BOX_KEY"}
    done = boo("providers", "key", "set", "gpu-box", "--key-stdin", stdin="k1\n")
    assert "BOX_KEY" in done.err
    assert "apiKey" not in running.document["providers"][0]  # the gateway itself makes the new reference
    running.document["providers"][0]["apiKey"] = {"env": "BOX_KEY"}
    assert boo("providers", "key", "remove", "gpu-box").code == 0
    assert "apiKey" not in running.document["providers"][0]
    assert "DELETE" not in [method for method, _, _ in running.seen]


def test_key_set_and_remove_without_a_gateway(boo, registry, keyring):
    assert boo("providers", "key", "set", "attic", "--key-stdin", stdin="k1\n").code == 0
    assert keyring.get("attic") == "k1"
    assert boo("providers", "key", "remove", "attic", "--json").json == {"provider": "attic", "stored": False}
    assert keyring.get("attic") is None
    assert "apiKey" not in read(registry)["providers"][1]


def test_a_name_in_the_keyring_is_never_shared(boo, registry, keyring):
    boo("providers", "edit", "attic", "--id", "loft")
    boo("providers", "add", "other:1", "--id", "barn")
    boo("providers", "edit", "barn", "--id", "attic-2")
    boo("providers", "key", "set", "loft", "--key-stdin", stdin="k1\n")
    assert keyring.get("attic") == "k1"
    boo("providers", "edit", "attic-2", "--id", "b")
    boo("providers", "key", "set", "b", "--key-stdin", stdin="k2\n")
    assert (keyring.get("attic"), keyring.get("b")) == ("k1", "k2")


def test_the_file_is_named_once(boo, registry):
    assert boo("providers", "key", "set", "attic", "--key-stdin", stdin="k1\n").err.count(str(registry)) == 1


@pytest.mark.parametrize("text", ["", "\n", "schlüssel\n", "a\x1bb\n"])
def test_what_is_no_key(boo, registry, keyring, text):
    assert boo("providers", "key", "set", "attic", "--key-stdin", stdin=text).code == 2
    assert keyring.get("attic") is None


def test_no_terminal_to_ask(boo, registry):
    assert boo("providers", "key", "set", "attic", stdin="k\n").code == 2
