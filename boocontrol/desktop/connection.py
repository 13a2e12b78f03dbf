"""The connection to one gateway: found, followed by its events, found again when it is lost. Knows no store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr
from PySide6.QtCore import QCoreApplication, QObject, Signal

from boocontrol import __version__
from boocontrol.client import Event, Gateway, GatewayClient, find_gateway, named_gateway
from boocontrol.core.errors import BooError, Unreachable
from boocontrol.desktop.sentences import told_error
from boocontrol.desktop.tasks import first_of, spawn

State = Literal["starting", "connected", "lost", "stopped"]
Find = Callable[[], Awaitable[Gateway]]
Wait = Callable[[float], Coroutine[Any, Any, None]]

translate = QCoreApplication.translate

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


class OtherVersion(BooError):
    """The gateway is of another version than this window. The connection works as far as both agree."""

    code = "other_version"


class Connection(QObject):
    """The gateway as the desktop sees it: `state`, and why (`problem`) since when (`since`, seconds of the epoch).

    starting: looked for, never seen yet; connected; lost: was there, or cannot be found, and is looked for again;
    stopped: nobody looks. `heard` passes on every event of the gateway: its kind, and its data as client.Event
    tells it. `gateway` and `client` are None unless connected.
    """

    changed = Signal()
    heard = Signal(str, object)

    def __init__(
        self,
        find: Find,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.time,
        wait: Wait = asyncio.sleep,
    ) -> None:
        super().__init__(parent)
        self.state: State = "stopped"
        self.problem: BooError | None = None
        self.since = clock()
        self.gateway: Gateway | None = None
        self.client: GatewayClient | None = None
        self._find = find
        self._clock = clock
        self._wait = wait
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._last_id: str | None = None
        self._expected = False
        self._hindrance: BooError | None = None

    @property
    def calm(self) -> bool:
        """Whether the gateway is looked for or started for the first time, and nothing went wrong so far."""
        return self.state == "starting" and self.problem is None

    def expect(self, expected: bool, hindrance: BooError | None = None) -> None:
        """Whether somebody is about to start a gateway: that none runs yet is then no problem, a hindrance is."""
        self._expected, self._hindrance = expected, hindrance
        if expected and self.state == "starting" and self.problem is not hindrance:
            self._set("starting", hindrance)

    def start(self, find: Find | None = None) -> None:
        """Look for the gateway from now on; with `find`, for another than before."""
        self._find = find or self._find
        self._end()
        self._set("starting")
        self._task = spawn(self, self._follow(), self._broke)

    def stop(self) -> None:
        """Look no more. The stores keep what they know."""
        self._end()
        self._set("stopped")

    def retry(self) -> None:
        """Try again at once instead of after the wait: F5, or a gateway that was just started."""
        self._hurry.set()

    def need(self) -> GatewayClient:
        """The client. Raises Unreachable while there is no gateway."""
        if self.client is None:
            title = self.problem.title if self.problem else self.tr("There is no connection to the gateway.")
            raise Unreachable(title, self.tr("Start the gateway, then try again."), code="no_gateway")
        return self.client

    def renewed(self, key: SecretStr) -> None:
        """The gateway has another key now, which the client uses already."""
        if self.gateway is not None:
            self.gateway = replace(self.gateway, key=key)
        self.changed.emit()

    def now(self) -> float:
        """The time, in seconds of the epoch."""
        return self._clock()

    def take(
        self,
        state: State,
        *,
        problem: BooError | None = None,
        since: float | None = None,
        gateway: Gateway | None = None,
        client: GatewayClient | None = None,
    ) -> None:
        """Be in this state, without any gateway: for tests and pictures."""
        self.gateway, self.client = gateway, client
        self._set(state, problem, since)

    def _set(self, state: State, problem: BooError | None = None, since: float | None = None) -> None:
        if since is not None or state != self.state:
            self.since = self._clock() if since is None else since
        self.state, self.problem = state, told_error(problem) if problem is not None else None
        self.changed.emit()

    def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = None
        self._last_id = None
        self.gateway = self.client = None

    def _broke(self, error: Exception) -> None:
        self._task = None
        told = error if isinstance(error, BooError) else BooError(f"{type(error).__name__}: {error}")
        self._set("lost", told)

    async def _follow(self) -> None:
        """Find, listen, and after a loss the same again, with longer and longer waits until something is heard."""
        tries = 0
        while True:
            heard = False
            self._hurry.clear()
            try:
                gateway = await self._find()
                async with GatewayClient.of(gateway, source="desktop") as client:
                    async with aclosing(client.events(self._last_id)) as stream:
                        async for event in stream:
                            if not heard:
                                heard, tries = True, 0
                                self._connected(gateway, client)
                            self._tell(event)
            except BooError as e:
                self._lost(e)
            await self._pause(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)])
            tries += 1

    def _connected(self, gateway: Gateway, client: GatewayClient) -> None:
        self.gateway, self.client = gateway, client
        self._set("connected", other_version(gateway))

    def _lost(self, problem: BooError) -> None:
        self.gateway = self.client = None
        never_seen = self.state == "starting" and problem.code == "no_gateway"
        told = self._hindrance if never_seen and self._expected else problem
        self._set("starting" if never_seen else "lost", told)

    def _tell(self, event: Event) -> None:
        self._last_id = event.id or self._last_id
        problem = told_error(event.problem) if event.problem is not None else None
        if problem is not None and self.gateway is not None and str(problem) != str(self.problem):
            # The rest is taken: a gateway of another version works as far as both agree.
            self._set("connected", other_version(self.gateway) or problem)
        if event.kind != "unreadable":
            self.heard.emit(event.kind, event.data)

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than until `retry`, and not at all when that was called since the last look."""
        await first_of(self._wait(seconds), self._hurry.wait())


def local(registry: Path | None = None) -> Find:
    """Finds the gateway of this machine that serves a registry file."""
    return partial(find_gateway, registry)


def remote(url: str, key: SecretStr | None) -> Find:
    """Finds the gateway at an address, with a key for it."""

    async def find() -> Gateway:
        return replace(await named_gateway(url), key=key)

    return find


def other_version(gateway: Gateway) -> BooError | None:
    """What to say about a gateway of another version."""
    if gateway.version == __version__:
        return None
    title = translate("Connection", "The gateway is version {gateway}, this window is version {window}.")
    advice = translate("Connection", "Restart the gateway, so that both are the same version.")
    return OtherVersion(title.format(gateway=gateway.version, window=__version__), advice)
