"""The window: rail, pages, the bar of a lost gateway. Knows pages by id and no store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.desktop.icons import icon
from boocontrol.desktop.rail import Badge, Rail
from boocontrol.desktop.tokens import LIGHT, NARROW_BELOW, SMALLEST
from boocontrol.desktop.widgets import NoticeBar, UndoBar
from boocontrol.desktop.widgets.cards import SearchField

START_SIZE = QSize(1280, 800)
GEOMETRY = "window/geometry"
PAGE = "window/page"
IDLE_MS = 30


class Page(NamedTuple):
    """A page of the rail. `make` is the widget, or gives it when it is first needed."""

    id: str
    title: str
    icon: str
    make: QWidget | Callable[[], QWidget]


class MainWindow(QMainWindow):
    """Shows one page at a time. `closing` decides what the close button does: True lets it go.

    `page_shown` comes after another page came to the front, `page_made` after a page was built.
    """

    page_shown = Signal(str)
    page_made = Signal(str, object)
    foot_clicked = Signal()

    def __init__(
        self,
        pages: Sequence[Page],
        settings: QSettings,
        *,
        welcome: Callable[[], QWidget] | None = None,
        closing: Callable[[], bool] = lambda: True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pages = {page.id: page for page in pages}
        self._settings = settings
        self._make_welcome = welcome
        self._closing = closing
        self._made: dict[str, QWidget] = {}
        self._covers: dict[str, QWidget] = {}
        self._welcome: QWidget | None = None
        self._shown = ""
        self.setWindowTitle("BooControl")
        self.setWindowIcon(icon("mark", LIGHT.accent, 32))
        self.setMinimumSize(*SMALLEST)
        self.rail = Rail(self)
        for number, page in enumerate(pages, 1):
            self.rail.add(page.id, page.title, page.icon, number)
        self.stack = QStackedWidget(self)
        self.lost = NoticeBar(parent=self)
        self.lost.hide()
        self._lay_out()
        self.undo = UndoBar(self._body)
        self.rail.chosen.connect(self.show_page)
        self.rail.foot.clicked.connect(self.foot_clicked)
        self._idle = QTimer(self, interval=IDLE_MS)
        self._idle.timeout.connect(self._make_next)
        self._restore()

    # --- pages ---

    @property
    def page_ids(self) -> tuple[str, ...]:
        """The pages in the order of the rail."""
        return tuple(self._pages)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages, whether they are made already or not."""
        return tuple(self._pages.values())

    @property
    def current(self) -> str:
        """The page that is shown; empty before the first."""
        return self._shown

    def page(self, page: str) -> QWidget:
        """The widget of a page, made now if it was not needed before."""
        if page not in self._made:
            make = self._pages[page].make
            widget = make if isinstance(make, QWidget) else make()
            self._made[page] = widget
            self.stack.addWidget(widget)
            self.page_made.emit(page, widget)
        return self._made[page]

    def show_page(self, page: str) -> None:
        """Bring a page to the front; one that is not there is left out."""
        if page not in self._pages or page == self._shown:
            return
        new = page not in self._made and page not in self._covers
        self.page(page)
        self._shown = page
        self.rail.set_current(page)
        if new and self.isVisible():
            # To make a page and to lay it out take 20 ms each: the window reacts in between.
            QTimer.singleShot(0, self, self._bring_shown)
        else:
            self._bring_shown()
        self._settings.setValue(PAGE, page)
        self.page_shown.emit(page)

    def show_place(self, number: int) -> None:
        """Bring the page at a place of the rail (from 0) to the front."""
        if number < len(self._pages):
            self.show_page(self.page_ids[number])

    def make_pages_when_idle(self) -> None:
        """Make the pages that nobody asked for yet, one after the other, between other things."""
        self._idle.start()

    @property
    def welcoming(self) -> bool:
        """Whether the welcome page stands in place of everything."""
        return self._welcome is not None and self.stack.currentWidget() is self._welcome

    def set_welcome(self, on: bool) -> None:
        """Show the welcome page without the rail, or go on to the pages."""
        if on == self.welcoming or self._make_welcome is None:
            return
        if on:
            if self._welcome is None:
                self._welcome = self._make_welcome()
                self.stack.addWidget(self._welcome)
            self.stack.setCurrentWidget(self._welcome)
        elif self._shown:
            self._bring(self._shown)
        self.rail.setVisible(not on)

    def cover(self, page: str, make: Callable[[], QWidget] | None) -> None:
        """Put another widget in place of a page for a while, or give the page back its place."""
        if (make is None) == (page not in self._covers):
            return
        gone = self._covers.pop(page, None)
        if make is not None:
            self._covers[page] = make()
            self.stack.addWidget(self._covers[page])
        if page == self._shown and not self.welcoming:
            self._bring(page)
        if gone is not None:
            # Only now: what is taken away while it is shown leaves the keyboard to the rail.
            self.stack.removeWidget(gone)
            gone.deleteLater()

    def _bring_shown(self) -> None:
        if not self.welcoming:
            self._bring(self._shown)

    def _bring(self, page: str) -> None:
        self.stack.setCurrentWidget(self._covers.get(page) or self.page(page))

    def focus_filter(self) -> None:
        """Go to the filter field of the page."""
        shown = self.stack.currentWidget()
        for field in shown.findChildren(SearchField) if shown else ():
            if field.isVisible():
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                field.selectAll()
                return

    # --- what it says ---

    def set_badge(self, page: str, badge: Badge | None) -> None:
        """Show something beside a page's name in the rail."""
        self.rail.set_badge(page, badge)

    def show_lost(self, title: str, words: str = "", buttons: Sequence[QWidget] = (), details: str = "") -> None:
        """Say at the top that the gateway is not there; what is shown is old."""
        self.lost.say(title, words, tone="warn")
        self.lost.set_buttons(buttons, details)
        self._lost_place.setContentsMargins(24, 12, 24, 0)
        self.lost.show()

    def hide_lost(self) -> None:
        """The gateway is there."""
        self._lost_place.setContentsMargins(0, 0, 0, 0)
        self.lost.hide()

    def add_notice(self, bar: QWidget) -> None:
        """Put a bar above the page: what has no better place."""
        self._notices.setContentsMargins(24, 12, 24, 0)
        self._notices.addWidget(bar)

    def remove_notice(self, bar: QWidget) -> None:
        """Take a bar away for good."""
        self._notices.removeWidget(bar)
        bar.hide()
        bar.deleteLater()
        if not self._notices.count():
            self._notices.setContentsMargins(0, 0, 0, 0)

    def raise_up(self) -> None:
        """Be seen, in front."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.set_narrow(event.size().width() < NARROW_BELOW)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.rail.set_narrow(self.width() < NARROW_BELOW)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep()
        if self._closing():
            event.accept()
        else:
            event.ignore()

    def keep(self) -> None:
        """Remember size and place for the next start."""
        self._settings.setValue(GEOMETRY, self.saveGeometry())
        self._settings.sync()

    def _restore(self) -> None:
        self.resize(START_SIZE)
        kept = self._settings.value(GEOMETRY)
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)

    def last_page(self) -> str:
        """The page that was shown when the program ended; the first one if there is none."""
        kept = str(self._settings.value(PAGE, ""))
        return kept if kept in self._pages else next(iter(self._pages), "")

    def _make_next(self) -> None:
        waiting = next((page for page in self._pages if page not in self._made), None)
        if waiting is None:
            self._idle.stop()
        else:
            self.page(waiting)

    def _lay_out(self) -> None:
        self._body = QWidget(self)
        line = QHBoxLayout(self._body)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        right = QVBoxLayout()
        right.setSpacing(0)
        self._lost_place, self._notices = QVBoxLayout(), QVBoxLayout()
        self._notices.setSpacing(8)
        for place in (self._lost_place, self._notices):
            place.setContentsMargins(0, 0, 0, 0)
            right.addLayout(place)
        self._lost_place.addWidget(self.lost)
        right.addWidget(self.stack, 1)
        line.addWidget(self.rail)
        line.addLayout(right, 1)
        self.setCentralWidget(self._body)
