"""GET and PATCH /api/settings."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from boocontrol.core.settings import Settings

URL = "/api/settings"


async def patch(panel: Any, body: Any, etag: str | None = "*", **more: Any) -> Any:
    headers = {} if etag is None else {"If-Match": etag}
    return await panel.http.patch(URL, json=body, headers=headers, **more)


async def test_defaults_are_told_and_unknown_keys_kept(panel: Any) -> None:
    first = await panel.http.get(URL)
    assert first.json() == Settings().model_dump(mode="json")
    answer = await patch(panel, {"theirs": {"x": [1, None]}, "default_model": "den/q"}, first.headers["etag"])
    assert answer.status_code == 200
    assert answer.json() == {**first.json(), "theirs": {"x": [1, None]}, "default_model": "den/q"}
    assert answer.headers["etag"] == await panel.etag(URL) != first.headers["etag"]
    assert panel.state.settings.default_model == "den/q"


async def test_null_resets_and_what_is_not_given_stays(panel: Any) -> None:
    await patch(panel, {"fast_model": "den/q", "default_model": "den/q", "theirs": 1})
    answer = (await patch(panel, {"fast_model": None, "theirs": None})).json()
    assert (answer["fast_model"], answer["default_model"], "theirs" in answer) == (None, "den/q", False)


async def test_if_match_is_required_and_compared(panel: Any) -> None:
    etag = await panel.etag(URL)
    assert (await patch(panel, {"fast_model": "a"}, None)).status_code == 428
    assert (await patch(panel, {"fast_model": "a"}, etag)).status_code == 200
    stale = await patch(panel, {"fast_model": "b"}, etag)
    assert (stale.status_code, stale.json()["error"]["code"]) == (412, "changed_meanwhile")
    assert stale.json()["advice"]
    assert (await panel.http.get(URL)).json()["fast_model"] == "a"
    weak = "W/" + await panel.etag(URL)
    assert (await patch(panel, {"fast_model": "b"}, weak)).status_code == 412
    either = f'"other", {await panel.etag(URL)}'
    assert (await patch(panel, {"fast_model": "b"}, either)).status_code == 200


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"favorite_models": "den/q"}, "favorite_models"),
        ({"favorite_models": ["den/q", 5]}, "favorite_models"),
        ({"require_key": "yes"}, "require_key"),
        ({"require_key": 1}, "require_key"),
        ({"keepalive_after": 0}, "keepalive_after"),
        ({"default_model": ""}, "default_model"),
    ],
)
async def test_a_wrong_type_names_the_key_and_writes_nothing(panel: Any, body: Any, key: str) -> None:
    before = await panel.etag(URL)
    answer = await patch(panel, {**body, "theirs": 1})
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, key)
    assert await panel.etag(URL) == before


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b'{"x": NaN}', 400),
        (b'{"\\ud800": 1}', 400),
        (b"[" * 5000, 400),
        (b"[]", 422),
        (b'{"x": {"y": [1e999]}}', 422),
        (b'{"x": "' + b"a" * (1 << 20) + b'"}', 413),
    ],
)
async def test_what_is_no_object_of_json_is_refused(panel: Any, raw: bytes, status: int) -> None:
    headers = {"If-Match": "*", "Content-Type": "application/json"}
    answer = await panel.http.patch(URL, content=raw, headers=headers)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


async def test_a_web_form_changes_nothing(panel: Any) -> None:
    answer = await panel.http.patch(URL, data={"fast_model": "x"}, headers={"If-Match": "*"})
    assert answer.status_code == 415


async def test_favorites_that_mean_the_same_collapse(panel: Any) -> None:
    await panel.http.patch("/api/providers/attic", json={"id": "loft"}, headers={"If-Match": "*"})
    favorites = ["q", "den/q", "loft/q", "attic/q", "gone/q", "q", "any/q"]
    answer = await patch(panel, {"favorite_models": favorites})
    assert answer.json()["favorite_models"] == ["q", "loft/q", "gone/q", "any/q"]


async def test_a_stored_value_that_cannot_be_used_is_told_and_kept(panel: Any) -> None:
    await panel.services.settings._store.change(lambda v: {"keepalive_after": "soon", "theirs": 1})
    answer = await panel.http.get(URL)
    assert (answer.json()["keepalive_after"], answer.json()["theirs"]) == (45.0, 1)
    assert "keepalive_after" in (await panel.http.get("/api/status")).json()["problems"][0]
    assert (await patch(panel, {"fast_model": "a"})).status_code == 200
    assert (await panel.services.settings._store.read()).values["keepalive_after"] == "soon"
    assert (await patch(panel, {"keepalive_after": 50.0})).json()["keepalive_after"] == 50.0
    assert (await panel.http.get("/api/status")).json()["problems"] == []


async def test_writers_at_the_same_time_lose_nothing(panel: Any) -> None:
    async def add(name: str) -> None:
        while True:
            seen = await panel.http.get(URL)
            favorites = [*seen.json()["favorite_models"], name]
            answer = await patch(panel, {"favorite_models": favorites}, seen.headers["etag"])
            if answer.status_code == 200:
                return
            assert answer.status_code == 412

    names = [f"den/m{i}" for i in range(12)]
    await asyncio.gather(*(add(n) for n in names))
    assert sorted((await panel.http.get(URL)).json()["favorite_models"]) == sorted(names)
