"""load, unload, cancel, wake, scenes and top on the real gateway before a simulated host."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.host import SimHost

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

PROGRAM = [sys.executable, "-c", "from boocontrol.cli.main import main; main()"]
MODELS = (
    ModelConfig("q"),
    ModelConfig("other"),
    ModelConfig("endless", load_s=100_000),
    ModelConfig("broken", load_s=1, fail_s=0.5),
)


class Box:
    """A simulated host on a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.host: SimHost = self.do(self._start())

    async def _start(self) -> SimHost:
        host = SimHost(HostConfig(models=MODELS, clock=0.05, pace=0.002))
        await host.start()
        return host

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def end(self) -> None:
        self.do(self.host.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture
def box():
    made = Box()
    yield made
    made.end()


@pytest.fixture
def gateway(home, box, boo):
    """A gateway whose one host is up: what it said when it listened."""
    from boocontrol.core.paths import registry_path

    path = registry_path()
    path.parent.mkdir(parents=True)
    den = {"id": "den", "baseUrl": box.host.url}
    attic = {"id": "attic", "baseUrl": "http://127.0.0.1:1"}
    path.write_text(json.dumps({"providers": [den, attic]}))
    env = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    with (home / "gateway.log").open("w") as log:
        command = [*PROGRAM, "gateway", "--port", "0", "--json"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=env)
        try:
            said = json.loads(process.stdout.readline())
            key = Path(said["keyFile"]).read_text().strip()
            with httpx.Client(
                base_url=said["url"], headers={"Authorization": f"Bearer {key}"}, trust_env=False
            ) as http:
                said["http"] = http
                until(said, lambda host: host["state"] == "up")
                yield said
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
            process.stdout.close()


def until(gateway, holds, provider="den"):
    """Read the events until the host is so; the newest state of the host."""
    with gateway["http"].stream("GET", "/api/events", timeout=20) as answer:
        kind = ""
        for line in answer.iter_lines():
            kind = line.removeprefix("event: ") if line.startswith("event: ") else kind
            if not line.startswith("data: ") or kind not in ("snapshot", "host"):
                continue
            data = json.loads(line.removeprefix("data: "))
            for host in data["hosts"] if kind == "snapshot" else [data]:
                if host["id"] == provider and holds(host):
                    return host
    raise AssertionError("the stream has ended")


def state_of(model):
    return lambda host: next((m["state"] for m in host["loaded"] if m["ref"] == f"den/{model}"), "stopped")


def test_a_load_waits_for_the_host(gateway, boo):
    done = boo("load", "den/q")
    assert done.code == 0
    assert done.out.startswith("den/q is ready after ")
    told = boo("load", "den/other", "--json").json
    assert (told["asked"], told["load"]["state"], told["load"]["by"]) == (["den/other"], "loaded", "cli")
    cost = boo("load", "den/q", "--dry-run")
    assert cost.code == 0
    assert "pushes out den/other" in cost.out or "may push out den/other" in cost.out
    assert boo("load", "den/q", "--dry-run", "--json").json["unloads"][0]["ref"] == "den/other"


def test_loads_that_fail_say_why(gateway, boo):
    failed = boo("load", "den/broken")
    assert failed.code == 1
    assert "exited prematurely" in failed.err
    assert boo("load", "den/nobody").code == 1
    assert boo("load", "nowhere/x").code == 5
    assert boo("load", "attic/x", "--json").code in (1, 4)


def test_ctrl_c_cancels_the_load(gateway, boo):
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([*PROGRAM, "load", "den/endless"], stderr=subprocess.PIPE, text=True, env=env)
    until(gateway, lambda host: state_of("endless")(host) == "starting")
    while "starting" not in (line := process.stderr.readline()):
        assert line
    process.send_signal(signal.SIGINT)
    words = process.stderr.read()
    assert process.wait(20) == 130
    process.stderr.close()
    assert "Cancelling the load of den/endless." in words
    until(gateway, lambda host: state_of("endless")(host) == "stopped")
    host = until(gateway, lambda host: host["loads"][-1]["state"] != "loading" and host)
    assert (host["loads"][-1]["state"], host["loads"][-1]["reason"]) == ("cancelled", "Cancelled by cli.")


def test_a_load_that_another_cancels(gateway, boo):
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([*PROGRAM, "load", "den/endless"], stderr=subprocess.PIPE, text=True, env=env) as process:
        until(gateway, lambda host: state_of("endless")(host) == "starting")
        assert boo("load", "den/q", "--no-wait").code == 0
        assert [q["ref"] for q in until(gateway, lambda host: host["queue"])["queue"]] == ["den/q"]
        assert boo("cancel", "den/q").out == "Asked to end: den/q\n"
        assert boo("cancel", "den/endless", "--json").json == {"asked": ["den/endless"]}
        assert "Cancelled by cli." in process.communicate(timeout=20)[1]
    assert process.returncode == 1
    assert boo("cancel", "den/endless").code == 5
    assert boo("cancel", "0" * 32).code == 5


def test_unload_is_guarded(gateway, boo):
    body = {"model": "den/q", "stream": True, "messages": [], "sim": {"tokens": 100_000}}
    with gateway["http"].stream("POST", "/v1/chat/completions", json=body, headers={"X-Boo-Source": "agent"}) as answer:
        lines = answer.iter_lines()
        next(lines)
        refused = boo("unload", "den/q")
        assert refused.code == 7
        assert "den/q  /v1/chat/completions  of agent" in refused.err
        assert "--force" in refused.err
        told = boo("unload", "--host", "den", "--json")
        assert (told.code, told.json["requests"][0]["ref"]) == (7, "den/q")
        assert boo("unload", "--all", "--force").code == 0
        assert "unloaded by cli" in "".join(lines)
    assert boo("activity", "--json").json["data"][0]["outcome"] == "cut"
    events = gateway["http"].get("/api/story", params={"event": "cut"}).json()["data"]
    assert [(e["ref"], e["by"]) for e in events] == [("den/q", "cli")]
    assert "/v1/chat/completions of agent" in events[0]["detail"]


def test_scenes(gateway, boo):
    assert "scenes save" in boo("scenes").out
    assert boo("scenes", "save", "work", "den/q", "--only").code == 0
    assert boo("scenes", "save", "play", "den/other").code == 0
    assert [s["name"] for s in boo("scenes", "--json").json["scenes"]] == ["work", "play"]
    assert "den/q" in boo("scenes", "list").out
    boo("load", "den/other")
    shown = boo("scenes", "show", "work").out
    assert "unload  den/other" in shown
    assert "load    den/q" in shown
    dry = boo("scenes", "apply", "work", "--dry-run", "--json").json
    assert (dry["load"], dry["unload"]) == (["den/q"], ["den/other"])
    assert "scenes undo" in boo("scenes", "apply", "work").out
    until(gateway, lambda host: state_of("q")(host) == "ready")
    assert boo("scenes", "undo").code == 0
    until(gateway, lambda host: state_of("other")(host) == "ready" and state_of("q")(host) == "stopped")
    assert boo("scenes", "remove", "play").code == 0
    assert boo("scenes", "remove", "play").code == 5
    assert boo("scenes", "apply", "play").code == 5


def test_wake_without_an_address(gateway, boo):
    refused = boo("wake", "attic")
    assert refused.code == 1
    assert "macAddress" in refused.err
    assert "network card" in refused.err
    assert boo("wake", "nobody").code == 5


def test_top_prints_one_frame_where_nobody_looks(gateway, boo):
    boo("load", "den/q")
    for args in (["top"], ["top", "--once"]):
        out = boo(*args).out
        assert "● up  den" in out
        assert "q  ready" in out
        assert "attic" in out
        assert "Running" in out
        assert "\x1b" not in out


def test_top_on_a_terminal_ends_with_q(gateway, box):
    import pty

    leader, follower = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    process = subprocess.Popen([*PROGRAM, "top"], stdin=follower, stdout=follower, stderr=follower, env=env)
    os.close(follower)
    seen = read_until(leader, b"den")
    assert b"\x1b[?1049h" in seen, "a screen of its own"
    box.do(box.host.fault("kill"))
    read_until(leader, b"down")
    os.write(leader, b"q")
    read_until(leader, b"\x1b[?1049l")
    assert process.wait(20) == 0
    os.close(leader)


def read_until(leader: int, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        assert select.select([leader], [], [], 20)[0], seen[-400:]
        seen += os.read(leader, 65536)
    return seen
