"""Hosts that are busy for ever, all in one process, as lightly as can be: what they tell is made of frames in memory.

python tests/bench/event_hosts.py HOSTS RATE

Each host tells RATE events a second: requests that come, run and end, log lines, rows of its activity, states. Like
llama-swap it drops messages to a listener that does not keep up, and counts them. Prints one JSON object when all
listen: the URL of each host, and of `control`, which takes GET /count, and POST /still: no new requests, a few go on.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web

MODELS: Final = 39
NAMES: Final = [f"model-{n:02}" for n in range(MODELS)]
QUEUE: Final = 1024
"""Messages that wait for one listener; what comes then is dropped, as llama-swap does."""
ROWS: Final = 1000
SWAP_S: Final = 5.0
PATH: Final = "/v1/chat/completions"


def frame(kind: str, data: object) -> bytes:
    text = json.dumps({"type": kind, "data": json.dumps(data)}, separators=(",", ":"))
    return f"event:message\ndata:{text}\n\n".encode()


def now_ready() -> int:
    """A swap every few seconds, on all hosts together."""
    return int(time.time() / SWAP_S) % MODELS


def states(ready: int) -> list[dict[str, object]]:
    return [
        {"id": n, "name": n, "description": "", "state": "ready" if i == ready else "stopped", "peerID": ""}
        for i, n in enumerate(NAMES)
    ]


def request(number: int) -> dict[str, object]:
    headers = {"Content-Type": "application/json", "User-Agent": "bench/1", "Authorization": "[REDACTED]"}
    at = datetime.now(UTC).isoformat()
    more = {"req_headers": headers, "resp_headers": headers, "resp_bytes": 9, "elapsed_ms": 9}
    return {"id": str(number), "timestamp": at, "model": NAMES[now_ready()], "req_path": PATH, **more}


class Host:
    """One host: its requests, its rows, and its listeners."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.told = self.dropped = self.events = 0
        self.running: dict[int, dict[str, object]] = {}
        self.rows: deque[dict[str, Any]] = deque(maxlen=ROWS)
        self._queues: set[asyncio.Queue[bytes]] = set()
        self._last = 0

    def publish(self, kind: str, data: object) -> None:
        self.events += 1
        message = frame(kind, data)
        for queue in self._queues:
            if queue.qsize() < QUEUE:
                queue.put_nowait(message)
            else:
                self.dropped += 1

    def begins(self) -> int:
        self._last += 1
        self.running[self._last] = request(self._last)
        self.publish("inflight", {"operation": "upsert", "request": self.running[self._last]})
        return self._last

    def goes_on(self, number: int) -> None:
        self.publish("inflight", {"operation": "upsert", "request": self.running[number]})

    def ends(self, number: int) -> None:
        del self.running[number]
        self.publish("inflight", {"operation": "remove", "id": str(number)})

    def row(self) -> None:
        self.told += 1
        tokens = {"input_tokens": 900, "output_tokens": self.told % 500 + 1, "cache_tokens": 10}
        self.rows.append(
            {
                "id": self.told,
                "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
                "model": NAMES[now_ready()],
                "req_path": PATH,
                "resp_content_type": "text/event-stream",
                "resp_status_code": 200,
                "tokens": {**tokens, "prompt_per_second": 800.5, "tokens_per_second": 41.5},
                "duration_ms": 700,
                "has_capture": False,
            }
        )
        self.publish("activity", {"id": self.told})

    # --- what it answers ---

    async def follow(self, asked: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(asked)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        first = [("logData", {"source": "proxy", "data": "x" * 100_000}), ("modelStatus", states(now_ready()))]
        for kind, data in [*first, ("inflight", {"operation": "snapshot", "requests": list(self.running.values())})]:
            queue.put_nowait(frame(kind, data))
        self._queues.add(queue)
        try:
            while True:
                await answer.write(await queue.get())
        except ConnectionError:
            return answer
        finally:
            self._queues.discard(queue)

    async def activity(self, asked: web.Request) -> web.Response:
        low, high = int(asked.query.get("min_id", 0)), int(asked.query.get("max_id", 0)) or self.told
        limit = int(asked.query.get("limit", 25))
        found: list[dict[str, Any]] = []
        for row in reversed(self.rows):
            if row["id"] < low or len(found) >= limit:
                break
            if row["id"] <= high:
                found.append(row)
        return web.json_response({"data": found, "page": 1, "limit": limit, "total": len(found), "total_pages": 1})

    def app(self) -> web.Application:
        async def models(_: web.Request) -> web.Response:
            return web.json_response({"object": "list", "data": [{"id": n, "owned_by": "llama-swap"} for n in NAMES]})

        async def running(_: web.Request) -> web.Response:
            return web.json_response({"running": [{"model": NAMES[now_ready()], "state": "ready"}]})

        async def healthy(_: web.Request) -> web.Response:
            return web.Response(text="OK")

        app = web.Application()
        app.router.add_get("/api/events", self.follow)
        app.router.add_get("/api/metrics/activity", self.activity)
        app.router.add_get("/v1/models", models)
        app.router.add_get("/running", running)
        app.router.add_get("/wol-health", healthy)
        return app


async def busy(host: Host, rate: int, still: asyncio.Event) -> None:
    """Requests without end: of five events one begins a request, and one tells its row. Then a few that go on."""
    loop = asyncio.get_running_loop()
    pause, due = 1 / rate, loop.time() + host.number / 50
    number, step, said = 0, 0, now_ready()
    while not still.is_set() or step % 5:
        if step % 5 == 0:
            number = host.begins()
        elif step % 5 == 1:
            host.goes_on(number)
        elif step % 5 == 2:
            host.ends(number)
        elif step % 5 == 4:
            host.row()
        elif said != now_ready():
            said = now_ready()
            host.publish("modelStatus", states(said))
        else:
            host.publish("logData", {"source": "proxy", "data": "x" * 120})
        step, due = step + 1, due + pause
        await asyncio.sleep(max(0.0, due - loop.time()))
    for _ in range(host.number % 4):
        host.begins()


async def listen(app: web.Application) -> str:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


async def serve(count: int, rate: int) -> None:
    hosts, still = [Host(n) for n in range(count)], asyncio.Event()
    working = [asyncio.create_task(busy(host, rate, still)) for host in hosts]

    async def counted(_: web.Request) -> web.Response:
        told = [{"rows": h.told, "dropped": h.dropped, "events": h.events, "running": [*h.running]} for h in hosts]
        return web.json_response(told)

    async def be_still(_: web.Request) -> web.Response:
        still.set()
        await asyncio.gather(*working)
        return web.Response(text="OK")

    control = web.Application()
    control.router.add_get("/count", counted)
    control.router.add_post("/still", be_still)
    urls = [await listen(host.app()) for host in hosts]
    print(json.dumps({"hosts": urls, "control": await listen(control)}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
