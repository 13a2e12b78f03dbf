"""A whole gateway on loopback, in the test's own event loop, before real (simulated) hosts."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from boocontrol.core import Settings, load_registry
from boocontrol.core.secrets import MemoryStore
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.demo.host import SimHost
from boocontrol.gateway.app import GatewayApp
from boocontrol.gateway.serve import _config, bind, url_of
from boocontrol.gateway.state import GatewayState
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.monitor import Monitor

KEY = "test-gateway-key"
CHAT = "/v1/chat/completions"


async def no_control(scope: Any, receive: Any, send: Any) -> None:
    """Stands where the control API would: it has tests of its own."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"control"})


class Gateway:
    """One running gateway: its state to look into and change, and a client for it."""

    def __init__(self, state: GatewayState, monitor: Monitor, app: GatewayApp, client: httpx.AsyncClient) -> None:
        self.state = state
        self.monitor = monitor
        self.app = app
        self.client = client
        self.url = state.url

    def set(self, **settings: Any) -> None:
        """Change settings in force."""
        self.state.settings = Settings(**settings)

    async def known(self, *refs: str) -> None:
        """Wait until the inventory lists these refs."""
        await self.monitor.wait_for(lambda: set(refs) <= {m.ref for m in self.state.catalog.models()}, 5)

    async def found(self, provider_id: str, state: str) -> None:
        """Wait until a host is in a state, looking as often as it takes."""

        def so() -> bool:
            self.monitor.refresh(provider_id)
            return self.state.catalog.by_id[provider_id].state == state

        await self.monitor.wait_for(so, 10)

    async def chat(self, model: str, path: str = CHAT, **more: Any) -> httpx.Response:
        """One request, not streamed unless asked."""
        body = {"model": model, "messages": [{"role": "user", "content": "hi"}], **more}
        return await self.client.post(path, json=body)


@asynccontextmanager
async def running(path: Path, document: dict[str, Any], keys: dict[str, str] | None = None) -> AsyncIterator[Gateway]:
    """A gateway on this registry."""
    path.write_text(json.dumps(document))
    key_reader = Keys(MemoryStore(keys))
    monitor = Monitor(key_reader, in_flight=lambda p: state.in_flight.count(p), on_change=lambda p: None)
    state = GatewayState(
        loaded=load_registry(path, {}),
        settings=Settings(),
        inventory=monitor,
        keys=key_reader,
        key=KEY,
        loopback=True,
        instance_id="test",
        version="0",
        started_at=time.time(),
    )
    app = GatewayApp(state, no_control)
    sock = bind("127.0.0.1", 0)
    state.url = url_of(sock)
    server = uvicorn.Server(_config(app))
    serving = asyncio.create_task(server._serve([sock]))
    monitor.apply(state.registry)
    try:
        async with httpx.AsyncClient(base_url=state.url, timeout=20, trust_env=False) as client:
            yield Gateway(state, monitor, app, client)
    finally:
        app.drain()
        server.should_exit = True
        await serving
        await monitor.stop()
        await app.close()


def models(*ids: str, **more: Any) -> tuple[ModelConfig, ...]:
    """Models that load at once."""
    return tuple(ModelConfig(i, **more) for i in ids)


QUICK: dict[str, Any] = {"clock": 0.01, "pace": 0.001}


class House:
    """A gateway and its hosts."""

    def __init__(self, gateway: Gateway, hosts: dict[str, SimHost]) -> None:
        self.gateway = gateway
        self.hosts = hosts

    def __getitem__(self, name: str) -> SimHost:
        return self.hosts[name]


Start = Callable[..., Any]


@pytest.fixture
def house(tmp_path: Path) -> Start:
    """`async with house(den=HostConfig(...), mac=...) as h`: hosts by provider id, and a gateway before them."""

    @asynccontextmanager
    async def start(
        *, entries: dict[str, dict[str, Any]] | None = None, keys: dict[str, str] | None = None, **configs: HostConfig
    ) -> AsyncIterator[House]:
        named = [config.__class__(**{**vars(config), "name": name}) for name, config in configs.items()]
        async with Fleet(named) as fleet:
            providers = [
                {"id": name, "baseUrl": host.url, **(entries or {}).get(name, {})} for name, host in fleet.hosts.items()
            ]
            extra = [{"id": i, **e} for i, e in (entries or {}).items() if i not in fleet.hosts]
            document = {"providers": providers + extra}
            async with running(tmp_path / "providers.json", document, keys) as gateway:
                yield House(gateway, fleet.hosts)

    return start


@pytest.fixture
def dead_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def events_of(text: str) -> list[Any]:
    """The data of a stream's events; [DONE] as it stands."""
    lines = [line[5:].strip() for line in text.split("\n") if line.startswith("data:")]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]
