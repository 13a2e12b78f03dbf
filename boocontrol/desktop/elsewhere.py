"""Which gateway this window looks at: the one of this computer, or one at an address, kept for the next start.

The address stands in the window's own settings, the key in the keyring. Where no keyring takes it, the key is used
until the program ends, and `unkept` says so.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from pydantic import SecretStr
from PySide6.QtCore import QObject, Signal

from boocontrol.client import GatewayClient
from boocontrol.client.find import named_gateway
from boocontrol.core.errors import SecretError
from boocontrol.core.secrets import KeyStore
from boocontrol.core.urls import normalise_base_url
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.tasks import spawn

ADDRESS: Final = "gateway_url"


class Elsewhere(QObject):
    """`changed` is emitted when another gateway is chosen, and when its key turned out not to be kept."""

    changed = Signal()

    def __init__(
        self, supervisor: Supervisor, local: LocalSettings, keys: KeyStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.unkept: SecretError | None = None
        self._supervisor = supervisor
        self._local = local
        self._keys = keys

    @property
    def address(self) -> str:
        """The address that was chosen; empty for the gateway of this computer."""
        return str(self._local.get(ADDRESS))

    async def begin(self) -> None:
        """Look at the gateway that was chosen last. Raises SecretError, once it is looked at, when its key is away."""
        if not self.address:
            self._supervisor.start()
            return
        try:
            stored = await asyncio.to_thread(self._keys.get, _name(self.address))
        except SecretError:
            await self._supervisor.use_remote(self.address, None)
            raise
        await self._supervisor.use_remote(self.address, SecretStr(stored) if stored else None)

    async def use(self, typed: str, key: SecretStr | None) -> None:
        """Look at a gateway elsewhere, from now on and at the next start; one that runs here through this window ends.

        Raises BadInput for what is no address, Unreachable when no gateway answers there, and KeyRefused; nothing is
        changed then.
        """
        url = normalise_base_url(typed)
        gateway = await named_gateway(url)  # who it is comes before the key
        async with GatewayClient(gateway.url, key, source="desktop") as client:
            await client.status()
        # A dialog that is closed meanwhile leaves nothing half done.
        await asyncio.shield(spawn(self, self._switch(url, key)))

    async def leave(self) -> None:
        """Look at the gateway of this computer again, and start it if none runs."""
        before = self.address
        self._local.put(ADDRESS, "")
        self.unkept = None
        await self._supervisor.close()
        self._supervisor.start()
        self.changed.emit()
        with suppress(SecretError):
            await asyncio.to_thread(self._keys.delete, _name(before))

    async def _switch(self, url: str, key: SecretStr | None) -> None:
        self._local.put(ADDRESS, url)
        await self._supervisor.use_remote(url, key)
        self.changed.emit()
        spawn(self, self._keep(url, key))  # a password service may ask the user first

    async def _keep(self, url: str, key: SecretStr | None) -> None:
        self.unkept = None
        try:
            if key is None:
                await asyncio.to_thread(self._keys.delete, _name(url))
            else:
                await asyncio.to_thread(self._keys.set, _name(url), key.get_secret_value())
        except SecretError as e:
            self.unkept = e if key is not None else None
        self.changed.emit()


def _name(url: str) -> str:
    """The key's name in the keyring; no provider's can be called so."""
    return f"gateway {url}"
