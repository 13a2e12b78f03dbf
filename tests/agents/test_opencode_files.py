"""Which file opencode edits, and what else it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from boocontrol.agents.opencode_files import find
from boocontrol.agents.warnings import file_warnings, process_names, running_warning

OURS = '{"provider": {"boocontrol": {}}}'


def touch(path: Path, text: str = "{}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_first_that_exists(home: Path) -> None:
    folder = home / ".config" / "opencode"
    for system in ("linux", "darwin", "win32"):
        assert find({}, home, home, system, managed=home / "no").target == folder / "opencode.jsonc"
    for name in ("config.json", "opencode.json", "opencode.jsonc"):
        path = touch(folder / name)
        assert find({}, home, home, managed=home / "no").target == path
    found = find({}, home, home, managed=home / "no")
    assert [(layer.name, layer.above) for layer in found.layers] == [("config.json", False), ("opencode.json", False)]
    assert find({"XDG_CONFIG_HOME": str(home / "x")}, home, home).target == home / "x" / "opencode" / "opencode.jsonc"


def test_opencode_config_is_honoured(home: Path) -> None:
    touch(home / ".config" / "opencode" / "opencode.json")
    found = find({"OPENCODE_CONFIG": "~/my.json"}, home, home, managed=home / "no")
    assert found.target == home / "my.json" and [layer.above for layer in found.layers] == [False]
    assert find({"OPENCODE_CONFIG": "my.json"}, home, home / "w").target == home / "w" / "my.json"


def test_layers_from_weak_to_strong(home: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "tree" / ".git").mkdir(parents=True)
    cwd = work / "tree" / "sub"
    touch(work / "opencode.json")
    touch(work / "tree" / "opencode.json")
    touch(cwd / "opencode.json")
    touch(cwd / "opencode.jsonc")
    touch(work / "tree" / ".opencode" / "opencode.json")
    touch(home / ".opencode" / "opencode.jsonc")
    touch(tmp_path / "dir" / "opencode.json")
    touch(tmp_path / "etc" / "opencode.json")
    environ = {"OPENCODE_CONFIG_DIR": str(tmp_path / "dir"), "OPENCODE_CONFIG_CONTENT": "{}"}
    layers = find(environ, home, cwd, managed=tmp_path / "etc").layers
    assert [layer.kind for layer in layers] == [
        *["project"] * 3,
        "folder",
        "home",
        "config_dir",
        "content",
        "managed",
    ]
    assert all(layer.above for layer in layers)
    quiet = find({"OPENCODE_DISABLE_PROJECT_CONFIG": "1"}, home, cwd, managed=tmp_path / "etc").layers
    assert [layer.kind for layer in quiet] == ["home", "managed"]


def test_warnings_about_layers(home: Path, tmp_path: Path) -> None:
    def codes(text: str = OURS, environ: dict[str, str] | None = None) -> list[str]:
        found = find(environ or {}, home, home, managed=tmp_path / "no")
        notices = file_warnings(found, text, home)
        assert not any(str(tmp_path) in n.text for n in notices), "paths are shown from ~"
        return sorted(n.code for n in notices)

    touch(home / ".config" / "opencode" / "opencode.jsonc")
    assert codes() == []
    assert codes('{"enabled_providers": ["x"]}') == ["provider_hidden"]
    assert codes('{"enabled_providers": ["x", "boocontrol"]}') == []
    assert codes('{"disabled_providers": ["boocontrol"]}') == ["provider_hidden"]
    assert codes(OURS, {"OPENCODE_CONFIG_CONTENT": OURS}) == ["overridden"]
    touch(home / ".opencode" / "opencode.json", '{"disabled_providers": []}')
    assert codes('{"disabled_providers": ["boocontrol"]}') == [], "of each list the strongest counts alone"
    touch(home / ".opencode" / "opencode.json", OURS)
    touch(home / ".config" / "opencode" / "config.json", OURS)
    assert codes() == ["listed_twice", "overridden"]
    touch(home / ".opencode" / "opencode.json", "{")
    assert codes() == ["layer_broken", "listed_twice"]


def test_running_sessions(tmp_path: Path) -> None:
    assert running_warning(lambda: ["bash", "opencode"]) is not None
    assert running_warning(lambda: ["bash"]) is None
    touch(tmp_path / "12" / "comm", "opencode\n")
    touch(tmp_path / "self" / "comm", "no\n")
    assert list(process_names(tmp_path)) in (["opencode"], [])
