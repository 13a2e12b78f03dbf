"""The gateway as a child process: how it is started, what it says, how it ended. Decides nothing."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject

from boocontrol.core.values import plain
from boocontrol.desktop.tasks import spawn

LINES: Final = 40
LONGEST_LINE: Final = 400
LONGEST_SAYING: Final = 1 << 16


class Child(Protocol):
    """A gateway process that was started here."""

    @property
    def pid(self) -> int: ...

    @property
    def tail(self) -> tuple[str, ...]:
        """The last lines of its log."""
        ...

    async def said(self) -> dict[str, Any] | None:
        """The one JSON object that it prints: where it listens, or why not. None when it ended without."""
        ...

    async def ended(self) -> int:
        """Its exit code, once it has ended. A negative one is the signal that ended it."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


Launch = Callable[[Sequence[str]], Awaitable[Child]]


class Process:
    """A real child. Its log is read all the time, so that it never waits for a reader."""

    def __init__(self, process: asyncio.subprocess.Process, owner: QObject) -> None:
        self._process = process
        self._lines: deque[str] = deque(maxlen=LINES)
        self._reading = spawn(owner, self._read_log())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def tail(self) -> tuple[str, ...]:
        return tuple(self._lines)

    async def said(self) -> dict[str, Any] | None:
        assert self._process.stdout is not None
        with suppress(ValueError):
            said = json.loads(await self._process.stdout.readline())
            return said if isinstance(said, dict) else None
        return None

    async def ended(self) -> int:
        code = await self._process.wait()
        # A grandchild may hold the pipe open for ever.
        await asyncio.wait([self._reading], timeout=1)
        return code

    def terminate(self) -> None:
        with suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()

    async def _read_log(self) -> None:
        assert self._process.stderr is not None
        rest = ""
        while data := await self._process.stderr.read(1 << 14):
            *lines, rest = (rest + data.decode("utf-8", "replace")).split("\n")
            self._lines.extend(plain(line)[:LONGEST_LINE] for line in lines)
            rest = rest[-LONGEST_LINE:]
        if rest:
            self._lines.append(plain(rest))


def launcher(owner: QObject) -> Launch:
    """Starts children whose logs are read as long as `owner` lives."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW

    async def launch(command: Sequence[str]) -> Child:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, limit=LONGEST_SAYING, creationflags=flags
        )
        return Process(process, owner)

    return launch
