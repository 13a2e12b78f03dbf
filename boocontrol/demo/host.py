"""A simulated llama-swap host: what one process of it does, from start to end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from boocontrol.demo.config import HostConfig
from boocontrol.demo.connection import HttpServer
from boocontrol.demo.exchange import Exchange
from boocontrol.demo.faults import FaultPort, Faults
from boocontrol.demo.records import Predicate, Recorder, RequestRecord
from boocontrol.demo.routes import handle
from boocontrol.demo.state import HostState
from boocontrol.demo.versions import version_of

RELOAD_STATUS_S = 3.0
SHUTDOWN_S = 30.0


class SimHost:
    """`await start()`, use `url` and `fault_url`, `await stop()`. Runs in any asyncio loop."""

    def __init__(self, config: HostConfig, port: int = 0, fault_port: int = 0) -> None:
        self.config = config
        self.recorder = Recorder(config.record_limit, config.record_bodies)
        self.server = HttpServer(self._serve)
        self.state = HostState(config, self.recorder)
        self.faults = Faults(self)
        self.exited = asyncio.Event()  # the process has ended: after kill or shutdown
        self.up = asyncio.Event()  # the process runs
        self._port = port
        self._control = FaultPort(self.faults, fault_port)
        self._tasks: set[asyncio.Task[None]] = set()
        self._exiting: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def fault_url(self) -> str:
        return self._control.url

    @property
    def requests(self) -> deque[RequestRecord]:
        return self.recorder.requests

    async def wait_request(self, predicate: Predicate, timeout: float = 5.0) -> RequestRecord:
        """The first request, past or to come, that fits. Raises TimeoutError."""
        return await self.recorder.wait(predicate, timeout)

    async def fault(self, name: str, **options: Any) -> None:
        """Switches a fault on, as the fault port does. Raises ValueError for an unknown one."""
        await self.faults.set(name, options)

    # The life of the process.

    async def start(self) -> None:
        await self.server.listen(self._port)
        await self._control.start()
        self.state.say_hello(self.server.port)
        self.up.set()

    async def stop(self) -> None:
        """Ends all, the fault port too."""
        await self._control.stop()
        await self.kill()
        await self.server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def kill(self, *, reset: bool = False) -> None:
        """SIGKILL: the port refuses, connections break off, nothing is said."""
        self.up.clear()
        self.server.silent = True
        await self.server.break_off(reset=reset)
        await self.state.scheduler.kill()
        await self.state.close_peers()
        self.server.silent = False
        self.exited.set()

    async def restart(self) -> None:
        """A new process on the same port, with an empty history."""
        if self._exiting is not None:
            self._exiting.cancel()
        await self.kill()
        self.state = HostState(self.config, self.recorder)
        self.exited = asyncio.Event()
        await self.server.listen(self.server.port)
        self.state.say_hello(self.server.port)
        self.up.set()

    def set_version(self, version: str) -> None:
        """In force at once, without a restart. Raises ValueError for an unknown one."""
        self.state.version = version_of(version)
        self.config = replace(self.config, version=version)

    async def reload(self, config: HostConfig | None = None, *, signal: bool = True) -> None:
        """A new config takes over at once: models stop, streams end in order."""
        state = self.state
        if signal:
            state.logs.info("received SIGHUP, reloading config")
        state.logs.info("reloading configuration")
        old = state.scheduler
        old.closed = True
        self.config = config or self.config
        # The listeners are told nothing of it but the end of their streams.
        state.end_streams()
        await asyncio.sleep(0)
        old.detach()
        state.board.reset()
        state.adopt(self.config)
        self._spawn(old.close("shutdown"))
        self._spawn(self._tell_status_later())

    async def _tell_status_later(self) -> None:
        await asyncio.sleep(RELOAD_STATUS_S)
        self.state.hub.publish("modelStatus", self.state.model_status)

    def bad_reload(self) -> None:
        """The new config cannot be read: a warning, and nothing changes."""
        self.state.logs.info("reloading configuration")
        self.state.logs.warn(
            "failed to reload config: failed to parse config /etc/llama-swap.yaml: "
            "yaml: line 67: could not find expected ':'"
        )

    async def shutdown(self) -> None:
        """SIGTERM: refuses at once, lets streams finish for 30 s, and then exits.

        Returns at once; `exited` tells when it is over.
        """
        self.server.refuse()
        self.state.end_streams()
        self._exiting = self._spawn(self._finish_and_exit())

    async def _finish_and_exit(self) -> None:
        running = [c.task for c in self.server.connections if c.task is not None]
        if running:
            await asyncio.wait(running, timeout=SHUTDOWN_S)
        await self.kill()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # Answering.

    async def _serve(self, exchange: Exchange) -> None:
        record = exchange.record
        self.recorder.add(record)
        try:
            await self.faults.before(exchange)
            await handle(self.state, exchange)
        finally:
            record.status = exchange.status
            record.response_bytes = exchange.body_bytes
            record.client_left = exchange.client_left
            record.finished = exchange.ended and not exchange.client_left
            self.recorder.end(record)
