"""A choice of hosts in one button: its menu has a tick for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from boocontrol.desktop.text import tr
from boocontrol.desktop.widgets import Button

MOST_NAMED = 2


class HostsButton(Button):
    """Chosen hosts as a text of ids with a space between. An id that is not known now stays chosen."""

    def __init__(self, parent: QWidget, edit: Callable[[str], object]) -> None:
        super().__init__("", parent=parent, icon="fleet", on_click=self._open)
        self._edit = edit
        self._known: tuple[tuple[str, str], ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._say()

    def show_hosts(self, chosen: str) -> None:
        """These are chosen."""
        self._chosen = tuple(chosen.split())
        self._say()

    def set_known(self, hosts: Sequence[tuple[str, str]]) -> None:
        """These may be chosen: id and label."""
        self._known = tuple(hosts)
        self._say()

    def hosts(self) -> QMenu:
        """The menu as things stand now."""
        menu = QMenu(self)
        for host, name in self._known:
            action = QAction(name.replace("&", "&&"), menu, checkable=True, checked=host in self._chosen)
            action.toggled.connect(lambda on, host=host: self._choose(host, on))
            menu.addAction(action)
        if not self._known:
            menu.addAction(tr("No hosts yet")).setEnabled(False)
        return menu

    def _choose(self, host: str, on: bool) -> None:
        rest = tuple(old for old in self._chosen if old != host)
        self._chosen = (*rest, host) if on else rest
        self._say()
        self._edit(" ".join(sorted(self._chosen)))

    def _say(self) -> None:
        labels = dict(self._known)
        names = [labels.get(host, host) for host in self._chosen]
        if not names:
            self.setText(tr("None"))
        elif len(names) <= MOST_NAMED:
            self.setText(", ".join(names))
        else:
            self.setText(tr("{n} hosts").format(n=len(names)))
        self.setAccessibleDescription(", ".join(names) or tr("None"))

    def _open(self) -> None:
        menu = self.hosts()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))
