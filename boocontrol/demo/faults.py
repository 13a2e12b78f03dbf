"""The fault switch: what goes wrong on a host, and the port on which that is chosen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from boocontrol.demo.connection import HttpServer
from boocontrol.demo.exchange import Exchange
from boocontrol.demo.formats import go_json

if TYPE_CHECKING:
    from boocontrol.demo.host import SimHost

Options = dict[str, Any]


class Faults:
    """Faults that last are in `active` with their options; the others happen once."""

    def __init__(self, host: SimHost) -> None:
        self.host = host
        self.active: dict[str, Options] = {}
        self._once: dict[str, Callable[[Options], Awaitable[None]]] = {
            "crash": self._crash,
            "unload": self._unload,
            "reload": self._reload,
            "bad-reload": self._bad_reload,
            "resend-history": self._resend_history,
            "reset-ids": self._reset_ids,
            "giant-log": self._giant_log,
            "unknown-event": self._unknown_event,
        }
        self._lasting: dict[str, Callable[[Options], Awaitable[None]]] = {
            "kill": self._kill,
            "refuse": self._refuse,
            "shutdown": self._shutdown,
            "failed-start": self._failed_start,
            "half-open": self._half_open,
            "hang": self._nothing_else,
            "slow": self._nothing_else,
            "wrong-key": self._wrong_key,
            "drop-events": self._drop_events,
        }

    @property
    def names(self) -> list[str]:
        return sorted([*self._once, *self._lasting, "none"])

    async def set(self, name: str, options: Options) -> None:
        """Raises ValueError for a fault that there is not."""
        if name == "none":
            await self._none()
        elif name in self._once:
            await self._once[name](options)
        elif name in self._lasting:
            self.active[name] = options
            await self._lasting[name](options)
        else:
            raise ValueError(f"no such fault: {name} (known: {', '.join(self.names)})")

    async def before(self, exchange: Exchange) -> None:
        """What faults do to a request before it is answered."""
        if "hang" in self.active:
            await asyncio.get_running_loop().create_future()
        if "slow" in self.active:
            await asyncio.sleep(float(self.active["slow"].get("delay", 3.0)))

    async def _none(self) -> None:
        self.active.clear()
        await self.host.restart()

    # Those that last.

    async def _nothing_else(self, options: Options) -> None:
        pass

    async def _kill(self, options: Options) -> None:
        await self.host.kill(reset=bool(options.get("reset")))

    async def _refuse(self, options: Options) -> None:
        self.host.server.refuse()

    async def _shutdown(self, options: Options) -> None:
        await self.host.shutdown()

    async def _half_open(self, options: Options) -> None:
        self.host.server.silent = True

    async def _wrong_key(self, options: Options) -> None:
        self.host.state.wrong_key = True

    async def _drop_events(self, options: Options) -> None:
        hub = self.host.state.hub
        hub.dropping = True
        if options.get("close"):
            hub.end_all()

    async def _failed_start(self, options: Options) -> None:
        state, model = self.host.state, options.get("model")
        state.fail_starts = {model} if model else set()
        state.arm_failures()

    # Those that happen once.

    async def _crash(self, options: Options) -> None:
        wanted = options.get("model")
        for model_id, process in list(self.host.state.processes.items()):
            if wanted in (None, model_id):
                process.crash()

    async def _unload(self, options: Options) -> None:
        state, wanted = self.host.state, options.get("model")
        await state.scheduler.unload([wanted] if wanted else list(state.processes))

    async def _reload(self, options: Options) -> None:
        await self.host.reload()

    async def _bad_reload(self, options: Options) -> None:
        self.host.bad_reload()

    async def _resend_history(self, options: Options) -> None:
        state = self.host.state
        for kind, data in state.greeting():
            state.hub.publish(kind, data)
        for row in list(state.activity.rows):
            state.row_added(row)

    async def _reset_ids(self, options: Options) -> None:
        self.host.state.activity.reset()
        self.host.state.board.reset()

    async def _giant_log(self, options: Options) -> None:
        size = int(options.get("size", 100 * 1024))
        self.host.state.logs.info("x" * size)

    async def _unknown_event(self, options: Options) -> None:
        kind = str(options.get("type", "somethingNew"))
        data = options.get("data", {"hello": "world"})
        self.host.state.hub.publish(kind, lambda: data)


class FaultPort:
    """POST /__demo__/fault and GET /__demo__/state, on a port that no fault touches."""

    def __init__(self, faults: Faults, port: int) -> None:
        self._faults = faults
        self._port = port
        self._server = HttpServer(self._serve)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    async def start(self) -> None:
        await self._server.listen(self._port)

    async def stop(self) -> None:
        await self._server.close()

    async def _serve(self, exchange: Exchange) -> None:
        request = exchange.request
        if request.path == "/__demo__/state" and request.method == "GET":
            _answer(exchange, 200, self.describe())
        elif request.path == "/__demo__/fault" and request.method == "POST":
            await self._switch(exchange)
        else:
            _answer(exchange, 404, {"error": "GET /__demo__/state or POST /__demo__/fault"})

    async def _switch(self, exchange: Exchange) -> None:
        try:
            body = json.loads(exchange.request.body)
            if not isinstance(body, dict) or not {"fault", "version"} & set(body):
                raise ValueError('expected {"fault": name, ...} or {"version": name}')
            version = body.pop("version", None)
            if version is not None:
                self._faults.host.set_version(str(version))
            name = body.pop("fault", None)
            if name is not None:
                await self._faults.set(str(name), body)
        except ValueError as error:
            _answer(exchange, 400, {"error": str(error), "faults": self._faults.names})
            return
        _answer(exchange, 200, self.describe())

    def describe(self) -> dict[str, Any]:
        host = self._faults.host
        return {
            "name": host.config.name,
            "url": host.url,
            "version": host.config.version,
            "faults": self._faults.active,
            "listening": host.server.listening,
            "models": {m: process.state for m, process in host.state.processes.items()},
            "inflight": len(host.state.board),
            "listeners": len(host.state.hub),
            "requests": dict(host.recorder.counters),
        }


def _answer(exchange: Exchange, status: int, document: Any) -> None:
    body = f"{go_json(document)}\n".encode()
    exchange.respond(status, [("Content-Type", "application/json")], body)
