"""Kill a gateway under load many times, and count what was lost.

python tests/bench/kill.py [rounds, default 200]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.gateway.kill_rounds import Tally, rounds


def told(tally: Tally) -> None:
    """A line now and then."""
    if tally.rounds % 10 == 0:
        print(f"{tally.rounds:4} kills, {len(tally.shown)} rows, {len(tally.faults)} faults", flush=True)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tally = asyncio.run(rounds(Path(folder), count, seed=7, told=told))
    seconds = time.perf_counter() - began
    print(f"{tally.rounds} kills in {seconds:.0f} s, {len(tally.shown)} rows shown, {len(tally.faults)} faults")
    starts = sorted(tally.starts)
    print(f"a start took {starts[len(starts) // 2]:.1f} s in the middle, {starts[-1]:.1f} s at most")
    for fault in tally.faults[:20]:
        print(f"  {fault}")
    return bool(tally.faults)


if __name__ == "__main__":
    sys.exit(main())
