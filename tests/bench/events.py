"""What following events costs the gateway, and whether it loses any: 50 hosts with 20 events a second each.

    python tests/bench/events.py [seconds, default 60; the promise is about 600] [panels, default 1]

A real gateway process with a registry and data folder of its own, before hosts that all live in another process
(event_hosts.py); so many panels listen to its events. Prints its share of one core and its memory minute by minute.
At the end the hosts fall still with a few requests running: the gateway must show just those, and have each row of
activity that a host told, once. Exit code 1 when it does not, or when it costs more than is promised.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

HOSTS: Final = 50
RATE: Final = 20
MOST_SHARE: Final = 0.25
MOST_GROWTH_MB: Final = 4.0
"""Of the second half of the time."""
SETTLED_S: Final = 30.0
TICKS: Final = os.sysconf("SC_CLK_TCK")
PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int) -> float:
    """What it holds in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


@contextmanager
def process(*command: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """A process and the JSON object that it prints when it is ready."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LLAMA_", "BOOCONTROL_", "DEEPSEEK_"))}
    made = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, env=clean | environ)
    try:
        assert made.stdout
        yield made, json.loads(made.stdout.readline())
    finally:
        made.terminate()
        made.wait(15)


async def panel(url: str, headers: dict[str, str]) -> None:
    """A listener who reads all and does nothing."""
    async with httpx.AsyncClient(headers=headers, timeout=None, trust_env=False) as client:
        async with client.stream("GET", f"{url}/api/events") as events:
            async for _ in events.aiter_bytes():
                pass


async def followed(client: httpx.AsyncClient) -> None:
    """Wait until the events of all hosts are followed, and a little more: the beginning is not what is measured."""
    for _ in range(300):
        if all(h["tellsRequests"] for h in (await client.get("/api/hosts")).json()["hosts"]):
            await asyncio.sleep(5)
            return
        await asyncio.sleep(0.2)
    raise TimeoutError("not all hosts are followed")


async def measure(pid: int, seconds: int) -> tuple[float, list[float]]:
    """The share of a core over all of the time, and the memory at each step."""
    step = 60 if seconds >= 120 else 10
    began, first, memory = time.perf_counter(), cpu_s(pid), [memory_mb(pid)]
    print(f"   0 s: {memory[0]:.1f} MB", flush=True)
    used, at = first, began
    while (past := time.perf_counter() - began) < seconds - 1:
        await asyncio.sleep(min(step, seconds - past))
        now, cpu = time.perf_counter(), cpu_s(pid)
        memory.append(memory_mb(pid))
        print(f"{now - began:4.0f} s: {memory[-1]:.1f} MB, {(cpu - used) / (now - at):.1%} of a core", flush=True)
        used, at = cpu, now
    return (used - first) / (at - began), memory


async def settled(client: httpx.AsyncClient, counts: list[dict[str, Any]]) -> list[str]:
    """What is not as the hosts told it, once nothing changes any more."""
    faults: list[str] = []
    until = time.perf_counter() + SETTLED_S
    while time.perf_counter() < until:
        hosts = (await client.get("/api/hosts")).json()["hosts"]
        stored = (await client.get("/api/activity?via=host&limit=1")).json()["total"]
        told = sum(count["rows"] for count in counts)
        faults = [] if stored == told else [f"{stored} rows of {told}"]
        for host, count in zip(hosts, counts, strict=True):
            shown = sorted(int(r["id"]) for r in host["requests"] or ())
            if shown != sorted(count["running"]) or host["inFlight"] != len(shown):
                faults.append(f"{host['id']} shows {shown}, runs {count['running']}")
        if not faults:
            break
        await asyncio.sleep(0.2)
    return faults


def doubled(folder: Path, counts: list[dict[str, Any]]) -> list[str]:
    """Rows of each host in the database that are not 1, 2, 3 to the last, each once."""
    faults = []
    with closing(sqlite3.connect(folder / "boocontrol.db")) as raw:
        asked = "SELECT host_id FROM requests JOIN request_kinds k ON k.id = kind_id WHERE k.provider = ?"
        for number, count in enumerate(counts):
            ids = sorted(i for (i,) in raw.execute(asked, [f"h{number}"]))
            if ids != list(range(1, count["rows"] + 1)):
                faults.append(f"h{number}: {len(ids)} rows, {len(set(ids))} of them different, of {count['rows']}")
    return faults


async def run(folder: Path, hosts: Any, seconds: int, panels: int) -> int:
    registry = folder / "providers.json"
    entries = [{"id": f"h{n}", "baseUrl": url} for n, url in enumerate(hosts["hosts"])]
    registry.write_text(json.dumps({"providers": entries}))
    command = ("-m", "boocontrol.gateway", "--json", "--registry", str(registry), "--data-dir", str(folder), "--port=0")
    null = "keyring.backends.null.Keyring"
    with process(*command, XDG_RUNTIME_DIR=str(folder), PYTHON_KEYRING_BACKEND=null) as (gateway, said):
        headers = {"Authorization": f"Bearer {Path(said['keyFile']).read_text().strip()}"}
        listening = [asyncio.create_task(panel(said["url"], headers)) for _ in range(panels)]
        async with httpx.AsyncClient(base_url=said["url"], headers=headers, timeout=30, trust_env=False) as client:
            await followed(client)
            before = (await client.get(f"{hosts['control']}/count")).json()
            share, memory = await measure(gateway.pid, seconds)
            counts = (await client.get(f"{hosts['control']}/count")).json()
            told = sum(a["events"] - b["events"] for a, b in zip(counts, before, strict=True))
            await client.post(f"{hosts['control']}/still")
            counts = (await client.get(f"{hosts['control']}/count")).json()
            faults = await settled(client, counts)
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
        faults += doubled(folder, counts)
    return report(told / seconds, share, memory, counts, faults)


def report(rate: float, share: float, memory: list[float], counts: list[dict[str, Any]], faults: list[str]) -> int:
    """Say it; 1 when something is not as promised."""
    growth = memory[-1] - memory[len(memory) // 2]
    rows, dropped = sum(c["rows"] for c in counts), sum(c["dropped"] for c in counts)
    print(f"{rate:.0f} events/s told: {share:.1%} of a core (at most {MOST_SHARE:.0%})")
    print(f"memory grew by {growth:.1f} MB in the second half (at most {MOST_GROWTH_MB:.0f})")
    print(f"{rows} rows told by hosts, {dropped} messages dropped by them, {len(faults)} faults")
    for fault in faults[:20]:
        print(f"  {fault}")
    return bool(faults) or share > MOST_SHARE or growth > MOST_GROWTH_MB


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    panels = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        with process(str(Path(__file__).with_name("event_hosts.py")), str(HOSTS), str(RATE)) as (_, hosts):
            return asyncio.run(run(Path(folder), hosts, seconds, panels))


if __name__ == "__main__":
    sys.exit(main())
