"""The file work of the Agents page: every read and write happens in a worker thread, or in a process of its own where
there are many models; never on the GUI's thread."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from boocontrol.agents import aside, others
from boocontrol.agents.aside import Result, Task
from boocontrol.agents.export import AgentFile, Machine, Now, OpencodeFile
from boocontrol.agents.keys import shown_path
from boocontrol.agents.notices import Notice
from boocontrol.agents.offers import Choice, offers
from boocontrol.agents.opencode import Export
from boocontrol.agents.others import Snippet
from boocontrol.agents.others_setting import Setting
from boocontrol.agents.seen import Seen, check_seal, seen
from boocontrol.agents.warnings import Processes
from boocontrol.agents.writer import Outcome
from boocontrol.core.catalog import Catalog

MANY: Final = 500
"""From so many models on, a process of its own is worth the fifth of a second that it takes to start."""


class AgentDesk:
    """Files of agents on one machine."""

    def __init__(self, machine: Machine, *, now: Now, processes: Processes | None = None, many: int = MANY) -> None:
        self.machine = machine
        self.now = now
        self._many = many
        self._processes = processes
        self._opencode = OpencodeFile(machine, now=now, processes=processes)

    async def last_choice(self) -> Choice | None:
        """What was exported to opencode last, None when never."""
        record = await asyncio.to_thread(self._opencode.record)
        return record.choice if record else None

    async def offered(self, catalog: Catalog, choice: Choice, favorites: Sequence[str]) -> list[str]:
        """The refs of the models that a choice means."""
        return await asyncio.to_thread(lambda: list(offers(catalog, choice, favorites).models))

    async def look(self, export: Export) -> Seen:
        """How opencode's file stands. Raises BooError for what is not told in the look."""
        return cast(Seen, await self._done(Task(self.machine, export, self.now())))

    async def write(self, shown: Seen, export: Export) -> tuple[Outcome, Notice | None]:
        """Carry out what was shown of an export. Raises BooError, with the file as it was."""
        return cast(tuple[Outcome, Notice | None], await self._done(Task(self.machine, export, self.now(), shown.seal)))

    async def undo(self) -> Outcome:
        """Put opencode's file back. Raises BooError."""
        return await asyncio.to_thread(self._opencode.undo)

    async def remove(self) -> Outcome:
        """Take BooControl out of opencode's file. Raises BooError."""
        return await asyncio.to_thread(self._opencode.remove)

    async def look_at(self, agent_id: str, setting: Setting, *, take_over: bool = False) -> Seen:
        """How another agent's file stands. Raises BooError, with code `taken` for settings of the user's own."""
        file = AgentFile(agent_id, self.machine, now=self.now)
        return await asyncio.to_thread(lambda: seen(file.look(setting, take_over=take_over), self.machine.home))

    async def write_to(self, agent_id: str, shown: Seen, setting: Setting, *, take_over: bool = False) -> Outcome:
        """Carry out what was shown of another agent's file. Raises BooError."""

        def write() -> Outcome:
            file = AgentFile(agent_id, self.machine, now=self.now)
            look = file.look(setting, take_over=take_over)
            check_seal(look, shown.seal)
            return file.write(look)

        return await asyncio.to_thread(write)

    async def undo_of(self, agent_id: str) -> Outcome:
        """Put another agent's file back. Raises BooError."""
        return await asyncio.to_thread(AgentFile(agent_id, self.machine, now=self.now).undo)

    def snippet(self, agent_id: str, setting: Setting) -> Snippet:
        """What to copy for an agent; no file is touched. Raises BadInput."""
        return others.snippet(agent_id, setting)

    def shown(self, path: Path) -> str:
        """A path with `~` for the home folder."""
        return shown_path(path, self.machine.home)

    async def _done(self, task: Task) -> Result:
        if sum(len(provider.models) for provider in task.export.catalog.providers) < self._many:
            return await asyncio.to_thread(task.done, self._processes)
        return await _aside(task)


async def _aside(task: Task) -> Result:
    """Have a process of its own do it; it ends with whoever waits for it. Raises BooError."""
    asked = await asyncio.to_thread(aside.packed, task)
    process = await asyncio.create_subprocess_exec(*aside.COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    try:
        said, _ = await process.communicate(asked)
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
        raise
    return aside.unpacked(said)
