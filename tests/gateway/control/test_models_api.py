"""The catalog from memory, and asking hosts to load and unload."""

from __future__ import annotations

import time
from typing import Any

import pytest

from boocontrol.core.catalog import Catalog, ModelEntry
from boocontrol.core.errors import Unreachable
from boocontrol.gateway.control.services import CatalogJson
from boocontrol.hosts.errors import BadAnswer, HostRefused


async def test_the_catalog_is_told_with_a_tag(panel: Any) -> None:
    answer = await panel.http.get("/api/models")
    assert Catalog.model_validate_json(answer.content, strict=True) == panel.fleet.catalog()
    known = await panel.http.get("/api/models", headers={"If-None-Match": f"W/{answer.headers['etag']}"})
    assert (known.status_code, known.content) == (304, b"")
    assert (await panel.http.get("/api/models", headers={"If-None-Match": '"x"'})).status_code == 200


def test_the_parts_make_the_whole(panel: Any) -> None:
    catalog = panel.fleet.catalog()
    body, etag = CatalogJson().of(catalog)
    assert body == catalog.model_dump_json(by_alias=True).encode()
    cache = CatalogJson()
    entries = catalog.providers
    cache.of(catalog)
    changed = catalog.model_copy(update={"providers": (entries[0].model_copy(update={"state": "down"}), *entries[1:])})
    body, changed_etag = cache.of(changed)
    assert body == changed.model_dump_json(by_alias=True).encode()
    assert changed_etag != etag
    assert cache.of(Catalog())[0] == Catalog().model_dump_json(by_alias=True).encode()


async def test_five_thousand_models_take_no_time(panel: Any) -> None:
    providers = panel.fleet.catalog().providers
    models = tuple(
        ModelEntry(ref=f"den/model-{i}", wire_id=f"model-{i}", description="x" * 60, capabilities={"vision": True})
        for i in range(5000)
    )
    entry = providers[0].model_copy(update={"models": models})
    panel.fleet._catalog = Catalog(default_provider="den", providers=(entry, *providers[1:]))
    await panel.http.get("/api/models")
    started = time.perf_counter()
    answer = await panel.http.get("/api/models")
    assert len(answer.content) > 500_000
    assert time.perf_counter() - started < 1


async def ask(panel: Any, verb: str, **body: Any) -> Any:
    return await panel.http.post(f"/api/models/{verb}", json=body)


async def test_a_model_is_loaded_under_its_canonical_ref(panel: Any) -> None:
    for ref in ("den/q", "q", "any/q"):
        answer = await ask(panel, "load", ref=ref)
        assert (answer.status_code, answer.json()) == (202, {"asked": ["den/q"]})
    assert panel.actions.asked == [("load", "den/q")] * 3


async def test_unloading_names_one_thing(panel: Any) -> None:
    assert (await ask(panel, "unload", ref="den/q")).json() == {"asked": ["den/q"]}
    assert (await ask(panel, "unload", provider="attic")).json() == {"asked": ["attic"]}
    assert (await ask(panel, "unload", all=True)).json() == {"asked": ["den", "attic", "cloud"][:2]}
    assert panel.actions.asked == [
        ("unload", "den/q"),
        ("unload_all", "attic"),
        ("unload_all", "den"),
        ("unload_all", "attic"),
    ]


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("load", {}, 422),
        ("load", {"all": True}, 422),
        ("load", {"provider": "den"}, 422),
        ("load", {"ref": "den/q", "provider": "den"}, 422),
        ("load", {"ref": 5}, 422),
        ("load", {"ref": "den/q", "force": "yes"}, 422),
        ("load", {"ref": "den/q", "more": 1}, 422),
        ("load", {"ref": "nobody/q"}, 404),
        ("load", {"ref": "den/"}, 404),
        ("unload", {}, 422),
        ("unload", {"all": True, "provider": "den"}, 422),
        ("unload", {"provider": "nobody"}, 404),
        ("unload", {"ref": "nobody/q"}, 404),
    ],
)
async def test_what_cannot_be_asked(panel: Any, verb: str, body: Any, status: int) -> None:
    answer = await ask(panel, verb, **body)
    assert answer.status_code == status
    assert panel.actions.asked == []


@pytest.mark.parametrize(
    ("body", "busy"),
    [
        ({"ref": "den/q"}, True),
        ({"provider": "den"}, True),
        ({"all": True}, True),
        ({"ref": "den/q", "force": True}, False),
        ({"all": True, "force": True}, False),
        ({"ref": "den/other"}, False),
        ({"provider": "attic"}, False),
    ],
)
async def test_requests_that_run_are_cut_only_by_force(panel: Any, body: Any, busy: bool) -> None:
    with panel.state.in_flight.hold(panel.running("den/q")):
        answer = await ask(panel, "unload", **body)
    assert answer.status_code == (409 if busy else 202)
    assert bool(panel.actions.asked) is not busy
    if busy:
        assert answer.json()["error"]["code"] == "busy"
        assert [r["ref"] for r in answer.json()["requests"]] == ["den/q"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Unreachable("off", code="timeout"), 503, "provider_offline"),
        (HostRefused("no key"), 409, "provider_needs_key"),
        (BadAnswer("odd", status=500), 502, "bad_answer"),
        (BadAnswer("no such model", status=404), 404, "bad_answer"),
    ],
)
async def test_what_a_host_does_is_told_by_status(panel: Any, error: Exception, status: int, code: str) -> None:
    panel.actions.error = error
    answer = await ask(panel, "unload", ref="den/q")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_a_paused_provider_is_not_asked(panel: Any) -> None:
    await panel.http.patch("/api/providers/den", json={"enabled": False}, headers={"If-Match": "*"})
    answer = await ask(panel, "load", ref="den/q")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "provider_paused")
