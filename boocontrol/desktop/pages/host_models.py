"""The models of one host, as the page Models lists them."""

from __future__ import annotations

import time

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from boocontrol.core.catalog import Catalog
from boocontrol.desktop.itemmodels.ages import Clock
from boocontrol.desktop.itemmodels.load_news import load_news
from boocontrol.desktop.itemmodels.models import ModelsItemModel
from boocontrol.desktop.pages.models_desk import ModelDesk
from boocontrol.desktop.pages.models_tree import ModelsTree
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.widgets.cards import Card


class HostModels(QWidget):
    """A list of models that can be loaded, unloaded and starred."""

    def __init__(
        self, stores: Stores, desk: ModelDesk, parent: QWidget | None = None, *, clock: Clock = time.time
    ) -> None:
        super().__init__(parent)
        self._stores, self._desk = stores, desk
        self.item_model = ModelsItemModel(self, clock=clock)
        self.tree = ModelsTree(self.item_model, self)
        self.tree.load_asked.connect(desk.load)
        self.tree.unload_asked.connect(desk.unload)
        self.tree.star_clicked.connect(desk.toggle_star)
        self.tree.favorite_moved.connect(desk.move_favorite)
        self.tree.copy_asked.connect(lambda text: QGuiApplication.clipboard().setText(text))
        card = Card(parent=self, padded=False)
        card.fill(self.tree)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_host(self, host_id: str) -> None:
        """Show the models of this host."""
        stores, desk = self._stores, self._desk
        mine = [provider for provider in stores.catalog.catalog.providers if provider.id == host_id]
        own = Catalog(default_provider=host_id, providers=tuple(mine))
        starred = [ref for ref in stores.favorites.refs if ref.partition("/")[0] == host_id]
        self.tree.hold()
        self.item_model.take(
            own,
            starred,
            stale=stores.catalog.stale,
            asked=stores.actions.asked,
            star_problems={ref: trouble.title for ref, trouble in desk.star_troubles.items()},
            problems={ref: trouble.text for ref, trouble in desk.troubles.items()},
            loads=load_news(host for host in stores.fleet.hosts if host.id == host_id),
        )
        self.tree.release()
