"""The demo fleet: three invented hosts, or as many as asked for, started and stopped together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from boocontrol.demo.config import Capabilities, GpuConfig, GroupConfig, HostConfig, MachineConfig, ModelConfig
from boocontrol.demo.host import SimHost

ATTIC_KEY = "attic-demo-key"
UP_S = 45.0
DOWN_S = 12.0

_REPLY = (
    "This answer comes from a simulated model. It streams word by word at the pace of a real one, "
    "so that you can watch a request arrive, run and end. Nothing you type here leaves this machine."
)
# Small models stay beside whatever big one is loaded.
_GROUPS = (GroupConfig("small", swap=False, exclusive=False, persistent=True),)
_THINKS = Capabilities(("text",), ("text",), tools=True, context=32768)
_SEES = Capabilities(("text", "image"), ("text",), tools=True, context=65536)


def demo_fleet() -> tuple[HostConfig, ...]:
    """gpu-box, mac and attic. Two models are on two of them; attic wants a key and flaps."""
    return (_gpu_box(), _mac(), _attic())


def _gpu_box() -> HostConfig:
    models = (
        _model("org/Qwen3-Coder-30B:Q4_K_M", "Qwen3 Coder 30B", _THINKS, aliases=("coder",), load_s=6, ctx=32768),
        _model("gpt-oss-20b", "gpt-oss 20B", _THINKS, load_s=4, ctx=32768),
        _model("gemma-3-12b-it", "Gemma 3 12B", _SEES, load_s=3, ctx=65536, pace=0.03),
        _model("nomic-embed-text-v1.5", "Nomic Embed", Capabilities(context=2048), ctx=2048, group="small"),
    )
    gpus = (GpuConfig("NVIDIA GeForce RTX 4090", 24564),)
    return HostConfig(name="gpu-box", models=models, groups=_GROUPS, machine=MachineConfig(gpus=gpus), **_LONG_RUN)


def _mac() -> HostConfig:
    """The slow one: its big model takes half a minute to load."""
    models = (
        _model("gpt-oss-20b", "gpt-oss 20B", _THINKS, load_s=8, ctx=16384, pace=0.06),
        _model(
            "org/GLM-4.5-Air:Q3_K_M", "GLM 4.5 Air", _THINKS, load_s=30, ctx=32768, pace=0.09, loading=True, mb=41_000
        ),
        _model("whisper-large-v3", "Whisper", Capabilities(("audio",), ("text",)), group="small", mb=3_100),
    )
    machine = MachineConfig(
        os_family="darwin",
        os_name="macOS",
        os_version="15.5",
        kernel="24.5.0",
        architecture="arm64",
        cpu_vendor="Apple",
        cpu_model="Apple M4 Max",
        nics=("lo0", "en0"),
        gpus=(GpuConfig("Apple M4 Max", 49152, "apple"),),
    )
    return HostConfig(name="mac", models=models, groups=_GROUPS, machine=machine, **_LONG_RUN)


def _attic() -> HostConfig:
    """An older build behind a key, on a machine that comes and goes."""
    models = (
        _model("gemma-3-12b-it", "Gemma 3 12B", _SEES, load_s=9, ctx=8192, pace=0.15),
        _model("phi-4-mini", "Phi 4 mini", None, load_s=2, ctx=4096, pace=0.1),
        _model("experiment", "", None, unlisted=True),
    )
    machine = MachineConfig(cpu_vendor="GenuineIntel", cpu_model="Intel Core i5-8500", cores=6)
    return HostConfig(
        name="attic",
        version="235",
        api_keys=(ATTIC_KEY,),
        models=models,
        machine=machine,
        flaps=True,
        **_LONG_RUN,
    )


# A demo may run for days: what was asked is not kept.
_LONG_RUN: dict[str, Any] = {"record_limit": 200, "record_bodies": False}


def _model(
    model_id: str,
    name: str,
    capabilities: Capabilities | None,
    *,
    load_s: float = 1.0,
    ctx: int = 8192,
    pace: float = 0.05,
    aliases: tuple[str, ...] = (),
    group: str = "",
    loading: bool = False,
    unlisted: bool = False,
    mb: int = 0,
) -> ModelConfig:
    return ModelConfig(
        model_id,
        name=name,
        capabilities=capabilities,
        aliases=aliases,
        load_s=load_s,
        ctx=ctx,
        pace=pace,
        group=group,
        reply=_REPLY,
        send_loading_state=loading,
        unlisted=unlisted,
        ttl=600,
        memory_mb=mb,
    )


def scaled_fleet(hosts: int, models: int) -> tuple[HostConfig, ...]:
    """host-001 and on, each with models of which one is on all hosts."""
    width = max(3, len(str(hosts)))
    return tuple(_scaled_host(f"host-{number:0{width}d}", number, models) for number in range(1, hosts + 1))


def _scaled_host(name: str, number: int, models: int) -> HostConfig:
    own = [
        _model(f"org/model-{number}-{index}:Q4_K_M", f"Model {number}.{index}", _THINKS) for index in range(1, models)
    ]
    shared = [_model("shared-8b", "Shared 8B", _THINKS)] if models else []
    return HostConfig(name=name, models=(*shared, *own), **_LONG_RUN)


class Fleet:
    """`async with Fleet(configs) as fleet: fleet.hosts["gpu-box"].url`."""

    def __init__(self, configs: Iterable[HostConfig], *, flapping: bool = False) -> None:
        """`flapping` runs the script of the hosts whose config flaps."""
        self.hosts = {config.name: SimHost(config) for config in configs}
        self._flapping = flapping
        self._scripts: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for host in self.hosts.values():
                stack.push_async_callback(host.stop)
                await host.start()
            self._stack = stack.pop_all()
        if self._flapping:
            loop = asyncio.get_running_loop()
            flapping = [host for host in self.hosts.values() if host.config.flaps]
            self._scripts = [loop.create_task(flap(host)) for host in flapping]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for script in self._scripts:
            script.cancel()
        await asyncio.gather(*self._scripts, return_exceptions=True)
        await self._stack.aclose()


async def flap(host: SimHost, up_s: float = UP_S, down_s: float = DOWN_S) -> None:
    """Takes the host down and up for ever; leaves it alone while somebody else plays with it."""
    while True:
        await asyncio.sleep(up_s)
        if not host.faults.active:
            await host.fault("kill")
            await asyncio.sleep(down_s)
            if set(host.faults.active) == {"kill"}:
                await host.fault("none")
