"""What a person asks a host to do: load and unload. Whether it may be done is the gateway's to judge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from boocontrol.core.errors import BooError
from boocontrol.core.refs import ModelRef
from boocontrol.hosts.monitor import Monitor
from boocontrol.hosts.tasks import cancel, spawn

BEGUN_S: Final = 0.5


class Actions:
    """Loads in the background, unloads at once. `on_end(ref, complaint)` is called when a load ends.

    A load is judged by the model's state: the complaint (words, or None) is what the host said, and only it tells
    why a start failed.
    """

    def __init__(
        self, monitor: Monitor, on_end: Callable[[ModelRef, str | None], None] = lambda ref, words: None
    ) -> None:
        self._monitor = monitor
        self._on_end = on_end
        self._loading: dict[ModelRef, asyncio.Task[None]] = {}

    @property
    def loading(self) -> tuple[ModelRef, ...]:
        """Loads that were asked for and have not ended."""
        return tuple(self._loading)

    def load(self, ref: ModelRef) -> None:
        """Ask for a model; the call returns at once. Raises KeyError for an unknown provider, and Unreachable."""
        if ref in self._loading:
            return
        client = self._monitor.client(ref.provider)
        self._loading[ref] = spawn(self._load(ref, client.load(ref.model)), f"load {ref}")
        self._monitor.refresh(ref.provider)

    async def unload(self, ref: ModelRef) -> None:
        """Put a model out of memory, also one that is loading. Raises Unreachable, HostRefused, BadAnswer."""
        try:
            await self._monitor.client(ref.provider).unload(ref.model)
        finally:
            self._monitor.refresh(ref.provider)

    async def unload_all(self, provider_id: str) -> None:
        """Put all models of a host out of memory. Raises as `unload` does."""
        try:
            await self._monitor.client(provider_id).unload_all()
        finally:
            self._monitor.refresh(provider_id)

    async def stop(self) -> None:
        """Wait for no load any longer; the hosts go on loading."""
        await asyncio.gather(*(cancel(task) for task in tuple(self._loading.values())))

    async def _load(self, ref: ModelRef, answer: Coroutine[Any, Any, str | None]) -> None:
        complaint: str | None = None
        waiting = spawn(answer, f"wait for {ref}", expected=(BooError,))
        try:
            if not (await asyncio.wait({waiting}, timeout=BEGUN_S))[0]:
                self._monitor.refresh(ref.provider)  # the look at once may have come before the load began
            complaint = await waiting
        except BooError as e:
            complaint = str(e)
        finally:
            waiting.cancel()
            del self._loading[ref]
            self._monitor.refresh(ref.provider)
        self._on_end(ref, complaint)
