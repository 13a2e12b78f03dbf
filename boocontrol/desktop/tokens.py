"""The look as values: colours of the light and the dark theme, type steps, space and sizes. Draws nothing.

Blue is alive, orange wants you, grey is off; shape and word say it again. A widget takes its tokens from its own
palette (tokens_of), so a change of theme reaches it as a PaletteChange event and nobody hands a theme around.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette

Step = Literal["display", "title", "name", "section", "body", "small", "tick", "mono"]

# Each step: size and line height as drawn at a system font of 13 px, and weight.
STEPS: Final[dict[Step, tuple[int, int, int]]] = {
    "display": (26, 34, 600),
    "title": (20, 28, 600),
    "name": (15, 22, 600),
    "section": (14, 20, 600),
    "body": (13, 20, 400),
    "small": (12, 16, 400),
    "tick": (11, 16, 400),
    "mono": (12, 20, 400),
}
BASE_PX: Final = 13

HALF: Final = 4
GRID: Final = 8
GAP: Final = 12
PAD: Final = 16
MARGIN: Final = 24
HEAD: Final = 64
RAIL: Final = 176
RAIL_NARROW: Final = 56
NARROW_BELOW: Final = 1000
ROW: Final = 36
TABLE_HEAD: Final = 32
SECTION_ROW: Final = 32
CONTROL: Final = 32
CONTROL_SMALL: Final = 26
RADIUS_CARD: Final = 8
RADIUS_CONTROL: Final = 6
RADIUS_CHIP: Final = 4
RADIUS_GAUGE: Final = 2
SMALLEST: Final = (880, 560)


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme: every colour as #RRGGBB. Words may not be in up, tick, warnfill, offfill or seg2."""

    name: str
    window: str
    rail: str
    base: str
    sunken: str
    line: str
    btnline: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    onaccent: str
    accenttext: str
    accentsoft: str
    up: str
    tick: str
    warn: str
    warnfill: str
    warnsoft: str
    offfill: str
    seg1: str
    seg2: str
    seg3: str
    seg0: str
    onseg: str
    hl: str
    addbg: str
    delbg: str

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return QColor(self.window).lightnessF() < 0.5

    def segment(self, number: int) -> str:
        """The colour of the model at this place (from 0) in a memory bar."""
        return (self.seg1, self.seg2, self.seg3)[min(number, 2)]


LIGHT: Final = Tokens(
    name="light",
    window="#F3F4F6",
    rail="#E9EBEF",
    base="#FFFFFF",
    sunken="#EEF0F3",
    line="#DCE0E6",
    btnline="#C3C9D2",
    border="#858D99",
    text="#191D24",
    muted="#4D5664",
    faint="#616A78",
    accent="#1E60C8",
    onaccent="#FFFFFF",
    accenttext="#1A55B3",
    accentsoft="#E3ECFA",
    up="#1E60C8",
    tick="#6092DF",
    warn="#A8480A",
    warnfill="#C9590E",
    warnsoft="#FBEDDD",
    offfill="#7D8693",
    seg1="#1E60C8",
    seg2="#5B8EDF",
    seg3="#9DBDEE",
    seg0="#C9CFD8",
    onseg="#FFFFFF",
    hl="#FBE3B0",
    addbg="#E6EFFB",
    delbg="#FBEDDD",
)
DARK: Final = Tokens(
    name="dark",
    window="#14161A",
    rail="#0F1114",
    base="#1B1E24",
    sunken="#23272F",
    line="#2D323B",
    btnline="#454D59",
    border="#737C8A",
    text="#E9EBEF",
    muted="#AEB6C2",
    faint="#969FAD",
    accent="#2F6BD1",
    onaccent="#FFFFFF",
    accenttext="#85B2FA",
    accentsoft="#1D2C45",
    up="#6BA6FB",
    tick="#3F73C2",
    warn="#F3A367",
    warnfill="#E88638",
    warnsoft="#38271A",
    offfill="#6F7885",
    seg1="#6BA6FB",
    seg2="#4279CC",
    seg3="#2C5391",
    seg0="#444C58",
    onseg="#14161A",
    hl="#5A4312",
    addbg="#182A45",
    delbg="#38271A",
)
_BY_LINK: Final = {theme.accenttext.lower(): theme for theme in (LIGHT, DARK)}


def tokens_of(palette: QPalette) -> Tokens:
    """The tokens that go with a widget's palette; for a palette that is not ours, tokens made from it."""
    # A style sheet may recolour every role of one widget but this.
    link = palette.color(QPalette.ColorRole.Link).name()
    return _BY_LINK.get(link) or _of_system(*(palette.color(_ACTIVE, role).name() for role in _ROLES))


_ACTIVE: Final = QPalette.ColorGroup.Active
_ROLES: Final = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Window,
    QPalette.ColorRole.Base,
    QPalette.ColorRole.Highlight,
    QPalette.ColorRole.HighlightedText,
    QPalette.ColorRole.Link,
)


@lru_cache(maxsize=4)
def _of_system(text: str, window: str, base: str, mark: str, on_mark: str, link: str) -> Tokens:
    """High contrast: only the colours that the person's own palette has."""
    theme = DARK if QColor(window).lightnessF() < 0.5 else LIGHT
    grounds = dict.fromkeys(("sunken", "accentsoft", "warnsoft", "addbg", "delbg", "hl"), base)
    lines = dict.fromkeys(("line", "btnline", "border", "muted", "faint", "offfill", "seg0", "warn", "warnfill"), text)
    blues = dict.fromkeys(("up", "tick", "seg1", "seg2", "seg3", "accenttext"), link)
    rest = {"text": text, "window": window, "rail": window, "base": base, "onseg": base}
    strong = {"accent": mark, "onaccent": on_mark}
    return replace(theme, name="contrast", **grounds, **lines, **blues, **rest, **strong)


def step_px(step: Step, base_px: float) -> int:
    """Size in pixels of a type step where the system font has `base_px`."""
    return round(STEPS[step][0] * base_px / BASE_PX)


def grown(px: int, font: QFont) -> int:
    """A width or height that is `px` where the system font has 13 px, and grows with it."""
    return round(px * max(1.0, QFontInfo(font).pixelSize() / BASE_PX))


def step_font(font: QFont, step: Step, *, weight: int | None = None) -> QFont:
    """The font of a step; `font` is the body font (that of a view or of the application)."""
    base_px = QFontInfo(font).pixelSize()
    made = QFont(mono_family() if step == "mono" else font.family()) if step == "mono" else QFont(font)
    made.setPixelSize(step_px(step, base_px))
    made.setWeight(QFont.Weight(weight or STEPS[step][2]))
    return made


def mono_family() -> str:
    """The family of the system's fixed font."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
