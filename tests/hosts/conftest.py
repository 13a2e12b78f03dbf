"""Real servers on loopback for the room hosts: the simulated llama-swap, and one that answers whatever a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from boocontrol.core.catalog import ModelEntry, ProviderEntry
from boocontrol.core.registry import Provider, Registry
from boocontrol.core.secrets import MemoryStore
from boocontrol.demo.config import HostConfig
from boocontrol.demo.host import SimHost
from boocontrol.hosts.http import TlsContexts
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.monitor import Monitor
from boocontrol.hosts.watch import Watch

Said = web.Response | Callable[[web.Request], Awaitable[web.StreamResponse]]


def text(body: str, status: int = 200) -> web.Response:
    return web.Response(text=body, status=status)


def page(body: str = "<!DOCTYPE html><title>Some page</title>") -> web.Response:
    return web.Response(text=body, content_type="text/html")


def json(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status)


def models(*ids: str, **more: Any) -> web.Response:
    return json({"object": "list", "data": [{"id": i, "object": "model", **more} for i in ids]})


class FakeHost:
    """Answers by `says[path]`, a response or a handler; anything else is a plain 404."""

    def __init__(self) -> None:
        self.says: dict[str, Said] = {}
        self.requests: list[web.BaseRequest] = []
        self.asked = asyncio.Event()
        self._runner: web.ServerRunner | None = None
        self.scheme = "http"
        self.port = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [r.path_qs for r in self.requests]

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=tls).start()
        self.scheme = "https" if tls else "http"
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        self.asked.set()
        said = self.says.get(request.path, None)
        if said is None:
            return text("404 page not found", 404)
        if isinstance(said, web.Response):  # a response can be sent once only
            return web.Response(body=said.body, status=said.status, headers=said.headers)
        return await said(request)  # type: ignore[arg-type]


class Clock:
    """Unix time in the hands of a test."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    """Makes servers, monitors and watches, and closes all of them."""

    stack: AsyncExitStack
    store: MemoryStore = field(default_factory=MemoryStore)
    changes: list[str] = field(default_factory=list)
    in_flight: dict[str, int] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.keys = Keys(self.store)

    async def sim(self, config: HostConfig) -> SimHost:
        host = SimHost(config)
        await host.start()
        self.stack.push_async_callback(host.stop)
        return host

    async def fake(self, tls: ssl.SSLContext | None = None) -> FakeHost:
        host = FakeHost()
        await host.start(tls)
        self.stack.push_async_callback(host.stop)
        return host

    async def raw(self, talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> int:
        """A TCP server that does as the test says; its port."""

        async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await talk(reader, writer)
            finally:
                writer.close()

        server = await asyncio.start_server(run, "127.0.0.1", 0)
        self.stack.callback(server.close)
        return int(server.sockets[0].getsockname()[1])

    def monitor(self, *providers: Provider) -> Monitor:
        monitor = Monitor(
            self.keys,
            in_flight=lambda p: self.in_flight.get(p, 0),
            on_change=self.changes.append,
            clock=self.clock,
            random=lambda: 0.0,
        )
        self.stack.push_async_callback(monitor.stop)
        monitor.apply(Registry(providers=providers))
        return monitor

    def watch(self, provider: Provider) -> Watch:
        """A watch that looks only when the test says so."""
        watch = Watch(
            provider,
            self.keys,
            TlsContexts(),
            in_flight=lambda p: self.in_flight.get(p, 0),
            arrived=lambda *_: None,
            clock=self.clock,
            random=lambda: 0.0,
        )
        self.stack.push_async_callback(watch.stop)
        return watch


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts get 0.3 s to answer instead of five."""
    monkeypatch.setattr("boocontrol.hosts.http.READ_S", 0.3)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield House(stack)


def entry(monitor: Monitor, provider_id: str) -> ProviderEntry:
    return monitor.catalog().by_id[provider_id]


def model(monitor: Monitor, ref: str) -> ModelEntry:
    return next(m for m in monitor.catalog().models() if m.ref == ref)


def has(monitor: Monitor, ref: str) -> bool:
    return any(m.ref == ref for m in monitor.catalog().models())
