"""Figures out of answers: every API's shape, streams and plain answers, and nonsense that tells nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from boocontrol.gateway.activity_usage import WHOLE, Usage, UsageWatch
from boocontrol.gateway.sse import EventStream

TIMINGS = {"cache_n": 5, "prompt_n": 7, "predicted_n": 20, "prompt_per_second": 310.5, "predicted_per_second": 42.125}
OPENAI = {"prompt_tokens": 12, "completion_tokens": 20, "total_tokens": 32}


def event(document: Any, name: str = "") -> bytes:
    return (f"event: {name}\n" if name else "").encode() + b"data: " + json.dumps(document).encode() + b"\n\n"


def streamed(*events: bytes) -> Usage:
    watch = UsageWatch()
    stream = EventStream(b'"x"', "chat", watch)
    for one in events:
        list(stream.feed(one))
    return watch.read()


def plain(document: Any) -> Usage:
    watch = UsageWatch()
    watch.plain(json.dumps(document).encode())
    return watch.read()


def test_llama_cpp_tells_both() -> None:
    last = event({"choices": [], "usage": OPENAI, "timings": TIMINGS})
    found = streamed(event({"choices": [{"delta": {"content": "a"}}], "usage": None}), last, b"data: [DONE]\n\n")
    assert found == Usage(12, 20, 5, 310.5, 42.12)
    assert plain({"choices": [], "usage": OPENAI, "timings": TIMINGS}) == found


def test_timings_alone_tell_the_prompt_with_its_cached_part() -> None:
    assert plain({"timings": TIMINGS}) == Usage(12, 20, 5, 310.5, 42.12)
    assert plain({"timings": {**TIMINGS, "cache_n": -1}}) == Usage(7, 20, None, 310.5, 42.12)


def test_cached_tokens_of_openai_are_a_part() -> None:
    details = {"prompt_tokens_details": {"cached_tokens": 8}}
    assert plain({"usage": OPENAI | details}) == Usage(12, 20, 8)


def test_anthropic_counts_the_cache_beside_the_input() -> None:
    start = {"usage": {"input_tokens": 3, "cache_read_input_tokens": 9, "output_tokens": 1}}
    found = streamed(
        event({"type": "message_start", "message": start}, "message_start"),
        event({"type": "content_block_delta"}, "content_block_delta"),
        event({"type": "message_delta", "usage": {"output_tokens": 44}}, "message_delta"),
        event({"type": "message_stop"}, "message_stop"),
    )
    assert found == Usage(12, 44, 9)


def test_responses() -> None:
    usage = {"input_tokens": 12, "output_tokens": 5, "input_tokens_details": {"cached_tokens": 2}}
    done = {"type": "response.completed", "response": {"usage": usage}}
    assert streamed(event(done, "response.completed")) == Usage(12, 5, 2)
    assert plain({"object": "response", "usage": usage}) == Usage(12, 5, 2)


@pytest.mark.parametrize("usage_first", [True, False])
def test_large_answers_are_searched_at_their_ends(usage_first: bool) -> None:
    data = {"data": [{"embedding": [0.5] * WHOLE}]}
    usage = {"usage": {"prompt_tokens": 6, "total_tokens": 6}}
    assert plain(usage | data if usage_first else data | usage) == Usage(6)


@pytest.mark.parametrize(
    "document",
    [
        {"usage": None},
        {"usage": "many"},
        {"usage": {"prompt_tokens": -1, "completion_tokens": True}, "timings": {"predicted_per_second": -1}},
        {"usage": {"prompt_tokens": "12", "prompt_tokens_details": 3}, "timings": []},
        {"usage": {"prompt_tokens": 1e300}, "timings": {"predicted_per_second": 1e300, "prompt_n": 1e18}},
        {"response": {"usage": []}, "message": "text"},
        [],
        "usage",
    ],
)
def test_nonsense_tells_nothing(document: Any) -> None:
    assert plain(document) == Usage()
    assert streamed(event(document)) == Usage()


def test_broken_json_tells_nothing() -> None:
    assert streamed(b'data: {"usage":{"prompt_tokens":\n\n', b'data: {"timings"\n\n') == Usage()


@pytest.mark.parametrize(
    ("style", "events", "expected"),
    [
        ("messages", [b'data: {"type":"message_start"}\n\n', b'data: {"type":"ping"}\n\n'], False),
        ("messages", [b'data: {"type":"content_block_delta"}\n\n'], True),
        ("responses", [b'data: {"type":"response.created"}\n\n'], False),
        ("responses", [b'data: {"type":"response.output_text.delta"}\n\n'], True),
        ("chat", [b'data: {"choices":[{"delta":{"reasoning_content":"loading"}}]}\n\n', b": wait\n\n"], False),
        ("chat", [b'data: {"error":{"message":"x"}}\n\n', b"data: [DONE]\n\n"], False),
        ("chat", [b'data: {"id":"1","choices":[{"delta":{"content":"a"}}]}\n\n'], True),
    ],
)
def test_what_is_a_token(style: Any, events: list[bytes], expected: bool) -> None:
    stream = EventStream(b'"x"', style)
    for one in events:
        list(stream.feed(one))
    assert stream.tokens_seen is expected
