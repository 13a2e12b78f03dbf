"""The theme changes while the window is there: all of it looks then as after a start in that theme."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from boocontrol.desktop.pages import activity_delegate, models_delegate
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import Mode
from boocontrol.desktop.widgets.state_shape import StateShape
from tests.desktop.whole_window import Whole, whole_window

OTHER: Final[dict[Mode, Mode]] = {"light": "dark", "dark": "light"}
FIRST_OF_STATES: Final = "starting"
"""The views from here on are other windows, made of values of this moment."""
CLOCKS: Final = ("lost",)
"""Views that tell the time."""


@pytest.fixture
def stands_still(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing turns or blinks."""
    monkeypatch.setattr(StateShape, "_moves", lambda _self: False)
    for module in (activity_delegate, models_delegate):
        monkeypatch.setattr(module, "turn_at", lambda _seconds: 0.0)


@pytest.mark.usefixtures("stands_still")
@pytest.mark.parametrize("mode", ["light", "dark"])
async def test_a_switch_leaves_no_old_colour(mode: Mode, qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    flash = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    try:
        with whole_window(qapp, stores, tmp_path / "fresh", mode=mode) as whole:
            pictures(whole)  # so that both windows have been through everything once
            fresh = pictures(whole)
        with whole_window(qapp, stores, tmp_path / "switched", mode=OTHER[mode]) as whole:
            pictures(whole)
            whole.theme.set_mode(mode)
            switched = pictures(whole)
    finally:
        qapp.setCursorFlashTime(flash)
    assert len(fresh) > 15 and fresh.keys() == switched.keys()
    stale = {name: where for name in fresh if (where := difference(fresh[name], switched[name])) is not None}
    assert not stale, "\n".join(f"{name}: {where}" for name, where in stale.items())


def pictures(whole: Whole) -> dict[str, QImage]:
    """Everything as it is painted now."""
    found = {}
    for name, widget in takewhile(lambda view: view[0] != FIRST_OF_STATES, whole.views()):
        laid_out(widget)
        if name not in CLOCKS:
            found[name] = drawn(widget)
    return found


def laid_out(widget: QWidget) -> None:
    """What had another size while it was hidden is laid out again some time after it is shown: at once here."""
    for higher in (1, -1):
        widget.resize(widget.width(), widget.height() + higher)
        for _ in range(3):
            QApplication.sendPostedEvents()


def drawn(widget: QWidget) -> QImage:
    """As it is painted."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    widget.render(image, QPoint(), QRegion(widget.rect()))
    return image


def difference(one: QImage, other: QImage) -> QRect | None:
    """The rectangle in which two pictures are not the same."""
    if one.size() != other.size():
        return QRect(QPoint(), other.size())
    if one == other:
        return None
    wide = 4 * one.width()
    rows = [(bytes(one.constScanLine(y))[:wide], bytes(other.constScanLine(y))[:wide]) for y in range(one.height())]
    ys = [y for y, (a, b) in enumerate(rows) if a != b]
    xs = [x for y in ys for x in (_first(*rows[y]), wide // 4 - 1 - _first(rows[y][0][::-1], rows[y][1][::-1]))]
    return QRect(QPoint(min(xs), min(ys)), QPoint(max(xs), max(ys))) if ys else None


def _first(one: bytes, other: bytes) -> int:
    """The first pixel that differs."""
    return next(at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b) // 4
