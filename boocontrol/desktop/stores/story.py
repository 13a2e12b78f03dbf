"""What happened to the models of a host: asked once for a host that is looked at, then told as it happens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, Signal

from boocontrol.client import GatewayClient
from boocontrol.core.history import ModelEvent
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.tasks import spawn

MOST: Final = 200


class StoryStore(QObject):
    """`of(host)` are the events of its models, newest first, at most 200. `changed` tells the host."""

    changed = Signal(str)

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: dict[str, tuple[ModelEvent, ...]] = {}
        self._connection = connection
        self._asked_of: dict[str, GatewayClient] = {}
        connection.heard.connect(self._on_event)

    def of(self, host_id: str) -> tuple[ModelEvent, ...]:
        """The events of a host as far as known."""
        return self._events.get(host_id, ())

    def asked_by(self, ref: str) -> str:
        """Who asked for the last load of a model; empty when that is not known."""
        events = self.of(ref.partition("/")[0])
        return next((e.by for e in events if e.ref == ref and e.event in ("load_asked", "loading") and e.by), "")

    def want(self, host_id: str) -> None:
        """It is looked at: ask once in each connection. Fails in silence; what is told from now on is kept anyway."""
        client = self._connection.client
        if client is None or self._asked_of.get(host_id) is client:
            return
        self._asked_of[host_id] = client

        async def ask() -> None:
            told = await client.story(provider=host_id, limit=MOST)
            self.take(host_id, (*self.of(host_id), *told.data))

        spawn(self, ask(), lambda _error: None)

    def take(self, host_id: str, events: Iterable[ModelEvent]) -> None:
        """These are the events of a host; each counts once."""
        known = {event.id: event for event in events}
        self._events[host_id] = tuple(sorted(known.values(), key=lambda e: e.time, reverse=True))[:MOST]
        self.changed.emit(host_id)

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "story" and isinstance(value, ModelEvent):
            self.take(value.provider, (value, *self.of(value.provider)))
