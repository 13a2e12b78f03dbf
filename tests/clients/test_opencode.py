"""Real opencode through the gateway: it lists, answers, calls tools, waits, and ends when things go wrong."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from boocontrol.core import Catalog
from boocontrol.demo.config import Capabilities, HostConfig, ModelConfig
from boocontrol.demo.llama import LlamaOptions, LlamaServer
from boocontrol.demo.tiny_gguf import write_tiny_gguf

pytestmark = pytest.mark.clients

CAPS = Capabilities(tools=True, context=32768)
QUICK: dict[str, Any] = {"clock": 0.01, "pace": 0.001}


def den(**more: Any) -> HostConfig:
    models = (
        ModelConfig("qwen", name="Qwen", capabilities=CAPS, **more),
        ModelConfig("org/Big.X:Q4", capabilities=Capabilities(("text", "image"), ("text",), context=65536)),
        ModelConfig("nocontext", ctx=0),
    )
    return HostConfig(models=models, **QUICK)


def asked(host: Any) -> list[dict[str, Any]]:
    """The chats that reached a host."""
    return [json.loads(r.body) for r in host.requests if r.method == "POST"]


def sim(**script: Any) -> str:
    return "sim:" + json.dumps(script)


async def test_it_lists_exactly_what_was_exported(house: Any, opencode: Any) -> None:
    async with house(den=den()) as h:
        await h.gateway.known("den/qwen", "den/org/Big.X:Q4")
        opencode.export(h.gateway)
        ran = await opencode.call("models", "boocontrol", "--verbose")
        found = dict(re.findall(r"^boocontrol/(\S+)\n(\{.*?^\})", ran.out, re.MULTILINE | re.DOTALL))
        listed = {ref: json.loads(text) for ref, text in found.items()}
        assert set(listed) == {"den/qwen", "den/org/Big.X:Q4", "den/nocontext"}
        assert listed["den/qwen"]["limit"] == {"context": 32768, "output": 8192}
        assert listed["den/org/Big.X:Q4"]["limit"] == {"context": 65536, "output": 8192}
        assert listed["den/org/Big.X:Q4"]["capabilities"]["input"]["image"] is True
        assert not [r for r in h["den"].requests if r.touched_not_ready]


async def test_it_answers_with_the_bare_id_at_the_host(house: Any, opencode: Any) -> None:
    async with house(den=den()) as h:
        await h.gateway.known("den/org/Big.X:Q4")
        opencode.export(h.gateway)
        ran = await opencode.ask("den/org/Big.X:Q4", sim(text="the answer is forty-two"))
        assert (ran.code, ran.text.strip()) == (0, "the answer is forty-two"), ran.err
        assert [a["model"] for a in asked(h["den"])] == ["org/Big.X:Q4"]


async def test_tools_and_thinking_go_back_and_forth(house: Any, opencode: Any) -> None:
    async with house(den=den()) as h:
        await h.gateway.known("den/qwen")
        opencode.export(h.gateway)
        arguments = json.dumps({"command": "echo tool-$((40+2))", "description": "count"})
        call = {"name": "bash", "arguments": arguments}
        ran = await opencode.ask("den/qwen", sim(tool_call=call, reasoning="thinking hard"))
        assert ran.code == 0, ran.err
        first, second = asked(h["den"])
        assert "bash" in {t["function"]["name"] for t in first["tools"]}
        *_, assistant, result = second["messages"]
        assert assistant["reasoning_content"].strip() == "thinking hard"
        assert assistant["tool_calls"][0]["function"]["name"] == "bash"
        assert "tool-42" in result["content"]


async def test_it_waits_through_a_long_load(house: Any, opencode: Any) -> None:
    async with house(den=den(load_s=100)) as h:
        h.gateway.set(keepalive_after=0.1, keepalive_every=0.2)
        await h.gateway.known("den/qwen")
        opencode.export(h.gateway)
        ran = await opencode.ask("den/qwen", sim(text="at last"))
        assert (ran.code, ran.text.strip()) == (0, "at last"), ran.err
        assert len(asked(h["den"])) == 1


async def test_a_stream_that_is_cut_ends_it_at_once(house: Any, opencode: Any) -> None:
    """Without an error event opencode would ask again for ever."""
    async with house(den=den()) as h:
        await h.gateway.known("den/qwen")
        opencode.export(h.gateway)
        ran = await opencode.ask("den/qwen", sim(tokens=20, die_after=3))
        assert ran.code == 1
        assert "upstream_stream_interrupted" in json.dumps(ran.errors)
        assert len(asked(h["den"])) == 1


async def test_a_model_that_does_not_load_ends_it(house: Any, opencode: Any) -> None:
    """Behind comments a failed start is told inside the stream, in words that are final."""
    async with house(den=den(fail_s=100)) as h:
        h.gateway.set(keepalive_after=0.1, keepalive_every=0.3)
        await h.gateway.known("den/qwen")
        opencode.export(h.gateway)
        ran = await opencode.ask("den/qwen", "hi")
        assert ran.code == 1 and ran.errors
        assert len(asked(h["den"])) == 1


async def test_a_model_that_the_host_does_not_have(house: Any, opencode: Any) -> None:
    async with house(den=den()) as h:
        await h.gateway.known("den/qwen")
        model = {"ref": "den/gone-500", "wireId": "gone-500", "contextLength": 32768}
        stale = Catalog.model_validate({"providers": [{"id": "den", "label": "Den", "state": "up", "models": [model]}]})
        opencode.export(h.gateway, stale)
        ran = await opencode.ask("den/gone-500", "hi")
        assert ran.code == 1
        assert "does not exist" in json.dumps(ran.errors)
        assert len(asked(h["den"])) <= 1


async def test_a_model_that_its_own_settings_do_not_list(house: Any, opencode: Any) -> None:
    async with house(den=den()) as h:
        await h.gateway.known("den/qwen")
        opencode.export(h.gateway)
        ran = await opencode.ask("den/nothing", "hi")
        assert ran.code == 1
        assert not asked(h["den"])


async def test_a_host_that_is_down(house: Any, opencode: Any, dead_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retried at the pace that the gateway names, five times, then over."""
    monkeypatch.setattr("boocontrol.gateway.upstream.RETRY_AFTER_S", 1)
    async with house(den=den(), entries={"gone": {"baseUrl": f"http://127.0.0.1:{dead_port}"}}) as h:
        await h.gateway.known("den/qwen")
        model = {"ref": "gone/qwen", "wireId": "qwen", "contextLength": 32768}
        last = Catalog.model_validate(
            {"providers": [{"id": "gone", "label": "Gone", "state": "down", "models": [model]}]}
        )
        opencode.export(h.gateway, last)
        ran = await opencode.ask("gone/qwen", "hi")
        assert ran.code == 1
        assert "offline" in json.dumps(ran.errors)
        assert h.gateway.app.forwarder.outcomes["gone", "/v1/chat/completions", "provider_offline"] == 6


async def test_a_wrong_key_is_final(house: Any, opencode: Any) -> None:
    async with house(den=den()) as h:
        await h.gateway.known("den/qwen")
        opencode.key.write_text("not-the-gateways-key")
        opencode.export(h.gateway)
        h.gateway.set(require_key=True)
        ran = await opencode.ask("den/qwen", "hi", within=30)
        assert ran.code == 1
        assert "gateway's key" in json.dumps(ran.errors)
        assert not asked(h["den"])
        opencode.key.write_text("test-gateway-key")
        assert (await opencode.ask("den/qwen", sim(text="welcome"))).text.strip() == "welcome"


async def test_interrupting_it_ends_the_hosts_work(house: Any, opencode: Any) -> None:
    async with house(den=den()) as h:
        await h.gateway.known("den/qwen")
        opencode.export(h.gateway)
        prompt = sim(tokens=100000, pace=0.01)
        running = asyncio.create_task(opencode.ask("den/qwen", prompt, within=60))
        record = await h["den"].wait_request(lambda r: r.method == "POST", 30)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await opencode.stop()
        await asyncio.wait_for(record.done.wait(), 1)
        assert record.client_left


@pytest.mark.llama
async def test_against_llama_cpp_itself(house: Any, opencode: Any, tmp_path: Path) -> None:
    gguf = write_tiny_gguf(tmp_path / "tiny.gguf", context=65536)
    async with (
        LlamaServer(gguf, LlamaOptions(alias="tiny", context=65536, predict=40)) as server,
        house(entries={"solo": {"baseUrl": server.url, "kind": "openai"}}) as h,
    ):
        await h.gateway.known("solo/tiny")
        opencode.export(h.gateway)
        path = opencode.file.files().target
        text = path.read_text()
        limits = json.loads(text)["provider"]["boocontrol"]["models"]
        assert limits["solo/tiny"]["limit"] == {"context": 65536, "output": 8192}
        path.write_text(text.replace("8192", "24"))  # a few words are enough
        ran = await opencode.ask("solo/tiny", "hi", within=180)
        assert ran.code == 0, ran.err
        assert ran.text
