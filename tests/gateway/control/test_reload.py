"""Hand edits of the registry file, whichever way an editor saves them."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from boocontrol.gateway import reload

OTHER = {"providers": [{"id": "lab", "baseUrl": "http://lab"}]}


async def test_an_edit_by_hand_is_taken_up_and_told(panel: Any) -> None:
    stream = panel.services.events.stream(None, lambda: b"1")
    await anext(stream)
    await anext(stream)
    panel.path.write_text(json.dumps(OTHER))
    await panel.services.registry.reload()
    assert list(panel.state.registry.by_id) == ["lab"]
    assert list(panel.fleet.applied[-1].by_id) == ["lab"]
    assert b"event: registry" in await anext(stream)


async def test_the_same_content_is_no_news(panel: Any) -> None:
    before = panel.state.loaded
    panel.path.write_text(panel.path.read_text())
    await panel.services.registry.reload()
    assert panel.state.loaded is before
    assert len(panel.fleet.applied) == 1


async def test_a_broken_edit_keeps_the_last_good_one(panel: Any) -> None:
    good = panel.state.registry
    panel.path.write_text("{")
    await panel.services.registry.reload()
    assert panel.state.registry == good
    assert panel.state.loaded.error is not None
    panel.path.write_text(json.dumps(OTHER))
    await panel.services.registry.reload()
    assert panel.state.loaded.error is None
    assert list(panel.state.registry.by_id) == ["lab"]


@pytest.mark.parametrize("environ", [{}, {"LLAMA_SWAP_URL": "http://old:8080"}])
async def test_a_deleted_file_leaves_the_environment(panel: Any, environ: dict[str, str]) -> None:
    panel.path.unlink()
    await panel.services.registry.reload()
    assert len(panel.state.registry) == len(environ)


async def test_a_file_that_is_gone_for_a_moment_changes_nothing(panel: Any) -> None:
    """As an editor leaves it that moves the old file away before it writes the new one."""
    text = panel.path.read_text()

    async def write_again(seconds: float) -> None:
        panel.path.write_text(text)

    panel.services.registry._sleep = write_again
    panel.path.unlink()
    await panel.services.registry.reload()
    assert len(panel.fleet.applied) == 1
    assert panel.state.loaded.source == "file"


def test_every_folder_that_matters_is_watched(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "c" / "real.json").write_text("{}")
    (tmp_path / "b" / "link.json").symlink_to(tmp_path / "c" / "real.json")
    (tmp_path / "a" / "llama-providers.json").symlink_to("../b/link.json")
    found = reload.folders(tmp_path / "a" / "llama-providers.json")
    assert {Path(os.path.realpath(f)) for f in found} == {tmp_path / name for name in ("a", "b", "c")}
    assert reload.folders(tmp_path / "none" / "x.json") == set()


class Script:
    """Stands in for the system's notices and for time, and lets the test decide when each comes."""

    def __init__(self) -> None:
        self.watched: list[set[Path]] = []
        self.calls = 0
        self.notices: asyncio.Queue[object] = asyncio.Queue()
        self.ticks: asyncio.Queue[None] = asyncio.Queue()
        self.called = asyncio.Event()

    async def listen(self, watched: set[Path]) -> AsyncIterator[object]:
        self.watched.append(watched)
        while True:
            notice = await self.notices.get()
            if isinstance(notice, Exception):
                raise notice
            yield notice

    async def sleep(self, seconds: float) -> None:
        await self.ticks.get()

    async def reload(self) -> None:
        self.calls += 1
        self.called.set()
        if self.calls == 1:
            raise RuntimeError("once")

    async def is_called(self) -> None:
        async with asyncio.timeout(5):
            await self.called.wait()
        self.called.clear()


@contextmanager
def watching(path: Path, script: Script) -> Iterator[None]:
    task = asyncio.ensure_future(reload.watch(path, script.reload, notices=script.listen, sleep=script.sleep))
    yield
    task.cancel()


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_notices_and_looks_both_reload(tmp_path: Path) -> None:
    path, script = tmp_path / "x.json", Script()
    with watching(path, script):
        await until(lambda: script.watched)
        script.notices.put_nowait("changed")
        await script.is_called()
        path.write_text("{}")
        script.ticks.put_nowait(None)
        await script.is_called()
        script.ticks.put_nowait(None)
        await until(script.ticks.empty)
    assert (script.watched, script.calls) == ([{tmp_path}], 2)


async def test_the_folders_are_found_anew_after_a_change(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    path, script = tmp_path / "a" / "x.json", Script()
    with watching(path, script):
        await until(lambda: script.watched)
        path.symlink_to(tmp_path / "b" / "y.json")
        script.notices.put_nowait("changed")
        await script.is_called()
        await until(lambda: len(script.watched) == 2)
    assert script.watched[-1] == {tmp_path / "a", tmp_path / "b"}


async def test_without_notices_the_looks_go_on(tmp_path: Path) -> None:
    path, script = tmp_path / "x.json", Script()
    with watching(path, script):
        script.notices.put_nowait(OSError("no inotify left"))
        await until(lambda: script.watched)
        path.write_text("{}")
        script.ticks.put_nowait(None)
        script.ticks.put_nowait(None)
        await script.is_called()


async def test_the_systems_own_notices_come(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    reloaded = asyncio.Event()

    async def reload_it() -> None:
        reloaded.set()

    async def never(seconds: float) -> None:
        await asyncio.Event().wait()

    task = asyncio.ensure_future(reload.watch(path, reload_it, sleep=never))
    async with asyncio.timeout(10):
        number = 0
        while not reloaded.is_set():
            # The watch begins in a thread; until it has, a change goes unseen.
            path.write_text(f"{(number := number + 1)}")
            await asyncio.wait([asyncio.ensure_future(reloaded.wait())], timeout=0.2)
    task.cancel()
    await asyncio.wait([task])
