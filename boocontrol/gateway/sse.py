"""Server-sent events passed on byte for byte, with only the value of `model` replaced.

Bytes go in as they come, whole events come out: chunk borders, CRLF, comments and split characters make no
difference. What is noted on the way tells a whole stream from one that was cut (llama-swap ends both in good order).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from boocontrol.gateway.activity_usage import UsageWatch
from boocontrol.gateway.jsonscan import model_spans, only_model_span, replaced

Style = Literal["chat", "messages", "responses", "other"]
MAX_EVENT: Final = 16 << 20

_END: Final = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))")
_LINE: Final = re.compile(rb"[^\r\n]+")
_FINISH: Final = re.compile(rb'"finish_reason"\s*:\s*"')
_DONE: Final = re.compile(rb"^data: ?\[DONE\]", re.MULTILINE)
_STOP: Final = re.compile(rb'"stop"\s*:\s*true')
_LAST_TYPE: Final = re.compile(
    rb'"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed|cancelled)|message_stop'
    rb'|transcript\.text\.done|speech\.audio\.done|image_(?:generation|edit)\.completed)"'
)
_ERROR: Final = re.compile(rb'^data: ?\{\s*(?:"type"\s*:\s*"error"|"error"\s*:\s*[{"])|^event: ?error', re.MULTILINE)
_BARE: Final = re.compile(rb"^\{.*\"error\"", re.MULTILINE)
_ID_LINE: Final = re.compile(rb"^id:", re.MULTILINE)
_DELTA: Final = re.compile(rb'"type"\s*:\s*"(?:content_block_delta|response\.[a-z_.]*delta)"')
_LOADING: Final = re.compile(rb'^data: ?\{"choices":\[\{"delta":\{"reasoning_content":"[^"]*"\}\}\]\}\s*$')


class EventTooLong(ValueError):
    """An event passed the size that any real server keeps to."""


class EventStream:
    """Splits, rewrites and watches one stream of events."""

    def __init__(self, model: bytes, style: Style = "chat", usage: UsageWatch | None = None) -> None:
        """`model` is the JSON string, quotes included, to put in place of the host's. `usage` sees every event."""
        self._model = model
        self._style = style
        self._usage = usage
        self._rest = bytearray()
        self._searched = 0
        self.whole = False
        self.errored = False
        self.has_ids = False
        self.tokens_seen = False
        self.pieces = 0  # events from the first token on: about as many as tokens
        self.bare_error: bytes | None = None
        self.last: bytes = b""
        self.border = b""  # what an event after the last one must begin with

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The events completed by these bytes, ready to send. Stops at a bare error line (see `bare_error`)."""
        self._rest += chunk
        while self.bare_error is None and (end := _END.search(self._rest, self._searched)):
            event = bytes(self._rest[: end.end()])
            del self._rest[: end.end()]
            self._searched = 0
            yield from self._event(event)
        self._searched = max(0, len(self._rest) - 3)
        if len(self._rest) > MAX_EVENT:
            raise EventTooLong("an event is longer than 16 MiB")

    def close(self) -> Iterator[bytes]:
        """What is left when the stream ends: an event without its last blank line. Half an event is of no use."""
        rest, self._rest = bytes(self._rest), bytearray()
        if rest and self.bare_error is None and (_is_bare(rest) or not _is_torn(rest)):
            self.border = b"\n" if rest.endswith((b"\n", b"\r")) else b"\n\n"
            yield from self._event(rest)

    def _event(self, event: bytes) -> Iterator[bytes]:
        bare = _BARE.search(event)
        if bare:
            self.bare_error = event[bare.start() :]
            event = event[: bare.start()]
        if event:
            self._watch(event)
            yield self._renamed(event) if b'"model"' in event else event

    def _watch(self, event: bytes) -> None:
        self.last = event
        if not self.has_ids and b"id:" in event:
            self.has_ids = bool(_ID_LINE.search(event))
        if self._usage is not None and (b'"usage"' in event or b'"timings"' in event):
            self._usage.event(event)
        if b"error" in event and _ERROR.search(event):
            self.errored = True
        if not self.tokens_seen and b"data:" in event:
            self.tokens_seen = self._is_token(event)
        self.pieces += self.tokens_seen
        if not self.whole:
            self.whole = self._ends(event)

    def _is_token(self, event: bytes) -> bool:
        """Whether this tells that the model is at work: no error, no chatter of loading, no mere opening."""
        if self._style in ("messages", "responses"):
            return bool(_DELTA.search(event))
        return not (self.errored or _LOADING.match(event) or _DONE.search(event))

    def _ends(self, event: bytes) -> bool:
        if b"[DONE]" in event and _DONE.search(event):
            return True
        if self._style in ("messages", "responses"):
            return bool(_LAST_TYPE.search(event))
        if b'"finish_reason"' in event and _FINISH.search(event):
            return True
        return self._style == "other" and bool(_STOP.search(event) or _LAST_TYPE.search(event))

    def _renamed(self, event: bytes) -> bytes:
        """The event with every `model` that names the answer's model replaced."""
        nested = self._style in ("messages", "responses")
        if event.startswith(b"data:") and event.count(b"\n") == 2 and b"\r" not in event:
            span = only_model_span(event)
            return replaced(event, [span] if span else model_spans(event, nested=nested), self._model)
        lines = [m for m in _LINE.finditer(event) if m.group().startswith(b"data:")]
        payload, offsets = b"", []
        for line in lines:
            start = line.start() + 5
            if event[start : start + 1] == b" ":
                start += 1
            offsets.append((len(payload), start))
            payload += event[start : line.end()] + b"\n"
        spans = model_spans(payload, nested=nested)
        placed = [(_place(start, offsets), _place(end, offsets)) for start, end in spans]
        return replaced(event, placed, self._model)


def _is_bare(rest: bytes) -> bool:
    return bool(_BARE.search(rest))


def _is_torn(rest: bytes) -> bool:
    """Whether the host stopped in the middle of an event: its data is neither whole JSON nor [DONE]."""
    lines = [m.group()[5:] for m in _LINE.finditer(rest) if m.group().startswith(b"data:")]
    if not lines or lines == [b" [DONE]"] or lines == [b"[DONE]"]:
        return False
    try:
        msgspec.json.decode(b"\n".join(lines))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return True
    return False


def _place(position: int, offsets: list[tuple[int, int]]) -> int:
    """A position in the joined data lines, as a position in the event. A JSON string never spans two lines."""
    for joined, raw in reversed(offsets):
        if position >= joined:
            return raw + position - joined
    return position
