"""Looking at opencode's file and writing it, as a task that another process can do.

With thousands of models it keeps Python busy for a third of a second and leaves holes in its memory; a window must
have neither. The task comes pickled on standard input, its result goes pickled to standard output.
"""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from boocontrol.agents.export import Machine, OpencodeFile
from boocontrol.agents.notices import Notice
from boocontrol.agents.opencode import Export
from boocontrol.agents.seen import Seen, check_seal, seen
from boocontrol.agents.warnings import Processes
from boocontrol.agents.writer import Outcome
from boocontrol.core.errors import BooError

COMMAND: Final = (sys.executable, "-c", "from boocontrol.agents.aside import main; main()")
NICER: Final = 5

Result = Seen | tuple[Outcome, Notice | None]


@dataclass(frozen=True, slots=True)
class Task:
    """A look at opencode's file; with `seal`, the write of what was seen under it. `now` is when a write happens."""

    machine: Machine
    export: Export
    now: datetime
    seal: str | None = None

    def done(self, processes: Processes | None = None) -> Result:
        """Do it. Raises BooError."""
        file = OpencodeFile(self.machine, now=lambda: self.now, processes=processes)
        look = file.look(self.export)
        if self.seal is None:
            return seen(look, self.machine.home, file.record())
        check_seal(look, self.seal)
        return file.write(look)


def packed(task: Task) -> bytes:
    """The task for another process. The environment goes along as it is: `os.environ` itself cannot."""
    return pickle.dumps(replace(task, machine=replace(task.machine, environ=dict(task.machine.environ))))


def unpacked(said: bytes) -> Result:
    """What the other process made of it. Raises BooError: its own, or that it ended without a word."""
    if not said:
        title = "The process that looks at opencode's file ended before it was done."
        raise BooError(title, "Look again; if it happens again, there may be too little memory.")
    result: Result | BooError = pickle.loads(said)
    if isinstance(result, BooError):
        raise result
    return result


def main() -> None:
    """Do the one task, a little behind everything else that runs."""
    with suppress(AttributeError, OSError):
        os.nice(NICER)
    task: Task = pickle.load(sys.stdin.buffer)
    result: Result | BooError
    try:
        result = task.done()
    except BooError as e:
        result = e
    sys.stdout.buffer.write(pickle.dumps(result))
