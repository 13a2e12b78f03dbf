"""Requests that have ended, as a table: sorted by any column, extended page by page and by what ends meanwhile."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from boocontrol.core.activity import ActivityRow
from boocontrol.desktop.itemmodels.activity_words import (
    count_of,
    model_name,
    outcome_words,
    precise_time,
    rate_text,
    seconds_text,
    spoken,
    who_asked,
)
from boocontrol.desktop.itemmodels.ages import Clock, age_text, wall_clock
from boocontrol.desktop.text import noop, tr

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE: Final = QModelIndex()
ROW_ROLE: Final = Role.UserRole

AGE, OUTCOME, MODEL, WHO, TTFT, DURATION, PROMPT, OUTPUT, SPEED = range(9)
COLUMNS: Final = 9
NUMBERS: Final = frozenset({TTFT, DURATION, PROMPT, OUTPUT, SPEED})
_HEADS: Final = (
    noop("Age"),
    noop("Outcome"),
    noop("Model"),
    noop("Who asked"),
    noop("First token"),
    noop("Duration"),
    noop("Prompt"),
    noop("Output"),
    noop("tok/s"),
)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_KEYS: Final[tuple[Callable[[ActivityRow], Any], ...]] = (
    lambda row: row.time,
    lambda row: outcome_words(row.outcome).casefold(),
    lambda row: (model_name(row).casefold(), row.provider),
    lambda row: who_asked(row).casefold() or None,
    lambda row: row.ttft_ms,
    lambda row: row.duration_ms,
    lambda row: row.prompt_tokens,
    lambda row: row.output_tokens,
    lambda row: row.output_tokens_per_second,
)


class _Down:
    """A value that sorts the other way."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and self.value == other.value

    def __lt__(self, other: _Down) -> bool:
        return bool(other.value < self.value)


class HistoryItemModel(QAbstractTableModel):
    """Rows of one query. Those that have no value in the sorted column come last, whichever way it is sorted; equal
    ones stand newest first. Nothing here resets the table except another query."""

    def __init__(self, parent: QObject | None = None, *, clock: Clock = wall_clock) -> None:
        super().__init__(parent)
        self.sorted_by = AGE
        self.descending = True
        self._clock = clock
        self._rows: list[ActivityRow] = []
        self._ids: set[str] = set()

    @property
    def rows(self) -> Sequence[ActivityRow]:
        """The rows as they are shown."""
        return self._rows

    @property
    def by_time(self) -> bool:
        """Whether the newest stand first, as the gateway tells them."""
        return self.sorted_by == AGE and self.descending

    def knows(self, request_id: str) -> bool:
        """Whether a row is here."""
        return request_id in self._ids

    def take(self, rows: Iterable[ActivityRow]) -> None:
        """These and no others: another query was asked."""
        self.beginResetModel()
        self._rows = self._ordered(rows)
        self._ids = {row.id for row in self._rows}
        self.endResetModel()

    def add(self, rows: Iterable[ActivityRow]) -> int:
        """Rows that came: each goes to its place, one that is here already is left out. Returns how many are new."""
        new = {row.id: row for row in rows if row.id not in self._ids}
        if not new:
            return 0
        self._ids.update(new)
        for place, run in self._runs(self._ordered(new.values())):
            self.beginInsertRows(NOWHERE, place, place + len(run) - 1)
            self._rows[place:place] = run
            self.endInsertRows()
        return len(new)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; the view asks for it."""
        descending = order == Qt.SortOrder.DescendingOrder
        if 0 <= column < COLUMNS and (column, descending) != (self.sorted_by, self.descending):
            self.sorted_by, self.descending = column, descending
            self._arrange()

    def row_at(self, index: Index) -> ActivityRow | None:
        """The request in a row."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, request_id: str) -> QModelIndex:
        """Where a request is shown."""
        at = next((at for at, row in enumerate(self._rows) if row.id == request_id), -1)
        return self.index(at, MODEL) if at >= 0 else QModelIndex()

    # --- order ---

    def _place(self, row: ActivityRow) -> tuple[bool, Any, _Down]:
        """What rows are ordered by: first those that have a value, and equal ones newest first."""
        value = _KEYS[self.sorted_by](row)
        newest = _Down((row.time, row.id))
        if value is None:
            return True, 0, newest
        return False, _Down(value) if self.descending else value, newest

    def _ordered(self, rows: Iterable[ActivityRow]) -> list[ActivityRow]:
        return sorted(rows, key=self._place)

    def _arrange(self) -> None:
        """Put all in another order at once; what a view holds on to goes with its row."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(self._rows[index.row()].id, index.column()) for index in before]
        self._rows = self._ordered(self._rows)
        wanted = {name for name, _ in held}
        places = {row.id: at for at, row in enumerate(self._rows) if row.id in wanted}
        self.changePersistentIndexList(before, [self.index(places[name], column) for name, column in held])
        self.layoutChanged.emit()

    def _runs(self, new: list[ActivityRow]) -> list[tuple[int, list[ActivityRow]]]:
        """Where rows go among those that are here, in the same order: from the end, so that places stay true."""
        runs: list[tuple[int, list[ActivityRow]]] = []
        at = 0
        for row in new:
            at = bisect_left(self._rows, self._place(row), at, key=self._place)
            if runs and runs[-1][0] == at:
                runs[-1][1].append(row)
            else:
                runs.append((at, [row]))
        return runs[::-1]

    # --- QAbstractTableModel ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == Role.DisplayRole:
            return self.text(row, index.column()) or None
        if role == Role.TextAlignmentRole:
            return _RIGHT if index.column() in NUMBERS else _LEFT
        if role == Role.AccessibleTextRole:
            return spoken(row) if index.column() in (AGE, MODEL) else self.text(row, index.column())
        if role == Role.ToolTipRole:
            return self._tip(row, index.column()) or None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < COLUMNS:
            return None
        if role == Role.DisplayRole:
            return tr(_HEADS[section])
        if role == Role.TextAlignmentRole:
            return _RIGHT if section in NUMBERS else _LEFT
        return None

    def text(self, row: ActivityRow, column: int) -> str:
        """What a cell says; empty for what is not known."""
        if column == AGE:
            return age_text(row.time, self._clock())
        if column == OUTCOME:
            return outcome_words(row.outcome)
        if column == MODEL:
            return model_name(row)
        if column == WHO:
            return who_asked(row)
        if column in (TTFT, DURATION):
            return seconds_text(row.ttft_ms if column == TTFT else row.duration_ms)
        if column in (PROMPT, OUTPUT):
            return count_of(row.prompt_tokens if column == PROMPT else row.output_tokens)
        return rate_text(row.output_tokens_per_second)

    def _tip(self, row: ActivityRow, column: int) -> str:
        """The exact time, the whole of a name that may be cut, and where a figure comes from."""
        if column == AGE:
            return precise_time(row.time)
        if column == OUTCOME:
            return outcome_words(row.outcome) if row.status is None else f"{outcome_words(row.outcome)} ({row.status})"
        if column == MODEL:
            return (
                row.ref
                if row.requested in ("", row.ref)
                else tr("{ref}, asked for as {name}").format(ref=row.ref, name=row.requested)
            )
        if column == WHO:
            return row.client
        if column == PROMPT and row.cached_tokens:
            return tr("{n} of them from the cache").format(n=count_of(row.cached_tokens))
        return ""
