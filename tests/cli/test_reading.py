"""status, models and gateway key: what people see and what programs get."""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse


def test_status_table(boo, running):
    out = boo("status").out
    assert "● up" in out
    assert "✗ down" in out
    assert "no answer" in out
    assert "1 of 2 hosts up" in out


def test_status_json_is_what_the_api_answers(boo, running):
    assert boo("status", "--json").json == {**running.status, "hosts": running.hosts}


def test_status_tells_a_broken_registry_and_drift(boo, running):
    error = {"message": "line 3: no.", "advice": "Correct it."}
    running.status["registry"]["error"] = error
    running.status["drifted"] = ["gpu-box/gone"]
    out = boo("status").out
    assert "line 3: no. Correct it." in out
    assert "gpu-box/gone" in out


def test_status_without_providers(boo, running):
    running.hosts = []
    assert "providers add" in boo("status").out


def test_models_json_is_what_the_api_answers(boo, running):
    assert boo("models", "--json").json == running.catalog


def test_models_table(boo, running):
    running.settings["favorite_models"] = ["gpu-box/qwen3", "attic/llama"]
    out = boo("models").out
    favorites, own = out.index("Favorites"), out.index("GPU box")
    assert favorites < own < out.index("Attic")
    assert out.count("★") == 3  # two in their own sections, one in Favorites: attic is down
    assert "attic/llama  favorite, unavailable now" in out
    assert "32k" in out


def test_no_escape_codes_when_not_a_terminal(boo, running):
    running.catalog["providers"][0]["models"][0]["name"] = "evil\x1b[2J\u202e name"
    out = boo("models").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "evil[2J name" in out


def test_long_refs_are_whole_in_a_pipe(boo, running, tools):
    long = "gpu-box/" + "x" * 300
    running.catalog["providers"][0]["models"].append(tools.model(long))
    assert long in boo("models").out


@pytest.mark.parametrize(
    ("words", "refs"),
    [
        (["QWEN"], ["gpu-box/qwen3"]),
        (["small"], ["gpu-box/phi"]),
        (["attic"], ["attic/llama"]),
        (["gpu", "phi"], ["gpu-box/phi"]),
        (["nothing-like-it"], []),
    ],
)
def test_search(boo, running, words, refs):
    answer = boo("models", *words, "--json").json
    assert [m["ref"] for p in answer["providers"] for m in p["models"]] == refs
    shown = boo("models", *words).out
    assert all(ref in shown for ref in refs)
    assert ("No model matches." in shown) is not refs or not refs


def test_one_provider(boo, running):
    answer = boo("models", "--provider", "attic", "--json").json
    assert [p["id"] for p in answer["providers"]] == ["attic"]
    assert "GPU box" not in boo("models", "--provider", "attic").out


def test_gateway_key(boo, running, home, tools):
    assert boo("gateway", "key").out == tools.KEY + "\n"
    assert boo("gateway", "key", "--json").json == {"key": tools.KEY, "keyFile": str(home / "gateway.key")}
    other = home / "other"
    other.mkdir()
    (other / "gateway.key").write_text("other-key")
    assert boo("gateway", "key", "--data-dir", str(other)).out == "other-key\n"
    assert boo("gateway", "--data-dir", str(other), "key").out == "other-key\n"
    assert boo("--key-file", str(other / "gateway.key"), "gateway", "key").out == "other-key\n"


def test_gateway_passes_its_options(boo, monkeypatch, home):
    from boocontrol.cli import gateway

    seen = []
    monkeypatch.setattr(gateway, "_run", lambda arguments: seen.append(arguments) or 0)
    boo("--registry", "/r.json", "gateway", "--host", "127.0.0.1", "--port", "0", "--json")
    boo("gateway", "--registry", "/own.json", "--data-dir", "/d")
    assert seen == [
        ["--registry", "/r.json", "--host", "127.0.0.1", "--port", "0", "--json"],
        ["--registry", "/own.json", "--data-dir", "/d"],
    ]


def test_named_gateway(boo, stub, home, tools):
    key = home / "k"
    key.write_text(tools.KEY)
    assert boo("--gateway", stub.url, "--key-file", str(key), "status", "--json").code == 0


def test_bare_without_a_display_is_help(boo):
    done = boo(env={"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""})
    assert done.code == 0
    assert "no display" in done.err or "not installed" in done.err
    assert "providers" in done.out
    assert "  arena " not in done.out


def test_load_and_unload(boo, running):
    assert "gpu-box/qwen3" in boo("load", "gpu-box/qwen3", "--no-wait").out
    assert boo("unload", "--provider", "attic", "--force", "--json").json == {"asked": ["attic"]}
    assert running.seen[-1][2] == {"provider": "attic", "force": True}
    assert boo("unload", "a/b", "--all").code == 2


def test_status_after_a_new_look(boo, running, tools):
    """The gateway is asked to look, and what it saw is shown."""

    def look():
        later = "2026-11-22T16:20:00Z"
        running.hosts = [{**host, "asOf": later} for host in running.hosts]
        running.hosts[1] = tools.host("attic", state="up", asOf=later)
        return JSONResponse({"asked": ["gpu-box", "attic"]}, 202)

    running.answers["POST /api/hosts/refresh"] = look
    assert [h["state"] for h in boo("status", "--refresh", "--json").json["hosts"]] == ["up", "up"]
    assert "down" not in boo("status", "--refresh").out
