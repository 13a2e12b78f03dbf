"""The history of a gateway as a process: it survives a restart, and a kill takes no row that was shown."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from boocontrol.demo.config import HostConfig
from boocontrol.demo.fleet import Fleet

from .conftest import CHAT, QUICK, models
from .test_process import gateway, provider

BODY = {"model": "den/qwen", "messages": []}


async def test_rows_survive_a_restart(tmp_path: Path) -> None:
    async with Fleet([HostConfig(name="den", models=models("qwen"), **QUICK)]) as fleet:
        document = {"providers": [provider("den", fleet.hosts["den"].url)]}
        async with gateway(tmp_path, document) as g:
            for _ in range(3):
                assert (await g.client.post(CHAT, json=BODY)).status_code == 200
        async with gateway(tmp_path, document) as g:
            assert (await g.api("/api/activity"))["total"] == 3
            assert (await g.api("/api/activity/stats"))["models"][0]["requests"] == 3


async def test_events_tell_of_a_request_that_runs_and_one_that_ended(tmp_path: Path) -> None:
    async with Fleet([HostConfig(name="den", models=models("qwen"), **QUICK)]) as fleet:
        async with gateway(tmp_path, {"providers": [provider("den", fleet.hosts["den"].url)]}) as g:
            outcomes = []
            async with g.client.stream("GET", "/api/events", timeout=10) as events:
                asking = asyncio.create_task(g.client.post(CHAT, json=BODY | {"sim": {"tokens": 50, "pace": 0.02}}))
                kind = ""
                async for line in events.aiter_lines():
                    kind = line[7:] if line.startswith("event: ") else kind
                    if kind == "activity" and line.startswith("data: "):
                        news = json.loads(line[6:])
                        outcomes += [r["outcome"] for r in (*news["running"], *news["ended"])]
                        if news["stored"]:
                            break
                await asking
            assert outcomes[0] == "running" and outcomes[-1] == "ok"


@pytest.mark.skipif(os.name != "posix", reason="signals")
async def test_a_kill_takes_no_row_that_was_shown(tmp_path: Path) -> None:
    async with Fleet([HostConfig(name="den", models=models("qwen"), **QUICK)]) as fleet:
        document = {"providers": [provider("den", fleet.hosts["den"].url)]}
        shown: set[str] = set()
        for _ in range(4):
            async with gateway(tmp_path, document) as g:
                shown |= await killed(g, shown)
        async with gateway(tmp_path, document) as g:
            assert shown <= {r["id"] for r in (await g.api("/api/activity?limit=500"))["data"]}


async def killed(g: Any, before: set[str]) -> set[str]:
    """Kill a gateway in the middle of requests; the rows that it showed as ended."""

    async def on_and_on() -> None:
        while True:
            await g.client.post(CHAT, json=BODY)

    asking = [asyncio.create_task(on_and_on()) for _ in range(3)]
    seen: set[str] = set()
    while len(seen - before) < 8:
        page = await g.api("/api/activity?limit=500")
        seen = {r["id"] for r in page["data"] if r["outcome"] != "running"}
        assert before <= seen
    g.process.kill()
    await g.process.wait()
    await asyncio.gather(*asking, return_exceptions=True)
    return seen
