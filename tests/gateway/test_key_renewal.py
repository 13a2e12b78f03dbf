"""New keys for the gateway while others ask for one too: whoever is told a key has the one that counts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from boocontrol.gateway.keyfile import key_file

from .conftest import KEY
from .whole_inside import inside

RENEW = "/api/gateway/key/renew"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_of_five_who_ask_at_once_one_gets_a_key_and_the_others_are_told(tmp_path: Path) -> None:
    async with inside(tmp_path) as g:
        answers = await asyncio.gather(*(g.client.post(RENEW) for _ in range(5)))
        assert sorted(a.status_code for a in answers) == [200, 401, 401, 401, 401]
        assert {a.json()["error"]["code"] for a in answers if a.status_code == 401} == {"key_wrong"}
        (new,) = (a.json()["key"] for a in answers if a.status_code == 200)
        assert key_file(tmp_path / "data").read_text().strip() == new
        async with httpx.AsyncClient(base_url=g.url, trust_env=False) as client:
            assert (await client.get("/api/status", headers=bearer(new))).status_code == 200
            assert (await client.get("/api/status", headers=bearer(KEY))).status_code == 401
            assert (await client.post(RENEW, headers={"x-api-key": new})).status_code == 200
            assert (await client.post(RENEW, headers=bearer(new))).status_code == 401


async def test_a_chain_of_renewals_each_with_the_key_of_the_last(tmp_path: Path) -> None:
    async with inside(tmp_path) as g:
        key, seen = KEY, {KEY}
        for _ in range(3):
            key = (await g.client.post(RENEW, headers=bearer(key))).json()["key"]
            seen.add(key)
        assert len(seen) == 4
