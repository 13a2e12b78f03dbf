"""A gateway that is killed under load, over and over: what it showed must be there after every kill."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
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


@dataclass
class Tally:
    """What was seen over all rounds: ids that were shown as ended, and what went wrong."""

    shown: set[str] = field(default_factory=set)
    rounds: int = 0
    faults: list[str] = field(default_factory=list)


async def rounds(folder: Path, count: int, seed: int = 1) -> Tally:
    """Kill a gateway so many times, at a moment that differs each time."""
    tally, chance = Tally(), random.Random(seed)
    async with Fleet([HostConfig(name="den", models=models("qwen", concurrency_limit=50), **QUICK)]) as fleet:
        url = fleet.hosts["den"].url
        document = {"providers": [provider("den", url)]}
        for _ in range(count):
            async with gateway(folder, document) as g:
                await _check(g, tally)
                await _killed(g, url, tally, chance.randrange(5, 60))
            _sound(folder / "data" / "boocontrol.db", tally)
            tally.rounds += 1
        async with gateway(folder, document) as g:
            await _check(g, tally)
    return tally


async def _check(g: Any, tally: Tally) -> None:
    """The gateway came up on the database, without complaint, and has all that was ever shown, once."""
    status = (await g.client.get("/api/status")).json()
    tally.faults += status["problems"]
    found: list[str] = []
    query = "?limit=500"
    while query:
        page = (await g.client.get(f"/api/activity{query}")).json()
        found += [r["id"] for r in page["data"] if r["outcome"] != "running"]
        query = f"?limit=500&before={page['next']}" if page["next"] else ""
    tally.faults += [f"lost {i}" for i in sorted(tally.shown - set(found))]
    if len(found) != len(set(found)):
        tally.faults.append("a row is there twice")


async def _killed(g: Any, host: str, tally: Tally, after: int) -> None:
    """Kill it in the middle of requests, through it and past it, once so many rows were shown."""
    before = len(tally.shown)
    enough = asyncio.Event()

    def shown(rows: Any) -> None:
        tally.shown |= {r["id"] for r in rows if r["outcome"] != "running"}
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
