"""The frames of llama-swap's event stream, cut from its bytes: bounded, and logs thrown away unread.

httpx-sse cuts lines of any length and decodes each of them; a host sends its whole log, a hundred KiB and more, in
one line, and nobody here reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

LONGEST: Final = 4 * 1024 * 1024
# Enough of a line to tell what it is.
HEAD: Final = 64
_LOG: Final = (b'data:{"type":"logData"', b'data: {"type":"logData"')


class Frame(msgspec.Struct, frozen=True):
    """One message: its type, and its data, which is JSON text once more."""

    type: str
    data: str = ""


class Frames:
    """Cuts frames from pieces of any size. `lost` counts what was too long or no message."""

    def __init__(self) -> None:
        self.lost = 0
        self._line = bytearray()
        self._skipping = False
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> Iterator[Frame]:
        """The frames that this piece completes."""
        start = 0
        while (end := piece.find(b"\n", start)) >= 0:
            if (frame := self._ended(piece[start:end])) is not None:
                yield frame
            start = end + 1
        self._keep(piece[start:])

    def _keep(self, part: bytes) -> None:
        """Part of a line that goes on in the next piece."""
        if self._skipping:
            return
        self._line += part
        if _is_log(self._line):
            self._skip()
        elif len(self._line) > LONGEST:
            self.lost += 1
            self._skip()

    def _skip(self) -> None:
        self._line.clear()
        self._skipping = True

    def _ended(self, part: bytes) -> Frame | None:
        if self._skipping:
            self._skipping = False
            return None
        line = bytes(self._line + part) if self._line else part
        self._line.clear()
        if not line or line == b"\r":
            return self._dispatch()
        if line.startswith(b"data:") and not _is_log(line):
            self._data.append(line[5:].strip())
            self._size += len(line)
            if self._size > LONGEST:  # lines without an end of the message
                self.lost += 1
                self._data, self._size = [], 0
        return None

    def _dispatch(self) -> Frame | None:
        if not self._data:
            return None
        text = b"\n".join(self._data)
        self._data, self._size = [], 0
        try:
            return msgspec.json.decode(text, type=Frame)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self.lost += 1
            return None


def _is_log(line: bytes | bytearray) -> bool:
    return line[:HEAD].startswith(_LOG)
