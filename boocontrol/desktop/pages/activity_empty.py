"""What stands in place of the history while there is none: another text for each cause."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from boocontrol.core.errors import BooError
from boocontrol.desktop.itemmodels.activity_words import span_words
from boocontrol.desktop.stores.activity_query import SPANS, ActivityQuery
from boocontrol.desktop.tokens import PAD
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.cards import EmptyState

WITH_PICTURE: Final = 170


class HistoryEmpty(EmptyState):
    """`span_wanted` brings a longer time to look back."""

    clear_wanted = Signal()
    span_wanted = Signal(object)
    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("activity", "", parent=parent)
        self._longer: int | None = None
        clear, retry = self.clear_wanted.emit, self.retry_wanted.emit
        self._clear = Button(self.tr("Clear filters"), parent=self, on_click=clear)
        self._span = Button("", parent=self, on_click=lambda: self.span_wanted.emit(self._longer))
        self._retry = Button(self.tr("Try again"), parent=self, icon="refresh", on_click=retry)
        for button in (self._clear, self._span, self._retry):
            button.hide()
        inside = self.layout()
        assert inside is not None
        inside.setContentsMargins(PAD, 4, PAD, 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height, words go before the picture."""
        super().resizeEvent(event)
        self.picture.setVisible(event.size().height() >= WITH_PICTURE)

    def say_starting(self) -> None:
        """The gateway is about to come."""
        words = self.tr("The history is read once the gateway is there.")
        self.set_words(self.tr("Starting the gateway"), words, "gateway")
        self.set_buttons([])

    def say(self, query: ActivityQuery, *, known: bool, connected: bool, problem: BooError | None) -> None:
        """Say why nothing is shown. `known`: the gateway was asked and has answered."""
        for cause in (self._fault, self._not_read, self._filtered, self._too_short, self._never):
            if cause(query, known, connected, problem):
                return

    def _fault(self, query: ActivityQuery, known: bool, connected: bool, problem: BooError | None) -> bool:
        if connected and problem is None:
            return False
        if problem is not None and connected:
            self.set_words(self.tr("The history could not be read"), problem.title, "state:degraded")
        else:
            words = self.tr("The history is read once the gateway is there.")
            self.set_words(self.tr("No connection to the gateway"), words, "mark")
        self.set_buttons([self._retry])
        return True

    def _not_read(self, query: ActivityQuery, known: bool, connected: bool, problem: BooError | None) -> bool:
        if known:
            return False
        self.set_words(self.tr("Reading the history"), "", "activity")
        self.set_buttons([])
        return True

    def _filtered(self, query: ActivityQuery, known: bool, connected: bool, problem: BooError | None) -> bool:
        if not query.narrowed:
            return False
        title = self.tr("Nothing matches “{words}”").format(words=query.text) if query.text else ""
        words = self.tr("No request of this time matches the filters.")
        self.set_words(title or self.tr("Nothing matches"), words, "search")
        self._offer(query, [self._clear])
        return True

    def _too_short(self, query: ActivityQuery, known: bool, connected: bool, problem: BooError | None) -> bool:
        if query.span_s is None:
            return False
        self.set_words(self.tr("No requests in this time"), self.tr("Nothing ended in it."), "activity")
        self._offer(query, [])
        return True

    def _never(self, query: ActivityQuery, known: bool, connected: bool, problem: BooError | None) -> bool:
        words = self.tr("What runs through the gateway is kept and shown here, across restarts too.")
        self.set_words(self.tr("No requests yet"), words, "mark")
        self.set_buttons([])
        return True

    def _offer(self, query: ActivityQuery, buttons: list[Button]) -> None:
        """Offer the next longer time too."""
        at = SPANS.index(query.span_s) if query.span_s in SPANS else len(SPANS) - 1
        if at + 1 < len(SPANS):
            self._longer = SPANS[at + 1]
            self._span.setText(span_words(self._longer))
            buttons = [*buttons, self._span]
        self.set_buttons(buttons)
