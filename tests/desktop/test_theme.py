"""The theme: contrast of what is read, palettes in all groups, sizes that follow the system font."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from boocontrol.core.paths import resource
from boocontrol.desktop.style_sheet import style_sheet
from boocontrol.desktop.theme import Theme, palette_of
from boocontrol.desktop.tokens import DARK, LIGHT, STEPS, Tokens, step_font, step_px, tokens_of

GROUNDS = ("window", "rail", "base", "sunken", "accentsoft", "warnsoft")
INKS = ("text", "muted", "faint", "accenttext", "warn")


def luminance(color: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    c = QColor(color)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def plain_app(qapp: QApplication) -> Iterator[QApplication]:
    """The application, put back as it was after the test."""
    palette, font, sheet = QPalette(qapp.palette()), QFont(qapp.font()), qapp.styleSheet()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_words_can_be_read_on_every_ground(tokens: Tokens) -> None:
    for ground in GROUNDS:
        for ink in INKS:
            assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5, f"{ink} on {ground}"
    assert contrast(tokens.onaccent, tokens.accent) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_shapes_stand_out_from_a_card(tokens: Tokens) -> None:
    for name in ("up", "tick", "warnfill", "offfill", "border"):
        assert contrast(getattr(tokens, name), tokens.base) >= 3.0


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_a_widget_finds_its_tokens_by_its_palette(tokens: Tokens) -> None:
    palette = palette_of(tokens)
    assert tokens_of(palette) is tokens
    for group in (QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        assert palette.color(group, QPalette.ColorRole.Window) == QColor(tokens.window)


def test_a_palette_of_the_system_gives_tokens_of_its_own_colours() -> None:
    palette = QPalette()
    for role, color in (
        (QPalette.ColorRole.Window, "#000000"),
        (QPalette.ColorRole.Base, "#000000"),
        (QPalette.ColorRole.WindowText, "#ffff00"),
        (QPalette.ColorRole.Link, "#00ffff"),
    ):
        palette.setColor(role, QColor(color))
    made = tokens_of(palette)
    assert (made.window, made.text, made.border, made.accenttext) == ("#000000", "#ffff00", "#ffff00", "#00ffff")
    assert made.dark


def test_the_mode_changes_the_application(plain_app: QApplication) -> None:
    theme = Theme(plain_app, "light")
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.tokens.name))
    theme.set_mode("dark")
    assert plain_app.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    theme.set_mode("dark")
    theme.set_mode("light")
    assert told == ["dark", "light"]
    theme.deleteLater()


def test_a_high_contrast_palette_wins(plain_app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Theme, "high_contrast", lambda self: True)
    plain_app.setPalette(QPalette(QColor("black")))  # a palette of the system's, not one that a test before left
    before = plain_app.palette().color(QPalette.ColorRole.Window)
    theme = Theme(plain_app, "dark")
    assert plain_app.palette().color(QPalette.ColorRole.Window) == before
    assert theme.tokens.name == "contrast"
    theme.deleteLater()


def test_sizes_are_steps_from_the_system_font(qapp: QApplication) -> None:
    assert [step_px(step, 13) for step in STEPS] == [size for size, _, _ in STEPS.values()]
    assert step_px("title", 26) == 40
    font = QFont(qapp.font())
    font.setPixelSize(26)
    assert step_font(font, "small").pixelSize() == 24
    assert step_font(font, "name").weight() == QFont.Weight.DemiBold


def test_the_style_sheet_is_filled_in_whole() -> None:
    sheet = style_sheet(LIGHT, 13, "Fixed")
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert "url(" in sheet
    assert resource("icons/qss/check.svg").exists()
