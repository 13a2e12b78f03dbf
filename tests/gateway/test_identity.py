"""Provider identity from end to end: the ref in, the bare id up, the ref back."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest

from boocontrol.demo.config import Capabilities, HostConfig

from .conftest import CHAT, KEY, QUICK, Start, events_of, models


def asked(host, path: str = CHAT):
    """The requests that a host got for inference."""
    return [r for r in host.requests if r.method == "POST" and r.target == path]


async def test_the_same_name_on_two_hosts_reaches_the_right_one(house: Start) -> None:
    config = HostConfig(models=models("qwen"), **QUICK)
    async with house(den=config, mac=config) as h:
        for name, other in (("den", "mac"), ("mac", "den")):
            before = len(asked(h[other]))
            answer = await h.gateway.chat(f"{name}/qwen")
            assert answer.status_code == 200
            assert answer.json()["model"] == f"{name}/qwen"
            assert answer.headers["x-boocontrol-provider"] == name
            assert json.loads(asked(h[name])[-1].body)["model"] == "qwen"
            assert len(asked(h[other])) == before


@pytest.mark.parametrize("wire_id", ["org/Model.X:Q4_K_M", "a/b/c/d", "name with spaces", "größe-🦙", "den", "den/den"])
async def test_wire_ids_survive(house: Start, wire_id: str) -> None:
    async with house(den=HostConfig(models=models(wire_id), **QUICK)) as h:
        ref = f"den/{wire_id}"
        plain = await h.gateway.chat(ref)
        assert plain.json()["model"] == ref
        assert unquote(plain.headers["x-boocontrol-model"]) == ref
        streamed = await h.gateway.chat(ref, stream=True)
        *events, last = events_of(streamed.text)
        assert last == "[DONE]"
        assert {e["model"] for e in events} == {ref}
        assert [json.loads(r.body)["model"] for r in asked(h["den"])] == [wire_id, wire_id]


async def test_a_bare_id_belongs_to_the_default_provider(house: Start) -> None:
    async with house(den=HostConfig(models=models("qwen", "org/big"), **QUICK), mac=HostConfig(**QUICK)) as h:
        await h.gateway.known("den/org/big")
        assert (await h.gateway.chat("qwen")).json()["model"] == "den/qwen"
        assert (await h.gateway.chat("org/big")).json()["model"] == "den/org/big"


async def test_aliases_unlisted_models_and_former_ids_go_up_as_they_are(house: Start) -> None:
    config = HostConfig(models=(*models("qwen", aliases=("q",)), *models("hidden", unlisted=True)), **QUICK)
    async with house(den=config, entries={"den": {"formerIds": ["gpu"]}}) as h:
        for ref, wire_id, answered in (("den/q", "q", "den/q"), ("gpu/hidden", "hidden", "den/hidden")):
            answer = await h.gateway.chat(ref)
            assert answer.json()["model"] == answered
            assert json.loads(asked(h["den"])[-1].body)["model"] == wire_id


async def test_a_fleet_ref_goes_where_the_model_is_ready(house: Start) -> None:
    config = HostConfig(models=models("qwen"), **QUICK)
    async with house(den=config, mac=config) as h:
        await h.gateway.known("den/qwen", "mac/qwen")
        await h.gateway.chat("mac/qwen")
        h.gateway.monitor.refresh("mac")
        await h.gateway.monitor.wait_for(lambda: h.gateway.state.catalog.by_id["mac"].models[0].state == "ready", 5)
        answer = await h.gateway.chat("any/qwen")
        assert answer.json()["model"] == "mac/qwen"
        assert answer.headers["x-boocontrol-provider"] == "mac"


async def test_what_goes_up_and_what_stays(house: Start) -> None:
    config = HostConfig(models=models("qwen"), api_keys=("host-key",), **QUICK)
    entries = {"den": {"apiKey": {"keyring": "den"}, "headers": {"X-Lab": "7"}}}
    async with house(den=config, entries=entries, keys={"den": "host-key"}) as h:
        sent = {
            "Authorization": "Bearer users-own-key",
            "x-api-key": "another",
            "Cookie": "a=b",
            "X-Forwarded-For": "10.0.0.9",
            "Accept-Encoding": "gzip, br",
            "traceparent": "00-abc-def-01",
            "x-session-id": "ses_1",
            "X-Boo-Source": "arena",
            "X-Agent-Flags": "",
            "User-Agent": "opencode/1",
            "X-Unknown": "stays",
        }
        del sent["X-Agent-Flags"]
        body = b'{"model":"den/qwen","messages":[],"seed":18446744073709551616,"temperature":1.50,"x":{"y" : 1}}'
        answer = await h.gateway.client.post(CHAT, content=body, headers=sent | {"Content-Type": "application/json"})
        assert answer.status_code == 200
        record = asked(h["den"])[-1]
        assert record.body == body.replace(b"den/qwen", b"qwen")
        up = {k.lower(): v for k, v in record.headers}
        assert up["authorization"] == "Bearer host-key"
        assert up["accept-encoding"] == "identity"
        assert (up["traceparent"], up["x-session-id"], up["x-boo-source"]) == ("00-abc-def-01", "ses_1", "arena")
        assert (up["user-agent"], up["x-lab"]) == ("opencode/1", "7")
        assert not {"cookie", "x-api-key", "x-forwarded-for", "x-unknown"} & set(up)
        assert "users-own-key" not in str(record.headers)
        allowed = {"content-type", "content-length", "date", "cache-control", "retry-after", "content-disposition"}
        assert {k for k in answer.headers if not k.startswith("x-boocontrol-")} <= allowed


async def test_the_list_is_the_union_with_the_hosts_own_keys(house: Start, dead_port: int) -> None:
    caps = Capabilities(("text", "image"), ("text",), tools=True, context=32768)
    den = HostConfig(
        models=(*models("qwen", "solo", capabilities=caps, name="Qwen"), *models("h", unlisted=True)), **QUICK
    )
    mac = HostConfig(models=models("qwen", capabilities=Capabilities(context=4096)), **QUICK)
    entries = {
        "gone": {"baseUrl": f"http://127.0.0.1:{dead_port}"},
        "off": {"baseUrl": f"http://127.0.0.1:{dead_port}", "enabled": False},
    }
    async with house(den=den, mac=mac, entries=entries) as h:
        await h.gateway.known("den/qwen", "mac/qwen")
        listed = (await h.gateway.client.get("/v1/models")).json()
        found = {m["id"]: m for m in listed["data"]}
        assert listed["object"] == "list"
        assert set(found) == {"den/qwen", "den/solo", "mac/qwen", "any/qwen"}
        assert found["den/qwen"]["context_length"] == 32768
        assert found["mac/qwen"]["context_length"] == 4096
        assert found["any/qwen"]["context_length"] == 4096
        assert found["den/qwen"]["owned_by"] == "llama-swap"
        assert found["den/qwen"]["capabilities"] == {"function_calling": True, "vision": True}
        one = await h.gateway.client.get("/v1/models/den%2Fqwen")
        assert one.json()["id"] == "den/qwen"
        hidden = await h.gateway.client.get("/v1/models/den/nothing")
        assert (hidden.status_code, hidden.json()["error"]["code"]) == (404, "model_not_found")
        await h["den"].fault("kill")
        await h.gateway.found("den", "down")
        after = {m["id"]: m for m in (await h.gateway.client.get("/v1/models")).json()["data"]}
        assert after["den/qwen"]["status"] == {"value": "unavailable"}
        assert set(after) == set(found)


async def test_props_only_of_a_ready_model(house: Start) -> None:
    async with house(den=HostConfig(models=models("org/qwen", ctx=4096), **QUICK)) as h:
        await h.gateway.known("den/org/qwen")
        refused = await h.gateway.client.get("/upstream/den%2Forg%2Fqwen/props")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "model_not_ready")
        await h.gateway.chat("den/org/qwen")
        told = await h.gateway.client.get("/upstream/den/org/qwen/props")
        assert told.json()["default_generation_settings"]["n_ctx"] == 4096
        assert not [r for r in h["den"].requests if r.touched_not_ready]


async def test_cloud_providers_need_the_gateways_key(house: Start) -> None:
    config = HostConfig(models=models("big"), **QUICK)
    async with house(cloud=config, entries={"cloud": {"location": "cloud"}}) as h:
        refused = await h.gateway.chat("cloud/big")
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "key_required")
        body = {"model": "cloud/big", "messages": []}
        answer = await h.gateway.client.post(CHAT, json=body, headers={"Authorization": f"Bearer {KEY}"})
        assert answer.status_code == 200


async def test_agent_flags_go_to_the_sidecar_and_nowhere_else(house: Start) -> None:
    config = HostConfig(models=models("qwen"), **QUICK)
    async with house(den=config, sidecar=config) as h:
        document = h.gateway.state.loaded.document()
        document["providers"][0]["sidecarUrl"] = h["sidecar"].url
        from boocontrol.core import save_registry

        h.gateway.state.loaded = save_registry(h.gateway.state.loaded, document)
        flags = {"X-Agent-Flags": "--top-k 20"}
        for stream, target in ((True, "sidecar"), (False, "den")):
            body = {"model": "den/qwen", "stream": stream, "messages": []}
            answer = await h.gateway.client.post(CHAT, json=body, headers=flags)
            assert answer.status_code == 200
            assert asked(h[target])[-1].header("x-agent-flags") == (flags["X-Agent-Flags"] if stream else None)
        body = {"model": "sidecar/qwen", "stream": True, "messages": []}
        refused = await h.gateway.client.post(CHAT, json=body, headers=flags)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "no_sidecar")
