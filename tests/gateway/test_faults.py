"""What goes wrong at a host, and what the client gets: an error in its API's shape, never a clean end."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boocontrol.demo.config import HostConfig
from boocontrol.gateway import relay

from .conftest import CHAT, QUICK, Start, events_of, models
from .raw_host import chunked, plain, raw_host

RETRIED = re.compile(
    r"429|500|502|503|504|524|connection refused|server error|overloaded|rate limit|timed out|try again later", re.I
)


def error_of(answer: Any) -> dict[str, Any]:
    error = answer.json()["error"]
    assert set(error) >= {"message", "type", "param", "code"}
    return error


@pytest.fixture
def before_raw(house: Start, tmp_path: Any):
    """A gateway before a raw host `den` that answers every request with these writes."""

    def start(writes: Sequence[bytes], *, then: str = "keep"):
        from contextlib import asynccontextmanager

        @asynccontextmanager
        async def both():
            async def answer(reader: Any, writer: Any, request: bytes) -> None:
                if not request.startswith(b"POST"):
                    writer.write(plain("404 Not Found"))
                    return
                for data in writes:
                    writer.write(data)
                    await writer.drain()
                    await asyncio.sleep(0)
                if then == "reset":
                    writer.transport.abort()
                elif then == "close":
                    writer.close()

            async with raw_host(answer) as url, house(entries={"den": {"baseUrl": url}}) as h:
                yield h

        return both()

    return start


async def test_an_unknown_model_or_provider_names_the_nearest(house: Start) -> None:
    async with house(den=HostConfig(models=models("org/Qwen3-Coder"), **QUICK)) as h:
        await h.gateway.known("den/org/Qwen3-Coder")
        for wrong in ("den/org/qwen-coder", "denn/org/Qwen3-Coder", "org/Qwen3-Coder2"):
            answer = await h.gateway.chat(wrong)
            error = error_of(answer)
            assert (answer.status_code, error["code"]) == (404, "model_not_found")
            assert "den/org/Qwen3-Coder" in error["message"]
            assert not RETRIED.search(answer.text)
        assert not [r for r in h["den"].requests if r.method == "POST" and b"Qwen3-Coder2" in r.body]


async def test_a_name_full_of_digits_is_still_a_final_error(house: Start) -> None:
    async with house(den=HostConfig(models=models("a"), **QUICK)) as h:
        answer = await h.gateway.chat("den/model-500b-503")
        assert answer.status_code == 404
        assert not RETRIED.search(answer.text)


@pytest.mark.parametrize("version", ["173", "190", "216", "235", "250", "main"])
async def test_every_dialect_of_host_errors_is_one_shape_here(house: Start, version: str) -> None:
    config = HostConfig(models=models("bad", fail_s=0.01), version=version, **QUICK)
    async with house(den=config) as h:
        unknown = await h.gateway.chat("den/nothing")
        assert (unknown.status_code, error_of(unknown)["code"]) == (404, "model_not_found")
        failed = await h.gateway.chat("den/bad")
        assert failed.status_code in (500, 502)
        assert error_of(failed)["message"]
        again = await h.gateway.chat("den/bad", path="/v1/messages")
        assert again.json()["type"] == "error" and again.json()["error"]["message"]


async def test_a_paused_provider(house: Start, dead_port: int) -> None:
    entries = {"off": {"baseUrl": f"http://127.0.0.1:{dead_port}", "enabled": False}}
    async with house(entries=entries) as h:
        answer = await h.gateway.chat("off/qwen")
        assert (answer.status_code, error_of(answer)["code"]) == (404, "provider_paused")


async def test_a_host_that_is_down(house: Start, dead_port: int) -> None:
    async with house(entries={"den": {"baseUrl": f"http://127.0.0.1:{dead_port}"}}) as h:
        answer = await h.gateway.chat("den/qwen")
        assert (answer.status_code, error_of(answer)["code"]) == (503, "provider_offline")
        assert int(answer.headers["retry-after"]) > 0
        assert str(dead_port) not in answer.text


async def test_a_missing_key_is_told_and_nothing_is_sent(house: Start) -> None:
    config = HostConfig(models=models("qwen"), api_keys=("k",), **QUICK)
    async with house(den=config, entries={"den": {"apiKey": {"keyring": "nope"}}}) as h:
        answer = await h.gateway.chat("den/qwen")
        assert (answer.status_code, error_of(answer)["code"]) == (403, "provider_key_missing")
        assert not [r for r in h["den"].requests if r.method == "POST"]


async def test_a_refused_key_passes_as_the_hosts_401(house: Start) -> None:
    config = HostConfig(models=models("qwen"), api_keys=("k",), **QUICK)
    async with house(den=config) as h:
        answer = await h.gateway.chat("den/qwen")
        assert answer.status_code == 401 and error_of(answer)["message"]


@pytest.mark.parametrize("cause", ["crash", "unload", "reload", "kill"])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_model_server_that_dies_under_a_request(house: Start, cause: str, stream: bool) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        await h.gateway.chat("den/qwen")
        body = {"model": "den/qwen", "messages": [], "stream": stream, "sim": {"tokens": 10000, "pace": 0.01}}
        async with h.gateway.client.stream("POST", CHAT, json=body) if stream else nullcontext() as answer:
            if answer is None:
                task = asyncio.create_task(h.gateway.client.post(CHAT, json=body))
                await h["den"].wait_request(lambda r: b"10000" in r.body)
                await h["den"].fault(cause)
                plain_answer = await task
                wanted = (503, "provider_offline") if cause == "kill" else (502, "upstream_failed")
                assert (plain_answer.status_code, error_of(plain_answer)["code"]) == wanted
                return
            arriving = answer.aiter_text()
            text = await anext(arriving)
            await h["den"].fault(cause)
            text += "".join([part async for part in arriving])
        last = events_of(text)[-1]
        assert last["error"]["code"] == "upstream_stream_interrupted"
        assert "[DONE]" not in text
        assert not RETRIED.search(json.dumps(last))


@pytest.mark.parametrize(
    ("sim", "whole"),
    [({"no_done": True}, True), ({"no_finish": True}, True), ({"no_finish": True, "no_done": True}, False)],
)
async def test_what_counts_as_whole(house: Start, sim: dict[str, Any], whole: bool) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        answer = await h.gateway.chat("den/qwen", stream=True, sim=sim)
        assert ("upstream_stream_interrupted" not in answer.text) is whole


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/v1/messages", r"event: error\ndata: \{\"type\":\"error\",\"error\":\{\"type\":\"api_error\""),
        ("/v1/responses", r"event: response.failed\ndata: \{\"type\":\"response.failed\",\"sequence_number\":\d+"),
        ("/v1/completions", r"data: \{\"error\":\{.*upstream_stream_interrupted"),
    ],
)
async def test_a_cut_stream_in_each_apis_words(house: Start, path: str, shape: str) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        body = {"input": "hi", "prompt": "hi", "max_tokens": 50, "sim": {"tokens": 50, "die_after": 3}}
        answer = await h.gateway.chat("den/qwen", path=path, stream=True, **body)
        assert re.search(shape, answer.text)
        assert not re.search(r"\[DONE\]|message_stop|response.completed", answer.text)


async def test_a_load_that_fails_behind_loading_chatter(house: Start) -> None:
    config = HostConfig(models=models("qwen", fail_s=2, send_loading_state=True), **{**QUICK, "clock": 0.2})
    async with house(den=config) as h:
        answer = await h.gateway.chat("den/qwen", stream=True)
        assert "reasoning_content" in answer.text
        last = events_of(answer.text)[-1]
        assert last["error"]["code"] == "upstream_failed"
        assert "\n{" not in answer.text
        assert not RETRIED.search(json.dumps(last))


async def test_silence_is_filled_with_comments_and_a_late_refusal_becomes_an_event(house: Start) -> None:
    config = HostConfig(models=(*models("slow", load_s=40), *models("bad", fail_s=60)), **QUICK)
    async with house(den=config) as h:
        h.gateway.set(keepalive_after=0.05, keepalive_every=0.05)
        answer = await h.gateway.chat("den/slow", stream=True)
        comments = [line for line in answer.text.split("\n") if line.startswith(":")]
        assert len(comments) >= 2 and "den/slow" in comments[0]
        assert events_of(answer.text)[-1] == "[DONE]"
        failed = await h.gateway.chat("den/bad", stream=True)
        assert failed.status_code == 200
        assert events_of(failed.text)[-1]["error"]["message"]
        plain_one = await h.gateway.chat("den/bad")
        assert plain_one.status_code == 500


async def test_the_first_byte_timeout(house: Start) -> None:
    async with house(den=HostConfig(models=models("qwen", load_s=3000), **QUICK)) as h:
        h.gateway.set(first_byte_timeout=0.1)
        answer = await h.gateway.chat("den/qwen")
        assert (answer.status_code, error_of(answer)["code"]) == (504, "no_first_byte")


async def test_busy_passes_with_retry_after(house: Start) -> None:
    async with house(den=HostConfig(models=models("qwen", concurrency_limit=1), **QUICK)) as h:
        long = asyncio.create_task(h.gateway.chat("den/qwen", sim={"tokens": 1000, "pace": 0.01}))
        await h["den"].wait_request(lambda r: r.method == "POST")
        answer = await h.gateway.chat("den/qwen")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert error_of(answer)["code"] == "concurrency_limit"
        long.cancel()
        await asyncio.gather(long, return_exceptions=True)


async def test_a_hosts_own_refusal_passes_as_it_came(before_raw: Any) -> None:
    body = b'{"error": {"code":400,"message":"request (1226 tokens) exceeds", "type":"exceed_context_size_error"}}'
    async with before_raw([plain("400 Bad Request", body, "Content-Type: application/json")]) as h:
        answer = await h.gateway.chat("den/qwen", stream=True)
        assert (answer.status_code, answer.content) == (400, body)


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (plain("502 Bad Gateway"), 502),
        (plain("500 Internal Server Error", b"<html>oops</html>", "Content-Type: text/html"), 500),
        (plain("503 Service Unavailable", b"[qwen] process is not ready", "Content-Type: text/plain"), 503),
        (plain("400 Bad Request", b'{"error":"old style"}', "Content-Type: application/json"), 400),
        (plain("302 Found", b"", "Location: http://127.0.0.1:1/login"), 502),
    ],
)
async def test_other_shapes_become_ours(before_raw: Any, reply: bytes, status: int) -> None:
    async with before_raw([reply]) as h:
        answer = await h.gateway.chat("den/qwen")
        assert answer.status_code == status
        assert error_of(answer)["message"]
        assert "location" not in answer.headers


@pytest.mark.parametrize("kind", ["application/json", "audio/mpeg"])
async def test_a_host_that_compresses_unasked_is_decoded_once(before_raw: Any, kind: str) -> None:
    body = gzip.compress(b'{"model":"qwen"}')
    reply = plain("200 OK", body, f"Content-Type: {kind}", "Content-Encoding: gzip")
    async with before_raw([reply]) as h:
        answer = await h.gateway.chat("den/qwen")
        wanted = b'{"model":"den/qwen"}' if kind == "application/json" else b'{"model":"qwen"}'
        assert answer.content == wanted
        assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("fault", ["hang", "half-open"])
async def test_a_host_that_never_answers_holds_up_nobody(house: Start, fault: str) -> None:
    config = HostConfig(models=models("qwen"), **QUICK)
    async with house(den=config, mac=config) as h:
        await h.gateway.known("den/qwen", "mac/qwen")
        await h["den"].fault(fault)
        stuck = asyncio.create_task(h.gateway.chat("den/qwen"))
        for _ in range(3):
            assert (await h.gateway.chat("mac/qwen")).status_code == 200
            assert len((await h.gateway.client.get("/v1/models")).json()["data"]) == 3
        assert not stuck.done()
        stuck.cancel()
        await asyncio.gather(stuck, return_exceptions=True)


@pytest.mark.parametrize("then", ["close", "reset"])
async def test_a_host_that_hangs_up_before_it_answers(before_raw: Any, then: str) -> None:
    async with before_raw([], then=then) as h:
        answer = await h.gateway.chat("den/qwen")
        assert (answer.status_code, error_of(answer)["code"]) == (502, "upstream_failed")


async def test_what_does_not_speak_http(before_raw: Any) -> None:
    async with before_raw([b"SSH-2.0-OpenSSH_9.9\r\n"], then="close") as h:
        answer = await h.gateway.chat("den/qwen")
        assert answer.status_code in (502, 503)
        assert error_of(answer)["message"]


async def test_a_dead_pooled_connection_is_replaced_once_and_silently(house: Start) -> None:
    """The host closes a kept connection just as the second request goes out."""
    connections: list[int] = []
    seen: dict[int, int] = {}

    async def answer(reader: Any, writer: Any, request: bytes) -> None:
        if not request.startswith(b"POST"):
            writer.write(plain("404 Not Found"))
            return
        if id(writer) not in seen:
            connections.append(id(writer))
        seen[id(writer)] = seen.get(id(writer), 0) + 1
        if seen[id(writer)] == 2:
            writer.close()
            return
        writer.write(plain("200 OK", b'{"model":"qwen"}', "Content-Type: application/json"))

    async with raw_host(answer) as url, house(entries={"den": {"baseUrl": url}}) as h:
        for _ in range(2):
            assert (await h.gateway.chat("den/qwen")).json() == {"model": "den/qwen"}
        assert len(connections) == 2


async def test_an_answer_that_never_ends_is_given_up(house: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "ANSWER_CAP", 1 << 20)

    async def endless(reader: Any, writer: Any, request: bytes) -> None:
        if not request.startswith(b"POST"):
            writer.write(plain("404 Not Found"))
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")
        while not writer.is_closing():
            writer.write(b" " * 65536)
            await writer.drain()

    async with raw_host(endless) as url, house(entries={"den": {"baseUrl": url}}) as h:
        answer = await h.gateway.chat("den/qwen")
        assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_too_large")
        assert "1 MiB" in answer.json()["error"]["message"]


async def test_an_answer_cut_by_the_network_is_never_a_clean_end(before_raw: Any) -> None:
    whole = chunked(b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n', end=False)
    async with before_raw(whole, then="reset") as h:
        answer = await h.gateway.chat("den/qwen", stream=True)
        assert events_of(answer.text)[-1]["error"]["code"] == "upstream_stream_interrupted"


pieces = st.lists(
    st.sampled_from(
        [
            'data: {"id":"1","model":"x","choices":[{"delta":{"content":"größe 🦙"}}]}\n\n'.encode(),
            b": ping\n\n",
            b'data: {"choices":[{"delta":{"tool_calls":[]}}],"model" : "x", "extra":{"model":"y"}}\r\n\r\n',
            b'event: message\ndata: {"model":"x","timings":{"a":1.50}}\n\n',
            b'data: {"choices":[],"usage":{"total_tokens":3},"model":"x"}\n\n',
        ]
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=pieces, borders=st.lists(st.integers(0, 2000), max_size=10))
async def test_a_stream_is_byte_identical_but_for_the_model(
    before_raw: Any, events: list[bytes], borders: list[int]
) -> None:
    sent = b"".join(events) + b'data: {"choices":[{"finish_reason":"stop"}],"model":"x"}\n\ndata: [DONE]\n\n'
    places = sorted({b % len(sent) for b in borders})
    parts = [sent[a:b] for a, b in zip([0, *places], [*places, len(sent)], strict=True)]
    wanted = re.sub(rb'("model"\s*:\s*)"x"', rb'\1"den/org/qwen:Q4"', sent)
    async with before_raw(chunked(*parts)) as h:
        answer = await h.gateway.chat("den/org/qwen:Q4", stream=True)
        assert answer.content == wanted


async def test_events_pass_as_they_come(house: Start) -> None:
    """The first event is there while the host has not written the second."""
    gate = asyncio.Event()

    async def answer(reader: Any, writer: Any, request: bytes) -> None:
        if not request.startswith(b"POST"):
            writer.write(plain("404 Not Found"))
            return
        first, second, last = b'data: {"n":1}\n\n', b"data: [DONE]\n\n", b""
        for data in chunked(first, end=False):
            writer.write(data)
        await gate.wait()
        writer.write(chunked(second, last)[1] + b"0\r\n\r\n")

    async with raw_host(answer) as url, house(entries={"den": {"baseUrl": url}}) as h:
        body = {"model": "den/q", "stream": True, "messages": []}
        async with h.gateway.client.stream("POST", CHAT, json=body) as stream:
            arriving = stream.aiter_bytes()
            assert await anext(arriving) == b'data: {"n":1}\n\n'
            gate.set()
            assert b"".join([c async for c in arriving]) == b"data: [DONE]\n\n"
