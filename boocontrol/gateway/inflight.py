"""Requests that run through this gateway now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from boocontrol.core.activity import RUNNING, ActivityRow
from boocontrol.core.api import RequestInFlight
from boocontrol.gateway.activity_measure import Ended, Measure


@dataclass(frozen=True, slots=True)
class Running:
    """One request in flight. Times are unix seconds; `cancel(why, by)` ends it.

    `blame(by)` says who is about to cut it on its host, "" that nobody is: its client is then told so.
    """

    id: str
    ref: str
    provider: str
    wire_id: str
    endpoint: str
    client: str
    started_at: float
    cancel: Callable[..., object]
    measure: Measure = field(default_factory=Measure)
    blame: Callable[[str], object] = lambda by: None

    def shown(self) -> RequestInFlight:
        """The request as the control API tells it."""
        return RequestInFlight(
            id=self.id,
            ref=self.ref,
            provider=self.provider,
            endpoint=self.endpoint,
            client=self.client,
            started_at=datetime.fromtimestamp(self.started_at, UTC),
        )

    def row(self) -> ActivityRow:
        """The request as it stands now, as a row of the activity."""
        seconds = self.measure.seconds()
        return Ended(self.measure, self.id, self.ref, self.provider, self.endpoint, 0, RUNNING, seconds).row()


class InFlight:
    """The set of running requests, by id."""

    def __init__(self) -> None:
        self._running: dict[str, Running] = {}
        self._by_provider: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._running)

    def __iter__(self) -> Iterator[Running]:
        return iter(tuple(self._running.values()))

    def get(self, request_id: str) -> Running | None:
        """The request of this id, None when it does not run."""
        return self._running.get(request_id)

    def count(self, provider: str) -> int:
        """How many requests run on one provider."""
        return self._by_provider.get(provider, 0)

    @contextmanager
    def hold(self, running: Running) -> Iterator[None]:
        """The request counts as running inside this block."""
        self._running[running.id] = running
        self._by_provider[running.provider] = self.count(running.provider) + 1
        try:
            yield
        finally:
            del self._running[running.id]
            self._by_provider[running.provider] -= 1
