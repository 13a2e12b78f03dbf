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
from tests.demo.rawclient import Got, exchange

# Set when an exchange was sent, and when it had ended.
_Marks = tuple[list[asyncio.Event], list[asyncio.Event]]
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
    ended = [asyncio.Event() for _ in exchanges]
    sent = [asyncio.Event() for _ in exchanges]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_one(stage, exchanges, n, (sent, ended), names)) for n in range(len(exchanges))]
        for ms, text in scenario.get("actions", ()):
            group.create_task(_act(stage, ms, text))
    return [task.result() for task in tasks]


async def _one(
    stage: _Stage, exchanges: list[dict[str, Any]], number: int, marks: _Marks, names: dict[str, str]
) -> Got:
    golden = exchanges[number]
    request = golden["request"]
    sent, ended = marks
    # On a busy machine the times slip; what came one after the other still does.
    for other, event in zip(exchanges[:number], ended, strict=False):
        if other["end"]["at"] <= request["at"] and other["end"]["how"] not in LEFT:
            await event.wait()
    await stage.until(request["at"])
    give_up = None
    if golden["end"]["how"] in LEFT:
        give_up = asyncio.Event()
        late = stage.now() - request["at"]
        delay = (golden["end"]["at"] - request["at"] + max(0.0, late)) / 1000
        stage.loop.call_at(stage.start + request["at"] / 1000 + delay, give_up.set)
    if number:
        await sent[number - 1].wait()
    port = int(names["host"].rpartition(":")[2])
    got = await exchange(port, _wire(request, names["host"]), stage.now, sent[number], give_up)
    if got.how == "client-closed":
        got.how = golden["end"]["how"] if golden["end"]["how"] in LEFT else got.how
    ended[number].set()
    return got


def _wire(request: dict[str, Any], address: str) -> bytes:
    lines = [f"{request['method']} {request['target']} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request["headers"]]
    head = "\r\n".join(lines).replace("{{host}}", address) + "\r\n\r\n"
    return head.encode("latin-1") + request.get("body", "").encode()


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
