"""A host's log as it comes in bytes, cut into whole clean lines. No I/O, no clock.

llama-swap sends what it has kept (about 100 KiB), then what is written, in pieces that begin and end anywhere, in the
middle of a character too.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# A line longer than this is cut; some programs print whole prompts.
LONGEST_LINE: Final = 64 * 1024
# Whole lines go on in parts of about this size, so that nothing holds up the event loop for long.
BATCH: Final = 16 * 1024
# Enough of a log to find the place again after a connection was lost.
TAIL: Final = 2048

_DROPPED: Final = re.compile(r"[\u2014\u2013-]+ ?([\d,. ]{1,20}) ?bytes dropped ?[\u2014\u2013-]+")
# Terminal sequences other than colours: cursor movement, titles, links, character sets.
_STEERING: Final = re.compile(
    r"\x1b\[[0-9:;<=>?]{0,64}[ -/]{0,8}(?!m)[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)?"
    r"|\x1b(?!\[[0-9:;]{0,64}m)[ -/]{0,8}[0-~]?"
)
# Control characters but tab, line feed and escape; marks that turn the direction of text around.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_OVERWRITTEN: Final = re.compile(r"[^\r\n]*\r(?=[^\r\n])")


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines, parted by line feeds, without the last one."""

    text: str


@dataclass(frozen=True, slots=True)
class Lost:
    """So many bytes are missing here, and why: words that go on after "N bytes"."""

    bytes: int
    why: str


class LineCutter:
    """Takes pieces of bytes, gives whole lines. What is begun and not ended is held, up to LONGEST_LINE."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._skipped = 0  # characters of a line that is too long, beyond its beginning
        self._cut = False

    def feed(self, piece: bytes) -> Iterator[Lines | Lost]:
        """The lines that this piece completes."""
        text = self._decoder.decode(piece)
        end = text.rfind("\n")
        if end < 0:
            self._hold(text)
            return
        whole, rest = text[: end + 1], text[end + 1 :]
        if self._cut:
            yield from self._end_of_long(whole.partition("\n")[0])
            whole = whole.partition("\n")[2]
        else:
            whole, self._rest = self._rest + whole, ""
        yield from batches(whole)
        self._hold(rest)

    def drop(self) -> int:
        """Forget what was begun: what comes next does not go on there. How much that was."""
        gone = len(self._rest) + self._skipped
        self._decoder.reset()
        self._rest, self._skipped, self._cut = "", 0, False
        return gone

    def close(self) -> Iterator[Lines | Lost]:
        """What was begun and will never be ended."""
        self._hold(self._decoder.decode(b"", final=True))
        rest, self._rest = self._rest, ""
        if self._cut:
            self._rest = rest
            yield from self._end_of_long("")
        elif rest:
            yield from batches(rest + "\n")

    def _hold(self, text: str) -> None:
        if self._cut:
            self._skipped += len(text)
            return
        self._rest += text
        if len(self._rest) > LONGEST_LINE:
            self._skipped = len(self._rest) - LONGEST_LINE
            self._rest, self._cut = self._rest[:LONGEST_LINE], True

    def _end_of_long(self, last: str) -> Iterator[Lines | Lost]:
        text, lost = self._rest, self._skipped + len(last)
        self._rest, self._skipped, self._cut = "", 0, False
        yield from _cleaned(text + "\n")
        yield too_long(lost)


def too_long(count: int) -> Lost:
    """The end of a line that was cut."""
    return Lost(count, "cut off: the line is too long")


def batches(whole: str) -> Iterator[Lines | Lost]:
    """Whole lines, each with its line feed, in parts of a size that is quickly worked on."""
    start = 0
    while start < len(whole):
        end = whole.rfind("\n", start, start + BATCH) + 1
        if end <= start:  # one line longer than a batch
            end = whole.index("\n", start) + 1
        part = whole[start:end]
        start = end
        if len(part) > LONGEST_LINE + 1:
            yield from _cleaned(part[:LONGEST_LINE] + "\n")
            yield too_long(len(part) - 1 - LONGEST_LINE)
        else:
            yield from _cleaned(part)


def _cleaned(part: str) -> Iterator[Lines | Lost]:
    """Without what steers a terminal; marks of the host that it dropped something become that."""
    text = clean(part).removesuffix("\n")
    if "bytes dropped" not in text:
        yield Lines(text)
        return
    start = 0
    for found in _DROPPED.finditer(text):
        before = text[start : found.start()].strip("\n")
        if before:
            yield Lines(before)
        yield Lost(int(re.sub(r"\D", "", found.group(1)) or 0), "dropped by the host")
        start = found.end()
    if rest := text[start:].strip("\n"):
        yield Lines(rest)


def clean(text: str) -> str:
    """Text whose only control characters are tabs, line feeds and colour sequences; of a line that was written over
    and over, as progress is, the last state."""
    if "\r" in text:
        text = _OVERWRITTEN.sub("", text.replace("\r\n", "\n"))
    if "\x1b" in text:
        text = _STEERING.sub("", text)
    return _CONTROL.sub("", text)


class Place:
    """Remembers the end of what was read, to find it again in what a host has kept."""

    def __init__(self) -> None:
        self._tail = b""

    @property
    def known(self) -> bool:
        """Whether anything was read before."""
        return bool(self._tail)

    def read(self, piece: bytes) -> None:
        """This was read."""
        self._tail = (self._tail + piece)[-TAIL:]

    def forget(self) -> None:
        """Begin anew."""
        self._tail = b""

    def after(self, kept: bytes) -> bytes | None:
        """What in `kept` comes after the place; None when it is not in there."""
        at = kept.rfind(self._tail) if self._tail else -1
        return None if at < 0 else kept[at + len(self._tail) :]
