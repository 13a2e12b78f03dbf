"""Auto-sync: opencode's file follows the inventory, when the user switched that on and once wrote the file himself.

A burst of changes leads to one look, a moment after the last of them. What is written is what the user chose at his
last own write; a file that does not parse, or that somebody edits at that moment, is left alone and told in the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from boocontrol.agents.export import Machine, OpencodeFile
from boocontrol.agents.keys import FileKey
from boocontrol.agents.opencode import Export
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BooError
from boocontrol.gateway.state import GatewayState

log = logging.getLogger("boocontrol.gateway")

SETTLE_S: Final = 3.0


class Clock(Protocol):
    """A call later: an event loop, or a test's."""

    def call_later(self, delay: float, callback: Callable[[], object], /) -> asyncio.TimerHandle: ...


class AutoSync:
    """Call `changed` after every change of inventory or settings; the rest happens by itself."""

    def __init__(self, state: GatewayState, file: OpencodeFile, home: Path, key_file: Path, clock: Clock) -> None:
        self._state = state
        self._file = file
        self._home = home
        self._key_file = key_file
        self._clock = clock
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._seen: object = None
        self.synced = asyncio.Event()

    @classmethod
    def here(cls, state: GatewayState, machine: Machine, key_file: Path) -> AutoSync:
        """For this machine and the running loop."""
        return cls(state, OpencodeFile(machine), machine.home, key_file, asyncio.get_running_loop())

    def changed(self) -> None:
        """Something may be other than what was exported."""
        if not self._state.settings.auto_sync:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(SETTLE_S, self._due)

    async def stop(self) -> None:
        """Let a write that runs end, and begin no other."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _due(self) -> None:
        self._timer = None
        if self._task is not None and not self._task.done():
            self.changed()
            return
        catalog, settings = self._state.catalog, self._state.settings
        offered = (_offered(catalog), settings.favorite_models, self._state.url)
        if offered == self._seen:
            return
        self._seen = offered
        self._task = asyncio.get_running_loop().create_task(self._sync(catalog, settings.favorite_models))

    async def _sync(self, catalog: Catalog, favorites: tuple[str, ...]) -> None:
        try:
            written = await asyncio.to_thread(self._write, catalog, favorites)
            if written is not None:
                log.info("auto-sync wrote %s", written)
        except BooError as e:
            self._seen = None
            log.warning("auto-sync left opencode's file alone: %s", e)
        finally:
            self.synced.set()

    def _write(self, catalog: Catalog, favorites: tuple[str, ...]) -> Path | None:
        """Write if the user did so before, for this gateway; the path when something was written."""
        record = self._file.record()
        if record is None or not record.written or record.gateway_url != self._state.url:
            return None
        export = Export(
            catalog=catalog,
            gateway_url=self._state.url,
            key=FileKey(self._key_file),
            home=self._home,
            choice=record.choice,
            favorites=favorites,
        )
        outcome, _ = self._file.write(self._file.look(export))
        return outcome.path if outcome.wrote else None


def _offered(catalog: Catalog) -> object:
    """What of the catalog an export depends on; states of models come and go and do not matter."""
    told = {m.ref: (m.name, m.context_length, tuple(m.capabilities.items())) for m in catalog.models()}
    return told, tuple((p.id, p.label, p.state == "paused") for p in catalog.providers)
