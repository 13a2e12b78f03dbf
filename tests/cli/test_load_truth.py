"""A load that fails, is cancelled, or takes ten minutes: API, events and command line tell what the host does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.gateway import __main__ as program
from boocontrol.hosts.actions import Actions
from tests.gateway.conftest import KEY
from tests.gateway.whole_inside import Inside, inside, quick_looks

LONG_S = 0.4
"""Ten minutes, shortened."""
MODELS = (ModelConfig("qwen"), ModelConfig("broken", load_s=1, fail_s=0.5), ModelConfig("endless", load_s=100_000))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(program, "Actions", partial(Actions, long_s=LONG_S))
    with quick_looks(monkeypatch):
        yield


@asynccontextmanager
async def den(boo: Any, folder: Path) -> AsyncIterator[tuple[Inside, Any]]:
    """A gateway before one host, and `boocontrol load REF` at it."""
    key_file = folder / "the.key"
    key_file.write_text(KEY)
    key_file.chmod(0o600)
    async with Fleet([HostConfig("den", models=MODELS, clock=0.05, pace=0.001)]) as fleet:
        async with inside(folder, fleet.hosts["den"]) as g:
            await g.until(lambda: g.monitor.host("den").state == "up" and g.monitor.host("den").tells_requests)

            def load(*words: str) -> asyncio.Future[Any]:
                line = ("--gateway", g.url, "--key-file", str(key_file), "load", *words)
                return asyncio.ensure_future(asyncio.to_thread(boo, *line))

            yield g, load


async def progress(g: Inside, model: str) -> tuple[str, str]:
    """State and reason of its load, as a question is answered."""
    (load,) = (
        (x["state"], x["reason"]) for x in (await g.get("/api/hosts/den"))["loads"] if x["ref"] == f"den/{model}"
    )
    return load


def told(g: Inside, model: str, state: str, words: str) -> bool:
    """Whether an event told the load so."""
    loads = (x for _, kind, host in g.told if kind == "host" for x in host["loads"] if x["ref"] == f"den/{model}")
    return any(x["state"] == state and words in x["reason"] for x in loads)


async def test_a_start_that_fails(boo: Any, tmp_path: Path) -> None:
    async with den(boo, tmp_path) as (g, load):
        ran = await load("den/broken")
        assert ran.code == 1 and "den/broken was not loaded" in ran.err and "exited prematurely" in ran.err
        state, reason = await progress(g, "broken")
        assert state == "failed" and "exited prematurely" in reason and reason in ran.err
        assert told(g, "broken", "failed", "exited prematurely")
        assert g.loaded() == {}
        again = await load("den/broken", "--json")
        assert again.code == 1 and "exited prematurely" in json.dumps(again.json)


async def test_one_that_is_cancelled_from_elsewhere(boo: Any, tmp_path: Path) -> None:
    async with den(boo, tmp_path) as (g, load):
        ran = load("den/endless")
        await g.until(lambda: g.loaded() == {"endless": "starting"})
        await g.post("/api/models/cancel", by="desktop", ref="den/endless")
        done = await ran
        assert done.code == 1 and "Cancelled by panel." in done.err
        assert await progress(g, "endless") == ("cancelled", "Cancelled by panel.")
        assert told(g, "endless", "cancelled", "Cancelled by panel.")
        await g.until(lambda: g.loaded() == {})


async def test_one_that_takes_ten_minutes_says_so_and_is_waited_for(boo: Any, tmp_path: Path) -> None:
    words = "It has not ended after"
    async with den(boo, tmp_path) as (g, load):
        ran = load("den/endless")
        await g.until(lambda: told(g, "endless", "loading", words))
        state, reason = await progress(g, "endless")
        assert state == "loading" and reason.startswith(words) and reason.endswith("the host says starting.")
        assert g.loaded() == {"endless": "starting"}
        assert not ran.done(), "it goes on"
        await g.post("/api/models/cancel", by="cli", ref="den/endless")
        done = await ran
        assert done.code == 1 and words in done.err and "Cancelled by cli." in done.err


async def test_one_that_ends_well_after_all(boo: Any, tmp_path: Path) -> None:
    async with den(boo, tmp_path) as (g, load):
        done = await load("den/qwen")
        assert done.code == 0 and "den/qwen is ready" in done.out
        assert await progress(g, "qwen") == ("loaded", "")
        assert g.loaded() == {"qwen": "ready"}
