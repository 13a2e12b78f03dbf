"""llama.cpp itself behind the gateway: behind a llama-swap host, and alone as a provider of kind openai."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anthropic
import httpx
import openai
import pytest

from boocontrol.demo.config import HostConfig, Launched, ModelConfig
from boocontrol.demo.llama import LlamaOptions, LlamaServer
from boocontrol.demo.tiny_gguf import write_tiny_gguf

from .conftest import Start, events_of

pytestmark = pytest.mark.llama
HI = [{"role": "user", "content": "hi"}]


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf", context=65536)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "embed.gguf", embeddings=True, context=512)


def launching(model: Path, **options):
    """A model of a simulated host that is llama.cpp, started on load and stopped on unload."""

    async def launch() -> Launched:
        server = LlamaServer(model, LlamaOptions(**options))
        return Launched(await server.start(), server.stop)

    return launch


@pytest.fixture
def both(house: Start, gguf: Path, embedder: Path):
    """`den` swaps llama.cpp, `solo` is llama.cpp."""

    @asynccontextmanager
    async def start() -> AsyncIterator:
        swapped = (
            ModelConfig("tiny", ctx=1024, launch=launching(gguf, alias="tiny", context=1024)),
            ModelConfig("long", launch=launching(gguf, alias="long", context=65536, predict=-1)),
            ModelConfig("embed", launch=launching(embedder, alias="embed", context=512, embeddings=True)),
        )
        async with LlamaServer(gguf, LlamaOptions(alias="tiny", context=2048)) as solo:
            entries = {"solo": {"baseUrl": solo.url, "kind": "openai"}}
            async with house(den=HostConfig(models=swapped, clock=0.1), entries=entries) as h:
                await h.gateway.known("solo/tiny", "den/tiny")
                yield h, solo

    return start


@pytest.mark.parametrize("ref", ["den/tiny", "solo/tiny"])
async def test_plain_streaming_stop_and_usage(both, ref: str) -> None:
    async with both() as (h, _):
        plain = (await h.gateway.chat(ref, max_tokens=5, temperature=0)).json()
        assert plain["model"] == ref and plain["usage"]["completion_tokens"] == 5
        answer = await h.gateway.chat(
            ref, stream=True, max_tokens=5, temperature=0, stream_options={"include_usage": True}
        )
        *events, last = events_of(answer.text)
        assert last == "[DONE]" and {e["model"] for e in events} == {ref}
        text = "".join(c["delta"].get("content") or "" for e in events for c in e["choices"])
        assert text == plain["choices"][0]["message"]["content"]
        assert events[-1]["usage"]["completion_tokens"] == 5
        stopped = (await h.gateway.chat(ref, max_tokens=50, temperature=0, stop=[text[2]])).json()
        assert stopped["choices"][0]["finish_reason"] == "stop"


async def test_a_stream_is_byte_identical_to_llama_cpps_own(both) -> None:
    """Both asked the same with the same seed; only ids, times and the model's name may differ."""
    async with both() as (h, solo):
        body = {"messages": HI, "stream": True, "max_tokens": 20, "temperature": 0, "cache_prompt": False}
        async with httpx.AsyncClient(timeout=20, trust_env=False) as direct:
            own = await direct.post(f"{solo.url}/v1/chat/completions", json={"model": "tiny", **body})
        ours = await h.gateway.client.post("/v1/chat/completions", json={"model": "solo/tiny", **body})

        def bare(text: str) -> list[str]:
            keys = {"id", "created", "timings"}
            return [
                json.dumps({k: v for k, v in e.items() if k not in keys}) if isinstance(e, dict) else e
                for e in events_of(text)
            ]

        assert bare(ours.text.replace('"model":"solo/tiny"', '"model":"tiny"')) == bare(own.text)
        assert ours.text.count("\n") == own.text.count("\n")


async def test_embeddings_and_context(both) -> None:
    async with both() as (h, _):
        answer = await h.gateway.client.post("/v1/embeddings", json={"model": "den/embed", "input": ["a", "b"]})
        assert answer.json()["model"] == "den/embed" and len(answer.json()["data"]) == 2
        await h.gateway.chat("den/tiny", max_tokens=1)
        props = (await h.gateway.client.get("/upstream/den/tiny/props")).json()
        assert props["default_generation_settings"]["n_ctx"] == 1024

        def lengths() -> dict[str, int | None]:
            return {m.ref: m.context_length for m in h.gateway.state.catalog.models()}

        h.gateway.monitor.refresh("den")
        await h.gateway.monitor.wait_for(lambda: lengths()["den/tiny"] == 1024, 5)
        assert lengths()["solo/tiny"] == 2048
        assert not [r for r in h["den"].requests if r.touched_not_ready]


async def test_context_overflow_is_a_400_before_the_stream(both) -> None:
    async with both() as (h, _):
        long = [{"role": "user", "content": "x" * 5000}]
        body = {"model": "den/tiny", "messages": long, "stream": True}
        answer = await h.gateway.client.post("/v1/chat/completions", json=body)
        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "exceed_context_size_error"


async def test_leaving_frees_the_slot(both) -> None:
    async with both() as (h, _):
        body = {"model": "den/long", "messages": HI, "stream": True, "max_tokens": -1}
        async with h.gateway.client.stream("POST", "/v1/chat/completions", json=body) as stream:
            assert await anext(stream.aiter_bytes())
        record = next(r for r in reversed(h["den"].requests) if r.method == "POST")
        await asyncio.wait_for(record.done.wait(), 1)
        assert record.client_left
        assert (await h.gateway.chat("den/long", max_tokens=1)).status_code == 200


async def test_killed_in_the_middle_of_a_stream(both) -> None:
    async with both() as (h, solo):
        body = {"model": "solo/tiny", "messages": HI, "stream": True, "max_tokens": 1900}
        async with h.gateway.client.stream("POST", "/v1/chat/completions", json=body) as stream:
            arriving = stream.aiter_text()
            text = await anext(arriving)
            await solo.kill()
            text += "".join([t async for t in arriving])
        last = events_of(text)[-1]
        assert last == "[DONE]" or last["error"]["code"] == "upstream_stream_interrupted"


async def test_the_vendors_libraries_against_llama_cpp(both) -> None:
    async with both() as (h, _):
        url = h.gateway.url
        async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="unused", max_retries=0) as client:
            stream = await client.responses.create(model="den/tiny", input="hi", stream=True, max_output_tokens=5)
            events = [e async for e in stream]
            assert events[-1].type in ("response.completed", "response.incomplete")
            assert events[-1].response.model == "den/tiny"
        async with anthropic.AsyncAnthropic(base_url=url, api_key="unused", max_retries=0) as claude:
            async with claude.messages.stream(model="den/tiny", max_tokens=5, messages=HI) as stream:
                final = await stream.get_final_message()
            assert final.model == "den/tiny" and final.usage.output_tokens == 5
            assert (await claude.messages.count_tokens(model="den/tiny", messages=HI)).input_tokens > 0
