"""Waking: the packet to the bit, rounds on loopback, and a host that comes back or does not."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from boocontrol.core.registry import Provider
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.hosts.wake import CannotWake, Waker, magic_packet, places, send

MAC = "00:1A:2b-3c:4d:5e".replace("-", ":")


class Ear:
    """A socket on loopback that hears packets."""

    def __init__(self) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.sock.setblocking(False)

    @property
    def address(self) -> tuple[str, int]:
        return self.sock.getsockname()  # type: ignore[no-any-return]

    def heard(self) -> list[bytes]:
        found = []
        while True:
            try:
                found.append(self.sock.recv(2048))
            except BlockingIOError:
                return found

    async def hear(self) -> bytes:
        return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.sock, 2048), 5)


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    made.sock.close()


def test_the_packet() -> None:
    packet = magic_packet(MAC)
    assert len(packet) == 102
    assert packet[:6] == b"\xff" * 6
    assert packet[6:] == bytes.fromhex("001a2b3c4d5e") * 16
    assert magic_packet("00-1a-2b-3c-4d-5e") == packet


@pytest.mark.parametrize(
    ("url", "second"),
    [
        ("http://192.168.7.20:8080", "192.168.7.255"),
        ("http://attic.local:8080", None),
        ("http://127.0.0.1:1", None),
        ("http://[fe80::1]:1", None),
    ],
)
def test_where_it_goes(url: str, second: str | None) -> None:
    hosts = [host for host, port in places(Provider(id="a", base_url=url)) if port == 9]
    assert hosts == ["255.255.255.255", *([second] if second else [])]


def test_a_packet_that_cannot_leave(ear: Ear) -> None:
    send(b"x", [("127.0.0.1", 0), ear.address])
    assert ear.heard() == [b"x"], "one address that works is enough"
    with pytest.raises(CannotWake, match="cannot be sent"):
        send(b"x" * 70_000, [ear.address])


@pytest.fixture
async def attic(house: Any, ear: Ear) -> Any:
    host = await house.sim(HostConfig(models=(ModelConfig("q"),), clock=0.1))
    provider = Provider(id="attic", base_url=host.url, mac_address=MAC)
    monitor = house.monitor(provider)
    await monitor.wait_for(lambda: monitor.host("attic").state == "up")
    changed: list[str] = []
    waker = Waker(monitor, on_change=changed.append, to=lambda p: [ear.address], again_s=0.2, look_s=0.01)
    yield host, provider, monitor, waker, changed
    await waker.stop()


async def test_a_sleeping_host_is_woken_by_one_round(attic: Any, ear: Ear) -> None:
    host, provider, monitor, waker, changed = attic
    await host.fault("kill")
    first = waker.wake(provider, 30)
    assert waker.wake(provider, 30) is first, "who comes later joins"
    assert waker.is_waking("attic")
    assert changed == ["attic"]
    shown = monitor.host("attic")
    assert (shown.mac_address, shown.waking_since is not None) == (MAC, True)
    assert await ear.hear() == magic_packet(MAC)
    assert await ear.hear() == magic_packet(MAC), "sent again while it sleeps"
    await host.fault("none")
    assert await first
    assert monitor.host("attic").state in ("up", "busy")
    assert not waker.is_waking("attic")
    assert (monitor.host("attic").waking_since, changed) == (None, ["attic", "attic"])


async def test_one_that_does_not_wake(attic: Any, ear: Ear) -> None:
    host, provider, monitor, waker, _ = attic
    await host.fault("kill")
    assert not await waker.wake(provider, 0.3)
    assert ear.heard()
    assert not waker.is_waking("attic")


async def test_what_was_up_a_moment_ago_is_looked_at_anew(attic: Any) -> None:
    """The monitor still shows it as up: three failures make it down."""
    host, provider, monitor, waker, _ = attic
    await host.fault("kill")
    assert monitor.host("attic").state == "up"
    task = waker.wake(provider, 0.2)
    assert not await task


async def test_without_an_address_there_is_nothing_to_wake(attic: Any) -> None:
    _, provider, _, waker, _ = attic
    with pytest.raises(CannotWake, match="no macAddress") as caught:
        waker.wake(provider.model_copy(update={"mac_address": None}), 1)
    assert caught.value.advice
