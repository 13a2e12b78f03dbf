"""How a Go program writes JSON, dates and durations. Pure functions."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

_ESCAPES = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
)


def go_json(value: Any) -> str:
    """As encoding/json writes it: compact, HTML escaped, other characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def plain_json(value: Any) -> bytes:
    """As llama.cpp writes it: compact, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def http_date() -> str:
    return formatdate(usegmt=True)


def nano_time() -> str:
    """RFC 3339 in UTC with nine decimals."""
    now = time.time_ns()
    seconds, nanos = divmod(now, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{nanos:09d}Z"


def second_time(at: float) -> str:
    """RFC 3339 in UTC, whole seconds. `at` is seconds since 1970."""
    return f"{datetime.fromtimestamp(int(at), UTC):%Y-%m-%dT%H:%M:%S}Z"


def parse_time(text: str) -> float | None:
    """Seconds since 1970, or None when it is no RFC 3339 time with a zone."""
    if "T" not in text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.timestamp() if when.tzinfo else None


def go_duration(seconds: float) -> str:
    """As time.Duration prints itself: 87.971µs, 2.85ms, 1.5s."""
    if seconds < 0.001:
        return f"{_trim(seconds * 1e6, 3)}µs"
    if seconds < 1:
        return f"{_trim(seconds * 1e3, 6)}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}m{_trim(rest, 9)}s" if minutes else f"{_trim(rest, 9)}s"


def _trim(number: float, decimals: int) -> str:
    return f"{number:.{decimals}f}".rstrip("0").rstrip(".")


def canonical(name: str) -> str:
    """A header name as Go keeps it: X-Api-Key."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))
