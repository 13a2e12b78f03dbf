"""Python's cycle collector, on the GUI thread only and in small steps.

By itself it runs in whichever thread allocates, and destroys Qt objects there that belong to the GUI thread: a
segmentation fault (the notifiers and timers of asyncio on Qt are such objects, and in cycles). It also walks
everything that was ever imported, 90 ms when a big catalog arrives. So what is there at the start is set aside, and
the rest is looked through on a timer.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000


class Garbage(QObject):
    """In force from its making until `stop`; made once, when the program is built up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.collect()
        gc.freeze()
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation whose time has come, by Python's own thresholds."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, limit) in enumerate(counts) if count > limit]
        if due:
            gc.collect(due[-1])

    def stop(self) -> None:
        """As it was."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
            gc.unfreeze()
