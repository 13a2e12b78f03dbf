"""What we own in a user's file, and the three-way rule: only what is still as we wrote it may change or go.

An entry is one object in the file and the keys we derive for it. What we wrote is remembered as a digest per key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from boocontrol.agents.splices import Drop, Leaf, Patch

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
Path: TypeAlias = tuple[str, ...]
Digests: TypeAlias = dict[str, str]
Written: TypeAlias = dict[str, Digests]
"""JSON pointer of an object to the digest of each key that we wrote in it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of the file and what we want in it.

    `shared`: the object is the user's and only these keys are ours. `restored` keys are put back when somebody took
    them out. Keys in `lasting`, or all when `partial`, stay when the source can no longer tell them.
    """

    path: Path
    values: Mapping[str, object]
    shared: bool = False
    restored: frozenset[str] = frozenset()
    lasting: frozenset[str] = frozenset()
    partial: bool = False


@dataclass(slots=True)
class Merged:
    """What becomes of one entry: keys to set and to drop, keys kept because a person changed them."""

    entry: Entry
    new: bool = False
    theirs: bool = False
    sets: dict[str, object] = field(default_factory=dict)
    drops: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    written: Digests = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether the file changes here."""
        return bool(self.sets or self.drops)


def digest(value: object) -> str:
    """A short digest of a JSON value, whatever its spelling and key order."""
    return hashlib.sha256(_encode(value).encode()).hexdigest()[:16]


def pointer(path: Path) -> str:
    """The path as a JSON pointer (RFC 6901)."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)


def steps(text: str) -> Path:
    """The path of a JSON pointer."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])


def at(tree: object, path: Path) -> object:
    """The value at a path of nested dicts, None when there is none."""
    for step in path:
        if not isinstance(tree, Mapping) or step not in tree:
            return None
        tree = tree[step]
    return tree


def merge(present: object, entry: Entry, base: Digests | None, *, take_over: bool = False) -> Merged:
    """The three-way rule for one entry. `present` is the object in the file, `base` what we wrote last time."""
    result = Merged(entry)
    if present is None:
        result.new, result.sets = True, dict(entry.values)
        result.written = {key: digest(value) for key, value in entry.values.items()}
        return result
    if not isinstance(present, Mapping):
        result.theirs = True
        return result
    if base is None and not entry.shared and not take_over and not _all_there(present, entry):
        result.theirs = True
        result.kept = [k for k, v in entry.values.items() if k in present and digest(present[k]) != digest(v)]
        return result
    for key, value in entry.values.items():
        _merge_key(result, key, value, present, base or {}, take_over)
    _merge_gone(result, present, base or {})
    return result


def unedited(present: object, base: Digests) -> bool:
    """Whether an object holds exactly what we wrote, or less."""
    return isinstance(present, Mapping) and all(base.get(k) == digest(v) for k, v in present.items())


def _all_there(present: Mapping[str, object], entry: Entry) -> bool:
    return all(k in present and digest(present[k]) == digest(v) for k, v in entry.values.items())


def _merge_key(
    result: Merged, key: str, value: object, present: Mapping[str, object], base: Digests, take_over: bool
) -> None:
    wanted = digest(value)
    if key not in present:
        if key in base and key not in result.entry.restored and not take_over:
            result.kept.append(key)
            result.written[key] = base[key]
            return
        result.sets[key] = value
    elif (found := digest(present[key])) != wanted:
        if found != base.get(key) and not take_over:
            result.kept.append(key)
            if key in base:
                result.written[key] = base[key]
            return
        result.sets[key] = value
    result.written[key] = wanted


def _merge_gone(result: Merged, present: Mapping[str, object], base: Digests) -> None:
    entry = result.entry
    for key, old in base.items():
        if key in entry.values or key not in present:
            continue
        if digest(present[key]) != old:
            result.kept.append(key)
        elif entry.partial or key in entry.lasting:
            result.written[key] = old
        else:
            result.drops.append(key)


def patch_of(merged: list[Merged], removed: list[Path] | tuple[Path, ...] = ()) -> Patch:
    """All changes as one patch."""
    patch: Patch = {}
    for one in merged:
        if one.changed:
            below = _branch(patch, one.entry.path)
            below.update({key: Drop() for key in one.drops})
            below.update({key: Leaf(value) for key, value in one.sets.items()})
    for path in removed:
        _branch(patch, path[:-1])[path[-1]] = Drop()
    return patch


def _branch(patch: Patch, path: Path) -> Patch:
    for step in path:
        below = patch.setdefault(step, {})
        if not isinstance(below, dict):
            raise TypeError(f"two changes at {pointer(path)}")
        patch = below
    return patch
