"""The vendors' own Python libraries, unmodified, through the gateway."""

from __future__ import annotations

import asyncio
import io

import anthropic
import openai
import pytest

from boocontrol.demo.config import HostConfig

from .conftest import QUICK, Start, models

REF = "den/org/Qwen3:Q4_K_M"
HI = [{"role": "user", "content": "hi"}]


@pytest.fixture
def den() -> HostConfig:
    return HostConfig(models=models("org/Qwen3:Q4_K_M"), **QUICK)


def sdk(url: str, **more) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="unused", max_retries=0, **more)


async def test_models_chat_stream_tools_and_usage(house: Start, den: HostConfig) -> None:
    async with house(den=den) as h, sdk(h.gateway.url) as client:
        await h.gateway.known(REF)
        assert [m.id async for m in client.models.list()] == [REF]
        assert (await client.models.retrieve(REF)).id == REF

        plain = await client.chat.completions.create(model=REF, messages=HI)
        assert plain.model == REF and plain.choices[0].message.content and plain.usage.total_tokens > 0

        options = {"include_usage": True}
        stream = await client.chat.completions.create(model=REF, messages=HI, stream=True, stream_options=options)
        chunks = [c async for c in stream]
        assert {c.model for c in chunks} == {REF}
        assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        assert chunks[-1].usage.total_tokens > 0 and chunks[-1].choices == []

        tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
        call = {"tool_call": {"name": "look", "arguments": {"place": "attic"}}}
        asked = await client.chat.completions.create(
            model=REF, messages=HI, tools=[tool], stream=False, extra_body={"sim": call}
        )
        assert asked.choices[0].message.tool_calls[0].function.name == "look"
        assert asked.choices[0].finish_reason == "tool_calls"


async def test_embeddings_and_transcriptions(house: Start, den: HostConfig) -> None:
    async with house(den=den) as h, sdk(h.gateway.url) as client:
        embedded = await client.embeddings.create(model=REF, input=["a", "b"], encoding_format="float")
        assert embedded.model == REF and len(embedded.data) == 2
        sound = io.BytesIO(bytes(range(256)) * 40)
        sound.name = "speech.wav"
        text = await client.audio.transcriptions.create(model=REF, file=sound)
        assert text.text
        up = next(r for r in h["den"].requests if r.target == "/v1/audio/transcriptions")
        assert bytes(range(256)) * 40 in up.body
        assert b"den/org" not in up.body and b"org/Qwen3:Q4_K_M" in up.body


async def test_responses_stream(house: Start, den: HostConfig) -> None:
    async with house(den=den) as h, sdk(h.gateway.url) as client:
        plain = await client.responses.create(model=REF, input="hi")
        assert plain.model == REF and plain.output_text
        events = [e async for e in await client.responses.create(model=REF, input="hi", stream=True)]
        assert events[0].response.model == REF
        assert events[-1].type == "response.completed" and events[-1].response.model == REF


async def test_errors_are_the_librarys_own(house: Start, den: HostConfig, dead_port: int) -> None:
    entries = {"gone": {"baseUrl": f"http://127.0.0.1:{dead_port}"}}
    async with house(den=den, entries=entries) as h, sdk(h.gateway.url) as client:
        with pytest.raises(openai.NotFoundError) as unknown:
            await client.chat.completions.create(model="den/nothing", messages=HI)
        assert unknown.value.code == "model_not_found"
        with pytest.raises(openai.InternalServerError):
            await client.chat.completions.create(model="gone/x", messages=HI)
        cut = {"sim": {"tokens": 9, "die_after": 2}}
        stream = await client.chat.completions.create(model=REF, messages=HI, stream=True, extra_body=cut)
        with pytest.raises(openai.APIError, match="cut off"):
            [c async for c in stream]


async def test_a_library_that_stops_reading_ends_the_hosts_work(house: Start, den: HostConfig) -> None:
    async with house(den=den) as h, sdk(h.gateway.url) as client:
        long = {"sim": {"tokens": 10000, "pace": 0.01}}
        stream = await client.chat.completions.create(model=REF, messages=HI, stream=True, extra_body=long)
        async for _ in stream:
            break
        await stream.close()
        record = next(r for r in reversed(h["den"].requests) if r.method == "POST")
        await asyncio.wait_for(record.done.wait(), 1)
        assert record.client_left


async def test_anthropic_messages(house: Start, den: HostConfig) -> None:
    async with house(den=den) as h:
        url = h.gateway.url
        async with anthropic.AsyncAnthropic(base_url=url, api_key="unused", max_retries=0) as client:
            plain = await client.messages.create(model=REF, max_tokens=20, messages=HI)
            assert plain.model == REF and plain.content[0].text
            async with client.messages.stream(model=REF, max_tokens=20, messages=HI) as stream:
                final = await stream.get_final_message()
            assert final.model == REF and final.content[0].text
            assert (await client.messages.count_tokens(model=REF, messages=HI)).input_tokens > 0
            with pytest.raises(anthropic.NotFoundError):
                await client.messages.create(model="den/nothing", max_tokens=5, messages=HI)
