"""What answers behind a host: a scripted model server, or one over HTTP (llama.cpp, a peer)."""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import aiohttp
import multidict
import yarl

from boocontrol.demo.wire import Headers, end_to_end


@dataclass(frozen=True)
class Outgoing:
    """A request as the model server gets it; headers in the order Go sends them."""

    method: str
    target: str
    headers: Headers
    body: bytes
    added_gzip: bool = False


@dataclass(frozen=True)
class Reply:
    """An answer: a body of known bytes, or pieces as they come."""

    status: int
    headers: Headers
    body: bytes | AsyncGenerator[bytes, None]


class Gone(Exception):
    """The other side could not be reached, or broke off."""


class Backend(Protocol):
    """Answers requests; `close` hangs up or ends it."""

    def send(self, request: Outgoing) -> AbstractAsyncContextManager[Reply]: ...
    async def close(self) -> None: ...


class HttpBackend:
    """Passes requests on over HTTP, streaming; leaving the context hangs up."""

    def __init__(self, url: str) -> None:
        self._base = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    @property
    def address(self) -> str:
        parsed = yarl.URL(self._base)
        return f"{parsed.host}:{parsed.port}"

    @asynccontextmanager
    async def send(self, request: Outgoing) -> AsyncIterator[Reply]:
        """Raises Gone when nobody answers."""
        try:
            response = await self._ask(request)
        except aiohttp.ClientConnectorError as error:
            raise Gone(f"dial tcp {self.address}: connect: connection refused") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Gone("EOF") from error
        try:
            headers = end_to_end((name, value) for name, value in response.headers.items())
            unzip = request.added_gzip and response.headers.get("Content-Encoding") == "gzip"
            if unzip:
                # Go unpacks what it asked for by itself.
                packed = ("Content-Encoding", "Content-Length")
                headers = [item for item in headers if item[0] not in packed]
            yield Reply(response.status, headers, _pieces(response, unzip))
        finally:
            response.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, request: Outgoing) -> aiohttp.ClientResponse:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, force_close=True),
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            )
        headers = [item for item in request.headers if item[0].lower() != "content-length"]
        return await self._session.request(
            request.method,
            yarl.URL(self._base + request.target, encoded=True),
            headers=multidict.CIMultiDict(headers),
            data=request.body or None,
            allow_redirects=False,
        )


async def _pieces(response: aiohttp.ClientResponse, unzip: bool) -> AsyncGenerator[bytes, None]:
    unpacker = zlib.decompressobj(wbits=31) if unzip else None
    try:
        async for piece in response.content.iter_any():
            data = unpacker.decompress(piece) if unpacker else piece
            if data:
                yield data
    except (aiohttp.ClientError, OSError) as error:
        raise Gone(str(error)) from error
