"""Many edits of one JSONC text at once: a patch in, text out. Built on jsonc's splices, but scanning only what changes.

jsonc scans the text anew for each edit, which thousands of models would make quadratic. Here an object that
changes is cut out, edited as a small document of its own, and put back; members go in and out in batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from boocontrol.agents.jsonc import delete_member, insert_member, is_blank, replace_value, set_value
from boocontrol.core.jsontext import JsonTextError, Member, Node, scan

_WRAP: Final = "\0wrap"  # no file holds such a key
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value to set as it is."""

    value: object


@dataclass(frozen=True, slots=True)
class Drop:
    """A member to take out."""


Patch: TypeAlias = "dict[str, Leaf | Drop | Patch]"
_Edit: TypeAlias = tuple[int, int, str]


def patched(text: str, patch: Patch) -> str:
    """The text with every change of the patch; keys lead from the root object down. Raises JsonTextError."""
    if not patch:
        return text
    if is_blank(text):
        made = composed(patch)
        return set_value(text, (), made) if made else text
    return _splice(text, _edits(text, scan(text, comments=True), patch))


def composed(patch: Patch) -> dict[str, object]:
    """The object that a patch makes of nothing."""
    made: dict[str, object] = {}
    for key, change in patch.items():
        if isinstance(change, Leaf):
            made[key] = change.value
        elif isinstance(change, dict) and (below := composed(change)):
            made[key] = below
    return made


def last_members(node: Node) -> dict[str, Member]:
    """The members that count: of duplicate keys the last."""
    return {member.key: member for member in node.members}


def _edits(text: str, node: Node, patch: Patch) -> list[_Edit]:
    if node.kind != "object":
        raise JsonTextError(f"expected an object here, found {node.kind}", text, node.start)
    members = last_members(node)
    branches = {
        key: change
        for key, change in patch.items()
        if isinstance(change, dict) and key in members and not _bare(text, members[key].value)
    }
    rest = {key: change for key, change in patch.items() if key not in branches}
    if not any(key in members or not isinstance(change, Drop) for key, change in rest.items()):
        return [edit for key, change in branches.items() for edit in _edits(text, members[key].value, change)]
    lead = _line_indent(text, node.start)
    return [(node.start, node.end, _rewritten(lead + text[node.start : node.end], patch)[len(lead) :])]


def _rewritten(text: str, patch: Patch) -> str:
    """One object, as a document of its own that begins with its line's indent, with its part of the patch."""
    text = _without(text, [key for key, change in patch.items() if isinstance(change, Drop)])
    members = last_members(scan(text, comments=True))
    edits: list[_Edit] = []
    sets: dict[str, object] = {}
    new: dict[str, object] = {}
    for key, change in patch.items():
        if isinstance(change, Drop):
            continue
        value = change.value if isinstance(change, Leaf) else composed(change)
        if key not in members:
            if isinstance(change, Leaf) or value:
                new[key] = value
        elif isinstance(change, Leaf) or _bare(text, members[key].value):
            sets[key] = value
        else:
            edits += _edits(text, members[key].value, change)
    text = _splice(text, edits)
    for key, value in sets.items():
        text = replace_value(text, (key,), value)
    return _with_members(text, new)


def _with_members(text: str, new: Mapping[str, object]) -> str:
    """The root object with new last members. Many go in as one object, whose wrapping is then taken off."""
    if len(new) < 2:
        for key, value in new.items():
            text = insert_member(text, (), key, value)
        return text
    text = insert_member(text, (), _WRAP, dict(new))
    wrap = last_members(scan(text, comments=True))[_WRAP]
    first, last = wrap.value.members[0], wrap.value.members[-1]
    inner = text[first.key_start : last.value.end]
    deep, flat = _line_indent(text, first.key_start), _line_indent(text, wrap.key_start)
    if "\n" in text[wrap.value.start : first.key_start]:
        inner = inner.replace(f"\n{deep}", f"\n{flat}")
    return text[: wrap.key_start] + inner + text[wrap.value.end :]


def _without(text: str, keys: Iterable[str]) -> str:
    """The root object without some members."""
    gone = set(keys)
    if not gone:
        return text
    node = scan(text, comments=True)
    spans = [(m.key_start, m.value.end, m.key) for m in node.members]
    if len(gone) <= _FEW or len(last_members(node)) < len(spans):
        for key in gone:
            text = delete_member(text, (key,))
        return text
    done: list[str] = []  # from the end of the text backwards
    closed = True
    tail, start = "", len(text)  # what has become of the text from `start` to where `done` begins
    for index in range(len(spans) - 1, -1, -1):
        if spans[index][2] not in gone:
            continue
        low = spans[index - 1][0] if index else node.start
        follower = spans[index + 1] if index + 1 < len(spans) else None
        high = follower[1] if follower else node.end
        if start == spans[index][0]:  # the member behind went too, and its follower ends the tail
            window = text[low:start] + tail
        elif high > start:  # the follower begins the tail
            done.append(tail[high - start :])
            window = text[low:start] + tail[: high - start]
        else:
            done += [tail, text[high:start]]
            window = text[low:high]
        if start != spans[index][0]:
            closed = follower is None
        tail, start = _cut(window, spans[index][2], opened=index == 0, closed=closed), low
    return text[:start] + tail + "".join(reversed(done))


def _cut(window: str, key: str, *, opened: bool, closed: bool) -> str:
    """A member out of the text from its neighbour before to its neighbour behind: what a deletion looks at."""
    before, behind = "" if opened else "{", "" if closed else "}"
    result = delete_member(f"{before}{window}{behind}", (key,))
    return result[len(before) : len(result) - len(behind)]


def _bare(text: str, node: Node) -> bool:
    """Whether this is an object with nothing in it, no comment either."""
    return node.kind == "object" and not text[node.start + 1 : node.end - 1].strip()


def _line_indent(text: str, at: int) -> str:
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    line = text[start:at].removeprefix("\ufeff")
    return line[: len(line) - len(line.lstrip(" \t"))]


def _splice(text: str, edits: Iterable[_Edit]) -> str:
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])
