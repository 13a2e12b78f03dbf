"""The star: shown at once, written behind, taken back when the gateway says no."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from boocontrol.core.catalog import Catalog
from boocontrol.core.favorites import collapse, favorite_ref
from boocontrol.desktop.stores.catalog import CatalogStore
from boocontrol.desktop.stores.settings import SettingsStore
from boocontrol.desktop.tasks import spawn

KEY = "favorite_models"

Refs = tuple[str, ...]
Step = Callable[[Refs], Refs]


class FavoritesStore(QObject):
    """The favorites in the user's order and spelling.

    What is shown is what the gateway holds plus the steps that it has not answered yet. A step that fails is
    dropped, which takes it back, and `failed` tells its ref and why.
    """

    changed = Signal()
    failed = Signal(str, object)

    def __init__(self, settings: SettingsStore, catalog: CatalogStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.refs: Refs = ()
        self._meant: frozenset[object] = frozenset()
        self._settings = settings
        self._catalog = catalog
        self._held = catalog.catalog
        self._steps: list[tuple[str, Step]] = []
        settings.changed.connect(self._derive)
        catalog.changed.connect(self._catalog_changed)

    def is_favorite(self, ref: str) -> bool:
        """Whether a ref is a favorite, however the favorite is spelled."""
        return self._means(ref) in self._meant

    def toggle(self, ref: str) -> None:
        """Add it at the end, or remove it."""
        means = self._means
        if self.is_favorite(ref):
            wanted = means(ref)
            self._do(ref, lambda refs: tuple(r for r in refs if means(r) != wanted))
        else:
            self._do(ref, lambda refs: refs if means(ref) in map(means, refs) else (*refs, ref))

    def move(self, ref: str, position: int) -> None:
        """Put a favorite at a position, counted without it."""
        wanted, means = self._means(ref), self._means

        def step(refs: Refs) -> Refs:
            moved = [r for r in refs if means(r) == wanted]
            rest = [r for r in refs if means(r) != wanted]
            place = max(0, min(position, len(rest)))
            return (*rest[:place], *moved[:1], *rest[place:])

        self._do(ref, step)

    def take(self, refs: Refs) -> None:
        """These are the favorites now."""
        self._settings.take({**self._settings.values, KEY: list(refs)})

    def _do(self, ref: str, step: Step) -> None:
        self._steps.append((ref, step))
        self._derive()
        if len(self._steps) == 1:
            spawn(self, self._write())

    async def _write(self) -> None:
        """Write the steps one after the other: the order of clicks is the order of writings."""
        while self._steps:
            ref, step = self._steps[0]
            error: Exception | None = None
            try:
                await self._settings.edit(partial(_patch, step=step))
            except Exception as e:
                error = e
            del self._steps[0]
            self._derive()
            if error is not None:
                self.failed.emit(ref, error)

    def _derive(self) -> None:
        refs = collapse(_stored(self._settings.values), self._catalog.catalog)
        for _, step in self._steps:
            refs = step(refs)
        if refs != self.refs:
            self.refs = refs
            self._meant = frozenset(map(self._means, refs))
            self.changed.emit()

    def _catalog_changed(self) -> None:
        """A catalog with other providers may change what spellings mean."""
        before, self._held = self._held, self._catalog.catalog
        if _heads(before) == _heads(self._held):
            return
        meant, self._meant = self._meant, frozenset(map(self._means, self.refs))
        refs = self.refs
        self._derive()
        if self.refs == refs and self._meant != meant:
            self.changed.emit()

    def _means(self, ref: str) -> object:
        return favorite_ref(ref, self._catalog.catalog) or ref


def _patch(now: dict[str, Any], step: Step) -> dict[str, Any]:
    before = _stored(now)
    after = step(before)
    return {} if after == before else {KEY: list(after)}


def _stored(values: dict[str, Any]) -> Refs:
    return tuple(values.get(KEY) or ())


def _heads(catalog: Catalog) -> object:
    return catalog.default_provider, tuple((p.id, p.former_ids) for p in catalog.providers)
