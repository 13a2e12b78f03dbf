"""What the panel costs: time to its first picture, memory, and processor time, with 100 hosts of 50 models each.

    python -m tests.bench.desktop            # everything, about three minutes
    python -m tests.bench.desktop start      # process start to first picture, offscreen and on Xvfb where there is one
    python -m tests.bench.desktop run        # memory and processor time of the running panel
    python -m tests.bench.desktop filter     # a keystroke in the search field (desktop_filter.py)

Each figure is printed with its promise; the exit code is 1 when one is missed. Figures of the wall clock mean
something on an idle machine only; the others are processor time. The gateway is tests/desktop/big_gateway.py.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STARTS = 10
START_S = 0.6
MEMORY_MB = 150.0
EVENTS_SHARE = 0.05
IDLE_SHARE = 0.005
SETTLE_S = 60.0
LOOK_S = 20.0
DEAD = "http://127.0.0.1:9"
Environ = dict[str, str]


def told(what: str, value: float, promise: float, unit: str) -> bool:
    """Print a figure; True when it keeps its promise."""
    kept = value <= promise
    print(f"{'ok  ' if kept else 'MISS'}  {what:58} {value:8.2f} {unit}  (promise {promise:g} {unit})", flush=True)
    return kept


def child(*arguments: str, environ: Environ) -> dict[str, Any]:
    """Run a part of this file in a process of its own; what it prints last is its result."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        own = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_RUNTIME_DIR": home}
        command = [sys.executable, "-m", "tests.bench.desktop", *arguments, repr(time.time())]
        done = subprocess.run(
            command, env={**os.environ, **own, **environ}, cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


# --- process start to first picture ---


def starts() -> bool:
    """Median of ten starts; nobody answers at the gateway's address."""
    kept = True
    for platform, environ in platforms():
        seen = [child("first-picture", environ=environ) for _ in range(STARTS + 1)][1:]
        taken, used = ([one[figure] for one in seen] for figure in ("seconds", "cpu"))
        kept &= told(f"process start to first picture, {platform}", statistics.median(taken), START_S, "s")
        print(f"      of it processor time{statistics.median(used):48.2f} s", flush=True)
    return kept


def platforms() -> Iterator[tuple[str, Environ]]:
    """Without a screen, and on an X server of our own."""
    yield "offscreen", {"QT_QPA_PLATFORM": "offscreen"}
    if shutil.which("Xvfb"):
        with xvfb() as display:
            yield "Xvfb", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}


@contextmanager
def xvfb() -> Iterator[str]:
    """An X server on a free display."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told_by_it:
            yield f":{told_by_it.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def first_picture(began: float) -> None:
    """Run the panel until its window has painted itself."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    gc.disable()  # as the program does
    import boocontrol.cli.desktop
    import boocontrol.cli.start
    from boocontrol.desktop import app
    from boocontrol.desktop.main_window import MainWindow

    assert boocontrol.cli.desktop.missing() is None and "typer" not in sys.modules

    class Eye(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, MainWindow):
                # After this turn: the pages inside have painted too.
                QTimer.singleShot(0, self.done)
            return False

        def done(self) -> None:
            print(json.dumps({"seconds": time.time() - began, "cpu": time.process_time()}), flush=True)
            os._exit(0)

    eye = Eye()
    make = app.application

    def application(options: Any) -> Any:
        made = make(options)
        made.installEventFilter(eye)
        return made

    app.application = application
    app.run(["--gateway", DEAD])


# --- memory and processor time ---


def running() -> bool:
    """Memory after a minute with all pages opened; processor time with news, and without."""
    from tests.desktop.big_gateway import KEY, Size, big_gateway

    kept = True
    sizes: dict[str, Size] = {
        "20 host events a second": Size(events_per_s=20, catalogs_per_s=0),
        "and 3 catalogs a second": Size(events_per_s=20, catalogs_per_s=3),
        "idle": Size(events_per_s=0, catalogs_per_s=0),
    }
    sizes |= {f"{name}, cards": replace(size, hosts=30, dead=18) for name, size in sizes.items() if size.events_per_s}
    for name, size in sizes.items():
        with big_gateway(size) as gateway, tempfile.TemporaryDirectory() as folder:
            key = Path(folder) / "key"
            key.write_text(KEY)
            key.chmod(0o600)
            seen = child("live", gateway.url, str(key), environ={"QT_QPA_PLATFORM": "offscreen"})
        what = f"memory after {SETTLE_S:.0f} s, all pages opened; {name}"
        if size.hosts < Size().hosts:
            # The promise is about a hundred hosts, which stand in a list; each card takes a megabyte.
            print(f"      {what:58} {seen['mb']:8.2f} MB", flush=True)
        elif name != "idle":
            kept &= told(what, seen["mb"], MEMORY_MB, "MB")
        for page, share in seen["shares"].items():
            promise = IDLE_SHARE if name == "idle" else EVENTS_SHARE
            what = f"share of a core, {name}, {page}"
            if name.startswith("and"):
                print(f"      {what:58} {share * 100:8.2f} %", flush=True)
            else:
                kept &= told(what, share * 100, promise * 100, "%")
    return kept


def live(url: str, key_file: str) -> None:
    """Run the panel on a gateway, open every page, and look at what it costs."""
    from boocontrol.desktop import app

    whole = app._main

    async def main(*arguments: Any) -> int:
        desktop_made: list[Any] = []
        make = app.Desktop

        def made(*given: Any) -> Any:
            desktop_made.append(make(*given))
            return desktop_made[0]

        app.Desktop = made
        program = asyncio.ensure_future(whole(*arguments))
        while not desktop_made:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        print(json.dumps(await look(desktop_made[0])), flush=True)
        desktop_made[0].ended.set()
        return await program

    app._main = main
    app.run(["--gateway", url, "--key-file", key_file])


async def look(desktop: Any) -> dict[str, Any]:
    """Memory in MB, and shares of a core by page."""
    window = desktop.shell.window
    while desktop.stores.connection.state != "connected":  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    for page in window.page_ids:
        window.show_page(page)
        await asyncio.sleep(1)
    window.show_page("fleet")
    await asyncio.sleep(SETTLE_S - len(window.page_ids))
    shares = {}
    for page in ("fleet", "models", "settings"):
        window.show_page(page)
        await asyncio.sleep(2)
        shares[page] = await share()
    window.showMinimized()
    shares["minimised"] = await share()
    return {"mb": memory_mb(), "shares": shares}


async def share() -> float:
    """Processor time of this process against the clock."""
    used, began = time.process_time(), time.perf_counter()
    await asyncio.sleep(LOOK_S)
    return (time.process_time() - used) / (time.perf_counter() - began)


def memory_mb() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> int:
    """Run what is asked for."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "all"
    if asked == "first-picture":
        first_picture(float(sys.argv[2]))
    if asked == "live":
        live(sys.argv[2], sys.argv[3])
        return 0
    kept = True
    if asked in ("all", "start"):
        kept &= starts()
    if asked in ("all", "run"):
        kept &= running()
    if asked in ("all", "filter"):
        command = [sys.executable, str(Path(__file__).with_name("desktop_filter.py"))]
        own = {**os.environ, "PYTHONPATH": str(ROOT)}
        kept &= subprocess.run(command, env=own, check=False).returncode == 0
    return not kept


if __name__ == "__main__":
    sys.exit(main())
