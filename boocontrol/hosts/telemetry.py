"""A machine's figures from `/api/performance` (llama-swap, v212 on). What is not told stays unknown, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from boocontrol.core.api import Cpu, Gpu, Memory
from boocontrol.core.errors import BooError
from boocontrol.core.values import plain
from boocontrol.hosts.client import HostClient

EVERY_S: Final = 10.0
# A host that measures nothing may be told to by its next config.
OFF_S: Final = 60.0
# A host samples every 5 s or more; figures that stood still for longer than this are not of now.
STALE_S: Final = 60.0
MOST_GPUS: Final = 64


@dataclass(frozen=True, slots=True)
class Figures:
    """The last sample. None = not told; no GPUs = the host looked and found none that it can ask."""

    cpu: Cpu | None = None
    memory: Memory | None = None
    gpus: tuple[Gpu, ...] | None = None


NOTHING: Final = Figures()


class Telemetry:
    """Asks one process of a host for its figures when they are due. Times are seconds from anywhere."""

    def __init__(self) -> None:
        self._figures = NOTHING
        self._mark = ""
        self._sampled = 0.0
        self._due = 0.0

    async def ask(self, client: HostClient, now: float) -> Figures | None:
        """The figures as of now; None while it is not time to ask. A failure makes them unknown, and raises nothing."""
        if now < self._due:
            return None
        self._due = now + EVERY_S
        try:
            answer = await client.performance(self._mark)
            if answer is None:
                self._due = now + OFF_S
                return self._forget()
            return self._read(answer.json(), now)
        except BooError:
            return self._forget()

    def _read(self, document: Any, now: float) -> Figures:
        if not isinstance(document, dict):
            return self._forget()
        sys, gpus = document.get("sys_stats"), document.get("gpu_stats")
        if not sys and not gpus:  # nothing since the last time, or nothing yet
            return self._figures if self._mark and now - self._sampled <= STALE_S else self._forget()
        fresh = read_figures(sys, gpus)
        held = self._figures
        self._figures = Figures(
            fresh.cpu or held.cpu, fresh.memory or held.memory, fresh.gpus if gpus or not self._mark else held.gpus
        )
        self._mark, self._sampled = _last_stamp(sys, gpus), now
        return self._figures

    def _forget(self) -> Figures:
        self._figures, self._mark = NOTHING, ""
        return NOTHING


def read_figures(sys: Any, gpus: Any) -> Figures:
    """The newest of the samples, which come oldest first."""
    rows = _rows(sys)
    last: dict[str, Gpu] = {}
    for row in _rows(gpus):
        gpu = _gpu(row)
        last[str(row.get("uuid") or row.get("id"))] = gpu
    found = tuple(last.values())[:MOST_GPUS]
    return Figures(
        _cpu(rows[-1]) if rows else None, _memory(rows[-1]) if rows else None, found if rows or found else None
    )


def _gpu(row: Mapping[str, Any]) -> Gpu:
    total = _number(row.get("mem_total_mb"))
    return Gpu(
        id=int(number) if (number := _number(row.get("id"))) is not None else None,
        name=plain(str(row.get("name") or ""))[:200],
        memory_used_mb=_number(row.get("mem_used_mb")) if total else None,
        memory_total_mb=total or None,
        utilisation_pct=_number(row.get("gpu_util_pct")),
        temperature_c=_number(row.get("temp_c")) or None,
        power_w=_number(row.get("power_draw_w")) or None,
    )


def _cpu(row: Mapping[str, Any]) -> Cpu | None:
    cores = row.get("cpu_util_per_core")
    used = [n for n in map(_number, cores) if n is not None] if isinstance(cores, list) else []
    return Cpu(utilisation_pct=round(sum(used) / len(used), 1), cores=len(used)) if used else None


def _memory(row: Mapping[str, Any]) -> Memory | None:
    total, used = _number(row.get("mem_total_mb")), _number(row.get("mem_used_mb"))
    return Memory(used_mb=used, total_mb=total) if total and used is not None else None


def _number(value: Any) -> float | None:
    """A figure; negative ones stand for unknown, and NaN is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value < 1e12 else None


def _rows(samples: Any) -> list[dict[str, Any]]:
    return [r for r in samples if isinstance(r, dict)] if isinstance(samples, list) else []


def _last_stamp(*samples: Any) -> str:
    """The newest time in the host's own clock, to ask from there on."""
    stamps = [str(rows[-1].get("timestamp") or "") for s in samples if (rows := _rows(s))]
    return max((s for s in stamps if s.isascii() and len(s) < 64), default="")
