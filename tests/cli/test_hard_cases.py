"""Hard cases: what the command line says where the system says no."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def boocontrol(tmp_path: Path, *args: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LLAMA_", "BOOCONTROL_", "DEEPSEEK_"))}
    (tmp_path / "run").mkdir(mode=0o700, exist_ok=True)
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "cfg"), "XDG_DATA_HOME": str(tmp_path / "data")}
    return subprocess.run(
        [str(Path(sys.executable).parent / "boocontrol"), *args],
        env={**clean, **home, "XDG_RUNTIME_DIR": str(tmp_path / "run")},
        capture_output=True,
        text=True,
        timeout=30,
        stdin=subprocess.DEVNULL,
    )


def test_a_data_folder_that_cannot_be_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        ran = boocontrol(tmp_path, "gateway", "--json", "--port", "0", "--data-dir", str(folder))
        told = json.loads(ran.stdout)
        assert ran.returncode == 1
        assert "unexpected" not in told["error"]["code"], told


VERBS = [
    (["status"], 3),
    (["models"], 3),
    (["load", "a/b"], 3),
    (["unload", "a/b"], 3),
    (["unload"], 2),
    (["favorites"], 3),
    (["chat", "-m", "a/b", "hi"], 3),
    (["export", "opencode"], 3),
    (["providers", "remove", "zz"], 5),
    (["providers", "add"], 2),
    (["nosuch"], 2),
    (["status", "--nope"], 2),
    (["--gateway", "http://127.0.0.1:9", "status"], 3),
    (["gateway", "--port", "99999"], 2),
    (["gateway", "--port", "0", "--host", "192.0.2.1"], 1),
    (["gateway", "key"], 6),
]


@pytest.mark.parametrize(("args", "code"), VERBS, ids=lambda v: " ".join(v) if isinstance(v, list) else "")
def test_json_is_one_document_whatever_happens(tmp_path: Path, args: list[str], code: int) -> None:
    ran = boocontrol(tmp_path, *args, "--json")
    assert ran.returncode == code, ran
    assert json.loads(ran.stdout)["error"]["message"]
