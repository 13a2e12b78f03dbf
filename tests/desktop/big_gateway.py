"""A gateway of many hosts as a process of its own, so that what it does is no burden on the panel that is measured.

    python tests/desktop/big_gateway.py [HOSTS MODELS DEAD EVENTS_PER_S CATALOGS_PER_S]

It speaks the control API as far as the panel reads it, prints one JSON object {"url", "key"} when it listens, and
ends when its standard input does. Host events go round all hosts; each catalog has another model ready, and hosts
come and go.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

KEY = "key-of-the-big-gateway"
HEARTBEAT_S = 15.0
FAMILIES = ("qwen3.5", "gemma-3", "gpt-oss", "mistral-small", "qwen3-coder")
BEGAN = datetime.now(UTC)
Json = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much there is, and how often it changes."""

    hosts: int = 100
    models: int = 50
    dead: int = 60
    events_per_s: float = 20
    catalogs_per_s: float = 3


@dataclass(frozen=True)
class Running:
    """Where it listens."""

    url: str
    key: str


@contextmanager
def big_gateway(size: Size = Size()) -> Iterator[Running]:
    """Run it; it ends with the block."""
    numbers = [str(n) for n in (size.hosts, size.models, size.dead, size.events_per_s, size.catalogs_per_s)]
    process = subprocess.Popen(
        [sys.executable, __file__, *numbers], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin and process.stdout
    try:
        yield Running(**json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


class Fleet:
    """The values that it tells, as JSON. `turn` counts what changed."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.turn = 0
        self.looked_at = dict.fromkeys(range(size.hosts), 0)

    def look(self) -> int:
        """A host is looked at, and may have another model in memory since."""
        self.turn += 1
        n = self.turn % self.size.hosts
        self.looked_at[n] = self.turn
        return n

    def dead(self, n: int) -> bool:
        return n % 5 < self.size.dead * 5 // self.size.hosts

    def host(self, n: int) -> Json:
        base = {"id": f"host-{n:03}", "label": f"Host {n}", "kind": "llama-swap", "location": "local", "enabled": True}
        base |= {"oftenOff": False, "baseUrl": f"http://host-{n:03}:8080", "asOf": now()}
        if self.dead(n):
            return {**base, "state": "down", "reason": "It does not answer.", "since": now()}
        loaded = [{"ref": self.ref(n, m), "state": "ready"} for m in self.ready(n)]
        gpus = [{"id": 0, "name": "GPU", "memoryUsedMb": 9000.0 + self.turn % 99, "memoryTotalMb": 24576.0}]
        busy = (n + self.turn) % 7 == 0
        more = {"latencyMs": 3.0 + self.turn % 5, "version": "250", "loaded": loaded, "gpus": gpus}
        return {**base, "state": "busy" if busy else "up", "inFlight": int(busy), **more}

    def ready(self, n: int) -> tuple[int, ...]:
        return ((n + self.looked_at[n]) % self.size.models,)

    def ref(self, n: int, m: int) -> str:
        return f"host-{n:03}/{FAMILIES[m % 5]}-{m}b"

    def catalog(self) -> Json:
        hosts = range(self.size.hosts - self.turn % 2)  # the last host comes and goes
        return {"defaultProvider": "host-000", "providers": [self.provider(n) for n in hosts]}

    def provider(self, n: int) -> Json:
        ready = () if self.dead(n) else self.ready(n)
        models = [
            {
                "ref": self.ref(n, m),
                "wireId": self.ref(n, m).partition("/")[2],
                "name": f"{FAMILIES[m % 5].title()} {m}B",
                "description": "A model of some words, as configs have them",
                "state": "unknown" if self.dead(n) else "ready" if m in ready else "stopped",
                "aliases": [f"m{m}"],
                "contextLength": 32768,
                "contextSource": "meta",
                "capabilities": {"vision": False, "tools": True},
            }
            for m in range(self.size.models)
        ]
        base = {"id": f"host-{n:03}", "label": f"Host {n}", "asOf": self.as_of(n), "models": models}
        return {**base, "state": "down" if self.dead(n) else "up", "stale": self.dead(n)}

    def as_of(self, n: int) -> str:
        return (BEGAN + timedelta(seconds=self.looked_at[n])).isoformat()

    def status(self, url: str) -> Json:
        registry = {"path": "/nowhere/llama-providers.json", "source": "file", "stamp": "1"}
        counts = {"providers": self.size.hosts, "up": self.size.hosts - self.size.dead, "models": 5000, "inFlight": 1}
        about = {"version": "0.1.0", "instanceId": "big", "startedAt": now(), "uptimeS": 1.0, "url": url}
        return {**about, "registry": registry, "counts": counts}

    def document(self) -> Json:
        entries = [{"id": f"host-{n:03}", "baseUrl": f"http://host-{n:03}:8080"} for n in range(self.size.hosts)]
        return {"defaultProvider": "host-000", "providers": entries}


def now() -> str:
    return datetime.now(UTC).isoformat()


def frame(number: int, kind: str, data: Json) -> bytes:
    return f"id: big:{number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()


async def events(fleet: Fleet, url: str) -> AsyncIterator[bytes]:
    """A snapshot, then a host at a time and now and then the catalog, made before they are due."""
    hosts = [fleet.host(n) for n in range(fleet.size.hosts)]
    first = {"status": fleet.status(url), "hosts": hosts, "catalog": fleet.catalog(), "settings": {}}
    yield frame(0, "snapshot", first)
    began, number = time.monotonic(), 0
    every = 1 / fleet.size.events_per_s if fleet.size.events_per_s else 3600.0
    last_catalog = began
    while True:
        number += 1
        while (left := began + number * every - time.monotonic()) > HEARTBEAT_S:
            await asyncio.sleep(HEARTBEAT_S)
            yield b": \n\n"
        await asyncio.sleep(max(0.0, left))
        yield frame(number, "host", fleet.host(fleet.look()))
        if fleet.size.catalogs_per_s and time.monotonic() - last_catalog >= 1 / fleet.size.catalogs_per_s:
            last_catalog = time.monotonic()
            yield frame(number, "catalog", fleet.catalog())


def app(fleet: Fleet, url: str) -> Any:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response, StreamingResponse
    from starlette.routing import Route

    async def answer(request: Request) -> Response:
        path = request.url.path
        if path == "/api/events":
            return StreamingResponse(events(fleet, url), media_type="text/event-stream")
        if path == "/api/hosts":
            return JSONResponse({"hosts": [fleet.host(n) for n in range(fleet.size.hosts)]})
        if path.endswith("/history"):
            checks = [{"time": now(), "outcome": "ok", "latencyMs": 3.0} for _ in range(60)]
            return JSONResponse({"id": path.split("/")[3], "checks": checks})
        known = {
            "/healthz": {"status": "ok", "instanceId": "big", "version": "0.1.0"},
            "/api/status": fleet.status(url),
            "/api/models": fleet.catalog() if path == "/api/models" else None,
            "/api/settings": {"favorite_models": ["host-004/gemma-3-1b"]},
            "/api/providers": fleet.document(),
            "/api/activity": {"data": [], "total": 0},
        }
        if known.get(path) is not None:
            return JSONResponse(known[path], headers={"etag": '"1"'})
        error = {"message": f"There is nothing at {path}.", "type": "invalid_request_error", "code": "not_found"}
        return JSONResponse({"error": error, "advice": ""}, 404)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])])


async def main() -> None:
    import socket

    import uvicorn

    numbers = [float(n) for n in sys.argv[1:]]
    whole, rates = [int(n) for n in numbers[:3]], numbers[3:5]
    fleet = Fleet(Size(*whole, *rates))
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(app(fleet, url), log_level="critical", ws="none", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve([listener]))
    print(json.dumps({"url": url, "key": KEY}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.force_exit = server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(main())
