"""What hosts measured of themselves over the last minutes: asked once for a host that is looked at, then told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal

from boocontrol.client import GatewayClient
from boocontrol.core.api import Host
from boocontrol.core.history import GpuSample, Sample
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.tasks import spawn

MOST: Final = 120
SPAN_S: Final = 600.0


class SamplesStore(QObject):
    """`of(host)` are its samples of the last ten minutes, oldest first, at most 120. `changed` tells the host."""

    changed = Signal(str)

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples: dict[str, tuple[Sample, ...]] = {}
        self._connection = connection
        self._asked_of: dict[str, GatewayClient] = {}
        connection.heard.connect(self._on_event)

    def of(self, host_id: str) -> tuple[Sample, ...]:
        """The samples of a host as far as known."""
        return self._samples.get(host_id, ())

    def want(self, host_id: str) -> None:
        """It is looked at: ask once in each connection, and keep what is told from now on. Fails in silence."""
        self._samples.setdefault(host_id, ())
        client = self._connection.client
        if client is None or self._asked_of.get(host_id) is client:
            return
        self._asked_of[host_id] = client
        since = datetime.fromtimestamp(self._connection.now() - SPAN_S, UTC)

        async def ask() -> None:
            told = await client.samples(host_id, since=since, points=MOST)
            known = {sample.at: sample for sample in (*told.samples, *self.of(host_id))}
            self.take(host_id, (known[at] for at in sorted(known)))

        spawn(self, ask(), lambda _error: None)

    def take(self, host_id: str, samples: Iterable[Sample]) -> None:
        """These are the samples of a host."""
        kept = list(samples)[-MOST:]
        if kept:
            oldest = kept[-1].at - timedelta(seconds=SPAN_S)
            kept = [sample for sample in kept if sample.at >= oldest]
        self._samples[host_id] = tuple(kept)
        self.changed.emit(host_id)

    def _on_event(self, kind: str, value: object) -> None:
        # Of the others they are asked for when they are looked at: kept for a hundred hosts they take 30 MB.
        if kind == "host" and isinstance(value, Host) and value.id in self._samples and value.as_of is not None:
            known = self.of(value.id)
            sample = sample_of(value, value.as_of)
            if not known or sample.at > known[-1].at:
                self.take(value.id, (*known, sample))


def sample_of(host: Host, at: datetime) -> Sample:
    """A host as it is, as a sample."""
    return Sample(
        at=at,
        cpu_pct=host.cpu.utilisation_pct if host.cpu else None,
        memory_used_mb=host.memory.used_mb if host.memory else None,
        memory_total_mb=host.memory.total_mb if host.memory else None,
        in_flight=host.in_flight if host.tells_requests or host.in_flight else None,
        latency_ms=host.latency_ms,
        gpus=tuple(GpuSample(**gpu.model_dump()) for gpu in host.gpus or ()),
    )
