"""What the monitor sees, told as events: each changed host, and the catalog a few times a second at most."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Final, Protocol

from boocontrol.core.catalog import Catalog
from boocontrol.core.refs import ModelRef
from boocontrol.gateway.control.fleet import Fleet
from boocontrol.gateway.control.services import CatalogJson
from boocontrol.gateway.events import EventHub

EVERY_S: Final = 0.3


class Clock(Protocol):
    """When it is, and a call later: an event loop, or a test's."""

    def time(self) -> float: ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object: ...


class FleetNews:
    """Gathers the monitor's callbacks. The first is told at once, those that follow soon are told together."""

    def __init__(
        self,
        fleet: Fleet,
        events: EventHub,
        catalog_json: CatalogJson,
        *,
        clock: Clock | None = None,
        every_s: float = EVERY_S,
    ) -> None:
        self._fleet = fleet
        self._events = events
        self._json = catalog_json
        self._clock = clock or asyncio.get_running_loop()
        self._every_s = every_s
        self._changed: dict[str, None] = {}
        self._told: dict[str, bytes] = {}
        self._catalog: Catalog | None = None
        self._last = float("-inf")
        self._waiting = False

    def changed(self, provider_id: str) -> None:
        """The monitor's callback."""
        self._changed[provider_id] = None
        if not self._waiting:
            self._waiting = True
            self._clock.call_later(max(0.0, self._last + self._every_s - self._clock.time()), self._tell)

    def load_ended(self, ref: ModelRef, complaint: str | None) -> None:
        """What the host said at the end of a load; only this tells why a start failed."""
        if complaint is not None:
            told = {"kind": "load_failed", "ref": str(ref), "message": complaint}
            self._events.publish("gateway", json.dumps(told).encode(), topic=f"load:{ref}")

    def _tell(self) -> None:
        self._waiting = False
        self._last = self._clock.time()
        changed, self._changed = self._changed, {}
        present = {host.id: host for host in self._fleet.hosts()}
        self._told = {i: told for i, told in self._told.items() if i in present}
        for provider_id in changed:
            host = present.get(provider_id)
            if host is None:
                continue
            data = host.model_dump_json(by_alias=True).encode()
            if self._told.get(provider_id) != data:
                self._told[provider_id] = data
                self._events.publish("host", data, topic=f"host:{provider_id}")
        catalog = self._fleet.catalog()
        if catalog is not self._catalog:
            self._catalog = catalog
            self._events.publish("catalog", self._json.of(catalog)[0], topic="catalog")
