"""What a person asks a host to do: load, unload, cancel. Whether it may be done is the gateway's to judge.

Each host loads one model at a time: a second load waits for the first, since hosts push one model out for another.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol

from boocontrol.core.api import Host
from boocontrol.core.refs import ModelRef
from boocontrol.hosts.actions_load import LONG_S, Load, cancelled_words, run, state_of
from boocontrol.hosts.monitor import Monitor
from boocontrol.hosts.openai import unsupported
from boocontrol.hosts.tasks import cancel, spawn
from boocontrol.hosts.view import HostView

log = logging.getLogger(__name__)

KEPT_S: Final = 3600.0
KEPT: Final = 20


class Story(Protocol):
    """Who keeps what was asked of hosts, and by whom. `by` is a client's name, empty when it is not known."""

    def load_asked(self, ref: ModelRef, by: str) -> None:
        """A load was asked for."""

    def load_ended(self, ref: ModelRef, by: str, state: str, reason: str, seconds: float) -> None:
        """A load ended: loaded, failed or cancelled, so many seconds after its host was asked."""

    def unload_asked(self, provider_id: str, wire_id: str | None, by: str) -> None:
        """An unload was asked for; None is all models of the host."""

    def cut(self, ref: ModelRef, by: str, detail: str) -> None:
        """A request was cut by an unload; `detail` names it."""


class NoStory:
    """Keeps nothing."""

    def load_asked(self, ref: ModelRef, by: str) -> None:
        """Not kept."""

    def load_ended(self, ref: ModelRef, by: str, state: str, reason: str, seconds: float) -> None:
        """Not kept."""

    def unload_asked(self, provider_id: str, wire_id: str | None, by: str) -> None:
        """Not kept."""

    def cut(self, ref: ModelRef, by: str, detail: str) -> None:
        """Not kept."""


class Lane:
    """The loads of one host: the one that runs, those that wait, and those that ended lately.

    While its host unloads something (`unloading` counts that) none begins: it might be ended along with it.
    """

    def __init__(self) -> None:
        self.running: Load | None = None
        self.unloading = 0
        self.waiting: deque[Load] = deque()
        self.ended: deque[Load] = deque(maxlen=KEPT)

    def find(self, ref: ModelRef) -> Load | None:
        """The load of this model that runs or waits."""
        here = (self.running, *self.waiting)
        return next((load for load in here if load is not None and load.ref == ref), None)

    def loads(self, now: float) -> tuple[Load, ...]:
        """All of them, in the order of the asking; of those that ended only the last of each model."""
        present = [load for load in (self.running, *self.waiting) if load is not None]
        last = {load.ref: load for load in self.ended if now - load.ended_at <= KEPT_S}
        return (*last.values(), *present)


class Actions:
    """Loads in the background, one after the other on each host; unloads at once.

    `on_end(ref, complaint)` is called when a load ends, with what went wrong or None; `on_change(provider_id)` when
    what is shown of its loads has changed. `clock` is in unix seconds; a load that takes `long_s` says so.
    """

    def __init__(
        self,
        monitor: Monitor,
        on_end: Callable[[ModelRef, str | None], None] = lambda ref, words: None,
        *,
        on_change: Callable[[str], None] = lambda provider_id: None,
        story: Story | None = None,
        clock: Callable[[], float] = time.time,
        long_s: float = LONG_S,
    ) -> None:
        self._monitor = monitor
        self._on_end = on_end
        self._on_change = on_change
        self._story = story or NoStory()
        self._clock = clock
        self._long_s = long_s
        self._lanes: dict[str, Lane] = {}
        monitor.adding.append(self._add)

    @property
    def loading(self) -> tuple[ModelRef, ...]:
        """Loads that were asked for and have not ended."""
        lanes = self._lanes.values()
        return tuple(load.ref for lane in lanes for load in (lane.running, *lane.waiting) if load is not None)

    def is_loading(self, ref: ModelRef) -> bool:
        """Whether a load of this model runs or waits, whoever asked for it. Raises KeyError."""
        lane = self._lanes.get(ref.provider, Lane())
        return lane.find(ref) is not None or state_of(self._monitor.view(ref.provider), ref) == "starting"

    def ahead(self, ref: ModelRef) -> int:
        """How many loads of its host come before one of this model."""
        lane = self._lanes.get(ref.provider, Lane())
        before = [load for load in (lane.running, *lane.waiting) if load is not None]
        return next((i for i, load in enumerate(before) if load.ref == ref), len(before))

    def load(self, ref: ModelRef, by: str = "") -> None:
        """Ask for a model; the call returns at once.

        Raises KeyError for an unknown provider, Unreachable, and BadAnswer for a kind of host that loads by itself.
        """
        if self._monitor.view(ref.provider).provider.kind == "openai":
            raise unsupported()
        lane = self._lanes.setdefault(ref.provider, Lane())
        if lane.find(ref) is not None:
            return
        self._monitor.client(ref.provider)
        lane.waiting.append(Load(ref, by, self._clock()))
        self._story.load_asked(ref, by)
        self._on_change(ref.provider)
        self._go_on(lane)

    async def cancel(self, ref: ModelRef, by: str = "") -> bool:
        """End a load, whether it runs or waits; false when there is none of this model.

        Also one that others asked for: a model that starts is put out of memory. Raises as `unload` does.
        """
        lane = self._lanes.get(ref.provider, Lane())
        load = lane.find(ref)
        if load is None:
            if state_of(self._monitor.view(ref.provider), ref) != "starting":
                return False
            await self.unload(ref, by)
            return True
        if load is not lane.running:
            self._give_up(lane, load, by)
            return True
        client = self._monitor.client(ref.provider)
        await self._out(ref.provider, lambda other: other is load, by, client.unload(ref.model))
        return True

    async def unload(self, ref: ModelRef, by: str = "") -> None:
        """Put a model out of memory, also one that is loading; a load of it that waits is cancelled.

        Raises Unreachable, HostRefused, BadAnswer.
        """
        self._story.unload_asked(ref.provider, ref.model, by)
        real = self._real(ref)
        await self._out(
            *(ref.provider, lambda load: self._real(load.ref) == real, by),
            self._monitor.client(ref.provider).unload(ref.model),
        )

    async def unload_all(self, provider_id: str, by: str = "") -> None:
        """Put all models of a host out of memory, and cancel its loads. Raises as `unload` does."""
        self._story.unload_asked(provider_id, None, by)
        await self._out(provider_id, lambda load: True, by, self._monitor.client(provider_id).unload_all())

    async def _out(
        self, provider_id: str, of: Callable[[Load], bool], by: str, asking: Coroutine[Any, Any, None]
    ) -> None:
        """Ask for an unload; loads of the same models are then over, and nothing brings them back."""
        lane = self._lanes.setdefault(provider_id, Lane())
        waiting = [load for load in lane.waiting if of(load)]
        running = lane.running if lane.running is not None and of(lane.running) else None
        if running is not None and running.cancelled_by is None:
            running.cancelled_by = by
        else:
            running = None
        lane.unloading += 1
        try:
            await asking
            if running is not None:
                running.given_up.set()
            for load in [load for load in waiting if load in lane.waiting]:
                self._give_up(lane, load, by)
        except BaseException:
            if running is not None:
                running.cancelled_by = None
            raise
        finally:
            lane.unloading -= 1
            self._monitor.refresh(provider_id)
            self._go_on(lane)

    def _give_up(self, lane: Lane, load: Load, by: str) -> None:
        """A load that waits is cancelled."""
        lane.waiting.remove(load)
        load.end("cancelled", cancelled_words(by), self._clock())
        self._ended(lane, load)

    async def cancel_request(self, ref: ModelRef, request_id: str, by: str = "", path: str = "") -> None:
        """End a request of this model that runs on its host, by the host's own id of it. Raises as `unload` does."""
        await self._monitor.client(ref.provider).cancel_request(request_id)
        self._story.cut(ref, by, f"{path or 'a request'} of other")

    def cut(self, ref: ModelRef, by: str, detail: str) -> None:
        """An unload cut a request: kept in the story."""
        self._story.cut(ref, by, detail)

    async def stop(self) -> None:
        """Wait for no load any longer; the hosts go on loading."""
        lanes, self._lanes = self._lanes, {}
        for lane in lanes.values():
            lane.waiting.clear()
        tasks = [lane.running.task for lane in lanes.values() if lane.running is not None]
        await asyncio.gather(*(cancel(task) for task in tasks if task is not None))

    def _go_on(self, lane: Lane) -> None:
        """Begin the next load, unless something is under way."""
        if lane.running is not None or lane.unloading or not lane.waiting:
            return
        load = lane.running = lane.waiting.popleft()
        load.state, load.began_at = "loading", self._clock()
        load.task = spawn(self._run(lane, load), f"load {load.ref}")
        self._on_change(load.ref.provider)

    async def _run(self, lane: Lane, load: Load) -> None:
        loop, provider_id = asyncio.get_running_loop(), load.ref.provider
        timer = loop.call_later(self._long_s, self._on_change, provider_id)
        try:
            await run(load, self._monitor, self._clock)
        except Exception:
            # Whatever it is, the loads behind this one must not wait for ever.
            log.exception("load %s", load.ref)
            load.end("failed", "The gateway stumbled over it; its log tells more.", self._clock())
        finally:
            timer.cancel()
            self._monitor.refresh(provider_id)
        lane.running = None
        self._go_on(lane)
        self._ended(lane, load)

    def _ended(self, lane: Lane, load: Load) -> None:
        lane.ended.append(load)
        seconds = load.ended_at - load.began_at if load.began_at else 0.0
        self._story.load_ended(load.ref, load.by, load.state, load.reason, seconds)
        self._on_change(load.ref.provider)
        self._on_end(load.ref, load.reason if load.state == "failed" else None)

    def _add(self, host: Host) -> Host:
        """What is shown of a host's loads."""
        lane = self._lanes.get(host.id)
        if lane is None:
            return host
        now, view = self._clock(), self._view(host.id)
        loads = tuple(load.progress(view, now, self._long_s) for load in lane.loads(now))
        return host.model_copy(update={"queue": tuple(load.queued() for load in lane.waiting), "loads": loads})

    def _real(self, ref: ModelRef) -> ModelRef:
        return ModelRef(ref.provider, self._monitor.real_name(ref.provider, ref.model))

    def _view(self, provider_id: str) -> HostView | None:
        try:
            return self._monitor.view(provider_id)
        except KeyError:
            return None
