"""The model is found and replaced; every other byte of a request travels as it came."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boocontrol.gateway import body as body_module
from boocontrol.gateway.body import SMALL, parse_json, read_body
from boocontrol.gateway.errors import Trouble
from boocontrol.gateway.forms import parse_form

text = st.text(max_size=10)
leaf = st.one_of(text, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
values = st.recursive(leaf, lambda v: st.lists(v, max_size=3) | st.dictionaries(text, v, max_size=3), max_leaves=8)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(text, values, max_size=5), text.filter(str.strip), st.text(min_size=1, max_size=20))
async def test_small_and_large_bodies_agree(members: dict[str, Any], model: str, wire: str) -> None:
    members = {**members, "model": model, "last": 1}
    raw = bytearray(json.dumps(members).encode())
    small = await parse_json(bytearray(raw))
    large = await body_module._parse_large(bytearray(raw))
    assert small.model == large.model == model
    assert small.stream == large.stream == (members.get("stream") is True)
    for parsed in (small, large):
        sent = json.loads(b"".join(parsed.renamed(wire)))
        assert sent == {**members, "model": wire}
        assert list(sent) == list(members)


async def test_number_formats_order_and_unknown_keys_stay() -> None:
    raw = bytearray(
        b'{"seed":18446744073709551616,"temperature":1.50e0,"model":"a/b","x":{"y" : [1.0,2]},"z":"\\u00e9"}'
    )
    sent = b"".join((await parse_json(raw)).renamed("b"))
    assert sent == bytes(raw).replace(b'"a/b"', b'"b"')


async def test_of_two_models_the_last_counts_and_only_one_goes_up() -> None:
    raw = b'{"model":"first","a":1,"model":"second"}'
    parsed = await parse_json(bytearray(raw))
    assert parsed.model == "second"
    assert b"".join(parsed.renamed("w")).count(b'"model":"w"') == 1
    large = await body_module._parse_large(bytearray(raw))
    assert large.model == "second"
    assert b"first" not in b"".join(large.renamed("w"))


async def test_an_escaped_key_is_the_same_key() -> None:
    raw = b'{"mod\\u0065l":"a"}'
    assert (await parse_json(bytearray(raw))).model == "a"
    assert (await body_module._parse_large(bytearray(raw))).model == "a"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "invalid_json"),
        (b"hello", "invalid_json"),
        (b"[]", "invalid_json"),
        (b'{"model":"a"', "invalid_json"),
        (b'{"model":"a"}}', "invalid_json"),
        (b"{}", "missing_model"),
        (b'{"model":null}', "invalid_model"),
        (b'{"model":7}', "invalid_model"),
        (b'{"model":"  "}', "missing_model"),
        (b'{"model":"a","x":' + b"[" * 5000 + b"]" * 5000 + b"}", "invalid_json"),
    ],
)
async def test_what_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(Trouble) as small:
        await parse_json(bytearray(raw))
    assert (small.value.status, small.value.code) == (400, code)


async def test_large_bodies_let_others_go_on() -> None:
    raw = bytearray(b'{"messages":["' + b"x" * (20 << 20) + b'"],"model":"a/b"}')
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    raw_many = bytearray(b'{"m":[' + b",".join([b'"y"'] * 200_000) + b'],"model":"a/b"}')
    assert (await parse_json(raw_many)).model == "a/b"
    parsed = await parse_json(raw)
    task.cancel()
    assert parsed.model == "a/b"
    assert turns > 40
    parts = parsed.renamed("b")
    assert max(map(len, parts)) <= SMALL
    assert b"".join(parts) == bytes(raw).replace(b'"a/b"', b'"b"')


async def test_the_cap_is_told_before_and_while_reading() -> None:
    async def endless() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * (8 << 20), "more_body": True}

    for headers in ({b"content-length": b"99999999999"}, {}):
        with pytest.raises(Trouble) as told:
            await read_body(endless, headers)
        assert told.value.status == 413


BOUNDARY = b"boundary77"


def form(*parts: tuple[bytes, bytes]) -> bytearray:
    lines = b"".join(b"--" + BOUNDARY + b"\r\n" + head + b"\r\n\r\n" + data + b"\r\n" for head, data in parts)
    return bytearray(lines + b"--" + BOUNDARY + b"--\r\n")


def field(name: bytes) -> bytes:
    return b'Content-Disposition: form-data; name="' + name + b'"'


TYPE = b"multipart/form-data; boundary=" + BOUNDARY


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2))
async def test_files_in_forms_travel_byte_for_byte(audio: bytes, place: int) -> None:
    audio = audio.replace(b"--" + BOUNDARY, b"")
    parts = [(field(b"file") + b'; filename="model.wav"', audio), (field(b"language"), b"en")]
    parts.insert(place, (field(b"model"), b"a/whisper"))
    raw = form(*parts)
    parsed = await parse_form(raw, TYPE)
    assert parsed.model == "a/whisper"
    assert b"".join(parsed.renamed("whisper")) == bytes(raw).replace(b"a/whisper", b"whisper")


async def test_a_file_called_model_is_not_the_model() -> None:
    raw = form((field(b"model") + b'; filename="x"', b"data"))
    with pytest.raises(Trouble) as told:
        await parse_form(raw, TYPE)
    assert told.value.code == "missing_model"


@pytest.mark.parametrize("raw", [b"", b"nonsense", bytes(form((field(b"model"), b"a"))[:-8])])
async def test_broken_forms_are_refused(raw: bytes) -> None:
    with pytest.raises(Trouble) as told:
        await parse_form(bytearray(raw), TYPE)
    assert told.value.status == 400
