"""Who may use which model when: one load at a time, eviction, queue, limits, idle time."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from boocontrol.demo.config import GroupConfig, HostConfig
from boocontrol.demo.logs import LogBook
from boocontrol.demo.process import ModelProcess, StartFailed

UNLOADED = "group: model unloaded"


class TooMany(Exception):
    """The concurrency limit of the model is reached."""


@dataclass(eq=False)
class _Waiter:
    model: str
    granted: asyncio.Future[None]


class Scheduler:
    """First come, first served; a busy model is evicted when its requests have ended."""

    def __init__(self, config: HostConfig, processes: dict[str, ModelProcess], logs: LogBook) -> None:
        self.processes = processes
        self._groups = {group.id: group for group in config.groups}
        self._logs = logs
        self._queue: list[_Waiter] = []
        self._active: Counter[str] = Counter()
        self._swapping: set[str] = set()
        self._called_off: set[str] = set()  # unloaded before their start began
        self._idle_timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.closed = False

    def active(self, model_id: str) -> int:
        return self._active[model_id]

    def check(self, model_id: str) -> None:
        """Raises TooMany; those who wait for a load count."""
        queued = sum(waiter.model == model_id for waiter in self._queue)
        if self._active[model_id] + queued >= self.processes[model_id].model.limit:
            raise TooMany

    async def acquire(self, model_id: str) -> None:
        """Waits until the model is ready and it is our turn. Raises TooMany or StartFailed.

        Who leaves while it waits does not stop the load.
        """
        self.check(model_id)
        waiter = _Waiter(model_id, asyncio.get_running_loop().create_future())
        self._queue.append(waiter)
        self.pump()
        try:
            await waiter.granted
        except asyncio.CancelledError:
            if waiter.granted.done() and not waiter.granted.cancelled():
                self.release(model_id)
            raise
        finally:
            if waiter in self._queue:
                self._queue.remove(waiter)
                self.pump()

    def release(self, model_id: str) -> None:
        self._active[model_id] -= 1
        self._watch_idle(model_id)
        self.pump()

    # Swapping.

    def pump_soon(self) -> None:
        """For those in the middle of a change."""
        asyncio.get_running_loop().call_soon(self.pump)

    def pump(self) -> None:
        """Gives out what can be given; to be called after every change of a state."""
        if self.closed:
            return
        wanted_out: set[str] = set()
        for waiter in list(self._queue):
            if waiter.granted.done():
                continue  # it has left, and is about to take itself off the queue
            model = self.processes[waiter.model]
            if model.state == "ready" and waiter.model not in wanted_out | self._swapping:
                self._queue.remove(waiter)
                self._active[waiter.model] += 1
                self._stop_timer(waiter.model)
                waiter.granted.set_result(None)
            elif model.state == "stopped" and not self._swapping:
                victims = self._victims(waiter.model)
                wanted_out.update(victim.model.id for victim in victims)
                if not any(self._busy(victim) for victim in victims):
                    self._swapping.add(waiter.model)
                    self._spawn(self._swap(waiter.model, victims))
            elif model.state in ("stopped", "stopping"):
                wanted_out.update(victim.model.id for victim in self._victims(waiter.model))

    def _busy(self, victim: ModelProcess) -> bool:
        return self._active[victim.model.id] > 0 or victim.state in ("starting", "stopping")

    async def _swap(self, model_id: str, victims: list[ModelProcess]) -> None:
        try:
            # One after the other, so that the last stop and the start are told as one change.
            for victim in victims:
                await victim.stop()
            if model_id in self._called_off:
                raise StartFailed("aborted")
            await self.processes[model_id].start()
        except StartFailed as failure:
            self._logs.warn(f"group: starting {model_id} failed: {failure}")
            self.fail_waiters(model_id, str(failure))
        finally:
            self._swapping.discard(model_id)
            self._called_off.discard(model_id)
            self._watch_idle(model_id)
            self.pump()

    def _victims(self, model_id: str) -> list[ModelProcess]:
        group = self._group(model_id)
        return [
            process
            for process in self.processes.values()
            if process.model.id != model_id
            and process.state != "stopped"
            and self._pushed_out(group, self._group(process.model.id))
        ]

    def _pushed_out(self, group: GroupConfig, other: GroupConfig) -> bool:
        if group.id == other.id:
            return group.swap
        return group.exclusive and not other.persistent

    def _group(self, model_id: str) -> GroupConfig:
        name = self.processes[model_id].model.group
        return self._groups.get(name) or GroupConfig(name)

    # Unloading.

    async def unload(self, models: Iterable[str], last: str = "stopped") -> None:
        """Cuts what they answer, turns those away who wait for them, and waits until gone."""
        chosen = list(models)
        self._called_off.update(self._swapping.intersection(chosen))
        for model_id in chosen:
            self._stop_timer(model_id)
            self.fail_waiters(model_id, UNLOADED)
        await asyncio.gather(*(self.processes[model_id].stop(last) for model_id in chosen))
        self.pump()

    def fail_waiters(self, model_id: str, why: str) -> None:
        for waiter in [waiter for waiter in self._queue if waiter.model == model_id]:
            self._queue.remove(waiter)
            if not waiter.granted.done():
                waiter.granted.set_exception(StartFailed(why))

    def detach(self) -> None:
        """Its processes end unseen."""
        for process in self.processes.values():
            process.detach()

    async def kill(self) -> None:
        """The process of the host ends, and those of its models with it."""
        self.closed = True
        for model_id, process in self.processes.items():
            self._stop_timer(model_id)
            self.fail_waiters(model_id, UNLOADED)
            process.crash()
        await self._end_tasks()
        for process in self.processes.values():
            await process.gone()

    async def close(self, last: str = "stopped") -> None:
        """Ends all; nothing starts any more."""
        self.closed = True
        await self.unload(self.processes, last)
        await self._end_tasks()

    async def _end_tasks(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Idle time.

    def _watch_idle(self, model_id: str) -> None:
        process = self.processes[model_id]
        self._stop_timer(model_id)
        if process.ttl <= 0 or process.state != "ready" or self._active[model_id] or self.closed:
            return
        # Looked at once a second, counted from the moment it was ready.
        loop = asyncio.get_running_loop()
        due = loop.time() + process.ttl
        ticks = math.ceil(due - process.ready_at)
        self._idle_timers[model_id] = loop.call_at(
            process.ready_at + ticks, lambda: self._spawn(self._expire(model_id))
        )

    def _stop_timer(self, model_id: str) -> None:
        timer = self._idle_timers.pop(model_id, None)
        if timer is not None:
            timer.cancel()

    async def _expire(self, model_id: str) -> None:
        process = self.processes[model_id]
        if self._active[model_id] or process.state != "ready":
            return
        self._logs.info(f"<{model_id}> Unloading model, TTL of {process.ttl}s reached")
        await process.stop()
        self.pump()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
