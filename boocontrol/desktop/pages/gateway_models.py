"""A pop-up list of models: favorites, each provider's, fleet names; it keeps the person's choice."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from boocontrol.core.catalog import Catalog, ModelEntry
from boocontrol.core.favorites import favorites_now
from boocontrol.core.refs import split
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.widgets.ref_box import RefBox
from boocontrol.desktop.widgets.when_shown import WhenShown


class ModelBox(RefBox):
    """Refs of models that can be asked now or could be."""

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stores = stores
        self.setAccessibleName(self.tr("Model"))
        WhenShown(self, self._fill, stores.catalog.changed, stores.favorites.changed)
        self._fill()

    @property
    def state(self) -> str:
        """The state of the chosen model; of a fleet name, the best one."""
        catalog = self._stores.catalog.catalog
        ref = split(self.ref, {p.id: p.id for p in catalog.providers})
        if ref is None:
            return "unknown"
        if not ref.is_fleet:
            return _state(catalog.find(ref))
        states = {_state(p.by_wire_id.get(ref.model)) for p in catalog.providers if p.answers}
        return "ready" if "ready" in states else "stopped"

    def _fill(self) -> None:
        self.set_refs(refs_in_order(self._stores.catalog.catalog, self._stores.favorites.refs))


def refs_in_order(catalog: Catalog, favorites: tuple[str, ...], *, fleet: bool = True) -> list[str]:
    """Favorites that are there, all models in registry order, and the names that several hosts share."""
    refs = [entry.model.ref for entry in favorites_now(catalog, favorites)[0]]
    refs += [model.ref for model in catalog.models()]
    return list(dict.fromkeys([*refs, *(str(ref) for ref in catalog.fleet_refs())] if fleet else refs))


def _state(model: ModelEntry | None) -> str:
    return model.state if model else "unknown"
