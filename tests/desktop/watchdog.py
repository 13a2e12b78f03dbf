"""Measures how long the GUI thread holds up the window, and names what did it.

A turn is the time between two ticks of a timer that is always due. Of it counts what the program is to blame for: the
GUI thread's own work, and its waiting, for a file, a lock, or another thread that holds the interpreter's. What the
machine is to blame for does not: the time that threads of this process were ready to run and had no processor, as
Linux counts it (schedstat). So a machine that is busy with other things does not fail a test. Let the gateway of such
a test run in a process of its own (tests/desktop/big_gateway.py): its work would count too.

    with Watchdog() as dog:
        ...
    dog.check(50)
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 2
LOOK_MS = 25
"""A turn that takes longer than this on the wall is looked into while it lasts."""
MOST_STACKS = 4
DEEP = 12
THREADS_ANEW_S = 0.1
WAITS = ("threading.py", "queue.py", "selectors.py")
Threads = dict[int, traceback.StackSummary]


@dataclass(frozen=True)
class Block:
    """One turn of the loop, in milliseconds: work of the GUI thread (`own_ms`), its waiting (`held_ms`), the time on
    the wall, and what the threads did while it lasted (empty for a short one)."""

    own_ms: float
    held_ms: float
    wall_ms: float = 0.0
    stacks: tuple[str, ...] = ()

    @property
    def ms(self) -> float:
        """How long the window could not react on a machine with nothing else to do."""
        return self.own_ms + self.held_ms

    def __str__(self) -> str:
        took = f"the GUI thread worked {self.own_ms:.0f} ms and waited {self.held_ms:.0f} ms"
        return "\n\n".join((f"{took}, {self.wall_ms:.0f} ms on the wall", *self.stacks))


class Queued:
    """How long threads of this process were ready to run without a processor. Zero where the system does not say."""

    def __init__(self, own: int) -> None:
        self._own = self._open(own)
        self._others: dict[int, int] = {}
        self._id = own

    def look(self) -> None:
        """Learn which threads there are now."""
        with suppress(OSError):
            there = {int(name) for name in os.listdir("/proc/self/task")} - {self._id}
            for gone in self._others.keys() - there:
                os.close(self._others.pop(gone))
            for new in there - self._others.keys():
                self._others[new] = self._open(new)

    def now(self) -> tuple[float, dict[int, float]]:
        """Seconds since each thread began: of the GUI thread, and of the others by their number."""
        return _waited(self._own), {thread: _waited(file) for thread, file in tuple(self._others.items())}

    def close(self) -> None:
        for file in (self._own, *self._others.values()):
            if file >= 0:
                os.close(file)

    @staticmethod
    def _open(thread: int) -> int:
        with suppress(OSError):
            return os.open(Path(f"/proc/self/task/{thread}/schedstat"), os.O_RDONLY)
        return -1


def _waited(file: int) -> float:
    with suppress(OSError, ValueError, IndexError):
        return int(os.pread(file, 64, 0).split()[1]) / 1e9
    return 0.0


@dataclass(frozen=True)
class Mark:
    """The clocks at the begin of a turn, in seconds."""

    wall: float
    own: float
    queued: float
    others: dict[int, float]


class Watchdog(QObject):
    """Watches from `with` to its end, on the GUI thread. `blocks` are the turns that took LOOK_MS or more."""

    def __init__(self, look_ms: float = LOOK_MS) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.turns = 0
        self._look_ms = look_ms
        self._gui = threading.get_ident()
        self._queued = Queued(threading.get_native_id())
        self._began: Mark | None = None
        self._seen: list[Threads] = []
        self._ended = threading.Event()
        self._looker = threading.Thread(target=self._look, daemon=True)
        self._timer = QTimer(self, interval=EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)

    def __enter__(self) -> Self:
        self._queued.look()
        self._timer.start()
        self._looker.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._timer.stop()
        self._ended.set()
        self._looker.join()
        self._queued.close()

    @property
    def longest(self) -> Block:
        """The longest block; one of no length when all turns were short."""
        return max(self.blocks, key=lambda block: block.ms, default=Block(0, 0))

    def check(self, limit_ms: float) -> None:
        """Raise AssertionError, with the stacks of the longest block, if it was longer than this."""
        assert self.turns > 1, "the loop did not turn"
        assert self.longest.ms <= limit_ms, str(self.longest)

    def _turn(self) -> None:
        self.turns += 1
        self._weigh()
        self._seen = []
        self._began = Mark(time.monotonic(), time.thread_time(), *self._queued.now())

    def _weigh(self) -> None:
        began = self._began
        if began is None or (wall := time.monotonic() - began.wall) * 1000 < self._look_ms:
            return
        own = time.thread_time() - began.own
        queued, others = self._queued.now()
        # The GUI thread waits for one that holds the lock: the longest it may have been without a processor.
        longest = max((others[n] - was for n, was in began.others.items() if n in others), default=0.0)
        waited = wall - own - (queued - began.queued) - max(0.0, longest)
        if (own + max(0.0, waited)) * 1000 >= self._look_ms:
            stacks = tuple(map(self._told, self._seen))
            self.blocks.append(Block(own * 1000, max(0.0, waited) * 1000, wall * 1000, stacks))

    def _look(self) -> None:
        """On a thread of its own. Where another thread holds the interpreter's lock, it is seen as it lets go."""
        threads = 0.0
        while not self._ended.wait(self._look_ms / 3000):
            if time.monotonic() - threads > THREADS_ANEW_S:
                self._queued.look()
                threads = time.monotonic()
            began = self._began
            long = began is not None and (time.monotonic() - began.wall) * 1000 > self._look_ms
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
