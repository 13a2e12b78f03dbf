"""What paints itself: every state another shape, gauges within their bounds, icons in their colour."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from boocontrol.core.paths import resource
from boocontrol.desktop.icons import icon, pixmap
from boocontrol.desktop.tokens import DARK, LIGHT, Tokens
from boocontrol.desktop.widgets import (
    Memory,
    MemoryBar,
    StateShape,
    TickBar,
    paint_load,
    paint_memory,
    paint_sparkline,
    paint_state,
    paint_ticks,
    state_tone,
)
from boocontrol.desktop.widgets.state_shape import HOST_STATES, MODEL_STATES, turn_at


def blank(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    return image


def drawn(state: str, tokens: Tokens = LIGHT, **more: float) -> QImage:
    image = blank(32, 32)
    painter = QPainter(image)
    paint_state(painter, QRectF(0, 0, 32, 32), state, tokens, **more)
    painter.end()
    return image


def outline(image: QImage) -> bytes:
    """The picture without its colours."""
    return bytes(image.pixelColor(x, y).alpha() > 128 for y in range(image.height()) for x in range(image.width()))


@pytest.mark.parametrize("states", [HOST_STATES, MODEL_STATES])
def test_states_differ_in_outline_and_not_by_colour_alone(qapp: QApplication, states: tuple[str, ...]) -> None:
    shapes = {state: outline(drawn(state)) for state in states}
    # A disc and a disc with a tick differ inside: one is cut out in the ground's colour.
    assert len(set(shapes.values())) == len(states)


def test_shapes_follow_the_theme(qapp: QApplication) -> None:
    assert drawn("up", LIGHT) != drawn("up", DARK)


def test_a_start_shows_how_far_it_has_come(qapp: QApplication) -> None:
    assert drawn("starting", fraction=0.2) != drawn("starting", fraction=0.8)
    assert drawn("starting", turn=0.0) != drawn("starting", turn=0.5)


def test_a_ring_turns_in_twelve_steps_a_second() -> None:
    seen = {round(turn_at(n / 100), 6) for n in range(100)}
    assert len(seen) == 12
    assert all(0 <= turn < 1 for turn in seen)
    assert turn_at(0.5) == pytest.approx(0.5 / 1.2)


def test_words_take_the_tone_of_their_state() -> None:
    assert state_tone("down") == state_tone("needs_key") == "warn"
    assert state_tone("ready") == "accenttext"
    assert state_tone("paused") == "muted"


def test_a_shape_turns_only_while_it_is_seen(qtbot: QtBot) -> None:
    shape = StateShape("checking", 16)
    qtbot.addWidget(shape)
    assert not shape._timer.isActive()
    shape.show()
    assert shape._timer.isActive() == shape._moves()
    shape.set_state("up")
    assert not shape._timer.isActive()


def bar(value: Memory) -> QImage:
    image = blank(100, 8)
    painter = QPainter(image)
    paint_memory(painter, image.rect(), value, LIGHT)
    painter.end()
    return image


def test_memory_has_a_segment_for_each_model(qapp: QApplication) -> None:
    image = bar(Memory((40, 20), 0, 100))
    assert image.pixelColor(20, 4) == QColor(LIGHT.seg1)
    assert image.pixelColor(50, 4) == QColor(LIGHT.seg2)
    assert image.pixelColor(80, 4) == QColor(LIGHT.sunken)


def test_old_memory_is_grey(qapp: QApplication) -> None:
    image = bar(Memory((40, 20), 10, 100, stale=True))
    assert image.pixelColor(20, 4) == image.pixelColor(60, 4) == QColor(LIGHT.seg0)


@pytest.mark.parametrize("value", [Memory(), Memory((1,), 0, 0), Memory((500,), 500, 100)])
def test_odd_figures_are_drawn_all_the_same(qapp: QApplication, value: Memory) -> None:
    bar(value)


def test_ticks_stand_at_the_right_and_as_many_as_fit(qapp: QApplication) -> None:
    image = blank(40, 20)
    painter = QPainter(image)
    paint_ticks(painter, image.rect(), ["good"] * 50 + ["failed"], LIGHT)
    painter.end()
    assert image.pixelColor(38, 2) == QColor(LIGHT.warnfill)
    assert image.pixelColor(34, 2).alpha() == 0
    assert image.pixelColor(34, 15) == QColor(LIGHT.tick)


@pytest.mark.parametrize("values", [[], [1.0], [0.0, 0.0], [1.0, 2.0] * 200])
def test_a_sparkline_of_anything(qapp: QApplication, values: list[float]) -> None:
    image = blank(60, 20)
    painter = QPainter(image)
    paint_sparkline(painter, image.rect(), values, LIGHT)
    paint_load(painter, image.rect(), 7.0, LIGHT)
    assert painter.isActive()
    painter.end()


def test_gauges_paint_at_twice_the_scale(qtbot: QtBot) -> None:
    for widget in (MemoryBar(Memory((1,), 1, 4)), TickBar(["good"])):
        qtbot.addWidget(widget)
        assert not widget.grab().isNull()


def test_every_icon_is_drawn_in_the_colour_that_is_asked_for(qapp: QApplication) -> None:
    names = sorted(p.stem for p in resource("icons/star.svg").parent.glob("*.svg"))
    assert {"fleet", "models", "gateway", "star-filled", "mark", "copy", "help"} <= set(names)
    for name in names:
        image = pixmap(name, "#12AB34", 24).toImage()
        solid = [c for x in range(24) for y in range(24) if (c := image.pixelColor(x, y)).alpha() > 250]
        for color in solid:
            # Blending may round by one.
            assert max(abs(color.red() - 0x12), abs(color.green() - 0xAB), abs(color.blue() - 0x34)) <= 1, name


def test_icons_are_kept(qapp: QApplication) -> None:
    assert icon("plus", "#000000") is icon("plus", "#000000")
    assert icon("plus", "#ffffff", 20).actualSize(icon("plus", "#ffffff", 20).availableSizes()[0]).width() >= 20
