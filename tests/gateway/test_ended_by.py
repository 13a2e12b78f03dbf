"""Who cut or cancelled a request: told to its client, kept in its row, whichever way it came."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from boocontrol.demo.config import ModelConfig

from .test_host_faults import den, rest, seen, streaming
from .whole_inside import inside, quick_looks


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Any:
    with quick_looks(monkeypatch):
        yield


def ended(rows: list[Any]) -> set[tuple[str, str, str]]:
    return {(r["via"], r["outcome"], r["endedBy"]) for r in rows}


async def test_an_unload_is_refused_by_name_and_with_force_tells_who_did_it(tmp_path: Path) -> None:
    async with den(tmp_path) as (host, g):
        async with streaming(g.url, "den/qwen", "opencode") as lines, streaming(host.url, "qwen") as past:
            await g.until(lambda: len(g.monitor.host("den").requests or ()) == 2)
            refused = await g.post("/api/models/unload", 409, by="cli", ref="den/qwen")
            assert [(r["client"], r["ref"]) for r in refused["requests"]] == [
                ("opencode", "den/qwen"),
                ("other", "den/qwen"),
            ]
            await g.post("/api/models/unload", ref="den/qwen", force=True)
            said = await rest(lines)
            await rest(past)
        assert '"code":"model_unloaded"' in said and "unloaded by panel" in said and "[DONE]" not in said
        rows = await g.until_rows(lambda r: len(r) == 2 and all(x["hostId"] for x in r))
        assert ended(rows) == {("gateway", "cut", "panel"), ("host", "cut", "panel")}
        cuts = [e for e in (await g.get("/api/story?event=cut"))["data"]]
        assert [(e["ref"], e["by"]) for e in cuts] == [("den/qwen", "panel")] * 2
    async with inside(tmp_path) as g:
        assert ended(await g.rows()) == ended(rows), "it is kept"


async def test_who_cancelled_a_request_and_who_just_left(tmp_path: Path) -> None:
    async with den(tmp_path) as (_, g):
        async with streaming(g.url, "den/qwen") as lines:
            (running,) = (await g.get("/api/activity?outcome=running"))["data"]
            assert running["endedBy"] == ""
            await g.post(f"/api/activity/{running['id']}/cancel", by="cli")
            assert '"code":"request_cancelled"' in await rest(lines)
        async with streaming(g.url, "den/qwen"):
            pass
        rows = await g.until_rows(lambda r: len(r) == 2)
        assert ended(rows) == {("gateway", "cancelled", "cli"), ("gateway", "client_left", "")}


async def test_a_request_that_waits_for_a_load_that_is_cancelled(tmp_path: Path) -> None:
    async with den(tmp_path, models=(ModelConfig("big", load_s=1e6),), health_check_timeout=1e5) as (_, g):
        asking = asyncio.create_task(g.chat("den/big"))
        await g.until(lambda: g.loaded() == {"big": "starting"})
        refused = await g.post("/api/models/cancel", 409, ref="den/big")
        assert [r["client"] for r in refused["requests"]] == ["story"]
        await g.post("/api/models/cancel", ref="den/big", force=True)
        assert (await asking).status_code >= 400
        (row,) = await g.until_rows(lambda r: len(r) == 1)
        assert (row["outcome"], row["endedBy"]) == ("cut", "panel")


async def test_what_fails_later_is_not_blamed_on_an_unload_that_it_outlived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boocontrol.gateway.control import models_guard

    monkeypatch.setattr(models_guard, "BLAMED_S", 0.0)
    async with den(tmp_path) as (host, g):
        async with streaming(g.url, "den/qwen") as lines:
            with monkeypatch.context() as patch:
                patch.setattr(type(host.state.scheduler), "unload", _nothing)
                await g.post("/api/models/unload", ref="den/qwen", force=True)
            await asyncio.sleep(0)
            await host.fault("crash")
            assert '"code":"upstream_stream_interrupted"' in await rest(lines)
        (row,) = await g.until_rows(lambda r: len(r) == 1)
        assert (row["outcome"], row["endedBy"]) == ("cut", "")


async def _nothing(*_: Any) -> None:
    """A host that says that it unloads, and does not."""


async def test_a_client_may_have_any_name(tmp_path: Path) -> None:
    """Names that mean something inside are but names."""
    async with den(tmp_path) as (_, g):
        for name in ("client", "shutdown", "user"):
            async with streaming(g.url, "den/qwen") as lines:
                (running,) = (await g.get("/api/activity?outcome=running"))["data"]
                await g.post(f"/api/activity/{running['id']}/cancel", by=name)
                assert "request_cancelled" in await rest(lines)
        rows = await g.until_rows(lambda r: len(r) == 3)
        assert ended(rows) == {("gateway", "cancelled", name) for name in ("client", "shutdown", "user")}
        await seen(g)
