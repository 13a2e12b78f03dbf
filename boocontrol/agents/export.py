"""One agent's file from look to write: finds it, plans, tells how it stands, writes, undoes, removes.

What the command line, the gateway's auto-sync and the panel share. Everything about the machine comes in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from boocontrol.agents import opencode, opencode_files, others
from boocontrol.agents.freshness import Freshness, freshness, of_plan, unreadable
from boocontrol.agents.notices import Notice
from boocontrol.agents.opencode_files import OpencodeFiles
from boocontrol.agents.others_setting import Setting
from boocontrol.agents.plan import BrokenFile, Plan
from boocontrol.agents.record import RecordFile, TargetRecord
from boocontrol.agents.warnings import Processes, file_warnings, running_warning
from boocontrol.agents.writer import Outcome, Target, can_undo, read_target, undo, write
from boocontrol.core.errors import BadInput

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where an export happens: environment, home folder, folder of the shell, and our data folder for the record."""

    home: Path
    cwd: Path
    data_dir: Path
    environ: Mapping[str, str]

    @classmethod
    def this(cls, data_dir: Path) -> Machine:
        """This machine and this process."""
        return cls(Path.home(), Path.cwd(), data_dir, os.environ)


@dataclass(frozen=True, slots=True)
class Look:
    """How a file stands and what a write would do. `plan` is None for a file that cannot be read."""

    target: Target
    freshness: Freshness
    plan: Plan | None = None
    notices: tuple[Notice, ...] = ()
    can_undo: bool = False
    problem: BrokenFile | None = None


class OpencodeFile:
    """opencode's file on this machine."""

    def __init__(
        self, machine: Machine, *, now: Now = lambda: datetime.now(UTC), processes: Processes | None = None
    ) -> None:
        self._machine = machine
        self._records = RecordFile(machine.data_dir)
        self._now = now
        self._processes = processes

    def files(self) -> OpencodeFiles:
        """The file that opencode would edit, and the layers around it."""
        m = self._machine
        return opencode_files.find(m.environ, m.home, m.cwd)

    def record(self) -> TargetRecord | None:
        """What we wrote there last."""
        return self._records.get(self.files().target)

    def look(self, export: opencode.Export) -> Look:
        """Read the file and plan an export. A file that does not parse is told in the result; BooError for others."""
        files = self.files()
        target = read_target(files.target)
        record = self._records.get(target.path)
        undoable = can_undo(target, self._records)
        try:
            planned = opencode.plan(export, target.text, record)
        except BrokenFile as e:
            return Look(target, unreadable(e), None, (), undoable, e)
        notices = [*planned.notices, *file_warnings(files, planned.text, self._machine.home)]
        stands = freshness(export, target.text, record, planned)
        return Look(target, stands, planned, tuple(notices), undoable)

    def write(self, look: Look) -> tuple[Outcome, Notice | None]:
        """Carry out what was looked at; a running opencode is told about. Raises as writer.write does."""
        outcome = write(look.target, planned(look), self._records, self._now())
        return outcome, running_warning(self._processes) if outcome.wrote else None

    def undo(self) -> Outcome:
        """Put the file back as it was before our last write. Raises as writer.undo does."""
        return undo(self.files().target, self._records)

    def remove(self) -> Outcome:
        """Take `provider.boocontrol` out again. Raises as writer.write does."""
        target = read_target(self.files().target)
        plan = opencode.removal(target.text, self._records.get(target.path))
        return write(target, plan, self._records, self._now())


class AgentFile:
    """The JSON settings of another agent on this machine."""

    def __init__(self, agent_id: str, machine: Machine, *, now: Now = lambda: datetime.now(UTC)) -> None:
        """Raises BadInput for an agent that is not known, or whose settings cannot be edited."""
        self._agent = others.agent(agent_id)
        if self._agent.file is None:
            title = f"{self._agent.name} keeps no settings that BooControl can edit."
            raise BadInput(title, "Copy the text instead.", code="copy_only", param="agent")
        self._records = RecordFile(machine.data_dir)
        self._path = others.settings_path(self._agent.file, machine.environ, machine.home)
        self._now = now

    def look(self, setting: Setting, *, take_over: bool = False) -> Look:
        """Read the file and plan. Raises BadInput (taken) when the settings are the user's own."""
        target = read_target(self._path)
        record = self._records.get(target.path)
        undoable = can_undo(target, self._records)
        try:
            plan = others.plan(self._agent.id, setting, target.text, record, take_over=take_over)
        except BrokenFile as e:
            return Look(target, unreadable(e), None, (), undoable, e)
        stands = of_plan(plan) if record else Freshness("absent", address=False)
        return Look(target, stands, plan, plan.notices, undoable)

    def write(self, look: Look) -> Outcome:
        """Carry out what was looked at. Raises as writer.write does."""
        return write(look.target, planned(look), self._records, self._now())

    def undo(self) -> Outcome:
        """Put the file back as it was before our last write. Raises as writer.undo does."""
        return undo(self._path, self._records)

    def remove(self) -> Outcome:
        """Take out what we wrote. Raises as writer.write does."""
        target = read_target(self._path)
        plan = others.removal(self._agent.id, target.text, self._records.get(target.path))
        return write(target, plan, self._records, self._now())


def planned(look: Look) -> Plan:
    """The plan of a look. Raises its BrokenFile for a file that cannot be edited."""
    if look.plan is None:
        assert look.problem is not None
        raise look.problem
    return look.plan
