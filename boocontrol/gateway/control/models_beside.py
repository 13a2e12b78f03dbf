"""Which models were seen side by side, and which pushed which out: hosts tell nobody, so it is learned by looking."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Final, Literal, TypeVar

from boocontrol.core.api import Host

Seen = Literal["beside", "pushed", "unknown"]
T = TypeVar("T")

MOST: Final = 32
"""Of a host with more models in memory at once nothing is learned: their pairs would fill the memory."""
REMEMBERED: Final = 5000


class Beside:
    """Fed with each host as it is shown; remembers as long as the gateway runs."""

    def __init__(self) -> None:
        self._beside: dict[frozenset[str], None] = {}
        self._pushed: dict[tuple[str, str], None] = {}
        self._ready: dict[str, frozenset[str]] = {}

    def saw(self, host: Host) -> None:
        """A host as it is now."""
        ready = frozenset(m.ref for m in host.loaded if m.state == "ready")
        before = self._ready.get(host.id, frozenset())
        if ready == before:
            return
        self._ready[host.id] = ready
        if len(ready) > MOST:
            return
        _remember(self._beside, (frozenset(pair) for pair in combinations(ready, 2)))
        loading = {load.ref for load in host.loads if load.state == "loading"}
        loading &= {m.ref for m in host.loaded if m.state == "starting"} or loading
        if host.state in ("up", "busy", "degraded") and len(loading) == 1:
            (new,) = loading
            _remember(self._pushed, ((new, old) for old in before - ready - loading))

    def tells(self, new: str, old: str) -> Seen:
        """What is known of loading one model while the other is in memory."""
        if frozenset((new, old)) in self._beside:
            return "beside"
        return "pushed" if (new, old) in self._pushed else "unknown"


def _remember(known: dict[T, None], seen: Iterable[T]) -> None:
    """The last so many, in the order in which they were seen last."""
    for one in seen:
        known.pop(one, None)
        known[one] = None
    while len(known) > REMEMBERED:
        del known[next(iter(known))]
