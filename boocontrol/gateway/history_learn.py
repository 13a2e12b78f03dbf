"""What models usually do: how long a cold load takes, how fast they answer, and whether one is slow now."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Final, TypeVar

from boocontrol.core.activity import ActivityRow
from boocontrol.core.history import ModelEvent, Slowdown

T = TypeVar("T")

LOADS: Final = 15
USUAL: Final = 200
LATEST: Final = 5
"""So many answers in a row make up the present speed: a single slow one is none."""
ENOUGH: Final = 20
FEW_TOKENS: Final = 16
"""The speed of a shorter answer says little."""
MOST_MODELS: Final = 5000
SLOW: Final = 0.6
FINE: Final = 0.75


@dataclass(slots=True)
class _Speed:
    """Tokens per second of one model: those of the last answers, and those before."""

    usual: array[float] = field(default_factory=lambda: array("d"))
    latest: array[float] = field(default_factory=lambda: array("d"))
    slow: Slowdown | None = None


class Learned:
    """By ref. All in memory: it is learned anew from the history when a gateway starts."""

    def __init__(self) -> None:
        self._loads: dict[str, array[float]] = {}
        self._speeds: dict[str, _Speed] = {}
        self._idle: dict[str, float] = {}

    def load(self, event: ModelEvent) -> None:
        """A model was loaded; one whose beginning was not seen teaches nothing."""
        if event.event == "loaded" and event.seconds is not None:
            _push(_of(self._loads, event.ref, lambda: array("d")), event.seconds, LOADS)

    def usual_load(self, ref: str) -> tuple[float | None, int]:
        """The median of the last cold loads in seconds, and of how many."""
        found = self._loads.get(ref)
        return (round(median(found), 1), len(found)) if found else (None, 0)

    def answer(self, ref: str, row: ActivityRow, *, late: bool = False) -> Slowdown | bool | None:
        """An answer ended. A Slowdown when the model is slow from now on, False when no longer, None for no news.

        `late`: it ended long ago, and a host tells it only now. That is no news.
        """
        ended = ended_at(row)
        self._idle[ref] = max(ended, _of(self._idle, ref, float))
        speed, tokens = row.output_tokens_per_second, row.output_tokens
        if speed is None or (tokens or 0) < FEW_TOKENS or row.outcome != "ok":
            return None
        if late:
            self.recall(ref, [speed])
            return None
        known = _of(self._speeds, ref, _Speed)
        if len(known.latest) == LATEST:
            _push(known.usual, known.latest[0], USUAL)
        _push(known.latest, speed, LATEST)
        return self._judged(known)

    def recall(self, ref: str, speeds: Iterable[float]) -> None:
        """Speeds of before this gateway began, oldest first."""
        known = _of(self._speeds, ref, _Speed)
        for speed in speeds:
            _push(known.usual, speed, USUAL)

    def slow(self, ref: str) -> Slowdown | None:
        """Set while the model is slow."""
        known = self._speeds.get(ref)
        return known.slow if known else None

    def idle_since(self, ref: str) -> float | None:
        """The end of its last request, unix seconds; None when none is known."""
        return self._idle.get(ref)

    def _judged(self, known: _Speed) -> Slowdown | bool | None:
        if len(known.usual) < ENOUGH or len(known.latest) < LATEST:
            return None
        now, usual = median(known.latest), median(known.usual)
        if now < SLOW * usual:
            was, known.slow = known.slow, Slowdown(now=round(now, 1), usual=round(usual, 1), of=OF)
            return known.slow if was is None else None
        if known.slow is not None and now >= FINE * usual:
            known.slow = None
            return False
        return None


def ended_at(row: ActivityRow) -> float:
    """When a request ended, unix seconds."""
    return row.time.timestamp() + row.duration_ms / 1000


def _push(figures: array[float], figure: float, most: int) -> None:
    """Add a figure to the last so many. Thousands of models may be known: a deque takes ten times the room."""
    figures.append(figure)
    if len(figures) > most:
        del figures[0]


def _of(known: dict[str, T], ref: str, new: Callable[[], T]) -> T:
    """What is known of a model; of too many models, whose names hosts tell, the first is forgotten."""
    if ref not in known:
        if len(known) >= MOST_MODELS:
            del known[next(iter(known))]
        known[ref] = new()
    return known[ref]


OF: Final = "output_tokens_per_second"
