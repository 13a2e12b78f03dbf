"""The end of the program: nothing pending, nothing open, no warning, no gateway left, and cheap garbage."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject

from boocontrol.client import NoGateway, find_gateway
from boocontrol.desktop.garbage import Garbage
from boocontrol.desktop.tasks import first_of

PROGRAM = """
import asyncio, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop
from boocontrol.desktop.garbage import Garbage
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import COMMAND, Supervisor
from boocontrol.desktop.tasks import cancel_all

async def main(root, how):
    registry = root / "p.json"
    stores = Stores.build(window := QApplication.instance(), registry)
    command = (*COMMAND, "--data-dir", str(root / "data"), "--port", "0")
    supervisor = Supervisor(stores.connection, registry, window, command=command)
    connected = asyncio.Event()
    stores.connection.changed.connect(lambda: stores.connection.state == "connected" and connected.set())
    supervisor.start()
    if how == "late":
        await connected.wait()
        stores.favorites.toggle("a/b")
    else:
        await asyncio.sleep(0)
    await supervisor.close()
    await cancel_all()
    print(supervisor.state, flush=True)

app = QApplication([])
app.setQuitOnLastWindowClosed(False)
garbage = Garbage(app)
loop = QEventLoop(app)
asyncio.set_event_loop(loop)
with loop:
    loop.run_until_complete(main(Path(sys.argv[1]), sys.argv[2]))
garbage.stop()
"""


@pytest.mark.parametrize("how", ["late", "early"])
async def test_the_program_ends_clean(home: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    (home / "p.json").write_text(json.dumps({"providers": []}))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "always", "-c", PROGRAM, str(home), how),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert (said.decode().strip(), complained.decode(), process.returncode) == ("stopped", "", 0)
    with pytest.raises(NoGateway):
        await find_gateway(home / "p.json")


def test_garbage_is_collected_when_due_and_only_here(owner: QObject) -> None:
    was = gc.isenabled()
    garbage = Garbage(owner)
    try:
        assert not gc.isenabled()
        kept: list[Any] = [[] for _ in range(gc.get_threshold()[0] + 100)]
        assert gc.get_count()[0] > gc.get_threshold()[0] and kept
        garbage.look()
        assert gc.get_count()[0] < gc.get_threshold()[0]
    finally:
        garbage.stop()
    assert gc.isenabled() == was


async def test_the_first_to_end_ends_the_others() -> None:
    ended: list[str] = []

    async def work(name: str, wait: bool) -> None:
        try:
            await asyncio.Event().wait() if wait else None
        finally:
            ended.append(name)

    await first_of(work("slow", True), work("quick", False))
    assert ended == ["quick", "slow"]
