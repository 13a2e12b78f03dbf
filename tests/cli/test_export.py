"""`boocontrol export` on a demo fleet and a real gateway: opencode's file and other agents'."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")
DEMO = [sys.executable, "-m", "boocontrol.demo.app", "--headless", "--json"]


@pytest.fixture
def demo(home, monkeypatch):
    """A demo fleet; the command line's gateway is its gateway."""
    with (home / "demo.log").open("w") as log:
        process = subprocess.Popen(DEMO, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        said = json.loads(process.stdout.readline())
        monkeypatch.setenv("HOME", str(home))
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        process.stdout.close()


@pytest.fixture
def export(demo, boo):
    """`boocontrol … export …` once every model of the fleet is known."""
    options = ("--gateway", demo["gateway"]["url"], "--key-file", demo["gateway"]["keyFile"])
    for _ in range(200):
        listed = boo(*options, "models", "--json").json
        if all(p["models"] for p in listed["providers"]):
            break
    return lambda *args, **more: boo(*options, "export", *args, **more)


def target(home: Path) -> Path:
    from boocontrol.agents import opencode_files

    return opencode_files.find(os.environ, home, Path.cwd()).target


def test_diff_write_again_undo_and_remove(export, home):
    shown = export("opencode", "--json").json
    assert shown["freshness"] == "absent" and "gpu-box/gpt-oss-20b" in shown["diff"]
    path = target(home)
    assert not path.exists()

    wrote = export("opencode", "--write", "--json").json
    assert wrote["wrote"] is True and Path(wrote["path"]) == path
    document = json.loads(path.read_text())
    assert "gpu-box/org/Qwen3-Coder-30B:Q4_K_M" in document["provider"]["boocontrol"]["models"]
    assert document["provider"]["boocontrol"]["options"]["apiKey"].startswith("{file:")
    stamp = path.stat().st_mtime_ns

    again = export("opencode", "--write")
    assert again.code == 0 and "nothing to write" in again.err
    assert path.stat().st_mtime_ns == stamp
    assert export("opencode", "--json").json["freshness"] == "fresh"

    narrowed = export("opencode", "--models", "mac", "--write", "--json").json
    assert narrowed["wrote"]
    assert {m.partition("/")[0] for m in json.loads(path.read_text())["provider"]["boocontrol"]["models"]} == {"mac"}
    assert export("opencode", "--undo").code == 0
    assert "gpu-box/gpt-oss-20b" in path.read_text()
    assert export("opencode", "--remove").code == 0
    assert "boocontrol" not in path.read_text()


def test_a_file_that_does_not_parse_is_not_touched(export, home):
    path = target(home)
    path.parent.mkdir(parents=True)
    path.write_text('{\n  "theme": "dark",\n  oops\n}\n')
    ran = export("opencode", "--write")
    assert ran.code != 0 and "line 3" in ran.err
    assert path.read_text() == '{\n  "theme": "dark",\n  oops\n}\n'


def test_users_comments_stay(export, home):
    path = target(home)
    path.parent.mkdir(parents=True)
    before = '// mine\n{\n  "theme": "dark", // dark\n  "provider": {"other": {"npm": "x"}},\n}\n'
    path.write_text(before)
    assert export("opencode", "--write").code == 0
    after = path.read_text()
    assert after.startswith("// mine\n") and '"theme": "dark", // dark' in after and '"other": {"npm": "x"}' in after
    assert export("opencode", "--undo").code == 0
    assert path.read_text() == before


def test_a_try_without_touching_a_file(export, home):
    ran = export("opencode", "--print-env", "--json")
    assert "boocontrol" in json.loads(ran.json["OPENCODE_CONFIG_CONTENT"])["provider"]
    assert export("opencode", "--print-env").out.startswith("OPENCODE_CONFIG_CONTENT='{")
    assert not target(home).exists()


def test_other_agents(export, home):
    assert {a["id"] for a in export("--json").json["agents"]} > {"opencode", "codex", "claude-code", "zed", "curl"}
    codex = export("agent", "codex", "-m", "mac/gpt-oss-20b", "--json").json
    assert 'wire_api = "responses"' in codex["text"] and "mac/gpt-oss-20b" in codex["text"]
    assert export("agent", "cline", "--json").json["verified"] is None
    assert export("agent", "codex", "--write").code == 2
    wrote = export("agent", "claude-code", "-m", "mac/gpt-oss-20b", "--key", "file", "--write")
    assert wrote.code == 0, wrote.err
    settings = (home / ".claude" / "settings.json").read_text()
    assert "ANTHROPIC_BASE_URL" in settings
    assert export("agent", "claude-code", "--undo").code == 0
    assert not (home / ".claude" / "settings.json").exists()


def test_bad_calls(export, home):
    assert export("opencode", "--write", "--undo").code == 2
    assert export("opencode", "--models", "nowhere").code == 5
    assert export("opencode", "--key", "literal-key").code == 2
    assert export("agent", "nothing").code == 2
    assert export("opencode", "--undo").code == 1
