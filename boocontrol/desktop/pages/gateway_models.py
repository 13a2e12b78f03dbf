"""A pop-up list of models: favorites, each provider's, fleet names; it keeps the person's choice."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QWidget

from boocontrol.core.catalog import Catalog, ModelEntry
from boocontrol.core.favorites import derive_picker
from boocontrol.core.refs import split
from boocontrol.desktop.stores import Stores


class ModelBox(QComboBox):
    """Refs of models that can be asked now or could be; the value is the ref."""

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stores = stores
        self.setAccessibleName(self.tr("Model"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        stores.catalog.changed.connect(self._fill)
        stores.favorites.changed.connect(self._fill)
        self._fill()

    @property
    def ref(self) -> str:
        """The chosen ref, empty when there is none at all."""
        return str(self.currentData() or "")

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

    def choose(self, ref: str) -> None:
        """Take a ref, if it is there."""
        found = self.findData(ref)
        if found >= 0:
            self.setCurrentIndex(found)

    def _fill(self) -> None:
        refs = refs_in_order(self._stores.catalog.catalog, self._stores.favorites.refs)
        if refs == [self.itemData(i) for i in range(self.count())]:
            return
        kept = self.ref
        with QSignalBlocker(self):
            self.clear()
            for ref in refs:
                self.addItem(ref, ref)
            self.setCurrentIndex(max(0, self.findData(kept)) if refs else -1)
        self.currentIndexChanged.emit(self.currentIndex())


def refs_in_order(catalog: Catalog, favorites: tuple[str, ...]) -> list[str]:
    """Favorites that are there, then all models in registry order, then the names that several hosts share."""
    picker = derive_picker(catalog, favorites)
    refs = [entry.model.ref for section in picker.sections for entry in section.entries]
    return list(dict.fromkeys([*refs, *(str(ref) for ref in catalog.fleet_refs())]))


def _state(model: ModelEntry | None) -> str:
    return model.state if model else "unknown"
