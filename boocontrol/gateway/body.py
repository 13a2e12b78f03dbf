"""Request bodies: read whole within a cap, the model found, and the wire id put in its place. Nothing else changes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec
from starlette.types import Receive

from boocontrol.gateway.errors import Trouble
from boocontrol.gateway.jsonscan import ScanError, TooDeep, find

T = TypeVar("T")
MAX_BODY: Final = 64 << 20
SMALL: Final = 256 << 10
PIECE: Final = 256 << 10
MAX_NAME: Final = 1024
_START: Final = re.compile(rb"[ \t\r\n]*+\{")

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_text = msgspec.json.Decoder(str)
_encode = msgspec.json.Encoder().encode


class ClientLeft(Exception):
    """The client hung up before its request was whole."""


@dataclass(frozen=True, slots=True)
class Body:
    """A request body with the model it names, and how to write it with another."""

    model: str
    stream: bool
    size: int
    renamed: Callable[[str], tuple[bytes, ...]]


async def read_body(receive: Receive, headers: dict[bytes, bytes]) -> bytearray:
    """The whole body. Raises Trouble (413) over the cap, ClientLeft."""
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > MAX_BODY:
        raise _too_large()
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise _too_large()
        if not message.get("more_body", False):
            return body


async def parse_json(body: bytearray) -> Body:
    """The model in a JSON body. Raises Trouble (400) for what is not a JSON object that names one."""
    if len(body) > SMALL:
        return await _parse_large(body)
    try:
        members = _members.decode(body)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError) as e:
        raise _not_json(str(e).partition(" (byte")[0]) from None
    model = _model(members.get("model"))

    def renamed(wire_id: str) -> tuple[bytes, ...]:
        members["model"] = msgspec.Raw(_encode(wire_id))
        return (_encode(members),)

    return Body(model, bytes(members.get("stream", b"")) == b"true", len(body), renamed)


async def in_steps(walk: Generator[None, None, T]) -> T:
    """The result of a long piece of work that pauses now and then: other streams go on in its pauses."""
    while True:
        try:
            next(walk)
        except StopIteration as stop:
            result: T = stop.value
            return result
        await asyncio.sleep(0)


async def _parse_large(body: bytearray) -> Body:
    """The same for a large body, in steps: other streams go on meanwhile. The host judges what lies inside."""
    try:
        found = await in_steps(find(body))
    except TooDeep:
        raise _too_deep() from None
    except ScanError as e:
        raise _not_json(str(e)) from None
    if _START.match(body) is None:
        raise _not_json("the top level is not an object")
    if not found.top:
        raise _no_model()
    start, end = found.top[-1]
    model = _model(msgspec.Raw(bytes(body[start:end])))

    def renamed(wire_id: str) -> tuple[bytes, ...]:
        return tuple(spliced(body, found.top, _encode(wire_id)))

    return Body(model, found.stream, len(body), renamed)


def spliced(body: bytearray, spans: list[tuple[int, int]], value: bytes) -> list[bytes]:
    """Pieces small enough to be written one at a time between the pieces of other streams."""
    pieces: list[bytes] = []
    position = 0
    for start, end in [*spans, (len(body), len(body))]:
        pieces += [bytes(body[at : min(at + PIECE, start)]) for at in range(position, start, PIECE)]
        if start < len(body):
            pieces.append(value)
        position = end
    return pieces


async def pieces(parts: tuple[bytes, ...]) -> AsyncIterator[bytes]:
    """The parts one by one, as aiohttp takes a body that is sent in steps."""
    for part in parts:
        yield part


def _model(raw: Any) -> str:
    if raw is None:
        raise _no_model()
    try:
        model = _text.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        title = "The model must be a text such as provider/model."
        raise Trouble(400, "invalid_model", title, "model") from None
    return check_model(model)


def check_model(model: str) -> str:
    """The model's name, of a length that names have. Raises Trouble (400)."""
    if not model.strip():
        raise _no_model()
    if len(model) > MAX_NAME:
        raise Trouble(400, "invalid_model", f"The model's name is longer than {MAX_NAME} characters.", "model")
    return model


def _no_model() -> Trouble:
    return Trouble(400, "missing_model", "The request names no model. Give model as provider/model.", "model")


def _not_json(why: str) -> Trouble:
    text = "The body is not a JSON object. Send one with Content-Type: application/json."
    return Trouble(400, "invalid_json", f"{text} ({why})" if why else text)


def _too_deep() -> Trouble:
    return Trouble(400, "invalid_json", "The JSON body is nested too deep.")


def _too_large() -> Trouble:
    cap = MAX_BODY >> 20
    return Trouble(413, "request_too_large", f"The body is larger than {cap} MiB, the most that is taken. Send less.")


def quoted(text: str) -> bytes:
    """A text as a JSON string."""
    return json.dumps(text, ensure_ascii=False).encode()
