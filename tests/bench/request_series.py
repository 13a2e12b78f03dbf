"""How long the figures over time take in a large history: an hour, a day, a month and a year of 5 million requests.

    python tests/bench/request_series.py [millions]

The database is made in a temporary folder (about a minute a million). The promise is 100 ms for each window.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from boocontrol.core.activity import ActivityRow
from boocontrol.store import kinds
from boocontrol.store.database import Database, open_database
from boocontrol.store.engine import database_url
from boocontrol.store.request_series import request_series
from boocontrol.store.rollups import Sums
from boocontrol.store.schema import requests
from boocontrol.store.wanted import Wanted, micros

LIMIT_MS = 100.0
ROUNDS = 5
KINDS = 40
AT_ONCE = 50_000
UNTIL = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
WINDOWS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
WINDOWS |= {"month": timedelta(days=30), "year": YEAR}
WANTED = {"all": Wanted(), "words": Wanted(text="model-7"), "failed": Wanted(outcome="failed")}


def fill(database: Database, count: int) -> None:
    """Rows over a year, of some models, clients and ends."""
    chance = random.Random(1)
    rows = [
        ActivityRow(
            id=f"{n:032x}", time=UNTIL, ref=f"den/model-{n % 10}", provider="den", endpoint="/v1/chat/completions",
            outcome="cut" if n % 20 == 0 else "ok", duration_ms=1.0, client=f"client-{n % 4}",
        )
        for n in range(KINDS)
    ]  # fmt: skip
    with database.writing() as connection:
        ids = kinds.ids_of(connection, rows)
    begin, step = micros(UNTIL - YEAR), micros(UNTIL) - micros(UNTIL - YEAR)
    for first in range(0, count, AT_ONCE):
        made, sums = [], Sums()
        for n in range(first, min(count, first + AT_ONCE)):
            values = {"id": n.to_bytes(16, "big"), "time_us": begin + step * n // count, "kind_id": ids[n % KINDS]}
            values |= {"ttft_ms": chance.lognormvariate(6, 1), "output_tokens_per_second": chance.gauss(90, 9)}
            values |= {"duration_ms": 900.0, "prompt_tokens": 1000, "output_tokens": 300, "cached_tokens": None}
            values |= {"prompt_tokens_per_second": None, "bytes_sent": 1, "bytes_received": 1, "session": ""}
            values |= {"host_id": None, "host_key": None}
            sums.take(values["kind_id"], values)
            made.append(values)
        with database.writing() as connection:
            connection.execute(insert(requests), made)
            sums.write(connection)


def main() -> int:
    """Print a line for each window and filter; 1 when one takes too long."""
    count = int(float(sys.argv[1] if len(sys.argv) > 1 else 5) * 1e6)
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(database_url(Path(folder), {}))
        fill(database, count)
        for name, length in WINDOWS.items():
            for what, wanted in WANTED.items():
                taken = []
                for _ in range(ROUNDS):
                    start = time.perf_counter()
                    series = request_series(database, wanted, UNTIL - length, UNTIL, 60)
                    taken.append((time.perf_counter() - start) * 1000)
                worst = max(worst, min(taken))
                told = f"{series.requests:9,} requests in {len(series.points):3} pieces"
                print(f"{name:6} {what:7} {told}: {min(taken):6.1f} ms, slowest {max(taken):6.1f} ms", flush=True)
        database.close()
    print(f"{count:,} requests kept: slowest window {worst:.1f} ms (limit {LIMIT_MS:.0f})")
    return worst > LIMIT_MS


if __name__ == "__main__":
    sys.exit(main())
