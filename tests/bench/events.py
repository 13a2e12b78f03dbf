"""What following events costs: 50 hosts with 20 events a second each, for a minute.

    python tests/bench/events.py [seconds]

The hosts are one process that plays frames from memory, the monitor is this one. Prints its share of one core, its
memory over time, and how many events reached the catalog.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from aiohttp import web

HOSTS, RATE, MODELS = 50, 20, 39
NAMES = [f"model-{n:02}" for n in range(MODELS)]


def frame(kind: str, data: object) -> bytes:
    text = json.dumps({"type": kind, "data": json.dumps(data)}, separators=(",", ":"))
    return f"event:message\ndata:{text}\n\n".encode()


def now_ready() -> int:
    """A swap every five seconds, on all hosts together."""
    return int(time.time() / 5) % MODELS


def states(ready: int) -> list[dict[str, object]]:
    return [
        {"id": n, "name": n, "description": "", "state": "ready" if i == ready else "stopped", "peerID": ""}
        for i, n in enumerate(NAMES)
    ]


def request(number: int) -> dict[str, object]:
    headers = {"Content-Type": "application/json", "User-Agent": "bench/1", "Authorization": "[REDACTED]"}
    at = "2026-11-22T16:12:51.388957042Z"
    more = {"req_headers": headers, "resp_headers": headers, "resp_bytes": 9, "elapsed_ms": 9}
    return {"id": str(number), "timestamp": at, "model": NAMES[0], "req_path": "/v1/chat/completions", **more}


def second(n: int) -> list[bytes]:
    """A second of a busy host: requests that come, run and go, log lines, states."""
    steps: list[bytes] = []
    for k in range(4):
        number = n * 4 + k
        upsert = frame("inflight", {"operation": "upsert", "request": request(number)})
        steps += [upsert, upsert, frame("inflight", {"operation": "remove", "id": str(number)})]
        steps += [frame("logData", {"source": "proxy", "data": "x" * 120}), frame("activity", {"id": number})]
    steps[-1] = frame("modelStatus", states(now_ready()))
    return steps


async def events(asked: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await answer.prepare(asked)
    greeting = [("logData", {"source": "proxy", "data": "x" * 100_000}), ("modelStatus", states(now_ready()))]
    for kind, data in [*greeting, ("inflight", {"operation": "snapshot"})]:
        await answer.write(frame(kind, data))
    n = 0
    while True:
        for step in second(n):
            try:
                await answer.write(step)
            except ConnectionError:
                return answer
            await asyncio.sleep(1 / RATE)
        n += 1


async def serve() -> None:
    async def models(_: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": n, "owned_by": "llama-swap"} for n in NAMES]})

    async def running(_: web.Request) -> web.Response:
        return web.json_response({"running": [{"model": NAMES[now_ready()], "state": "ready"}]})

    async def healthy(_: web.Request) -> web.Response:
        return web.Response(text="OK")

    app = web.Application()
    app.router.add_get("/api/events", events)
    app.router.add_get("/v1/models", models)
    app.router.add_get("/running", running)
    app.router.add_get("/wol-health", healthy)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def follow(port: int, seconds: int) -> None:
    from boocontrol.core.registry import Provider, Registry
    from boocontrol.core.secrets import MemoryStore
    from boocontrol.hosts.keys import Keys
    from boocontrol.hosts.monitor import Monitor

    changes = 0

    def changed(_: str) -> None:
        nonlocal changes
        changes += 1

    monitor = Monitor(Keys(MemoryStore()), in_flight=lambda _: 0, on_change=changed)
    providers = tuple(Provider(id=f"h{n}", base_url=f"http://127.0.0.1:{port}") for n in range(HOSTS))
    monitor.apply(Registry(providers=providers))
    await monitor.wait_for(lambda: all(h.requests is not None for h in monitor.hosts()), 30)
    await asyncio.sleep(3)
    changes, began, used = 0, time.perf_counter(), time.process_time()
    step = max(1, seconds // 6)
    for _ in range(0, seconds, step):
        print(f"{memory_mb():.1f} MB", end="  ", flush=True)
        await asyncio.sleep(step)
    took = time.perf_counter() - began
    share = (time.process_time() - used) / took
    print(f"{memory_mb():.1f} MB\n{HOSTS * RATE} events/s: {share:.1%} of a core, {changes / took:.0f} changes/s told")
    await monitor.stop()


def main() -> None:
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
        return
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    hosts = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert hosts.stdout
        asyncio.run(follow(int(hosts.stdout.readline()), seconds))
    finally:
        hosts.terminate()
        hosts.wait(10)


if __name__ == "__main__":
    main()
