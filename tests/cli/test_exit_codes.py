"""Every exit code, as words on stderr and as an object on stdout."""

from __future__ import annotations

import pytest

from boocontrol.cli import exits


def both(boo, *args, **kwargs):
    """The same call for people and for programs; the exit code is the same."""
    people, programs = boo(*args, **kwargs), boo(*args, "--json", **kwargs)
    assert people.code == programs.code
    return people, programs


def test_ok(boo, running):
    people, programs = both(boo, "status")
    assert (people.code, people.err, programs.err) == (exits.OK, "", "")


def test_failed(boo, running, tools):
    running.answers["GET /api/status"] = lambda: tools.problem(500, "gateway_fault", "It fell over.", "See its log.")
    people, programs = both(boo, "status")
    assert (people.code, people.out, people.err) == (1, "", "It fell over. See its log.\n")
    assert programs.json["error"]["code"] == "gateway_fault"
    assert programs.json["advice"] == "See its log."


def test_usage(boo, running):
    people, programs = both(boo, "unload")
    assert people.code == 2
    assert programs.json["error"]["code"] == "usage"


def test_no_gateway(boo):
    people, programs = both(boo, "status")
    assert people.code == 3
    assert "Start it with: boocontrol gateway" in people.err
    assert programs.json["error"]["code"] == "no_gateway"


def test_named_gateway_not_reachable(boo, dead_url, registry):
    assert boo("--gateway", dead_url, "status").code == 3
    assert boo("status", env={"BOOCONTROL_GATEWAY": dead_url}).code == 3
    # The file of this machine is no stand-in for a gateway elsewhere.
    assert boo("--gateway", dead_url, "providers", "list").code == 3


def test_host_down(boo, running, tools):
    running.answers["POST /api/models/load"] = lambda: tools.problem(503, "provider_offline", "attic does not answer.")
    people, programs = both(boo, "load", "attic/llama")
    assert people.code == 4
    assert programs.json["error"]["code"] == "provider_offline"


def test_not_found(boo, running, tools):
    running.answers["POST /api/models/load"] = lambda: tools.problem(404, "model_not_found", "No such model.")
    assert both(boo, "load", "attic/nope")[0].code == 5
    assert both(boo, "providers", "pause", "nope")[0].code == 5
    assert both(boo, "models", "--provider", "nope")[0].code == 5


def test_key_refused(boo, running, home):
    (home / "gateway.key").write_text("wrong")
    assert both(boo, "status")[0].code == 6
    (home / "gateway.key").unlink()
    assert both(boo, "status")[0].code == 6


def test_busy(boo, running, tools):
    request = {
        "id": "r1",
        "ref": "gpu-box/qwen3",
        "provider": "gpu-box",
        "endpoint": "chat",
        "startedAt": "2026-11-22T16:12:50Z",
    }
    refuse = tools.problem
    running.answers["POST /api/models/unload"] = lambda: refuse(409, "busy", "A request runs.", requests=[request])
    people, programs = both(boo, "unload", "gpu-box/qwen3")
    assert people.code == 7
    assert programs.json["requests"][0]["id"] == "r1"


@pytest.mark.parametrize("code", [0, 8, 9])
def test_the_gateways_own_codes_pass(boo, monkeypatch, code):
    from boocontrol.cli import gateway

    monkeypatch.setattr(gateway, "_run", lambda arguments: code)
    assert boo("gateway").code == code


def test_a_fault_of_the_program_is_words(boo, running, monkeypatch):
    from boocontrol.cli import status

    def fall(ctx, work):
        raise RuntimeError("holds sk-secret-1234567")

    monkeypatch.setattr(status, "on_gateway", fall)
    people, programs = both(boo, "status")
    assert people.code == 1
    assert "sk-secret" not in people.err + programs.out
    assert "RuntimeError" in people.err
    assert programs.json["error"]["code"] == "unexpected"


def test_control_characters_never_reach_the_terminal(boo, running, tools):
    running.answers["GET /api/status"] = lambda: tools.problem(500, "x", "a\x1b]0;b\x07\x9bc")
    people, programs = both(boo, "status")
    assert people.err == "a]0;bc.\n"
    assert programs.json["error"]["message"] == "a]0;bc"
