"""News for a widget that may not be seen: what comes meanwhile waits until it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, SignalInstance
from PySide6.QtWidgets import QWidget


class WhenShown(QObject):
    """Calls `refresh` for each of the signals while the widget is seen, and once when it comes to be seen after some.

    A page that was opened once lives on behind the others; without this, each would do its work for each piece of
    news of the gateway. A child of the widget, and gone with it.
    """

    def __init__(self, widget: QWidget, refresh: Callable[[], object], *signals: SignalInstance) -> None:
        super().__init__(widget)
        self._widget = widget
        self._refresh = refresh
        self._waiting = False
        for signal in signals:
            signal.connect(self.news)
        widget.installEventFilter(self)

    def news(self, *_: object) -> None:
        """There is something to show."""
        self._waiting = not self._seen()
        if not self._waiting:
            self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A minimised window is not seen, yet its widgets are "visible"; it paints itself when it comes back.
        if self._waiting and event.type() in (QEvent.Type.Show, QEvent.Type.Paint) and self._seen():
            self._waiting = False
            self._refresh()
        return False

    def _seen(self) -> bool:
        return self._widget.isVisible() and not self._widget.window().isMinimized()
