"""The command palette: what it finds, in which order, and how it is used without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from boocontrol.desktop.palette import Palette
from boocontrol.desktop.palette_search import Entry, Group, match, search, sections


def entry(group: Group, title: str, detail: str = "", run: object = None) -> Entry:
    return Entry(group, title, run if callable(run) else lambda: None, detail)


ALL = [
    entry("hosts", "gpu-box", "Up"),
    entry("models", "gemma-3-12b", "mac-studio, ready"),
    entry("models", "qwen3.5-9b", "gpu-box, ready"),
    entry("models", "nomic-embed-qw", "gpu-box, stopped"),
    entry("pages", "Models"),
    entry("actions", "Unload qwen3.5-9b", "gpu-box"),
]


def found(typed: str) -> list[str]:
    return [hit.entry.title for hit in search(ALL, typed)]


def test_nothing_typed_shows_the_first_of_each_group() -> None:
    assert found("") == [e.title for e in ALL]


def test_beginnings_come_before_what_stands_inside() -> None:
    assert found("qw") == ["qwen3.5-9b", "nomic-embed-qw", "Unload qwen3.5-9b"]


def test_every_word_counts_and_the_host_may_be_one() -> None:
    assert found("qwen gpu") == ["qwen3.5-9b", "Unload qwen3.5-9b"]
    assert found("GEMMA mac") == ["gemma-3-12b"]


def test_letters_in_order_are_enough() -> None:
    assert found("gbx") == ["gpu-box"]
    assert found("zz") == []


def test_prefixes_choose_a_group() -> None:
    assert found(">") == ["Unload qwen3.5-9b"]
    assert found("@gpu") == ["gpu-box"]


def test_the_places_that_match_are_known() -> None:
    hit = match(ALL[2], "qw 9b")
    assert hit is not None
    assert hit.places == {0, 1, 8, 9}


def test_a_group_gives_way_to_the_others() -> None:
    many = [entry("models", f"model-{n}") for n in range(50)] + [entry("actions", "model help")]
    hits = search(many, "model")
    assert len(hits) == 6
    assert hits[-1].entry.group == "actions"
    assert sections(hits)[0] == "models"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    return made


def test_by_keyboard_alone(window: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    entries = [entry(e.group, e.title, e.detail, lambda title=e.title: done.append(title)) for e in ALL]
    palette = Palette(window, lambda: entries)
    palette.pop()
    assert (palette.width(), palette.y()) == (640, 96)
    assert palette.x() == (1280 - 640) // 2
    qtbot.keyClicks(palette.field, "qw")
    assert palette.list.currentIndex().row() == 1
    assert not palette.grab().isNull()
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert done == ["Unload qwen3.5-9b"]
    assert palette.isHidden()


def test_nothing_found_says_so_and_enter_does_nothing(window: QWidget, qtbot: QtBot) -> None:
    palette = Palette(window, lambda: ALL)
    palette.pop()
    qtbot.keyClicks(palette.field, "zzzz")
    assert palette._nothing.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert palette.isHidden()


def test_it_fits_a_small_window_and_gives_the_focus_back(window: QWidget, qtbot: QtBot) -> None:
    window.resize(480, 300)
    field = QLineEdit(window)
    field.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    palette = Palette(window, lambda: ALL)
    palette.pop()
    assert window.rect().contains(palette.geometry())
    qtbot.mouseClick(palette._scrim, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert field.hasFocus()
