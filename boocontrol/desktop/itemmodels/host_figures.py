"""Figures of a host in words and as gauges: memory, GPUs, loads, speeds. What is unknown has no words, never a zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from boocontrol.core.api import Gpu, Host, LoadedModel
from boocontrol.desktop.itemmodels.ages import span_text
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr

_MAKERS = ("NVIDIA GeForce ", "NVIDIA ", "AMD Radeon ", "AMD ", "Intel(R) ", "Intel ", "Apple ")

IDLE_FROM_S = 5.0


@dataclass(frozen=True, slots=True)
class FleetMemory:
    """GPU memory of all hosts that tell it, in MiB, and how many of them there are."""

    used_mb: float
    total_mb: float
    hosts: int


def fleet_memory(hosts: Iterable[Host]) -> FleetMemory | None:
    """The GPU memory in use; None when no host tells it."""
    told = [[g for g in host.gpus or () if g.memory_used_mb is not None and g.memory_total_mb] for host in hosts]
    known = [gpu for gpus in told for gpu in gpus]
    if not known:
        return None
    used = sum(gpu.memory_used_mb or 0.0 for gpu in known)
    return FleetMemory(used, sum(gpu.memory_total_mb or 0.0 for gpu in known), sum(1 for gpus in told if gpus))


def gigabytes(mb: float) -> str:
    """20787 is `20.3`, 24564 is `24`, 6 is `0`; without the unit."""
    value = mb / 1024
    return digits(value, 0 if value >= 100 or abs(value - round(value)) < 0.05 else 1)


def memory_text(used_mb: float | None, total_mb: float | None, *, of: bool = False) -> str:
    """`20.3 / 24 GB`, or `20.3 of 24 GB`; empty when one of them is not known."""
    if used_mb is None or not total_mb:
        return ""
    text = _tr("{used} of {total} GB") if of else _tr("{used} / {total} GB")
    return text.format(used=gigabytes(used_mb), total=gigabytes(total_mb))


def gpu_name(gpu: Gpu) -> str:
    """Its name without the maker's: `RTX 4090`."""
    name = gpu.name.strip()
    for maker in _MAKERS:
        name = name.removeprefix(maker)
    return name or (_tr("GPU {n}").format(n=gpu.id) if gpu.id is not None else _tr("GPU"))


def percent(value: float | None) -> str:
    """`91 %`; empty when unknown."""
    return "" if value is None else _tr("{n} %").format(n=digits(value))


def degrees(value: float | None) -> str:
    """`71 °C`; empty when unknown."""
    return "" if value is None else _tr("{n} °C").format(n=digits(value))


def watts(value: float | None) -> str:
    """`342 W`; empty when unknown."""
    return "" if value is None else _tr("{n} W").format(n=digits(value))


def gpu_line(gpus: Sequence[Gpu]) -> str:
    """Use, heat and power of the busiest GPU: `GPU 91 % · 71 °C · 342 W`."""
    if not gpus:
        return ""
    busiest = max(gpus, key=lambda gpu: -1.0 if gpu.utilisation_pct is None else gpu.utilisation_pct)
    use = percent(busiest.utilisation_pct)
    told = (_tr("GPU {use}").format(use=use) if use else "", degrees(busiest.temperature_c), watts(busiest.power_w))
    return " · ".join(part for part in told if part)


def cpu_text(host: Host) -> str:
    """Use of the processor: `CPU 24 %`; empty when unknown."""
    return _tr("CPU {use}").format(use=percent(host.cpu.utilisation_pct)) if host.cpu else ""


def speed_text(per_second: float | None) -> str:
    """`92 tok/s`, `8.4 tok/s`; empty when unknown."""
    return _tr("{n} tok/s").format(n=number(per_second)) if per_second is not None else ""


def number(value: float) -> str:
    """A figure as short as it is useful: `171`, `8.4`."""
    return digits(value, 0 if value >= 9.95 or value == 0 else 1)


def load_text(model: LoadedModel, now: float) -> str:
    """How long it has been starting, and of how long usually: `14 of 38 s`; `14 s` when that is not known."""
    if model.since is None:
        return _tr("starting")
    passed = max(0.0, now - model.since.timestamp())
    if not model.usual_load_s:
        return span_text(passed)
    if max(passed, model.usual_load_s) < 120:
        return _tr("{passed} of {usual} s").format(passed=int(passed), usual=round(model.usual_load_s))
    return _tr("{passed} of {usual}").format(passed=span_text(passed), usual=span_text(model.usual_load_s))


def load_words(model: LoadedModel, now: float) -> str:
    """The same with its word, where there is room for it: `starting, 14 of 38 s`."""
    span = load_text(model, now)
    return span if model.since is None else _tr("starting, {span}").format(span=span)


def load_fraction(model: LoadedModel, now: float) -> float | None:
    """Elapsed of the usual time, 0 to 1; None when one of them is not known."""
    if model.since is None or not model.usual_load_s:
        return None
    return min(1.0, max(0.0, (now - model.since.timestamp()) / model.usual_load_s))


def flying(model: LoadedModel, told: Mapping[str, int], *, knows: bool) -> int | None:
    """How many requests run on a model: as the host's news say, else as counted; None when nobody knows."""
    if model.in_flight is not None:
        return max(model.in_flight, told.get(model.ref, 0))
    return told.get(model.ref, 0) if knows or model.ref in told else None


def idle_text(host: Host, now: float) -> str:
    """How long nothing has run on a host; empty when that is not known."""
    ended = [model.idle_since.timestamp() for model in host.loaded if model.idle_since is not None]
    span = now - max(ended, default=now)
    return _tr("for {span}").format(span=span_text(span)) if span >= IDLE_FROM_S else ""


def cannot_tell(host: Host) -> str:
    """What this version of the host cannot tell, for a tooltip."""
    return "\n".join((_tr("This host does not tell:"), *host.degraded_features)) if host.degraded_features else ""
