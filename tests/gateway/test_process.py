"""The gateway as people run it: a process with a registry file, signals and a runtime file."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from boocontrol.core.paths import runtime_file
from boocontrol.demo.config import HostConfig
from boocontrol.demo.fleet import Fleet

from .conftest import CHAT, QUICK, events_of, models

LONG = {"tokens": 100000, "pace": 0.01}


class Process:
    """A gateway process, where it listens and a client that has its key."""

    def __init__(self, process: asyncio.subprocess.Process, said: dict[str, Any], client: httpx.AsyncClient) -> None:
        self.process = process
        self.said = said
        self.client = client

    async def api(self, path: str) -> Any:
        return (await self.client.get(path)).json()

    async def until(self, kind: str, true: Any) -> Any:
        """Follow /api/events until a registry, host or catalog event makes `true` of /api/status."""
        status = await self.api("/api/status")
        if true(status):
            return status
        async with self.client.stream("GET", "/api/events", timeout=10) as events:
            async for line in events.aiter_lines():
                if line == f"event: {kind}" and true(status := await self.api("/api/status")):
                    return status
        raise AssertionError("the events ended")


async def start(tmp_path: Path, *more: str) -> asyncio.subprocess.Process:
    run = tmp_path / "run"
    run.mkdir(exist_ok=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LLAMA_", "BOOCONTROL_", "DEEPSEEK_"))}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "boocontrol.gateway", "--json", "--data-dir", str(tmp_path / "data")),
        *("--registry", str(tmp_path / "p.json"), *more),
        env=clean | {"XDG_RUNTIME_DIR": str(run), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def said_by(process: asyncio.subprocess.Process, within_s: float = 15) -> dict[str, Any]:
    assert process.stdout is not None
    said: dict[str, Any] = json.loads(await asyncio.wait_for(process.stdout.readline(), within_s))
    return said


@asynccontextmanager
async def gateway(tmp_path: Path, document: Any, within_s: float = 15) -> AsyncIterator[Process]:
    path = tmp_path / "p.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    process = await start(tmp_path, "--port", "0")
    try:
        said = await said_by(process, within_s)
        key = Path(said["keyFile"]).read_text().strip()
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=said["url"], headers=headers, timeout=15, trust_env=False) as client:
            yield Process(process, said, client)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 8)


def provider(name: str, url: str) -> dict[str, str]:
    return {"id": name, "baseUrl": url}


async def test_a_registry_edited_by_hand_while_streams_run(tmp_path: Path) -> None:
    config = HostConfig(name="den", models=models("qwen"), **QUICK)
    other = HostConfig(name="mac", models=models("qwen"), **QUICK)
    async with Fleet([config, other]) as fleet:
        den, mac = fleet.hosts["den"], fleet.hosts["mac"]
        async with gateway(tmp_path, {"providers": [provider("den", den.url)]}) as g:
            body = {"model": "den/qwen", "messages": [], "stream": True, "sim": LONG}
            async with g.client.stream("POST", CHAT, json=body) as live:
                arriving = live.aiter_text()
                await anext(arriving)

                (tmp_path / "p.json").write_text("{ broken")
                status = await g.until("registry", lambda s: s["registry"]["error"])
                assert status["registry"]["error"]["line"] == 1
                same = {"model": "den/qwen", "messages": []}
                assert (await g.client.post(CHAT, json=same)).status_code == 200
                assert (tmp_path / "p.json").read_text() == "{ broken"
                refused = await g.client.post(
                    "/api/providers", json=provider("x", "http://h"), headers={"If-Match": "*"}
                )
                assert refused.status_code == 409

                (tmp_path / "p.json").write_text(json.dumps({"providers": [provider("mac", mac.url)]}))
                await g.until("registry", lambda s: not s["registry"]["error"])
                gone = await g.client.post(CHAT, json=same | {"model": "den/qwen"})
                assert gone.status_code == 404
                new = await g.client.post(CHAT, json=same | {"model": "mac/qwen"})
                assert new.json()["model"] == "mac/qwen"
                assert '"den/qwen"' in await anext(arriving)


async def test_a_stop_tells_streams_and_takes_less_than_five_seconds(tmp_path: Path) -> None:
    config = HostConfig(name="den", models=models("qwen"), **QUICK)
    async with Fleet([config]) as fleet:
        document = {"providers": [provider("den", fleet.hosts["den"].url)]}
        async with gateway(tmp_path, document) as g:
            info = json.loads(runtime_file(tmp_path / "p.json", tmp_path / "run" / "boocontrol").read_text())
            assert (info["url"], info["pid"]) == (g.said["url"], g.process.pid)
            assert (await g.api("/healthz"))["instanceId"] == info["instanceId"]
            body = {"model": "den/qwen", "messages": [], "stream": True, "sim": LONG}
            async with g.client.stream("POST", CHAT, json=body) as live:
                arriving = live.aiter_text()
                text = await anext(arriving)
                g.process.send_signal(signal.SIGTERM)
                text += "".join([t async for t in arriving])
            assert events_of(text)[-1]["error"]["code"] == "gateway_stopping"
            assert await asyncio.wait_for(g.process.wait(), 5) == 0
        record = next(r for r in fleet.hosts["den"].requests if r.method == "POST")
        await asyncio.wait_for(record.done.wait(), 1)
        assert record.client_left
        assert not runtime_file(tmp_path / "p.json", tmp_path / "run" / "boocontrol").exists()


async def test_one_gateway_for_one_registry_and_taken_ports(tmp_path: Path) -> None:
    async with gateway(tmp_path, {"providers": []}) as g:
        second = await start(tmp_path, "--port", "0")
        said = await said_by(second)
        assert said["error"]["code"] == "another_gateway" and g.said["url"] in said["error"]["message"]
        assert await second.wait() == 8

        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        port = g.said["url"].rpartition(":")[2]
        third = await start(elsewhere, "--port", port)
        said = await said_by(third)
        assert said["error"]["code"] == "port_taken" and "--port" in said["advice"]
        assert await third.wait() == 9


async def test_a_broken_registry_at_start_is_told_and_kept(tmp_path: Path) -> None:
    async with gateway(tmp_path, '{"providers": [\n{"id": "a"}]}') as g:
        status = await g.api("/api/status")
        error = status["registry"]["error"]
        assert (error["line"], error["field"], status["counts"]["providers"]) == (2, "providers[0].baseUrl", 0)
        assert (await g.client.get("/v1/models")).json() == {"object": "list", "data": []}
        assert stat.S_IMODE(os.stat(g.said["keyFile"]).st_mode) == 0o600


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"POST /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", b" 400 "),
        (b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", b" 400 "),
        (b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", b" 400 "),
        (b"GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n", b" 403 "),
        (b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n", b" 403 "),
        (b"NONSENSE\r\n\r\n", b" 400 "),
    ],
)  # fmt: skip
async def test_what_the_wire_may_not_carry(tmp_path: Path, raw: bytes, says: bytes) -> None:
    async with gateway(tmp_path, {"providers": []}) as g:
        host, port = g.said["url"].removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(raw)
        assert says in await asyncio.wait_for(reader.readline(), 5)
        writer.close()
        await writer.wait_closed()


PATHS = [
    ("POST", "/v1/v1/chat/completions", 404, "/v1/chat/completions"),
    ("POST", "/chat/completions", 404, "/v1/chat/completions"),
    ("POST", "/v1/chat/completions/", 404, "/v1/chat/completions"),
    ("GET", "/models", 404, "/v1/models"),
    ("GET", "/v1/chat/completions", 405, "POST"),
    ("DELETE", "/v1/models", 405, "GET"),
    ("GET", "/nowhere", 404, "/v1"),
    ("PUT", "/api/nowhere", 404, ""),
    ("GET", "/", 404, "/v1"),
]


async def test_wrong_paths_and_methods_name_the_right_ones(tmp_path: Path) -> None:
    async with gateway(tmp_path, {"providers": []}) as g:
        for method, path, status, says in PATHS:
            answer = await g.client.request(method, path, content=b"{}" if method == "POST" else None)
            assert answer.status_code == status, path
            assert says in answer.json()["error"]["message"], path
            assert "location" not in answer.headers
        assert (await g.client.get("/v1/models", headers={"Authorization": "Bearer x"})).status_code == 200
        wrong = await g.client.get("/api/status", headers={"Authorization": "Bearer x"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "key_wrong")
        bodies = [("text/html", b"{}", 415), ("application/json", b"{", 400), ("application/json", b"{}", 400)]
        for kind, body, status in bodies:
            answer = await g.client.post(CHAT, content=body, headers={"Content-Type": kind})
            assert answer.status_code == status and answer.json()["error"]["message"]
        figures = (await g.client.get("/metrics")).text
        assert "boocontrol_requests_total" in figures
