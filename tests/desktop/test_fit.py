"""Words and figures have the room that they need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from boocontrol.desktop import shoot
from boocontrol.desktop.language import Language
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.widgets.combo import ComboBox
from boocontrol.desktop.widgets.labels import ElidedLabel
from boocontrol.desktop.widgets.ref_box import RefBox
from tests.desktop.whole_window import whole_window


async def test_no_pop_up_list_hides_what_is_chosen(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    """Refs may be of any length; all other choices are ours, and fit."""
    hidden, seen = [], 0
    with whole_window(qapp, stores, tmp_path) as whole:
        for name, widget in whole.views():
            for box in widget.findChildren(ComboBox):
                if box.isVisibleTo(widget) and not isinstance(box, RefBox):
                    seen += 1
                    if box.shown_text() != box.currentText():
                        hidden.append(f"{name}: {box.currentText()!r} is shown as {box.shown_text()!r}")
    assert seen and not hidden, "\n".join(hidden)


async def test_no_title_of_a_column_is_cut(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    cut, seen = [], 0
    with whole_window(qapp, stores, tmp_path) as whole:
        for name, widget in whole.views():
            for head in widget.findChildren(QHeaderView):
                if not head.isVisibleTo(widget):
                    continue
                for section in range(head.count()):
                    text = str(head.model().headerData(section, head.orientation()) or "")
                    room = head.sectionSize(section)
                    if text and room:
                        seen += 1
                        if head.fontMetrics().horizontalAdvance(text) > room:
                            cut.append(f"{name}: {text!r} has {room} px")
    assert seen and not cut, "\n".join(cut)


@pytest.mark.parametrize("language", ["en", "de"])
async def test_nothing_is_wider_than_the_place_it_scrolls_in(
    language: str, qapp: QApplication, stores: Stores, tmp_path: Path
) -> None:
    """Where nobody can scroll sideways, what is too wide is cut."""
    spoken = Language(qapp, language)
    wide, seen = [], 0
    try:
        with whole_window(qapp, stores, tmp_path) as whole:
            for name, widget in whole.views():
                for area in widget.findChildren(QScrollArea):
                    held = area.widget()
                    sideways = area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
                    if held is None or sideways or not area.isVisibleTo(widget):
                        continue
                    seen += 1
                    if held.width() > area.viewport().width():
                        wide.append(f"{name}: {type(held).__name__} {held.width()} in {area.viewport().width()}")
    finally:
        spoken.remove()
    assert seen and not wide, "\n".join(wide)


@pytest.mark.parametrize(
    ("language", "scale", "size"),
    [
        ("en", 1.0, QSize(900, 600)),
        ("en", 1.0, QSize(1920, 1200)),
        ("en", 16 / 13, QSize(1280, 800)),
        ("de", 1.0, QSize(1280, 800)),
        ("de", 1.0, QSize(900, 600)),
    ],
    ids=lambda given: f"{given.width()}x{given.height()}" if isinstance(given, QSize) else f"{given:.3}",
)
async def test_words_that_cannot_elide_are_whole(
    language: str,
    scale: float,
    size: QSize,
    qapp: QApplication,
    stores: Stores,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a small window and a large one, in a larger font, and in the longer language."""
    monkeypatch.setattr(shoot, "SIZE", size)
    spoken = Language(qapp, language)
    cut, seen = set(), 0
    try:
        with whole_window(qapp, stores, tmp_path, scale=scale) as whole:
            whole.shell.window.resize(size)
            for name, widget in whole.views():
                for words in whole_words(widget):
                    seen += 1
                    needed, has = words.sizeHint().width(), words.width()
                    if needed > has:
                        cut.add(f"{name}: {type(words).__name__} {words.text()!r} needs {needed} and has {has}")
    finally:
        spoken.remove()
    assert seen > 500 and not cut, "\n".join(sorted(cut))


def whole_words(widget: QWidget) -> Iterator[QAbstractButton | QLabel]:
    """What shows words on one line and has no ellipsis."""
    for kind in (QPushButton, QCheckBox, QRadioButton, QLabel):
        for found in widget.findChildren(kind):
            shown = found.isVisibleTo(widget) and bool(found.text())
            elides = isinstance(found, ElidedLabel) or (isinstance(found, QLabel) and found.wordWrap())
            if shown and not elides:
                yield found
