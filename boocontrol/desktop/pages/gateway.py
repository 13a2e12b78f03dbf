"""The page Gateway: the one address for every host, who may use it, snippets, and a test of the whole way."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from boocontrol.desktop.elsewhere import Elsewhere
from boocontrol.desktop.pages.gateway_access import AccessCard
from boocontrol.desktop.pages.gateway_address import AddressCard
from boocontrol.desktop.pages.gateway_names import NamesCard, RequestsCard
from boocontrol.desktop.pages.gateway_snippets import SnippetsCard
from boocontrol.desktop.pages.gateway_test_card import TestCard
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.widgets import PageHead

NARROW = 820


class GatewayPage(QWidget):
    """Cards in two columns, in one on a narrow window. `settings_wanted` names a section of the Settings page."""

    settings_wanted = Signal(str)

    def __init__(
        self,
        stores: Stores,
        supervisor: Supervisor,
        home: Path,
        parent: QWidget | None = None,
        *,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        super().__init__(parent)
        self.address = AddressCard(stores, supervisor, self, elsewhere=elsewhere)
        self.access = AccessCard(stores, self)
        self.snippets = SnippetsCard(stores, home, self)
        self.names = NamesCard(stores, self)
        self.test = TestCard(stores, self)
        self.requests = RequestsCard(stores, self)
        self._columns = 0
        self._lay_out()
        self.access.settings_wanted.connect(lambda: self.settings_wanted.emit("gateway"))
        self._arrange(2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(1 if event.size().width() < NARROW else 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(480, 320)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.setSpacing(0)
        column.addWidget(PageHead(self.tr("Gateway"), self.tr("one address for every host"), self))
        inside = QWidget()
        self._left = QWidget(inside)
        self._right = QWidget(inside)
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 24)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        for part, cards in (
            (self._left, (self.address, self.access, self.snippets)),
            (self._right, (self.test, self.requests, self.names)),
        ):
            cell = QVBoxLayout(part)
            cell.setContentsMargins(0, 0, 0, 0)
            cell.setSpacing(12)
            for card in cards:
                cell.addWidget(card)
            cell.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(area, 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        self._grid.addWidget(self._left, 0, 0)
        self._grid.addWidget(self._right, *((0, 1) if columns == 2 else (1, 0)))
        self._grid.setColumnStretch(0, 8)
        self._grid.setColumnStretch(1, 5 if columns == 2 else 0)
