"""How an agent's file stands to the gateway now: fresh, stale, edited by hand, absent or unreadable. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from boocontrol.agents import opencode
from boocontrol.agents.entries import at
from boocontrol.agents.opencode_models import OPTIONS, PROVIDER
from boocontrol.agents.plan import BY_HAND, BrokenFile, Change, Plan
from boocontrol.agents.record import TargetRecord

Word = Literal["fresh", "stale", "edited", "absent", "unreadable"]


@dataclass(frozen=True, slots=True)
class Freshness:
    """One word and what is behind it. `address` tells whether the file names this gateway; line and column are 1-based.

    A file can be stale and edited at once: then the word is stale and `edited` is not empty.
    """

    word: Word
    added: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()
    edited: tuple[str, ...] = ()
    address: bool = True
    problem: str = ""
    line: int | None = None
    column: int | None = None


def freshness(
    export: opencode.Export, text: str | None, record: TargetRecord | None, planned: Plan | None = None
) -> Freshness:
    """How opencode's file stands, by what a write would change. `export` carries the choice to compare with.

    `planned` is the plan of that write where it is made already.
    """
    try:
        tree = opencode.tree_of(text or "")
        if at(tree, PROVIDER) is None:
            return Freshness("absent", address=False)
        planned = planned or opencode.plan(export, text, record)
    except BrokenFile as e:
        return unreadable(e)
    return of_plan(planned, address=at(tree, (*OPTIONS, "baseURL")) == export.base_url)


def of_plan(planned: Plan, *, address: bool = True) -> Freshness:
    """How a file stands for which this is planned; for other agents, once their file was written at all."""
    edits = (*planned.edited, *(change.ref for change in planned.of("kept") if change.note == BY_HAND))
    word: Word = "stale" if not planned.unchanged else "edited" if edits else "fresh"
    return Freshness(
        word,
        added=tuple(planned.of("added")),
        gone=tuple(planned.of("removed")),
        changed=tuple(planned.of("changed")),
        kept=tuple(planned.of("kept")),
        edited=tuple(dict.fromkeys(edits)),
        address=address,
    )


def unreadable(error: BrokenFile) -> Freshness:
    """The word for a file that does not parse."""
    return Freshness("unreadable", address=False, problem=error.title, line=error.line, column=error.column)
