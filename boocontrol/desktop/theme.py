"""The theme: light, dark, or as the system is. Gives the application its style, palette, style sheet and fonts.

A person's high-contrast palette wins over ours.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from boocontrol.desktop.style_sheet import style_sheet
from boocontrol.desktop.tokens import DARK, LIGHT, Step, Tokens, mono_family, step_font, tokens_of
from boocontrol.desktop.widgets.focus_ring import FocusRing

Mode = Literal["system", "light", "dark"]

MODES: Final[tuple[Mode, ...]] = get_args(Mode)
_DIGITS: Final = QFont.Tag("tnum")


class Theme(QObject):
    """The look of one application. `tokens` is what is in force; `changed` comes after it changed.

    Make it before any widget. `font` is the system's font; all sizes are steps from its size.
    """

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system", *, font: QFont | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._mode: Mode = mode
        self._system = QPalette(app.palette())
        app.setStyle("Fusion")
        body = QFont(font or app.font())
        body.setFeature(_DIGITS, 1)
        app.setFont(body)
        self.font = body
        self.tokens: Tokens = LIGHT
        self._ring = FocusRing(app)
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        self._apply()

    @property
    def mode(self) -> Mode:
        """What the person chose."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Choose light, dark, or as the system is."""
        if mode != self._mode:
            self._mode = mode
            self._apply()

    def step(self, step: Step) -> QFont:
        """The font of a type step."""
        return step_font(self.font, step)

    def high_contrast(self) -> bool:
        """Whether the system asks for high contrast."""
        hints = self._app.styleHints()
        told = getattr(hints, "accessibility", None)  # Qt 6.10 and later
        if told is None:
            return False
        return bool(told().contrastPreference() == Qt.ContrastPreference.HighContrast)

    def _follow(self, _scheme: Qt.ColorScheme) -> None:
        if self._mode == "system":
            self._apply()

    def _chosen(self) -> Tokens:
        if self._mode != "system":
            return DARK if self._mode == "dark" else LIGHT
        # Unknown (bare X, no portal) is light.
        return DARK if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _apply(self) -> None:
        if self.high_contrast():
            palette = QPalette(self._system)
            self.tokens = tokens_of(palette)
        else:
            self.tokens = self._chosen()
            palette = palette_of(self.tokens)
        self._app.setPalette(palette)
        self._app.setStyleSheet(style_sheet(self.tokens, QFontInfo(self.font).pixelSize(), mono_family()))
        self.changed.emit()


def palette_of(tokens: Tokens) -> QPalette:
    """The palette of one theme, all three groups."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    roles = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.base,
        role.AlternateBase: tokens.sunken,
        role.ToolTipBase: tokens.base,
        role.ToolTipText: tokens.text,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.faint,
        role.Button: tokens.base,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.warn,
        role.Highlight: tokens.accentsoft,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.accenttext,
        role.LinkVisited: tokens.accenttext,
        role.Light: tokens.base,
        role.Midlight: tokens.sunken,
        role.Mid: tokens.line,
        role.Dark: tokens.border,
        role.Shadow: tokens.border,
    }
    made = QPalette()
    for which in (group.Active, group.Inactive, group.Disabled):
        for name, color in roles.items():
            made.setColor(which, name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, name, QColor(tokens.faint))
    made.setColor(group.Disabled, role.Button, QColor(tokens.sunken))
    return made
