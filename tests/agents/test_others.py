"""Other agents: the text is valid in its language, holds no secret, and settings files are edited as opencode's is."""

from __future__ import annotations

import ast
import json
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from boocontrol.agents import others, writer
from boocontrol.agents.freshness import of_plan
from boocontrol.agents.keys import EnvKey, FileKey
from boocontrol.agents.offers import Choice, Offer, offers
from boocontrol.agents.others_setting import Setting
from boocontrol.agents.others_table import AGENTS
from boocontrol.agents.record import RecordFile
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BadInput
from boocontrol.core.jsontext import scan, value

IDS = [a.id for a in AGENTS]
FILES = [a.id for a in AGENTS if a.file]
NASTY = "box/a b'\"$(x)`{y}"


@pytest.fixture
def setting(catalog: Catalog, tmp_path: Path) -> Any:
    def make(**keys: Any) -> Setting:
        found = list(offers(catalog, Choice()).models.values())
        return Setting(
            **{"gateway_url": "http://127.0.0.1:9503", "model": "box/qwen3", "home": tmp_path, "offers": found} | keys
        )

    return make


def read(text: str) -> Any:
    return value(text, scan(text, comments=True))


@pytest.mark.parametrize("agent_id", IDS)
@pytest.mark.parametrize("ref", ["box/qwen3", NASTY])
def test_snippets(agent_id: str, ref: str, setting: Any, tmp_path: Path) -> None:
    for key in (EnvKey(), FileKey(tmp_path / "data" / "gateway.key"), None):
        found = others.snippet(agent_id, setting(model=ref, key=key))
        assert "127.0.0.1:9503" in found.text and str(tmp_path) not in found.text
        assert found.agent.verified != ""
        if found.language == "shell":
            words = shlex.split(found.text)
            bodies = [json.loads(word)["model"] for word in words if word.startswith("{")]
            assert agent_id == "open-webui" or any(word.endswith(ref) for word in [*words, *bodies])
        elif found.language == "json":
            json.loads(found.text)
        elif found.language == "toml":
            tree = tomllib.loads(found.text)
            assert tree["model"] == ref and tree["model_providers"]["boocontrol"]["wire_api"] == "responses"
        elif found.language == "python":
            ast.parse(found.text)
            assert repr(ref) in found.text


def test_the_table_is_sound() -> None:
    assert len(set(IDS)) == len(IDS)
    assert all(a.verified is None or a.verified for a in AGENTS)
    assert {a.id for a in AGENTS if a.verified is None} == {"cline", "roo-code", "openai-node"}
    with pytest.raises(BadInput, match="no agent"):
        others.agent("x")
    with pytest.raises(BadInput, match="no JSON settings"):
        others.plan("aider", Setting("http://a", "b", Path("/h")), None)


def test_the_python_snippet_makes_a_client(setting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOCONTROL_API_KEY", "none")
    text = others.snippet("openai-python", setting()).text.split("answer =")[0]
    names: dict[str, Any] = {}
    exec(text, names)
    with names["client"] as client:
        assert str(client.base_url) == "http://127.0.0.1:9503/v1/" and client.max_retries == 0


@pytest.mark.parametrize("agent_id", FILES)
def test_settings_files(agent_id: str, setting: Any, records: RecordFile, tmp_path: Path, now: Any) -> None:
    path = tmp_path / "settings.json"
    user = '{\n  // mine\n  "theme": "dark", /* too */\n}\n'
    path.write_text(user)
    for port in (9503, 9503, 9999):
        target = writer.read_target(path)
        wanted = setting(gateway_url=f"http://127.0.0.1:{port}")
        plan = others.plan(agent_id, wanted, target.text, records.get(path))
        writer.write(target, plan, records, now)
        assert of_plan(others.plan(agent_id, wanted, path.read_text(), records.get(path))).word == "fresh"
    text = path.read_text()
    assert "// mine" in text and "/* too */" in text and "9999" in text and "9503" not in text
    target = writer.read_target(path)
    writer.write(target, others.removal(agent_id, target.text, records.get(path)), records, now)
    assert read(path.read_text()) == {"theme": "dark"} and "/* too */" in path.read_text()
    writer.undo(path, records)
    assert path.read_text() == text


def test_settings_of_the_user_are_not_mixed_with_ours(setting: Any) -> None:
    user = '{"env": {"ANTHROPIC_BASE_URL": "https://other", "X": "1"}}'
    with pytest.raises(BadInput, match="ANTHROPIC_BASE_URL"):
        others.plan("claude-code", setting(), user)
    plan = others.plan("claude-code", setting(), user, take_over=True)
    assert (
        read(plan.text)["env"]["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:9503" and read(plan.text)["env"]["X"] == "1"
    )
    with pytest.raises(BadInput, match="settings of its own"):
        others.plan("crush", setting(), '{"providers": {"boocontrol": {"base_url": "x"}}}')
    with pytest.raises(BadInput, match="line 1, column 9"):
        others.plan("claude-code", setting(), '{"env": 5}')


def test_keys_are_references(setting: Any, tmp_path: Path) -> None:
    key = FileKey(tmp_path / "data" / "gateway.key")
    shown = {a: read(others.snippet(a, setting(key=key)).text) for a in FILES}
    assert shown["claude-code"]["apiKeyHelper"] == 'cat "$HOME/data/gateway.key"'
    assert shown["crush"]["providers"]["boocontrol"]["api_key"] == '$(cat "$HOME/data/gateway.key")'
    assert shown["pi"]["providers"]["boocontrol"]["apiKey"] == '!cat "$HOME/data/gateway.key"'
    assert shown["qwen-code"]["modelProviders"]["boocontrol"][0]["envKey"] == "BOOCONTROL_API_KEY"
    assert others.plan("pi", setting(key=key), None).key_file == key.path
    assert read(others.snippet("crush", setting()).text)["providers"]["boocontrol"]["api_key"] == "$BOOCONTROL_API_KEY"
    assert others.snippet("zed", setting(key=EnvKey("OTHER"))).first.startswith("export BOOCONTROL_API_KEY=")


def test_names_that_agents_would_act_on_stay_out(setting: Any) -> None:
    bad = Offer(ref="box/$(rm)", name="x")
    for agent_id in FILES:
        assert "$(rm)" not in others.snippet(agent_id, setting(offers=[bad])).text


def test_where_settings_are(tmp_path: Path) -> None:
    def at(agent_id: str, system: str = "linux", **environ: str) -> Path:
        file = others.agent(agent_id).file
        assert file
        return others.settings_path(file, environ, tmp_path, system)

    assert at("zed") == tmp_path / ".config" / "zed" / "settings.json"
    assert at("zed", XDG_CONFIG_HOME="/x") == Path("/x/zed/settings.json")
    assert at("zed", "darwin", XDG_CONFIG_HOME="/x") == tmp_path / ".config" / "zed" / "settings.json"
    assert at("crush", "win32", LOCALAPPDATA="/l") == Path("/l/crush/crush.json")
    assert at("claude-code", CLAUDE_CONFIG_DIR="/c") == Path("/c/settings.json")
    assert at("pi", "win32") == tmp_path / ".pi" / "agent" / "models.json"
