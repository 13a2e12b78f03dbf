"""A machine's figures: read, kept between samples, and unknown rather than zero."""

from __future__ import annotations

import pytest

from boocontrol.core.registry import Provider
from boocontrol.demo.config import VERSIONS, GpuConfig, HostConfig, MachineConfig
from boocontrol.demo.machine import OTHERS_MB
from boocontrol.hosts.http import TlsContexts
from boocontrol.hosts.swap import LlamaSwapClient
from boocontrol.hosts.telemetry import EVERY_S, NOTHING, OFF_S, STALE_S, Figures, Telemetry, read_figures
from tests.hosts.conftest import House, entry, json

AT = "2026-11-22T17:00:00Z"
SYS = {"timestamp": AT, "cpu_util_per_core": [10.0, 30.0], "mem_total_mb": 64, "mem_used_mb": 16}
GPU = {
    "timestamp": AT,
    "id": 0,
    "name": "Card",
    "uuid": "u0",
    "temp_c": 50,
    "gpu_util_pct": 0.0,
    "mem_used_mb": 6,
    "mem_total_mb": 8,
    "power_draw_w": 90.5,
}


def test_the_newest_sample_counts_for_each_gpu() -> None:
    old = GPU | {"mem_used_mb": 1}
    figures = read_figures([SYS | {"mem_used_mb": 1}, SYS], [old, old | {"uuid": "u1", "id": 1}, GPU])
    assert figures.cpu is not None and (figures.cpu.utilisation_pct, figures.cpu.cores) == (20.0, 2)
    assert figures.memory is not None and (figures.memory.used_mb, figures.memory.total_mb) == (16, 64)
    assert figures.gpus is not None
    assert [(g.id, g.memory_used_mb, g.utilisation_pct) for g in figures.gpus] == [(0, 6, 0), (1, 1, 0)]


def test_what_is_not_told_is_unknown() -> None:
    assert read_figures(None, None) == Figures()
    assert read_figures([SYS], None).gpus == (), "it looked, and found none"
    assert read_figures(
        [{"timestamp": AT}], [{"id": "?", "temp_c": -1, "mem_total_mb": 0, "mem_used_mb": 0}]
    ) == Figures(None, None, read_figures(None, [{}]).gpus)
    assert read_figures("x", [7]) == Figures()


async def test_figures_over_time(house: House) -> None:
    host = await house.fake()
    path = "/api/performance"
    client = LlamaSwapClient(Provider(id="box", base_url=host.url), TlsContexts())
    house.stack.push_async_callback(client.aclose)
    telemetry = Telemetry()
    host.says[path] = json({"enabled": True, "sys_stats": None, "gpu_stats": None})
    assert await telemetry.ask(client, 0) == NOTHING, "no sample yet"
    assert await telemetry.ask(client, 1) is None, "not due"
    host.says[path] = json({"enabled": True, "sys_stats": [SYS], "gpu_stats": [GPU]})
    full = await telemetry.ask(client, EVERY_S)
    assert full == read_figures([SYS], [GPU])
    host.says[path] = json({"enabled": True, "sys_stats": [], "gpu_stats": []})
    assert await telemetry.ask(client, 2 * EVERY_S) == full, "nothing since"
    assert host.paths[-1] == f"{path}?after=2026-11-22T17%3A00%3A00Z"
    assert await telemetry.ask(client, EVERY_S + STALE_S + 1) == NOTHING, "too long ago"
    host.says[path] = json({"enabled": False}, 503)
    assert await telemetry.ask(client, 200) == NOTHING
    assert host.paths[-1] == path
    assert await telemetry.ask(client, 200 + EVERY_S) is None
    host.says[path] = json([])
    assert await telemetry.ask(client, 200 + OFF_S) == NOTHING


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_version_through_the_monitor(house: House, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boocontrol.hosts.telemetry.EVERY_S", 0.0)
    monkeypatch.setattr("boocontrol.demo.machine.SAMPLE_S", 0.01)
    machine = MachineConfig(gpus=(GpuConfig("Card", 8192),))
    host = await house.sim(HostConfig(version=version, machine=machine))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up")
    if version in ("173", "190"):
        monitor.refresh("box")
        await monitor.wait_for(lambda: len(monitor.history("box").checks) > 1)
        shown = monitor.host("box")
        assert (shown.cpu, shown.memory, shown.gpus) == (None, None, None)
        return
    await monitor.wait_for(lambda: bool(monitor.host("box").gpus))
    shown = monitor.host("box")
    assert shown.cpu is not None and shown.cpu.cores == 16
    assert shown.memory is not None and shown.memory.total_mb == 65536
    assert shown.gpus is not None and shown.gpus[0].name == "Card"
    assert shown.gpus[0].memory_total_mb == 8192 and shown.gpus[0].memory_used_mb == OTHERS_MB
    await host.fault("kill")
    monitor.refresh("box")
    await monitor.wait_for(lambda: entry(monitor, "box").state == "down")
    assert monitor.host("box").gpus is None


async def test_switched_off_is_unknown(house: House) -> None:
    host = await house.sim(HostConfig(performance=False))
    monitor = house.monitor(Provider(id="box", base_url=host.url))
    await host.wait_request(lambda r: r.target.startswith("/api/performance"))
    await monitor.wait_for(lambda: entry(monitor, "box").state == "up")
    assert monitor.host("box").memory is None
