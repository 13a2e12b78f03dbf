"""A gateway that is killed under load, over and over: what it showed must be there after every kill."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from boocontrol.demo.config import HostConfig
from boocontrol.demo.fleet import Fleet

from .conftest import CHAT, QUICK, models
from .test_process import gateway, provider

ASKERS = 4
EVERY = 25
"""So often all rows are looked for."""
START_S = 60.0
"""A machine may have better things to do."""


@dataclass
class Tally:
    """What was seen over all rounds: ids that were shown as ended, those of the last round, and what went wrong.

    `starts` are the seconds that each gateway took until it listened.
    """

    shown: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    rounds: int = 0
    faults: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)


async def rounds(folder: Path, count: int, seed: int = 1, told: Callable[[Tally], None] = lambda tally: None) -> Tally:
    """Kill a gateway so many times, at a moment that differs each time. `told` is called after each round."""
    tally, chance = Tally(), random.Random(seed)
    async with Fleet([HostConfig(name="den", models=models("qwen", concurrency_limit=50), **QUICK)]) as fleet:
        url = fleet.hosts["den"].url
        document = {"providers": [provider("den", url)]}
        for number in range(count):
            began = time.monotonic()
            async with gateway(folder, document, START_S) as g:
                tally.starts.append(time.monotonic() - began)
                await _check(g, tally, every=number % EVERY == 0)
                await _killed(g, url, tally, chance.randrange(5, 60))
            _sound(folder / "data" / "boocontrol.db", tally)
            tally.rounds += 1
            told(tally)
        async with gateway(folder, document, START_S) as g:
            await _check(g, tally, every=True)
    return tally


async def _check(g: Any, tally: Tally, *, every: bool) -> None:
    """The gateway came up on the database, without complaint, and has what was shown before it was killed, once.

    With `every`, all that was ever shown: a row that is lost does not come back, so now and then and at the end do.
    """
    status = (await g.client.get("/api/status")).json()
    tally.faults += status["problems"]
    missing = tally.shown.copy() if every else tally.fresh.copy()
    found: list[str] = []
    query = "?limit=500"
    while query and (every or missing):
        page = (await g.client.get(f"/api/activity{query}")).json()
        found += [r["id"] for r in page["data"] if r["outcome"] != "running"]
        missing -= set(found)
        query = f"?limit=500&before={page['next']}" if page["next"] else ""
    tally.faults += [f"lost {i}" for i in sorted(missing)]
    if len(found) != len(set(found)):
        tally.faults.append("a row is there twice")
    tally.fresh.clear()


async def _killed(g: Any, host: str, tally: Tally, after: int) -> None:
    """Kill it in the middle of requests, through it and past it, once so many rows were shown."""
    before = len(tally.shown)
    enough = asyncio.Event()

    def shown(rows: Any) -> None:
        ended = {r["id"] for r in rows if r["outcome"] != "running"} - tally.shown
        tally.shown |= ended
        tally.fresh |= ended
        if len(tally.shown) - before >= after:
            enough.set()

    async def listen() -> None:
        async with g.client.stream("GET", "/api/events", timeout=30) as events:
            kind = ""
            async for line in events.aiter_lines():
                kind = line[7:] if line.startswith("event: ") else kind
                if kind == "activity" and line.startswith("data: "):
                    shown(json.loads(line[6:])["ended"])

    async def look() -> None:
        while True:
            shown((await g.client.get("/api/activity?limit=50")).json()["data"])

    busy = [_ask(g.said["url"], "den/qwen", n % 2 == 0) for n in range(ASKERS)]
    tasks = [asyncio.create_task(c) for c in (*busy, _ask(host, "qwen", True), listen(), look())]
    try:
        await asyncio.wait_for(enough.wait(), 60)
        g.process.kill()
        await g.process.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ask(url: str, model: str, stream: bool) -> None:
    """Ask, and ask again."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        while True:
            await client.post(url + CHAT, json={"model": model, "messages": [], "stream": stream})


def _sound(path: Path, tally: Tally) -> None:
    """The file is whole, and the sums fit the rows."""
    with closing(sqlite3.connect(path)) as raw:
        if raw.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            tally.faults.append("the database is damaged")
        count = raw.execute("SELECT count(*) FROM requests").fetchone()[0]
        for span, total in raw.execute("SELECT span, sum(requests) FROM request_rollups GROUP BY span"):
            if total != count:
                tally.faults.append(f"{total} requests in the sums of {span} s, {count} rows")
