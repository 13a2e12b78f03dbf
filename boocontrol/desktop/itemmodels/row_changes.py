"""How one order of keys becomes another with few steps, so that views keep selection, scroll and the row in hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Step:
    """Remove rows first..last, insert before `first` the new rows up to `last`, or move row `first` to `last`."""

    action: Literal["remove", "insert", "move"]
    first: int
    last: int


def steps(old: Sequence[str], new: Sequence[str]) -> Iterator[Step]:
    """Steps to take one after another. Keys are unique; an inserted row stands at its final place at once."""
    if list(old) == list(new):
        return
    now = list(old)
    yield from _removals(now, frozenset(new))
    known = set(now)
    at = 0
    while at < len(new):
        if at < len(now) and now[at] == new[at]:
            at += 1
        elif new[at] in known:
            source = now.index(new[at], at)
            now.insert(at, now.pop(source))
            yield Step("move", source, at)
        else:
            last = at
            while last + 1 < len(new) and new[last + 1] not in known:
                last += 1
            now[at:at] = new[at : last + 1]
            yield Step("insert", at, last)
            at = last + 1


def _removals(now: list[str], kept: frozenset[str]) -> Iterator[Step]:
    """Runs of rows that are gone, from the end, taken out of `now` on the way."""
    last = len(now) - 1
    while last >= 0:
        if now[last] in kept:
            last -= 1
            continue
        first = last
        while first > 0 and now[first - 1] not in kept:
            first -= 1
        del now[first : last + 1]
        yield Step("remove", first, last)
        last = first - 1


def keep_order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """`new` with those that were there before in their old order first: what is new comes in at the end."""
    wanted = frozenset(new)
    before = [key for key in old if key in wanted]
    there = frozenset(before)
    return before + [key for key in new if key not in there]
