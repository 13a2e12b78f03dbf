"""Logs of hosts as they come: followed while a page wants them, waiting here until it takes them, bounded."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QObject, Signal

from boocontrol.client.errors import NotFound
from boocontrol.core.errors import BadInput, BooError
from boocontrol.core.logs import LogEnd, LogGap, LogLive, LogNews, LogSource, LogText
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.tasks import first_of, spawn

# Lines wait while the page is paused or scrolled up; what is more than this is dropped and told.
MOST_WAITING: Final = 4 * 1024 * 1024
PAUSES_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0)

State = Literal["asking", "live", "ended", "lost"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is followed: hosts by id, and which of their logs. `model` is for the source "model"."""

    hosts: tuple[str, ...] = ()
    source: LogSource = "all"
    model: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a host told. `lines` is how many lines it holds."""

    host: str
    news: LogText | LogGap
    lines: int


class LogsStore(QObject):
    """What the chosen hosts write. `arrived`: something waits. `changed`: a host is followed in another way."""

    arrived = Signal()
    changed = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice = Choice()
        self.states: dict[str, State] = {}
        self.whys: dict[str, str] = {}
        self.waiting_lines = 0
        self.following = False
        self._connection = connection
        self._waiting: deque[Told] = deque()
        self._size = 0
        self._dropped: dict[str, int] = {}
        self._tasks: list[asyncio.Task[object]] = []
        self._hurry = asyncio.Event()
        connection.changed.connect(self._connection_changed)

    def follow(self, choice: Choice) -> None:
        """Follow this from now on, what was kept first; what waits of another choice is forgotten."""
        self.stop()
        self.choice = choice
        self.states = dict.fromkeys(choice.hosts, "asking")
        self.whys = {}
        self.following = True
        self._begin()
        self.changed.emit()

    def stop(self) -> None:
        """Follow nothing, and forget what waits."""
        self.following = False
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        self._waiting.clear()
        self._dropped.clear()
        self._size = self.waiting_lines = 0

    def take_some(self, most: int) -> list[Told]:
        """The oldest of what waits, about `most` lines; a mark first where something was dropped."""
        taken = [
            Told(host, LogGap(bytes=n, why=self.tr("dropped: too much was waiting here")), 0)
            for host, n in self._gone()
        ]
        lines = 0
        while self._waiting and lines < most:
            told = self._waiting.popleft()
            self._size -= _size(told)
            self.waiting_lines -= told.lines
            lines += told.lines
            taken.append(told)
        return taken

    def hear(self, host: str, news: LogNews) -> None:
        """A host told this; also the way for tests and pictures."""
        if isinstance(news, LogLive):
            self._set(host, "live")
        elif isinstance(news, LogEnd):
            self._set(host, "ended", news.why)
        else:
            self._keep(Told(host, news, news.text.count("\n") + 1 if isinstance(news, LogText) else 0))
            self.arrived.emit()

    def _keep(self, told: Told) -> None:
        self._waiting.append(told)
        self._size += _size(told)
        self.waiting_lines += told.lines
        while self._size > MOST_WAITING and len(self._waiting) > 1:
            oldest = self._waiting.popleft()
            self._size -= _size(oldest)
            self.waiting_lines -= oldest.lines
            self._dropped[oldest.host] = self._dropped.get(oldest.host, 0) + _size(oldest)

    def _gone(self) -> list[tuple[str, int]]:
        gone, self._dropped = list(self._dropped.items()), {}
        return gone

    # --- following ---

    def _begin(self) -> None:
        """Nobody is asked before there is a gateway."""
        if self.following and not self._tasks and self._connection.state == "connected":
            choice = self.choice
            self._tasks = [spawn(self, self._follow(host, choice), self._failed(host)) for host in choice.hosts]

    async def _follow(self, host: str, choice: Choice) -> None:
        """As long as the host can tell anything, whatever happens to the gateway."""
        tries, before = 0, False
        while True:
            self._hurry.clear()
            began = time.monotonic()
            try:
                ended = await self._once(host, choice, history=not before)
                if ended and self.states.get(host) != "live":
                    self._set(host, "ended", ended)
                    return
                self._lose(host, ended)
            except (NotFound, BadInput) as e:
                self._set(host, "ended", str(e))
                return
            except BooError as e:
                self._lose(host, str(e))
            before = before or self.states.get(host) == "lost"
            tries = 0 if time.monotonic() - began > PAUSES_S[-1] else tries + 1
            await first_of(asyncio.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)]), self._hurry.wait())

    async def _once(self, host: str, choice: Choice, *, history: bool) -> str:
        """One stream; why it ended, if that was told."""
        client = self._connection.need()
        stream = client.logs(host, choice.source, choice.model, history=history)
        async with aclosing(stream):
            async for news in stream:
                if isinstance(news, LogEnd):
                    return news.why
                self.hear(host, news)
        return ""

    def _lose(self, host: str, why: str) -> None:
        """Lines may be missing from here on: that is told once, where it happens."""
        if self.states.get(host) == "live":
            self.hear(host, LogGap(bytes=0, why=why or self.tr("The gateway ended the stream.")))
        self._set(host, "lost", why)

    def _failed(self, host: str) -> Callable[[Exception], None]:
        return lambda error: self._set(host, "lost", str(error))

    def _set(self, host: str, state: State, why: str = "") -> None:
        if (self.states.get(host), self.whys.get(host, "")) != (state, why):
            self.states[host], self.whys[host] = state, why
            self.changed.emit()

    def _connection_changed(self) -> None:
        if self._connection.state == "connected":
            self._hurry.set()
            self._begin()


def _size(told: Told) -> int:
    return len(told.news.text) + 1 if isinstance(told.news, LogText) else 64
