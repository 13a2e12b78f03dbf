"""Shapes of what a gateway remembers: samples of hosts, and the story of their models. Figures and names only."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import AwareDatetime, Field

from boocontrol.core.values import CamelValue

StoryEvent = Literal[
    "load_asked",
    "loading",
    "loaded",
    "load_failed",
    "load_cancelled",
    "unloaded",
    "evicted",
    "cut",
    "slow",
    "slow_over",
]
STORY_EVENTS: frozenset[str] = frozenset(get_args(StoryEvent))


class Slowdown(CamelValue):
    """A model that is slower than its own usual: the median of its last requests, and of those of many days."""

    now: float
    usual: float
    of: Literal["output_tokens_per_second", "ttft_ms"]


class GpuSample(CamelValue):
    """One GPU at a time, memory in MiB. Null is unknown."""

    id: int | None = None
    name: str = ""
    memory_used_mb: float | None = None
    memory_total_mb: float | None = None
    utilisation_pct: float | None = None
    temperature_c: float | None = None
    power_w: float | None = None


class Sample(CamelValue):
    """A host at a time, or the mean of a span that began then. Null is unknown."""

    at: AwareDatetime
    span_s: float = Field(0.0, description="0 for one measurement, 300 and more for the mean of a span.")
    cpu_pct: float | None = None
    memory_used_mb: float | None = None
    memory_total_mb: float | None = None
    in_flight: float | None = None
    latency_ms: float | None = None
    output_tokens_per_second: float | None = Field(
        None, description="The median of the requests that ended then; null when none told one."
    )
    gpus: tuple[GpuSample, ...] = ()


class HostSamples(CamelValue):
    """GET /api/hosts/{id}/samples, oldest first."""

    id: str
    samples: tuple[Sample, ...]


class ModelEvent(CamelValue):
    """Something that happened to a model on its host."""

    id: str
    time: AwareDatetime
    provider: str
    ref: str
    event: StoryEvent
    seconds: float | None = Field(None, description="How long what ended here took: a load, a stay in memory.")
    by: str = Field("", description="Who asked: a client, panel, cli, the host itself; empty when not known.")
    cause: str = Field("", description="The model whose load pushed this one out.")
    detail: str = ""


class ModelEvents(CamelValue):
    """GET /api/story, newest first. `next`, sent as `before`, gets the following page."""

    data: tuple[ModelEvent, ...]
    next: str | None = None
