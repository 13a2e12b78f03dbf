"""News that come many times a second, told a few times a second: each time, whoever shows them does all its work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

TOGETHER_MS: Final = 250


class Together(QObject):
    """`news` tells the first at once; those that follow within a quarter of a second are told together at its end."""

    def __init__(self, tell: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._tell = tell
        self._more = False
        self._soon = QTimer(self, singleShot=True, interval=TOGETHER_MS)
        self._soon.timeout.connect(self._tell_more)

    def news(self) -> None:
        """There is something to tell."""
        self._more = self._soon.isActive()
        if not self._more:
            self._soon.start()
            self._tell()

    def _tell_more(self) -> None:
        if self._more:
            self._more = False
            self._soon.start()
            self._tell()
