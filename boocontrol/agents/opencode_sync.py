"""The export in one step, for the command line and for the gateway's automatic sync: read, plan, write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from boocontrol.agents.opencode import Export, plan
from boocontrol.agents.plan import Plan
from boocontrol.agents.record import RecordFile
from boocontrol.agents.writer import Outcome, Target, read_target, write
from boocontrol.core.errors import Stale


def prepare(export: Export, path: Path, records: RecordFile) -> tuple[Target, Plan]:
    """The file as it is and what a write would make of it: what a person looks at before writing."""
    target = read_target(path)
    return target, plan(export, target.text, records.get(path))


def sync(export: Export, path: Path, records: RecordFile, now: datetime) -> Outcome | None:
    """Bring a file that we wrote up to date; None when it is not ours to write, which a person decides first.

    A file that changes at the same moment is read and planned once more. Raises as prepare and write do.
    """
    known = records.get(path)
    if known is None or not known.written:
        return None
    try:
        return write(*prepare(export, path, records), records, now)
    except Stale:
        return write(*prepare(export, path, records), records, now)
