"""What a person does to hosts, and the health history of those that are looked at. Knows the stores and no widget."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import QObject, Signal

from boocontrol.core.api import HealthCheck, Host, ProbeRequest, ProbeResult
from boocontrol.core.errors import BooError
from boocontrol.desktop.itemmodels.ages import Clock
from boocontrol.desktop.sentences import told
from boocontrol.desktop.stores import Removed, Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import digits

HISTORY_S = 30.0


class FleetDesk(QObject):
    """Actions on hosts by id. `notes` holds what came of the last one: a failure, or the outcome of a test.

    `removed` gives the host's name and what `undo` needs.
    """

    changed = Signal()
    history_came = Signal(str)
    removed = Signal(str, object)

    def __init__(self, stores: Stores, parent: QObject | None = None, *, clock: Clock = time.time) -> None:
        super().__init__(parent)
        self.notes: dict[str, BooError | str] = {}
        self.histories: dict[str, tuple[HealthCheck, ...]] = {}
        self._asked_at: dict[str, float] = {}
        self._stores = stores
        self._clock = clock
        self._waking: frozenset[str] = frozenset()
        stores.fleet.changed.connect(self._follow_waking)
        self._follow_waking()

    def pause(self, host: Host) -> None:
        """Send nothing to it until it is resumed; resume it when it is paused."""
        self._do(host.id, self._stores.providers.update(host.id, {"enabled": not host.enabled}))

    def set_default(self, host: Host) -> None:
        """Make it the one that bare model names mean."""
        self._do(host.id, self._stores.providers.set_default(host.id))

    def set_key(self, host_id: str, key: str) -> None:
        """Keep its key in the keyring; the gateway then looks again."""

        async def give() -> None:
            await self._stores.providers.set_key(host_id, SecretStr(key))
            if (host := self._stores.fleet.host(host_id)) is not None:
                self.test(host)

        self._do(host_id, give())

    def remove(self, host: Host) -> None:
        """Take it out of the registry. Its key stays where it is."""

        async def remove() -> None:
            self.removed.emit(host.label, await self._stores.providers.remove(host.id))

        self._do(host.id, remove())

    def undo(self, token: Removed) -> None:
        """Put back what was removed."""
        self._do(str(token.entry.get("id", "")), self._stores.providers.undo(token))

    def move(self, host_id: str, position: int) -> None:
        """Put a host at a position, counted without it."""
        ids = [h.id for h in self._stores.fleet.hosts if h.id != host_id]
        ids.insert(max(0, min(position, len(ids))), host_id)
        self._do(host_id, self._stores.providers.reorder(ids))

    def test(self, host: Host) -> None:
        """Try its address, key and models, stage by stage, and note how it went."""
        request = ProbeRequest(base_url=host.base_url, kind=host.kind, provider=host.id)

        async def test() -> None:
            # The gateway's own look decides what the host's state is; what hinders that, the test tells.
            with suppress(BooError):
                await self._stores.fleet.look(host.id)
            self._note(host.id, self._outcome(await self._stores.providers.probe(request)))

        self._note(host.id, self.tr("Testing…"))
        self._run(host.id, test())

    def _outcome(self, result: ProbeResult) -> str:
        bad = next((s for s in result.stages if s.outcome in ("failed", "warning")), None)
        if bad is not None:
            return " ".join(told(part) for part in (bad.detail, bad.advice) if part)
        took = sum(stage.ms for stage in result.stages)
        return self.tr("Test passed in {ms} ms, {n} models.").format(ms=digits(took), n=len(result.models))

    def cancel(self, host_id: str, request_id: str) -> None:
        """End a request that runs on it; what hinders that is noted there."""
        self._do(host_id, self._stores.activity.cancel(request_id))

    def wake(self, host_id: str) -> None:
        """Send it a wake-up packet; the gateway then watches whether it comes."""

        async def wake() -> None:
            await self._stores.connection.need().wake(host_id)
            self._note(host_id, self.tr("A wake-up packet was sent."))

        self._do(host_id, wake())

    def _follow_waking(self) -> None:
        """A host that was woken and is still down: say so, and what to look at."""
        before, hosts = self._waking, {host.id: host for host in self._stores.fleet.hosts}
        self._waking = frozenset(host.id for host in hosts.values() if host.waking_since is not None)
        for host_id in (before - self._waking) & hosts.keys():
            if hosts[host_id].state != "down":
                self.dismiss(host_id)
            else:
                title = self.tr("It was woken and does not answer.")
                advice = self.tr("Does its network card listen for wake-up packets, and is it in the same network?")
                self._note(host_id, BooError(title, advice))

    def dismiss(self, host_id: str) -> None:
        """Forget what came of the last action."""
        if self.notes.pop(host_id, None):
            self.changed.emit()

    # --- health history ---

    def want_history(self, host_id: str) -> None:
        """It is looked at: ask for its checks, at most every 30 s. Fails in silence: the bar then shows no checks."""
        client, now = self._stores.connection.client, self._clock()
        if client is None or now - self._asked_at.get(host_id, float("-inf")) < HISTORY_S:
            return
        self._asked_at[host_id] = now

        async def ask() -> None:
            self.take_history(host_id, (await client.history(host_id)).checks)

        spawn(self, ask(), lambda _error: None)

    def take_history(self, host_id: str, checks: tuple[HealthCheck, ...]) -> None:
        """These are a host's checks."""
        self.histories[host_id] = checks
        self.history_came.emit(host_id)

    # --- running ---

    def _do(self, host_id: str, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.dismiss(host_id)
        self._run(host_id, coroutine)

    def _run(self, host_id: str, coroutine: Coroutine[Any, Any, Any]) -> None:
        spawn(self, coroutine, partial(self._failed, host_id))

    def _failed(self, host_id: str, error: Exception) -> None:
        self._note(host_id, error if isinstance(error, BooError) else BooError(str(error) or type(error).__name__))

    def _note(self, host_id: str, note: BooError | str) -> None:
        self.notes[host_id] = note
        self.changed.emit()
