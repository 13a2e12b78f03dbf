"""The gateway's keeper: finds the one that runs, else starts one, again when it crashes; stops only its own."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import SecretStr
from PySide6.QtCore import QCoreApplication, QObject, Signal

from boocontrol.client import NoGateway
from boocontrol.core.errors import BooError
from boocontrol.core.values import plain
from boocontrol.desktop.child import Child, Launch, launcher
from boocontrol.desktop.connection import Connection, Find, local, remote
from boocontrol.desktop.tasks import first_of, spawn
from boocontrol.desktop.text import digits

State = Literal["stopped", "looking", "attached", "remote", "starting", "running", "waiting", "failed"]

COMMAND: Final = (sys.executable, "-m", "boocontrol.gateway")
EXIT_ANOTHER: Final = 8
EXIT_PORT_TAKEN: Final = 9
DELAYS_S: Final = (1.0, 2.0, 4.0, 8.0)
MANY: Final = 5
WINDOW_S: Final = 300.0
SLOW_S: Final = 20.0
TAKE_OVER_S: Final = 3.0
END_S: Final = 6.0
COUNT_S: Final = 2.0
SHOWN_LINES: Final = 10

translate = QCoreApplication.translate


class PortTaken(BooError):
    """Somebody else (`holder`, where known) listens on the gateway's port; `free` is one that was free just now."""

    code = "port_taken"

    def __init__(self, title: str, advice: str, holder: str | None, free: int | None) -> None:
        super().__init__(title, advice)
        self.holder = holder
        self.free = free


class Crashed(BooError):
    """The gateway ended by itself; `log` holds its last lines."""

    code = "gateway_crashed"

    def __init__(self, title: str, advice: str, log: tuple[str, ...]) -> None:
        super().__init__(title, advice)
        self.log = log


class NotOurs(BooError):
    """The gateway was started by something else and is left alone."""

    code = "not_ours"


class Supervisor(QObject):
    """`state` says how it stands, `problem` why not better; `ours` whether the gateway that runs was started here;
    `port` is the one that was chosen for it, None for the usual one.

    stopped; looking for one that runs; attached to one that something else started; remote: at an address, looked
    after by others; starting; running; waiting `delay` seconds after a crash; failed: given up, until start().
    """

    changed = Signal()

    def __init__(
        self,
        connection: Connection,
        registry: Path | None = None,
        parent: QObject | None = None,
        *,
        command: Sequence[str] = COMMAND,
        find: Find | None = None,
        launch: Launch | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        port: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.port = port
        self.state: State = "stopped"
        self.problem: BooError | None = None
        self.delay = 0.0
        self._connection = connection
        self._command = [*command, "--json"] + (["--registry", str(registry)] if registry else [])
        self._find = find or local(registry)
        self._launch = launch or launcher(self)
        self._clock = clock
        self._wait = wait
        self._child: Child | None = None
        self._task: asyncio.Task[None] | None = None
        self._crashes: deque[float] = deque(maxlen=MANY)
        self._lost = asyncio.Event()
        self._hurry = asyncio.Event()
        connection.changed.connect(self._connection_changed)

    @property
    def ours(self) -> bool:
        """Whether a gateway runs that was started here."""
        return self._child is not None

    @property
    def log(self) -> tuple[str, ...]:
        """The last lines of our gateway's log."""
        return self._child.tail if self._child else ()

    def start(self, *, port: int | None = None) -> None:
        """Find a gateway or start one, on another port than usual if given. While that goes on, it only ends a wait."""
        if self._task is not None:
            self._hurry.set()
            return
        self.port = port or self.port
        self._crashes.clear()
        self._connection.expect(True)
        self._connection.start(self._find)
        self._task = spawn(self, self._supervise(), self._broke)

    def use_usual_port(self) -> None:
        """Ask for no port of our own from the next start on."""
        self.port = None
        self.changed.emit()

    async def stop(self) -> None:
        """End our gateway and look after none. Raises NotOurs, with nothing done, when it is not ours."""
        if self.state in ("attached", "remote"):
            title = self.tr("This gateway was started by something else.")
            raise NotOurs(title, self.tr("Stop it where it was started, e.g. systemd."))
        await self.close()

    async def restart(self, *, port: int | None = None) -> None:
        """End our gateway and start it anew. Raises NotOurs."""
        await self.stop()
        self.start(port=port)

    async def use_remote(self, url: str, key: SecretStr | None) -> None:
        """Look at a gateway at an address from now on; ours ends. It is never started nor stopped from here."""
        await self.close()
        self._set("remote")
        self._connection.start(remote(url, key))

    async def close(self) -> None:
        """End what was started here, and nothing else: the end of the program. Takes no longer than END_S."""
        child, task = self._child, self._task
        self._task = None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        if child is not None:
            await _end(child)
        self._connection.stop()
        self._set("stopped")

    async def requests(self) -> int:
        """How many requests run through our gateway and would be cut by its end; 0 when it is not ours."""
        client = self._connection.client
        if not self.ours or client is None:
            return 0
        with suppress(BooError, TimeoutError):
            async with asyncio.timeout(COUNT_S):
                return (await client.status()).counts.in_flight
        return 0

    def take(self, state: State, problem: BooError | None = None) -> None:
        """Stand like this, with no gateway: for tests and pictures."""
        self._set(state, problem)

    # --- the loop ---

    async def _supervise(self) -> None:
        while True:
            self._set("looking", self.problem)
            if await self._found():
                await self._gone()
            elif not await self._lived():
                self._task = None
                return

    async def _found(self) -> bool:
        """Whether a gateway runs already; nobody who is found is started twice."""
        try:
            await self._find()
        except NoGateway:
            return False
        self._set("attached")
        self._connection.retry()
        return True

    async def _gone(self) -> None:
        """Return when the gateway that something else started is there no more, and was given time to come back."""
        self._lost.clear()
        await self._lost.wait()
        await self._wait(TAKE_OVER_S)

    def _connection_changed(self) -> None:
        if self._connection.state in ("lost", "starting") and self._connection.problem is not None:
            self._lost.set()
        elif self._connection.state == "connected" and self.state == "failed":
            # Given up, and somebody else has started one: it is attached to.
            self._task = self._task or spawn(self, self._supervise(), self._broke)

    async def _lived(self) -> bool:
        """Run a gateway of our own until it ends. True if the loop is to go on."""
        try:
            child = self._child = await self._launch(self._arguments())
        except OSError as e:
            why = e.strerror or type(e).__name__
            return self._give_up(BooError(self.tr("The gateway cannot be started: {why}.").format(why=why)))
        try:
            self._set("starting", self.problem)
            said = await self._listening(child)
            code = await child.ended()
        finally:
            # Also when this is cancelled: nothing that was started here is left behind.
            self._child = None
            child.terminate()
        return await self._after(code, said, child.tail)

    async def _listening(self, child: Child) -> dict[str, Any] | None:
        """What it said: that it listens, or why it does not. How long it takes is told, nothing waits for it."""
        slow = spawn(self, self._tell_slow())
        try:
            said = await child.said()
        finally:
            slow.cancel()
        if said is not None and "error" not in said:
            self._set("running")
            self._connection.retry()
        return said

    async def _tell_slow(self) -> None:
        await self._wait(SLOW_S)
        self._set("starting", BooError(self.tr("The gateway takes long to start."), self.tr("Look at its log.")))

    async def _after(self, code: int, said: dict[str, Any] | None, log: tuple[str, ...]) -> bool:
        refused = (said or {}).get("error")
        if code == EXIT_ANOTHER:
            return await self._another(said)
        if isinstance(refused, dict):
            return self._give_up(_refusal(code, said or {}))
        if code == 0:
            title = self.tr("The gateway was stopped from outside.")
            return self._give_up(BooError(title, self.tr("Start it again when you need it."), code="stopped_outside"))
        return await self._crashed(code, log)

    async def _another(self, said: dict[str, Any] | None) -> bool:
        """Another gateway has the registry but is still starting, or hangs: it is looked for again."""
        self._set("looking", _refusal(EXIT_ANOTHER, said or {}))
        await self._wait(DELAYS_S[0])
        return True

    async def _crashed(self, code: int, log: tuple[str, ...]) -> bool:
        now = self._clock()
        self._crashes.append(now)
        recent = sum(1 for at in self._crashes if now - at < WINDOW_S)
        if recent >= MANY:
            title = self.tr("The gateway ended {n} times in 5 minutes and is not started again (code {code}).")
            return self._give_up(_crash(title.format(n=recent, code=code), log))
        self.delay = DELAYS_S[recent - 1]
        title = self.tr("The gateway ended unexpectedly (code {code}) and is started again in {s} s.")
        self._set("waiting", _crash(title.format(code=code, s=digits(self.delay)), log))
        self._hurry.clear()
        await first_of(self._pause(self.delay), self._hurry.wait())
        return True

    async def _pause(self, seconds: float) -> None:
        await self._wait(seconds)

    def _arguments(self) -> list[str]:
        return [*self._command, *(["--port", str(self.port)] if self.port else [])]

    def _give_up(self, problem: BooError) -> bool:
        if self._connection.state != "connected":
            self._connection.take("lost", problem=problem)
        self._set("failed", problem)
        return False

    def _broke(self, error: Exception) -> None:
        self._task = None
        told = error if isinstance(error, BooError) else BooError(f"{type(error).__name__}: {plain(str(error))}")
        self._set("failed", told)

    def _set(self, state: State, problem: BooError | None = None) -> None:
        self.state, self.problem = state, problem
        coming = state in ("looking", "starting", "running", "waiting")
        self._connection.expect(coming, problem)
        self.changed.emit()


async def _end(child: Child) -> None:
    """A gateway ends its streams within 5 s of being asked; one that does not is killed."""
    child.terminate()
    try:
        await asyncio.wait_for(child.ended(), END_S)
    except TimeoutError:
        child.kill()
        await child.ended()


def _refusal(code: int, said: dict[str, Any]) -> BooError:
    """Why a gateway would not start, in its own words."""
    error = said.get("error")
    error = error if isinstance(error, dict) else {}
    title = plain(str(error.get("message") or translate("Supervisor", "The gateway did not start.")))
    advice = plain(str(said.get("advice") or ""))
    if code != EXIT_PORT_TAKEN:
        return BooError(title, advice, code=str(error.get("code") or "failed"))
    holder, free = said.get("holder"), said.get("freePort")
    advice = translate("Supervisor", "Choose another port.")
    if free:
        advice = translate("Supervisor", "Use port {port}, or free this one.").format(port=free)
    return PortTaken(title, advice, plain(holder) if isinstance(holder, str) else None, free)


def _crash(title: str, log: tuple[str, ...]) -> Crashed:
    last = "\n".join(log[-SHOWN_LINES:])
    return Crashed(title, translate("Supervisor", "Its last words:\n{log}").format(log=last) if last else "", log)
