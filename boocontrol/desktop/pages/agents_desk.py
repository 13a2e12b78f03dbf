"""The file work of the Agents page: every read and write happens in a worker thread, never on the GUI's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from boocontrol.agents import others
from boocontrol.agents.export import AgentFile, Look, Machine, Now, OpencodeFile
from boocontrol.agents.keys import shown_path
from boocontrol.agents.notices import Notice
from boocontrol.agents.offers import Choice, offers
from boocontrol.agents.opencode import Export
from boocontrol.agents.others import Snippet
from boocontrol.agents.others_setting import Setting
from boocontrol.agents.warnings import Processes
from boocontrol.agents.writer import Outcome, diff, line_counts
from boocontrol.core.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Seen:
    """A look at a file with what the page shows of it. `path` is written with `~`, `diff` is unified."""

    look: Look
    path: str
    diff: str = ""
    added: int = 0
    removed: int = 0
    written_at: datetime | None = None
    choice: Choice | None = None


class AgentDesk:
    """Files of agents on one machine."""

    def __init__(self, machine: Machine, *, now: Now, processes: Processes | None = None) -> None:
        self.machine = machine
        self.now = now
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
        return await asyncio.to_thread(self._look, export)

    async def write(self, seen: Seen) -> tuple[Outcome, Notice | None]:
        """Carry out what was shown. Raises BooError, with the file as it was."""
        return await asyncio.to_thread(self._opencode.write, seen.look)

    async def undo(self) -> Outcome:
        """Put opencode's file back. Raises BooError."""
        return await asyncio.to_thread(self._opencode.undo)

    async def remove(self) -> Outcome:
        """Take BooControl out of opencode's file. Raises BooError."""
        return await asyncio.to_thread(self._opencode.remove)

    async def look_at(self, agent_id: str, setting: Setting, *, take_over: bool = False) -> Seen:
        """How another agent's file stands. Raises BooError, with code `taken` for settings of the user's own."""
        file = AgentFile(agent_id, self.machine, now=self.now)
        return await asyncio.to_thread(lambda: self._seen(file.look(setting, take_over=take_over), None, None))

    async def write_to(self, agent_id: str, seen: Seen) -> Outcome:
        """Carry out what was shown of another agent's file. Raises BooError."""
        return await asyncio.to_thread(AgentFile(agent_id, self.machine, now=self.now).write, seen.look)

    async def undo_of(self, agent_id: str) -> Outcome:
        """Put another agent's file back. Raises BooError."""
        return await asyncio.to_thread(AgentFile(agent_id, self.machine, now=self.now).undo)

    def snippet(self, agent_id: str, setting: Setting) -> Snippet:
        """What to copy for an agent; no file is touched. Raises BadInput."""
        return others.snippet(agent_id, setting)

    def shown(self, path: Path) -> str:
        """A path with `~` for the home folder."""
        return shown_path(path, self.machine.home)

    def _look(self, export: Export) -> Seen:
        record = self._opencode.record()
        look = self._opencode.look(export)
        return self._seen(look, record.at if record else None, record.choice if record else None)

    def _seen(self, look: Look, written_at: datetime | None, choice: Choice | None) -> Seen:
        path = self.shown(look.target.path)
        if look.plan is None:
            return Seen(look, path, written_at=written_at, choice=choice)
        told = diff(look.plan)
        added, removed = line_counts(look.plan, told)
        return Seen(look, path, told, added, removed, written_at, choice)
