"""What following events costs the window: 20 a second, with the Activity page shown and with the Fleet page shown.

    QT_QPA_PLATFORM=offscreen python tests/bench/desktop_events.py [seconds]

A gateway of its own process tells of requests that begin and end on five hosts; half of the events are `activity`, half
`host`. Prints the share of one core that the process of the window takes, and what its loop was busy with at the
longest. The promise is 5 %. The cost of an idle window is printed too.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

RATE, HOSTS, MODELS, STORED = 20, 5, 14, 2000
LIMIT = 0.05
WARM_S = 3.0
KEY = "bench"
Json = dict[str, Any]


# --- the gateway ---


def host(n: int, in_flight: int, second: float) -> Json:
    """A busy host, as GET /api/hosts tells it."""
    gpu = {"id": 0, "name": "RTX 4090", "memoryUsedMb": 20300 + second % 7, "memoryTotalMb": 24564}
    made: Json = {"id": f"host-{n}", "label": f"host-{n}", "baseUrl": f"http://10.0.0.{n}:8080", "state": "busy"}
    made |= {"loaded": [{"ref": f"host-{n}/model-{m}", "state": "ready"} for m in range(3)]}
    made |= {"gpus": [gpu | {"utilisationPct": 40.0 + second % 50}], "since": now(), "asOf": now(), "version": "v250"}
    made |= {"latencyMs": 4.0 + second % 3, "inFlight": in_flight, "kind": "llama-swap", "location": "local"}
    return made | {"enabled": True, "oftenOff": False, "models": MODELS}


def request(number: int, *, age: float = 6, **more: Any) -> Json:
    """A request, as GET /api/activity tells it."""
    ref, at = f"host-{number % HOSTS}/model-{number % 3}", datetime.now(UTC) - timedelta(seconds=age)
    made: Json = {"id": f"{number:032x}", "time": at.isoformat(), "ref": ref, "requested": ref, "outcome": "ok"}
    made |= {"provider": f"host-{number % HOSTS}", "endpoint": "/v1/chat/completions", "status": 200}
    made |= {"durationMs": 6200.0, "client": ("opencode/1.2", "Chat", "curl/8")[number % 3], "streamed": True}
    made |= {"ttftMs": 310.5, "promptTokens": 9402, "outputTokens": 688, "outputTokensPerSecond": 91.8}
    return made | more


def snapshot(url: str) -> Json:
    """The first event."""
    names = [f"model-{m}" for m in range(MODELS)]
    providers = [
        {
            "id": f"host-{n}",
            "label": f"host-{n}",
            "state": "up",
            "models": [{"ref": f"host-{n}/{m}", "wireId": m, "name": m, "state": "ready"} for m in names],
        }
        for n in range(HOSTS)
    ]
    status: Json = {"version": "0.1.0", "instanceId": "bench", "startedAt": now(), "uptimeS": 1.0, "url": url}
    status |= {"registry": {"path": "/x.json", "source": "file", "stamp": "1"}}
    status |= {"counts": {"providers": HOSTS, "up": HOSTS, "models": HOSTS * MODELS, "inFlight": 4}}
    hosts = [host(n, 1, 0) for n in range(HOSTS)]
    return {"status": status, "hosts": hosts, "catalog": {"providers": providers}, "settings": {}}


def now() -> str:
    """The time as the API writes it."""
    return datetime.now(UTC).isoformat()


class Gateway:
    """Speaks the control API as far as the window reads it. GET /rate?rate=20 sets the events a second."""

    def __init__(self) -> None:
        self._rows: deque[Json] = deque((request(n, age=STORED - n) for n in range(STORED)), maxlen=STORED)
        self._number = STORED
        self._rate = 0
        self._going = asyncio.Event()

    def routes(self) -> list[Any]:
        """What it serves."""
        served = {"/rate": self.rate, "/api/events": self.events, "/api/activity": self.activity}
        served |= {"/healthz": self.healthy, "/api/activity/series": self.series, "/api/{name}": self.told}
        return [web.get(path, handler) for path, handler in served.items()]

    async def events(self, asked: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(asked)
        kind, data, sent = "snapshot", snapshot(str(asked.url.origin())), 0
        with suppress(ConnectionError):
            while True:
                sent += 1
                await answer.write(f"id: b:{sent}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode())
                await self._going.wait()
                await asyncio.sleep(1 / self._rate)
                kind, data = self._happening()
        return answer

    def _happening(self) -> tuple[str, Json]:
        """Every other event a request ends and another begins; else a host says how busy it is."""
        self._number += 1
        if self._number % 2:
            return "host", host(self._number // 2 % HOSTS, 1 + self._number % 3, time.time())
        ended = request(self._number)
        self._rows.append(ended)
        return "activity", {"running": self._running(), "ended": [ended], "stored": self._number // 2}

    def _running(self) -> list[Json]:
        some: Json = {"outcome": "running", "status": None, "outputTokens": 40}
        return [request(self._number + k, age=2 + k, **some) for k in range(4)]

    async def activity(self, asked: web.Request) -> web.Response:
        if asked.query.get("outcome") == "running":
            return web.json_response({"data": self._running(), "total": 4})
        data = list(self._rows)[::-1][: int(asked.query.get("limit", 100))]
        return web.json_response({"data": data, "total": len(self._rows), "next": None})

    async def series(self, _: web.Request) -> web.Response:
        begin = datetime.now(UTC) - timedelta(hours=1)
        both = {"ttftMs": {"p50": 310, "p95": 900}, "outputTokensPerSecond": {"p50": 90, "p95": 120}}
        at = [(begin + timedelta(minutes=n)).isoformat() for n in range(60)]
        whole: Json = {"since": begin.isoformat(), "countedSince": begin.isoformat(), "until": now(), "stepS": 60.0}
        whole |= {"requests": 540, "failed": 3, "points": [{"at": t, "requests": 9, "failed": 0} | both for t in at]}
        return web.json_response(whole | both)

    async def rate(self, asked: web.Request) -> web.Response:
        self._rate = int(asked.query["rate"])
        self._going.set() if self._rate else self._going.clear()
        return web.json_response({})

    async def told(self, asked: web.Request) -> web.Response:
        whole, name = snapshot(str(asked.url.origin())), asked.match_info["name"]
        known = {"status": whole["status"], "hosts": {"hosts": whole["hosts"]}, "models": whole["catalog"]}
        return web.json_response(known.get(name, {}))

    async def healthy(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "instanceId": "bench", "version": "0.1.0"})


async def serve() -> None:
    """Listen on a free port, told on standard output, until the end."""
    app = web.Application()
    app.add_routes(Gateway().routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


# --- the window ---


async def measure(url: str, seconds: float) -> bool:
    """Print a line for each page; False when one takes too much."""
    import httpx
    from pydantic import SecretStr
    from PySide6.QtCore import QObject, QSettings
    from PySide6.QtWidgets import QApplication

    from boocontrol.desktop.connection import remote
    from boocontrol.desktop.garbage import Garbage
    from boocontrol.desktop.page_set import Parts
    from boocontrol.desktop.pages.settings_local import LocalSettings
    from boocontrol.desktop.shell import Shell
    from boocontrol.desktop.stores import Stores
    from boocontrol.desktop.supervisor import Supervisor
    from boocontrol.desktop.tasks import cancel_all
    from boocontrol.desktop.theme import Theme

    owner = QObject()
    theme = Theme(QApplication.instance(), "light")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        stores = Stores.build(owner, home / "p.json")
        supervisor = Supervisor(stores.connection, home / "p.json", owner)
        local = LocalSettings(home / "desktop.ini", owner)
        parts = Parts(stores, supervisor, local, home, home, os.environ, list)
        shell = Shell(parts, QSettings(str(home / "w.ini"), QSettings.Format.IniFormat))
        shell.window.resize(1280, 800)
        shell.show("fleet")
        stores.connection.start(remote(url, SecretStr(KEY)))
        there = asyncio.Event()
        stores.fleet.changed.connect(there.set)
        await there.wait()
        garbage = Garbage(owner)
        ok = True
        async with httpx.AsyncClient(trust_env=False) as http:
            for page, rate in (("fleet", 0), ("activity", 0), ("activity", RATE), ("fleet", RATE)):
                shell.show(page)
                await http.get(f"{url}/rate", params={"rate": rate})
                await asyncio.sleep(WARM_S)
                share, pause = await _share(stores, seconds)
                ok &= not rate or share <= LIMIT
                print(f"{page:9} {rate:3} events/s: {share:6.1%} of a core, longest pause {pause:5.1f} ms", flush=True)
        page = shell.window.page("activity")
        print(f"rows shown at the end: {len(page.item_model.rows)}, running {len(stores.activity.running)}")
        garbage.stop()
        shell.window.hide()
        stores.connection.stop()
        await cancel_all()
        theme.deleteLater()
    return ok


async def _share(stores: Any, seconds: float) -> tuple[float, float]:
    """The share of a core over so many seconds, and the longest time that a timer had to wait beyond its own."""
    longest, end = 0.0, time.perf_counter() + seconds
    began, used = time.perf_counter(), time.process_time()
    while (now := time.perf_counter()) < end:
        await asyncio.sleep(0.05)
        longest = max(longest, time.perf_counter() - now - 0.05)
    return (time.process_time() - used) / (time.perf_counter() - began), longest * 1000


def main() -> int:
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
        return 0
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    gateway = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        from boocontrol.desktop.app import _loop, application
        from boocontrol.desktop.options import parse

        assert gateway.stdout
        url = f"http://127.0.0.1:{int(gateway.stdout.readline())}"
        app = application(parse([]))
        done: list[bool] = []

        async def run() -> int:
            done.append(await measure(url, seconds))
            return 0

        _loop(app, run())
        return 0 if done == [True] else 1
    finally:
        gateway.terminate()
        gateway.wait(10)


if __name__ == "__main__":
    sys.exit(main())
