"""Plays a golden scenario against simulated hosts: every request at its time, on a connection of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

from boocontrol.demo import HostConfig, ModelConfig, SimHost
from tests.demo.golden import host_config, load
from tests.demo.rawclient import Got, Marks, exchange

PATIENCE_MS = 8000  # an answer that comes later than that never comes
LEFT = ("client-closed", "client-stopped-listening")
# When the watcher of the config file noticed, as the logs of these scenarios tell.
RELOAD_AT, BAD_RELOAD_AT = 1991, 1988


@dataclass
class Replayed:
    """What came of a scenario; `names` are the addresses that the placeholders stand for."""

    scenario: dict[str, Any]
    names: dict[str, str]
    got: list[Got]


@dataclass
class _Stage:
    host: SimHost
    peer: SimHost
    loop: asyncio.AbstractEventLoop
    start: float

    def now(self) -> float:
        return (self.loop.time() - self.start) * 1000

    async def until(self, ms: float) -> None:
        await asyncio.sleep(max(0.0, self.start + ms / 1000 - self.loop.time()))


async def replay(name: str, launches: Mapping[str, ModelConfig]) -> Replayed:
    """`launches` replaces models by ones with a real server behind them."""
    scenario = load(name)
    async with AsyncExitStack() as stack:
        down = stack.enter_context(socket.socket())
        down.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        down_port = down.getsockname()[1]
        peer = await _started(stack, host_config("peerb.yaml", {}))
        ports = {"peer_port": peer.server.port, "down_port": down_port}
        config = host_config(scenario["config"], ports)
        config = replace(
            config,
            models=tuple(launches.get(model.id, model) for model in config.models),
            watch_config=name.startswith(("080", "081")),
        )
        host = await _started(stack, config)
        names = {
            "host": f"127.0.0.1:{host.server.port}",
            "peer_host": f"127.0.0.1:{peer.server.port}",
            "down_host": f"127.0.0.1:{down_port}",
        }
        loop = asyncio.get_running_loop()
        got = await _play(_Stage(host, peer, loop, loop.time()), scenario, names)
    return Replayed(scenario, names, got)


async def _started(stack: AsyncExitStack, config: HostConfig) -> SimHost:
    host = SimHost(config)
    stack.push_async_callback(host.stop)
    await host.start()
    return host


async def _play(stage: _Stage, scenario: dict[str, Any], names: dict[str, str]) -> list[Got]:
    exchanges = scenario["exchanges"]
    marks = [Marks() for _ in exchanges]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_one(stage, exchanges, n, marks, names)) for n in range(len(exchanges))]
        for ms, text in scenario.get("actions", ()):
            group.create_task(_act_after(stage, exchanges, marks, ms, text))
    return [task.result() for task in tasks]


async def _one(
    stage: _Stage, exchanges: list[dict[str, Any]], number: int, marks: list[Marks], names: dict[str, str]
) -> Got:
    golden = exchanges[number]
    request, end = golden["request"], golden["end"]
    # On a busy machine the times slip; what came one after the other still does.
    for other, mark in zip(exchanges[:number], marks, strict=False):
        if other["end"]["at"] <= request["at"] and other["end"]["how"] not in LEFT:
            await mark.ended.wait()
    await stage.until(request["at"])
    if number:
        await marks[number - 1].sent.wait()
    give_up = asyncio.Event()
    patience = end["at"] - request["at"] + (0 if end["how"] in LEFT else PATIENCE_MS)
    stage.loop.call_later(patience / 1000, give_up.set)
    port = int(names["host"].rpartition(":")[2])
    got = await exchange(port, _wire(request, names["host"]), stage.now, marks[number], give_up)
    if got.how == "client-closed" and end["how"] in LEFT:
        got.how = end["how"]
    marks[number].ended.set()
    return got


def _wire(request: dict[str, Any], address: str) -> bytes:
    lines = [f"{request['method']} {request['target']} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request["headers"]]
    head = "\r\n".join(lines).replace("{{host}}", address) + "\r\n\r\n"
    return head.encode("latin-1") + request.get("body", "").encode()


async def _act_after(stage: _Stage, exchanges: list[dict[str, Any]], marks: list[Marks], ms: float, text: str) -> None:
    for golden, mark in zip(exchanges, marks, strict=True):
        if golden["response"] and golden["response"]["at"] <= ms:
            await mark.answered.wait()
    await _act(stage, ms, text)


async def _act(stage: _Stage, ms: float, text: str) -> None:
    """What was done to the real host other than by HTTP."""
    host = stage.host
    if text.startswith("the model server process of bare exits"):
        await stage.until(ms)
        host.state.processes["bare"].crash()
    elif text.startswith("config file rewritten"):
        await stage.until(RELOAD_AT)
        models = (replace(m, description="reloaded") if m.id == "bare" else m for m in host.config.models)
        await host.reload(replace(host.config, models=tuple(models)), signal=False)
    elif text == "config file becomes invalid":
        await stage.until(BAD_RELOAD_AT)
        host.bad_reload()
    elif text == "SIGHUP":
        await stage.until(ms)
        await host.reload()
    elif text == "SIGTERM":
        await stage.until(ms)
        await host.shutdown()
    elif text == "the peer host unloads the model":
        await stage.until(ms)
        await stage.peer.fault("unload")
    elif text.startswith("the peer host is killed"):
        await stage.until(ms)
        await stage.peer.fault("kill")
