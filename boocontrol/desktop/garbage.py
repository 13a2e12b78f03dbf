"""Python's cycle collector, on the GUI thread only and in small steps.

By itself it runs in whichever thread allocates, and destroys Qt objects there that belong to the GUI thread: a
segmentation fault (the notifiers and timers of asyncio on Qt are such objects, and in cycles). It also walks
everything that was ever imported, 90 ms when a big catalog arrives. So what is there at the start is set aside, and
the rest is looked through on a timer. What survives the first whole look, the pages and the first catalog, is set
aside too; after that a whole look comes when a quarter more is there than after the last, as Python itself does it.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
OLDEST: Final = 2
GROWN: Final = 1.25
LEAST: Final = 20_000
"""Objects that are not worth a whole look: it takes 10 ms for so many."""


class Garbage(QObject):
    """In force from its making until `stop`; made once, when the program is built up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._whole_looks = 0
        self._left = LEAST
        self._looks = 0
        # Without a look before: it would take 50 ms of the time to the first picture, for a megabyte.
        gc.freeze()
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation whose time has come, by Python's own thresholds."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, limit) in enumerate(counts) if count > limit]
        if due and due[-1] == OLDEST and not self._worth_it():
            due.remove(OLDEST)
        if due:
            gc.collect(due[-1])
            if due[-1] == OLDEST:
                self._looked_at_all()

    def _worth_it(self) -> bool:
        """Whether there is so much more than after the last whole look; counting takes a millisecond, so seldom."""
        self._looks += 1
        return self._looks % gc.get_threshold()[OLDEST] == 0 and len(gc.get_objects()) > self._left * GROWN

    def _looked_at_all(self) -> None:
        self._whole_looks += 1
        if self._whole_looks == 1:
            gc.freeze()
        self._left = max(LEAST, len(gc.get_objects()))

    def stop(self) -> None:
        """As it was."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
            gc.unfreeze()
