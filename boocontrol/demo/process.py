"""One model of a host as a process: stopped, starting, ready, stopping, and what it serves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from boocontrol.demo.backends import Backend, HttpBackend
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.logs import LogBook
from boocontrol.demo.scripted import ScriptedServer

FIRST_POLL_S = 0.25
POLL_S = 1.0
SPAWN_S = 0.05  # from the start of a process to its first line
STOP_S = 0.002
EXITED = "upstream command exited prematurely"


class StartFailed(Exception):
    """Why a model did not come up, in llama-swap's words."""


class Cuttable(Protocol):
    """A request that ends with the process that answers it."""

    def cut(self) -> None: ...


class ModelProcess:
    """State machine of one model. `changed` is called after every change of state."""

    def __init__(
        self,
        model: ModelConfig,
        config: HostConfig,
        port: int,
        logs: LogBook,
        changed: Callable[[], None],
    ) -> None:
        self.model = model
        self.port = port
        self.state = "stopped"
        self.ready_at = 0.0
        self.fail_next = False  # the fault "failed-start"
        self.calls: set[Cuttable] = set()
        self._config = config
        self._logs = logs
        self._changed = changed
        self._starting: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()
        self._stopped.set()
        self._closing: asyncio.Task[None] | None = None
        self._backend: Backend | None = None

    @property
    def backend(self) -> Backend:
        assert self._backend is not None
        return self._backend

    @property
    def held(self) -> bool:
        """It takes memory."""
        return self.state in ("starting", "ready", "stopping")

    @property
    def cmd(self) -> str:
        model = self.model
        file = model.id.rpartition("/")[2].replace(":", "-")
        made_up = f"llama-server --port ${{PORT}} -m {file}.gguf -c {model.ctx}"
        return (model.cmd or made_up).replace("${PORT}", str(self.port))

    @property
    def ttl(self) -> int:
        given = self.model.ttl
        return self._config.global_ttl if given is None or given < 0 else given

    # Starting.

    async def start(self) -> None:
        """Comes up, or raises StartFailed. `stop` meanwhile makes it fail with "aborted"."""
        self._stopped.clear()
        self._set("starting")
        self._starting = asyncio.current_task()
        self._why = "aborted"
        try:
            async with asyncio.timeout(None) as deadline:
                loop = asyncio.get_running_loop()
                # The poll after the deadline finds it: 15 s are noticed after 15.25 s.
                limit = self._config.health_check_timeout * self._config.clock
                deadline.reschedule(loop.time() + limit + FIRST_POLL_S * self._config.clock)
                await self._come_up()
        except TimeoutError:
            await self._end("stopped")
            text = f"health check timed out after {self._config.health_check_timeout:g}s"
            raise StartFailed(text) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            await self._end("stopped")
            raise StartFailed(self._why) from None
        except StartFailed:
            await self._end("stopped")
            raise
        finally:
            self._starting = None
        self._logs.info(f"<{self.model.id}> Health check passed on http://localhost:{self.port}/health")
        self.ready_at = asyncio.get_running_loop().time()
        self._set("ready")

    async def _come_up(self) -> None:
        clock, model = self._config.clock, self.model
        loop = asyncio.get_running_loop()
        start = loop.time()
        await asyncio.sleep(SPAWN_S * clock)
        self._say(f"main: loading model '{self._gguf()}'")
        self._say("main: server is listening")
        fail_s = 0.0 if self.fail_next else model.fail_s
        if fail_s is not None:
            await asyncio.sleep(fail_s * clock)
            self._say("error: failed to load model")
            raise StartFailed(EXITED)
        await self._launch()
        await asyncio.sleep(max(0.0, start + (SPAWN_S + model.load_s) * clock - loop.time()))
        poll = start + FIRST_POLL_S * clock
        while poll < loop.time() - 0.001:
            poll += POLL_S * clock
        await asyncio.sleep(max(0.0, poll - loop.time()))

    async def _launch(self) -> None:
        model = self.model
        if model.launch is not None:
            try:
                launched = await model.launch()
            except Exception as error:
                self._say(f"error: {error}")
                raise StartFailed(EXITED) from error
            self._backend = LaunchedServer(launched.url, launched.stop)
        elif model.server_url:
            self._backend = HttpBackend(model.server_url)
        else:
            self._backend = ScriptedServer(model, self._config.pace, self._say, self._crash_soon)

    def _crash_soon(self) -> None:
        # Not at once: the request that asks for it is still being served.
        asyncio.get_running_loop().call_soon(self.crash)

    # Stopping.

    async def stop(self, last: str = "stopped") -> None:
        """Blocks until it is gone; what it was answering is cut. Stopping twice is once."""
        if self.state == "starting" and self._starting is not None:
            starting = self._starting
            starting.cancel()
            await asyncio.wait([starting])
        elif self.state == "ready":
            self._set("stopping")
            self.cut_calls()
            await asyncio.sleep(max(STOP_S, self.model.stop_s * self._config.clock))
            if self.state == "stopping":  # it may have crashed meanwhile
                await self._end(last)
        await self._stopped.wait()

    def crash(self) -> None:
        """The process dies by itself."""
        if self.state == "starting" and self._starting is not None:
            self._why = EXITED
            self._starting.cancel()
        elif self.state in ("ready", "stopping"):
            self.cut_calls()
            self._logs.warn(f"<{self.model.id}> upstream process exited unexpectedly")
            backend, self._backend = self._backend, None
            self._stopped.set()
            self._set("stopped")
            if backend is not None:
                self._closing = asyncio.get_running_loop().create_task(backend.close())

    async def gone(self) -> None:
        """After a crash: waits until nothing is left of it."""
        if self._closing is not None:
            await self._closing

    def detach(self) -> None:
        """Changes are told to nobody any more."""
        self._changed = lambda: None

    def cut_calls(self) -> None:
        for call in list(self.calls):
            call.cut()

    async def _end(self, last: str) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            await backend.close()
        self._stopped.set()
        self._set(last)

    def _set(self, state: str) -> None:
        self.state = state
        self._changed()

    def _say(self, line: str) -> None:
        self._logs.from_model(self.model.id, line)

    def _gguf(self) -> str:
        words = self.cmd.split()
        return words[words.index("-m") + 1] if "-m" in words[:-1] else f"{self.model.id}.gguf"


class LaunchedServer(HttpBackend):
    """A real server that was started for one load, and ends with it."""

    def __init__(self, url: str, stop: Callable[[], object]) -> None:
        super().__init__(url)
        self._stop = stop

    async def close(self) -> None:
        await super().close()
        ended = self._stop()
        if asyncio.iscoroutine(ended):
            await ended
