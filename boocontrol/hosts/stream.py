"""An open TCP connection as httpcore wants it, on asyncio's own streams.

httpcore's own is made for two event loops, and each read and write of it takes several turns of the loop. Hosts tell
twenty events a second, so here that is most of what following them costs.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


async def connect(
    address: str, port: int, local_address: str | None, options: Iterable[SocketOption] | None
) -> TcpStream:
    """A connection to an address. Raises httpcore.ConnectError, its cause says why."""
    try:
        local = None if local_address is None else (local_address, 0)
        reader, writer = await asyncio.open_connection(address, port, local_addr=local)
    except OSError as e:
        raise httpcore.ConnectError(str(e)) from e
    sock: socket.socket = writer.get_extra_info("socket")
    for option in options or ():
        sock.setsockopt(*option)
    return TcpStream(reader, writer)


class TcpStream(httpcore.AsyncNetworkStream):
    """One connection, plain at first."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, b"" at the end. Raises httpcore.ReadTimeout and httpcore.ReadError."""
        try:
            if timeout is None:
                return await self._reader.read(max_bytes)
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)
        except TimeoutError as e:
            raise httpcore.ReadTimeout(str(e)) from e
        except (OSError, RuntimeError) as e:
            raise httpcore.ReadError(str(e)) from e

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it. Raises httpcore.WriteTimeout and httpcore.WriteError."""
        if not buffer:
            return
        try:
            self._writer.write(buffer)
            async with asyncio.timeout(timeout):
                await self._writer.drain()
        except TimeoutError as e:
            raise httpcore.WriteTimeout(str(e)) from e
        except (OSError, RuntimeError) as e:
            raise httpcore.WriteError(str(e)) from e

    async def aclose(self) -> None:
        """Close it; nobody waits for the other side."""
        self._writer.close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted from here on. Raises httpcore.ConnectError and httpcore.ConnectTimeout."""
        try:
            async with asyncio.timeout(timeout):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except TimeoutError as e:
            self._writer.transport.abort()
            raise httpcore.ConnectTimeout(str(e)) from e
        except (OSError, RuntimeError) as e:
            self._writer.transport.abort()
            raise httpcore.ConnectError(str(e)) from e
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection: whether something waits in it that nobody asked for, among others."""
        if info == "is_readable":
            return self._reader.at_eof() or self._has_waiting()
        name = {"client_addr": "sockname", "server_addr": "peername"}.get(info, info)
        return self._writer.get_extra_info(name)

    def _has_waiting(self) -> bool:
        waiting: bytearray = self._reader._buffer  # type: ignore[attr-defined]  # it has no public name
        return bool(waiting) or self._reader.exception() is not None or self._writer.is_closing()
