"""The page Fleet as the window has it: all hosts, or one of them."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedWidget, QWidget

from boocontrol.desktop.itemmodels.ages import Clock
from boocontrol.desktop.pages.fleet import FleetPage
from boocontrol.desktop.pages.host import HostPage
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.stores import Stores


class FleetRooms(QStackedWidget):
    """Signals as those of the pages inside. The page of a host is made when the first host is opened."""

    add_host_asked = Signal()
    edit_asked = Signal(str)
    page_asked = Signal(str, str)
    deed_asked = Signal(str, str)

    def __init__(
        self,
        stores: Stores,
        parent: QWidget | None = None,
        *,
        clock: Clock = time.time,
        open_url: Callable[[QUrl], object] = QDesktopServices.openUrl,
        quiet: LocalSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self._stores, self._clock, self._quiet = stores, clock, quiet
        self.fleet = FleetPage(stores, self, clock=clock, open_url=open_url)
        self.addWidget(self.fleet)
        self._host: HostPage | None = None
        self.fleet.add_host_asked.connect(self.add_host_asked)
        self.fleet.edit_asked.connect(self.edit_asked)
        self.fleet.open_asked.connect(self.show_host)
        self.fleet.deed_asked.connect(self.deed_asked)

    @property
    def host(self) -> HostPage:
        """The page of one host."""
        if self._host is None:
            made = self._host = HostPage(
                self._stores, self.fleet.desk, self.fleet.models, self, clock=self._clock, quiet=self._quiet
            )
            made.back_asked.connect(self.show_fleet)
            made.edit_asked.connect(self.edit_asked)
            made.page_asked.connect(self.page_asked)
            made.web_asked.connect(self.fleet.open_web_ui)
            made.unload_all_asked.connect(lambda host_id: self.fleet.models.unload_host(host_id))
            self.addWidget(made)
        return self._host

    def show_host(self, host_id: str) -> None:
        """Show one host."""
        self.host.show_host(host_id)
        self.setCurrentWidget(self.host)
        self.host.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_fleet(self) -> None:
        """Show all hosts, and the one that was open among them."""
        left = self._host.host_id if self._host is not None and self.currentWidget() is self._host else ""
        self.setCurrentWidget(self.fleet)
        self.fleet.go_to(left)

    def refresh(self) -> None:
        """Ask for everything anew."""
        (self.host if self._host is not None and self.currentWidget() is self._host else self.fleet).refresh()
