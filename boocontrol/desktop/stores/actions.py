"""Loading and unloading: asked of the gateway, shown as asked until the host's own state tells."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, QTimer, Signal

from boocontrol.core.api import Asked, LoadRequest
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BooError
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.stores.catalog import CatalogStore

FORGOTTEN_S = 60.0
LOOK_MS = 5000


class LoadFailed(BooError):
    """The host could not start a model; the title is what it said."""

    code = "load_failed"


class ModelActions(QObject):
    """`asked`: refs that a host was asked about, and when (seconds of the epoch), while its state has not moved.

    `failed` tells the ref and why when a host says later that a load went wrong.
    """

    changed = Signal()
    failed = Signal(str, object)

    def __init__(
        self,
        connection: Connection,
        catalog: CatalogStore,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self.asked: Mapping[str, float] = MappingProxyType({})
        self._before: dict[str, str | None] = {}
        self._connection = connection
        self._catalog = catalog
        self._clock = clock
        self._old = QTimer(self, interval=LOOK_MS)
        self._old.timeout.connect(self._forget)
        catalog.changed.connect(self._look)
        connection.heard.connect(self._on_event)

    async def load(self, ref: str) -> None:
        """Ask for a model to be loaded. Raises BooError when it could not be asked."""
        await self._ask([ref], lambda: self._connection.need().load(ref))

    async def unload(
        self, ref: str | None = None, *, provider: str | None = None, all: bool = False, force: bool = False
    ) -> None:
        """Ask for memory back: one model, a provider's, or all. Raises client.Busy, naming the `requests` that it
        would cut unless forced, and BooError."""
        request = LoadRequest(ref=ref, provider=provider, all=all, force=force)
        refs = [ref] if ref is not None else in_memory(self._catalog.catalog, provider)
        await self._ask(refs, lambda: self._connection.need().unload(request))

    def take(self, asked: Mapping[str, float]) -> None:
        """These are asked now."""
        known = states(self._catalog.catalog) if asked else {}
        self._before = {ref: known.get(ref) for ref in asked}
        self._show(asked)

    async def _ask(self, refs: Iterable[str], ask: Callable[[], Awaitable[Asked]]) -> None:
        """Shown as asked from before the request on: the host's state may move before the answer comes."""
        known, now = states(self._catalog.catalog), self._clock()
        mine = {ref: now for ref in refs}
        self._before |= {ref: known.get(ref) for ref in mine}
        self._show({**self.asked, **mine})
        try:
            await ask()
        except BaseException:
            self._drop(ref for ref, at in mine.items() if self.asked.get(ref) == at)
            raise

    def _drop(self, refs: Iterable[str]) -> None:
        gone = set(refs) & set(self.asked)
        if gone:
            self._before = {ref: state for ref, state in self._before.items() if ref not in gone}
            self._show({ref: at for ref, at in self.asked.items() if ref not in gone})

    def _show(self, asked: Mapping[str, float]) -> None:
        self.asked = MappingProxyType(dict(asked))
        if not asked:
            self._old.stop()
        elif not self._old.isActive():
            self._old.start()
        self.changed.emit()

    def _look(self) -> None:
        """A state that moved is the host's own news; what was asked is shown no more."""
        if self.asked:
            known = states(self._catalog.catalog)
            self._drop([ref for ref, before in self._before.items() if known.get(ref) != before])

    def _forget(self) -> None:
        now = self._clock()
        self._drop([ref for ref, at in self.asked.items() if now - at >= FORGOTTEN_S])

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "gateway" and isinstance(value, dict) and value.get("kind") == "load_failed":
            ref = str(value.get("ref", ""))
            self._drop([ref])
            self.failed.emit(ref, LoadFailed(str(value.get("message", ""))))


def in_memory(catalog: Catalog, provider: str | None = None) -> list[str]:
    """Refs of the models that hosts have in memory or are loading."""
    chosen = [p for p in catalog.providers if provider in (None, p.id)]
    return [m.ref for p in chosen for m in p.models if m.state in ("ready", "starting")]


def states(catalog: Catalog) -> dict[str, str]:
    """The state of every model by its ref."""
    return {m.ref: m.state for m in catalog.models()}
