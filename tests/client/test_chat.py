"""Chat through the endpoint: pieces, figures, and every way it can end."""

from __future__ import annotations

import json

import pytest
from starlette.responses import JSONResponse

from boocontrol.client import ApiError, ChatEnd, ChatText, GatewayClient, HostDown, NotFound
from boocontrol.core import Unreachable

ASK = [{"role": "user", "content": "Hi"}]


async def ask(stub, tools, ref="gpu-box/qwen3", **options):
    async with GatewayClient(stub.url, tools.KEY) as client:
        return [piece async for piece in client.chat_stream(ref, ASK, **options)]


async def test_pieces_then_figures(stub, tools):
    end = {"model": "gpu-box/qwen3", "choices": [], "usage": {"completion_tokens": 2}}
    stub.chat = [
        b": waiting for the model\n\n",
        tools.chunk({"role": "assistant", "content": None}),
        tools.chunk({"reasoning_content": "hm"}),
        tools.chunk({"content": "He"}),
        tools.chunk({"content": "llo\u2028"}, finish_reason="stop"),
        f"data: {json.dumps({**end, 'timings': {'predicted_per_second': 9.5}})}\n\ndata: [DONE]\n\n".encode(),
    ]
    *pieces, last = await ask(stub, tools, temperature=0)
    assert pieces == [ChatText("hm", thinking=True), ChatText("He"), ChatText("llo\u2028")]
    assert last == ChatEnd("gpu-box/qwen3", "stop", {"completion_tokens": 2}, {"predicted_per_second": 9.5})
    sent = stub.seen[-1][2]
    assert (sent["model"], sent["stream"], sent["temperature"]) == ("gpu-box/qwen3", True, 0)
    assert sent["stream_options"] == {"include_usage": True}


async def test_finish_reason_without_done_is_whole(stub, tools):
    stub.chat = [tools.chunk({"content": "a"}, finish_reason="length")]
    assert (await ask(stub, tools))[-1].finish_reason == "length"


async def test_broken_off(stub, tools):
    stub.chat = [tools.chunk({"content": "a"})]
    with pytest.raises(ApiError, match="broke off"):
        await ask(stub, tools)


async def test_error_event(stub, tools):
    error = {"message": "The host went away.", "type": "upstream_error", "code": "upstream_stream_interrupted"}
    stub.chat = [tools.chunk({"content": "a"}), f"data: {json.dumps({'error': error})}\n\n".encode()]
    with pytest.raises(ApiError, match="went away") as caught:
        await ask(stub, tools)
    assert caught.value.code == "upstream_stream_interrupted"


@pytest.mark.parametrize(
    ("status", "code", "kind"), [(503, "provider_offline", HostDown), (404, "model_not_found", NotFound)]
)
async def test_refused_before_the_stream(stub, tools, status, code, kind):
    stub.answers["POST /v1/chat/completions"] = lambda: tools.problem(status, code, "No.")
    with pytest.raises(kind):
        await ask(stub, tools)


async def test_a_host_that_does_not_stream(stub, tools):
    message = {"choices": [{"message": {"content": "all"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}}
    stub.answers["POST /v1/chat/completions"] = lambda: JSONResponse(message)
    assert await ask(stub, tools) == [ChatText("all"), ChatEnd("gpu-box/qwen3", "stop", {"prompt_tokens": 1}, {})]


@pytest.mark.parametrize("data", ["[]", "1", '{"choices": 5}', '{"choices": [{"delta": 7}]}', "{}"])
async def test_odd_chunks_are_passed_over(stub, tools, data):
    stub.chat = [f"data: {data}\n\n".encode(), b"data: [DONE]\n\n"]
    assert len(await ask(stub, tools)) == 1


async def test_garbage(stub, tools):
    stub.chat = [b"data: {nope\n\n"]
    with pytest.raises(Unreachable):
        await ask(stub, tools)
