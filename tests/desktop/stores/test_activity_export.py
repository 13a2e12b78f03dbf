"""The history as a file: all pages, correct quoting, nothing that a spreadsheet would compute, whole or not there."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest

from boocontrol.core.errors import BooError
from boocontrol.desktop.stores.activity_export import PAGE, csv_lines, export_activity
from boocontrol.desktop.stores.activity_query import DAY, ActivityQuery
from tests.desktop.activity_fakes import NOW, FakeClient, row, running

AT = NOW.timestamp()


def nothing(_count: int, _total: int) -> None:
    return None


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "\uff1d1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    (cells,) = csv.reader(io.StringIO(csv_lines([row(1, client=text)])))
    assert "'" + text in cells and text not in cells


def test_quotes_commas_and_lines_come_back_as_they_were() -> None:
    text = 'a "b", c\nd; é 模'
    (cells,) = csv.reader(io.StringIO(csv_lines([row(1, session=text, ttft_ms=None, cached_tokens=0)]), newline=""))
    names = next(csv.reader(io.StringIO(csv_lines((), head=True))))
    told = dict(zip(names, cells, strict=True))
    assert told["session"] == text and told["ttftMs"] == "" and told["cachedTokens"] == "0"
    assert told["outputTokens"] == "688" and told["time"].startswith("2026-11-22T15:59:59")


async def test_every_page_of_what_is_filtered(tmp_path: Path) -> None:
    rows = [row(n, outcome="cut" if n % 2 else "ok") for n in range(1, 2 * PAGE + 400)]
    client = FakeClient([*rows, row(2 * DAY, outcome="cut")])
    client.running = [running(1)]
    told: list[tuple[int, int]] = []
    path = tmp_path / "x.csv"
    query = ActivityQuery(outcome="cut")
    count = await export_activity(client, query, AT, path, "csv", lambda n, total: told.append((n, total)))  # type: ignore[arg-type]
    lines = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert count == len(lines) == sum(r.outcome == "cut" for r in rows) and told[-1] == (count, count)
    assert len(told) == 2 and [line["id"] for line in lines] == sorted(line["id"] for line in lines)
    assert "until" in client.asked[0] and client.asked[1]["before"]


async def test_json_is_what_the_api_tells(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    client = FakeClient([row(n) for n in range(1, PAGE + 4)])
    await export_activity(client, ActivityQuery(), AT, path, "json", nothing)  # type: ignore[arg-type]
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["total"] == len(told["data"]) == PAGE + 3 and told["data"][0]["outputTokensPerSecond"] == 118.2
    await export_activity(FakeClient(), ActivityQuery(), AT, path, "json", nothing)  # type: ignore[arg-type]
    assert json.loads(path.read_text()) == {"data": [], "total": 0}


async def test_a_cancelled_export_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")
    client = FakeClient([row(n) for n in range(3 * PAGE)])
    came = asyncio.Event()

    def told(_count: int, _total: int) -> None:
        client.gate = asyncio.Event()
        came.set()

    task = asyncio.ensure_future(export_activity(client, ActivityQuery(), AT, path, "csv", told))  # type: ignore[arg-type]
    await came.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(BooError) as told:
        await export_activity(FakeClient(), ActivityQuery(), AT, tmp_path / "no" / "x.csv", "csv", nothing)  # type: ignore[arg-type]
    assert told.value.advice and "No such file" in told.value.title
