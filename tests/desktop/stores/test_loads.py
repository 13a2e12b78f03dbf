"""Loads as hosts tell them: failures stand until the next load, costs are asked once in a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject
from starlette.responses import JSONResponse

from boocontrol.client import GatewayClient
from boocontrol.core.api import Host, LoadedModel, LoadProgress
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.loads import FRESH_S, LoadsStore
from tests.desktop.itemmodels.fleets import NOW


def load(state: str, asked_at: datetime = NOW, **more: Any) -> LoadProgress:
    return LoadProgress.model_validate({"ref": "den/qwen3", "state": state, "asked_at": asked_at, **more})


def den(*loads: LoadProgress, **more: Any) -> Host:
    base = {"label": "den", "kind": "llama-swap", "location": "local", "enabled": True, "often_off": False}
    given = {"id": "den", "base_url": "http://den:8080", "state": "up", "loads": loads, **base}
    return Host.model_validate(given | more)


def test_a_failure_stands_until_the_next_load(stores: Stores) -> None:
    stores.fleet.take([den(load("failed", reason="No memory."))])
    assert stores.loads.failed["den/qwen3"].reason == "No memory."
    stores.fleet.take([den(load("loading", NOW + timedelta(minutes=1)))])
    assert not stores.loads.failed


def test_a_dismissed_failure_does_not_come_back_but_a_new_one_does(stores: Stores) -> None:
    stores.fleet.take([den(load("failed"))])
    stores.loads.dismiss("den/qwen3")
    stores.fleet.take([den(load("failed"))])
    assert not stores.loads.failed
    stores.fleet.take([den(load("failed", NOW + timedelta(minutes=1)))])
    assert "den/qwen3" in stores.loads.failed


def test_what_is_under_way(stores: Stores) -> None:
    starting = LoadedModel(ref="den/gemma", state="starting")
    stores.fleet.take([den(load("queued"), loaded=(starting,))])
    under_way = stores.loads.under_way
    assert under_way("den/qwen3") and under_way("den/gemma")
    assert not under_way("den/phi") and not under_way("mac/qwen3")


async def test_the_cost_is_asked_again_only_when_it_is_old(owner: QObject, stores: Stores, stub: Any) -> None:
    now = [1000.0]
    costs = LoadsStore(stores.connection, stores.fleet, owner, clock=lambda: now[0])
    answer = {"ref": "den/qwen3", "state": "stopped", "certain": True, "usualLoadS": 38.0}
    stub.answers["GET /api/models/preview"] = lambda: JSONResponse(answer)
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        for passed in (0.0, FRESH_S / 2, FRESH_S):
            now[0] += passed
            cost = await costs.cost("den/qwen3")
            assert cost is not None and cost.usual_load_s == 38.0
    assert len([path for _, path, _ in stub.seen if path == "/api/models/preview"]) == 2


async def test_the_cost_is_asked_again_when_the_host_holds_something_else(
    owner: QObject, stores: Stores, stub: Any
) -> None:
    costs = LoadsStore(stores.connection, stores.fleet, owner, clock=lambda: 1000.0)
    answer = {"ref": "den/qwen3", "state": "stopped", "certain": True}
    stub.answers["GET /api/models/preview"] = lambda: JSONResponse(answer)
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        stores.fleet.take([den()])
        await costs.cost("den/qwen3")
        stores.fleet.take([den(in_flight=2)])
        await costs.cost("den/qwen3")
        assert len([path for _, path, _ in stub.seen if path == "/api/models/preview"]) == 1
        stores.fleet.take([den(loaded=[LoadedModel(ref="den/gemma", state="ready")])])
        await costs.cost("den/qwen3")
    assert len([path for _, path, _ in stub.seen if path == "/api/models/preview"]) == 2


async def test_a_cost_that_is_not_told_holds_nothing_up(stores: Stores, stub: Any, tools: Any) -> None:
    stub.answers["GET /api/models/preview"] = lambda: tools.problem(404, "model_not_found", "No such model.")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        assert await stores.loads.cost("den/qwen3") is None
