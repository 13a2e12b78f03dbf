"""From a name and port to an open connection: look the name up, then try its addresses a moment apart.

The standard look-up shares a handful of threads among everything in the process, so names that hang (a VPN that is
off, a dead name server) would hold up the hosts that are there. Here each name has a thread of its own.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from functools import partial
from typing import Final

import httpcore

from boocontrol.hosts.stream import SocketOption, TcpStream, connect
from boocontrol.hosts.tasks import spawn
from boocontrol.hosts.threads import in_thread

STAGGER_S: Final = 0.25
ADDRESSES: Final = 4

_asking: dict[tuple[str, asyncio.AbstractEventLoop], asyncio.Future[tuple[str, ...]]] = {}


async def addresses(host: str) -> tuple[str, ...]:
    """The addresses of a host name, best first; a literal is its own. Raises socket.gaierror."""
    if is_literal(host):
        return (host,)
    place = (host, asyncio.get_running_loop())
    asking = _asking.get(place)
    if asking is None:
        asking = _asking[place] = in_thread(partial(_look_up, host), "boocontrol-name")
        asking.add_done_callback(lambda _: _asking.pop(place, None))
    return await asyncio.shield(asking)


def is_literal(host: str) -> bool:
    """True for an IP address, which needs no look-up."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _look_up(host: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError:  # an empty or overlong label
        raise socket.gaierror(socket.EAI_NONAME, "not a name") from None
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))[:ADDRESSES]


class Dialer(httpcore.AsyncNetworkBackend):
    """httpcore's way to the network with our look-up of names."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises httpcore.ConnectError (its cause says why) and httpcore.ConnectTimeout."""
        try:
            async with asyncio.timeout(timeout):
                found = await addresses(host)
                return await self._first(found, port, local_address, socket_options)
        except TimeoutError as e:
            raise httpcore.ConnectTimeout(str(e)) from e
        except OSError as e:
            raise httpcore.ConnectError(str(e)) from e

    async def _first(
        self,
        found: tuple[str, ...],
        port: int,
        local_address: str | None,
        options: Iterable[SocketOption] | None,
    ) -> TcpStream:
        """The first address that answers. Each gets a head start before the next one is tried beside it."""
        if len(found) == 1:
            return await connect(found[0], port, local_address, options)
        waiting = list(found)
        tries: list[asyncio.Task[TcpStream]] = []
        winner: asyncio.Task[TcpStream] | None = None
        try:
            while winner is None:
                if waiting:
                    attempt = connect(waiting.pop(0), port, local_address, options)
                    tries.append(spawn(attempt, "connect", expected=(httpcore.ConnectError,)))
                await _moment(tries, STAGGER_S if waiting else None)
                winner = next((t for t in tries if t.done() and t.exception() is None), None)
                if winner is None and not waiting and all(t.done() for t in tries):
                    winner = tries[0]  # all failed: the first address tells why
            return winner.result()
        finally:
            await _close([t for t in tries if t is not winner])

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[SocketOption] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.UnsupportedProtocol("hosts are reached over TCP only")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _moment(tries: list[asyncio.Task[TcpStream]], limit: float | None) -> None:
    """Waits until one more attempt ends, or for its head start."""
    if running := [t for t in tries if not t.done()]:
        await asyncio.wait(running, timeout=limit, return_when=asyncio.FIRST_COMPLETED)


async def _close(tries: list[asyncio.Task[TcpStream]]) -> None:
    """Gives up the attempts that lost; one that got through all the same is closed."""
    for attempt in tries:
        attempt.cancel()
    for ended in await asyncio.gather(*tries, return_exceptions=True):
        if isinstance(ended, httpcore.AsyncNetworkStream):
            await ended.aclose()
