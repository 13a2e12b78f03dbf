"""/api/providers/{id}/key: in and out of the keyring, never back over the wire."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from boocontrol.core.errors import SecretError

ANY = {"If-Match": "*"}


async def put(panel: Any, provider: str, key: Any) -> Any:
    return await panel.http.put(f"/api/providers/{provider}/key", json={"key": key})


async def test_a_key_is_stored_under_the_name_of_its_reference(panel: Any) -> None:
    answer = await put(panel, "den", "  sk-fresh\n")
    assert answer.json() == {"provider": "den", "source": "keyring", "name": "den", "present": True}
    assert panel.keys.get("den") == "sk-fresh"
    assert panel.fleet.refreshed == ["den"]


async def test_a_provider_without_reference_gets_one(panel: Any) -> None:
    assert (await put(panel, "attic", "sk-a")).json()["name"] == "attic"
    assert panel.entry("attic")["apiKey"] == {"keyring": "attic"}
    assert panel.keys.get("attic") == "sk-a"


async def test_a_name_that_another_provider_uses_is_not_taken(panel: Any) -> None:
    await panel.http.patch("/api/providers/den", json={"id": "lair", "formerIds": []}, headers=ANY)
    document = panel.file()
    document["providers"][0]["formerIds"] = []
    document["providers"].append({"id": "den", "baseUrl": "http://other"})
    assert (await panel.http.put("/api/providers", json=document, headers=ANY)).status_code == 200
    assert (await put(panel, "den", "sk-new")).json()["name"] == "den-2"
    assert panel.keys.get("den") == "den-secret"


async def test_a_key_is_removed_with_its_reference(panel: Any) -> None:
    answer = await panel.http.delete("/api/providers/den/key")
    assert answer.json() == {"provider": "den", "source": "none", "name": None, "present": False}
    assert panel.keys.get("den") is None
    assert "apiKey" not in panel.entry("den")


async def test_a_key_that_another_provider_shares_stays(panel: Any) -> None:
    await panel.http.patch("/api/providers/attic", json={"apiKey": {"keyring": "den"}}, headers=ANY)
    await panel.http.delete("/api/providers/attic/key")
    assert panel.keys.get("den") == "den-secret"


async def test_a_key_of_the_environment_is_not_ours_to_change(panel: Any) -> None:
    for answer in (await put(panel, "cloud", "x"), await panel.http.delete("/api/providers/cloud/key")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "key_from_environment")
        assert "CLOUD_KEY" in answer.json()["error"]["message"]


async def test_with_a_broken_file_nothing_reaches_the_keyring(panel: Any) -> None:
    panel.path.write_text("{")
    assert (await put(panel, "attic", "sk-a")).status_code == 409
    assert panel.keys.get("attic") is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"key": 12345678}',
        b'{"key": ["hunter22"]}',
        b'{"key": "", "hunter22": 1}',
        b'{"key": "hunter22\\nx-evil: 1"}',
        b'{"key": "hunter22\xc3\xbc"}',
        b'{"key": "hunter22", "more": "hunter22"}',
        b'{"key": "hunter22"',
        b'"hunter22"',
    ],
)
async def test_no_error_and_no_log_repeats_a_key(panel: Any, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    headers = {"Content-Type": "application/json"}
    answer = await panel.http.put("/api/providers/den/key", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert "12345678" not in answer.text
    values = answer.text.replace('"param":"hunter22"', "").replace("hunter22: extra", "")
    assert "hunter22" not in values
    assert "hunter22" not in caplog.text
    assert panel.keys.get("den") == "den-secret"


async def test_a_keyring_that_fails_is_told(panel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(name: str, value: str) -> None:
        raise SecretError("The keyring is locked.", "Unlock it.", code="keyring_locked")

    monkeypatch.setattr(panel.keys, "set", locked)
    answer = await put(panel, "den", "sk-x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "keyring_locked")
