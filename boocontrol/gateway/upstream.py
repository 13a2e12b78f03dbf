"""The only file that sends a wire id, and with `headers` the only one that puts a host's key on the wire (aiohttp)."""

from __future__ import annotations

import socket
import ssl
import time
from types import SimpleNamespace
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from multidict import CIMultiDict
from yarl import URL

from boocontrol.core.registry import Provider
from boocontrol.core.resolver import Route
from boocontrol.gateway.body import pieces
from boocontrol.gateway.errors import Trouble
from boocontrol.hosts.dial import addresses

CONNECT_S: Final = 2.0
RETRY_AFTER_S: Final = 5
STALE_S: Final = 1.0
# Name look-up, connection and TLS together; sock_connect limits each address that the name has.
_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, connect=3 * CONNECT_S, sock_connect=CONNECT_S, sock_read=None)


# Ten pictures of 16 MiB as base64; what is larger is no answer that a client could use.
ANSWER_CAP: Final = 256 * 1024 * 1024
SMALL_CAP: Final = 8 * 1024 * 1024


async def whole_body(answer: aiohttp.ClientResponse, provider: Provider, cap: int) -> bytes:
    """An answer that must be held whole, in bytes. Raises Trouble past `cap`, aiohttp's errors when it breaks off."""
    body = bytearray()
    while piece := await answer.content.readany():
        body += piece
        if len(body) > cap:
            answer.close()
            text = f"The answer of provider {provider.id} is larger than {cap // 1024 // 1024} MiB."
            raise Trouble(502, "upstream_too_large", text)
    return bytes(body)


class Upstream:
    """Connections to all hosts: pooled, without limits, cookies, redirects, proxies or decompression."""

    def __init__(self) -> None:
        self._pooled: aiohttp.ClientSession | None = None
        self._fresh: aiohttp.ClientSession | None = None
        self._contexts: dict[str, ssl.SSLContext] = {}

    async def post(
        self, route: Route, path: str, headers: CIMultiDict[str], parts: tuple[bytes, ...]
    ) -> aiohttp.ClientResponse:
        """Send a request and wait for the head of the answer, as long as that takes. Raises Trouble.

        A pooled connection that turns out dead before a byte of an answer is replaced once, silently. One that
        breaks later was alive when the request went out, and the host may have worked on it: that is not repeated.
        """
        reused = SimpleNamespace(reused=False)
        began = time.monotonic()
        try:
            return await self._send(self._sessions()[0], "POST", route.url(path), route, headers, parts, reused)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as e:
            if isinstance(e, aiohttp.ClientConnectorError):
                raise offline(route.provider, e) from None
            if not reused.reused or time.monotonic() - began > STALE_S:
                raise broke_off(route.provider) from None
        except (aiohttp.ClientError, TimeoutError) as e:
            raise offline(route.provider, e) from None
        return await self._again(route, path, headers, parts)

    async def get(self, route: Route, url: str, headers: CIMultiDict[str]) -> aiohttp.ClientResponse:
        """Read something small of a host, such as a ready model's props. Raises Trouble."""
        try:
            return await self._send(self._sessions()[1], "GET", url, route, headers, None, None)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientError, TimeoutError) as e:
            raise offline(route.provider, e) from None

    async def close(self) -> None:
        """Close every connection."""
        for session in (self._pooled, self._fresh):
            if session is not None:
                await session.close()

    async def _again(
        self, route: Route, path: str, headers: CIMultiDict[str], parts: tuple[bytes, ...]
    ) -> aiohttp.ClientResponse:
        try:
            return await self._send(self._sessions()[1], "POST", route.url(path), route, headers, parts, None)
        except aiohttp.ClientConnectorError as e:
            raise offline(route.provider, e) from None
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            raise broke_off(route.provider) from None
        except (aiohttp.ClientError, TimeoutError) as e:
            raise offline(route.provider, e) from None

    async def _send(
        self,
        session: aiohttp.ClientSession,
        method: str,
        url: str,
        route: Route,
        headers: CIMultiDict[str],
        parts: tuple[bytes, ...] | None,
        context: SimpleNamespace | None,
    ) -> aiohttp.ClientResponse:
        data: Any = None
        if parts is not None and len(parts) == 1:
            data = parts[0]
        elif parts is not None:
            headers = headers.copy()
            headers["Content-Length"] = str(sum(map(len, parts)))
            data = pieces(parts)
        return await session.request(
            method,
            URL(url, encoded=True),
            headers=headers,
            data=data,
            allow_redirects=False,
            ssl=self._tls(route.provider),
            trace_request_ctx=context,
        )

    def _sessions(self) -> tuple[aiohttp.ClientSession, aiohttp.ClientSession]:
        if self._pooled is None or self._fresh is None:
            trace = aiohttp.TraceConfig()
            trace.on_connection_reuseconn.append(_note_reuse)
            names = _Names()
            self._pooled = _session(aiohttp.TCPConnector(limit=0, keepalive_timeout=30, resolver=names), [trace])
            self._fresh = _session(aiohttp.TCPConnector(limit=0, force_close=True, resolver=names), [])
        return self._pooled, self._fresh

    def _tls(self, provider: Provider) -> ssl.SSLContext | bool:
        """One context for all hosts, but for those that name an own authority or switch the check off."""
        if not provider.verify_tls:
            return False
        if provider.ca_file is None:
            return True
        if provider.ca_file not in self._contexts:
            try:
                self._contexts[provider.ca_file] = ssl.create_default_context(cafile=provider.ca_file)
            except (OSError, ssl.SSLError):
                text = f"The caFile of provider {provider.id} cannot be read. Correct it in the registry."
                raise Trouble(503, "provider_offline", text) from None
        return self._contexts[provider.ca_file]


class _Names(AbstractResolver):
    """Names looked up as the monitor does it: one that hangs holds up no other."""

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        """The addresses of a name."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in await addresses(host)
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _session(connector: aiohttp.TCPConnector, traces: list[aiohttp.TraceConfig]) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        timeout=_TIMEOUT,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=True,  # we ask for no encoding; a host that encodes all the same must not reach the client so
        trust_env=False,
        trace_configs=traces,
        max_line_size=64 << 10,
        max_field_size=64 << 10,
        middlewares=(),
    )


async def _note_reuse(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
    if context.trace_request_ctx is not None:
        context.trace_request_ctx.reused = True


def offline(provider: Provider, error: BaseException) -> Trouble:
    """Nobody answers at the provider's address."""
    why = _why(error)
    text = f"The provider {provider.id} is offline: {why}. Start the host, or choose a model of another provider."
    return Trouble(503, "provider_offline", text, retry_after=RETRY_AFTER_S)


def _why(error: BaseException) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its TLS certificate is not trusted"
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return "it does not speak TLS"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name is not known"
    if isinstance(error, TimeoutError):
        return "it does not answer within two seconds"
    if isinstance(error, (aiohttp.ClientResponseError, aiohttp.InvalidURL)):
        return "what answers there does not speak HTTP"
    return "nobody listens at its address"


def broke_off(provider: Provider) -> Trouble:
    """The host closed the connection without an answer."""
    text = f"The provider {provider.id} closed the connection before it answered. See the host's log."
    return Trouble(502, "upstream_failed", text)
