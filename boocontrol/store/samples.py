"""Samples of hosts: as measured for some days, and as means over ever longer spans. Blocking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Column, Connection, delete, func, insert, select

from boocontrol.core.history import GpuSample, Sample
from boocontrol.store.database import Database
from boocontrol.store.schema import host_samples
from boocontrol.store.wanted import micros, moment

SPANS: Final = (300, 3600, 86_400)
_FIGURES: Final = (
    "cpu_pct",
    "memory_used_mb",
    "memory_total_mb",
    "in_flight",
    "latency_ms",
    "output_tokens_per_second",
)
_GPU: Final = ("memory_used_mb", "memory_total_mb", "utilisation_pct", "temperature_c", "power_w")
SECOND: Final = 1_000_000
_MOST_READ: Final = 20_000
MOST_GPUS: Final = 64
"""A host that calls its GPUs otherwise each time makes no mean longer than this."""

Counted = tuple[Sample, int]
"""A mean, and of how many measurements it is one."""


class SamplesTable:
    """Samples of one database. Every call blocks and may raise BooError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, provider: str, samples: Sequence[Sample]) -> None:
        """Store measurements; one of a second that is there already replaces nothing."""
        with self._database.writing() as connection:
            fresh = [s for s in _by_second(samples) if not _there(connection, provider, s)]
            for sample in fresh:
                _put(connection, provider, 0, _second(sample), sample, 1)
            for span in SPANS:
                groups: dict[int, list[Counted]] = {}
                for sample in fresh:
                    groups.setdefault(_second(sample) // span * span, []).append((sample, 1))
                for start, group in groups.items():
                    merged, count = mean([*_read(connection, provider, span, start, start + 1), *group])
                    _put(connection, provider, span, start, merged, count)

    def read(self, provider: str, since: datetime, until: datetime, points: int) -> tuple[Sample, ...]:
        """At most so many samples of a window, oldest first: single ones where they fit, else means."""
        begin, end = micros(since) // SECOND, micros(until) // SECOND
        width = max(1, -(-(end - begin) // points))
        with self._database.reading() as connection:
            span = _coarsest(width)
            found = _read(connection, provider, span, begin, end)
            if span == 0:
                # What was measured longer ago is kept as means only.
                first = _second(found[0][0]) if found else end
                found = [*_read(connection, provider, SPANS[0], begin, first // SPANS[0] * SPANS[0]), *found]
        if len(found) <= points:
            return tuple(sample for sample, _ in found)
        groups: dict[int, list[Counted]] = {}
        for sample, count in found:
            groups.setdefault((_second(sample) - begin) // width, []).append((sample, count))
        return tuple(mean(group, width)[0] for group in groups.values())

    def prune(self, raw_before: datetime, before: datetime, at_once: int = 5000) -> int:
        """Drop single measurements and means that are too old, a part of them at a time. Returns how many."""
        c, gone = host_samples.c, 0
        limits = {0: micros(raw_before) // SECOND, **dict.fromkeys(SPANS, micros(before) // SECOND)}
        with self._database.writing() as connection:
            for provider in providers_in(connection, c.provider):
                for span, limit in limits.items():
                    same = (c.provider == provider) & (c.span == span) & (c.at < limit)
                    last = select(c.at).where(same).order_by(c.at).offset(at_once - gone - 1).limit(1)
                    end = connection.execute(last).scalar()
                    some = same if end is None else same & (c.at <= end)
                    gone += connection.execute(delete(host_samples).where(some)).rowcount
                    if gone >= at_once:
                        return gone
        return gone


def providers_in(connection: Connection, column: Column[str]) -> Iterator[str]:
    """The different values of a table's first key column, found by its index and not by going through all rows."""
    last = ""
    while (found := connection.execute(select(func.min(column)).where(column > last)).scalar()) is not None:
        yield (last := str(found))


def mean(counted: Sequence[Counted], span: float | None = None) -> Counted:
    """The mean of samples, each as heavy as the measurements it stands for; at the time of the first."""
    total = sum(count for _, count in counted)
    values = {n: _mean((getattr(s, n), count) for s, count in counted) for n in _FIGURES}
    gpus: dict[tuple[int | None, str], list[tuple[GpuSample, int]]] = {}
    for sample, count in counted:
        for gpu in sample.gpus:
            if (gpu.id, gpu.name) in gpus or len(gpus) < MOST_GPUS:
                gpus.setdefault((gpu.id, gpu.name), []).append((gpu, count))
    made = tuple(
        GpuSample(id=i, name=name, **{n: _mean((getattr(g, n), count) for g, count in found) for n in _GPU})
        for (i, name), found in gpus.items()
    )
    first = counted[0][0]
    return Sample(at=first.at, span_s=first.span_s if span is None else span, gpus=made, **values), total


def _mean(values: Iterable[tuple[float | None, int]]) -> float | None:
    known = [(value, count) for value, count in values if value is not None]
    total = sum(count for _, count in known)
    return round(sum(value * count for value, count in known) / total, 3) if total else None


def _coarsest(width: float) -> int:
    """The longest span that fits into a point; 0 when single measurements are wanted."""
    return max((span for span in SPANS if span <= width), default=0)


def _by_second(samples: Sequence[Sample]) -> list[Sample]:
    return list({_second(s): s for s in samples}.values())


def _second(sample: Sample) -> int:
    return micros(sample.at) // SECOND


def _there(connection: Connection, provider: str, sample: Sample) -> bool:
    c = host_samples.c
    same = (c.provider == provider) & (c.span == 0) & (c.at == _second(sample))
    return connection.execute(select(c.at).where(same)).first() is not None


def _read(connection: Connection, provider: str, span: int, begin: int, end: int) -> list[Counted]:
    c = host_samples.c
    window = (c.provider == provider) & (c.span == span) & (c.at >= begin) & (c.at < end)
    asked = select(c.at, c.count, c.data).where(window).order_by(c.at.desc()).limit(_MOST_READ)
    return [(_sample(at, span, data), count) for at, count, data in reversed(connection.execute(asked).all())]


def _put(connection: Connection, provider: str, span: int, at: int, sample: Sample, count: int) -> None:
    c = host_samples.c
    connection.execute(delete(host_samples).where((c.provider == provider) & (c.span == span) & (c.at == at)))
    row = {"provider": provider, "span": span, "at": at, "count": count, "data": _text(sample)}
    connection.execute(insert(host_samples), [row])


def _text(sample: Sample) -> str:
    """The figures as a list, in the order of their names; a year of them is large enough."""
    gpus = [[g.id, g.name, *(getattr(g, n) for n in _GPU)] for g in sample.gpus]
    return msgspec.json.encode([*(getattr(sample, n) for n in _FIGURES), gpus]).decode()


def _sample(at: int, span: int, text: str) -> Sample:
    found: list[Any] = msgspec.json.decode(text)
    gpus = tuple(
        GpuSample.model_construct(id=g[0], name=g[1], **dict(zip(_GPU, g[2:], strict=True))) for g in found[-1]
    )
    values = dict(zip(_FIGURES, found[:-1], strict=True))
    return Sample.model_construct(at=moment(at * SECOND), span_s=float(span), gpus=gpus, **values)
