"""Keys of providers in memory: read once from their source, off the event loop, and forgotten on a change."""

from __future__ import annotations

import asyncio
from functools import partial

from pydantic import SecretStr

from boocontrol.core.registry import KeyRef
from boocontrol.core.secrets import KeyStore, read_key
from boocontrol.hosts.threads import in_thread


class Keys:
    """Reads keys by reference. A key that cannot be read is asked for again the next time."""

    def __init__(self, store: KeyStore) -> None:
        self.store = store
        self._known: dict[KeyRef, SecretStr] = {}
        self._reading: dict[KeyRef, asyncio.Future[SecretStr | None]] = {}

    def known(self, ref: KeyRef | None) -> SecretStr | None:
        """The key if it was read before: the fast path of the data plane."""
        return None if ref is None else self._known.get(ref)

    async def read(self, ref: KeyRef | None) -> SecretStr | None:
        """The key behind a reference, None without a reference. Raises SecretError."""
        if ref is None or ref in self._known:
            return self.known(ref)
        reading = self._reading.get(ref)
        if reading is None:
            # One question at a time: a password service that hangs is not asked by ever more threads.
            reading = self._reading[ref] = in_thread(partial(read_key, ref, self.store), "boocontrol-key")
            reading.add_done_callback(partial(self._done, ref))
        return await asyncio.shield(reading)

    async def write(self, name: str, value: str) -> None:
        """Store a key in the keyring. Raises SecretError."""
        await in_thread(partial(self.store.set, name, value), "boocontrol-key")
        self.forget()

    async def delete(self, name: str) -> None:
        """Remove a key from the keyring. Raises SecretError."""
        await in_thread(partial(self.store.delete, name), "boocontrol-key")
        self.forget()

    def forget(self, ref: KeyRef | None = None) -> None:
        """Read this key (or all) anew the next time. What is being read now counts for those who wait only."""
        if ref is None:
            self._known.clear()
            self._reading.clear()
        else:
            self._known.pop(ref, None)
            self._reading.pop(ref, None)

    def _done(self, ref: KeyRef, reading: asyncio.Future[SecretStr | None]) -> None:
        if self._reading.get(ref) is not reading:
            return
        del self._reading[ref]
        if not reading.cancelled() and reading.exception() is None and (key := reading.result()) is not None:
            self._known[ref] = key
