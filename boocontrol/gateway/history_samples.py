"""Samples of hosts, taken from what the monitor knows anyway, and the checks worth keeping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Final, TypeVar

from boocontrol.core.activity import ActivityRow
from boocontrol.core.api import HealthCheck, Host
from boocontrol.core.history import GpuSample, Sample

T = TypeVar("T")

EVERY_S: Final = 10.0
PER_HOST_S: Final = 2.0
"""A hundred hosts are sampled more rarely: what is kept grows with neither."""
CHECK_EVERY_S: Final = 60.0
BURST: Final = 300
PER_S: Final = 3.0
"""A host changes the models in its memory in seconds; one that tells of thousands floods the history."""
_UP: Final = ("up", "busy", "degraded")


def pause_s(hosts: int) -> float:
    """Seconds between samples of each host."""
    return max(EVERY_S, PER_HOST_S * hosts)


class Sampler:
    """Makes samples; speeds are those of the requests that ended since the last one."""

    def __init__(self) -> None:
        self._speeds: dict[str, list[float]] = {}

    def ended(self, rows: Iterable[ActivityRow]) -> None:
        """Requests ended."""
        for row in rows:
            if row.output_tokens_per_second is not None and row.provider:
                self._speeds.setdefault(row.provider, []).append(row.output_tokens_per_second)

    def sample(self, host: Host, now: float) -> Sample | None:
        """A host as it is now; None while it does not answer."""
        speeds = self._speeds.pop(host.id, None)
        if host.state not in _UP:
            return None
        return Sample(
            at=datetime.fromtimestamp(int(now), UTC),
            cpu_pct=host.cpu.utilisation_pct if host.cpu else None,
            memory_used_mb=host.memory.used_mb if host.memory else None,
            memory_total_mb=host.memory.total_mb if host.memory else None,
            in_flight=float(host.in_flight) if host.tells_requests or host.in_flight else None,
            latency_ms=host.latency_ms,
            output_tokens_per_second=round(median(speeds), 2) if speeds else None,
            gpus=tuple(GpuSample(**gpu.model_dump()) for gpu in host.gpus or ()),
        )


class ChecksToKeep:
    """Every check that brings news is kept, and one a minute of those that do not."""

    def __init__(self) -> None:
        self._last: dict[str, HealthCheck] = {}

    def takes(self, provider: str, check: HealthCheck) -> bool:
        """Whether to keep this one."""
        last = self._last.get(provider)
        same = last is not None and (last.outcome, last.state, last.detail) == (
            check.outcome,
            check.state,
            check.detail,
        )
        if same and last is not None and (check.at - last.at).total_seconds() < CHECK_EVERY_S:
            return False
        self._last[provider] = check
        return True


class Calm:
    """Lets through what a host tells, a burst at once and a few a second after that."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, float]] = {}

    def most(self, provider: str, news: Sequence[T], now: float) -> Sequence[T]:
        """As many of the news, from the first on, as this host may tell now (unix seconds)."""
        if not news:
            return news
        left, at = self._left.get(provider, (float(BURST), now))
        left = min(float(BURST), left + max(0.0, now - at) * PER_S)
        taken = news[: int(left)]
        self._left[provider] = (left - len(taken), now)
        return taken
