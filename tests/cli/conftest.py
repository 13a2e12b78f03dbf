"""The command line under test: in-process with an in-memory keyring, on the stub gateway of tests/client."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

_path = Path(__file__).parent.parent / "client" / "conftest.py"
_spec = importlib.util.spec_from_file_location("boocontrol_client_fixtures", _path)
_fixtures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_fixtures)

stub, home, running = _fixtures.stub, _fixtures.home, _fixtures.running
dead_url, tools = _fixtures.dead_url, _fixtures.tools


class Ran:
    """What a call left: exit code, stdout, stderr; `json` reads stdout as the one document that it is."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def keyring(monkeypatch):
    """An in-memory keyring in place of the system's."""
    from boocontrol.cli import checks, provider_keys
    from boocontrol.core.secrets import MemoryStore

    store = MemoryStore()
    monkeypatch.setattr(provider_keys, "key_store", lambda: store)
    monkeypatch.setattr(MemoryStore, "describe", lambda self: "memory", raising=False)
    monkeypatch.setattr(checks, "KeyringStore", lambda: store)
    return store


@pytest.fixture
def boo(home, keyring):
    """Run `boocontrol` with arguments; a fault of the program itself is raised."""
    from boocontrol.cli.main import app

    def call(*args: str, stdin: str | None = None, env: dict[str, str] | None = None) -> Ran:
        done = CliRunner(env=env).invoke(app, list(args), input=stdin, catch_exceptions=False)
        return Ran(done.exit_code, done.stdout, done.stderr)

    return call


@pytest.fixture
def registry(home):
    """The user's registry file with two providers and a key of another program's."""
    from boocontrol.core.paths import registry_path

    path = registry_path()
    path.parent.mkdir(parents=True)
    path.write_text(
        json.dumps(
            {
                "defaultProvider": "gpu-box",
                "theirs": True,
                "providers": [
                    {"id": "gpu-box", "baseUrl": "http://gpu-box:8401", "mine": 1},
                    {"id": "attic", "baseUrl": "http://attic:8401", "apiKey": {"keyring": "attic"}},
                ],
            }
        )
    )
    return path
