"""doctor: what it finds, and what its report leaves out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from boocontrol.cli.redact import redact


def checks(done):
    return {c["name"]: c for c in done.json["checks"]}


def test_fresh_machine(boo):
    done = boo("doctor", "--json")
    assert done.code == 0
    found = checks(done)
    assert found["registry"]["outcome"] == "warning"
    assert found["gateway"]["outcome"] == "warning"
    assert "boocontrol gateway" in found["gateway"]["advice"]


def test_through_the_gateway(boo, running, registry):
    running.hosts[1]["state"] = "needs_key"
    found = checks(boo("doctor", "--json"))
    assert found["gateway"]["outcome"] == "ok"
    assert found["host gpu-box"]["outcome"] == "ok"
    assert "providers key set attic" in found["host attic"]["advice"]


def test_a_host_that_is_often_off_is_fine(boo, running):
    running.hosts[1]["oftenOff"] = True
    assert checks(boo("doctor", "--json"))["host attic"]["outcome"] == "ok"


def test_another_version(boo, running):
    running.status["version"] = "99"
    assert checks(boo("doctor", "--json"))["gateway"]["outcome"] == "warning"


def test_broken_registry_fails_with_its_place(boo, registry):
    registry.write_text('{\n  "providers": oops\n}')
    done = boo("doctor")
    assert done.code == 1
    assert "line 2, column" in done.out


def test_named_gateway_that_is_gone(boo, dead_url):
    done = boo("--gateway", dead_url, "doctor", "--json")
    assert done.code == 1
    assert checks(done)["gateway"]["outcome"] == "failed"


@pytest.mark.skipif(os.name != "posix", reason="mode bits")
def test_a_key_that_others_can_read(boo, home):
    folder = home / "data" / "boocontrol"
    folder.mkdir(parents=True)
    (folder / "gateway.key").write_text("k")
    (folder / "gateway.key").chmod(0o644)
    done = boo("doctor")
    assert done.code == 1
    assert "chmod 600" in done.out


def test_keys_of_variables_are_not_shown(boo, registry):
    registry.write_text('{"providers": [{"id": "c", "baseUrl": "http://c:1", "apiKey": {"env": "C_KEY"}}]}')
    missing = checks(boo("doctor", "--json"))["variable C_KEY"]
    assert missing["outcome"] == "warning"
    done = boo("doctor", "--json", env={"C_KEY": "very-secret", "DEEPSEEK_API_KEY": "other-secret"})
    assert "secret" not in done.out
    assert checks(done)["variable C_KEY"]["detail"] == "is set"


def test_report_holds_no_home_and_no_key(boo, running, registry, home, tools):
    path = home / "report.txt"
    env = {"LLAMA_SWAP_URL": "http://me:pass@box:1"}
    assert boo("doctor", "--report", str(path), env=env).code == 0
    text = path.read_text()
    assert str(home) not in text
    assert tools.KEY not in text
    assert "pass" not in text
    assert "~" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/bob/x /home/bobby/x /home/bob", "~/x /home/bobby/x ~"),
        ("http://u:p@h/x", "http://h/x"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [removed]"),
        ('api_key="abc", ok', 'api_key="[removed]", ok'),
        ("sk-abcdefgh1234", "[removed]"),
        ("the key of gpu-box", "the key of gpu-box"),
    ],
)
def test_redact(text, expected):
    assert redact(text, Path("/home/bob")) == expected
