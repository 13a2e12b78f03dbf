"""A simulated host that is quick to load, a client for it, and its events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest

from boocontrol.demo import HostConfig, ModelConfig, SimHost

QUICK: dict[str, Any] = {"clock": 0.01, "pace": 0.002}
Start = Callable[..., AbstractAsyncContextManager["Simulated"]]


class Simulated:
    """A running host and a client for it."""

    def __init__(self, host: SimHost, client: httpx.AsyncClient) -> None:
        self.host = host
        self.client = client

    async def chat(self, model: str, path: str = "/v1/chat/completions", **more: Any) -> httpx.Response:
        body = {"model": model, "messages": [{"role": "user", "content": "hi"}], **more}
        return await self.client.post(path, json=body)

    async def switch(self, **fault: Any) -> dict[str, Any]:
        response = await self.client.post(f"{self.host.fault_url}/__demo__/fault", json=fault)
        assert response.status_code == 200, response.text
        described: dict[str, Any] = response.json()
        return described

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
        """(type, data) as they come; ends with the stream."""
        async with self.client.stream("GET", "/api/events") as response:
            assert response.status_code == 200
            yield _decoded(response)


async def _decoded(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    async for line in response.aiter_lines():
        if line.startswith("data:"):
            message = json.loads(line[5:])
            yield message["type"], json.loads(message["data"])


async def until(events: AsyncIterator[tuple[str, Any]], fits: Callable[[str, Any], bool]) -> Any:
    """The data of the first event that fits; five seconds at most."""
    async with asyncio.timeout(5):
        async for kind, data in events:
            if fits(kind, data):
                return data
    raise AssertionError("the stream ended")


@pytest.fixture
def simulate() -> Start:
    """`async with simulate(version="190") as sim`; one model, `m`, unless `models` says otherwise."""

    @asynccontextmanager
    async def start(**config: Any) -> AsyncIterator[Simulated]:
        config.setdefault("models", (ModelConfig("m", aliases=("alias",)),))
        host = SimHost(HostConfig(**{**QUICK, **config}))
        await host.start()
        try:
            async with httpx.AsyncClient(base_url=host.url, timeout=10, trust_env=False) as client:
                yield Simulated(host, client)
        finally:
            await host.stop()

    return start
