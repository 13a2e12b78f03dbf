"""How fast the history is with millions of rows: every page that the panel shows, statistics, samples, the story.

python tests/bench/history.py [rows, default 5000000] [file to keep, default a temporary one]

Exit code 1 when a page takes longer than is promised. A file that is kept may be one of before: what opening it
takes is told, and what the totals take that a gateway then makes little by little.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, func, insert, select

from boocontrol.core.activity import ActivityRow
from boocontrol.core.history import GpuSample, ModelEvent, Sample
from boocontrol.store import kinds
from boocontrol.store.database import Database, open_database
from boocontrol.store.request_series import request_series
from boocontrol.store.request_stats import request_stats
from boocontrol.store.requests import RequestsTable
from boocontrol.store.retention import Keep, Retention
from boocontrol.store.rollups import Sums
from boocontrol.store.samples import SamplesTable
from boocontrol.store.schema import requests
from boocontrol.store.story import StoryTable, WantedEvents
from boocontrol.store.wanted import Wanted, micros

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
A_DAY = 35_000
LIMIT_MS = 100.0
PROVIDERS, MODELS = ("den", "attic"), 39
CLIENTS = ("opencode/0.15", "claude-cli/2.1", "curl/8", "arena", "panel", "other", "python-httpx/0.28")
ENDPOINTS = ("/v1/chat/completions", "/v1/chat/completions", "/v1/embeddings", "/v1/messages")


def made_kinds(chance: random.Random) -> list[ActivityRow]:
    """Some hundreds of kinds: refs by clients, endpoints and outcomes."""
    found = []
    for provider in PROVIDERS:
        for n in range(MODELS):
            for client in chance.sample(CLIENTS, 3):
                for outcome in ("ok", "ok", "client_left", "cut"):
                    ref = f"{provider}/model-{n}"
                    endpoint = chance.choice(ENDPOINTS)
                    found.append(
                        ActivityRow(
                            id="0" * 32,
                            time=NOW,
                            ref=ref,
                            requested=chance.choice((ref, f"any/model-{n}")),
                            provider=provider,
                            endpoint=endpoint,
                            status=200,
                            outcome=outcome,
                            duration_ms=1.0,
                            streamed=True,
                            client=client,
                            via="host" if client == "other" else "gateway",
                        )
                    )
    return found


def fill(database: Database, count: int) -> None:
    """Rows at the pace of a busy house, newest at NOW; some kinds are common, some rare."""
    chance = random.Random(7)
    rows = made_kinds(chance)
    with database.writing() as connection:
        ids = kinds.ids_of(connection, rows)
    weights = [1.0 / (1 + n) ** 1.2 for n in range(len(ids))]
    chance.shuffle(weights)
    # Rarest of all: a handful in a year, and one model that was given up long ago.
    weights[0] = sum(weights) / count * 20
    step = 86_400 * 1_000_000 // A_DAY
    first = micros(NOW) - step * count
    began = time.perf_counter()
    for start in range(0, count, 100_000):
        some = min(100_000, count - start)
        chosen = chance.choices(ids, weights, k=some)
        if start > count // 2:
            chosen = [ids[3] if c == ids[5] else c for c in chosen]
        batch = []
        sums = Sums()
        for n, kind_id in enumerate(chosen):
            values = {
                "id": (start + n).to_bytes(16, "big"),
                "time_us": first + (start + n) * step,
                "kind_id": kind_id,
                "ttft_ms": round(chance.lognormvariate(5, 1), 1),
                "duration_ms": round(chance.lognormvariate(8, 1), 1),
                "prompt_tokens": chance.randrange(10, 20_000),
                "output_tokens": chance.randrange(1, 2000),
                "cached_tokens": chance.randrange(0, 10_000),
                "prompt_tokens_per_second": round(chance.lognormvariate(6, 0.5), 2),
                "output_tokens_per_second": round(chance.lognormvariate(3.5, 0.4), 2),
                "bytes_sent": chance.randrange(500, 100_000),
                "bytes_received": chance.randrange(500, 100_000),
                "session": "",
                "host_id": start + n,
                "host_key": chance.getrandbits(63),
            }
            sums.take(kind_id, values)
            batch.append(values)
        with database.writing() as connection:
            connection.execute(insert(requests), batch)
            sums.write(connection)
        if start % 1_000_000 == 0:
            print(f"  {start + some:>9} rows after {time.perf_counter() - began:.0f} s", flush=True)


def fill_samples(database: Database) -> None:
    """A day of measurements, an event a minute."""
    samples = [
        Sample(
            at=NOW - timedelta(seconds=10 * n),
            cpu_pct=n % 100,
            memory_used_mb=n,
            in_flight=n % 3,
            latency_ms=3.5,
            gpus=tuple(GpuSample(id=i, name="GPU", memory_used_mb=n, utilisation_pct=n % 100) for i in range(2)),
        )
        for n in range(8640)
    ]
    table = SamplesTable(database)
    for start in range(0, len(samples), 500):
        table.add("den", samples[start : start + 500])
    events = [
        ModelEvent(
            id=f"{n:032x}", time=NOW - timedelta(minutes=n), provider="den", ref=f"den/model-{n % 39}", event="loaded"
        )
        for n in range(50_000)
    ]
    for start in range(0, len(events), 1000):
        StoryTable(database).add(events[start : start + 1000])


def pages(database: Database) -> dict[str, Callable[[], Any]]:
    """Every combination of filters that the API takes, on the first page and deep inside."""
    table = RequestsTable(database)
    chance = random.Random(3)
    filters: dict[str, dict[str, Any]] = {
        "provider": {"providers": ("den",)},
        "ref": {"refs": ("den/model-3",)},
        "any ref": {"refs": ("any/model-3",)},
        "endpoint": {"endpoints": ("/v1/embeddings",)},
        "outcome": {"outcome": "cut"},
        "client": {"client": "open"},
        "via": {"via": "host"},
        "no such": {"client": "nobody"},
        "given up": {"refs": ("den/model-0",), "outcome": "ok"},
    }
    windows: dict[str, dict[str, Any]] = {
        "": {},
        ", a week long ago": {"since": NOW - timedelta(days=100, minutes=7), "until": NOW - timedelta(days=93)},
        ", since an hour": {"since": NOW - timedelta(minutes=61)},
        ", since 20 days": {"since": NOW - timedelta(days=20, seconds=3)},
    }
    found: dict[str, Callable[[], Any]] = {}

    def one(name: str, values: dict[str, Any]) -> None:
        wanted = Wanted(**values)
        found[f"list: {name}"] = lambda: table.page(wanted, None, 101)
        deep = (micros(NOW - timedelta(days=60, seconds=chance.randrange(5000))), "8" * 32)
        found[f"list: {name}, deep"] = lambda: table.page(wanted, deep, 101)

    for window, times in windows.items():
        one(f"all{window}", times)
        for name, values in filters.items():
            one(f"{name}{window}", {**values, **times})
        names = list(filters)
        for _ in range(12):
            some = chance.sample(names, chance.choice((2, 3, 4)))
            values = {k: v for name in some for k, v in filters[name].items()}
            one(f"{' + '.join(some)}{window}", {**values, **times})
    found["list: 500 rows"] = lambda: table.page(Wanted(), None, 500)
    samples = SamplesTable(database)
    for days in (1 / 24, 1, 7, 30, 90, 365):
        since = NOW - timedelta(days=days)
        label = f"{days:g} days" if days >= 1 else "an hour"
        found[f"stats: {label}"] = lambda since=since: request_stats(database, Wanted(), since, NOW)
        found[f"stats: {label}, one ref"] = lambda since=since: request_stats(
            database, Wanted(refs=("den/model-3",)), since, NOW
        )
        found[f"stats: {label}, client"] = lambda since=since: request_stats(
            database, Wanted(client="open", outcome="ok"), since, NOW
        )
        for name, some in {"": {}, ", client": {"client": "open"}, ", failed": {"outcome": "failed"}}.items():
            wish = Wanted(**some)
            found[f"series: {label}{name}"] = lambda since=since, wish=wish: request_series(
                database, wish, since, NOW, 60
            )
        found[f"samples: {label}"] = lambda since=since: samples.read("den", since, NOW, 120)
    story = StoryTable(database)
    found["story"] = lambda: story.page(WantedEvents(), None, 101)
    found["story of a ref"] = lambda: story.page(WantedEvents(refs=("den/model-3",)), None, 101)
    found["story: no such event"] = lambda: story.page(WantedEvents(event="cut"), None, 101)
    return found


def make_totals(database: Database) -> None:
    """What a gateway does in the pauses after its start, step by step."""
    retention, keep, steps = Retention(database), Keep(10_000, 1_000_000, 10_000), []
    more = True
    while more:
        began = time.perf_counter()
        more = retention.step(keep, NOW)
        steps.append((time.perf_counter() - began) * 1000)
    print(f"totals: {len(steps)} steps, median {statistics.median(steps):.0f} ms, worst {max(steps):.0f} ms")


def measure(database: Database) -> dict[str, float]:
    """Milliseconds by page: the middle one of three, after one for a warm-up."""
    times: dict[str, float] = {}
    for name, ask in pages(database).items():
        ask()
        taken = []
        for _ in range(3):
            began = time.perf_counter()
            ask()
            taken.append((time.perf_counter() - began) * 1000)
        times[name] = statistics.median(taken)
    for kind in ("list", "stats", "series", "samples", "story"):
        some = {n: t for n, t in times.items() if n.startswith(kind)}
        worst = max(some, key=some.__getitem__)
        middle = statistics.median(some.values())
        print(f"{kind}: {len(some)} questions, median {middle:.1f} ms, worst {some[worst]:.1f} ms ({worst})")
    for name, ms in sorted(times.items(), key=lambda item: -item[1])[:12]:
        print(f"  {ms:7.1f} ms  {name}{'   OVER' if ms > LIMIT_MS else ''}")
    return times


def change(database: Database, size_mb: float) -> None:
    """What a write and what pruning take."""
    table = RequestsTable(database)
    began = time.perf_counter()
    row = made_kinds(random.Random(1))[0]
    table.add([row.model_copy(update={"id": f"f{n:031x}", "time": NOW}) for n in range(500)])
    print(f"a batch of 500 rows: {(time.perf_counter() - began) * 1000:.0f} ms")
    retention, keep, steps = Retention(database), Keep(365, max(1, int(size_mb * 0.97)), 30), []
    more = True
    while more and len(steps) < 200:
        began = time.perf_counter()
        more = retention.step(keep, NOW)
        steps.append((time.perf_counter() - began) * 1000)
    print(f"pruning: {len(steps)} steps, median {statistics.median(steps):.0f} ms, worst {max(steps):.0f} ms")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "history.db"
        began = time.perf_counter()
        database = open_database(URL.create("sqlite", database=str(path)))
        print(f"opened in {time.perf_counter() - began:.2f} s")
        with database.reading() as connection:
            there = connection.execute(select(func.max(requests.c.seq))).scalar() or 0
        if there < count:
            print(f"filling {path} with {count} rows", flush=True)
            fill(database, count)
            fill_samples(database)
        size = Retention(database).size_mb() or 0
        print(f"{count} rows, {size:.0f} MiB, {size * 2**20 / count:.0f} bytes a row")
        make_totals(database)
        times = measure(database)
        if len(sys.argv) <= 2:  # a file that is kept stays as it is
            change(database, size)
        database.close()
    return max(times.values()) > LIMIT_MS


if __name__ == "__main__":
    sys.exit(main())
