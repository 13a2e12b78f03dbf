"""Figures of the machine: /api/performance, /metrics and /api/hardware, made up but steady."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from typing import Any

from boocontrol.demo.config import GpuConfig, MachineConfig, ModelConfig
from boocontrol.demo.formats import parse_time

SAMPLE_S = 5.0
KEPT = 120
OTHERS_MB = 512  # what a desktop takes of a GPU
SPARE_MB = 256  # a full GPU has this much left
CONTEXT_MB = 32  # for each 1024 tokens of context
_BILLIONS = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)
_BITS = re.compile(r"[qf](\d+)(?![a-z0-9])", re.IGNORECASE)


def size_mb(model: ModelConfig) -> int:
    """What a model takes of the GPUs: as its config says, or made up of its name and its context."""
    if model.memory_mb:
        return model.memory_mb
    billions, bits = _BILLIONS.search(model.id), _BITS.search(model.id)
    weights = float(billions[1]) if billions else 1.0
    each = float(bits[1]) if bits else 4.0
    return int(weights * 1024 * (each + 0.8) / 8) + CONTEXT_MB * model.ctx // 1024


class Machine:
    """Samples are computed when asked for, so an idle host costs nothing."""

    def __init__(self, config: MachineConfig) -> None:
        self._config = config
        self._start = time.time()
        self._held = [(self._start, 0)]  # MB of all loaded models, and since when

    def hold(self, models: Iterable[ModelConfig]) -> None:
        """These models are loaded from now on, and no others."""
        now, held = time.time(), sum(size_mb(model) for model in models)
        if held != self._held[-1][1]:
            oldest = now - SAMPLE_S * (KEPT + 1)
            while len(self._held) > 1 and self._held[1][0] < oldest:
                self._held.pop(0)
            self._held.append((now, held))

    def performance(self, after: float | None) -> dict[str, Any]:
        """`after` is seconds since 1970."""
        samples = [self._start + SAMPLE_S * n for n in self._numbers()]
        gpus = self._config.gpus
        if after is None:
            sys: list[Any] | None = [self._sys(at) for at in samples] or None
            gpu: list[Any] | None = [self._gpu(at, i) for at in samples for i in range(len(gpus))]
            return {"enabled": True, "gpu_stats": gpu or None, "sys_stats": sys}
        later = [at for at in samples if at > after]
        gpu = [self._gpu(at, i) for at in later for i in range(len(gpus))]
        return {"enabled": True, "gpu_stats": gpu, "sys_stats": [self._sys(at) for at in later]}

    def _numbers(self) -> range:
        last = int((time.time() - self._start) / SAMPLE_S)
        return range(max(1, last - KEPT + 1), last + 1)

    def _sys(self, at: float) -> dict[str, Any]:
        config = self._config
        used = int(config.memory_mb * (0.3 + 0.1 * _wave(at, 60)))
        load = round(config.cores * 0.2 * (1 + _wave(at, 45)), 2)
        nics = [
            {"name": nic, "bytes_recv": int(at) * 1000 * i, "bytes_sent": int(at) * 400 * i}
            for i, nic in enumerate(config.nics)
        ]
        return {
            "timestamp": _stamp(at),
            "cpu_util_per_core": [round(20 + 15 * _wave(at + core, 30), 6) for core in range(config.cores)],
            "mem_total_mb": config.memory_mb,
            "mem_used_mb": used,
            "mem_free_mb": config.memory_mb - used,
            "swap_total_mb": 0,
            "swap_used_mb": 0,
            "load_avg_1": load,
            "load_avg_5": load,
            "load_avg_15": load,
            "net_io": nics,
        }

    def _gpu(self, at: float, index: int) -> dict[str, Any]:
        gpu = self._config.gpus[index]
        held = next((mb for since, mb in reversed(self._held) if since <= at), 0) // len(self._config.gpus)
        busy = 50 + 40 * _wave(at + 7 * index, 40) if held else 2.0
        return {
            "timestamp": _stamp(at),
            "id": index,
            "name": gpu.name,
            "uuid": f"GPU-{index:08x}",
            "temp_c": int(45 + busy / 4),
            "vram_temp_c": int(50 + busy / 4),
            "gpu_util_pct": round(busy, 1),
            "mem_util_pct": round(busy / 2, 1),
            "mem_used_mb": min(OTHERS_MB + held, gpu.memory_mb - SPARE_MB),
            "mem_total_mb": gpu.memory_mb,
            "fan_speed_pct": int(30 + busy / 3),
            "power_draw_w": round(80 + busy * 2.5, 1),
        }

    def metrics(self) -> str:
        """The last sample in Prometheus text; nothing before the first."""
        numbers = self._numbers()
        if not numbers:
            return ""
        sys = self._sys(self._start + SAMPLE_S * numbers[-1])
        cores = [(f'{{core="{i}"}}', v) for i, v in enumerate(sys["cpu_util_per_core"])]
        parts = [_metric("cpu_util_percent", "CPU utilization per core (0-100)", cores)]
        for key, text in _MEMORY.items():
            value = [("", sys[key] * 1024 * 1024)]
            parts.append(_metric(f"{key.replace('mem_', 'memory_')[:-3]}_bytes", text, value))
        loads = [(f'{{interval="{m}m"}}', sys[f"load_avg_{m}"]) for m in (1, 5, 15)]
        parts.append(_metric("load_average", "Load average", loads))
        traffic = [
            (f'{{interface="{nic["name"]}",direction="{way}"}}', nic[f"bytes_{way}"])
            for nic in sys["net_io"]
            for way in ("recv", "sent")
        ]
        text = "Total network bytes transferred"
        parts.append(_metric("network_bytes_total", text, traffic, "counter"))
        return "".join(parts)

    def hardware(self, label: str) -> dict[str, Any]:
        config = self._config
        detector = {"name": "llama-swap", "version": label}
        names = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
        return {
            "schema_version": 1,
            "captured_at": _stamp(self._start),
            "capture": {"scope": "inference_host", "method": "detected", "detector": detector},
            "architecture": {
                "name": config.architecture,
                "raw_name": names.get(config.architecture, config.architecture),
            },
            "operating_system": {
                "family": config.os_family,
                "name": config.os_name,
                "version": config.os_version,
                "kernel": config.kernel,
            },
            "environment": {"kind": "physical", "name": None, "version": None},
            "cpu": {
                "vendor": config.cpu_vendor,
                "model": config.cpu_model,
                "socket_count": 1,
                "physical_core_count": config.cores,
                "logical_thread_count": config.cores,
            },
            "memory": {"capacity_bytes": config.memory_mb * 1024 * 1024},
            "accelerators": [_accelerator(i, gpu) for i, gpu in enumerate(config.gpus)],
        }


_MEMORY = {
    "mem_total_mb": "Total memory in bytes",
    "mem_used_mb": "Used memory in bytes",
    "mem_free_mb": "Free memory in bytes",
    "swap_total_mb": "Total swap in bytes",
    "swap_used_mb": "Used swap in bytes",
}


def _accelerator(index: int, gpu: GpuConfig) -> dict[str, Any]:
    kind = "unified" if gpu.vendor == "apple" else "dedicated"
    return {
        "index": index,
        "kind": "gpu",
        "vendor": gpu.vendor,
        "model": gpu.name,
        "architecture": None,
        "memory": {"kind": kind, "capacity_bytes": gpu.memory_mb * 1024 * 1024},
        "driver": None,
        "power_limit_watts": None,
    }


def _metric(name: str, text: str, values: Iterable[tuple[str, float]], kind: str = "gauge") -> str:
    full = f"llamaswap_{name}"
    lines = [f"# HELP {full} {text}", f"# TYPE {full} {kind}"]
    lines += [f"{full}{labels} {value}" for labels, value in values]
    return "\n".join(lines) + "\n"


def _wave(at: float, period: float) -> float:
    return math.sin(2 * math.pi * at / period)


def _stamp(at: float) -> str:
    seconds = int(at)
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int((at - seconds) * 1e9):09d}Z"


def moment(text: str | None) -> float | None:
    """Raises ValueError for what is no RFC 3339 time."""
    if not text:
        return None
    at = parse_time(text)
    if at is None:
        raise ValueError(text)
    return at
