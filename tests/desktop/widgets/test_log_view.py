"""Rows of a log, what is looked for in them, and the view that shows them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication, QTextCursor

from boocontrol.desktop.theme import palette_of
from boocontrol.desktop.tokens import LIGHT
from boocontrol.desktop.widgets.log_rows import LONGEST, LogRow, Span, level_of, plain_and_spans, row
from boocontrol.desktop.widgets.log_search import Pattern
from boocontrol.desktop.widgets.log_view import MOST_ROWS, LogView


def rows(count: int, start: int = 0, text: str = "line {n}") -> list[LogRow]:
    return [row(n, text.format(n=n), time="16:10:28", source="proxy") for n in range(start, start + count)]


@pytest.fixture
def view(qtbot: Any) -> LogView:
    made = LogView()
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


async def settled() -> None:
    """Let what was put off happen."""
    for _ in range(20):
        await asyncio.sleep(0)


def texts(view: LogView) -> list[str]:
    return [view.document().findBlockByNumber(n).text() for n in range(view.document().blockCount())]


# --- rows ---


def test_columns_have_a_fixed_width() -> None:
    made = row(1, "text", time="16:10:28", host="gpu-box", source="mistral-small-24b")
    assert made.line(with_host=False) == "16:10:28  mistral-sma…  text"
    assert made.line(with_host=True) == "16:10:28  gpu-box     mistral-sma…  text"
    assert row(1, "kept").line(with_host=False) == " " * 24 + "kept"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("[WARN] health check not ready yet", "warn"),
        ("[ERROR] ggml_cuda: out of memory", "error"),
        ("llama_model_load: error loading model: no file", "error"),
        ("common_init: warning: no vocab", "warn"),
        ("[INFO] error rate is fine", ""),
        ("slot update_slots: id 0 | n_errors = 0", ""),
        ("x" * 500 + " error", ""),
    ],
)
def test_trouble_is_known_by_its_words(text: str, level: str) -> None:
    assert level_of(text) == level


def test_colours_are_taken_out_and_kept_beside() -> None:
    raw = "a\x1b[31mred\x1b[1mbold\x1b[0mb\x1b[38;5;2mg\x1b[38;2;1;2;3mt\x1b[90;2mdim\x1b[m"
    text, spans = plain_and_spans(raw)
    assert text == "aredboldbgtdim"
    assert spans == (Span(1, 3, 1), Span(4, 4, 1, bold=True), Span(9, 1, 2), Span(11, 3, 0, dim=True))


def test_a_very_long_line_is_cut() -> None:
    made = row(1, "x" * 50_000)
    assert len(made.text) < LONGEST + 30 and made.text.endswith(f"(+{50_000 - LONGEST:,})")


# --- patterns ---


def test_small_letters_find_capitals_too() -> None:
    assert Pattern("warn").found_in("[WARN] x") and not Pattern("Warn").found_in("[WARN] x")
    assert Pattern(r"\Sarn").found_in("[WARN] x")


def test_words_are_taken_as_they_stand() -> None:
    assert Pattern("a.b(", regex=False).spans("xa.b(y") == [(1, 4)]
    assert not Pattern("a.b", regex=False).found_in("axb")


def test_a_wrong_expression_is_told_with_its_place() -> None:
    pattern = Pattern("tok(")
    assert "parenthesis" in pattern.error and pattern.at == 4
    assert not pattern.found_in("tok(") and pattern.spans("tok(") == []


@pytest.mark.parametrize("bad", ["(a+)+$", r"^(([a-z])+.)+[A-Z]([a-z])+$", "(a|a)*$", r"(\w+\s?)*$"])
def test_an_expression_that_never_ends_is_given_up(bad: str) -> None:
    """Without its limit each of these takes longer than anybody waits."""
    pattern = Pattern(bad)
    for text in ("a" * 4000 + "=", "a" * 40 + "="):
        assert not pattern.found_in(text)
        assert pattern.spans(text) == []
    assert pattern.given_up


def test_nothing_is_found_in_empty_places() -> None:
    assert Pattern("x*").spans("ab") == []


# --- view ---


def test_rows_and_blocks_are_the_same(view: LogView) -> None:
    view.append(rows(3))
    view.append(rows(2, 3))
    assert [text.strip() for text in texts(view)] == [f"16:10:28  proxy         line {n}" for n in range(5)]
    view.clear_rows()
    view.append(rows(1, 9))
    assert len(texts(view)) == 1 and texts(view)[0].endswith("line 9")


def test_the_oldest_rows_go(view: LogView) -> None:
    view.append(rows(MOST_ROWS))
    view.append(rows(500, MOST_ROWS))
    assert view.document().blockCount() == len(view.rows) == MOST_ROWS
    assert texts(view)[0].endswith("line 500") and view.rows[0].serial == 500
    assert texts(view)[-1].endswith(f"line {MOST_ROWS + 499}")


def test_the_end_stays_in_sight_and_nothing_else_moves(view: LogView) -> None:
    view.append(rows(100))
    assert view.at_end
    view.append(rows(100, 100))
    assert view.at_end
    view.verticalScrollBar().setValue(20)
    top = view.firstVisibleBlock().text()
    assert not view.at_end
    view.append(rows(50, 200))
    assert view.firstVisibleBlock().text() == top and not view.at_end
    view.to_end()
    assert view.at_end


async def test_lines_that_wrap_do_not_lose_the_end(view: LogView) -> None:
    for start in range(0, 300, 50):
        view.append(rows(50, start, "long words that wrap {n} " * 20))
        await settled()
        assert view.at_end
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 300


def test_a_match_is_gone_to(view: LogView) -> None:
    view.set_pattern(Pattern("line 7$"))
    view.append(rows(200))
    assert view.choose(7) and view.chosen == 7
    assert view.firstVisibleBlock().blockNumber() <= 7
    assert not view.choose(5000)
    view.set_pattern(None)
    assert view.chosen == -1


async def test_only_what_is_seen_is_dressed(view: LogView) -> None:
    view.append(rows(1000, text="[WARN] line {n}"))
    dressed = [n for n in range(1000) if view.document().findBlockByNumber(n).layout().formats()]
    assert dressed and 999 in dressed and len(dressed) < 80
    view.verticalScrollBar().setValue(0)
    await settled()
    assert view.document().findBlockByNumber(0).layout().formats()


def test_what_is_copied_is_what_is_read(view: LogView) -> None:
    view.append(rows(3))
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text() == "\n".join(r.line(with_host=False) for r in rows(3))
    cursor = view.textCursor()
    cursor.setPosition(5)
    cursor.setPosition(9, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    view.copy()
    assert QGuiApplication.clipboard().text() == "0:28"


def test_problem_rows_are_tinted_with_their_shape(view: LogView) -> None:
    view.setPalette(palette_of(LIGHT))
    view.append([row(1, "fine"), row(2, "[ERROR] out of memory"), row(3, "fine")])
    picture = view.grab().toImage()
    # The ground reaches the right end and the margin, on its own row only.
    height = round(view.blockBoundingGeometry(view.document().firstBlock()).height())
    tops = [view.viewport().y() + height * n + height // 2 for n in range(3)]
    right = [picture.pixelColor(view.viewport().width() + 10, y).name() for y in tops]
    left = [picture.pixelColor(2, y).name() for y in tops]
    assert right[0] == right[2] == left[0] == LIGHT.base.lower()
    assert right[1] == left[1] == LIGHT.warnsoft.lower()
