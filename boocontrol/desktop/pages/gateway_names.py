"""Two quiet cards of the Gateway page: what a model's name means, and how much runs through the gateway now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from boocontrol.core.catalog import Catalog
from boocontrol.core.values import plain
from boocontrol.desktop.dialogs.fields import hint_label
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.text import digits
from boocontrol.desktop.widgets import Card, ElidedLabel, label
from boocontrol.desktop.widgets.when_shown import WhenShown


class NamesCard(Card):
    """Names with this fleet's own models as examples."""

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What a model name means"), parent=parent)
        self._stores = stores
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(2)
        self._shown: list[tuple[str, str]] = []
        self.add(self._grid)
        WhenShown(self, self.refresh, stores.catalog.changed)
        self.refresh()

    def refresh(self) -> None:
        """Examples of what is there now."""
        rows = self._rows(self._stores.catalog.catalog)
        if rows == self._shown:
            return
        self._shown = rows
        _clear(self._grid)
        for number, (name, meaning) in enumerate(rows):
            words = hint_label(self)
            words.setText(meaning)
            words.setContentsMargins(0, 0, 0, 6 if number < len(rows) - 1 else 0)
            self._grid.addWidget(ElidedLabel(name, "mono", mode=Qt.TextElideMode.ElideMiddle), 2 * number, 0)
            self._grid.addWidget(words, 2 * number + 1, 0)

    def _rows(self, catalog: Catalog) -> list[tuple[str, str]]:
        first = next(catalog.models(), None)
        head, _, wire = first.ref.partition("/") if first else ("host", "/", "model")
        shared = catalog.shared_names[0] if catalog.shared_names else wire
        rows = [
            (f"{head}/{wire}", self.tr("exactly that model on exactly that host")),
            (f"any/{shared}", self.tr("where it is ready, else where it starts, else by your order")),
        ]
        default = catalog.default_provider
        if default:
            rows.append((wire, self.tr("on the default host, %1").replace("%1", default)))
        away = next((p for p in catalog.providers if p.state == "down" and p.models), None)
        if away is not None:
            meaning = self.tr('kept in the list, answers "offline" until %1 is back').replace("%1", away.id)
            rows.append((away.models[0].ref, meaning))
        return rows


class RequestsCard(Card):
    """Requests that run now: through this gateway, and on each host."""

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Requests now"), parent=parent)
        self._stores = stores
        self.through = label("", "title", parent=self)
        self._words = hint_label(self)
        self._grid = _grid()
        self.add(self.through)
        self.add(self._words)
        self.add(self._grid)
        self._shown: list[tuple[str, int]] = []
        WhenShown(self, self.refresh, stores.status.changed, stores.fleet.changed)
        self.refresh()

    def refresh(self) -> None:
        """The figures of now."""
        status = self._stores.status.status
        self.through.setText("" if status is None else digits(status.counts.in_flight))
        self._words.setText(self.tr("through this gateway") if status else self.tr("The gateway has not told yet."))
        rows = [(h.label or h.id, h.in_flight) for h in self._stores.fleet.hosts if h.in_flight]
        if rows == self._shown:
            return
        self._shown = rows
        _clear(self._grid)
        for number, (name, count) in enumerate(rows):
            self._grid.addWidget(label(plain(name)), number, 0)
            figure = label(digits(count))
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(figure, number, 1)


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    return grid


def _clear(grid: QGridLayout) -> None:
    while item := grid.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
