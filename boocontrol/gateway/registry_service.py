"""The registry, changed: through the panel and by hand it takes the same path, file first, then what is in force."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from boocontrol.core import edits
from boocontrol.core.errors import BadInput, Stale
from boocontrol.core.registry_file import Document, LoadedRegistry, load_registry, replace_registry, save_registry
from boocontrol.gateway.control.entries import (
    checked_provider,
    checked_registry,
    keeps_key,
    tidy,
    without_moved_keys,
)
from boocontrol.gateway.control.etags import Expected
from boocontrol.gateway.control.fleet import Fleet
from boocontrol.gateway.control.views import registry_status
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.state import GatewayState

SETTLE_S: Final = 0.3
"""How long a vanished file may take to come back: editors that save by rename leave a gap."""

Edit = Callable[[Document], Document]


class RegistryService:
    """The only writer of `state.loaded` and of the registry file."""

    def __init__(
        self,
        state: GatewayState,
        fleet: Fleet,
        events: EventHub,
        *,
        environ: Mapping[str, str] = os.environ,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._state = state
        self._fleet = fleet
        self._events = events
        self._environ = environ
        self._sleep = sleep
        self._lock = asyncio.Lock()

    @property
    def etag(self) -> str:
        """The tag of the file as last read."""
        return self._state.loaded.stamp.etag

    def document(self) -> Document:
        """The registry in force as a document, unknown keys included."""
        return self._state.loaded.document()

    def entry(self, provider_id: str) -> Document:
        """One provider of that document. Raises BadInput (not_found)."""
        return entry_of(self.document(), provider_id)

    async def reload(self) -> None:
        """Take up what the file says now. Never raises for what is in it."""
        async with self._lock:
            await self._read()

    async def add(self, entry: Mapping[str, Any], expected: Expected) -> Document:
        """Add a provider at the end and return it. For errors see `_change`."""
        fresh, _ = tidy(entry)
        checked_provider(fresh)
        return entry_of(await self._change(lambda d: edits.add_provider(d, fresh), expected), str(fresh["id"]))

    async def update(self, provider_id: str, patch: Mapping[str, Any], expected: Expected) -> Document:
        """Change keys of a provider (null removes one) and return it. For errors see `_change`.

        One that moves to another origin loses its key, unless the patch brings another or `confirmKey`.
        """
        after = await self._change(lambda d: updated(d, provider_id, patch), expected)
        new_id = patch.get("id", provider_id)
        return entry_of(after, str(new_id))

    async def remove(self, provider_id: str, expected: Expected) -> None:
        """Remove a provider. Its key stays in the keyring. For errors see `_change`."""
        await self._change(lambda d: edits.remove_provider(d, provider_id), expected)

    async def replace(self, document: Document, expected: Expected, *, broken: bool = False) -> Document:
        """Put a whole document in place and return it; `broken` also in place of a file that does not parse."""
        return await self._change(lambda d: without_moved_keys(d, document), expected, broken=broken)

    async def _change(self, edit: Edit, expected: Expected, *, broken: bool = False) -> Document:
        """Apply an edit to what the file says now.

        Raises, with nothing written: RegistryError when the file is broken, Stale when it is not what the writer
        believes, BadInput for an edit that breaks a rule, BooError when the file cannot be written.
        """
        async with self._lock:
            for _ in range(3):
                await self._read()
                try:
                    return await self._write(edit, expected, broken=broken)
                except Stale:
                    # Somebody wrote between our look and our write; only who asked to override may go on.
                    if expected.tags is not None:
                        raise
            raise Stale("The registry file changes all the time.", "Find out which program writes it, then try again.")

    async def _write(self, edit: Edit, expected: Expected, *, broken: bool) -> Document:
        loaded = self._state.loaded
        in_file = loaded.source == "file"
        if in_file and loaded.error is not None and not broken:
            raise loaded.error
        expected.check(loaded.stamp.etag, "The registry")
        document = edit(loaded.document())
        checked_registry(document)
        if in_file and loaded.error is not None:
            saved = await asyncio.to_thread(replace_registry, loaded, document)
        else:
            # Without a file, an error is one of the environment, which the new file takes out of force.
            saved = await asyncio.to_thread(save_registry, replace(loaded, error=None), document)
        self._adopt(saved)
        return document

    async def _read(self) -> None:
        loaded = await self._load()
        before = self._state.loaded
        if before.source == "file" and loaded.stamp.digest is None:
            await self._sleep(SETTLE_S)
            loaded = await self._load()
        if (loaded.stamp, loaded.source) != (before.stamp, before.source) or str(loaded.error) != str(before.error):
            self._adopt(loaded)

    async def _load(self) -> LoadedRegistry:
        before = self._state.loaded
        return await asyncio.to_thread(load_registry, before.path, self._environ, before)

    def _adopt(self, loaded: LoadedRegistry) -> None:
        before = self._state.loaded
        self._state.loaded = loaded
        if loaded.registry != before.registry:
            self._fleet.apply(loaded.registry)
        self._events.publish(
            "registry", registry_status(loaded).model_dump_json(by_alias=True).encode(), topic="registry"
        )


def updated(document: Document, provider_id: str, patch: Mapping[str, Any]) -> Document:
    """The document with one provider patched. Raises BadInput."""
    before = entry_of(document, provider_id)
    wanted, confirmed = tidy(patch)
    result = {key: value for key, value in {**before, **wanted}.items() if value is not None}
    checked_provider(result)
    if not confirmed and not keeps_key(before, result):
        wanted["apiKey"] = None
    taken = {p["id"] for p in document["providers"]} - {provider_id}
    if result["id"] in taken:
        advice = "Choose another id."
        raise BadInput(f"There is a provider {result['id']!r} already.", advice, code="duplicate_id", param="id")
    return edits.update_provider(document, provider_id, wanted)


def entry_of(document: Document, provider_id: str) -> Document:
    """One provider of a document. Raises BadInput (not_found)."""
    for entry in document.get("providers", []):
        if entry["id"] == provider_id:
            found: Document = entry
            return found
    known = ", ".join(str(p["id"]) for p in document.get("providers", [])) or "none"
    raise BadInput(f"There is no provider {provider_id[:64]!r}.", f"Providers: {known}.", code="not_found", param="id")
