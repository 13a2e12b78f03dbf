"""Multipart bodies: the form field `model` found by position and replaced; files travel byte for byte."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from boocontrol.gateway.body import Body, check_model, spliced
from boocontrol.gateway.errors import Trouble

STEP: Final = 64 << 10


class _Fields:
    """Notes where the values of `model` and `stream` stand while the parser walks over the body."""

    def __init__(self) -> None:
        self.base = 0
        self.spans: list[tuple[int, int]] = []
        self.stream: tuple[int, int] | None = None
        self.complete = False
        self._name = b""
        self._header = b""
        self._value = b""
        self._span: tuple[int, int] | None = None

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._name, self._span, self._header, self._value = b"", None, b"", b""

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            options = parse_options_header(self._value)[1]
            self._name = b"" if b"filename" in options else options.get(b"name", b"")
        self._header = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        first = self._span[0] if self._span else self.base + start
        self._span = (first, self.base + end)

    def _end(self) -> None:
        if self._name == b"model" and self._span:
            self.spans.append(self._span)
        if self._name == b"stream":
            self.stream = self._span

    def _finish(self) -> None:
        self.complete = True


async def parse_form(body: bytearray, content_type: bytes) -> Body:
    """The model in a multipart body. Raises Trouble (400)."""
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise Trouble(400, "invalid_form", "The multipart Content-Type has no boundary.")
    fields = _Fields()
    try:
        parser = MultipartParser(boundary, fields.callbacks())  # type: ignore[arg-type]
        for at in range(0, len(body), STEP):
            fields.base = at
            parser.write(bytes(body[at : at + STEP]))
            if len(body) > STEP:
                await asyncio.sleep(0)
        parser.finalize()
    except FormParserError as e:
        raise Trouble(400, "invalid_form", f"The multipart body cannot be read: {e}.") from None
    return _found(body, fields)


def _found(body: bytearray, fields: _Fields) -> Body:
    if not fields.complete:
        raise Trouble(400, "invalid_form", "The multipart body ends before its last boundary.")
    if not fields.spans:
        raise Trouble(400, "missing_model", "The form has no field model. Give it as provider/model.", "model")
    start, end = fields.spans[-1]
    model = check_model(bytes(body[start:end]).decode("utf-8", "replace").strip())
    streams = fields.stream is not None and bytes(body[slice(*fields.stream)]).strip().lower() == b"true"

    def renamed(wire_id: str) -> tuple[bytes, ...]:
        return tuple(spliced(body, fields.spans, wire_id.encode()))

    return Body(model, streams, len(body), renamed)
