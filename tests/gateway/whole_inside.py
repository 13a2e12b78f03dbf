"""All of a gateway in the test's own event loop, put together as the program does it, with its database and events.

So clocks and pauses of the program can be set, and times compared with those of simulated hosts. Entered again with
the same folder it is the same gateway, restarted.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from boocontrol.core import health
from boocontrol.core.registry_file import load_registry
from boocontrol.core.secrets import MemoryStore
from boocontrol.demo.host import SimHost
from boocontrol.gateway import activity, activity_hosts
from boocontrol.gateway.__main__ import House, Kept, Options, Parts, _house
from boocontrol.gateway.runtime import claim
from boocontrol.gateway.serve import _config, bind, url_of
from boocontrol.hosts import events_rows, swap
from boocontrol.hosts.monitor import Monitor
from boocontrol.store.desk import Desk, HistoryDesk, RequestsDesk, SettingsDesk
from boocontrol.store.engine import database_url
from boocontrol.store.settings import SettingsTable

from .conftest import CHAT, KEY

Rows = list[dict[str, Any]]
AGAIN_S = 0.2


class Inside:
    """A gateway: its parts, a client for it, and the events that it told, each with the time at which it came."""

    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self.house, self.client = house, client
        self.monitor: Monitor = house.monitor
        self.url = house.state.url
        self.told: list[tuple[float, str, Any]] = []
        self._news = asyncio.Event()

    async def get(self, path: str) -> Any:
        return (await self.client.get(path)).json()

    async def post(self, path: str, status: int = 202, by: str = "desktop", **body: Any) -> Any:
        answer = await self.client.post(path, json=body, headers={"X-Boo-Source": by})
        assert answer.status_code == status, answer.text
        return answer.json()

    async def chat(self, ref: str, source: str = "story", **more: Any) -> httpx.Response:
        body = {"model": ref, "messages": [], **more}
        return await self.client.post(CHAT, json=body, headers={"X-Boo-Source": source})

    async def rows(self, query: str = "") -> Rows:
        """All rows that ended, newest first."""
        page = await self.get(f"/api/activity?limit=500{query}")
        return [r for r in page["data"] if r["outcome"] != "running"]

    async def until(self, so: Callable[[], Any], within_s: float = 15.0) -> None:
        """Until it is so; asked again at every event that the gateway tells, and now and then: not all is told."""
        async with asyncio.timeout(within_s):
            while not so():
                self._news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), AGAIN_S)

    async def until_rows(self, so: Callable[[Rows], Any], within_s: float = 15.0) -> Rows:
        """The rows once they are as wanted; read again at every event."""
        found: Rows = []
        try:
            async with asyncio.timeout(within_s):
                while True:
                    self._news.clear()
                    if so(found := await self.rows()):
                        return found
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError([(r["via"], r["ref"], r["hostId"], r["outcome"]) for r in found]) from None

    def told_at(self, kind: str, so: Callable[[Any], Any], since: float = 0.0) -> float | None:
        """When the first event of a kind came that fits, by the clock of the loop."""
        return next((at for at, k, data in self.told if k == kind and at >= since and so(data)), None)

    def loaded(self, provider: str = "den") -> dict[str, str]:
        return {m.ref.partition("/")[2]: m.state for m in self.monitor.host(provider).loaded}

    async def listen(self) -> None:
        """Take the events, for ever."""
        kind = ""
        async with self.client.stream("GET", "/api/events", timeout=None) as events:
            async for line in events.aiter_lines():
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: "):
                    self.told.append((asyncio.get_running_loop().time(), kind, json.loads(line[6:])))
                    self._news.set()


@asynccontextmanager
async def inside(folder: Path, *hosts: SimHost) -> AsyncIterator[Inside]:
    """A gateway before these hosts, that has seen each of them if it can be seen."""
    registry = folder / "providers.json"
    entries = [{"id": host.config.name, "baseUrl": host.url} for host in hosts]
    registry.write_text(json.dumps({"providers": entries}))
    options, runtime, desk = Options(registry, folder / "data", port=0), claim(registry, folder / "run"), Desk()
    options.data_dir.mkdir(exist_ok=True)
    database = await desk.open(database_url(options.data_dir, {}))
    kept = Kept(RequestsDesk(desk, database), HistoryDesk(desk, database), database.problems)
    sock = bind("127.0.0.1", 0)
    parts = Parts(options, load_registry(registry, {}), KEY, sock, runtime, MemoryStore())
    house = _house(parts, SettingsDesk(desk, SettingsTable(database)), kept)
    await house.settings.read()
    await house.history.start(house.activity.stats)
    house.monitor.apply(house.state.registry)
    server = uvicorn.Server(_config(house.app))
    serving = asyncio.create_task(server._serve([sock]))
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(base_url=url_of(sock), headers=headers, timeout=20, trust_env=False) as client:
        found = Inside(house, client)
        listening = asyncio.create_task(found.listen())
        try:
            yield found
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            house.quiet()
            server.should_exit = True
            await serving
            for ending in house.endings:
                await ending()
            await desk.close()
            runtime.release()


@contextmanager
def quick_looks(monkeypatch: Any, *, rows: bool = True) -> Iterator[None]:
    """Hosts are looked at ten times as often as usual, and everything is waited for a tenth as long.

    Without `rows`, what hosts recorded is read and stored at its usual pace.
    """
    with monkeypatch.context() as patch:
        patch.setattr(health, "INTERVAL_S", 0.5)
        patch.setattr(health, "UNDECIDED_INTERVAL_S", 0.1)
        patch.setattr(health, "DOWN_INTERVAL_S", 1.0)
        patch.setattr(swap, "LIVENESS_S", 0.8)
        if rows:
            patch.setattr(events_rows, "GATHER_S", 0.05)
            patch.setattr(events_rows, "EVERY_S", 0.1)
            patch.setattr(activity, "HOST_ROWS_AFTER_S", 0.15)
            patch.setattr(activity, "HOST_ROWS_EVERY_S", 0.15)
            patch.setattr(activity_hosts, "SETTLE_S", 0.1)
        yield
