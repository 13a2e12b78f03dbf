"""Questions to the request history: filters, order and pages of /api/metrics/activity."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from boocontrol.demo.activity import Row
from boocontrol.demo.errors import Refusal
from boocontrol.demo.formats import parse_time
from boocontrol.demo.wire import Request

_ORDER: dict[str, Callable[[Row], Any]] = {
    "id": lambda row: row.id,
    "time": lambda row: row.at,
    "model": lambda row: row.model,
    "req_path": lambda row: row.path,
    "resp_status_code": lambda row: row.status,
    "resp_content_type": lambda row: row.content_type,
    "cached": lambda row: row.tokens.cache,
    "prompt": lambda row: row.tokens.input,
    "generated": lambda row: row.tokens.output,
    "drafted": lambda row: row.tokens.draft,
    "prompt_speed": lambda row: row.tokens.prompt_speed,
    "gen_speed": lambda row: row.tokens.gen_speed,
    "duration": lambda row: row.duration_ms,
}


def page_of(rows: Iterable[Row], request: Request) -> dict[str, Any]:
    """The answer as a value. Raises Refusal (400) on a bad parameter."""
    limit = _limit(request)
    page = _at_least_one(request, "page") or 1
    order, descending = _sorting(request)
    found = sorted(_filtered(rows, request), key=order, reverse=descending)
    start = (page - 1) * limit
    return {
        "data": [row.shown() for row in found[start : start + limit]],
        "page": page,
        "limit": limit,
        "total": len(found),
        "total_pages": -(-len(found) // limit),
    }


def _filtered(rows: Iterable[Row], request: Request) -> list[Row]:
    low, high = _at_least_one(request, "min_id"), _at_least_one(request, "max_id")
    start, end = _when(request, "start"), _when(request, "end")
    model = request.query("model")
    return [
        row
        for row in rows
        if (not model or row.model == model)
        and (low is None or row.id >= low)
        and (high is None or row.id <= high)
        and (start is None or row.at >= start)
        and (end is None or row.at <= end)
    ]


def _sorting(request: Request) -> tuple[Callable[[Row], Any], bool]:
    column = request.query("sort") or "id"
    if column not in _ORDER:
        raise Refusal(400, "invalid sort column")
    direction = request.query("order") or "desc"
    if direction not in ("asc", "desc"):
        raise Refusal(400, "order must be asc or desc")
    return _ORDER[column], direction == "desc"


def _limit(request: Request) -> int:
    text = request.query("limit")
    if not text:
        return 25
    try:
        limit = int(text)
    except ValueError:
        raise Refusal(400, "invalid limit") from None
    if not 1 <= limit <= 999:
        raise Refusal(400, "limit must be between 1 and 999")
    return limit


def _at_least_one(request: Request, name: str) -> int | None:
    text = request.query(name)
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise Refusal(400, f"{name} must be >= 1")
    return int(text)


def _when(request: Request, name: str) -> float | None:
    text = request.query(name)
    if not text:
        return None
    at = parse_time(text)
    if at is None:
        raise Refusal(400, f"invalid '{name}' timestamp, use RFC3339 format")
    return at
