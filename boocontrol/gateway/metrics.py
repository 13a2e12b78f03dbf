"""GET /metrics: figures for Prometheus, gathered when asked for (prometheus-client, imported then)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from boocontrol.gateway.activity_histograms import Durations
from boocontrol.gateway.state import GatewayState

if TYPE_CHECKING:
    from prometheus_client.core import Metric

Outcomes = Counter[tuple[str, str, str]]


def render(state: GatewayState, outcomes: Outcomes, durations: Durations) -> bytes:
    """All figures in Prometheus' text format."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(state, outcomes, durations))
    return generate_latest(registry)


class _Collector:
    def __init__(self, state: GatewayState, outcomes: Outcomes, durations: Durations) -> None:
        self._state = state
        self._outcomes = outcomes
        self._durations = durations

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

        yield InfoMetricFamily("boocontrol", "This gateway.", value={"version": self._state.version})
        up = GaugeMetricFamily("boocontrol_host_up", "1 while the host takes requests.", labels=["provider", "state"])
        ready = GaugeMetricFamily("boocontrol_models_ready", "Models in memory.", labels=["provider"])
        for provider in self._state.catalog.providers:
            up.add_metric([provider.id, provider.state], float(provider.answers))
            ready.add_metric([provider.id], sum(m.state == "ready" for m in provider.models))
        yield up
        yield ready
        running = GaugeMetricFamily("boocontrol_requests_in_flight", "Requests that run now.", labels=["provider"])
        for provider_id in self._state.registry.by_id:
            running.add_metric([provider_id], self._state.in_flight.count(provider_id))
        yield running
        ended = CounterMetricFamily(
            "boocontrol_requests", "Requests that ended, by outcome.", labels=["provider", "endpoint", "outcome"]
        )
        for labels, count in self._outcomes.items():
            ended.add_metric(list(labels), count)
        yield ended
        yield from self._durations.metrics()
