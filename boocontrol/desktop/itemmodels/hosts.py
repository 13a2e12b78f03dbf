"""The hosts as a flat list, for a fleet that is too large for cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from boocontrol.core.api import Host
from boocontrol.desktop.itemmodels.ages import Clock, exact_time, wall_clock
from boocontrol.desktop.itemmodels.host_words import spoken
from boocontrol.desktop.itemmodels.row_changes import steps

Index = QModelIndex | QPersistentModelIndex
HOST_ROLE: Final = Qt.ItemDataRole.UserRole
HOST_MIME: Final = "application/x-boocontrol-host"
NOWHERE: Final = QModelIndex()


class HostsItemModel(QAbstractListModel):
    """One row for each host, in registry order."""

    host_dropped = Signal(str, int)  # id and new position, counted without it

    def __init__(self, parent: QObject | None = None, *, clock: Clock = wall_clock) -> None:
        super().__init__(parent)
        self._hosts: list[Host] = []
        self._clock = clock

    def take(self, hosts: Sequence[Host]) -> None:
        """These are the hosts now."""
        by_id = {host.id: host for host in hosts}
        order = list(by_id)
        for step in list(steps([h.id for h in self._hosts], order)):
            if step.action == "remove":
                self.beginRemoveRows(NOWHERE, step.first, step.last)
                del self._hosts[step.first : step.last + 1]
                self.endRemoveRows()
            elif step.action == "insert":
                self.beginInsertRows(NOWHERE, step.first, step.last)
                self._hosts[step.first : step.first] = [by_id[i] for i in order[step.first : step.last + 1]]
                self.endInsertRows()
            else:
                self.beginMoveRows(NOWHERE, step.first, step.first, NOWHERE, step.last)
                self._hosts.insert(step.last, self._hosts.pop(step.first))
                self.endMoveRows()
        for at, host in enumerate(self._hosts):
            if host != by_id[host.id]:
                self._hosts[at] = by_id[host.id]
                self.dataChanged.emit(self.index(at), self.index(at))

    def host_at(self, index: Index) -> Host | None:
        """The host of a row."""
        return self._hosts[index.row()] if index.isValid() else None

    def index_of(self, host_id: str) -> QModelIndex:
        """The row of a host."""
        return next((self.index(at) for at, h in enumerate(self._hosts) if h.id == host_id), QModelIndex())

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._hosts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        host = self.host_at(index)
        if host is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return host.label
        if role == HOST_ROLE:
            return host
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(host, self._clock())
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (host.base_url, host.reason or "", exact_time(host.as_of)) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [HOST_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        host = self.host_at(indexes[0]) if indexes else None
        return host_mime(host.id) if host else QMimeData()

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Ask for the new order; the rows move when the registry says so."""
        ids = [h.id for h in self._hosts]
        host_id = dragged_host(data)
        if host_id not in ids:
            return False
        place = parent.row() if parent.isValid() else (len(ids) if row < 0 else row)
        self.host_dropped.emit(host_id, place - 1 if ids.index(host_id) < place else place)
        return True


def host_mime(host_id: str) -> QMimeData:
    """A host on its way to another place."""
    data = QMimeData()
    data.setData(HOST_MIME, host_id.encode())
    return data


def dragged_host(data: QMimeData) -> str:
    """The id of the host that is dragged; empty when something else is."""
    return bytes(data.data(HOST_MIME).data()).decode() if data.hasFormat(HOST_MIME) else ""
