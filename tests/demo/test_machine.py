"""The memory that a simulated host tells of follows what is loaded."""

from __future__ import annotations

import time

import pytest

from boocontrol.demo import GpuConfig, HostConfig, MachineConfig, ModelConfig, SimHost
from boocontrol.demo.machine import OTHERS_MB, SAMPLE_S, SPARE_MB, size_mb


@pytest.mark.parametrize(
    ("model", "gb"),
    [
        (ModelConfig("org/Qwen3-Coder-30B:Q4_K_M", ctx=0), 18.0),
        (ModelConfig("org/Qwen3-30B-A3B:Q8_0", ctx=0), 33.0),
        (ModelConfig("qwen3-0.6b-f16", ctx=0), 1.26),
        (ModelConfig("gpt-oss-20b", ctx=32768), 13.0),
        (ModelConfig("nomic-embed-text-v1.5", ctx=0), 0.6),
        (ModelConfig("anything-70b", memory_mb=2048), 2.0),
    ],
)
def test_a_size_is_made_up_of_the_name(model: ModelConfig, gb: float) -> None:
    assert size_mb(model) == pytest.approx(gb * 1024, rel=0.01)


async def test_memory_follows_what_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("boocontrol.demo.machine.time", clock)
    models = (ModelConfig("a", memory_mb=4096), ModelConfig("b", memory_mb=99_999))
    machine = MachineConfig(gpus=(GpuConfig("One", 24564), GpuConfig("Two", 24564)))
    host = SimHost(HostConfig(models=models, machine=machine, clock=0.001))
    await host.start()
    try:
        scheduler = host.state.scheduler
        seen = [clock.sample(host)]
        for model in ("a", "b"):
            await scheduler.acquire(model)
            seen.append(clock.sample(host))
            scheduler.release(model)
        await scheduler.unload(["b"])
        seen.append(clock.sample(host))
        await scheduler.acquire("a")
        await host.reload()
        seen.append(clock.sample(host))
        assert seen == [[mb, mb] for mb in (OTHERS_MB, OTHERS_MB + 2048, 24564 - SPARE_MB, OTHERS_MB, OTHERS_MB)]
        rows = host.state.machine.performance(None)["gpu_stats"]
        assert [row["mem_used_mb"] for row in rows] == [mb for pair in seen for mb in pair], "what was, stays"
    finally:
        await host.stop()


class Clock:
    """The time of the machine, five seconds on for each sample."""

    strftime, gmtime = staticmethod(time.strftime), staticmethod(time.gmtime)

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now

    def sample(self, host: SimHost) -> list[int]:
        """What the GPUs have in use, by the newest sample."""
        self.now += SAMPLE_S
        used = [row["mem_used_mb"] for row in host.state.machine.performance(None)["gpu_stats"][-2:]]
        self.now += 0.1  # what comes next is later than the sample
        return used
