"""HTTP to one host: bounded in time and size, never redirected, the key only to its own origin."""

from __future__ import annotations

import asyncio
import json
import math
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import certifi
import httpcore
import httpx
import msgspec
from pydantic import SecretStr

from boocontrol.core.errors import Unreachable
from boocontrol.core.registry import Provider
from boocontrol.core.urls import origin
from boocontrol.hosts.dial import Dialer
from boocontrol.hosts.errors import BadAnswer, HostRefused, key_refused, place, redirected, translate, unexpected

CAP: Final = 8 * 1024 * 1024
ERROR_CAP: Final = 64 * 1024
CONNECT_S: Final = 2.0
READ_S: Final = 5.0
TOTAL_S: Final = 15.0
# Longer than the longest pause between two looks, so that a host is asked over one connection.
KEEPALIVE_S: Final = 50.0
_TRIES: Final = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, as bytes."""

    url: str
    status: int
    content_type: str
    body: bytes

    @property
    def absent(self) -> bool:
        """True when the endpoint does not exist there: llama-swap says so in plain text, its own 404s in JSON."""
        return self.status in (404, 405, 501)

    @property
    def is_page(self) -> bool:
        """True when a web page came."""
        return "html" in self.content_type or self.body[:64].lstrip().lower().startswith((b"<!doctype", b"<html"))

    def json(self) -> Any:
        """The body's JSON. Raises BadAnswer."""
        if self.is_page:
            title = f"A web page answers at {self._name}, not a model server."
            raise BadAnswer(title, "Check the address, its port and its path.", code="web_page")
        body = self.body.removeprefix(b"\xef\xbb\xbf")
        try:
            return _decoded(body)
        except (ValueError, RecursionError):
            raise BadAnswer(f"What {self._name} answers is not JSON.", "Check what listens there.") from None

    def check(self) -> Answer:
        """The answer itself when its status is good. Raises BadAnswer, or Unreachable when a proxy says so."""
        if 200 <= self.status < 300:
            return self
        if self.status == 400 and b"HTTPS server" in self.body[:200]:
            raise Unreachable(f"{place(self.url)} speaks TLS.", "Type https:// instead of http://.", code="wants_tls")
        raise unexpected(self.status, self.url)

    @property
    def _name(self) -> str:
        return place(self.url) + httpx.URL(self.url).path


class TlsContexts:
    """TLS settings. The usual ones are made once, for the first https host: they cost 15 ms and 0.8 MB each."""

    def __init__(self) -> None:
        self._usual: ssl.SSLContext | None = None
        self._none: ssl.SSLContext | None = None

    def of(self, base_url: str, *, verify: bool = True, ca_file: str | None = None) -> ssl.SSLContext:
        """The context for a host. Raises Unreachable when its caFile cannot be used."""
        if not base_url.startswith("https://"):
            self._none = self._none or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, is never used
            return self._none
        if not verify:
            blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            blind.check_hostname = False
            blind.verify_mode = ssl.CERT_NONE
            return blind
        if ca_file is not None:
            return self._special(ca_file)
        self._usual = self._usual or self._make()
        return self._usual

    @staticmethod
    def _make() -> ssl.SSLContext:
        """The system's authorities, where companies put their own, and the public ones."""
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context

    @staticmethod
    def _special(ca_file: str) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=ca_file)
        except OSError as e:
            title = f"The certificate file {ca_file} cannot be used."
            raise Unreachable(title, "Name a PEM file that can be read.", code="ca_file") from e


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's transport over our way to the network, for which httpx has no parameter."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=2,
            keepalive_expiry=KEEPALIVE_S,
            network_backend=Dialer(),
        )


class HostHttp:
    """The connection to one host. `key` may be set anew at any time; it never shows in a text."""

    def __init__(self, provider: Provider, contexts: TlsContexts, key: SecretStr | None = None) -> None:
        self.base_url = provider.base_url
        self.key = key
        self.ahead_s = 0.0
        """How far the host's clock is ahead of ours, by its last answer; less than two seconds count as none."""
        context = contexts.of(provider.base_url, verify=provider.verify_tls, ca_file=provider.ca_file)
        self._client = httpx.AsyncClient(
            transport=_Transport(context),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
            headers=[(name.encode(), text.encode()) for name, text in provider.headers.items()],
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get(self, path: str, *, cap: int = CAP, within: float = TOTAL_S) -> Answer:
        """GET, asked a second time when a kept connection turns out dead.

        Raises Unreachable (also for a redirect), HostRefused for 401 and 403, BadAnswer for too much.
        """
        return await self._request("GET", path, cap, within, httpx.Timeout(READ_S, connect=CONNECT_S))

    async def act(self, method: str, path: str, *, wait: float | None) -> Answer:
        """A request that makes the host do something: sent once, and waited for. Raises as `get` does."""
        timeout = httpx.Timeout(wait, connect=CONNECT_S)
        return await self._request(method, path, CAP, wait, timeout, tries=1)

    async def touch(self, path: str) -> Answer:
        """GET without a limit of time whose answer only tells that the wait is over; it is read only if it is an error.

        Raises Unreachable, and HostRefused for a key that cannot be sent.
        """
        url = self.base_url + path
        headers = self._headers(url) | {"Accept-Encoding": "gzip"}  # llama.cpp's page comes in no other way
        timeout = httpx.Timeout(None, connect=CONNECT_S)
        try:
            async with self._client.stream("GET", url, headers=headers, timeout=timeout) as response:
                body = await _beginning(response) if response.status_code >= 400 else b""
                return Answer(url, response.status_code, response.headers.get("content-type", ""), body)
        except (httpx.LocalProtocolError, UnicodeError) as e:
            raise translate(e, url) from None
        except (httpx.HTTPError, httpx.InvalidURL) as e:
            raise translate(e, url) from e

    @asynccontextmanager
    async def follow(self, path: str, kind: str = "text/event-stream") -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of an event stream (or another `kind`) as they come, without a limit of time, not even to its head.

        Raises as `get` does, BadAnswer also when it is no such stream; its status tells a missing one (404).
        """
        url = self.base_url + path
        timeout = httpx.Timeout(None, connect=CONNECT_S)
        try:
            async with self._open("GET", url, timeout, kind) as response:
                if response.status_code != 200:
                    raise unexpected(response.status_code, url)
                if kind not in response.headers.get("content-type", ""):
                    what = "events" if kind == "text/event-stream" else "log"
                    raise BadAnswer(f"{place(url)} sends no {what}.", "Check the proxy in front.")
                yield response.aiter_raw()
        except (httpx.LocalProtocolError, UnicodeError) as e:
            raise translate(e, url) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as e:
            raise translate(e, url) from e

    async def _request(
        self, method: str, path: str, cap: int, within: float | None, timeout: httpx.Timeout, tries: int = _TRIES
    ) -> Answer:
        url = self.base_url + path
        for left in reversed(range(tries)):
            try:
                async with asyncio.timeout(within), self._open(method, url, timeout) as response:
                    return await _read(response, url, cap)
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as e:
                if not left:
                    raise translate(e, url) from e
            except (httpx.LocalProtocolError, UnicodeError) as e:
                raise translate(e, url) from None  # its text quotes the header
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as e:
                raise translate(e, url) from e
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def _open(
        self, method: str, url: str, timeout: httpx.Timeout, accept: str = "application/json"
    ) -> AsyncIterator[httpx.Response]:
        headers = self._headers(url) | {"Accept": accept}
        async with self._client.stream(method, url, headers=headers, timeout=timeout) as response:
            if response.is_redirect or response.status_code in (301, 302, 303, 307, 308):
                raise redirected(url, response.headers.get("location", ""))
            if response.status_code in (401, 403):
                raise key_refused(url, sent="Authorization" in headers, status=response.status_code)
            self.ahead_s = _ahead(response.headers.get("date", ""))
            yield response

    def _headers(self, url: str) -> dict[str, str]:
        # Not compressed: llama-swap does not, and what a proxy packs small may unpack to anything.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "boocontrol"}
        if self.key is not None and origin(url) == origin(self.base_url):
            headers["Authorization"] = f"Bearer {sendable(self.key)}"
        return headers


def _ahead(date: str) -> float:
    """Seconds by which a Date header is ahead of now: it tells whole seconds, and took a moment to come."""
    try:
        ahead = parsedate_to_datetime(date).timestamp() + 0.5 - time.time()
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return ahead if abs(ahead) >= 2.0 else 0.0


def sendable(key: SecretStr) -> str:
    """The key's text. Raises HostRefused for what HTTP cannot carry: the libraries below would log it."""
    text = key.get_secret_value()
    if text.isascii() and text.isprintable():
        return text
    raise HostRefused("The stored key holds characters that cannot be sent.", "Store it anew.", code="bad_key")


def _decoded(body: bytes) -> Any:
    """The value of a JSON text. Raises ValueError, RecursionError.

    msgspec refuses a whole document for one number that no float holds (1e999), so Python's own reader, ten times
    slower, has the last word: for it, such a number is unknown.
    """
    try:
        return msgspec.json.decode(body)
    except msgspec.ValidationError:
        return json.loads(body.decode(), parse_float=_finite, parse_constant=_no_number)


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


async def _beginning(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > ERROR_CAP:
            break
    return bytes(body)


async def _read(response: httpx.Response, url: str, cap: int) -> Answer:
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise BadAnswer(f"{place(url)} sends compressed answers that nobody asked for.", "Check the proxy in front.")
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > cap:
            mib = cap / 1024 / 1024
            raise BadAnswer(f"The answer of {place(url)} is larger than {mib:g} MiB.", "Check what listens there.")
    return Answer(url, response.status_code, response.headers.get("content-type", ""), bytes(body))
