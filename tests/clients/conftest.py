"""Programs that others made, driven for real: opencode and the JavaScript libraries, installed by packaging/test."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from boocontrol.agents.export import Machine, OpencodeFile
from boocontrol.agents.keys import FileKey
from boocontrol.agents.opencode import Export
from boocontrol.core import Catalog
from tests.gateway.conftest import KEY, Gateway, House, dead_port, house

__all__ = ["KEY", "House", "dead_port", "house"]

DEAD = "http://127.0.0.1:9"  # nobody listens there: whatever would leave this machine fails at once


def cache() -> Path:
    """Where packaging/test puts what npm brings."""
    named = os.environ.get("BOOCONTROL_TEST_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(base) / "boocontrol-test"


def installed(name: str) -> Path:
    """A program or package that npm brought; without it a named skip, which tests/conftest.py refuses in CI."""
    found = cache() / "npm" / "node_modules" / name
    if found.exists():
        return found
    pytest.skip(f"{name} is not installed (packaging/test installs it; it needs npm)")


@dataclass
class Ran:
    """How a run of opencode ended."""

    code: int
    out: str
    err: str
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the model said."""
        return "".join(e["part"].get("text", "") for e in self.events if e.get("type") == "text")

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What opencode told as errors."""
        return [e["error"] for e in self.events if e.get("type") == "error"]


class Opencode:
    """opencode with a home of its own, and our export in its settings."""

    def __init__(self, program: Path, home: Path) -> None:
        self._program = program
        self.home = home
        self.work = home / "work"
        self.work.mkdir(parents=True)
        (self.work / ".git").mkdir()
        self._process: asyncio.subprocess.Process | None = None
        self.key = home / "gateway.key"
        self.key.write_text(KEY)
        self.file = OpencodeFile(Machine(home, self.work, home / "data", self.environ()), processes=list)

    def environ(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            **{f"XDG_{k}_HOME": str(self.home / k.lower()) for k in ("CONFIG", "DATA", "CACHE", "STATE")},
            "OPENCODE_DISABLE_MODELS_FETCH": "1",
            "OPENCODE_DISABLE_AUTOUPDATE": "1",
            "npm_config_registry": DEAD,
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), DEAD),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost"),
        }

    def export(self, gateway: Gateway, catalog: Catalog | None = None, **more: Any) -> None:
        """Write opencode's file as `boocontrol export opencode --write` does."""
        key = FileKey(self.key)
        wanted = Export(catalog or gateway.state.catalog, gateway.url, key, self.home, **more)
        assert self.file.write(self.file.look(wanted))[0].wrote

    async def call(self, *arguments: str, within: float = 120, told: str = "") -> Ran:
        """Run opencode and wait for its end. `told` comes on its standard input: words of a command line it quotes."""
        process = await asyncio.create_subprocess_exec(
            str(self._program),
            *arguments,
            cwd=self.work,
            env=self.environ(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self._process = process
        try:
            out, err = await asyncio.wait_for(process.communicate(told.encode()), within)
        except TimeoutError:
            await self.stop()
            pytest.fail(f"opencode did not end within {within} s")
        return Ran(process.returncode or 0, out.decode(), err.decode(), _events(out.decode()))

    async def stop(self) -> None:
        """End the run as a closed terminal does."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def ask(self, model: str, prompt: str, *more: str, within: float = 120) -> Ran:
        """One question to a model; the title is given, so that there is one request a turn."""
        options = ("--format", "json", "--title", "test", *more)
        return await self.call("run", "-m", f"boocontrol/{model}", *options, told=prompt, within=within)


def _events(out: str) -> list[dict[str, Any]]:
    found = []
    for line in out.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


@pytest.fixture
def opencode(tmp_path: Path) -> Opencode:
    """Real opencode."""
    return Opencode(installed(".bin/opencode"), tmp_path / "home")


@asynccontextmanager
async def node(script: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A JavaScript module with the packages of the cache."""
    program = shutil.which("node")
    packages = installed("openai").parent
    if program is None:
        pytest.skip("node is not installed")
    source = packages.parent / f"test-{os.getpid()}.mjs"
    source.write_text(script)
    process = await asyncio.create_subprocess_exec(
        program, str(source), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        source.unlink()
        if process.returncode is None:
            process.kill()
        await process.communicate()
