"""Measures how long the GUI thread holds up the window, and names what did it.

Measured is processor time, not the clock on the wall, so that a machine that is busy with other things does not fail
a test: the time of this process between two turns of the event loop. It counts code of the GUI thread, and code of
other threads of this process that keeps the interpreter's lock. Let the gateway of such a test run in a process of
its own (tests/desktop/big_gateway.py): what it did would count too.

    with Watchdog() as dog:
        ...
    dog.check(50)
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from dataclasses import dataclass
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 2
LOOK_MS = 25
"""A turn that takes longer than this on the wall is looked into while it lasts."""
MOST_STACKS = 4
DEEP = 12
WAITS = ("threading.py", "queue.py", "selectors.py")
Threads = dict[int, traceback.StackSummary]


@dataclass(frozen=True)
class Block:
    """One turn of the loop: processor time of the GUI thread (`own_ms`) and of the whole process (`held_ms`) in
    milliseconds, and what the threads did while it lasted (empty for a short one)."""

    own_ms: float
    held_ms: float
    stacks: tuple[str, ...] = ()

    @property
    def ms(self) -> float:
        """How long the window could not react."""
        return max(self.own_ms, self.held_ms)

    def __str__(self) -> str:
        took = f"GUI thread {self.own_ms:.0f} ms, whole process {self.held_ms:.0f} ms of processor time"
        return "\n\n".join((took, *self.stacks))


class Watchdog(QObject):
    """Watches from `with` to its end, on the GUI thread. `blocks` are the turns that took LOOK_MS or more."""

    def __init__(self, look_ms: float = LOOK_MS) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.turns = 0
        self._look_ms = look_ms
        self._gui = threading.get_ident()
        self._began = (0.0, 0.0, 0.0)
        self._seen: list[Threads] = []
        self._ended = threading.Event()
        self._looker = threading.Thread(target=self._look, daemon=True)
        self._timer = QTimer(self, interval=EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._timer.stop()
        self._ended.set()
        if self._looker.is_alive():
            self._looker.join()

    @property
    def longest(self) -> Block:
        """The longest block; one of no length when all turns were short."""
        return max(self.blocks, key=lambda block: block.ms, default=Block(0, 0))

    def check(self, limit_ms: float) -> None:
        """Raise AssertionError, with the stacks of the longest block, if it was longer than this."""
        assert self.turns > 1, "the loop did not turn"
        assert self.longest.ms <= limit_ms, str(self.longest)

    def _turn(self) -> None:
        own, held, _ = self._began
        if self.turns:
            self._weigh((time.thread_time() - own) * 1000, (time.process_time() - held) * 1000)
        else:
            self._looker.start()
        self.turns += 1
        self._seen = []
        self._began = (time.thread_time(), time.process_time(), time.monotonic())

    def _weigh(self, own_ms: float, held_ms: float) -> None:
        if max(own_ms, held_ms) >= self._look_ms:
            self.blocks.append(Block(own_ms, held_ms, tuple(map(self._told, self._seen))))

    def _look(self) -> None:
        """On a thread of its own. Where another thread holds the interpreter's lock, it is seen as it lets go."""
        while not self._ended.wait(self._look_ms / 3000):
            long = (time.monotonic() - self._began[2]) * 1000 > self._look_ms
            if long and len(self._seen) < MOST_STACKS:
                self._seen.append(_threads())

    def _told(self, threads: Threads) -> str:
        return "\n".join(
            f"{'GUI thread' if ident == self._gui else 'another thread'}:\n{''.join(stack.format())}"
            for ident, stack in threads.items()
            # A thread of a pool that waits for work is no culprit.
            if ident == self._gui or not stack[-1].filename.endswith(WAITS)
        )


def _threads() -> Threads:
    """What each other thread does. The lines of its files are read later: that takes longer than a block."""
    own = threading.get_ident()
    return {
        ident: traceback.StackSummary.extract(list(traceback.walk_stack(frame))[:DEEP][::-1], lookup_lines=False)
        for ident, frame in sys._current_frames().items()
        if ident != own
    }
