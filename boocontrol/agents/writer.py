"""The one place of this room that writes: diff, write, undo. A file ends up whole in its old or its new form.

Every fault of the system comes out as a BooError with words, and the user's file intact.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from boocontrol.agents.keys import check_key_file
from boocontrol.agents.plan import Plan
from boocontrol.agents.record import RecordFile, TargetRecord, succeed
from boocontrol.core.errors import BadInput, BooError, Stale
from boocontrol.core.files import Stamp, backup, read_bytes, stamp_of, write_atomic

BACKUPS = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """A file as it was read: its text (None: there is no file) and the stamp that a write compares."""

    path: Path
    text: str | None
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write did. `backup` is the copy of the old file, None when there was none."""

    wrote: bool
    path: Path
    backup: Path | None = None


def read_target(path: Path) -> Target:
    """Read an agent's file. Raises BooError when it cannot be read, BadInput when it is no UTF-8 text."""
    data = read_bytes(path)
    try:
        text = None if data is None else data.decode("utf-8")
    except UnicodeDecodeError as e:
        title = f"{path} is not UTF-8 text (byte {e.start + 1})."
        raise BadInput(title, "Save it as UTF-8 in an editor, then try again.", code="file_broken") from e
    return Target(path, text, stamp_of(data))


def diff(plan: Plan, name: str = "") -> str:
    """The change as a unified diff, empty when there is none. Line ends are shown as the file has them."""
    old, new = _lines(plan.old or ""), _lines(plan.text)
    lines = difflib.unified_diff(old, new, f"{name} (now)", f"{name} (after)", lineterm="")
    return "\n".join(lines)


def line_counts(plan: Plan, told: str | None = None) -> tuple[int, int]:
    """Lines added and lines taken away; `told` is the plan's diff where that is known."""
    body = (diff(plan) if told is None else told).split("\n", 2)[2:]
    added, removed = (sum(f"\n{text}".count(f"\n{sign}") for text in body) for sign in "+-")
    return added, removed


def write(target: Target, plan: Plan, records: RecordFile, now: datetime) -> Outcome:
    """Carry out a plan (an export or a removal) of this target's text; one that changes nothing writes nothing.

    Raises Stale when the file changed since it was read, BadInput when the result must not be written, SecretError
    when the key file is missing, BooError for faults of the system. The file is then as it was.
    """
    if plan.old != target.text:
        raise Stale(f"{target.path} changed since it was read.", "Look at the difference again, then write.")
    check_key_file(plan.key_file)
    plan.check(plan.text)
    old = records.get(target.path)
    if plan.unchanged:
        _adopt(target, plan, records, old, now)
        return Outcome(False, target.path)
    data = plan.text.encode()
    made = _replace(target, data)
    record = _record(plan, old, now, before=target.stamp.digest, after=stamp_of(data).digest)
    _remember(records, target.path, record)
    return Outcome(True, target.path, made)


def undo(path: Path, records: RecordFile) -> Outcome:
    """Put the file back as it was before our last write: only if it still is what we wrote. Raises Stale otherwise."""
    record = records.get(path)
    if record is None or record.after is None:
        raise BooError("There is no write to undo.", "", code="nothing_to_undo")
    data = read_bytes(path)
    if stamp_of(data).digest != record.after:
        title = f"{path} was changed after it was written, so undoing would lose that."
        raise Stale(title, f"The copy of the old file stands beside it as {path.name}.bak-1.")
    if record.before is None:
        _unlink(path)
    else:
        write_atomic(path, _old_content(path, record.before), expect=stamp_of(data))
    records.put(path, record.previous)
    return Outcome(True, path)


def can_undo(target: Target, records: RecordFile) -> bool:
    """Whether undo would work: we wrote the file, and nobody else has since."""
    record = records.get(target.path)
    return record is not None and record.after is not None and record.after == target.stamp.digest


def _replace(target: Target, data: bytes) -> Path | None:
    _check_still(target)
    made = _translated(lambda: backup(target.path, keep=BACKUPS), target.path)
    write_atomic(target.path, data, expect=target.stamp)
    return made


def _check_still(target: Target) -> None:
    """Before the backup: a write that is refused must not push an old copy out."""
    if stamp_of(read_bytes(target.path)) != target.stamp:
        raise Stale(f"{target.path} changed since it was read.", "Look at the difference again, then write.")


def _adopt(target: Target, plan: Plan, records: RecordFile, old: TargetRecord | None, now: datetime) -> None:
    """Remember what is ours in a file that is as wanted already, as after a lost record."""
    record: TargetRecord | None
    if not plan.written:
        record = None
    elif old is None:
        record = _record(plan, None, now, before=None, after=None)
    else:
        keep = {"written": plan.written, "gateway_url": plan.gateway_url, "choice": plan.choice}
        record = old.model_copy(update=keep)
    if record != old:
        records.put(target.path, record)


def _record(
    plan: Plan, old: TargetRecord | None, now: datetime, *, before: str | None, after: str | None
) -> TargetRecord:
    return succeed(
        old,
        agent=plan.agent,
        written=plan.written,
        made=plan.made,
        before=before,
        after=after,
        at=now,
        gateway_url=plan.gateway_url,
        choice=plan.choice,
    )


def _remember(records: RecordFile, path: Path, record: TargetRecord) -> None:
    try:
        records.put(path, record)
    except BooError as e:
        title = f"{path} was written, but not that BooControl wrote it: {e.title}"
        raise BooError(title, f"{e.advice} Then write again.", code="record_not_saved") from e


def _old_content(path: Path, digest: str) -> bytes:
    """The newest backup with this digest: a write that failed may have moved it on by one."""
    real = Path(os.path.realpath(path))
    for number in range(1, BACKUPS + 1):
        data = read_bytes(real.with_name(f"{real.name}.bak-{number}"))
        if data is not None and stamp_of(data).digest == digest:
            return data
    raise BooError(f"The copy of {path} from before is gone.", "Edit the file by hand.", code="backup_gone")


def _unlink(path: Path) -> None:
    """Take a file away that was not there before we wrote it."""
    _translated(lambda: os.unlink(os.path.realpath(path)), path)


def _translated(act: Callable[[], T], path: Path) -> T:
    try:
        return act()
    except OSError as e:
        why = e.strerror or type(e).__name__
        advice = "Check the path, its permissions and the free space."
        raise BooError(f"Cannot write beside {path}: {why}.", advice, code="file") from e


def _lines(text: str) -> list[str]:
    return text.split("\n")[: -1 if text.endswith("\n") else None] if text else []
