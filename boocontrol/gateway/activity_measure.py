"""What is measured of one request while it runs, and the row that this makes.

The path of a request only reads clocks, counts and keeps references; texts and figures are worked out for the row.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from boocontrol.core.activity import RUNNING, ActivityRow
from boocontrol.core.values import plain
from boocontrol.gateway.activity_agent import agent_of
from boocontrol.gateway.activity_usage import Usage, UsageWatch

_NAMES: Final = {
    "request_cancelled": "cancelled",
    "upstream_stream_interrupted": "cut",
    "model_unloaded": "cut",
}
_SHORTEST_S: Final = 0.2
"""Tokens that came within less than this were not generated then: no speed is told."""
_LONGEST: Final = 200
_LONGEST_REF: Final = 512


class Measure:
    """Begins when the request comes in. `first` is when the first token came, on the same clock as `began`."""

    __slots__ = (
        "began",
        "bytes_received",
        "bytes_sent",
        "client",
        "ended_by",
        "first",
        "pieces",
        "program",
        "requested",
        "session",
        "streamed",
        "time",
        "usage",
    )

    def __init__(self) -> None:
        self.time = time.time()
        self.began = time.perf_counter()
        self.first: float | None = None
        self.pieces = 0
        self.bytes_sent = 0
        self.bytes_received = 0
        self.streamed = False
        self.requested = ""
        self.client = b""
        self.program = b""
        self.session = b""
        self.ended_by = ""
        self.usage = UsageWatch()

    def asked_by(self, headers: dict[bytes, bytes]) -> None:
        """Who asks, by the request's headers."""
        self.program = headers.get(b"user-agent", b"")
        self.client = headers.get(b"x-boo-source") or self.program
        self.session = headers.get(b"x-session-id") or headers.get(b"x-session-affinity", b"")

    def token(self) -> None:
        """The first token came."""
        self.first = time.perf_counter()

    def seconds(self) -> float:
        """How long it has been."""
        return time.perf_counter() - self.began

    @property
    def ttft_s(self) -> float | None:
        """Time to the first token, None as long as there was none."""
        return None if self.first is None else self.first - self.began


@dataclass(frozen=True, slots=True)
class Ended:
    """A request that ended, or the state of one that runs: all that its row is made of."""

    measure: Measure
    id: str
    ref: str
    provider: str
    endpoint: str
    status: int
    outcome: str
    seconds: float

    def row(self) -> ActivityRow:
        """The request as it is kept and shown."""
        measure, usage = self.measure, self._usage()
        requested = plain(measure.requested[:_LONGEST_REF])
        ttft = measure.ttft_s
        return ActivityRow(
            id=self.id,
            time=datetime.fromtimestamp(measure.time, UTC),
            ref=plain(self.ref[:_LONGEST_REF]) or requested,
            requested=requested,
            provider=self.provider,
            endpoint=self.endpoint,
            status=self.status or None,
            outcome=_NAMES.get(self.outcome, self.outcome),
            streamed=measure.streamed,
            ttft_ms=None if ttft is None else round(ttft * 1000, 1),
            duration_ms=round(self.seconds * 1000, 1),
            prompt_tokens=usage.prompt,
            output_tokens=usage.output,
            cached_tokens=usage.cached,
            prompt_tokens_per_second=usage.prompt_speed,
            output_tokens_per_second=usage.output_speed,
            bytes_sent=measure.bytes_sent,
            bytes_received=measure.bytes_received,
            client=(client := text_of(measure.client)),
            agent=agent_of(client) or agent_of(text_of(measure.program)),
            session=text_of(measure.session),
            ended_by=plain(measure.ended_by)[:_LONGEST],
        )

    def _usage(self) -> Usage:
        """What the answer told; where it told no speed, that of the stream as it came.

        Of one that runs nothing was told yet: its events are about as many as its tokens.
        """
        running, first = self.outcome == RUNNING, self.measure.ttft_s
        usage = Usage(output=self.measure.pieces or None) if running else self.measure.usage.read()
        if usage.output_speed is None and usage.output and usage.output > 1 and first is not None:
            generating = self.seconds - first
            if generating >= _SHORTEST_S:
                usage.output_speed = round((usage.output - 1) / generating, 2)
        return usage


def text_of(header: bytes) -> str:
    """A header's value as it may be shown."""
    return plain(header.decode("latin-1"))[:_LONGEST]
