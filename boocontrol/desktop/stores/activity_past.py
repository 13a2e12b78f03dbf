"""Requests that run on hosts and did not come through the gateway, as rows of what runs now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from boocontrol.core.activity import GLANCES, RUNNING, ActivityRow
from boocontrol.core.api import Host

OTHER: Final = "other"
_BETWEEN: Final = "#"


def past_gateway(hosts: Iterable[Host], now: float) -> tuple[ActivityRow, ...]:
    """What hosts tell of, the gateway's own left out. `now` (unix seconds) stands for a beginning that is not told."""
    return tuple(
        ActivityRow(
            id=f"{host.id}{_BETWEEN}{request.id}",
            time=request.since or datetime.fromtimestamp(now, UTC),
            ref=f"{host.id}/{request.model}",
            provider=host.id,
            endpoint=request.path,
            outcome=RUNNING,
            duration_ms=0.0,
            client=OTHER,
            via="host",
        )
        for host in hosts
        for request in host.requests or ()
        if not request.ours and request.path not in GLANCES
    )


def place_of(row_id: str) -> tuple[str, str] | None:
    """The host and its id of such a request; None for one of the gateway's own."""
    host, between, request = row_id.partition(_BETWEEN)
    return (host, request) if between else None
