"""A gateway whose database is out of reach or breaks while it runs: it serves, says so, and shows what it has."""

from __future__ import annotations

from pathlib import Path

from boocontrol.demo.config import HostConfig
from boocontrol.demo.fleet import Fleet

from .conftest import CHAT, QUICK, models
from .test_process import gateway, provider

BODY = {"model": "den/qwen", "messages": []}


def den() -> HostConfig:
    return HostConfig(name="den", models=models("qwen"), **QUICK)


async def test_a_database_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "data" / "boocontrol.db").mkdir(parents=True)
    async with Fleet([den()]) as fleet:
        async with gateway(tmp_path, {"providers": [provider("den", fleet.hosts["den"].url)]}) as g:
            assert (await g.client.post(CHAT, json=BODY)).status_code == 200
            (problem,) = (await g.api("/api/status"))["problems"]
            assert "cannot be used" in problem and "in memory" in problem
            assert [r["outcome"] for r in (await g.api("/api/activity?via=gateway"))["data"]] == ["ok"]
            settings = await g.client.get("/api/settings")
            etag = {"If-Match": settings.headers["etag"]}
            refused = await g.client.patch("/api/settings", json={"fast_model": "den/qwen"}, headers=etag)
            assert refused.status_code >= 400 and refused.json()["advice"]


async def test_a_database_that_breaks_while_the_gateway_runs(tmp_path: Path) -> None:
    path = tmp_path / "data" / "boocontrol.db"
    async with Fleet([den()]) as fleet:
        document = {"providers": [provider("den", fleet.hosts["den"].url)]}
        async with gateway(tmp_path, document) as g:
            for _ in range(5):
                assert (await g.client.post(CHAT, json=BODY)).status_code == 200
            before = {r["id"] for r in (await g.api("/api/activity?via=gateway"))["data"]}
            assert len(before) == 5
            for tail in ("", "-wal", "-shm"):
                file = path.with_name(path.name + tail)
                if file.exists():
                    file.write_bytes(b"\xff" * file.stat().st_size)
            for _ in range(5):
                assert (await g.client.post(CHAT, json=BODY)).status_code == 200
            answer = await g.client.get("/api/activity?via=gateway")
            assert answer.status_code == 200
            assert before <= {r["id"] for r in answer.json()["data"]} and len(answer.json()["data"]) == 10
            assert (await g.client.get("/api/activity/stats")).status_code == 200
            assert (await g.client.get("/api/story")).status_code == 200
            assert any("not being kept" in p for p in (await g.api("/api/status"))["problems"])
        async with gateway(tmp_path, document) as g:
            assert (await g.client.post(CHAT, json=BODY)).status_code == 200
            assert any("damaged" in p for p in (await g.api("/api/status"))["problems"])
