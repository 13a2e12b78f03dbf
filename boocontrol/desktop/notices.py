"""What the program says by itself: a line at the bottom, a way back, an error that has no place of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from boocontrol.core.errors import BooError
from boocontrol.desktop.main_window import MainWindow
from boocontrol.desktop.widgets import Button, NoticeBar

MOST = 3


class Notices(QObject):
    """The voices of one window. An error that belongs to a thing on a page is shown there and not here."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bars: dict[str, NoticeBar] = {}

    def say(self, words: str) -> None:
        """Something was done; it goes away by itself."""
        self._window.undo.tell(words)

    def undo(self, words: str, back: Callable[[], object]) -> None:
        """Something was removed; it can be taken back for 8 s."""
        self._window.undo.offer(words, back)

    def fail(self, error: Exception, retry: Callable[[], object] | None = None) -> None:
        """An error, above the page until it is dismissed: what happened, what to do, Retry, Copy details.

        The same error again stands once; of many the oldest goes.
        """
        told = error if isinstance(error, BooError) else BooError(f"{type(error).__name__}: {error}")
        key = f"{told.code} {told.title}"
        self.clear(key)
        while len(self._bars) >= MOST:
            self.clear(next(iter(self._bars)))
        bar = NoticeBar.of(told, parent=self._window)
        if retry is not None:
            bar.set_buttons([self._retry(bar, key, retry)], f"{told.title}\n{told.advice}\n[{told.code}]")
        bar.dismissed.connect(lambda: self.clear(key))
        self._bars[key] = bar
        self._window.add_notice(bar)

    def clear(self, key: str) -> None:
        """Take one away."""
        bar = self._bars.pop(key, None)
        if bar is not None:
            self._window.remove_notice(bar)

    def _retry(self, bar: NoticeBar, key: str, retry: Callable[[], object]) -> Button:
        def again() -> None:
            self.clear(key)
            retry()

        return Button(self.tr("Retry"), parent=bar, icon="refresh", small=True, on_click=again)
