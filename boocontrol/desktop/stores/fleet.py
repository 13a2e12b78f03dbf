"""The hosts as last seen."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from boocontrol.core.api import EventSnapshot, Host
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.sentences import told
from boocontrol.desktop.stores.together import Together
from boocontrol.desktop.tasks import spawn


class FleetStore(QObject):
    """All hosts in registry order. `as_of` (seconds of the epoch) is when this was last known to be so; `stale` that
    the gateway that would know is not there."""

    changed = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hosts: tuple[Host, ...] = ()
        self.stale = True
        self.as_of: float | None = None
        self._connection = connection
        # A fleet of a hundred hosts has twenty pieces of news a second; those that follow soon are told together.
        self._together = Together(self.changed.emit, self)
        connection.changed.connect(self._follow)
        connection.heard.connect(self._on_event)

    def host(self, provider_id: str) -> Host | None:
        """The host of a provider."""
        return next((h for h in self.hosts if h.id == provider_id), None)

    def take(self, hosts: Iterable[Host], *, stale: bool | None = None, as_of: float | None = None) -> None:
        """These are the hosts now."""
        self._put(hosts, stale, as_of)
        self.changed.emit()

    def _put(self, hosts: Iterable[Host], stale: bool | None = None, as_of: float | None = None) -> None:
        known = set(map(id, self.hosts))
        # Those that are known have their words already.
        self.hosts = tuple(host if id(host) in known else _told(host) for host in hosts)
        self.stale = self._connection.state != "connected" if stale is None else stale
        self.as_of = self._connection.now() if as_of is None else as_of

    async def refresh(self) -> None:
        """Ask for all hosts. Raises BooError."""
        self.take(await self._connection.need().hosts())

    async def look(self, provider_id: str | None = None) -> None:
        """Have the gateway look at one host at once, or at all of them; what it sees comes as news. Raises BooError."""
        client = self._connection.need()
        await (client.refresh_hosts() if provider_id is None else client.refresh_host(provider_id))

    def _follow(self) -> None:
        stale = self._connection.state != "connected"
        if stale != self.stale:
            if stale and self.as_of is not None:
                self.as_of = self._connection.since
            self.stale = stale
            self.changed.emit()

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "snapshot" and isinstance(value, EventSnapshot):
            self.take(value.hosts)
        elif kind == "host" and isinstance(value, Host):
            self._take_one(value)
        elif kind == "registry":
            # Hosts come, go and change places with the registry; no event tells which.
            spawn(self, self.refresh())

    def _take_one(self, host: Host) -> None:
        known = self.host(host.id) is not None
        self._put([host if h.id == host.id else h for h in self.hosts] if known else [*self.hosts, host])
        self._together.news()


def _told(host: Host) -> Host:
    """The host with its reason in the user's language."""
    words = told(host.reason) if host.reason else host.reason
    return host if words == host.reason else host.model_copy(update={"reason": words})
