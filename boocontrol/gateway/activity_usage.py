"""Token counts and speeds out of an answer: OpenAI, Anthropic and Responses `usage`, and llama.cpp's `timings`.

On the hot path an event is only searched for two words and kept by reference; what was kept is read once, at the end.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final

import msgspec

WHOLE: Final = 64 << 10
"""Up to this size a plain answer is read as a whole; of a larger one only the ends are searched."""
_ENDS: Final = 16 << 10
_LARGEST: Final = 1 << 31
"""More than any model can read or write; sums of millions of such requests still fit into a database's numbers."""

_DATA: Final = re.compile(rb"^data: ?(.*?)\r?$", re.MULTILINE)
_USAGE: Final = re.compile(rb'"usage"\s*:\s*(?=\{)')
_TIMINGS: Final = re.compile(rb'"timings"\s*:\s*(?=\{)')


class _Top(msgspec.Struct):
    """The members of an answer or event that count; the rest is skipped over."""

    usage: Any = None
    timings: Any = None
    response: msgspec.Raw = msgspec.Raw(b"")
    message: msgspec.Raw = msgspec.Raw(b"")


_top = msgspec.json.Decoder(_Top)
Json = dict[str, Any]


@dataclass(slots=True)
class Usage:
    """What an answer told of itself; None is what it did not tell. Prompt tokens include those from the cache."""

    prompt: int | None = None
    output: int | None = None
    cached: int | None = None
    prompt_speed: float | None = None
    output_speed: float | None = None


class UsageWatch:
    """Keeps what may hold figures: of a stream its first and last usage and last timings, of a plain answer itself."""

    __slots__ = ("_first", "_last", "_timings")

    def __init__(self) -> None:
        self._first = b""
        self._last = b""
        self._timings = b""

    def event(self, event: bytes) -> None:
        """One event of a stream that holds one of the two words."""
        if _USAGE.search(event):
            self._last = event
            self._first = self._first or event
        if b'"timings"' in event:
            self._timings = event

    def plain(self, body: bytes) -> None:
        """A whole JSON answer."""
        if len(body) <= WHOLE:
            self._last = body if b'"usage"' in body or b'"timings"' in body else b""
            return
        # Embeddings of llama.cpp tell usage first and all other answers last; megabytes lie between.
        for end in (body[:_ENDS], body[-_ENDS:]):
            self._last = _object_at(_USAGE, end) or self._last
            self._timings = _object_at(_TIMINGS, end) or self._timings

    def read(self) -> Usage:
        """The figures in what was kept. Never raises: what cannot be read tells nothing."""
        usage: Json = {}
        timings: Json = {}
        for kept in dict.fromkeys((self._first, self._last, self._timings)):
            found, timed = _members(kept)
            usage |= {k: v for k, v in found.items() if v is not None}
            timings |= timed
        return _figures(usage, timings)


def _members(text: bytes) -> tuple[Json, Json]:
    """`usage` and `timings` of one event or answer, also inside `response` (Responses) and `message` (Anthropic)."""
    if not text:
        return {}, {}
    if text[:1] != b"{":
        text = b"\n".join(_DATA.findall(text))
    try:
        top = _top.decode(text)
        for inner in (bytes(top.response), bytes(top.message)):
            if top.usage is None and inner[:1] == b"{":
                top.usage = _top.decode(inner).usage
    except (msgspec.DecodeError, RecursionError):
        return {}, {}
    return (
        top.usage if isinstance(top.usage, dict) else {},
        top.timings if isinstance(top.timings, dict) else {},
    )


def _object_at(name: re.Pattern[bytes], text: bytes) -> bytes:
    """The last such member in a piece of a JSON text, as an object of its own; empty when there is none."""
    from json import JSONDecoder

    members = list(name.finditer(text))
    if not members:
        return b""
    found = members[-1]
    rest = text[found.end() :].decode("utf-8", "replace")
    try:
        _, end = JSONDecoder().raw_decode(rest)
    except (ValueError, RecursionError):
        return b""
    return b"{" + found.group() + rest[:end].encode() + b"}"


def _figures(usage: Json, timings: Json) -> Usage:
    prompt = _first(usage, "prompt_tokens", "input_tokens")
    cached = _first(usage, "cache_read_input_tokens", "cached_tokens")
    if "cache_read_input_tokens" in usage and prompt is not None:
        # Anthropic counts what came from the cache beside the input, all others within it.
        prompt += (cached or 0) + (_count(usage.get("cache_creation_input_tokens")) or 0)
    for details in (usage.get("prompt_tokens_details"), usage.get("input_tokens_details")):
        if cached is None and isinstance(details, dict):
            cached = _count(details.get("cached_tokens"))
    read, reused = _count(timings.get("prompt_n")), _count(timings.get("cache_n"))
    if prompt is None and read is not None:
        prompt = read + (reused or 0)
    output = _first(usage, "completion_tokens", "output_tokens")
    return Usage(
        prompt=prompt,
        output=_count(timings.get("predicted_n")) if output is None else output,
        cached=reused if cached is None else cached,
        prompt_speed=_speed(timings.get("prompt_per_second")),
        output_speed=_speed(timings.get("predicted_per_second")),
    )


def _first(of: Json, *names: str) -> int | None:
    return next((n for n in (_count(of.get(name)) for name in names) if n is not None), None)


def _count(value: object) -> int | None:
    """A token count; llama.cpp says -1 for what it does not know."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= _LARGEST:
        return None
    return int(value)


def _speed(value: object) -> float | None:
    """Tokens per second. A server that measured no time at all says nonsense, or nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e7:
        return None
    return round(float(value), 2) if math.isfinite(value) else None
