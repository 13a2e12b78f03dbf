"""Rows of requests as hosts tell them, in every dialect. No I/O; nothing in a row is trusted to have its type."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from boocontrol.core.host_row import HostRow
from boocontrol.core.values import plain

# More than any model can read or write; sums of millions of such requests still fit into a database's numbers.
MOST_TOKENS: Final = 1 << 31


@dataclass(frozen=True, slots=True)
class Rows:
    """What an event told: whole rows (before v236), or the id of a row that is there now."""

    rows: tuple[HostRow, ...] = ()
    newest: int | None = None


def read_rows(entries: Any) -> Rows | None:
    """The rows of a `metrics` event, or of an `activity` event its id; None of nothing."""
    if isinstance(entries, dict):
        number = _whole(entries.get("id"))
        return None if number is None else Rows(newest=number)
    rows = tuple(row for entry in entries if (row := read_row(entry))) if isinstance(entries, list) else ()
    return Rows(rows) if rows else None


def read_row(entry: Any) -> HostRow | None:
    """One entry of any dialect: of v236 on, or flat as before. None for what is none."""
    if not isinstance(entry, dict) or (number := _whole(entry.get("id"))) is None:
        return None
    told = entry.get("tokens")
    tokens = told if isinstance(told, dict) else entry
    read, output = _tokens(tokens.get("input_tokens")), _tokens(tokens.get("output_tokens"))
    cached = _tokens(tokens.get("cache_tokens"))
    if not read and not output and not cached:
        read = output = cached = None  # all zero: it was cut, or told nothing
    return HostRow(
        id=number,
        ended=_time(entry.get("timestamp")),
        model=_text(entry.get("model")),
        path=path_of(_text(entry.get("req_path"))),
        status=_whole(entry.get("resp_status_code")) or None,
        content_type=_text(entry.get("resp_content_type")),
        duration_ms=_speed(entry.get("duration_ms")) or 0.0,
        prompt_tokens=None if read is None else read + (cached or 0),
        output_tokens=output,
        cached_tokens=cached,
        prompt_speed=_speed(tokens.get("prompt_per_second")),
        output_speed=_speed(tokens.get("tokens_per_second")),
        error=_text(entry.get("error_msg")),
    )


def path_of(target: str) -> str:
    """A path without its query, where some programs put a key."""
    return target.partition("?")[0]


def _tokens(value: Any) -> int | None:
    count = _whole(value)
    return None if count is None or count > MOST_TOKENS else count


def _whole(value: Any) -> int | None:
    """A count; hosts say -1 for what they do not know."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1 << 53:
        return None
    return int(value)


def _speed(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e12:
        return None
    return round(float(value), 2) if math.isfinite(value) else None


def _text(value: Any) -> str:
    return plain(value[:1024]).strip() if isinstance(value, str) else ""


def _time(value: Any) -> datetime:
    """A time; the beginning of time for what is none, so that the same row stays the same."""
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return datetime(1970, 1, 1, tzinfo=UTC)
