"""A look at an agent's file as a page shows it: values only, without the texts that it was made from.

A file with thousands of models takes 15 MB while it is planned; what is seen of it is small, and enough to carry the
very same plan out later: it is made anew, and refused when it would write something else than what was shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from boocontrol.agents.export import Look
from boocontrol.agents.freshness import Freshness
from boocontrol.agents.keys import shown_path
from boocontrol.agents.notices import Notice
from boocontrol.agents.offers import Choice
from boocontrol.agents.plan import BrokenFile
from boocontrol.agents.record import TargetRecord
from boocontrol.agents.writer import diff, line_counts
from boocontrol.core.errors import Stale

MOST_LINES: Final = 400
"""Of a longer difference the first lines are shown, and how many more there are."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a file stands and what a write would do.

    `path` is written with `~`. `planned`: a write is possible; `unchanged`: it would change nothing. `same` counts
    models that are as they should be. `diff` is unified and cut, `more` counts the lines that are left out of it,
    `added` and `removed` count all. `seal` names what was shown, for `check_seal`.
    """

    path: str
    freshness: Freshness
    notices: tuple[Notice, ...] = ()
    can_undo: bool = False
    problem: BrokenFile | None = None
    planned: bool = False
    unchanged: bool = True
    same: int = 0
    diff: str = ""
    more: int = 0
    added: int = 0
    removed: int = 0
    seal: str = ""
    written_at: datetime | None = None
    choice: Choice | None = None

    @property
    def writable(self) -> bool:
        """Whether there is something to write."""
        return self.planned and not self.unchanged


def seen(look: Look, home: Path, record: TargetRecord | None = None) -> Seen:
    """What a page shows of a look; `record` is what was written last."""
    path, plan = shown_path(look.target.path, home), look.plan
    at, choice = (record.at, record.choice) if record else (None, None)
    stands = (path, look.freshness, look.notices, look.can_undo, look.problem)
    if plan is None:
        return Seen(*stands, written_at=at, choice=choice)
    told = diff(plan)
    added, removed = line_counts(plan, told)
    start, more = _first_lines(told, MOST_LINES)
    return Seen(*stands, True, plan.unchanged, plan.same, start, more, added, removed, seal_of(look), at, choice)


def seal_of(look: Look) -> str:
    """One word for the file as it was read and as it would be written."""
    plan = look.plan
    return "" if plan is None else f"{look.target.stamp.digest}:{hashlib.sha256(plan.text.encode()).hexdigest()}"


def check_seal(look: Look, seal: str) -> None:
    """Raises Stale when a look is not the one that was shown: the file changed since, or what is to be written."""
    now = seal_of(look)
    if look.problem is not None or now == seal:
        return
    title = f"{look.target.path} changed since it was read."
    if now.partition(":")[0] == seal.partition(":")[0]:
        title = "What is to be written changed since it was read."
    raise Stale(title, "Look at the difference again, then write.")


def _first_lines(text: str, most: int) -> tuple[str, int]:
    """The first lines of a text, and how many follow."""
    end = -1
    for _ in range(most):
        end = text.find("\n", end + 1)
        if end < 0:
            return text, 0
    return text[: end + 1], text.count("\n", end + 1) + 1
