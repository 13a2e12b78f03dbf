"""Status, hosts, errors in one shape, and the OpenAPI description."""

from __future__ import annotations

from typing import Any

import pytest

from boocontrol.core.api import Problem, Status


async def test_status_counts_and_names_what_drifted(panel: Any) -> None:
    favorites = ["den/q", "den/gone", "nobody/q", "q", "any/q", "any/gone"]
    settings = {"favorite_models": favorites, "default_model": "gone", "fast_model": "den/q"}
    await panel.http.patch("/api/settings", json=settings, headers={"If-Match": "*"})
    with panel.state.in_flight.hold(panel.running("den/q")):
        answer = await panel.http.get("/api/status")
    status = Status.model_validate_json(answer.content, strict=True)
    assert (status.version, status.instance_id, status.uptime_s) == ("0.0.1", "i1", 90.0)
    assert status.url == "http://127.0.0.1:9503"
    assert status.counts.model_dump() == {"providers": 3, "up": 3, "models": 3, "in_flight": 1}
    assert status.drifted == ("gone", "den/gone", "nobody/q", "any/gone")
    assert (status.registry.path, status.registry.source) == (str(panel.path), "file")
    assert status.problems == ()


async def test_a_host_never_seen_gives_no_drift(panel: Any) -> None:
    entries = panel.fleet.catalog().providers
    unseen = entries[0].model_copy(update={"as_of": None, "models": ()})
    panel.fleet._catalog = panel.fleet.catalog().model_copy(update={"providers": (unseen, *entries[1:])})
    await panel.http.patch("/api/settings", json={"default_model": "den/q"}, headers={"If-Match": "*"})
    assert (await panel.http.get("/api/status")).json()["drifted"] == []


async def test_hosts_and_their_history(panel: Any) -> None:
    hosts = (await panel.http.get("/api/hosts")).json()["hosts"]
    assert [h["id"] for h in hosts] == ["den", "attic", "cloud"]
    assert (await panel.http.get("/api/hosts/attic")).json() == hosts[1]
    assert (await panel.http.get("/api/hosts/attic/history")).json() == {"id": "attic", "checks": []}
    await panel.http.patch("/api/providers/attic", json={"id": "loft"}, headers={"If-Match": "*"})
    assert (await panel.http.get("/api/hosts/attic")).json()["id"] == "loft"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api", 404),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/status/", 404),
        ("GET", "/api/hosts/a/b/c", 404),
        ("DELETE", "/api/status", 405),
        ("GET", "/api/models/load", 405),
    ],
)
async def test_every_error_has_the_shape(panel: Any, method: str, path: str, status: int) -> None:
    answer = await panel.http.request(method, path)
    assert answer.status_code == status
    problem = Problem.model_validate_json(answer.content, strict=True)
    assert problem.advice
    assert answer.headers["content-type"] == "application/json"


async def test_a_wrong_method_is_told_all_the_right_ones(panel: Any) -> None:
    answer = await panel.http.delete("/api/providers")
    assert answer.headers["allow"] == "GET, POST, PUT"
    assert (await panel.http.put("/api/settings")).headers["allow"] == "GET, PATCH"


async def test_a_fault_of_the_gateway_says_nothing_of_its_inside(panel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("hunter22")

    monkeypatch.setattr(panel.fleet, "hosts", fail)
    answer = await panel.http.get("/api/hosts")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "gateway_fault")
    assert "hunter22" not in answer.text


async def test_the_description_is_whole(panel: Any) -> None:
    made = (await panel.http.get("/api/openapi.json")).json()
    assert made["security"] == [{"gatewayKey": []}]
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert {"400", "401", "403", "500"} <= operation["responses"].keys(), where
            for status, answer in operation["responses"].items():
                if status >= "400":
                    shape = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                    assert shape in ("Problem", "Broken", "Busy"), where
            if "412" in operation["responses"] and not path.endswith("/key"):
                names = {p["name"] for p in operation["parameters"] if p["in"] == "header" and p["required"]}
                assert names == {"If-Match"}, where
    assert "HTTPValidationError" not in made["components"]["schemas"]
    refs = {r.rpartition("/")[2] for r in _refs(made)}
    assert refs <= made["components"]["schemas"].keys()


async def test_no_page_loads_anything_from_outside(panel: Any) -> None:
    for path in ("/docs", "/redoc", "/api/docs", "/openapi.json"):
        assert (await panel.http.get(path)).status_code == 404


def _refs(node: Any) -> Any:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)


async def test_a_person_has_hosts_looked_at_now(panel: Any) -> None:
    answer = await panel.http.post("/api/hosts/attic/refresh")
    assert (answer.status_code, answer.json(), panel.fleet.refreshed) == (202, {"asked": ["attic"]}, ["attic"])
    await panel.http.patch("/api/providers/attic", json={"id": "loft"}, headers={"If-Match": "*"})
    assert (await panel.http.post("/api/hosts/attic/refresh")).json() == {"asked": ["loft"]}, "by a former id"
    await panel.http.patch("/api/providers/loft", json={"enabled": False}, headers={"If-Match": "*"})
    panel.fleet.refreshed.clear()
    assert (await panel.http.post("/api/hosts/loft/refresh")).json() == {"asked": []}, "a paused one is left alone"
    assert (await panel.http.post("/api/hosts/refresh")).json() == {"asked": ["den", "cloud"]}
    assert panel.fleet.refreshed == ["den", "cloud"]
    assert (await panel.http.post("/api/hosts/nobody/refresh")).status_code == 404
