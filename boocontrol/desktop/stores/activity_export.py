"""The history as a file, row after row as the pages come. Knows no widget; a file is whole or not there."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal, TextIO

from boocontrol.client import GatewayClient
from boocontrol.core.activity import RUNNING, ActivityRow
from boocontrol.core.errors import BooError
from boocontrol.desktop.stores.activity_query import ActivityQuery
from boocontrol.desktop.text import tr

Kind = Literal["csv", "json"]
Progress = Callable[[int, int], None]

PAGE: Final = 500
# A spreadsheet takes a text that begins so for a formula; some do after blanks too, or for the wide forms.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


async def export_activity(
    client: GatewayClient, query: ActivityQuery, now: float, path: Path, kind: Kind, progress: Progress
) -> int:
    """Write every ended request that matches, newest first; `progress` is told how many of how many. Returns how many.

    What ends meanwhile is left out. Raises BooError; then, and when it is cancelled, nothing is at `path` that was
    not there before.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        file = await asyncio.to_thread(_open, part)
        try:
            count = await _write(client, query, now, file, kind, progress)
        finally:
            await asyncio.to_thread(file.close)
        await asyncio.to_thread(os.replace, part, path)
    except OSError as e:
        raise BooError(
            tr("The file could not be written: {why}.").format(why=e.strerror or e),
            tr("Choose another place."),
            code="file",
        ) from e
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return count


def csv_lines(rows: Iterable[ActivityRow], *, head: bool = False) -> str:
    """Rows as CSV, with the names of the columns first when `head`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if head:
        writer.writerow(_names())
    for row in rows:
        writer.writerow([_cell(value) for value in _values(row).values()])
    return text.getvalue()


async def _write(
    client: GatewayClient, query: ActivityQuery, now: float, file: TextIO, kind: Kind, progress: Progress
) -> int:
    count = 0
    if kind == "csv":
        await asyncio.to_thread(file.write, csv_lines((), head=True))
    else:
        await asyncio.to_thread(file.write, '{"data": [')
    async for rows, total in _pages(client, query, now):
        text = csv_lines(rows) if kind == "csv" else _json_lines(rows, first=not count)
        await asyncio.to_thread(file.write, text)
        count += len(rows)
        progress(count, max(count, total))
    if kind == "json":
        await asyncio.to_thread(file.write, f'\n], "total": {count}}}\n')
    return count


async def _pages(
    client: GatewayClient, query: ActivityQuery, now: float
) -> AsyncIterator[tuple[list[ActivityRow], int]]:
    """Pages of one moment: `until` keeps out what comes later, the cursor keeps the order."""
    params = query.params(now)
    params["until"] = ActivityQuery(span_s=0).params(now)["since"]
    before: str | None = None
    while True:
        more = {} if before is None else {"before": before}
        page = await client.activity(limit=PAGE, **params, **more)
        rows = [row for row in page.data if row.outcome != RUNNING]
        yield rows, page.total
        before = page.next
        if before is None:
            return


def _open(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="")


def _names() -> list[str]:
    return [str(f.serialization_alias or f.alias or name) for name, f in ActivityRow.model_fields.items()]


def _values(row: ActivityRow) -> dict[str, Any]:
    return row.model_dump(mode="json", by_alias=True)


def _json_lines(rows: Iterable[ActivityRow], *, first: bool) -> str:
    """Rows as members of an array; `first` when none stands before them."""
    made = [json.dumps(_values(row), ensure_ascii=False) for row in rows]
    return ("" if first or not made else ",") + ",".join(f"\n{text}" for text in made)


def _cell(value: Any) -> str | int | float:
    """A value as a cell: nothing for what is not known, and no text that a spreadsheet would compute."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) or value.startswith(_FORMULA) else value
