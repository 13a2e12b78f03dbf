"""All stores behind a real gateway with simulated hosts: what a person does, and what comes back as events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject

from boocontrol.core.api import ProbeRequest
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import COMMAND, Supervisor

QUICK: dict[str, Any] = {"clock": 0.05, "pace": 0.001}


@asynccontextmanager
async def house(
    owner: QObject, home: Path, until: Any, models: tuple[ModelConfig, ...] = (ModelConfig("qwen"), ModelConfig("phi"))
) -> AsyncIterator[tuple[Stores, Fleet, Supervisor]]:
    registry = home / "p.json"
    async with Fleet([HostConfig(name=n, models=models, **QUICK) for n in ("den", "mac")]) as fleet:
        providers = [{"id": n, "baseUrl": host.url} for n, host in fleet.hosts.items()]
        registry.write_text(json.dumps({"providers": providers}))
        stores = Stores.build(owner, registry)
        command = (*COMMAND, "--data-dir", str(home / "data"), "--port", "0")
        supervisor = Supervisor(stores.connection, registry, owner, command=command)
        supervisor.start()
        try:
            known = {"den/qwen", "mac/qwen"}
            await until(stores.catalog.changed, lambda: known <= {m.ref for m in stores.catalog.catalog.models()}, 20)
            yield stores, fleet, supervisor
        finally:
            await supervisor.close()


@pytest.fixture
def machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


def state(stores: Stores, ref: str) -> str:
    return {m.ref: m.state for m in stores.catalog.catalog.models()}[ref]


async def test_a_day_at_the_panel(owner: QObject, machine: Path, until: Any) -> None:
    async with house(owner, machine, until) as (s, fleet, supervisor):
        await until(s.fleet.changed, lambda: [h.state for h in s.fleet.hosts] == ["up", "up"])
        assert not s.fleet.stale and s.status.status.counts.providers == 2 and await supervisor.requests() == 0

        await s.actions.load("den/qwen")
        await until(s.catalog.changed, lambda: state(s, "den/qwen") == "ready")
        assert not s.actions.asked
        await s.actions.unload("den/qwen")
        await until(s.catalog.changed, lambda: state(s, "den/qwen") == "stopped")

        s.favorites.toggle("mac/phi")
        await until(s.settings.changed, lambda: s.settings.values["favorite_models"] == ["mac/phi"])
        await s.settings.set("favorite_models", ["den/qwen", "mac/phi"])
        assert s.favorites.refs == ("den/qwen", "mac/phi")

        await until(s.providers.changed, lambda: s.providers.document is not None)
        token = await s.providers.remove("den")
        await until(s.fleet.changed, lambda: [h.id for h in s.fleet.hosts] == ["mac"])
        await s.providers.undo(token)
        await until(s.fleet.changed, lambda: [h.id for h in s.fleet.hosts] == ["den", "mac"])
        await s.providers.reorder(["mac"])
        await until(s.fleet.changed, lambda: [h.id for h in s.fleet.hosts] == ["mac", "den"])

        found = await s.providers.probe(ProbeRequest(base_url=fleet.hosts["mac"].url))
        assert found.kind == "llama-swap" and found.duplicate_of == "mac"

        registry = machine / "p.json"
        good = registry.read_text()
        registry.write_text("{ broken")
        await until(s.providers.changed, lambda: s.providers.error is not None)
        assert s.providers.error.line == 1 and s.providers.document["providers"]
        assert s.status.status.registry.error is not None
        registry.write_text(good)
        await until(s.providers.changed, lambda: s.providers.error is None)


async def test_a_stopped_gateway_leaves_what_was_known(owner: QObject, machine: Path, until: Any) -> None:
    async with house(owner, machine, until) as (s, _, supervisor):
        await until(s.fleet.changed, lambda: [h.state for h in s.fleet.hosts] == ["up", "up"])
        assert supervisor.ours
        await supervisor.stop()
        assert s.connection.state == "stopped" and s.fleet.stale and s.catalog.stale
        assert len(s.fleet.hosts) == 2 and list(s.catalog.catalog.models())
        supervisor.start()
        await until(s.fleet.changed, lambda: not s.fleet.stale, 20)
