"""Finds the `model` members of a JSON text by position, so that every other byte can travel unchanged.

A walk over strings and brackets only. It yields between steps, so that a body of many megabytes never holds up the
event loop; `exhaust` runs it in one go for small texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Final

import msgspec

_MARK: Final = re.compile(rb'["{}\[\]]')
_COLON: Final = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*")
# Possessive: a string that is not closed must not make the engine go back over it. The lone quote is such a string.
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_INSIDE: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_NESTED_KEYS: Final = (b'"response"', b'"message"')
_SCALAR: Final = re.compile(rb"[^\s,\]}]+")
MAX_DEPTH: Final = 512
STEP_TOKENS: Final = 4096
STEP_BYTES: Final = 1 << 20

NESTED: Final = ("response", "message")  # where /v1/responses and /v1/messages tell the model


class ScanError(ValueError):
    """The text is not one JSON object with closed strings and brackets."""


class TooDeep(ScanError):
    """The text is nested deeper than any real request."""


@dataclass(slots=True)
class Found:
    """Spans (start, end) of the values of `model` at the top level and one level down, and of `stream`'s value."""

    top: list[tuple[int, int]] = field(default_factory=list)
    nested: list[tuple[int, int]] = field(default_factory=list)
    stream: bool = False


def find(data: bytes | bytearray, *, strict: bool = True) -> Generator[None, None, Found]:
    """Walk the text and return what was found; yields between steps. Raises ScanError.

    Without `strict` a text that is cut off gives what was found so far: answers are passed on whatever they are.
    """
    found = Found()
    opened: list[int] = []  # bracket bytes
    parent = ""  # key under which the object at depth 2 stands
    position, tokens, paused = 0, 0, 0
    while mark := _MARK.search(data, position):
        at = mark.start()
        byte = data[at]
        tokens += 1
        if byte == 0x22:
            position, key = yield from _string(data, at, opened, found, parent, strict)
            if key is not None and len(opened) == 1:
                parent = key
        else:
            position = at + 1
            _bracket(byte, opened, strict)
            if not opened:
                break
        if tokens % STEP_TOKENS == 0 or position - paused > STEP_BYTES:
            paused = position
            yield
    if strict and (opened or not tokens or data[position:].strip()):
        raise ScanError("the text is not one whole JSON object")
    return found


def exhaust(data: bytes | bytearray, *, strict: bool = True) -> Found:
    """`find` without pauses, for small texts."""
    walk = find(data, strict=strict)
    while True:
        try:
            next(walk)
        except StopIteration as stop:
            result: Found = stop.value
            return result


class _Top(msgspec.Struct):
    """What an event says at its top level; the rest of it is skipped over."""

    model: msgspec.Raw = msgspec.Raw(b"")


_top = msgspec.json.Decoder(_Top)


def only_model_span(event: bytes) -> tuple[int, int] | None:
    """The span of `model` in an event of one line `data: {...}` that holds this key once, at its top level.

    Nearly every event of every stream is such a one. None for all others: they take the long way.
    """
    if event.count(b'"model"') != 1:
        return None
    try:
        value = bytes(_top.decode(memoryview(event)[5:]).model)
    except (msgspec.DecodeError, RecursionError):
        return None
    colon = _COLON.match(event, event.find(b'"model"') + 7)
    if colon is None or value[:1] != b'"' or not event.startswith(value, colon.end()):
        return None
    return colon.end(), colon.end() + len(value)


def model_spans(data: bytes, *, nested: bool) -> list[tuple[int, int]]:
    """The spans of `find` for an event of a stream: one pass of the regular expression engine, nothing checked."""
    spans: list[tuple[int, int]] = []
    depth, parent = 0, b""
    tokens = _TOKEN.finditer(data)
    for token in tokens:
        text = token.group()
        if text == b'"':
            break
        if text in b"{[":
            depth += 1
        elif text in b"}]":
            depth -= 1
        elif depth == 1 or (nested and depth == 2 and parent in _NESTED_KEYS):
            colon = _COLON.match(data, token.end())
            if colon is None:
                continue
            if text == b'"model"' and data[colon.end() : colon.end() + 1] == b'"':
                value = next(tokens, None)
                if value is not None:
                    spans.append(value.span())
            elif depth == 1:
                parent = text
    return spans


def replaced(data: bytes, spans: list[tuple[int, int]], value: bytes) -> bytes:
    """The text with the value put in place of each span."""
    pieces, position = [], 0
    for start, end in spans:
        pieces += [data[position:start], value]
        position = end
    return b"".join([*pieces, data[position:]])


def _bracket(byte: int, opened: list[int], strict: bool) -> None:
    if byte in b"{[":
        opened.append(byte)
        if len(opened) > MAX_DEPTH:
            raise TooDeep("nested too deep")
        return
    if opened and (opened[-1] == 0x7B) == (byte == 0x7D):
        opened.pop()
    elif strict:
        raise ScanError("brackets do not match")


def _string(
    data: bytes | bytearray, at: int, opened: list[int], found: Found, parent: str, strict: bool
) -> Generator[None, None, tuple[int, str | None]]:
    """Where to go on after the string at `at`, and its text if it is a key at depth 1."""
    end = yield from _string_end(data, at, strict)
    depth = len(opened)
    if not 0 < depth <= 2 or opened[-1] != 0x7B or (depth == 2 and parent not in NESTED):
        return end, None
    colon = _COLON.match(data, end)
    if colon is None:
        return end, None
    key = _text(data, at, end)
    if key == "model" and data[colon.end() : colon.end() + 1] == b'"':
        after = yield from _string_end(data, colon.end(), strict)
        (found.top if depth == 1 else found.nested).append((colon.end(), after))
        return after, key
    if key == "stream" and depth == 1:
        value = _SCALAR.match(data, colon.end())
        found.stream = value is not None and value.group() == b"true"
    return colon.end(), key if depth == 1 else None


def _string_end(data: bytes | bytearray, at: int, strict: bool) -> Generator[None, None, int]:
    """Where the string that begins at `at` ends; a long one is walked over in steps."""
    position = at + 1
    while True:
        inside = _INSIDE.match(data, position, min(len(data), position + STEP_BYTES))
        end = inside.end() if inside else position
        if data[end : end + 1] == b'"':
            return end + 1
        if end == position:
            if strict:
                raise ScanError("a string is not closed")
            return len(data)
        position = end
        yield


def _text(data: bytes | bytearray, start: int, end: int) -> str:
    raw = bytes(data[start:end])
    if b"\\" not in raw:
        return raw[1:-1].decode("utf-8", "replace")
    try:
        return str(json.loads(raw))
    except ValueError:
        return ""
