"""The gateway's keeper: its decisions with children of the test's own, then with real gateways and signals."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject

from boocontrol.client import Gateway, NoGateway, find_gateway
from boocontrol.desktop.connection import Connection, local
from boocontrol.desktop.supervisor import COMMAND, SLOW_S, Crashed, NotOurs, PortTaken, Supervisor

LISTENS = {"url": "http://127.0.0.1:1", "pid": 1, "keyFile": "/x"}


class FakeChild:
    """A child that says and does what the test tells it."""

    pid = 4711

    def __init__(self, obeys: bool = True) -> None:
        loop = asyncio.get_running_loop()
        self.saying: asyncio.Future[dict[str, Any] | None] = loop.create_future()
        self.ending: asyncio.Future[int] = loop.create_future()
        self.tail: tuple[str, ...] = ()
        self.asked: list[str] = []
        self._obeys = obeys

    def says(self, said: dict[str, Any]) -> None:
        self.saying.set_result(said)

    def ends(self, code: int, *log: str) -> None:
        self.tail = log or self.tail
        if not self.saying.done():
            self.saying.set_result(None)
        if not self.ending.done():
            self.ending.set_result(code)

    async def said(self) -> dict[str, Any] | None:
        return await asyncio.shield(self.saying)

    async def ended(self) -> int:
        return await asyncio.shield(self.ending)

    def terminate(self) -> None:
        self.asked.append("terminate")
        if self._obeys:
            self.ends(0)

    def kill(self) -> None:
        self.asked.append("kill")
        self.ends(-9)


class World:
    """Gateways that run or not, children that were started, waits and the time."""

    def __init__(self, owner: QObject) -> None:
        self.now = 1000.0
        self.waited: list[float] = []
        self.slow = asyncio.Event()
        self.children: list[FakeChild] = []
        self.commands: list[Sequence[str]] = []
        self.obeys = True
        self.runs: Gateway | None = None
        self.connection = Connection(self.find, owner, wait=self.never)
        self.supervisor = Supervisor(
            self.connection, None, owner, find=self.find, launch=self.launch, clock=lambda: self.now, wait=self.wait
        )
        self.seen: list[str] = []
        self.supervisor.changed.connect(lambda: self.seen.append(self.supervisor.state))

    @property
    def child(self) -> FakeChild:
        return self.children[-1]

    async def find(self) -> Gateway:
        if self.runs is None:
            raise NoGateway("No gateway runs.")
        return self.runs

    async def launch(self, command: Sequence[str]) -> FakeChild:
        self.commands.append(command)
        self.children.append(FakeChild(self.obeys))
        return self.child

    async def wait(self, seconds: float) -> None:
        if seconds == SLOW_S:
            await self.slow.wait()
        self.waited.append(seconds)
        self.now += seconds

    async def never(self, _seconds: float) -> None:
        await asyncio.Event().wait()


@pytest.fixture
def world(owner: QObject) -> Callable[[], World]:
    return lambda: World(owner)


async def test_it_starts_a_gateway_and_stops_it(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start()
    await until(s.changed, lambda: s.state == "starting" and s.ours)
    w.child.says(LISTENS)
    await until(s.changed, lambda: s.state == "running")
    assert list(w.commands[0]) == [*COMMAND, "--json"]
    s.start()
    await s.stop()
    assert (s.state, s.ours, w.child.asked[0], len(w.children)) == ("stopped", False, "terminate", 1)
    assert w.connection.state == "stopped"


async def test_a_crashed_one_comes_back_later_each_time_until_it_is_too_often(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start()
    for n in range(5):
        await until(s.changed, lambda n=n: len(w.children) == n + 1 and s.ours)
        w.child.ends(-11, "it was here", f"life {n}")
    await until(s.changed, lambda: s.state == "failed")
    assert w.waited == [1, 2, 4, 8]
    assert isinstance(s.problem, Crashed) and s.problem.log == ("it was here", "life 4")
    assert "5 times" in s.problem.title and "life 4" in s.problem.advice
    assert not s.ours
    s.start()
    await until(s.changed, lambda: len(w.children) == 6 and s.ours)
    w.child.says(LISTENS)
    await until(s.changed, lambda: s.state == "running")


async def test_while_it_is_started_no_gateway_is_no_problem(world: Any, until: Any) -> None:
    w = world()
    s, c = w.supervisor, w.connection
    told: list[str] = []
    c.changed.connect(lambda: told.append(c.problem.title) if c.problem else None)
    s.start()
    await until(s.changed, lambda: s.state == "starting" and s.ours)
    assert c.calm and not told, "the connection has looked and found none"
    w.child.ends(-11)
    await until(s.changed, lambda: len(w.children) == 2 and s.ours)
    assert not c.calm and "ended unexpectedly" in c.problem.title, "what hinders it is told"
    w.child.says({"error": {"message": "Port 9503 is taken.", "code": "port_taken"}})
    w.child.ends(9)
    await until(s.changed, lambda: s.state == "failed")
    assert (c.state, c.problem.title) == ("lost", "Port 9503 is taken.")


async def test_a_chosen_port_is_asked_for_until_it_is_given_back(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start(port=9504)
    await until(s.changed, lambda: s.ours)
    assert w.commands[-1][-2:] == ["--port", "9504"] and s.port == 9504
    await s.restart()
    await until(s.changed, lambda: len(w.children) == 2 and s.ours)
    assert w.commands[-1][-2:] == ["--port", "9504"]
    s.use_usual_port()
    await s.restart()
    await until(s.changed, lambda: len(w.children) == 3 and s.ours)
    assert "--port" not in w.commands[-1]


async def test_crashes_that_are_far_apart_are_forgiven(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start()
    for n in range(12):
        await until(s.changed, lambda n=n: len(w.children) == n + 1 and s.ours)
        w.now += 301
        w.child.ends(1)
    await until(s.changed, lambda: len(w.children) == 13)
    assert set(w.waited) == {1}


async def test_one_that_runs_is_attached_to_and_never_stopped(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    w.runs = Gateway("http://127.0.0.1:9", "i", "0")
    s.start()
    await until(s.changed, lambda: s.state == "attached")
    assert not s.ours and not w.children and await s.requests() == 0
    with pytest.raises(NotOurs):
        await s.stop()
    with pytest.raises(NotOurs):
        await s.restart()
    assert s.state == "attached"
    await s.close()
    assert not w.children and s.state == "stopped"


async def test_when_the_attached_one_goes_away_one_is_started(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    w.runs = Gateway("http://127.0.0.1:9", "i", "0")
    s.start()
    await until(s.changed, lambda: s.state == "attached")
    w.runs = None
    w.connection.take("lost", problem=NoGateway("It runs no more."))
    await until(s.changed, lambda: s.state == "starting")
    assert w.waited == [3]


async def test_exit_8_means_that_another_one_was_quicker(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start()
    await until(s.changed, lambda: s.ours)
    w.runs = Gateway("http://127.0.0.1:9", "i", "0")
    w.child.says({"error": {"message": "Another gateway serves it.", "code": "another_gateway"}, "advice": "Use it."})
    w.child.ends(8)
    await until(s.changed, lambda: s.state == "attached")
    assert w.waited == [1] and "failed" not in w.seen


async def test_a_taken_port_names_its_holder_and_offers_a_free_one(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start()
    await until(s.changed, lambda: s.ours)
    error = {"message": "Port 9503 is taken by nc (process 7).", "code": "port_taken"}
    w.child.says({"error": error, "advice": "", "holder": "nc (process 7)", "freePort": 40001})
    w.child.ends(9)
    await until(s.changed, lambda: s.state == "failed")
    assert isinstance(s.problem, PortTaken)
    assert (s.problem.holder, s.problem.free) == ("nc (process 7)", 40001) and "40001" in s.problem.advice
    s.start(port=s.problem.free)
    await until(s.changed, lambda: s.ours)
    assert list(w.commands[1])[-2:] == ["--port", "40001"]


async def test_a_refusal_is_told_and_not_repeated(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start()
    await until(s.changed, lambda: s.ours)
    w.child.says({"error": {"message": "The folder cannot be used.", "code": "file"}, "advice": "Check it."})
    w.child.ends(1)
    await until(s.changed, lambda: s.state == "failed")
    assert (str(s.problem), s.problem.code) == ("The folder cannot be used. Check it.", "file")
    assert len(w.children) == 1 and not w.waited


async def test_one_that_somebody_stops_stays_stopped(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start()
    await until(s.changed, lambda: s.ours)
    w.child.says(LISTENS)
    await until(s.changed, lambda: s.state == "running")
    w.child.ends(0)
    await until(s.changed, lambda: s.state == "failed")
    assert s.problem.code == "stopped_outside" and len(w.children) == 1


async def test_one_that_takes_long_is_told_and_waited_for(world: Any, until: Any) -> None:
    w = world()
    s = w.supervisor
    s.start()
    await until(s.changed, lambda: s.ours)
    w.slow.set()
    await until(s.changed, lambda: s.problem is not None)
    assert s.state == "starting" and "long" in s.problem.title
    w.child.says(LISTENS)
    await until(s.changed, lambda: s.state == "running")
    assert s.problem is None


async def test_one_that_never_answers_can_be_stopped(world: Any, until: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("boocontrol.desktop.supervisor.END_S", 0.01)
    w = world()
    w.obeys = False
    s = w.supervisor
    s.start()
    await until(s.changed, lambda: s.ours)
    await s.stop()
    assert (w.child.asked[-1], s.state) == ("kill", "stopped")


async def test_asked_to_start_it_waits_no_longer(world: Any, until: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    w = world()
    s = w.supervisor
    monkeypatch.setattr(s, "_wait", w.never)
    s.start()
    await until(s.changed, lambda: s.state == "starting")
    w.child.ends(1)
    await until(s.changed, lambda: s.state == "waiting")
    s.start()
    await until(s.changed, lambda: len(w.children) == 2 and s.state == "starting")
    await s.stop()


async def test_a_program_that_cannot_be_started_is_told(owner: QObject, until: Any, tmp_path: Path) -> None:
    w = World(owner)
    s = Supervisor(w.connection, None, owner, find=w.find, command=(str(tmp_path / "missing"),))
    s.start()
    await until(s.changed, lambda: s.state == "failed")
    assert "No such file" in s.problem.title


# --- real gateways ---


@asynccontextmanager
async def real(owner: QObject, home: Path, *more: str) -> AsyncIterator[tuple[Supervisor, Connection]]:
    registry = home / "p.json"
    if not registry.exists():
        registry.write_text(json.dumps({"providers": []}))
    command = (*COMMAND, "--data-dir", str(home / "data"), "--port", "0", *more)
    connection = Connection(local(registry), owner)
    supervisor = Supervisor(connection, registry, owner, command=command)
    try:
        yield supervisor, connection
    finally:
        await supervisor.close()


@pytest.fixture
def machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


async def test_a_killed_gateway_comes_back_and_the_connection_with_it(
    owner: QObject, machine: Path, until: Any
) -> None:
    async with real(owner, machine) as (s, c):
        s.start()
        await until(c.changed, lambda: c.state == "connected", 20)
        assert s.state == "running" and c.problem is None
        first, pid = c.gateway, s._child.pid
        states: list[str] = []
        c.changed.connect(lambda: states.append(c.state))
        os.kill(pid, signal.SIGKILL)
        await until(c.changed, lambda: c.state == "connected" and c.gateway.instance_id != first.instance_id, 20)
        assert "lost" in states
        assert s.state == "running" and s._child.pid != pid
        await s.stop()
        assert (c.state, s.log) == ("stopped", ())
    with pytest.raises(NoGateway):
        await find_gateway(machine / "p.json")


async def test_a_second_window_attaches_and_leaves_the_gateway_alone(owner: QObject, machine: Path, until: Any) -> None:
    async with real(owner, machine) as (mine, _):
        mine.start()
        await until(mine.changed, lambda: mine.state == "running", 20)
        async with real(owner, machine) as (other, c):
            other.start()
            await until(c.changed, lambda: c.state == "connected", 20)
            assert (other.state, other.ours) == ("attached", False)
        assert (await find_gateway(machine / "p.json")).url


async def test_two_that_start_at_once_share_one_gateway(owner: QObject, machine: Path, until: Any) -> None:
    async with real(owner, machine) as (a, ca), real(owner, machine) as (b, cb):
        a.start()
        b.start()
        await until(ca.changed, lambda: ca.state == "connected", 20)
        await until(cb.changed, lambda: cb.state == "connected", 20)
        await until(a.changed, lambda: a.state in ("attached", "running"), 20)
        await until(b.changed, lambda: b.state in ("attached", "running"), 20)
        assert {a.state, b.state} == {"attached", "running"}
        assert ca.gateway.instance_id == cb.gateway.instance_id


async def test_a_real_port_conflict(owner: QObject, machine: Path, until: Any) -> None:
    async def nobody(_reader: Any, writer: Any) -> None:
        writer.close()

    server = await asyncio.start_server(nobody, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with real(owner, machine) as (s, c):
        s.start(port=port)
        await until(s.changed, lambda: s.state == "failed", 20)
        assert isinstance(s.problem, PortTaken)
        assert f"process {os.getpid()}" in s.problem.holder
        s.start(port=s.problem.free)
        await until(c.changed, lambda: c.state == "connected", 20)
        assert c.gateway.url.endswith(f":{s.problem.free}" if s.problem else str(c.gateway.url[-5:]))
    server.close()


async def test_a_child_that_only_crashes_is_read_and_bounded(owner: QObject, machine: Path, until: Any) -> None:
    noise = "import sys; sys.stderr.write('x' * 300000 + '\\n' + 'line\\n' * 1000 + 'the last'); sys.exit(3)"
    c = Connection(local(machine / "p.json"), owner)

    async def at_once(seconds: float) -> None:
        if seconds == SLOW_S:
            await asyncio.Event().wait()

    s = Supervisor(c, None, owner, command=(sys.executable, "-c", noise), find=local(machine / "p.json"), wait=at_once)
    s.start()
    await until(s.changed, lambda: s.state == "failed", 20)
    assert isinstance(s.problem, Crashed) and s.problem.log[-1] == "the last"
    assert len(s.problem.log) == 40 and max(map(len, s.problem.log)) <= 400
    await s.close()


async def test_a_remote_gateway_is_looked_at_only(owner: QObject, machine: Path, until: Any) -> None:
    async with real(owner, machine) as (theirs, _):
        theirs.start()
        await until(theirs.changed, lambda: theirs.state == "running", 20)
        there = await find_gateway(machine / "p.json")
        c = Connection(local(machine / "none.json"), owner)
        s = Supervisor(c, machine / "none.json", owner)
        await s.use_remote(there.url, there.key)
        await until(c.changed, lambda: c.state == "connected", 20)
        assert (s.state, s.ours, c.gateway.url) == ("remote", False, there.url)
        with pytest.raises(NotOurs):
            await s.stop()
        await s.close()
        assert (await find_gateway(machine / "p.json")).instance_id == there.instance_id
