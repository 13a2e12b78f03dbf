"""How long requests took, in the buckets that Prometheus reads. Counting costs a search in a short list."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from prometheus_client.core import Metric

BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)

Labels = tuple[str, str]
"""Provider and endpoint."""


@dataclass
class Histogram:
    """One figure, by provider and endpoint."""

    name: str
    text: str
    _counts: dict[Labels, list[int]] = field(default_factory=dict)
    _sums: dict[Labels, float] = field(default_factory=dict)

    def add(self, labels: Labels, seconds: float) -> None:
        """Count one request."""
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(BUCKETS) + 1)
            self._sums[labels] = 0.0
        counts[bisect_left(BUCKETS, seconds)] += 1
        self._sums[labels] += seconds

    def metric(self) -> Metric:
        """The histogram as prometheus-client writes it."""
        from prometheus_client.core import HistogramMetricFamily

        made = HistogramMetricFamily(self.name, self.text, labels=["provider", "endpoint"])
        for labels, counts in self._counts.items():
            total, buckets = 0, []
            for bound, count in zip([*map(str, BUCKETS), "+Inf"], counts, strict=True):
                total += count
                buckets.append((bound, float(total)))
            made.add_metric(list(labels), buckets, self._sums[labels])
        return made


class Durations:
    """Duration of every request, and time to first token of those that streamed one."""

    def __init__(self) -> None:
        self._duration = Histogram("boocontrol_request_duration_seconds", "From the request to the answer's end.")
        self._ttft = Histogram("boocontrol_time_to_first_token_seconds", "From the request to a stream's first token.")

    def add(self, provider: str, endpoint: str, seconds: float, ttft_s: float | None) -> None:
        """Count one request that ended."""
        self._duration.add((provider, endpoint), seconds)
        if ttft_s is not None:
            self._ttft.add((provider, endpoint), ttft_s)

    def metrics(self) -> Iterator[Metric]:
        """Both histograms."""
        yield self._duration.metric()
        yield self._ttft.metric()
