"""The registry document and its edits, each through the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import QObject, Signal

from boocontrol.core import edits
from boocontrol.core.api import EventSnapshot, KeyStatus, ProbeRequest, ProbeResult, RegistryProblem, RegistryStatus
from boocontrol.core.errors import BooError
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.tasks import spawn

Document = dict[str, Any]


@dataclass(frozen=True)
class Removed:
    """A provider that was removed, and where it stood: what `undo` puts back."""

    entry: Document
    position: int
    default: bool


class ProvidersStore(QObject):
    """The registry document, unknown keys included; None until it was read once. Every method raises BooError.

    `error` is why the file on disk is not in force (RegistryProblem), or why the document could not be read.
    """

    changed = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document: Document | None = None
        self.error: RegistryProblem | BooError | None = None
        self._connection = connection
        connection.heard.connect(self._on_event)

    def entry(self, provider_id: str) -> Document | None:
        """One provider as the document has it."""
        providers = (self.document or {}).get("providers", ())
        return next((p for p in providers if p.get("id") == provider_id), None)

    def take(self, document: Document | None, *, error: RegistryProblem | BooError | None = None) -> None:
        """This is the document now."""
        self.document, self.error = document, error
        self.changed.emit()

    async def refresh(self) -> None:
        """Read the document anew."""
        self._read((await self._connection.need().providers()).value)

    async def add(self, entry: Mapping[str, Any], key: SecretStr | None = None) -> None:
        """Add a provider at the end, and put its key into the keyring. If only the key fails, the provider stays."""
        client = self._connection.need()
        await client.add_provider(entry)
        try:
            if key is not None:
                await client.set_key(str(entry["id"]), key)
        finally:
            await self.refresh()

    async def update(self, provider_id: str, patch: Mapping[str, Any]) -> None:
        """Replace keys of one provider; None removes a key."""
        await self._connection.need().update_provider(provider_id, patch)
        await self.refresh()

    async def remove(self, provider_id: str) -> Removed:
        """Remove a provider. Its key stays in the keyring; the result is for `undo`."""
        client = self._connection.need()
        document = (await client.providers()).value
        entries = document.get("providers", [])
        position = next((i for i, p in enumerate(entries) if p.get("id") == provider_id), None)
        await client.remove_provider(provider_id)
        await self.refresh()
        if position is None:
            raise BooError(self.tr("The provider is gone."))
        default = document.get("defaultProvider") == provider_id
        return Removed(deepcopy(entries[position]), position, default)

    async def undo(self, token: Removed) -> None:
        """Put back what was removed, where it was."""
        await self._edit(lambda document: restored(document, token))

    async def reorder(self, ids: Sequence[str]) -> None:
        """Put the named providers first, in this order."""
        await self._edit(lambda document: edits.reorder(document, ids))

    async def set_default(self, provider_id: str) -> None:
        """Make a provider the one that bare model names mean."""
        await self._edit(lambda document: edits.set_default(document, provider_id))

    async def probe(self, request: ProbeRequest) -> ProbeResult:
        """Try an address and key before saving, stage by stage."""
        return await self._connection.need().probe(request)

    async def set_key(self, provider_id: str, key: SecretStr) -> KeyStatus:
        """Put a provider's key into the keyring of the gateway's machine."""
        status = await self._connection.need().set_key(provider_id, key)
        await self.refresh()
        return status

    async def delete_key(self, provider_id: str) -> KeyStatus:
        """Take a provider's key out of that keyring."""
        status = await self._connection.need().delete_key(provider_id)
        await self.refresh()
        return status

    async def _edit(self, edit: Any) -> None:
        self._read((await self._connection.need().edit_providers(edit)).value)

    def _read(self, document: Document) -> None:
        """A document that was read does not say whether the file is broken; only the registry's status does."""
        self.take(document, error=self.error if isinstance(self.error, RegistryProblem) else None)

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "snapshot" and isinstance(value, EventSnapshot):
            value = value.status.registry
        elif kind != "registry":
            return
        if isinstance(value, RegistryStatus):
            self.take(self.document, error=value.error)
            spawn(self, self.refresh(), self._failed)

    def _failed(self, error: Exception) -> None:
        if self.error is None and isinstance(error, BooError):
            self.take(self.document, error=error)


def restored(document: Document, token: Removed) -> Document:
    """The document with a removed provider in its old place. Raises BadInput when its id is taken meanwhile."""
    after = edits.add_provider(document, token.entry)
    entry = after["providers"].pop()
    after["providers"].insert(token.position, entry)
    return edits.set_default(after, token.entry["id"]) if token.default else after
