"""/api/providers: one provider, the whole registry, and a file that others edit too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from boocontrol.core.registry import Registry

URL = "/api/providers"
ANY = {"If-Match": "*"}


async def test_the_registry_is_told_with_unknown_keys_and_the_stamp_of_the_file(panel: Any) -> None:
    answer = await panel.http.get(URL)
    assert answer.json() == panel.file()
    assert answer.headers["etag"] == panel.state.loaded.stamp.etag


async def test_a_provider_is_added_at_the_end_with_its_address_in_one_form(panel: Any) -> None:
    body = {"id": "lab", "baseUrl": "lab:8080/v1/", "colour": "theirs"}
    answer = await panel.http.post(URL, json=body, headers={"If-Match": await panel.etag(URL)})
    assert answer.status_code == 201
    assert answer.json() == panel.file()["providers"][-1] == {**body, "baseUrl": "http://lab:8080"}
    assert answer.headers["etag"] == await panel.etag(URL)
    assert panel.file()["theirs"] == {"kept": True}
    assert "lab" in panel.fleet.applied[-1].by_id
    assert "lab" in panel.state.registry.by_id


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"id": "den", "baseUrl": "http://x"}, 409, "id"),
        ({"id": "Den", "baseUrl": "http://x"}, 422, "id"),
        ({"id": "any", "baseUrl": "http://x"}, 422, "id"),
        ({"id": "lab"}, 422, "baseUrl"),
        ({"baseUrl": "http://x"}, 422, "id"),
        ({"id": "lab", "baseUrl": "ftp://x"}, 422, "baseUrl"),
        ({"id": "lab", "baseUrl": 5}, 422, "baseUrl"),
        ({"id": "lab", "baseUrl": "http://x", "enabled": "yes"}, 422, "enabled"),
        ({"id": "lab", "baseUrl": "http://x", "apiKey": "sk-secret"}, 422, "apiKey"),
        ({"id": "lab", "baseUrl": "http://x", "headers": {"Authorization": "x"}}, 422, "headers"),
        ({"id": "lab", "baseUrl": "http://x", "confirmKey": 1}, 422, "confirmKey"),
    ],
)
async def test_what_breaks_a_rule_names_the_field_and_writes_nothing(
    panel: Any, body: Any, status: int, param: str
) -> None:
    before = panel.path.read_bytes()
    answer = await panel.http.post(URL, json=body, headers=ANY)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)
    assert "sk-secret" not in answer.text
    assert panel.path.read_bytes() == before


async def test_every_write_wants_if_match(panel: Any) -> None:
    before = panel.path.read_bytes()
    good = {"id": "lab", "baseUrl": "http://lab"}
    calls = [
        ("POST", URL, good),
        ("PUT", URL, panel.file()),
        ("PATCH", f"{URL}/den", {}),
        ("DELETE", f"{URL}/den", None),
    ]
    for method, url, body in calls:
        assert (await panel.http.request(method, url, json=body)).status_code == 428
        stale = await panel.http.request(method, url, json=body, headers={"If-Match": '"old"'})
        assert stale.status_code == 412
    assert panel.path.read_bytes() == before


async def test_a_change_keeps_unknown_keys_and_null_removes_one(panel: Any) -> None:
    answer = await panel.http.patch(f"{URL}/den", json={"label": "Den", "color": "#fff"}, headers=ANY)
    assert answer.json() == {**answer.json(), "label": "Den", "note": "mine"}
    await panel.http.patch(f"{URL}/den", json={"color": None, "gone": None}, headers=ANY)
    assert "color" not in panel.entry("den")
    assert panel.entry("den")["note"] == "mine"


async def test_a_rename_is_remembered_and_takes_the_default_along(panel: Any) -> None:
    answer = await panel.http.patch(f"{URL}/den", json={"id": "lair"}, headers=ANY)
    assert answer.json()["formerIds"] == ["den"]
    assert panel.file()["defaultProvider"] == "lair"
    assert str(panel.state.registry.ref("den/q")) == "lair/q"
    taken = await panel.http.patch(f"{URL}/lair", json={"id": "attic"}, headers=ANY)
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "duplicate_id")


@pytest.mark.parametrize(
    ("patch", "kept"),
    [
        ({"baseUrl": "http://den:8401/v1"}, True),
        ({"baseUrl": "http://den:8401/behind/a/proxy"}, True),
        ({"baseUrl": "http://den:9999"}, False),
        ({"baseUrl": "https://den:8401"}, False),
        ({"baseUrl": "http://evil:8401"}, False),
        ({"baseUrl": "http://evil:8401", "apiKey": {"keyring": "den"}}, False),
        ({"baseUrl": "http://evil:8401", "confirmKey": True}, True),
        ({"baseUrl": "http://evil:8401", "confirmKey": False}, False),
        ({"sidecarUrl": "http://den:8402"}, True),
        ({"sidecarUrl": "http://evil:8402"}, False),
        ({"sidecarUrl": "http://evil:8402", "confirmKey": True}, True),
    ],
)
async def test_a_key_stays_with_its_origin(panel: Any, patch: Any, kept: bool) -> None:
    answer = await panel.http.patch(f"{URL}/den", json=patch, headers=ANY)
    assert answer.status_code == 200
    assert ("apiKey" in answer.json(), "apiKey" in panel.entry("den")) == (kept, kept)
    assert "confirmKey" not in panel.entry("den")


async def test_a_new_key_moves_with_the_address(panel: Any) -> None:
    patch = {"baseUrl": "http://new:1", "apiKey": {"keyring": "new"}}
    await panel.http.patch(f"{URL}/den", json=patch, headers=ANY)
    assert panel.entry("den")["apiKey"] == {"keyring": "new"}


async def test_a_whole_registry_keeps_keys_with_their_origins_too(panel: Any) -> None:
    document = panel.file()
    document["providers"].reverse()
    assert (await panel.http.put(URL, json=document, headers=ANY)).json() == document == panel.file()
    document["providers"][-1] |= {"id": "lair", "formerIds": ["den"], "baseUrl": "http://evil:1"}
    document["defaultProvider"] = "lair"
    await panel.http.put(URL, json=document, headers=ANY)
    assert "apiKey" not in panel.entry("lair")
    assert panel.entry("cloud")["apiKey"] == {"env": "CLOUD_KEY"}


@pytest.mark.parametrize(
    ("document", "param"),
    [
        ({"providers": [{"id": "a", "baseUrl": "http://a"}, {"id": "a", "baseUrl": "http://b"}]}, "providers[1].id"),
        ({"defaultProvider": "b", "providers": [{"id": "a", "baseUrl": "http://a"}]}, "defaultProvider"),
        ({"providers": [5]}, "providers[0]"),
        ({"providers": {}}, "providers"),
    ],
)
async def test_a_whole_registry_that_breaks_a_rule_is_refused(panel: Any, document: Any, param: str) -> None:
    before = panel.path.read_bytes()
    answer = await panel.http.put(URL, json=document, headers=ANY)
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, param)
    assert panel.path.read_bytes() == before


async def test_a_provider_is_removed_and_the_next_takes_its_place(panel: Any) -> None:
    answer = await panel.http.delete(f"{URL}/den", headers=ANY)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"] == await panel.etag(URL)
    assert panel.state.registry.default == "attic"
    assert (await panel.http.delete(f"{URL}/den", headers=ANY)).status_code == 404


@pytest.mark.parametrize("bad_id", ["nobody", "DEN", "a%20b", "%F0%9F%A6%99", "x" * 3000, "..."])
async def test_an_id_that_is_none_is_not_found(panel: Any, bad_id: str) -> None:
    for method, url in [("PATCH", URL), ("DELETE", URL), ("GET", "/api/hosts")]:
        answer = await panel.http.request(method, f"{url}/{bad_id}", json={}, headers=ANY)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_a_hand_edit_between_read_and_write_is_seen(panel: Any) -> None:
    etag = await panel.etag(URL)
    edited = panel.file()
    edited["providers"][1]["label"] = "By hand"
    panel.path.write_text(json.dumps(edited))
    patch = {"label": "Den"}
    assert (await panel.http.patch(f"{URL}/den", json=patch, headers={"If-Match": etag})).status_code == 412
    assert (await panel.http.patch(f"{URL}/den", json=patch, headers=ANY)).status_code == 200
    assert (panel.entry("attic")["label"], panel.entry("den")["label"]) == ("By hand", "Den")


async def test_a_broken_file_is_never_overwritten_but_by_an_explicit_wish(panel: Any) -> None:
    good = panel.file()
    broken = '{"providers": [\n  {"id": "den" "baseUrl": 1}]}'
    panel.path.write_text(broken)
    answer = await panel.http.patch(f"{URL}/den", json={"label": "x"}, headers=ANY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "registry_broken")
    assert (answer.json()["registry"]["line"], answer.json()["registry"]["column"]) == (2, 15)
    assert (await panel.http.put(URL, json=good, headers=ANY)).status_code == 409
    assert panel.path.read_text() == broken
    assert "den" in panel.state.registry.by_id
    status = (await panel.http.get("/api/status")).json()
    assert (status["registry"]["error"]["line"], status["registry"]["error"]["column"]) == (2, 15)
    assert "line 2" in status["problems"][0]
    assert (await panel.http.put(f"{URL}?replace=all", json=good, headers=ANY)).status_code == 422
    etag = {"If-Match": await panel.etag(URL)}
    assert (await panel.http.put(f"{URL}?replace=broken", json=good, headers=etag)).status_code == 200
    assert panel.file() == good
    assert panel.path.with_name(panel.path.name + ".bak-1").read_text() == broken
    assert (await panel.http.get("/api/status")).json()["problems"] == []


@pytest.mark.parametrize("registry_text", [None])
@pytest.mark.parametrize("environ", [{"LLAMA_SWAP_URL": "http://old:8080/v1"}])
async def test_the_legacy_registry_is_written_with_the_first_save(panel: Any) -> None:
    assert not panel.path.exists()
    legacy = (await panel.http.get(URL)).json()["providers"]
    assert [p["id"] for p in legacy] == ["llama-swap"]
    etag = {"If-Match": await panel.etag(URL)}
    await panel.http.post(URL, json={"id": "lab", "baseUrl": "http://lab"}, headers=etag)
    assert [p["id"] for p in panel.file()["providers"]] == ["llama-swap", "lab"]
    assert (await panel.http.get("/api/status")).json()["registry"]["source"] == "file"
    assert Registry.model_validate(panel.file()).by_id["llama-swap"].base_url == "http://old:8080"


@pytest.mark.parametrize("registry_text", [None])
@pytest.mark.parametrize("environ", [{"LLAMA_SWAP_URL": "ftp://old"}])
async def test_a_bad_variable_does_not_forbid_a_file(panel: Any) -> None:
    assert (await panel.http.get("/api/status")).json()["registry"]["error"]
    created = await panel.http.post(URL, json={"id": "lab", "baseUrl": "http://lab"}, headers=ANY)
    assert created.status_code == 201
    assert (await panel.http.get("/api/status")).json()["registry"]["error"] is None


async def test_a_probe_uses_the_typed_key_and_the_stored_one_only_at_its_origin(panel: Any) -> None:
    async def key_for(**body: Any) -> str | None:
        answer = await panel.http.post(f"{URL}/probe", json=body)
        assert answer.status_code == 200, answer.text
        key = panel.probe.seen[-1][1]
        return key and key.get_secret_value()

    assert await key_for(baseUrl="http://x", key="typed") == "typed"
    assert await key_for(baseUrl="den:8401/v1", provider="den") == "den-secret"
    assert await key_for(baseUrl="http://evil:8401", provider="den") is None
    assert await key_for(baseUrl="http://x") is None
    missing = await panel.http.post(f"{URL}/probe", json={"baseUrl": "http://x", "provider": "no"})
    assert missing.status_code == 404
    keyless = await panel.http.post(f"{URL}/probe", json={"baseUrl": "https://api.example.com", "provider": "cloud"})
    assert (keyless.status_code, keyless.json()["error"]["code"]) == (409, "key_missing")
