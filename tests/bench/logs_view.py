"""How long the Logs page holds up the window while lines pour in: 5,000 lines a second for 10 seconds.

Run: QT_QPA_PLATFORM=offscreen python tests/bench/logs_view.py [lines a second] [seconds]. The longest time that a timer
of the GUI thread had to wait; the promise is 50 ms. A pattern is looked for all the while. On a machine that
others use too, the second figure counts: the most processor time that the GUI thread took between two ticks.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from boocontrol.core.logs import LogText
from boocontrol.desktop.garbage import Garbage
from boocontrol.desktop.pages.logs import LogsPage
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import Theme

LIMIT_MS = 50.0
FEED_MS = 20
LINES = (
    "slot update_slots: id  0 | task 4417 | new prompt, n_ctx_slot = 32768, n_prompt_tokens = 8210",
    '[INFO] Request 192.168.1.7 "POST /v1/chat/completions" 200 1688 "opencode" 6.21s',
    "slot print_timing: id  1 | task 4402 |        eval time = 5830.44 ms /   688 tokens (118.00 tokens per second)",
    "[WARN] health check not ready yet, 12 s",
    "\x1b[32mggml_cuda\x1b[0m: found 1 device",
)


def main() -> int:
    """Print the figures; 1 when the window was held up for too long."""
    per_s = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    app = QApplication(sys.argv[:1])
    Theme(app, "light")
    garbage = Garbage(app)
    stores = Stores.build(app)
    page = LogsPage(stores)
    page.resize(1104, 800)
    page.show()
    page.controls.search.setText("tokens|n_past")
    batch = per_s * FEED_MS // 1000
    said = 0
    waits: list[float] = []
    works: list[float] = []
    last, worked = time.perf_counter(), time.thread_time()

    def feed() -> None:
        nonlocal said
        due = int((time.perf_counter() - began) * per_s)
        while said < due:
            part = min(batch, due - said)
            text = "\n".join(f"{LINES[n % len(LINES)]} #{n}" for n in range(said, said + part))
            stores.logs.hear("gpu-box", LogText(seq=said, source="model", model="qwen3.5-9b", text=text))
            said += part

    def tick() -> None:
        nonlocal last, worked
        now, work = time.perf_counter(), time.thread_time()
        waits.append((now - last) * 1000)
        works.append((work - worked) * 1000)
        last, worked = now, work

    feeder = QTimer(interval=FEED_MS, timerType=Qt.TimerType.PreciseTimer)
    feeder.timeout.connect(feed)
    ticker = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
    ticker.timeout.connect(tick)
    began = time.perf_counter()
    cpu = time.process_time()
    feeder.start()
    ticker.start()
    QTimer.singleShot(int(seconds * 1000), app.quit)
    app.exec()
    busy = (time.process_time() - cpu) / (time.perf_counter() - began)
    waits.sort()
    print(f"{said} lines told, {said - stores.logs.waiting_lines} taken, {len(page.desk.rows)} rows in view")
    print(f"wait median {statistics.median(waits):.1f} ms, 99 % {waits[int(len(waits) * 0.99)]:.1f} ms")
    garbage.stop()
    print(f"longest block {waits[-1]:.1f} ms, {max(works):.1f} ms of work (limit {LIMIT_MS:.0f}); {busy:.0%} of a core")
    return max(works) > LIMIT_MS


if __name__ == "__main__":
    sys.exit(main())
