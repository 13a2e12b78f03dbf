"""The collector's rule: seldom a whole look, and none for what stays as it is."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from boocontrol.desktop import garbage
from boocontrol.desktop.garbage import OLDEST, Garbage


class Ring:
    """Garbage that only a look finds."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def looks(owner: QObject, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Which generations were looked through."""
    monkeypatch.setattr(garbage, "LEAST", 0)
    made = Garbage(owner)
    made._timer.stop()
    seen: list[int] = []
    collect = gc.collect

    def watched(generation: int = OLDEST) -> int:
        seen.append(generation)
        return collect(generation)

    monkeypatch.setattr(gc, "collect", watched)
    monkeypatch.setattr(gc, "get_threshold", lambda: (0, 0, 2))
    monkeypatch.setattr(gc, "get_count", lambda: (1, 1, 3))
    yield seen
    monkeypatch.undo()
    made.stop()


def test_a_whole_look_comes_when_much_is_new_and_not_before(looks: list[int], owner: QObject) -> None:
    made = next(child for child in owner.children() if isinstance(child, Garbage))
    made._left = 10**9
    for _ in range(6):
        made.look()
    assert OLDEST not in looks and looks, "the younger ones are looked through all the same"
    made._left = 1
    kept = [[n] for n in range(1000)]
    for _ in range(2):
        made.look()
    assert looks.count(OLDEST) == 1
    assert len(kept) == 1000


def test_what_is_in_rings_goes(looks: list[int], owner: QObject) -> None:
    made = next(child for child in owner.children() if isinstance(child, Garbage))
    gone: list[int] = []

    class Told(Ring):
        def __del__(self) -> None:
            gone.append(1)

    Told()
    made.look()
    assert gone == [1]
