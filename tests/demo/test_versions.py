"""What older llama-swaps say differently."""

from __future__ import annotations

from typing import Any

import pytest

from boocontrol.demo import Capabilities, ModelConfig, PeerConfig
from boocontrol.demo.config import VERSIONS
from tests.demo.conftest import Start, until

RICH = ModelConfig("m", name="M", aliases=("alias",), capabilities=Capabilities(context=4096), metadata={"k": 1})
# Path and the versions that have it.
ROUTES = {
    "/running": VERSIONS,
    "/api/version": VERSIONS,
    "/wol-health": VERSIONS,
    "/api/metrics": ("173", "190", "216", "235"),
    "/api/metrics/activity": ("250", "main"),
    "/api/performance": ("216", "235", "250", "main"),
    "/api/profiles": ("250", "main"),
    "/api/hardware": ("250", "main"),
    "/models": ("250", "main"),
    "/props?model=m": ("235", "250", "main"),
}


@pytest.mark.parametrize("version", VERSIONS)
async def test_routes(simulate: Start, version: str) -> None:
    async with simulate(version=version) as sim:
        for path, versions in ROUTES.items():
            status = (await sim.client.get(path)).status_code
            assert (status == 200) == (version in versions), (path, status)


@pytest.mark.parametrize("version", ["173", "190", "216"])
async def test_gin_knows_no_head_and_no_405(simulate: Start, version: str) -> None:
    async with simulate(version=version) as sim:
        assert (await sim.client.head("/health")).status_code == 404
        response = await sim.client.post("/running")
        assert (response.status_code, response.content) == (404, b"")
        listed = (await sim.client.get("/v1/models")).json()
        assert list(listed["data"][0]) == ["created", "id", "object", "owned_by"]


@pytest.mark.parametrize(
    ("version", "status", "error"),
    [
        ("main", 404, {"message": "no router for requested model", "param": None}),
        ("250", 404, "no router for requested model"),
        ("235", 404, "no router for requested model"),
        ("216", 400, "could not find suitable inference handler for nobody"),
        ("173", 400, "could not find suitable inference handler for nobody"),
    ],
)
async def test_error_shapes(simulate: Start, version: str, status: int, error: Any) -> None:
    async with simulate(version=version) as sim:
        response = await sim.client.post(
            "/v1/chat/completions", json={"model": "nobody"}, headers={"Accept": "application/json"}
        )
        said = response.json()["error"]
        assert response.status_code == status
        assert error == (said if isinstance(error, str) else {key: said[key] for key in error})
        assert ("src" in response.json()) == (version not in ("216", "173"))


async def test_gin_speaks_text_to_those_who_do_not_ask_for_json(simulate: Start) -> None:
    async with simulate(version="216") as sim:
        response = await sim.client.post("/v1/chat/completions", json={})
        assert response.text == "missing or invalid 'model' key"
        assert response.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("version", "kinds"),
    [
        ("173", ["metrics"]),
        ("190", ["metrics"]),
        ("216", ["metrics", "inflight"]),
        ("235", ["metrics", "inflight"]),
        ("250", ["uiConfig", "profileChanged", "inflight"]),
    ],
)
async def test_the_first_events(simulate: Start, version: str, kinds: list[str]) -> None:
    async with simulate(version=version) as sim, sim.events() as events:
        seen = [(await anext(events))[0] for _ in range(3 + len(kinds))]
        assert seen == ["logData", "logData", "modelStatus", *kinds]


@pytest.mark.parametrize(
    ("version", "first"),
    [("216", {"total": 1}), ("235", ["id", "timestamp", "model", "req_path", "method"]), ("250", "upsert")],
)
async def test_inflight_dialects(simulate: Start, version: str, first: Any) -> None:
    async with simulate(version=version) as sim, sim.events() as events:
        await until(events, lambda kind, data: kind == "inflight")
        await sim.chat("m")
        data = await until(events, lambda kind, data: kind == "inflight")
        shown = {"216": data, "235": list(data.get("requests", [{}])[0]), "250": data.get("operation")}
        assert shown[version] == first


async def test_rows_before_the_activity_endpoint(simulate: Start) -> None:
    async with simulate(version="190") as sim, sim.events() as events:
        assert await until(events, lambda kind, data: kind == "metrics") == []
        await sim.chat("m")
        rows = await until(events, lambda kind, data: kind == "metrics")
        assert rows[0]["output_tokens"] == 4 and "tokens" not in rows[0]
        assert (await sim.client.get("/api/metrics")).json() == rows


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_inventory_grows_by_version(simulate: Start, version: str) -> None:
    peers = (PeerConfig("p", "http://127.0.0.1:9", ("far",)),)
    async with simulate(version=version, models=(RICH,), peers=peers) as sim:
        listed = {record["id"]: record for record in (await sim.client.get("/v1/models")).json()["data"]}
        number = 251 if version == "main" else int(version)
        assert set(listed) == {"m"} | ({"p/far"} if number >= 242 else {"far"} if number >= 179 else set())
        record = listed["m"]
        assert ("status" in record) == (number >= 236)
        assert ("context_length" in record) == (number >= 225)
        assert record["meta"].get("n_ctx") == (4096 if number >= 250 else None)
        assert record["meta"]["llamaswap"]["k"] == 1


async def test_running_before_v186_says_little(simulate: Start) -> None:
    async with simulate(version="173") as sim:
        await sim.chat("m")
        assert (await sim.client.get("/running")).json() == {"running": [{"model": "m", "state": "ready"}]}


@pytest.mark.parametrize(("version", "kept"), [("190", False), ("216", False), ("235", True), ("main", True)])
async def test_which_versions_pass_the_key_on(simulate: Start, version: str, kept: bool) -> None:
    async with simulate(version=version, api_keys=("k",)) as sim:
        sim.client.headers["Authorization"] = "Bearer k"
        seen = (await sim.chat("m")).json()["x_headers"]
        assert ("authorization" in seen) == kept


async def test_keys_came_with_v179(simulate: Start) -> None:
    async with simulate(version="173", api_keys=("k",)) as sim:
        assert (await sim.client.get("/running")).status_code == 200
