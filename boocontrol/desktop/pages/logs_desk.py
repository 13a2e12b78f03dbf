"""From what hosts tell to rows in the view: in slices that never hold up the window, held while nobody wants more."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from boocontrol.core.logs import LogGap
from boocontrol.desktop.pages.logs_words import gap_text
from boocontrol.desktop.stores.logs import LogsStore, Told
from boocontrol.desktop.widgets.log_rows import LogRow, row
from boocontrol.desktop.widgets.log_search import Pattern
from boocontrol.desktop.widgets.log_view import MOST_ROWS, LogView

# A slice of work, and the pause after it in which the window does everything else.
SLICE_S: Final = 0.004
PAUSE_MS: Final = 8
AT_ONCE: Final = 100


class LogsDesk(QObject):
    """Fills the view. `changed`: a count, or whether rows are held."""

    changed = Signal()

    def __init__(self, store: LogsStore, view: LogView, label: Callable[[str], str], parent: QObject) -> None:
        super().__init__(parent)
        self.rows: deque[LogRow] = deque(maxlen=MOST_ROWS)
        self.size = self.errors = self.warnings = self.gaps = 0
        self.paused = False
        self.pattern: Pattern | None = None
        self.only_matches = False
        self._found: deque[int] = deque()
        self._scan: Iterator[LogRow] | None = None
        self._refill = False
        self._begun: Iterator[LogRow] = iter(())
        self._numbers = count()
        self._store = store
        self._view = view
        self._label = label
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._work)
        store.arrived.connect(self._go)
        view.moved.connect(self._moved)

    # --- what is wanted ---

    def set_paused(self, paused: bool) -> None:
        """Show nothing new, or go on."""
        self.paused = paused
        self.changed.emit()
        self._go()

    def look_for(self, pattern: Pattern | None, *, only: bool) -> None:
        """Mark what this finds; `only` shows nothing else."""
        only = only and pattern is not None
        self.pattern, self._found = pattern, deque()
        self._refill = self._refill or only or self.only_matches
        self.only_matches = only
        self._view.set_pattern(pattern)
        if self._refill:
            self._view.clear_rows()
        self._scan = iter(list(self.rows)) if pattern is not None or self._refill else None
        self.changed.emit()
        self._go()

    def clear(self) -> None:
        """Forget every row that came so far."""
        self.rows.clear()
        self._found.clear()
        self._scan, self._refill = None, False
        self.size = self.errors = self.warnings = self.gaps = 0
        self._view.clear_rows()
        self.changed.emit()

    def begin_anew(self, *, with_host: bool) -> None:
        """Forget everything: other logs come from now on."""
        self._begun = iter(())
        self._view.with_host = with_host
        self.clear()

    def mark(self, words: str) -> None:
        """Say something between the rows."""
        made = LogRow(next(self._numbers), words, time.strftime("%H:%M:%S"), level="gap")
        self._add([made])
        self.changed.emit()

    # --- what is known ---

    @property
    def matches(self) -> int:
        """How many rows match, as far as was looked."""
        return len(self._found)

    @property
    def place(self) -> int:
        """The place (from 1) of the match that was gone to; 0 for none."""
        at = bisect_left(self._found, self._view.chosen)
        return at + 1 if at < len(self._found) and self._found[at] == self._view.chosen else 0

    @property
    def waiting(self) -> int:
        """How many lines wait to be shown."""
        return self._store.waiting_lines

    @property
    def held(self) -> bool:
        """Whether new rows wait until somebody wants them: paused, or the end is not in sight."""
        return self.paused or not self._view.at_end

    @property
    def working(self) -> bool:
        """Whether rows are on their way into the view."""
        return self._timer.isActive()

    def step(self, by: int) -> bool:
        """Go to the next match (1) or the one before (-1), round the ends. False when there is none."""
        if not self._found:
            return False
        now = self._view.chosen
        if now < 0:
            at = 0 if by > 0 else len(self._found) - 1
        else:
            at = bisect_right(self._found, now) if by > 0 else bisect_left(self._found, now) - 1
        gone = self._view.choose(self._found[at % len(self._found)])
        self.changed.emit()
        return gone

    # --- work ---

    def _go(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
        if self.held:
            self.changed.emit()

    def _moved(self, at_end: bool) -> None:
        self.changed.emit()
        if at_end and self.waiting:
            self._go()

    def _work(self) -> None:
        """One slice."""
        if self._scan is not None:
            more = self._look_on(self._scan)
        elif self.held:
            more = False
        else:
            more = self._take()
        self.changed.emit()
        if more:
            self._timer.start()

    def _take(self) -> bool:
        """Some new rows. Whether there may be more."""
        until = time.perf_counter() + SLICE_S
        fresh: list[LogRow] = []
        while len(fresh) < AT_ONCE and time.perf_counter() < until:
            some = list(islice(self._begun, 50))
            fresh += some
            if not some:
                told = self._store.take_some(AT_ONCE)
                if not told:
                    break
                self._begun = (made for part in told for made in self._rows(part))
        self._add(fresh)
        return bool(fresh) or self.waiting > 0

    def _look_on(self, scan: Iterator[LogRow]) -> bool:
        """Some rows of those that are there already."""
        until = time.perf_counter() + SLICE_S
        shown: list[LogRow] = []
        over = False
        while not over and len(shown) < AT_ONCE and time.perf_counter() < until:
            some = list(islice(scan, 50))
            over = not some
            for old in some:
                if self._matches(old):
                    self._found.append(old.serial)
                    shown.append(old)
                elif not self.only_matches:
                    shown.append(old)
        if self._refill:
            self._view.append(shown)
        if over:
            self._scan, self._refill = None, False
        return True

    def _matches(self, one: LogRow) -> bool:
        return self.pattern is not None and one.level != "gap" and self.pattern.found_in(one.text)

    def _add(self, fresh: list[LogRow]) -> None:
        shown: list[LogRow] = []
        for one in fresh:
            self._count(one, 1)
            if len(self.rows) == self.rows.maxlen:
                self._count(self.rows[0], -1)
            self.rows.append(one)
            found = self._matches(one)
            if found:
                self._found.append(one.serial)
            if found or not self.only_matches:
                shown.append(one)
        self._view.append(shown)
        first = self._view.rows[0].serial if self._view.rows else 0
        while self._found and self._found[0] < first:
            self._found.popleft()

    def _count(self, one: LogRow, by: int) -> None:
        self.size += by * one.size
        self.errors += by * (one.level == "error")
        self.warnings += by * (one.level == "warn")
        self.gaps += by * (one.level == "gap")

    def _rows(self, told: Told) -> Iterator[LogRow]:
        host = self._label(told.host)
        news = told.news
        if isinstance(news, LogGap):
            source = news.model or news.source or ""
            yield LogRow(next(self._numbers), gap_text(news), time.strftime("%H:%M:%S"), host, source, "gap")
            return
        at = f"{news.time.astimezone():%H:%M:%S}" if news.time else ""
        source = news.model or (self.tr("models") if news.source == "upstream" else news.source)
        for text in news.text.split("\n"):
            yield row(next(self._numbers), text, time=at, host=host, source=source)
