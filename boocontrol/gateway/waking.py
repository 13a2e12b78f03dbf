"""Requests that wait for a sleeping host: its packet is sent once, and they go on when it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from boocontrol.core.errors import BooError
from boocontrol.core.registry import Provider
from boocontrol.core.settings import Settings
from boocontrol.gateway.errors import Trouble

MOST_WAITING: Final = 64
RETRY_AFTER_S: Final = 5


class Wakes(Protocol):
    """Who sends the packets: boocontrol.hosts.wake.Waker."""

    def is_waking(self, provider_id: str) -> bool: ...

    def wake(self, provider: Provider, within_s: float) -> asyncio.Task[bool]: ...


class Waking:
    """Wakes hosts for the data plane and the control API. At most `most` requests wait for each host."""

    def __init__(self, waker: Wakes, settings: Callable[[], Settings], *, most: int = MOST_WAITING) -> None:
        self._waker = waker
        self._settings = settings
        self._most = most
        self._waiting: dict[str, int] = {}

    def wake(self, provider: Provider) -> object:
        """Begin to wake a host; returns at once. Raises CannotWake."""
        return self._waker.wake(provider, self._settings().wake_timeout)

    def is_waking(self, provider_id: str) -> bool:
        """Whether a host is being woken."""
        return self._waker.is_waking(provider_id)

    def helps(self, provider: Provider, trouble: Trouble) -> bool:
        """Whether the host may only sleep: nobody answered, and the user wants it woken."""
        asleep = trouble.code == "provider_offline" and provider.mac_address is not None
        return asleep and provider.location == "local" and self._settings().auto_wake

    async def wait(self, provider: Provider) -> None:
        """Return once the host answers. Raises Trouble when it does not within `wake_timeout`, or too many wait."""
        here = self._waiting.get(provider.id, 0)
        if here >= self._most:
            text = f"The provider {provider.id} is being woken, and {here} requests wait for it already."
            raise Trouble(503, "provider_offline", text, retry_after=RETRY_AFTER_S)
        within = self._settings().wake_timeout
        self._waiting[provider.id] = here + 1
        try:
            async with asyncio.timeout(within):
                # Shielded: who leaves does not end it for the others.
                awake = await asyncio.shield(self._waker.wake(provider, within))
        except TimeoutError:
            awake = False
        except BooError as e:
            text = f"The provider {provider.id} is offline and cannot be woken. {e}"
            raise Trouble(503, "provider_offline", text, retry_after=RETRY_AFTER_S) from None
        finally:
            self._waiting[provider.id] -= 1
        if not awake:
            text = f"The provider {provider.id} was woken and did not answer within {within:g} seconds."
            text += " Look at the machine, or choose a model of another provider."
            raise Trouble(503, "provider_offline", text, retry_after=RETRY_AFTER_S)
