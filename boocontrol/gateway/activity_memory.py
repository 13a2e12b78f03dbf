"""The last requests in memory: what is shown while the database cannot be read."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from boocontrol.core.activity import ActivityRow, ActivityStats, ModelActivity, Quantiles
from boocontrol.store.requests import Cursor
from boocontrol.store.wanted import Wanted, micros

REMEMBERED: Final = 500


class Recent:
    """The rows that were stored last; those that wait to be stored are given along."""

    def __init__(self) -> None:
        self._rows: deque[ActivityRow] = deque(maxlen=REMEMBERED)

    def add(self, rows: Iterable[ActivityRow]) -> None:
        """Rows were stored."""
        self._rows.extend(rows)

    def page(
        self, waiting: Sequence[ActivityRow], wanted: Wanted, before: Cursor | None, limit: int
    ) -> tuple[tuple[ActivityRow, ...], int]:
        """As the table of requests answers."""
        found = self._all(waiting, wanted)
        after = [row for row in found if before is None or (micros(row.time), row.id) < before]
        return tuple(after[:limit]), len(found)

    def stats(self, waiting: Sequence[ActivityRow], wanted: Wanted, since: datetime, until: datetime) -> ActivityStats:
        """As request_stats answers."""
        found = [row for row in self._all(waiting, wanted) if since <= row.time < until]
        by_ref: dict[str, list[ActivityRow]] = {}
        for row in found:
            by_ref.setdefault(row.ref, []).append(row)
        models = sorted((_model(ref, rows) for ref, rows in by_ref.items()), key=lambda m: (-m.requests, m.ref))
        outcomes = dict(Counter(row.outcome for row in found))
        return ActivityStats(since=since, until=until, requests=len(found), outcomes=outcomes, models=tuple(models))

    def _all(self, waiting: Sequence[ActivityRow], wanted: Wanted) -> list[ActivityRow]:
        by_id = {row.id: row for row in (*self._rows, *waiting) if wanted.takes(row)}
        return sorted(by_id.values(), key=lambda row: (row.time, row.id), reverse=True)


def _model(ref: str, rows: list[ActivityRow]) -> ModelActivity:
    outcomes = Counter(row.outcome for row in rows)
    return ModelActivity(
        ref=ref,
        requests=len(rows),
        ok=outcomes["ok"],
        prompt_tokens=sum(row.prompt_tokens or 0 for row in rows),
        output_tokens=sum(row.output_tokens or 0 for row in rows),
        outcomes=dict(outcomes),
        ttft_ms=_quantiles([row.ttft_ms for row in rows]),
        output_tokens_per_second=_quantiles([row.output_tokens_per_second for row in rows]),
    )


def _quantiles(figures: Iterable[float | None]) -> Quantiles | None:
    known = sorted(f for f in figures if f is not None)
    if not known:
        return None
    p50, p95 = (known[(len(known) * percent + 99) // 100 - 1] for percent in (50, 95))
    return Quantiles(p50=p50, p95=p95)
