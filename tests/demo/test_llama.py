"""llama.cpp's own server on the tiny model: what it answers, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

import boocontrol
from boocontrol.demo.llama import LlamaError, LlamaOptions, LlamaServer
from boocontrol.demo.tiny_gguf import write_tiny_gguf

pytest.importorskip("xllamacpp")
pytest.importorskip("gguf")

pytestmark = [pytest.mark.llama, pytest.mark.asyncio(loop_scope="session")]

CONTEXT = 512
MESSAGES = [{"role": "user", "content": "hi"}]
TOO_LONG = [{"role": "user", "content": "x" * CONTEXT}]
# More tokens than any test waits for.
ENDLESS = LlamaOptions(context=65536, predict=-1)


@pytest.fixture(scope="session")
def chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("llama") / "chat.gguf", context=ENDLESS.context)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chat(chat_model: Path) -> AsyncIterator[httpx.AsyncClient]:
    options = LlamaOptions(context=CONTEXT, alias="tiny", slots=2, predict=40)
    async with LlamaServer(chat_model, options) as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
            yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def embedder(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    model = write_tiny_gguf(tmp_path_factory.mktemp("llama") / "embed.gguf", embeddings=True)
    async with LlamaServer(model, LlamaOptions(alias="tiny-embed", embeddings=True)) as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
            yield client


async def post(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    response = await client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def events(client: httpx.AsyncClient, path: str, **body: Any) -> list[str]:
    """The data of every server-sent event of one stream."""
    async with client.stream("POST", path, json={**body, "stream": True}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return [line[6:] async for line in response.aiter_lines() if line.startswith("data: ")]


async def refuses(url: str, within: float = 0) -> bool:
    """Whether nobody listens there, or soon nobody does."""
    deadline = time.monotonic() + within
    async with httpx.AsyncClient() as client:
        while True:
            try:
                await client.get(url + "/health")
            except httpx.TransportError:
                return True
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(0.02)


async def test_model_file_is_small_and_repeatable(tmp_path: Path) -> None:
    first, second, other = (
        write_tiny_gguf(tmp_path / name, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first.stat().st_size < 1_000_000
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()


async def test_health_and_props(chat: httpx.AsyncClient) -> None:
    assert (await chat.get("/health")).json() == {"status": "ok"}
    props = (await chat.get("/props")).json()
    assert props["default_generation_settings"]["n_ctx"] == CONTEXT
    assert props["total_slots"] == 2
    assert props["model_alias"] == "tiny"
    assert props["chat_template_caps"]["supports_tools"]


async def test_models(chat: httpx.AsyncClient) -> None:
    [model] = (await chat.get("/v1/models")).json()["data"]
    assert model["id"] == "tiny"
    assert model["owned_by"] == "llamacpp"
    assert model["meta"]["n_ctx_train"] == ENDLESS.context


async def test_slots_and_metrics(chat: httpx.AsyncClient) -> None:
    assert len((await chat.get("/slots")).json()) == 2
    assert "llamacpp:tokens_predicted_total" in (await chat.get("/metrics")).text


async def test_chat_ends_at_the_token_limit(chat: httpx.AsyncClient) -> None:
    answer = await post(chat, "/v1/chat/completions", messages=MESSAGES, max_tokens=5)
    [choice] = answer["choices"]
    assert choice["finish_reason"] == "length"
    assert len(choice["message"]["content"]) == 5
    assert choice["message"]["content"].isascii()
    assert answer["usage"]["completion_tokens"] == 5
    assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + 5


async def test_chat_without_a_limit_ends_at_the_servers(chat: httpx.AsyncClient) -> None:
    answer = await post(chat, "/v1/chat/completions", messages=MESSAGES)
    assert answer["usage"]["completion_tokens"] == 40


async def test_chat_ends_at_a_stop_text(chat: httpx.AsyncClient) -> None:
    ask = {"messages": MESSAGES, "max_tokens": 8, "temperature": 0}
    full = (await post(chat, "/v1/chat/completions", **ask))["choices"][0]["message"]["content"]
    [choice] = (await post(chat, "/v1/chat/completions", **ask, stop=[full[-1]]))["choices"]
    assert choice["finish_reason"] == "stop"
    assert full.startswith(choice["message"]["content"])
    assert full[-1] not in choice["message"]["content"]


async def test_chat_stream_with_usage(chat: httpx.AsyncClient) -> None:
    ask = {"messages": MESSAGES, "max_tokens": 4, "stream_options": {"include_usage": True}}
    *chunks, done = await events(chat, "/v1/chat/completions", **ask)
    assert done == "[DONE]"
    *parsed, last = map(json.loads, chunks)
    assert parsed[0]["choices"][0]["delta"]["role"] == "assistant"
    assert parsed[-1]["choices"][0]["finish_reason"] == "length"
    text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in parsed)
    assert len(text) == 4
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == 4


async def test_chat_follows_a_json_schema(chat: httpx.AsyncClient) -> None:
    schema = {"type": "object", "properties": {"a": {"enum": ["b"]}}, "required": ["a"], "additionalProperties": False}
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    answer = await post(chat, "/v1/chat/completions", messages=MESSAGES, max_tokens=200, response_format=wanted)
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert json.loads(answer["choices"][0]["message"]["content"]) == {"a": "b"}


async def test_chat_accepts_tools_and_earlier_calls(chat: httpx.AsyncClient) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "look", "arguments": '{"where": "here"}'}}
    turns = [
        *MESSAGES,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": "a door"},
    ]
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
    prompt = (await post(chat, "/apply-template", messages=turns, tools=[tool]))["prompt"]
    assert '<tool_call>\n{"name": "look", "arguments": {"where": "here"}}\n</tool_call>' in prompt
    answer = await post(chat, "/v1/chat/completions", messages=turns, tools=[tool], max_tokens=4)
    assert answer["usage"]["completion_tokens"] == 4


async def test_completions(chat: httpx.AsyncClient) -> None:
    answer = await post(chat, "/v1/completions", prompt="hi", max_tokens=3)
    assert answer["object"] == "text_completion"
    assert len(answer["choices"][0]["text"]) == 3


async def test_messages(chat: httpx.AsyncClient) -> None:
    ask = {"model": "tiny", "messages": MESSAGES, "max_tokens": 3}
    answer = await post(chat, "/v1/messages", **ask)
    assert answer["type"] == "message"
    assert answer["stop_reason"] == "max_tokens"
    kinds = [json.loads(data)["type"] for data in await events(chat, "/v1/messages", **ask)]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")
    counted = await post(chat, "/v1/messages/count_tokens", model="tiny", messages=MESSAGES)
    usage = answer["usage"]
    assert counted == {"input_tokens": usage["input_tokens"] + usage["cache_read_input_tokens"]}


async def test_responses(chat: httpx.AsyncClient) -> None:
    ask = {"model": "tiny", "input": "hi", "max_output_tokens": 3}
    answer = await post(chat, "/v1/responses", **ask)
    assert answer["object"] == "response"
    assert answer["usage"]["output_tokens"] == 3
    data = await events(chat, "/v1/responses", **ask)
    kinds = [json.loads(item)["type"] for item in data if item != "[DONE]"]
    assert (kinds[0], kinds[-1]) == ("response.created", "response.completed")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {"messages": TOO_LONG}),
        ("/v1/chat/completions", {"messages": TOO_LONG, "stream": True}),
        ("/v1/messages", {"messages": TOO_LONG, "max_tokens": 3}),
        ("/v1/responses", {"input": TOO_LONG[0]["content"]}),
    ],
)
async def test_context_overflow(chat: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    response = await chat.post(path, json=body)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == 400
    assert error["type"] == "exceed_context_size_error"
    assert error["n_ctx"] == CONTEXT
    assert error["n_prompt_tokens"] > CONTEXT
    assert "exceeds the available context size" in error["message"]


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("/v1/chat/completions", {}, 400, "invalid_request_error"),
        ("/v1/embeddings", {"input": "hi"}, 501, "not_supported_error"),
        ("/v1/rerank", {"query": "a", "documents": ["b"]}, 501, "not_supported_error"),
        ("/infill", {"input_prefix": "a", "input_suffix": "b"}, 501, "not_supported_error"),
        ("/v1/audio/transcriptions", {}, 501, "not_supported_error"),
        ("/v1/audio/speech", {}, 404, "not_found_error"),
        ("/v1/images/generations", {}, 404, "not_found_error"),
    ],
)
async def test_errors(chat: httpx.AsyncClient, path: str, body: dict[str, Any], status: int, kind: str) -> None:
    response = await chat.post(path, json=body)
    assert response.status_code == status
    error = response.json()["error"]
    assert (error["code"], error["type"]) == (status, kind)


async def test_embeddings(embedder: httpx.AsyncClient) -> None:
    answer = await post(embedder, "/v1/embeddings", input=["one", "two"], model="tiny-embed")
    assert [item["index"] for item in answer["data"]] == [0, 1]
    first, second = (item["embedding"] for item in answer["data"])
    assert len(first) == len(second) == 64
    assert first != second
    assert sum(value * value for value in first) == pytest.approx(1, abs=1e-3)


async def test_stop_and_start_again(chat_model: Path) -> None:
    server = LlamaServer(chat_model)
    with pytest.raises(LlamaError):
        _ = server.url
    await server.stop()
    url = await server.start()
    assert await server.start() == url
    assert server.running
    await server.stop()
    assert not server.running
    assert await refuses(url)
    again = await server.start()
    assert not await refuses(again)
    await server.stop()


async def test_kill_cuts_a_stream(chat_model: Path) -> None:
    server = LlamaServer(chat_model, ENDLESS)
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
        ask = {"messages": MESSAGES, "stream": True}
        with pytest.raises(httpx.RemoteProtocolError):
            async with client.stream("POST", "/v1/chat/completions", json=ask) as response:
                async for _ in response.aiter_lines():
                    await server.kill()
    assert not server.running
    assert server.pid is None


async def test_stop_does_not_wait_for_a_stream(chat_model: Path) -> None:
    server = LlamaServer(chat_model, ENDLESS)
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
        async with client.stream("POST", "/v1/chat/completions", json={"messages": MESSAGES, "stream": True}):
            async with asyncio.timeout(2):
                await server.stop(timeout=10)


async def test_crash_is_noticed(chat_model: Path) -> None:
    server = LlamaServer(chat_model)
    await server.start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    assert await server.wait() != 0
    assert not server.running
    await server.start()
    assert server.running
    await server.stop()


async def test_unusable_model(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and no more")
    for model in (broken, tmp_path / "missing.gguf"):
        with pytest.raises(LlamaError, match=model.name):
            await LlamaServer(model).start()


async def test_start_gives_up(chat_model: Path) -> None:
    server = LlamaServer(chat_model)
    with pytest.raises(LlamaError, match="not ready"):
        await server.start(timeout=0.001)
    assert server.pid is None


async def test_child_ends_with_its_parent(chat_model: Path) -> None:
    parent = (
        "import asyncio, os\n"
        "from boocontrol.demo.llama import LlamaServer\n"
        "async def main():\n"
        f"    print(await LlamaServer({str(chat_model)!r}).start(), flush=True)\n"
        "    os._exit(1)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent, stdout=asyncio.subprocess.PIPE, cwd=Path(boocontrol.__file__).parents[1]
    )
    # The child does not hold the parent's output, so this ends with the parent.
    output, _ = await process.communicate()
    url = output.decode().strip()
    assert url.startswith("http://127.0.0.1:")
    assert await refuses(url, within=5)
