"""What the gateway costs: start, memory, a request through it, and its lists for 100 hosts of 50 models.

    python tests/bench/gateway.py

Everything runs on loopback, in processes of its own; rounds are interleaved, so that noise hits all alike.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROUNDS, REQUESTS = 15, 60
BODY = {"messages": [{"role": "user", "content": "hello " * 50}], "temperature": 0.7}


@contextmanager
def process(*command: str):
    """A process that prints its URL (or a JSON object) as its first line."""
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert started.stdout
        yield started, started.stdout.readline().strip()
    finally:
        started.terminate()
        started.wait(10)


@contextmanager
def gateway(folder: Path, providers: list[dict[str, Any]]):
    registry = folder / "p.json"
    registry.write_text(json.dumps({"providers": providers}))
    command = [sys.executable, "-m", "boocontrol.gateway", "--registry", str(registry)]
    began = time.perf_counter()
    with process(*command, "--data-dir", str(folder / "data"), "--port", "0", "--json") as (started, line):
        said = json.loads(line)
        said["key"] = Path(said["keyFile"]).read_text().strip()
        said["ready_s"] = time.perf_counter() - began
        yield started, said


def ask(connection: http.client.HTTPConnection, body: bytes) -> float:
    began = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    data = answer.read()
    assert answer.status == 200, data
    return time.perf_counter() - began


def get(url: str, path: str, key: str = "") -> tuple[float, bytes]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    began = time.perf_counter()
    connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
    data = connection.getresponse().read()
    return time.perf_counter() - began, data


def memory_mb(pid: int) -> float:
    """Resident memory of a process now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def hop(stream: bool) -> None:
    """Median time of a chat: straight, through the bare hop, through the gateway."""
    with tempfile.TemporaryDirectory() as folder, process(sys.executable, str(HERE / "upstream.py")) as (_, direct):
        providers = [{"id": "den", "baseUrl": direct}]
        with (
            process(sys.executable, str(HERE / "bare_hop.py"), direct) as (_, bare),
            gateway(Path(folder), providers) as (_, said),
        ):
            targets = {"direct": (direct, "qwen"), "bare hop": (bare, "qwen"), "gateway": (said["url"], "den/qwen")}
            lines = {n: http.client.HTTPConnection(u.removeprefix("http://")) for n, (u, _) in targets.items()}
            bodies = {
                n: json.dumps({"model": m, "stream": stream, **BODY}, separators=(",", ":")).encode()
                for n, (_, m) in targets.items()
            }
            for name in targets:
                for _ in range(100):
                    ask(lines[name], bodies[name])
            rounds: dict[str, list[float]] = {name: [] for name in targets}
            for _ in range(ROUNDS):
                for name in targets:
                    rounds[name].append(statistics.median(ask(lines[name], bodies[name]) for _ in range(REQUESTS)))
    ms = {name: statistics.median(values) * 1000 for name, values in rounds.items()}
    added = {name: value - ms["direct"] for name, value in ms.items()}
    kind = "streamed" if stream else "plain"
    print(
        f"chat, {kind}: direct {ms['direct']:.2f} ms; added by the bare hop {added['bare hop']:.2f} ms, "
        f"by the gateway {added['gateway']:.2f} ms ({added['gateway'] / added['bare hop']:.2f} times)"
    )


def start() -> None:
    """Time to ready and idle memory with 20 dead providers; the first start also makes key and database."""
    dead = [{"id": f"p{n}", "baseUrl": f"http://127.0.0.1:{n + 1}"} for n in range(20)]
    with tempfile.TemporaryDirectory() as folder:
        times = []
        for _ in range(5):
            with gateway(Path(folder), dead) as (started, said):
                while not get(said["url"], "/healthz")[1]:
                    pass
                times.append(said["ready_s"])
                time.sleep(4)  # until every provider was looked at and is down
                idle = memory_mb(started.pid)
        print(f"ready: first start {times[0]:.2f} s, later {statistics.median(times[1:]):.2f} s; idle {idle:.0f} MB")


def lists() -> None:
    """The lists for 100 hosts of 50 models."""
    command = [sys.executable, "-m", "boocontrol.demo.app", "--headless", "--json"]
    with process(*command, "--hosts", "100", "--models", "50") as (_, line):
        said = json.loads(line)
        url, key = said["gateway"]["url"], Path(said["gateway"]["keyFile"]).read_text().strip()
        deadline = time.monotonic() + 60
        while json.loads(get(url, "/api/status", key)[1])["counts"]["models"] < 5000 and time.monotonic() < deadline:
            time.sleep(0.2)
        for path in ("/api/models", "/v1/models"):
            times = sorted(get(url, path, key) for _ in range(40))
            middle, size = times[20][0] * 1000, len(times[0][1])
            print(f"{path}: median {middle:.1f} ms, worst of 40 {times[-1][0] * 1000:.1f} ms, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    start()
    hop(stream=False)
    hop(stream=True)
    lists()
