"""What runs on the hosts now, and how fast: from the event `activity`, kept for the line of the last minutes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from boocontrol.client import GatewayClient
from boocontrol.core.activity import ActivityNews, ActivityRow
from boocontrol.core.api import EventSnapshot, Host
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.stores.together import Together
from boocontrol.desktop.tasks import spawn

SPAN_S: Final = 300.0
POINTS: Final = 60
KEPT: Final = 600
FIRST_ROWS: Final = 100
SPEEDS_KEPT: Final = 500


class LiveStore(QObject):
    """`running`: the requests that run through the gateway. `speed(ref)`: output tokens a second of the model's last
    answer. `rate(host)`: of all that runs there, each at its model's last speed. None is unknown."""

    changed = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.running: tuple[ActivityRow, ...] = ()
        self._speeds: dict[str, float] = {}
        self._told: dict[str, dict[str, int]] = {}
        self._lines: dict[str, deque[tuple[float, float]]] = {}
        self._connection = connection
        self._asked_of: GatewayClient | None = None
        self._together = Together(self.changed.emit, self)
        connection.changed.connect(self._follow)
        connection.heard.connect(self._on_event)

    def want(self) -> None:
        """Somebody looks: ask once for the last requests, which tell the speeds of models. Fails in silence."""
        client = self._connection.client
        if client is None or client is self._asked_of:
            return
        self._asked_of = client

        async def ask() -> None:
            rows = (await client.activity(limit=FIRST_ROWS)).data
            self.take([r for r in rows if r.outcome == "running"], [r for r in rows if r.outcome != "running"])

        spawn(self, ask(), lambda _error: None)

    def take(self, running: Iterable[ActivityRow], ended: Sequence[ActivityRow] = ()) -> None:
        """These run now, and these have ended, newest first."""
        self._put(running, ended)
        self.changed.emit()

    def _put(self, running: Iterable[ActivityRow], ended: Sequence[ActivityRow]) -> None:
        self.running = tuple(running)
        for row in reversed(ended):
            if row.output_tokens_per_second:
                self._speeds.pop(row.ref, None)
                self._speeds[row.ref] = row.output_tokens_per_second
        while len(self._speeds) > SPEEDS_KEPT:
            self._speeds.pop(next(iter(self._speeds)))
        for provider in {row.provider for row in (*self.running, *ended)} | self._lines.keys():
            self._note(provider)

    def take_host(self, host: Host) -> None:
        """A host told what runs on it, whoever asked."""
        if host.requests is None:
            self._told.pop(host.id, None)
        else:
            counted: dict[str, int] = {}
            for request in host.requests:
                ref = f"{host.id}/{request.model}"
                counted[ref] = counted.get(ref, 0) + 1
            self._told[host.id] = counted
        self._note(host.id)

    def rows(self, provider: str) -> tuple[ActivityRow, ...]:
        """The requests that run on a host through the gateway, the oldest first."""
        return tuple(sorted((row for row in self.running if row.provider == provider), key=lambda row: row.time))

    def running_on(self, provider: str) -> dict[str, int]:
        """How many requests run on each model of a host: as it tells, else as the gateway knows."""
        ours: dict[str, int] = {}
        for row in self.running:
            if row.provider == provider:
                ours[row.ref] = ours.get(row.ref, 0) + 1
        told = self._told.get(provider, {})
        return {ref: max(ours.get(ref, 0), told.get(ref, 0)) for ref in ours.keys() | told.keys()}

    def in_flight(self, host: Host) -> int:
        """How many requests run on a host: its own news come with its health, those of the gateway at once."""
        return max(host.in_flight, sum(self.running_on(host.id).values()))

    def speed(self, ref: str) -> float | None:
        """Output tokens a second of the last answer of this model that told them."""
        return self._speeds.get(ref)

    def rate(self, provider: str) -> float | None:
        """Output tokens a second of what runs on a host. 0 when nothing runs, None when no speed is known."""
        on = self.running_on(provider)
        known = [count * self._speeds[ref] for ref, count in on.items() if ref in self._speeds]
        return sum(known) if known or not on else None

    def line(self, provider: str, now: float) -> tuple[float, ...]:
        """The rate of the last five minutes at even steps, oldest first; empty until something ran."""
        steps = self._lines.get(provider)
        if not steps or now - steps[0][0] < 2:
            return ()
        first = max(steps[0][0], now - SPAN_S)
        made, at, value = [], 0, 0.0
        for n in range(POINTS):
            moment = first + (now - first) * n / (POINTS - 1)
            while at < len(steps) and steps[at][0] <= moment:
                value = steps[at][1]
                at += 1
            made.append(value)
        return tuple(made)

    def _note(self, provider: str) -> None:
        rate = self.rate(provider)
        line = self._lines.setdefault(provider, deque(maxlen=KEPT))
        if rate is not None and (not line or line[-1][1] != rate) and (line or rate):
            line.append((self._connection.now(), rate))

    def _follow(self) -> None:
        if self._connection.state != "connected" and (self.running or self._lines):
            self.running, self._told, self._lines = (), {}, {}
            self.changed.emit()

    def _on_event(self, kind: str, value: object) -> None:
        if kind == "activity" and isinstance(value, ActivityNews):
            self._put(value.running, value.ended)
            self._together.news()
        elif kind == "host" and isinstance(value, Host):
            self.take_host(value)
        elif kind == "snapshot" and isinstance(value, EventSnapshot):
            for host in value.hosts:
                self.take_host(host)
