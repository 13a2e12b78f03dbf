"""Cancelling, previews, scenes and waking as methods: what is sent, and what comes back."""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse

from boocontrol.client import Busy, GatewayClient, NotFound
from boocontrol.core.control import SceneRequest
from boocontrol.core.errors import BadInput

PLAN = {"load": ["gpu-box/phi"], "unload": ["gpu-box/qwen3"], "keep": [], "busy": [], "words": ["So it is."]}


@pytest.fixture
async def client(stub, tools):
    async with GatewayClient(stub.url, tools.KEY, source="test") as made:
        yield made


async def test_a_load_is_cancelled(client, stub, tools):
    assert (await client.cancel_load("gpu-box/phi", force=True)).asked == ("gpu-box/phi",)
    assert stub.seen[-1] == ("POST", "/api/models/cancel", {"ref": "gpu-box/phi", "force": True})
    stub.answers["POST /api/models/cancel"] = lambda: tools.problem(404, "not_found", "No load runs.")
    with pytest.raises(NotFound):
        await client.cancel_load("gpu-box/phi")


async def test_a_preview(client, stub):
    body = {"ref": "gpu-box/a b", "state": "stopped", "certain": False, "unloads": [{"ref": "x/y", "state": "ready"}]}
    stub.answers["GET /api/models/preview"] = lambda: JSONResponse(body)
    told = await client.preview("gpu-box/a b")
    assert (told.unloads[0].ref, told.certain, told.usual_load_s) == ("x/y", False, None)


async def test_scenes(client, stub, tools):
    undo = {"models": ["gpu-box/qwen3"], "only": True, "hosts": ["gpu-box"]}
    stub.answers["POST /api/scenes/preview"] = lambda: JSONResponse(PLAN)
    stub.answers["POST /api/scenes/apply"] = lambda: JSONResponse({"plan": PLAN, "undo": undo}, 202)
    assert (await client.scene_preview(SceneRequest(name="work"))).unload == ("gpu-box/qwen3",)
    assert (await client.scene_apply(SceneRequest(models=("gpu-box/phi",), only=True))).undo.hosts == ("gpu-box",)
    assert stub.seen[-1][2] == {"models": ["gpu-box/phi"], "only": True}
    stub.answers["POST /api/scenes/apply"] = lambda: tools.problem(409, "busy", "A request runs.")
    with pytest.raises(Busy):
        await client.scene_apply(SceneRequest(name="work"))


async def test_waking(client, stub):
    stub.answers["POST /api/hosts/attic/wake"] = lambda: JSONResponse({"asked": ["attic"]}, 202)
    assert (await client.wake("attic")).asked == ("attic",)


async def test_a_request_past_the_gateway_is_ended(client, stub, tools):
    stub.answers["POST /api/hosts/gpu-box/requests/8/cancel"] = lambda: JSONResponse({"asked": ["8"]}, 202)
    assert (await client.cancel_on_host("gpu-box", "8")).asked == ("8",)
    with pytest.raises(NotFound):
        await client.cancel_on_host("gpu-box", "9")
    with pytest.raises(NotFound, match="There is no request"):
        await client.cancel_on_host("gpu-box", "a/b")


async def test_looking_again(client, stub):
    assert (await client.refresh_host("attic")).asked == ("attic",)
    assert (await client.refresh_hosts()).asked == ("gpu-box", "attic")
    assert [seen[:2] for seen in stub.seen] == [("POST", "/api/hosts/attic/refresh"), ("POST", "/api/hosts/refresh")]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/"])
async def test_what_is_no_segment_of_a_path_is_called_by_its_kind(client, stub, name):
    for call in (client.wake, client.refresh_host, client.host, client.history):
        with pytest.raises(NotFound, match="There is no provider"):
            await call(name)
    with pytest.raises(NotFound, match="There is no request"):
        await client.cancel(name)
    assert stub.seen == [], "what it would ask for is another path"


async def test_what_no_request_can_hold_is_told_in_words(client, stub):
    for call in (client.load, client.cancel_load):
        with pytest.raises(BadInput, match="What was given as ref cannot be used"):
            await call("")
    assert stub.seen == []
