"""The JavaScript libraries through the gateway: openai-node, and the adapter that opencode uses."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from boocontrol.demo.config import HostConfig, ModelConfig

from .conftest import node

pytestmark = pytest.mark.clients

REF = "den/org/Qwen3:Q4"
DEN = HostConfig(models=(ModelConfig("org/Qwen3:Q4"),), clock=0.01, pace=0.001)

OPENAI = """
import OpenAI from 'openai';
const client = new OpenAI({ baseURL: process.argv[2] + '/v1', apiKey: 'unused', maxRetries: 0 });
const model = process.argv[3], messages = [{ role: 'user', content: 'hi' }];
const told = { models: [], chunks: [] };
for await (const m of client.models.list()) told.models.push(m.id);
const plain = await client.chat.completions.create({ model, messages });
told.plain = plain.model;
const stream = await client.chat.completions.create({
  model, messages, stream: true, stream_options: { include_usage: true } });
for await (const c of stream) { told.chunks.push(c.model); if (c.usage) told.usage = c.usage.total_tokens; }
try { await client.chat.completions.create({ model: 'den/nothing', messages }); }
catch (e) { told.unknown = [e.status, e.code]; }
const cut = await client.chat.completions.create({ model, messages, stream: true, sim: { tokens: 9, die_after: 2 } });
try { for await (const c of cut) {} told.cut = 'silent'; } catch (e) { told.cut = e.message; }
console.log(JSON.stringify(told));
"""

ABORT = """
import OpenAI from 'openai';
const client = new OpenAI({ baseURL: process.argv[2] + '/v1', apiKey: 'unused', maxRetries: 0 });
const stream = await client.chat.completions.create({
  model: process.argv[3], messages: [], stream: true, sim: { tokens: 100000, pace: 0.01 } });
for await (const c of stream) { stream.controller.abort(); break; }
console.log('aborted');
setInterval(() => {}, 1000);
"""

AI_SDK = """
import { streamText } from 'ai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
const provider = createOpenAICompatible({ name: 'boocontrol', baseURL: process.argv[2] + '/v1' });
const told = { parts: [] };
async function run(prompt) {
  const result = streamText({ model: provider(process.argv[3]), prompt, maxRetries: 0, onError() {} });
  let text = '', reasoning = '', error = null, finish = null;
  for await (const part of result.fullStream) {
    if (part.type === 'text-delta') text += part.text;
    if (part.type === 'reasoning-delta') reasoning += part.text;
    if (part.type === 'error') error = String(part.error?.message ?? JSON.stringify(part.error));
    if (part.type === 'finish') finish = part.finishReason;
  }
  return { text, reasoning, error, finish };
}
told.good = await run('sim:{"text":"fine","reasoning":"well"}');
told.cut = await run('sim:{"tokens":9,"die_after":2}');
console.log(JSON.stringify(told));
"""


async def test_openai_node(house: Any) -> None:
    async with house(den=DEN) as h:
        await h.gateway.known(REF)
        async with node(OPENAI, h.gateway.url, REF) as process:
            out, err = await asyncio.wait_for(process.communicate(), 60)
        told = json.loads(out), err.decode()
        said = told[0]
        assert said["models"] == [REF] and said["plain"] == REF
        assert set(said["chunks"]) == {REF} and said["usage"] > 0
        assert said["unknown"] == [404, "model_not_found"]
        assert "cut off" in said["cut"]


async def test_openai_node_that_aborts(house: Any) -> None:
    async with house(den=DEN) as h, node(ABORT, h.gateway.url, REF) as process:
        assert process.stdout is not None
        record = await h["den"].wait_request(lambda r: r.method == "POST", 30)
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"aborted\n"
        await asyncio.wait_for(record.done.wait(), 1)
        assert record.client_left


async def test_the_adapter_of_opencode(house: Any) -> None:
    async with house(den=DEN) as h:
        async with node(AI_SDK, h.gateway.url, REF) as process:
            out, err = await asyncio.wait_for(process.communicate(), 60)
        said = json.loads(out or err)
        assert (said["good"]["text"].strip(), said["good"]["reasoning"].strip()) == ("fine", "well")
        assert said["good"]["finish"] == "stop" and said["good"]["error"] is None
        assert "cut off" in said["cut"]["error"] and said["cut"]["finish"] == "error"
