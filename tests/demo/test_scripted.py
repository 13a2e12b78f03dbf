"""The scripted model server: dialects, and misbehaviour on request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from boocontrol.demo import ModelConfig
from tests.demo.conftest import Simulated, Start

CHAT = "/v1/chat/completions"


async def events_of(sim: Simulated, path: str, /, **body: Any) -> list[Any]:
    response = await sim.client.post(path, json={"model": "m", "stream": True, **body})
    assert response.headers["content-type"] == "text/event-stream"
    lines = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


async def test_tokens_reasoning_and_a_tool_call(simulate: Start) -> None:
    async with simulate() as sim:
        call = {"name": "look", "arguments": '{"at": 1}'}
        script = {"tokens": 1, "reasoning": "let me think", "tool_call": call}
        events = await events_of(sim, CHAT, sim=script)
        deltas = [event["choices"][0]["delta"] for event in events[:-2]]
        assert "".join(d.get("reasoning_content", "") for d in deltas) == "let me think "
        assert "".join(d.get("content") or "" for d in deltas) == "t0 "
        parts = [d["tool_calls"][0]["function"] for d in deltas if "tool_calls" in d]
        assert "".join(part["arguments"] for part in parts) == call["arguments"]
        assert events[-3]["choices"][0]["finish_reason"] == "tool_calls"
        whole = (await sim.chat("m", sim=script)).json()["choices"][0]["message"]
        assert whole["tool_calls"][0]["function"] == call


async def test_a_required_tool_is_called(simulate: Start) -> None:
    async with simulate() as sim:
        tool = {"type": "function", "function": {"name": "look"}}
        answer = (await sim.chat("m", tools=[tool], tool_choice="required")).json()
        assert answer["choices"][0]["finish_reason"] == "tool_calls"


async def test_streams_that_end_badly(simulate: Start) -> None:
    async with simulate() as sim:
        events = await events_of(sim, CHAT, sim={"no_finish": True, "no_done": True})
        assert "[DONE]" not in events
        assert not [e for e in events if e["choices"] and e["choices"][0]["finish_reason"]]
        events = await events_of(sim, CHAT, sim={"error_after": 2})
        assert events[-1]["error"]["code"] == 500 and len(events) == 4
        events = await events_of(sim, CHAT, sim={"die_after": 2})
        assert len(events) == 3
        assert sim.host.state.processes["m"].state == "stopped"


async def test_comments_and_line_ends(simulate: Start) -> None:
    async with simulate() as sim:
        body = {"model": "m", "stream": True, "sim": {"comment_every": 2, "crlf": True}}
        text = (await sim.client.post(CHAT, json=body)).content
        assert text.count(b": still here\r\n\r\n") == 2
        assert b"\n" not in text.replace(b"\r\n", b"")


async def test_a_script_in_the_prompt_and_a_refusal(simulate: Start) -> None:
    async with simulate() as sim:
        prompt = 'sim:{"status": 418, "body": {"error": "teapot"}}'
        response = await sim.client.post(CHAT, json={"model": "m", "messages": [{"role": "user", "content": prompt}]})
        assert (response.status_code, response.json()) == (418, {"error": "teapot"})


async def test_a_model_with_something_to_say(simulate: Start) -> None:
    models = (ModelConfig("m", reply="one two three", use_model_name="inner"),)
    async with simulate(models=models) as sim:
        answer = (await sim.chat("m")).json()
        assert answer["choices"][0]["message"]["content"] == "one two three"
        assert answer["model"] == "inner"


async def test_responses_stream(simulate: Start) -> None:
    async with simulate() as sim:
        events = await events_of(sim, "/v1/responses", input="hi")
        assert events[0]["type"] == "response.created" and events[-1]["type"] == "response.completed"
        assert events[-1]["response"]["model"] == "m"
        row = (await sim.client.get("/api/metrics/activity")).json()["data"][0]
        assert row["tokens"]["output_tokens"] == 4


async def test_messages_stream(simulate: Start) -> None:
    async with simulate() as sim:
        events = await events_of(sim, "/v1/messages", max_tokens=2, sim={"reasoning": "hm"})
        kinds = [event["type"] for event in events]
        assert kinds[0] == "message_start" and kinds[-1] == "message_stop"
        assert events[0]["message"]["model"] == "m"
        assert kinds.count("content_block_start") == kinds.count("content_block_stop") == 2
        count = await sim.client.post("/v1/messages/count_tokens", json={"model": "m", "messages": []})
        assert count.json() == {"input_tokens": 7}


@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        ("/v1/completions", {"prompt": "x"}, "choices"),
        ("/v/chat/completions", {"messages": []}, "choices"),
        ("/completion", {"prompt": "x"}, "choices"),
        ("/infill", {"prompt": "x"}, "choices"),
        ("/v1/embeddings", {"input": ["a", "b"]}, "data"),
        ("/rerank", {"documents": ["a"]}, "results"),
        ("/v1/images/generations", {"prompt": "x"}, "data"),
        ("/upstream/m/tokenize", {"content": "a b"}, "tokens"),
    ],
)
async def test_other_routes(simulate: Start, path: str, body: dict[str, Any], key: str) -> None:
    async with simulate() as sim:
        response = await sim.client.post(path, json={"model": "m", **body})
        assert response.status_code == 200 and response.json()[key]


async def test_speech_and_transcription(simulate: Start) -> None:
    async with simulate() as sim:
        speech = await sim.client.post("/v1/audio/speech", json={"model": "m", "input": "x"})
        assert speech.headers["content-type"] == "audio/mpeg" and speech.content.startswith(b"ID3")
        files = {"file": ("a.wav", b"RIFF\x00\xff", "audio/wav")}
        heard = await sim.client.post("/v1/audio/transcriptions", data={"model": "m"}, files=files)
        assert heard.json() == {"text": "a short recording"}
        assert sim.host.requests[-1].model == "m"


async def test_props_tell_the_context(simulate: Start) -> None:
    async with simulate(models=(ModelConfig("m", ctx=4096),)) as sim:
        props = (await sim.client.get("/upstream/m/props")).json()
        assert props["default_generation_settings"]["n_ctx"] == 4096
        assert "-c 4096" in (await sim.client.get("/running")).json()["running"][0]["cmd"]
