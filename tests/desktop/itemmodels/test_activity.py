"""The tables of requests: order, what comes in, what is said, and that views keep what they hold."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from boocontrol.desktop.itemmodels import activity_history as history
from boocontrol.desktop.itemmodels import activity_now as now
from boocontrol.desktop.itemmodels.activity_history import HistoryItemModel
from boocontrol.desktop.itemmodels.activity_now import NowItemModel, NowRow
from boocontrol.desktop.itemmodels.activity_words import (
    bytes_text,
    facts,
    outcome_shape,
    outcome_words,
    rate_text,
    seconds_text,
    short_count,
    who_asked,
)
from tests.desktop.activity_fakes import NOW, row, running

Down, Up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
Tip = Qt.ItemDataRole.ToolTipRole


def made(*numbers: int) -> HistoryItemModel:
    model = HistoryItemModel(clock=NOW.timestamp)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.take([row(n) for n in numbers])
    return model


def ages(model: HistoryItemModel) -> list[int]:
    return [int(r.id, 16) for r in model.rows]


def test_rows_go_to_their_place_in_few_steps(qapp: object) -> None:
    model = made(1, 5, 9)
    inserted: list[tuple[int, int]] = []
    resets: list[None] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.modelReset.connect(lambda: resets.append(None))
    assert model.add([row(10), row(11), row(5), row(6), row(7)]) == 4
    assert ages(model) == [1, 5, 6, 7, 9, 10, 11] and inserted == [(3, 4), (2, 3)] and not resets
    assert model.add([row(5)]) == 0


def test_any_order_of_arrival_gives_the_same_table(qapp: object) -> None:
    numbers = list(range(60))
    for seed in range(5):
        random.Random(seed).shuffle(numbers)
        model = made()
        for at in range(0, 60, 7):
            model.add(row(n) for n in numbers[at : at + 7])
        assert ages(model) == sorted(numbers)


@pytest.mark.parametrize("column", range(history.COLUMNS))
def test_every_column_sorts_both_ways_and_back(qapp: object, column: int) -> None:
    model = made(*range(10))
    model.sort(column, Up)
    model.sort(column, Down)
    model.sort(history.AGE, Down)
    assert ages(model) == list(range(10))


def test_sorting_is_stable_and_what_is_missing_comes_last(qapp: object) -> None:
    model = made()
    model.take(
        [row(1, ttft_ms=None), row(2, ttft_ms=5.0), row(3, ttft_ms=9.0), row(4, ttft_ms=5.0), row(5, ttft_ms=None)]
    )
    model.sort(history.TTFT, Up)
    assert ages(model) == [2, 4, 3, 1, 5]
    model.sort(history.TTFT, Down)
    assert ages(model) == [3, 2, 4, 1, 5]
    model.add([row(0, ttft_ms=7.0), row(6, ttft_ms=5.0)])
    assert ages(model) == [3, 0, 2, 4, 6, 1, 5]


def test_what_a_view_holds_stays_with_its_row(qapp: object) -> None:
    model = made(*range(1, 8))
    held = QPersistentModelIndex(model.index_of(row(4).id))
    model.add([row(0)])
    assert model.row_at(held) == row(4)
    model.sort(history.OUTCOME, Up)
    model.sort(history.AGE, Up)
    assert model.row_at(held) == row(4) and held.row() == 3


def test_missing_is_an_empty_cell(qapp: object) -> None:
    model = made()
    nothing = {"ttft_ms": None, "prompt_tokens": None, "output_tokens": None, "output_tokens_per_second": None}
    model.take([row(75, client="", **nothing)])
    texts = [model.index(0, column).data() for column in range(history.COLUMNS)]
    assert texts == ["1 min ago", "done", "qwen3", None, None, "6.20 s", None, None, None]


def test_tooltips_tell_exactly(qapp: object) -> None:
    model = made()
    model.take([row(75, requested="any/qwen3", cached_tokens=9000, outcome="cut", status=502)])
    tips = {column: model.index(0, column).data(Tip) for column in range(history.COLUMNS)}
    assert ":58:45" in tips[history.AGE] and tips[history.OUTCOME] == "cut off (502)"
    assert tips[history.MODEL] == "den/qwen3, asked for as any/qwen3" and tips[history.WHO] == "opencode/1.2"
    assert tips[history.PROMPT] == "9,000 of them from the cache"


@pytest.mark.parametrize(
    ("outcome", "shape", "words"),
    [
        ("ok", "check", "done"),
        ("client_left", "stop", "client left"),
        ("cancelled", "stop", "cancelled"),
        ("cut", "cut", "cut off"),
        ("refused", "failed", "refused by the host"),
        ("provider_offline", "failed", "host is down"),
        ("some_new_code", "failed", "some new code"),
    ],
)
def test_an_end_is_a_shape_and_words(qapp: object, outcome: str, shape: str, words: str) -> None:
    assert (outcome_shape(outcome), outcome_words(outcome)) == (shape, words)


def test_figures_in_words(qapp: object) -> None:
    assert [seconds_text(ms) for ms in (None, 0.0, 4.2, 40, 9940, 22_000, 150_000)] == [
        "",
        "0.00 s",
        "4 ms",
        "40 ms",
        "9.94 s",
        "22.0 s",
        "2 min",
    ]
    assert [short_count(n) for n in (7, 999, 1900, 148_000, 1_900_000)] == ["7", "999", "1.9 k", "148 k", "1.9 M"]
    assert [rate_text(v) for v in (None, 4.25, 9.97, 91.8)] == ["", "4.3", "10", "92"]
    assert [bytes_text(n) for n in (0, 12, 3400)] == ["", "12 bytes", "3.4 kB"]


def test_who_asked_is_the_agent_else_a_short_name(qapp: object) -> None:
    assert who_asked(row(1, client="curl/8.1 (x86) z")) == "curl"
    assert who_asked(row(1, client="claude-cli/2.0", agent="claude-code")) == "claude-code"
    assert who_asked(row(1, client="Backup plan")) == "Backup plan"


def test_facts_leave_out_what_is_not_known(qapp: object) -> None:
    told = dict(facts(row(1, session="", cached_tokens=0, bytes_sent=0)))
    assert "Session" not in told and "Sent" not in told and told["From the cache"] == "0 tokens"
    assert told["Output speed"] == "118 tokens/s" and told["Outcome"] == "done, status 200"


# --- what runs ---


def now_model() -> NowItemModel:
    model = NowItemModel(clock=NOW.timestamp)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def test_a_new_one_comes_in_at_the_end_and_gone_ones_go(qapp: object) -> None:
    model = now_model()
    model.take([NowRow(running(9)), NowRow(running(5))])
    model.take([NowRow(running(5)), NowRow(running(7)), NowRow(running(1))])
    assert [int(r.row.id, 16) for r in model.rows] == [5, 7, 1] and model.count == 3


def test_one_that_ends_under_the_pointer_stays_until_it_is_let_go(qapp: object) -> None:
    model = now_model()
    model.take([NowRow(running(9)), NowRow(running(5))])
    model.take([NowRow(running(5))], hold=True, ended={running(9).id: row(9, outcome="cut")})
    assert [(int(r.row.id, 16), r.over, r.can_cancel) for r in model.rows] == [(9, True, False), (5, False, True)]
    assert model.phase(model.rows[0]) == "cut off" and model.count == 1
    model.take([NowRow(running(5))])
    assert len(model.rows) == 1


def test_what_it_does_now_in_words(qapp: object) -> None:
    model = now_model()
    loads = NowRow(running(14), "starting", usual_load_s=38.0)
    assert model.phase(loads) == "model loads, about 24 s left"
    assert model.load_fraction(loads) == pytest.approx(14 / 38)
    assert model.phase(NowRow(running(50), "starting", usual_load_s=38.0)) == "model loads"
    assert model.phase(NowRow(running(3), "ready")) == "waits for the first token"
    assert model.phase(NowRow(running(3, ttft_ms=10.0), "ready")) == "answering"
    assert model.phase(NowRow(running(3), asked=True)) == "asked to end"


def test_elapsed_goes_on_unless_the_news_is_old(qapp: object) -> None:
    model = now_model()
    model.take([NowRow(running(12)), NowRow(running(4), stale=True)])
    told = [model.index(at, now.ELAPSED).data() for at in (0, 1)]
    assert told == ["12 s", "4 s"] and not model.rows[1].can_cancel
    assert model.index(0, now.TOKENS).data() is None and model.index(0, now.ACTION).data() == "Cancel"


def test_a_request_past_the_gateway_can_be_cancelled_too(qapp: object) -> None:
    assert NowRow(running(1, via="host")).can_cancel
    assert not NowRow(running(1, via="host"), asked=True).can_cancel
