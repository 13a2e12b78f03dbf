"""The connection to a gateway: found, followed, lost, found again."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from pydantic import SecretStr
from PySide6.QtCore import QObject, Signal
from starlette.responses import StreamingResponse

from boocontrol import __version__
from boocontrol.client import Gateway, KeyRefused, NoGateway
from boocontrol.core.errors import Unreachable
from boocontrol.desktop.connection import Connection, OtherVersion, local, other_version, remote


class Events:
    """What the stub's event stream sends: one list of events for each time that it is opened."""

    def __init__(self, stub: Any, tools: Any) -> None:
        self._stub, self._tools = stub, tools
        self.end = asyncio.Event()
        stub.answers["GET /api/events"] = self._open
        self.lives: list[list[tuple[str, str, Any]]] = []

    def snapshot(self, number: int = 1) -> tuple[str, str, Any]:
        s = self._stub
        data = {"status": s.status, "hosts": s.hosts, "catalog": s.catalog, "settings": s.settings}
        return (f"i:{number}", "snapshot", data)

    def _open(self) -> StreamingResponse:
        events = self.lives.pop(0)

        async def stream() -> Any:
            yield self._tools.sse(*events)
            if not self.lives:
                await asyncio.sleep(3600)

        return StreamingResponse(stream(), media_type="text/event-stream")


class Waits(QObject):
    """Waits that have no end but retry()."""

    begun = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.begun.emit()
        await asyncio.Event().wait()


async def test_events_come_as_values_and_a_break_is_resumed(
    owner: QObject, running: Any, tools: Any, until: Any
) -> None:
    events = Events(running, tools)
    host = ("i:2", "host", tools.host("attic", state="up"))
    events.lives = [[events.snapshot()], [host]]
    c = Connection(local(), owner)
    heard: list[tuple[str, object]] = []
    c.heard.connect(lambda kind, value: heard.append((kind, value)))
    assert c.state == "stopped"
    c.start()
    assert c.state == "starting"
    await until(c.heard, lambda: len(heard) == 2)
    assert [kind for kind, _ in heard] == ["snapshot", "host"]
    assert heard[0][1].hosts[0].id == "gpu-box" and heard[1][1].state == "up"
    assert c.state == "connected" and c.client is not None and c.gateway.instance_id == "instance-1"
    ids = [h.get("last-event-id") for h in running.headers if h.get("accept") == "text/event-stream"]
    assert ids == [None, "i:1"]
    c.stop()
    assert c.state == "stopped" and c.client is None


async def test_without_a_gateway_it_looks_again_later_and_later_or_at_once(
    owner: QObject, home: Any, until: Any, tools: Any, stub: Any
) -> None:
    waits = Waits()
    c = Connection(local(), owner, wait=waits)
    c.start()
    for n in range(8):
        await until(waits.begun, lambda n=n: len(waits.asked) == n + 1)
        c.retry()
    await until(waits.begun, lambda: len(waits.asked) == 9)
    assert waits.asked[:7] == [0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert (c.state, c.problem.code) == ("starting", "no_gateway")
    with pytest.raises(Unreachable, match="No gateway runs"):
        c.need()
    events = Events(stub, tools)
    events.lives = [[events.snapshot()]]
    tools.write_runtime(stub, home)
    c.retry()
    await until(c.changed, lambda: c.state == "connected")


async def test_a_loss_is_told_with_its_reason_and_since_when(
    owner: QObject, running: Any, tools: Any, until: Any
) -> None:
    now, waits = [100.0], Waits()
    c = Connection(local(), owner, clock=lambda: now[0], wait=waits)
    events = Events(running, tools)
    events.lives = [[events.snapshot()], []]
    c.start()
    await until(c.changed, lambda: c.state == "connected")
    now[0] = 200.0
    running.answers["GET /api/events"] = lambda: tools.problem(500, "failed", "The disk is full.")
    await until(c.changed, lambda: c.state == "lost")
    assert (c.since, c.client, waits.asked) == (200.0, None, [0.2])
    assert c.problem.title


async def test_a_refused_key_is_told(owner: QObject, stub: Any, until: Any) -> None:
    c = Connection(remote(stub.url, SecretStr("wrong")), owner, wait=Waits())
    c.start()
    await until(c.changed, lambda: c.state == "lost")
    assert isinstance(c.problem, KeyRefused)


async def test_a_remote_gateway_that_is_not_there(owner: QObject, dead_url: str, until: Any) -> None:
    c = Connection(remote(dead_url, None), owner, wait=Waits())
    c.start()
    await until(c.changed, lambda: c.state == "lost")
    assert dead_url in c.problem.title


async def test_a_gateway_of_another_version_works_and_is_told(
    owner: QObject, running: Any, tools: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boocontrol.desktop.connection.__version__", "9.9")
    events = Events(running, tools)
    events.lives = [[events.snapshot()]]
    c = Connection(local(), owner)
    c.start()
    await until(c.changed, lambda: c.state == "connected")
    assert isinstance(c.problem, OtherVersion) and "9.9" in c.problem.title
    assert other_version(Gateway("http://x", "i", __version__)) is None or __version__ != "9.9"


async def test_starting_anew_for_another_gateway_forgets_the_first(
    owner: QObject, running: Any, tools: Any, until: Any
) -> None:
    events = Events(running, tools)
    events.lives = [[events.snapshot(7)]]
    c = Connection(local(), owner, wait=Waits())
    c.start()
    await until(c.changed, lambda: c.state == "connected")

    async def none() -> Gateway:
        raise NoGateway("None there.")

    c.start(none)
    assert (c.state, c.gateway) == ("starting", None)
    await until(c.changed, lambda: c.problem is not None)
    assert c.problem.title == "None there."
    gc.collect()
