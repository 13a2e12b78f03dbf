"""One window per user and registry: the second start is another process, as it is for people."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from PySide6.QtCore import QObject

from boocontrol.desktop.instance import Instance

STARTED = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from boocontrol.desktop.instance import Instance

app = QCoreApplication([])
instance = Instance(Path(sys.argv[1]), folder=Path(sys.argv[2]))
first = instance.claim()
print("first" if first else "second", flush=True)
if first and sys.argv[3] == "crash":
    os._exit(7)
"""


async def started(registry: Path, folder: Path, how: str = "") -> tuple[str, int | None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STARTED, str(registry), str(folder), how), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode().strip(), process.returncode


async def test_a_second_start_raises_the_first(owner: QObject, tmp_path: Path) -> None:
    first = Instance(tmp_path / "p.json", owner, folder=tmp_path)
    assert first.claim()
    raised = asyncio.Event()
    first.raised.connect(raised.set)
    assert await started(tmp_path / "p.json", tmp_path) == ("second", 0)
    await asyncio.wait_for(raised.wait(), 5)
    first.release()


async def test_another_registry_has_a_window_of_its_own(owner: QObject, tmp_path: Path) -> None:
    first = Instance(tmp_path / "p.json", owner, folder=tmp_path)
    assert first.claim()
    assert await started(tmp_path / "other.json", tmp_path) == ("first", 0)
    first.release()


async def test_what_a_crash_leaves_is_cleared(owner: QObject, tmp_path: Path) -> None:
    assert await started(tmp_path / "p.json", tmp_path, "crash") == ("first", 7)
    assert list(tmp_path.glob("boocontrol-*"))
    first = Instance(tmp_path / "p.json", owner, folder=tmp_path)
    assert first.claim()
    raised = asyncio.Event()
    first.raised.connect(raised.set)
    assert await started(tmp_path / "p.json", tmp_path) == ("second", 0)
    await asyncio.wait_for(raised.wait(), 5)
    first.release()


async def test_a_long_runtime_folder_is_no_obstacle(owner: QObject, tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 90)
    first = Instance(tmp_path / "p.json", owner, folder=folder)
    assert first.claim()
    raised = asyncio.Event()
    first.raised.connect(raised.set)
    assert await started(tmp_path / "p.json", folder) == ("second", 0)
    await asyncio.wait_for(raised.wait(), 5)
    first.release()


async def test_callers_that_say_nothing_or_nonsense_do_no_harm(owner: QObject, tmp_path: Path) -> None:
    first = Instance(tmp_path / "p.json", owner, folder=tmp_path)
    assert first.claim()
    raised: list[int] = []
    first.raised.connect(lambda: raised.append(1))
    for words in (b"", b"nonsense\n", b"x" * 100_000):
        _, writer = await asyncio.open_unix_connection(first.address)
        writer.write(words)
        writer.close()
        await writer.wait_closed()
    assert await started(tmp_path / "p.json", tmp_path) == ("second", 0)
    assert raised == [1]
    first.release()
