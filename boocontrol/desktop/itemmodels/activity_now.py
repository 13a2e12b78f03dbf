"""Requests that run now, as a table. One that ends while somebody points at the list stays where it is until then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from boocontrol.core.activity import RUNNING, ActivityRow
from boocontrol.desktop.itemmodels.activity_words import (
    bytes_text,
    count_of,
    elapsed_text,
    model_name,
    outcome_words,
    precise_time,
    rate_text,
    seconds_text,
    spoken,
    who_asked,
)
from boocontrol.desktop.itemmodels.ages import Clock, wall_clock
from boocontrol.desktop.itemmodels.row_changes import keep_order, steps
from boocontrol.desktop.text import noop, tr

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE: Final = QModelIndex()
NOW_ROLE: Final = Role.UserRole

SHAPE, MODEL, WHO, PHASE, ELAPSED, TOKENS, SPEED, ACTION = range(8)
COLUMNS: Final = 8
NUMBERS: Final = frozenset({ELAPSED, TOKENS, SPEED})
_HEADS: Final = (
    "",
    noop("Model"),
    noop("Who asked"),
    noop("Phase"),
    noop("Elapsed"),
    noop("Tokens"),
    noop("tok/s"),
    "",
)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class NowRow:
    """A request that runs. `state` is that of its model ("" when unknown), `usual_load_s` how long that usually takes
    to load; `asked`: it was asked to end; `over`: it has ended and is only still here; `stale`: old news."""

    row: ActivityRow
    state: str = ""
    usual_load_s: float | None = None
    asked: bool = False
    over: bool = False
    stale: bool = False

    @property
    def can_cancel(self) -> bool:
        """Whether it can still be ended. A request past the gateway is ended on its host, if that is new enough."""
        return not (self.over or self.asked or self.stale)

    @property
    def loading(self) -> bool:
        """Whether it waits for its model."""
        return self.state == "starting" and self.row.ttft_ms is None and not self.over


class NowItemModel(QAbstractTableModel):
    """Oldest first; a new one comes in at the end."""

    def __init__(self, parent: QObject | None = None, *, clock: Clock = wall_clock) -> None:
        super().__init__(parent)
        self._clock = clock
        self._rows: list[NowRow] = []

    @property
    def rows(self) -> Sequence[NowRow]:
        """The rows as they are shown."""
        return self._rows

    @property
    def count(self) -> int:
        """How many run."""
        return sum(not row.over for row in self._rows)

    def take(
        self, rows: Iterable[NowRow], *, hold: bool = False, ended: Mapping[str, ActivityRow] | None = None
    ) -> None:
        """These run. With `hold` those that do not any more stay, as over; `ended` tells how they ended."""
        by_id = {row.row.id: row for row in rows}
        if hold:
            for old in self._rows:
                if old.row.id not in by_id:
                    last = (ended or {}).get(old.row.id, old.row)
                    by_id[old.row.id] = replace(old, row=last, over=True, asked=False)
        before = [row.row.id for row in self._rows]
        order = keep_order(before, list(by_id))
        for step in list(steps(before, order)):
            if step.action == "remove":
                self.beginRemoveRows(NOWHERE, step.first, step.last)
                del self._rows[step.first : step.last + 1]
                self.endRemoveRows()
            else:  # the old order is kept, so nothing moves
                self.beginInsertRows(NOWHERE, step.first, step.last)
                self._rows[step.first : step.first] = [by_id[i] for i in order[step.first : step.last + 1]]
                self.endInsertRows()
        for at, name in enumerate(order):
            if self._rows[at] != by_id[name]:
                self._rows[at] = by_id[name]
                self.dataChanged.emit(self.index(at, 0), self.index(at, COLUMNS - 1))

    def row_at(self, index: Index) -> NowRow | None:
        """The request in a row."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def elapsed_ms(self, row: NowRow) -> float:
        """How long it has run."""
        if row.over or row.stale:
            return row.row.duration_ms
        return max(row.row.duration_ms, (self._clock() - row.row.time.timestamp()) * 1000)

    def phase(self, row: NowRow) -> str:
        """What it does now, as far as can be told."""
        if row.over:
            return tr("over") if row.row.outcome == RUNNING else outcome_words(row.row.outcome)
        if row.asked:
            return tr("asked to end")
        if row.loading:
            return self._loads(row)
        if row.row.ttft_ms is not None:
            return tr("answering")
        if row.state == "ready" and not row.row.streamed:
            return tr("working")
        return tr("waits for the first token")

    def load_fraction(self, row: NowRow) -> float | None:
        """Elapsed of the usual time of the load, 0 to 1; None when it does not load or there is no usual time."""
        if not row.loading or not row.usual_load_s:
            return None
        return min(1.0, self.elapsed_ms(row) / 1000 / row.usual_load_s)

    def _loads(self, row: NowRow) -> str:
        left = (row.usual_load_s or 0) - self.elapsed_ms(row) / 1000
        if left < 1:
            return tr("model loads")
        return tr("model loads, about {n} s left").format(n=round(left))

    # --- QAbstractTableModel ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == NOW_ROLE:
            return row
        if role == Role.DisplayRole:
            return self.text(row, index.column()) or None
        if role == Role.TextAlignmentRole:
            return _RIGHT if index.column() in NUMBERS else _LEFT
        if role == Role.AccessibleTextRole:
            return self._spoken(row, index.column())
        if role == Role.ToolTipRole:
            return self._tip(row, index.column()) or None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < COLUMNS:
            return None
        if role == Role.DisplayRole:
            return tr(_HEADS[section]) if _HEADS[section] else ""
        if role == Role.TextAlignmentRole:
            return _RIGHT if section in NUMBERS else _LEFT
        return None

    def text(self, row: NowRow, column: int) -> str:
        """What a cell says; empty for what is not known."""
        if column == MODEL:
            return model_name(row.row)
        if column == WHO:
            return who_asked(row.row)
        if column == PHASE:
            return self.phase(row)
        if column == ELAPSED:
            return elapsed_text(self.elapsed_ms(row))
        if column == TOKENS:
            return count_of(row.row.output_tokens)
        if column == SPEED:
            return rate_text(row.row.output_tokens_per_second)
        return tr("Cancel") if column == ACTION and row.can_cancel else ""

    def _spoken(self, row: NowRow, column: int) -> str:
        if column in (SHAPE, MODEL):
            return f"{self.phase(row)}, {spoken(row.row)}"
        return self.text(row, column)

    def _tip(self, row: NowRow, column: int) -> str:
        if column == MODEL:
            return row.row.ref
        if column == WHO:
            return row.row.client
        if column == ELAPSED:
            return tr("since {time}").format(time=precise_time(row.row.time))
        if column in (TOKENS, SPEED) and row.row.output_tokens and not row.over:
            return tr("so far, {size}").format(size=bytes_text(row.row.bytes_sent))
        if column == PHASE and row.row.ttft_ms is not None:
            return tr("first token after {time}").format(time=seconds_text(row.row.ttft_ms))
        return ""
