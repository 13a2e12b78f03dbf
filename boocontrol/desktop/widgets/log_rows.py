"""Rows of a log: what stands in each column, its colours, and whether it tells of trouble. No Qt widget."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["", "warn", "error", "gap"]

# Longer lines are cut: laying out one of many thousand characters takes longer than a frame.
LONGEST: Final = 8192
TIME: Final = 8
HOST: Final = 10
SOURCE: Final = 12

_SGR: Final = re.compile(r"\x1b\[([0-9:;]{0,64})m")
_QUIET: Final = re.compile(r"^\W{0,3}(?:INFO|DEBUG|TRACE)\b")
_ERROR: Final = re.compile(
    r"\b(?:error|err|fatal|panic|critical|exception|aborted|out of memory|segmentation fault|GGML_ASSERT)\b", re.I
)
_WARN: Final = re.compile(r"\b(?:warn|warning)\b", re.I)
# Trouble is named at the begin of a line, or soon.
_HEAD: Final = 160
_WORD: Final = re.compile(r"^\[(?:INFO|DEBUG|TRACE|WARN|WARNING|ERROR|FATAL)\]")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line in one colour: 0 to 7 as terminals number them, None for the usual one."""

    start: int
    length: int
    color: int | None = None
    bold: bool = False
    dim: bool = False


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line. `serial` grows from row to row."""

    serial: int
    text: str
    time: str = ""
    host: str = ""
    source: str = ""
    level: Level = ""
    spans: tuple[Span, ...] = ()

    @property
    def size(self) -> int:
        """About its bytes."""
        return len(self.text) + 1

    def line(self, *, with_host: bool) -> str:
        """The row as text, in columns of fixed width."""
        return columns(self, with_host=with_host) + self.text


def columns(row: LogRow, *, with_host: bool) -> str:
    """What stands before the text."""
    host = f"{_short(row.host, HOST)}  " if with_host else ""
    return f"{row.time:{TIME}}  {host}{_short(row.source, SOURCE)}  "


def word_length(text: str) -> int:
    """How long the word of the level is at the begin of a line, as in `[WARN]`."""
    found = _WORD.match(text)
    return found.end() if found else 0


def row(serial: int, raw: str, *, time: str = "", host: str = "", source: str = "") -> LogRow:
    """A row from a line as it was written, colours included."""
    text, spans = (raw, ()) if "\x1b" not in raw else plain_and_spans(raw)
    level = level_of(text)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} … (+{len(text) - LONGEST:,})"
    return LogRow(serial, text, time, host, source, level, spans)


def level_of(text: str) -> Level:
    """Whether a line tells of trouble."""
    head = text[:_HEAD]
    if _QUIET.match(head):
        return ""
    if _ERROR.search(head):
        return "error"
    return "warn" if _WARN.search(head) else ""


def plain_and_spans(raw: str) -> tuple[str, tuple[Span, ...]]:
    """A line without its colour sequences, and which parts they coloured."""
    parts: list[str] = []
    spans: list[Span] = []
    start = at = 0
    color, bold, dim = None, False, False
    for found in _SGR.finditer(raw):
        piece = raw[at : found.start()]
        if piece:
            parts.append(piece)
            if (color is not None or bold or dim) and start < LONGEST:
                spans.append(Span(start, len(piece), color, bold, dim))
            start += len(piece)
        color, bold, dim = _after(found.group(1), color, bold, dim)
        at = found.end()
    if piece := raw[at:]:
        parts.append(piece)
        if (color is not None or bold or dim) and start < LONGEST:
            spans.append(Span(start, len(piece), color, bold, dim))
    return "".join(parts), tuple(spans)


def _after(codes: str, color: int | None, bold: bool, dim: bool) -> tuple[int | None, bool, bool]:
    """Colour and weight after a sequence. Colours beyond the sixteen are shown as the usual one."""
    numbers = [int(code) if code else 0 for code in re.split("[;:]", codes)]
    at = 0
    while at < len(numbers):
        code = numbers[at]
        if code == 0:
            color, bold, dim = None, False, False
        elif code in (1, 2, 22):
            bold, dim = code == 1, code == 2
        elif 30 <= code <= 37 or 90 <= code <= 97:
            color = code % 10
        elif code == 39:
            color = None
        elif code in (38, 48):
            few = numbers[at + 1 : at + 3]
            if code == 38:
                color = few[1] % 8 if len(few) == 2 and few[0] == 5 and few[1] < 16 else None
            at += 4 if few[:1] == [2] else 2
        at += 1
    return color, bold, dim


def _short(text: str, width: int) -> str:
    return f"{text:{width}}" if len(text) <= width else f"{text[: width - 1]}…"
