"""Waking a sleeping machine: the magic packet, and rounds that send it until the host answers or time is up."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from boocontrol.core.api import Host
from boocontrol.core.errors import BooError
from boocontrol.core.registry import Provider
from boocontrol.hosts.monitor import Monitor
from boocontrol.hosts.tasks import cancel, spawn
from boocontrol.hosts.view import moment

Address = tuple[str, int]

PORT: Final = 9
# A packet may be lost, and some network cards sleep deeply for a while after they went to sleep.
AGAIN_S: Final = 5.0
LOOK_S: Final = 1.0
EVERYWHERE: Final = "255.255.255.255"


class CannotWake(BooError):
    """There is no address to wake, or the packet cannot be sent."""

    code = "cannot_wake"


@dataclass(eq=False, slots=True)
class Round:
    """One waking of one host. `since` is in unix seconds, `until` on the event loop's clock."""

    since: float
    until: float
    task: asyncio.Task[bool] | None = None


def magic_packet(mac: str) -> bytes:
    """The 102 bytes that a network card listens for: six times 255, then its address sixteen times."""
    return b"\xff" * 6 + bytes.fromhex(mac.replace(":", "").replace("-", "")) * 16


def places(provider: Provider) -> tuple[Address, ...]:
    """Where the packet goes: the whole network here, and the one that the host's address is in, if it is told."""
    found = [(EVERYWHERE, PORT)]
    with suppress(ValueError):
        address = ipaddress.IPv4Address(urlsplit(provider.base_url).hostname or "")
        if not address.is_loopback:
            found.append((str(ipaddress.IPv4Network(f"{address}/24", strict=False).broadcast_address), PORT))
    return tuple(found)


def send(packet: bytes, addresses: Sequence[Address]) -> None:
    """Broadcast a packet. Raises CannotWake when it leaves to none of these addresses."""
    why = "no network"
    sent = 0
    for address in addresses:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                sock.setblocking(False)
                sent += sock.sendto(packet, address) > 0
        except OSError as e:
            why = e.strerror or type(e).__name__
    if not sent:
        raise CannotWake(f"The wake-up packet cannot be sent: {why}.", "Look at the network of the gateway's machine.")


class Waker:
    """Wakes hosts; one round at a time for each. `on_change(provider_id)` is called when one begins and ends."""

    def __init__(
        self,
        monitor: Monitor,
        *,
        on_change: Callable[[str], None] = lambda provider_id: None,
        to: Callable[[Provider], Sequence[Address]] = places,
        clock: Callable[[], float] = time.time,
        again_s: float = AGAIN_S,
        look_s: float = LOOK_S,
    ) -> None:
        self._monitor = monitor
        self._on_change = on_change
        self._to = to
        self._clock = clock
        self._again_s = again_s
        self._look_s = look_s
        self._rounds: dict[str, Round] = {}
        monitor.adding.append(self._add)

    def is_waking(self, provider_id: str) -> bool:
        """Whether a round is under way."""
        return provider_id in self._rounds

    def wake(self, provider: Provider, within_s: float) -> asyncio.Task[bool]:
        """Begin a round, or join the one that is under way; its result is whether the host answers.

        Raises CannotWake, with advice, when the entry has no macAddress or the packet cannot be sent.
        """
        if provider.mac_address is None:
            title = f"The provider {provider.id} has no macAddress, so it cannot be woken."
            raise CannotWake(title, "Add the address of its network card to its entry.", param="macAddress")
        until = asyncio.get_running_loop().time() + within_s
        found = self._rounds.get(provider.id)
        if found is None:
            self._send(provider)
            found = self._rounds[provider.id] = Round(self._clock(), until)
            found.task = spawn(self._run(provider, found), f"wake {provider.id}")
            self._on_change(provider.id)
        found.until = max(found.until, until)
        assert found.task is not None
        return found.task

    async def stop(self) -> None:
        """End all rounds."""
        tasks = [r.task for r in self._rounds.values() if r.task is not None]
        await asyncio.gather(*(cancel(task) for task in tasks))

    def _send(self, provider: Provider) -> None:
        assert provider.mac_address is not None
        send(magic_packet(provider.mac_address), self._to(provider))

    async def _run(self, provider: Provider, round_: Round) -> bool:
        loop = asyncio.get_running_loop()
        sent = loop.time()
        try:
            while (now := loop.time()) < round_.until:
                if now - sent >= self._again_s:
                    sent = now
                    with suppress(CannotWake):
                        self._send(provider)
                if await self._answers(provider.id, round_.until - now):
                    return True
            return False
        except KeyError:
            return False  # it was taken out of the registry meanwhile
        finally:
            del self._rounds[provider.id]
            self._on_change(provider.id)

    async def _answers(self, provider_id: str, within_s: float) -> bool:
        """Look once, anew; what was known may be older than the host's sleep."""
        ended = self._monitor.ask(provider_id)
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not ended():
                    await self._monitor.next()
                health = self._monitor.view(provider_id).health
                if health.answers and health.failures == 0:
                    return True
                await asyncio.sleep(self._look_s)
        return False

    def _add(self, host: Host) -> Host:
        """What is shown of a host's waking."""
        found = self._rounds.get(host.id)
        mac = self._monitor.view(host.id).provider.mac_address
        if mac is None and found is None:
            return host
        since = moment(found.since) if found else None
        return host.model_copy(update={"mac_address": mac, "waking_since": since})
