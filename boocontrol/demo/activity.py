"""The request history: rows, what was captured, and the sums over them."""

from __future__ import annotations

import base64
import time
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from boocontrol.demo.formats import second_time
from boocontrol.demo.inflight import header_map
from boocontrol.demo.wire import Request

ROW_LIMIT = 1000


@dataclass(frozen=True)
class Tokens:
    """-1 is unknown; all zero is a request that failed or was cut."""

    cache: int = 0
    draft: int = 0
    draft_accepted: int = 0
    input: int = 0
    output: int = 0
    prompt_speed: float = 0
    gen_speed: float = 0

    def shown(self) -> dict[str, Any]:
        return {
            "cache_tokens": self.cache,
            "draft_tokens": self.draft,
            "draft_acc_tokens": self.draft_accepted,
            "input_tokens": self.input,
            "output_tokens": self.output,
            "prompt_per_second": number(self.prompt_speed),
            "tokens_per_second": number(self.gen_speed),
        }


@dataclass(frozen=True)
class Row:
    """One finished request."""

    id: int
    at: float  # seconds since 1970
    model: str
    path: str
    content_type: str
    status: int
    tokens: Tokens
    duration_ms: int
    has_capture: bool
    error: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """As /api/metrics/activity gives it (v236 on)."""
        row: dict[str, Any] = {
            "id": self.id,
            "timestamp": second_time(self.at),
            "model": self.model,
            "req_path": self.path,
            "resp_content_type": self.content_type,
            "resp_status_code": self.status,
            "tokens": self.tokens.shown(),
            "duration_ms": self.duration_ms,
            "has_capture": self.has_capture,
        }
        if self.error:
            row["error_msg"] = self.error
        if self.metadata:
            row["metadata"] = self.metadata
        return row

    def flat(self) -> dict[str, Any]:
        """As /api/metrics and the `metrics` message gave it (v140 to v235)."""
        tokens = self.tokens.shown()
        del tokens["draft_tokens"], tokens["draft_acc_tokens"]
        shown = {"id": self.id, "timestamp": second_time(self.at), "model": self.model}
        return {
            **shown,
            **tokens,
            "duration_ms": self.duration_ms,
            "has_capture": self.has_capture,
        }


@dataclass(frozen=True)
class Capture:
    """What was asked and answered, kept with a row."""

    request: Request
    path: str
    resp_headers: dict[str, str]
    resp_body: bytes

    def shown(self, row_id: int) -> dict[str, Any]:
        return {
            "id": row_id,
            "req_path": self.path,
            "req_headers": header_map(self.request.headers),
            "req_body": base64.b64encode(self.request.body).decode(),
            "resp_headers": self.resp_headers,
            "resp_body": base64.b64encode(self.resp_body).decode(),
        }

    @property
    def size(self) -> int:
        return len(self.request.body) + len(self.resp_body)


class Activity:
    """Rows outlive a reload; ids count on."""

    def __init__(self, capture_bytes: int) -> None:
        self.rows: deque[Row] = deque(maxlen=ROW_LIMIT)
        self._captures: OrderedDict[int, Capture] = OrderedDict()
        self._room = capture_bytes
        self._last_id = 0

    def add(self, capture: Capture | None, **fields: Any) -> Row:
        self._last_id += 1
        row = Row(id=self._last_id, at=time.time(), has_capture=capture is not None, **fields)
        self.rows.append(row)
        if capture is not None:
            self._captures[row.id] = capture
            while sum(kept.size for kept in self._captures.values()) > self._room:
                self._captures.popitem(last=False)
        return row

    def capture(self, row_id: int) -> dict[str, Any] | None:
        found = self._captures.get(row_id)
        return found.shown(row_id) if found else None

    def reset(self) -> None:
        self.rows.clear()
        self._captures.clear()
        self._last_id = 0


def stats(rows: Iterable[Row]) -> dict[str, Any]:
    kept = list(rows)
    return {
        "total_requests": len(kept),
        "total_input_tokens": sum(max(row.tokens.input, 0) for row in kept),
        "total_output_tokens": sum(max(row.tokens.output, 0) for row in kept),
        "total_cache_tokens": sum(max(row.tokens.cache, 0) for row in kept),
        "prompt_histogram": _histogram([row.tokens.prompt_speed for row in kept]),
        "gen_histogram": _histogram([row.tokens.gen_speed for row in kept]),
    }


def number(value: float) -> float:
    """A whole number is written without a point."""
    return int(value) if value == int(value) else value


def _histogram(speeds: list[float]) -> dict[str, Any] | None:
    known = sorted(speed for speed in speeds if speed > 0)
    if not known:
        return None
    low, high = known[0], known[-1]
    count = 1 if low == high else 10
    size = (high - low) / count
    bins = [0] * count
    for speed in known:
        bins[min(int((speed - low) / size), count - 1) if size else 0] += 1
    picks = {f"p{p}": number(known[min(int(len(known) * p / 100), len(known) - 1)]) for p in _P}
    return {"bins": bins, "min": number(low), "max": number(high), "binSize": number(size), **picks}


_P = (50, 95, 99)
