"""What we wrote on this machine: one JSON file (`agents.json`) in a data folder that the caller names.

It is what tells our lines from the user's. It holds digests, no keys and none of the user's text.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, Field, ValidationError

from boocontrol.agents.entries import Written
from boocontrol.agents.offers import Choice
from boocontrol.core.errors import BooError, Stale
from boocontrol.core.files import read_bytes, stamp_of, write_atomic
from boocontrol.core.values import Value

NAME = "agents.json"


class TargetRecord(Value):
    """One file that we wrote: what of it is ours, its digest before and after, and the record before this one."""

    agent: str
    written: Written = Field(default_factory=dict)
    made: tuple[str, ...] = ()
    before: str | None = None
    after: str | None = None
    at: AwareDatetime | None = None
    gateway_url: str = ""
    choice: Choice = Choice()
    previous: TargetRecord | None = None


class Records(Value):
    """All targets by real path."""

    version: int = 1
    targets: dict[str, TargetRecord] = Field(default_factory=dict)


class RecordFile:
    """The file of records. Every method reads it anew: the gateway and the command line may both write."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def read(self) -> Records:
        """All records, none when there is no file. Raises BooError when it cannot be read."""
        return self._parse(read_bytes(self.path))

    def get(self, target: Path) -> TargetRecord | None:
        """The record of one target, None when we never wrote it."""
        return self.read().targets.get(os.path.realpath(target))

    def put(self, target: Path, record: TargetRecord | None) -> None:
        """Remember or forget (None) one target."""
        key = os.path.realpath(target)

        def edit(targets: dict[str, TargetRecord]) -> None:
            targets.pop(key, None)
            if record is not None:
                targets[key] = record

        self._update(edit)

    def _update(self, edit: Callable[[dict[str, TargetRecord]], None]) -> None:
        for last in (False, False, True):
            data = read_bytes(self.path)
            targets = dict(self._parse(data).targets)
            edit(targets)
            text = Records(targets=targets).model_dump_json(exclude_none=True)
            try:
                write_atomic(self.path, text.encode(), expect=stamp_of(data), mode=0o600)
                return
            except Stale:
                if last:
                    raise

    def _parse(self, data: bytes | None) -> Records:
        if data is None:
            return Records()
        try:
            return Records.model_validate_json(data)
        except ValidationError as e:
            title = f"The record of what was written to agents, {self.path}, cannot be read."
            advice = "Move it away; lines written before then count as your own."
            raise BooError(title, advice, code="record_broken") from e


def succeed(
    old: TargetRecord | None,
    *,
    agent: str,
    written: Written,
    made: tuple[str, ...],
    before: str | None,
    after: str | None,
    at: datetime,
    gateway_url: str,
    choice: Choice,
) -> TargetRecord:
    """The record after a write; the one before it is kept for one undo."""
    return TargetRecord(
        agent=agent,
        written=written,
        made=tuple(dict.fromkeys([*(old.made if old and written else ()), *made])),
        before=before,
        after=after,
        at=at,
        gateway_url=gateway_url,
        choice=choice,
        previous=old.model_copy(update={"previous": None}) if old else None,
    )
