"""Noticing edits of the registry file: the system's notices make it quick, a look every 2 s makes it certain."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0


Notices = Callable[[set[Path]], AsyncIterator[object]]


async def watch(
    path: Path,
    reload: Callable[[], Awaitable[None]],
    *,
    notices: Notices | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Call `reload` whenever the file may have changed, until cancelled. It compares the content itself."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_look_again_and_again(path, reload, sleep), name="registry look")
        group.create_task(_listen(path, reload, notices or folder_notices, sleep), name="registry notices")


def folders(path: Path) -> set[Path]:
    """The folders in which a change can mean another content: of the path, of every link on the way, of its target.

    A folder is watched, not the file: a save by rename replaces the file that a watch would hold on to.
    """
    found = {path.parent, Path(os.path.realpath(path)).parent}
    step = path
    for _ in range(40):
        if not step.is_symlink():
            break
        step = step.parent / os.readlink(step)
        found.add(step.parent)
    return {folder for folder in found if folder.is_dir()}


def look(path: Path) -> tuple[object, ...]:
    """What the system says of the file, cheap to compare: any difference means that it may hold something else."""
    try:
        s = path.stat()
    except OSError as e:
        return (e.errno,)
    return (s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns)


async def folder_notices(watched: set[Path]) -> AsyncIterator[object]:
    """One item for each burst of changes in the folders."""
    from watchfiles import awatch

    async with aclosing(awatch(*watched, watch_filter=None, debounce=200, step=50, recursive=False)) as changes:
        async for change in changes:
            yield change


async def _look_again_and_again(
    path: Path, reload: Callable[[], Awaitable[None]], sleep: Callable[[float], Awaitable[None]]
) -> None:
    seen = look(path)
    while True:
        await sleep(LOOK_EVERY_S)
        now = look(path)
        if now != seen:
            seen = now
            await _safely(reload)


async def _listen(
    path: Path,
    reload: Callable[[], Awaitable[None]],
    notices: Notices,
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    while True:
        watched = folders(path)
        if not watched or not await _moved(path, watched, reload, notices):
            await sleep(LOOK_EVERY_S)


async def _moved(path: Path, watched: set[Path], reload: Callable[[], Awaitable[None]], notices: Notices) -> bool:
    """Listen to these folders until others must be watched (True), or until there are no more notices."""
    try:
        async with aclosing(notices(watched)) as changes:  # type: ignore[type-var]
            async for _ in changes:
                await _safely(reload)
                if folders(path) != watched:
                    return True
    except (OSError, RuntimeError) as e:
        # Out of inotify watches, a folder that vanished: the look every 2 s still finds changes.
        log.info("no notices of changes for now: %s", e)
    return False


async def _safely(reload: Callable[[], Awaitable[None]]) -> None:
    try:
        await reload()
    except Exception:
        log.exception("the registry could not be read again")
