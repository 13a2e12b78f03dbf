"""The watchdog itself: it sees a block, names its culprit, and is not fooled by waiting."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from tests.desktop.watchdog import Watchdog


def spin(seconds: float) -> None:
    """Work that takes this much processor time, however busy the machine is."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def turns(dog: Watchdog, until: Any, more: int = 3) -> None:
    wanted = dog.turns + more
    await until(dog._timer.timeout, lambda: dog.turns >= wanted)


async def test_a_block_is_measured_and_named(qtbot: Any, until: Any) -> None:
    with Watchdog() as dog:
        await turns(dog, until)
        spin(0.08)
        await turns(dog, until)
        with pytest.raises(AssertionError, match="in spin"):
            dog.check(50)
    assert 80 <= dog.longest.own_ms < 200


async def test_a_lock_held_by_another_thread_counts(qtbot: Any, until: Any) -> None:
    text = json.dumps([list(range(50)) for _ in range(40_000)])

    def parse() -> float:
        before = time.thread_time()
        json.loads(text)
        return (time.thread_time() - before) * 1000

    # Where other programs take the processors meanwhile, part of it is laid at their door: one quiet time is enough.
    seen = []
    for _ in range(8):
        with Watchdog() as dog:
            await turns(dog, until)
            took = await asyncio.to_thread(parse)
            await turns(dog, until)
        seen.append(dog.longest.held_ms / took)
        if seen[-1] >= 0.8:
            return
    raise AssertionError(seen)


async def test_a_wait_on_the_gui_thread_is_a_block(qtbot: Any, until: Any) -> None:
    with Watchdog() as dog:
        await turns(dog, until)
        time.sleep(0.1)  # noqa: ASYNC251
        await turns(dog, until)
        with pytest.raises(AssertionError, match=r"time.sleep\(0.1\)"):
            dog.check(50)
    assert dog.longest.held_ms > 50 > dog.longest.own_ms


async def test_waiting_in_the_loop_is_no_block(qtbot: Any, until: Any) -> None:
    waited: list[float] = []
    with Watchdog() as dog:
        timer = QTimer(singleShot=True, interval=150)
        timer.timeout.connect(lambda: waited.append(1))
        timer.start()
        await until(timer.timeout)
        dog.check(50)
    assert waited


async def test_a_machine_that_is_busy_is_no_block(qtbot: Any, until: Any) -> None:
    """More processes than processors want to run: what the loop does takes longer on the wall, and is not blamed."""
    spinning = [sys.executable, "-c", "while True: pass"]
    busy = [subprocess.Popen(spinning) for _ in range(3 * (os.cpu_count() or 1))]  # noqa: ASYNC220
    try:
        with Watchdog() as dog:
            for _ in range(40):
                await turns(dog, until, 1)
                spin(0.015)
            dog.check(50)
    finally:
        for process in busy:
            process.kill()
            process.wait()
