"""A plan: what a write would make of a file, and why. Values only; writer.py carries it out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from boocontrol.agents.entries import Written
from boocontrol.agents.notices import Notice
from boocontrol.agents.offers import Choice
from boocontrol.core.errors import BadInput
from boocontrol.core.jsontext import JsonTextError, Node, locate, scan, value

# Why a change is `kept`.
BY_HAND: Final = "you changed it"
HOST_AWAY: Final = "its host is not there"
YOURS: Final = "it was there before, and is yours"
Kind = Literal["added", "changed", "removed", "kept"]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one model. `kept`: in the file though the source does not say so; `note` tells why.

    `since` is when its host was last seen, for a model kept because its host is not there.
    """

    kind: Kind
    ref: str
    note: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The new text of one file. `same` counts models that are as they should be; `edited` are paths kept by hand."""

    agent: str
    old: str | None
    text: str
    changes: tuple[Change, ...] = ()
    same: int = 0
    edited: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    written: Written = field(default_factory=dict)
    made: tuple[str, ...] = ()
    gateway_url: str = ""
    choice: Choice = Choice()
    key_file: Path | None = None
    check: Callable[[str], None] = lambda text: None

    @property
    def unchanged(self) -> bool:
        """Whether writing it would change nothing: then nothing is written."""
        return self.text == (self.old or "")

    def of(self, kind: Kind) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]


class BrokenFile(BadInput):
    """A user's file that cannot be edited, and where. `line` and `column` are 1-based."""

    code = "file_broken"

    line: int = 0
    column: int = 0

    @classmethod
    def of(cls, name: str, cause: JsonTextError) -> BrokenFile:
        """A named file, and what its text lacks."""
        title = f"{name} cannot be edited: {cause.message} (line {cause.line}, column {cause.column})."
        broken = cls(title, "Correct it in an editor, then try again; it was not touched.")
        broken.line, broken.column = cause.line, cause.column
        return broken


def parse(text: str, name: str) -> Node:
    """The root object of a user's JSONC file. Raises BrokenFile: such a file is not touched."""
    try:
        root = scan(text, comments=True)
    except JsonTextError as e:
        raise BrokenFile.of(name, e) from e
    if root.kind != "object":
        raise BrokenFile.of(name, JsonTextError(f"expected an object, found {root.kind}", text, root.start))
    return root


def values(text: str, node: Node) -> Any:
    """What a node says, as Python. Without comments in it the standard library reads it, many times faster."""
    try:
        return json.loads(text[node.start : node.end])
    except json.JSONDecodeError:
        return value(text, node)


def check_objects(text: str, root: Node, paths: list[tuple[str, ...]], name: str) -> None:
    """Raises BrokenFile when something on one of these paths is there but is no object."""
    for path in paths:
        for depth in range(1, len(path) + 1):
            node = locate(root, path[:depth])
            if node is not None and node.kind != "object":
                what = f"{'.'.join(path[:depth])} should be an object, but is {node.kind}"
                raise BrokenFile.of(name, JsonTextError(what, text, node.start))


def duplicates(text: str, node: Node) -> Iterator[JsonTextError]:
    """Keys that an object holds twice, each as an error at its second place."""
    seen: set[str] = set()
    for member in node.members:
        if member.key in seen:
            yield JsonTextError(f"the key {member.key!r} is there twice", text, member.key_start)
        seen.add(member.key)
