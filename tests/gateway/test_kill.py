"""kill -9 under load: the database opens every time, and no row that was shown is lost or doubled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .kill_rounds import rounds


@pytest.mark.skipif(os.name != "posix", reason="signals")
async def test_ten_kills_lose_nothing_that_was_shown(tmp_path: Path) -> None:
    tally = await rounds(tmp_path, 10)
    assert (tally.rounds, tally.faults) == (10, [])
    assert len(tally.shown) >= 50
