"""How an agent's file stands to the gateway now: fresh, stale, edited by hand, absent or unreadable. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from boocontrol.agents import opencode
from boocontrol.agents.entries import at
from boocontrol.agents.opencode_models import PROVIDER
from boocontrol.agents.plan import Change, parse
from boocontrol.agents.record import TargetRecord
from boocontrol.core.errors import BadInput
from boocontrol.core.jsontext import JsonTextError, locate

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


def freshness(export: opencode.Export, text: str | None, record: TargetRecord | None) -> Freshness:
    """How opencode's file stands, by what a write would change. `export` carries the choice to compare with."""
    if text is None:
        return Freshness("absent", address=False)
    try:
        if opencode.is_blank_text(text) or locate(parse(text, opencode.NAME), PROVIDER) is None:
            return Freshness("absent", address=False)
        planned = opencode.plan(export, text, record)
    except BadInput as e:
        cause = e.__cause__
        place = (cause.line, cause.column) if isinstance(cause, JsonTextError) else (None, None)
        return Freshness("unreadable", address=False, problem=e.title, line=place[0], column=place[1])
    edits = (*planned.edited, *(".".join((*PROVIDER, "models", c.ref)) for c in planned.of("kept") if _by_hand(c)))
    word: Word = "stale" if not planned.unchanged else "edited" if edits else "fresh"
    return Freshness(
        word,
        added=tuple(planned.of("added")),
        gone=tuple(planned.of("removed")),
        changed=tuple(planned.of("changed")),
        kept=tuple(planned.of("kept")),
        edited=tuple(dict.fromkeys(edits)),
        address=_address(text) == export.base_url,
    )


def _by_hand(change: Change) -> bool:
    return change.since is None and change.note == "you changed it"


def _address(text: str) -> object:
    return at(opencode.tree_of(text), (*PROVIDER, "options", "baseURL"))
