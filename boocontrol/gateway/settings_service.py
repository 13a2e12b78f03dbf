"""Settings, read and changed: the database is the truth, the gateway's state follows it, readers of events are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BadInput
from boocontrol.core.favorites import collapse
from boocontrol.core.settings import Settings, patched, validated
from boocontrol.gateway.control.etags import Expected
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.state import GatewayState

if TYPE_CHECKING:
    from boocontrol.store.settings import Stored

Json = Any
Values = Mapping[str, Json]


class SettingsStore(Protocol):
    """Where settings are kept: boocontrol.store.desk.SettingsDesk."""

    async def read(self) -> Stored: ...

    async def change(self, edit: Callable[[Values], Values], expected: Callable[[str], bool] = ...) -> Stored: ...


@dataclass(frozen=True)
class SettingsView:
    """The whole settings object, defaults included, and the tag under which it may be changed."""

    values: dict[str, Json]
    etag: str


def usable(stored: Values) -> tuple[Settings, dict[str, str]]:
    """The stored settings with defaults in place of those that cannot be used, and why, by key."""
    kept, bad = dict(stored), dict[str, str]()
    while True:
        try:
            return validated(kept), bad
        except BadInput as e:
            if e.param not in kept:
                raise
            bad[e.param] = e.title
            del kept[e.param]


class SettingsService:
    """The only writer of `state.settings`."""

    def __init__(
        self,
        state: GatewayState,
        store: SettingsStore,
        events: EventHub,
        *,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._state = state
        self._store = store
        self._events = events
        self._on_change = on_change
        self._lock = asyncio.Lock()
        self._bad: dict[str, str] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with stored settings, for people."""
        return tuple(f"{why} The default is used." for why in self._bad.values())

    async def read(self) -> SettingsView:
        """All settings as they are now, whoever wrote them. Raises BooError."""
        async with self._lock:
            return self._take(await self._store.read())

    async def patch(self, patch: Values, expected: Expected) -> SettingsView:
        """Change the given keys and return all. Raises Stale or BadInput with nothing written, and BooError."""
        catalog = self._state.catalog
        async with self._lock:
            return self._take(await self._store.change(lambda stored: edited(stored, patch, catalog), expected))

    def _take(self, stored: Stored) -> SettingsView:
        """Put what is stored in force."""
        settings, self._bad = usable(stored.values)
        values = settings.model_dump(mode="json")
        if settings != self._state.settings:
            self._state.settings = settings
            self._events.publish("settings", json.dumps(values).encode(), topic="settings")
            self._on_change()
        return SettingsView(values, stored.etag)


def edited(stored: Values, patch: Values, catalog: Catalog) -> Values:
    """What is stored after a patch. A stored value that cannot be used stays until it is itself replaced."""
    _, bad = usable(stored)
    good = {key: value for key, value in stored.items() if key not in bad}
    after = patched(good, patch)
    if patch.get("favorite_models"):
        after["favorite_models"] = list(collapse(after["favorite_models"], catalog))
    kept = {key: stored[key] for key in bad if key not in patch}
    return {**kept, **after}
