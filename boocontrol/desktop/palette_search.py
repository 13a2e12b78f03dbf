"""What the command palette finds: entries, and how well they match what was typed. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Group = Literal["hosts", "models", "pages", "actions"]

GROUPS: Final[tuple[Group, ...]] = ("hosts", "models", "pages", "actions")
PREFIXES: Final[dict[str, Group]] = {">": "actions", "@": "hosts"}
MOST: Final = 12
MOST_OF_A_GROUP: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to choose. `state` is a shape and wins over `icon`; `does` is what Enter does, `keys` a key cap."""

    group: Group
    title: str
    run: Callable[[], object]
    detail: str = ""
    state: str = ""
    icon: str = ""
    does: str = ""
    keys: str = ""
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that matches, and the places in its title that do."""

    entry: Entry
    places: frozenset[int] = frozenset()
    score: float = 0.0


def search(entries: Iterable[Entry], typed: str) -> list[Hit]:
    """The best hits, groups in their order, each sorted by how well it matches; ties keep the order of `entries`.

    `>` asks for actions only and `@` for hosts only. Nothing typed: what comes first in each group.
    """
    text = typed.strip()
    only = PREFIXES.get(text[:1])
    wanted = text[1:].strip() if only else text
    found: dict[Group, list[Hit]] = {group: [] for group in GROUPS}
    for entry in entries:
        if only is not None and entry.group != only:
            continue
        hit = match(entry, wanted)
        if hit is not None:
            found[entry.group].append(hit)
    most = MOST if only else MOST_OF_A_GROUP
    chosen = [sorted(found[group], key=lambda hit: -hit.score)[:most] for group in GROUPS]
    return [hit for hits in chosen for hit in hits][:MOST]


def match(entry: Entry, wanted: str) -> Hit | None:
    """How an entry matches: every word somewhere in the title or the detail, or all letters in order in the title."""
    if not wanted:
        return Hit(entry)
    title, detail = entry.title.casefold(), entry.detail.casefold()
    places: set[int] = set()
    score = 0.0
    for word in wanted.casefold().split():
        at = title.find(word)
        if at >= 0:
            places.update(range(at, at + len(word)))
            score += 20 + len(word) - at / 10 + (10 if _begins(title, at) else 0)
        elif word in detail:
            score += 5
        else:
            return _scattered(entry, title, wanted)
    return Hit(entry, frozenset(places), score)


def _begins(title: str, at: int) -> bool:
    return at == 0 or not title[at - 1].isalnum()


def _scattered(entry: Entry, title: str, wanted: str) -> Hit | None:
    letters = wanted.casefold().replace(" ", "")
    places: list[int] = []
    at = -1
    for letter in letters:
        at = title.find(letter, at + 1)
        if at < 0:
            return None
        places.append(at)
    if len(letters) < 2 or places[-1] - places[0] > 3 * len(letters) + 4:
        return None
    return Hit(entry, frozenset(places), 1.0)


def sections(hits: Sequence[Hit]) -> list[Group | Hit]:
    """Hits with the name of a group before its first."""
    made: list[Group | Hit] = []
    last = ""
    for hit in hits:
        if hit.entry.group != last:
            last = hit.entry.group
            made.append(hit.entry.group)
        made.append(hit)
    return made
