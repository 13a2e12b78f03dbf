"""News that come together are told together: the first at once, the last one in any case."""

from __future__ import annotations

from PySide6.QtCore import QObject

from boocontrol.desktop.stores.together import Together


def test_the_first_is_told_at_once_and_the_others_together(owner: QObject) -> None:
    told: list[str] = []
    together = Together(lambda: told.append("told"), owner)
    for _ in range(20):
        together.news()
    assert len(told) == 1
    together._soon.timeout.emit()
    assert len(told) == 2, "what came since"
    together._soon.stop()
    together._soon.timeout.emit()
    assert len(told) == 2, "nothing came since"
    together.news()
    assert len(told) == 3
