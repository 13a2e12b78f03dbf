"""The page Activity behind a real gateway with simulated hosts: a chat runs, is shown, is cancelled, and is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import QObject

from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.desktop.pages.activity import ActivityPage
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import COMMAND, Supervisor


@pytest.fixture
def machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@asynccontextmanager
async def house(owner: QObject, home: Path, until: Any, pace: float = 0.001) -> AsyncIterator[Stores]:
    """A gateway process and one host, whose answers take `pace` seconds a word."""
    registry = home / "p.json"
    config = HostConfig(name="den", models=(ModelConfig("qwen"),), clock=0.05, pace=pace)
    async with Fleet([config]) as fleet:
        registry.write_text(json.dumps({"providers": [{"id": "den", "baseUrl": fleet.hosts["den"].url}]}))
        stores = Stores.build(owner, registry)
        command = (*COMMAND, "--data-dir", str(home / "data"), "--port", "0")
        supervisor = Supervisor(stores.connection, registry, owner, command=command)
        supervisor.start()
        try:
            await until(stores.catalog.changed, lambda: any(stores.catalog.catalog.models()), 20)
            yield stores
        finally:
            await supervisor.close()


async def chat(stores: Stores, model: str, words: str = "Say hello.") -> str:
    """The whole of a streamed answer, as it came."""
    gateway = stores.connection.gateway
    assert gateway is not None and gateway.key is not None
    headers = {"Authorization": f"Bearer {gateway.key.get_secret_value()}", "X-Boo-Source": "Test bench"}
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": words}]}
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        return (await http.post(f"{gateway.url}/v1/chat/completions", json=body, headers=headers)).text


async def test_a_chat_is_shown_and_kept(owner: QObject, machine: Path, until: Any, qtbot: Any) -> None:
    async with house(owner, machine, until) as stores:
        page = ActivityPage(stores)
        qtbot.addWidget(page)
        page.resize(1104, 800)
        page.show()
        await until(page.desk.changed, lambda: page.desk.total == 0)
        assert "[DONE]" in await chat(stores, "den/qwen")
        await until(page.desk.changed, lambda: len(page.item_model.rows) == 1)
        (row,) = page.item_model.rows
        assert (row.ref, row.client, row.outcome, row.via) == ("den/qwen", "Test bench", "ok", "gateway")
        assert row.output_tokens and row.ttft_ms is not None
        await chat(stores, "den/nobody")
        page.filters.narrow(outcome="failed")
        await until(page.desk.changed, lambda: [r.outcome for r in page.item_model.rows] == ["model_not_found"])
        page.filters.narrow(outcome="", text="qwen bench")
        await until(page.desk.changed, lambda: [r.ref for r in page.item_model.rows] == ["den/qwen"])
        await until(page.desk.series_changed, lambda: page.desk.series is not None and page.desk.series.requests == 1)
        page.export.write(machine / "out.csv", "csv")
        await until(page.export.ended)
        assert (machine / "out.csv").read_text().count("den/qwen") == 2


async def test_a_running_one_is_cancelled(owner: QObject, machine: Path, until: Any, qtbot: Any) -> None:
    async with house(owner, machine, until, pace=0.5) as stores:
        page = ActivityPage(stores)
        qtbot.addWidget(page)
        page.resize(1104, 800)
        page.show()
        await until(page.desk.changed, lambda: page.desk.total == 0)
        talk = asyncio.ensure_future(chat(stores, "den/qwen", "Tell me a long story. " * 50))
        await until(stores.activity.changed, lambda: len(page.now.item_model.rows) == 1)
        page.now.table.selectRow(0)
        page.now._cancel_all()
        assert "request_cancelled" in await talk
        await until(page.desk.changed, lambda: [r.outcome for r in page.item_model.rows] == ["cancelled"])
        assert not stores.activity.running
