"""Events pass byte for byte, whatever the chunk borders; only `model` changes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boocontrol.gateway.sse import MAX_EVENT, EventStream, EventTooLong

REF = "gpu-box/org/Qwen3:Q4_K_M"
QUOTED = json.dumps(REF).encode()


def passed(chunks: list[bytes], style: str = "chat") -> tuple[bytes, EventStream]:
    stream = EventStream(QUOTED, style)  # type: ignore[arg-type]
    out = b"".join(b"".join(stream.feed(c)) for c in chunks) + b"".join(stream.close())
    return out, stream


def cut(data: bytes, places: list[int]) -> list[bytes]:
    borders = sorted({p % (len(data) + 1) for p in places})
    return [data[a:b] for a, b in zip([0, *borders], [*borders, len(data)], strict=True)]


text = st.text(max_size=20)
leaf = st.one_of(text, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
inner = st.recursive(leaf, lambda v: st.lists(v, max_size=3) | st.dictionaries(text, v, max_size=3), max_leaves=8)
spaced = st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :  ")])


@st.composite
def events(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """An event as the host sends it, and as the client must get it."""
    eol = draw(st.sampled_from([b"\n", b"\r\n", b"\r"]))
    kind = draw(st.sampled_from(["data", "comment", "done", "other", "empty"]))
    if kind == "comment":
        raw = b": ping " + draw(text).encode().replace(b"\r", b"").replace(b"\n", b"") + eol + eol
        return raw, raw
    if kind in ("done", "empty"):
        raw = (b"data: [DONE]" if kind == "done" else b"event: nothing") + eol + eol
        return raw, raw
    members = draw(st.dictionaries(text.filter(lambda k: k != "model"), inner, max_size=4))
    before, after = draw(text), draw(st.booleans())
    gap = draw(st.sampled_from([b"", b" "]))
    head = draw(st.sampled_from([b"", b"event: message" + eol, b"id: 7" + eol]))
    separators = draw(spaced)

    def rendered(model: str) -> bytes:
        whole = {**members, "model": model} if after else {"model": model, **members}
        line = json.dumps(whole, ensure_ascii=draw_ascii, separators=separators).encode("utf-8", "surrogatepass")
        return head + b"data:" + gap + line + eol + eol

    draw_ascii = draw(st.booleans())
    if kind == "other":
        raw = head + b"data:" + gap + json.dumps({"x": before, "deep": {"model": "kept"}}).encode() + eol + eol
        return raw, raw
    return rendered("host name"), rendered(REF).replace(json.dumps(REF, ensure_ascii=draw_ascii).encode(), QUOTED)


@settings(max_examples=300, deadline=None)
@given(st.lists(events(), min_size=1, max_size=6), st.lists(st.integers(0, 5000), max_size=12))
def test_only_model_changes_whatever_the_chunk_borders(stream: list[tuple[bytes, bytes]], places: list[int]) -> None:
    sent = b"".join(raw for raw, _ in stream)
    wanted = b"".join(want for _, want in stream)
    assert passed(cut(sent, places))[0] == wanted


def test_every_byte_can_be_a_chunk_of_its_own() -> None:
    sent = 'data: {"model":"qwen","choices":[{"delta":{"content":"größe 🦙"}}]}\r\n\r\ndata: [DONE]\r\n\r\n'.encode()
    out, stream = passed([sent[i : i + 1] for i in range(len(sent))])
    assert out == sent.replace(b'"qwen"', QUOTED)
    assert stream.whole


def test_a_missing_last_blank_line_loses_nothing() -> None:
    out, stream = passed([b'data: {"model":"a","choices":[{"finish_reason":"stop"}]}'])
    assert out == b'data: {"model":' + QUOTED + b',"choices":[{"finish_reason":"stop"}]}'
    assert stream.whole


def test_an_event_over_several_data_lines_is_one_text() -> None:
    sent = b'data: {"choices":[],\ndata: "model":\ndata:  "qwen"}\n\n'
    assert passed([sent])[0] == sent.replace(b'"qwen"', QUOTED)


@pytest.mark.parametrize(
    ("style", "payload"),
    [
        ("responses", {"type": "response.created", "response": {"id": "r", "model": "qwen"}}),
        ("messages", {"type": "message_start", "message": {"id": "m", "model": "qwen"}}),
    ],
)
def test_models_one_level_down(style: str, payload: dict[str, object]) -> None:
    sent = b"event: x\ndata: " + json.dumps(payload).encode() + b"\n\n"
    assert passed([sent], style)[0] == sent.replace(b'"qwen"', QUOTED)
    assert passed([sent], "chat")[0] == sent


def test_model_inside_a_text_or_deeper_stays() -> None:
    sent = b'data: {"choices":[{"delta":{"content":"\\"model\\":\\"x\\""},"model":"deep"}],"model":"qwen"}\n\n'
    assert passed([sent])[0] == sent.replace(b'"qwen"', QUOTED)


@pytest.mark.parametrize(
    ("style", "event", "whole"),
    [
        ("chat", b"data: [DONE]", True),
        ("chat", b'data: {"choices":[{"finish_reason":"length"}]}', True),
        ("chat", b'data: {"choices":[{"finish_reason":null}]}', False),
        ("chat", b'data: {"choices":[{"delta":{"content":"\\"finish_reason\\":\\"stop\\" data: [DONE]"}}]}', False),
        ("messages", b'event: message_stop\ndata: {"type":"message_stop"}', True),
        ("messages", b'event: message_delta\ndata: {"type":"message_delta"}', False),
        ("responses", b'event: response.completed\ndata: {"type":"response.completed","response":{}}', True),
        ("other", b'data: {"content":"","stop":true}', True),
    ],
)
def test_what_makes_a_stream_whole(style: str, event: bytes, whole: bool) -> None:
    assert passed([event + b"\n\n"], style)[1].whole is whole


def test_a_bare_error_line_is_not_passed_on() -> None:
    loading = b'data: {"choices":[{"delta":{"reasoning_content":"Done!"}}]}\n\n'
    bare = b'{"src":"llama-swap","error":{"message":"unspecific error: group: model unloaded"}}'
    out, stream = passed([loading + bare])
    assert out == loading
    assert stream.bare_error == bare
    assert not stream.tokens_seen


def test_an_error_event_is_noted() -> None:
    assert passed([b'data: {"error":{"message":"x"}}\n\n'])[1].errored
    assert not passed([b'data: {"response":{"error":null},"error":null}\n\n'])[1].errored


def test_ids_are_noted() -> None:
    assert passed([b"id: 1\ndata: {}\n\n"])[1].has_ids
    assert not passed([b'data: {"id:":1}\n\n'])[1].has_ids


def test_an_endless_event_is_refused() -> None:
    stream = EventStream(QUOTED)
    with pytest.raises(EventTooLong):
        for _ in range(MAX_EVENT // (1 << 20) + 2):
            list(stream.feed(b"x" * (1 << 20)))
