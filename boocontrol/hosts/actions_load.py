"""One load from the asking to its end, judged by what the host says of the model and never by how it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from boocontrol.core.api import LoadProgress, QueuedLoad
from boocontrol.core.catalog import ModelState
from boocontrol.core.errors import BooError
from boocontrol.core.refs import ModelRef
from boocontrol.hosts.monitor import Monitor
from boocontrol.hosts.tasks import spawn
from boocontrol.hosts.view import HostView, moment

BEGUN_S: Final = 0.5
LONG_S: Final = 600.0
_UNDER_WAY: Final = ("starting", "stopping", "shutdown")
_COMING: Final = ("starting", "ready")

LoadState = Literal["queued", "loading", "loaded", "failed", "cancelled"]


@dataclass(eq=False, slots=True)
class Load:
    """A load as it stands. Times are unix seconds, 0 is not yet.

    `cancelled_by` is set once somebody cancelled it, `given_up` when its host has been told so.
    """

    ref: ModelRef
    by: str
    asked_at: float
    state: LoadState = "queued"
    began_at: float = 0.0
    ended_at: float = 0.0
    reason: str = ""
    cancelled_by: str | None = None
    given_up: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    def queued(self) -> QueuedLoad:
        """The load in its host's queue."""
        return QueuedLoad(ref=str(self.ref), asked_at=self._asked, by=self.by)

    def progress(self, view: HostView | None, now: float, long_s: float = LONG_S) -> LoadProgress:
        """The load as the control API tells it; `view` is the host as it is now."""
        reason = self.reason
        if self.state == "loading" and view is not None:
            reason = waiting_words(view, self.ref, now - self.began_at, long_s)
        return LoadProgress(
            ref=str(self.ref),
            state=self.state,
            asked_at=self._asked,
            by=self.by,
            began_at=moment(self.began_at),
            ended_at=moment(self.ended_at),
            reason=reason,
        )

    @property
    def _asked(self) -> datetime:
        return datetime.fromtimestamp(self.asked_at, UTC)

    def end(self, state: LoadState, reason: str, at: float) -> None:
        """It is over."""
        self.state, self.reason, self.ended_at = state, reason, at


def state_of(view: HostView, ref: ModelRef) -> ModelState:
    """What the host says of a model now; unknown while it does not answer or does not tell."""
    if not view.tells_states or not view.health.answers:
        return "unknown"
    running = view.running.get(view.real_name(ref.model))
    return running.state if running is not None else "stopped"


def waiting_words(view: HostView, ref: ModelRef, seconds: float, long_s: float) -> str:
    """Why a load has not ended, as far as the host tells; empty while there is nothing to say."""
    state = state_of(view, ref)
    words = ""
    if state == "stopped" and seconds >= BEGUN_S:
        words = "The host has not begun: it lets running requests end first." if view.flying > 1 else ""
    if seconds >= long_s:
        took = f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"
        words = f"It has not ended after {took}; the host says {state}. {words}".rstrip()
    return words


async def run(load: Load, monitor: Monitor, clock: Callable[[], float]) -> None:
    """Ask the host and wait until its state tells how it went; the load is then ended."""
    try:
        state, reason = await _judged(load, monitor)
    except BooError as e:
        state, reason = "failed", str(e)
    except KeyError:
        state, reason = "failed", "Its provider was taken out of the registry."
    if load.cancelled_by is not None and state != "loaded":
        state, reason = "cancelled", cancelled_words(load.cancelled_by)
    load.end(state, reason, clock())


def cancelled_words(by: str) -> str:
    """Who ended a load."""
    return f"Cancelled by {by}." if by else "Cancelled."


async def _judged(load: Load, monitor: Monitor) -> tuple[LoadState, str]:
    """Raises BooError when the host cannot be asked, KeyError when it is no longer one of ours."""
    provider, ref = load.ref.provider, load.ref
    was_ready = state_of(monitor.view(provider), ref) == "ready"
    asking = monitor.client(provider).load(ref.model)
    answer = spawn(asking, f"wait for {ref}", expected=(BooError,))
    looked = monitor.ask(provider)
    waker = asyncio.get_running_loop().call_later(BEGUN_S, monitor.refresh, provider)
    asked: Callable[[], bool] | None = None
    ending: Callable[[], bool] | None = None
    ended = False
    try:
        while True:
            view = monitor.view(provider)
            state = state_of(view, ref)
            given_up = load.given_up.is_set() and not (ended or answer.done())
            if state == "ready" and (answer.done() or not was_ready) and not given_up:
                return "loaded", ""
            if (reason := _gone(view, looked=looked())) is not None:
                return "failed", reason
            if given_up and ending is None:
                ending = monitor.ask(provider)
            elif given_up and ending is not None and ending():
                ended, asked = True, ending
                if state in _COMING:  # it was told to end the load before it had begun with it
                    asked = await _unloaded_again(monitor, ref)
                continue
            elif asked is None and answer.done():
                asked = monitor.ask(provider)  # what is known may be older than that
            elif asked is not None and asked() and state not in _UNDER_WAY:
                if view.health.answers and view.health.failures == 0:
                    return _without_model(view, ref, answer)
                asked = monitor.ask(provider)
            await _next(monitor, load, answer)
    finally:
        waker.cancel()
        answer.cancel()


def _gone(view: HostView, *, looked: bool) -> str | None:
    """Why the host loads nothing; None while it may. What was held of it before it was looked at may be old news."""
    health = view.health
    returning = health.state == "down" and health.failures == 0
    if health.state == "paused" or (health.state in ("down", "needs_key") and looked and not returning):
        return health.reason or f"The host is {health.state.replace('_', ' ')}."
    return None


async def _unloaded_again(monitor: Monitor, ref: ModelRef) -> Callable[[], bool]:
    with suppress(BooError):
        await monitor.client(ref.provider).unload(ref.model)
    return monitor.ask(ref.provider)


async def _next(monitor: Monitor, load: Load, answer: asyncio.Task[str | None]) -> None:
    """Wait for any news: of hosts, of the answer, of the load being given up."""
    signs = [asyncio.ensure_future(monitor.next())]
    if not load.given_up.is_set():
        signs.append(asyncio.ensure_future(_true(load.given_up)))
    try:
        waited = {*signs} if answer.done() else {*signs, answer}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for sign in signs:
            sign.cancel()


async def _true(event: asyncio.Event) -> None:
    await event.wait()


def _without_model(view: HostView, ref: ModelRef, answer: asyncio.Task[str | None]) -> tuple[LoadState, str]:
    """The host does not have the model in memory, or cannot tell, now that it has answered or was given up."""
    if not answer.done():
        return "cancelled", ""
    error = answer.exception()
    complaint = str(error) if error is not None else answer.result()
    if complaint is None and not _can_tell(view, ref):
        return "loaded", "The host does not tell the state of this name; it answered without an error."
    return "failed", complaint or "The host answered, but the model is not in memory now."


def _can_tell(view: HostView, ref: ModelRef) -> bool:
    """False for a host without states, and for a name that may be an alias of a model that is ready."""
    known = view.inventory is not None and view.real_name(ref.model) in view.inventory.records
    return view.tells_states and (known or not any(m.state == "ready" for m in view.running.values()))
