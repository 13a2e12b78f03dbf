"""HTTP to one gateway: its key on every request, foreign exceptions translated, no proxies, no redirects."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from boocontrol import __version__
from boocontrol.client.errors import closed, from_answer, unreachable, unreadable

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

CONNECT_S = 3.0
ANSWER_S = 30.0
CLOSE_S = 2.0
LONGEST_ERROR = 1 << 20


@dataclass(frozen=True)
class Versioned(Generic[T]):
    """A value and the ETag under which it may be replaced."""

    value: T
    etag: str


class Transport:
    """Requests to one gateway. The key is sent as it is given and shown nowhere."""

    def __init__(self, url: str, key: SecretStr | None, *, source: str) -> None:
        self.url = url.rstrip("/")
        headers = {"User-Agent": f"boocontrol/{__version__}", "X-Boo-Source": source}
        self._http = httpx.AsyncClient(
            headers=headers,
            trust_env=False,
            follow_redirects=False,
            verify=_verify(self.url),
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
        )
        self._closed = False
        self._asking: dict[asyncio.Timeout, asyncio.Future[None]] = {}
        if key is not None:
            self.use(key)

    def use(self, key: SecretStr) -> None:
        """Send this key from now on."""
        self._http.headers["Authorization"] = f"Bearer {key.get_secret_value()}"

    def __repr__(self) -> str:
        return f"Transport({self.url!r})"

    async def aclose(self) -> None:
        """Close all connections. What is being asked ends with Unreachable."""
        self._closed = True
        now = asyncio.get_running_loop().time()
        for limit in self._asking:
            limit.reschedule(now)
        if self._asking:
            await asyncio.wait(self._asking.values(), timeout=CLOSE_S)
        await self._http.aclose()

    @asynccontextmanager
    async def _until_closed(self) -> AsyncIterator[None]:
        """Ends what is inside when the client is closed: httpx would leave a socket that is being opened open."""
        if self._closed:
            raise closed()
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._asking[limit] = ended
                yield
        except (httpx.HTTPError, httpx.InvalidURL) as e:
            raise unreachable(self.url, e) from e
        except TimeoutError:
            if not limit.expired():
                raise
            raise closed() from None
        finally:
            self._asking.pop(limit, None)
            ended.cancel()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        etag: str | None = None,
        params: Mapping[str, str | int] | None = None,
        answer_s: float = ANSWER_S,
    ) -> httpx.Response:
        """Send a request and return its answer of the 200s. Raises BooError for anything else."""
        headers = {} if etag is None else {"If-Match": etag}
        timeout = httpx.Timeout(answer_s, connect=CONNECT_S)
        async with self._until_closed():
            response = await self._http.request(
                method, self.url + path, json=body, headers=headers, params=params, timeout=timeout
            )
        if not response.is_success:
            raise from_answer(response.status_code, response.content, self.url)
        return response

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        silence_s: float | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """An answer of the 200s, its body unread. `silence_s` is how long it may say nothing; None is for ever."""
        timeout = httpx.Timeout(silence_s, connect=CONNECT_S)
        sent = {"Accept": "text/event-stream", **(headers or {})}
        async with self._until_closed():
            request = self._http.build_request(method, self.url + path, json=body, headers=sent, timeout=timeout)
            response = await self._http.send(request, stream=True)
        try:
            if not response.is_success:
                raise from_answer(response.status_code, await _start(response), self.url)
            yield response
        except (httpx.HTTPError, httpx.InvalidURL) as e:
            raise unreachable(self.url, e) from e
        finally:
            await response.aclose()

    async def value(self, kind: type[M], path: str) -> M:
        """GET a value of a known shape."""
        return self.read(kind, await self.ask("GET", path))

    def read(self, kind: type[M], response: httpx.Response) -> M:
        """The answer as a value of a known shape. Raises Unreachable for another shape."""
        try:
            return kind.model_validate_json(response.content, strict=True)
        except ValidationError:
            raise unreadable(kind.__name__, self.url) from None

    def read_object(self, response: httpx.Response) -> Versioned[dict[str, Any]]:
        """The answer as a JSON object and its ETag."""
        try:
            value = response.json()
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise unreadable("what was asked", self.url)
        return Versioned(value, response.headers.get("etag", ""))


async def _start(response: httpx.Response) -> bytes:
    """The first part of an error's body: as much as any error of the gateway holds."""
    data = b""
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > LONGEST_ERROR:
            break
    return data


def _verify(url: str) -> ssl.SSLContext | bool:
    """Certificates are loaded for https only: it costs 20 ms and nearly every gateway is on loopback.

    The context for http trusts nobody, so that an https address could not slip through it.
    """
    return True if url.lower().startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
