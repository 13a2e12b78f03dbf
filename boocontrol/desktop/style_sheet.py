"""The style sheet: radius, padding and hairlines over Fusion, written from tokens. Colours of roles are the palette's.

Widgets say what they are with dynamic properties: kind (primary, quiet, danger), small, step, tone, mono,
chip, part (card, notice, toast, row, code, keycap, sections, rail, head, popup), framed.
"""

from __future__ import annotations

from string import Template
from typing import Final

from boocontrol.core.paths import resource
from boocontrol.desktop.tokens import STEPS, Tokens, step_px

_BUTTONS: Final = """
QPushButton {
  background: $base; color: $text; border: 1px solid $btnline; border-radius: 6px;
  padding: 0 12px; min-height: ${control}px; max-height: ${control}px; font-weight: 500;
}
QPushButton:hover { background: $sunken; }
QPushButton:pressed { background: $line; }
QPushButton:checked { background: $accentsoft; color: $accenttext; border-color: $accenttext; }
QPushButton:disabled { background: $sunken; color: $faint; border-color: $line; }
QPushButton[small="true"] { min-height: ${small_control}px; max-height: ${small_control}px; padding: 0 9px; }
QPushButton[kind="primary"] { background: $accent; color: $onaccent; border-color: $accent; }
QPushButton[kind="primary"]:hover { background: $accenthover; border-color: $accenthover; }
QPushButton[kind="primary"]:pressed { background: $accentdown; border-color: $accentdown; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $faint; border-color: $line; }
QPushButton[kind="quiet"] { background: transparent; color: $accenttext; border-color: transparent; }
QPushButton[kind="quiet"]:checked { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $accentsoft; }
QPushButton[kind="quiet"]:disabled { color: $faint; }
QPushButton[flush="left"] { padding-left: 0; }
QPushButton[flush="right"] { padding-right: 0; }
QPushButton[flush="left"]:hover, QPushButton[flush="right"]:hover { background: transparent;
  text-decoration: underline; }
QPushButton[kind="danger"] { color: $warn; border-color: $warn; }
QPushButton[kind="danger"]:hover { background: $warnsoft; }
QPushButton[kind="danger"]:disabled { color: $faint; border-color: $line; }
QPushButton[part="crumb"] { padding: 0; }
QPushButton::menu-indicator { image: none; width: 0; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0; }
QToolButton:hover { background: $sunken; }
QToolButton:pressed, QToolButton:checked { background: $accentsoft; }
QToolButton[framed="true"] { background: $base; border-color: $btnline; }
QToolButton[framed="true"]:hover { background: $sunken; }
QToolButton[framed="true"]:checked { background: $accentsoft; border-color: $btnline; }
QToolButton[part="chip"] { background: $sunken; color: $muted; border: none; border-radius: 4px; padding: 0 7px;
  font-size: ${small}px; }
QToolButton[part="chip"]:checked { background: $accentsoft; color: $accenttext; }
QToolButton::menu-indicator { image: none; width: 0; }
"""

_FIELDS: Final = """
QLineEdit, QAbstractSpinBox, QComboBox {
  background: $base; color: $text; border: 1px solid $border; border-radius: 6px; padding: 0 9px;
  min-height: ${control}px; max-height: ${control}px; selection-background-color: $accentsoft; selection-color: $text;
}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid $accenttext; padding: 0 8px;
  min-height: ${focused}px; max-height: ${focused}px; }
QLineEdit[problem="true"] { border: 2px solid $warnfill; padding: 0 8px;
  min-height: ${focused}px; max-height: ${focused}px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
  background: $sunken; color: $faint; border-color: $line; }
QLineEdit[part="search"] { padding-left: 3px; }
QLineEdit[part="bare"] { border: none; background: transparent; padding: 0; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus {
  border: none; background: transparent; padding: 0; min-height: 0; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url($icons/down-$shade.svg); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $base; border: 1px solid $border; padding: 4px; outline: none;
  selection-background-color: $accentsoft; selection-color: $text; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
  border: none; background: transparent; width: 20px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($icons/up-$shade.svg); width: 12px; height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($icons/down-$shade.svg); width: 12px; height: 12px; }
QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; background: $base;
  border: 1px solid $border; border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($icons/check.svg); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url($icons/dot.svg); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $sunken; border-color: $line; }
QPlainTextEdit, QTextEdit, QTextBrowser { background: $base; color: $text; border: 1px solid $border;
  border-radius: 6px; selection-background-color: $accentsoft; selection-color: $text; }
QPlainTextEdit:focus, QTextEdit:focus, QTextBrowser:focus { border: 2px solid $accenttext; }
QPlainTextEdit[part="log"], QPlainTextEdit[part="log"]:focus { border: none; }
*[part="code"] { border: 1px solid $line; }
*[part="code"]:focus { border: 1px solid $accenttext; }
"""

_FRAMES: Final = """
QFrame[part="card"] { background: $base; border: 1px solid $line; border-radius: 8px; }
QFrame[part="notice"] { background: $warnsoft; border: none; border-radius: 6px; }
QFrame[part="notice"][tone="info"] { background: $accentsoft; }
QFrame[part="toast"] { background: $text; border: none; border-radius: 8px; }
QFrame[part="toast"] QLabel { color: $base; background: transparent; }
QFrame[part="toast"] QPushButton { background: transparent; color: $base; border-color: transparent; font-weight: 600; }
QFrame[part="toast"] QPushButton:hover { background: $muted; }
QFrame[part="popup"] { background: $base; border: 1px solid $border; border-radius: 8px; }
QFrame[part="row"] { background: transparent; border: none; border-top: 1px solid $line; }
QFrame[part="line"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QWidget[part="hairline"] { background: $line; border: none; }
QWidget[part="rail"] { background: $rail; border: none; border-right: 1px solid $line; }
QWidget[part="railfoot"] { background: transparent; border: none; border-top: 1px solid $line; }
QLabel { background: transparent; }
QLabel[strong="true"] { font-weight: 600; }
QLabel[tone="text"] { color: $text; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="faint"] { color: $faint; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="accenttext"], QLabel[tone="accent"] { color: $accenttext; }
QLabel[chip] { background: $sunken; color: $muted; border-radius: 4px; padding: 2px 7px; }
QLabel[chip="accent"] { background: $accentsoft; color: $accenttext; }
QLabel[chip="warn"] { background: $warnsoft; color: $warn; }
QLabel[part="keycap"] { background: $sunken; color: $muted; border: 1px solid $line; border-radius: 4px;
  padding: 0 5px; min-height: ${cap}px; max-height: ${cap}px; font-size: ${tick}px; }
QToolTip { background: $base; color: $text; border: 1px solid $border; padding: 4px 6px; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
"""

_VIEWS: Final = """
QAbstractItemView { background: $base; border: none; outline: none; selection-background-color: $accentsoft;
  selection-color: $text; alternate-background-color: $base; }
QAbstractItemView::item:selected { background: $accentsoft; color: $text; }
QListView[part="rail"], QListView[part="sections"] { background: transparent; }
QListView[part="sections"]::item { height: ${control}px; padding: 0 10px; border-radius: 6px; color: $muted;
  border: 1px solid transparent; }
QListView[part="sections"]::item:selected { background: $base; color: $text; border: 1px solid $line; }
QHeaderView { background: $base; border: none; }
QHeaderView::section { background: $base; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 0 8px; height: 32px; font-size: ${small}px; font-weight: 500; }
QTableView { gridline-color: $line; }
QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
  padding: 0 12px; min-height: 34px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accenttext; font-weight: 600; }
QTabBar::tab:focus { color: $accenttext; }
QMenu { background: $base; border: 1px solid $border; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; min-height: 18px; color: $text; }
QMenu::item:selected { background: $accent; color: $onaccent; }
QMenu::item:disabled { color: $faint; background: transparent; }
QMenu::right-arrow { image: url($icons/right-$shade.svg); width: 12px; height: 12px; padding-right: 6px; }
QMenu::icon { padding-left: 10px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $btnline; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $border; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QProgressBar { background: $sunken; border: 1px solid $line; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $seg1; }
"""


def style_sheet(tokens: Tokens, base_px: float, mono: str) -> str:
    """The sheet for one theme, where the system font has `base_px` pixels and the fixed font is `mono`."""
    grow = max(1.0, base_px / 13)
    control = round(30 * grow)
    values = {name: getattr(tokens, name) for name in tokens.__slots__}
    values |= {
        "shade": "dark" if tokens.dark else "light",
        "icons": resource("icons/qss/check.svg").parent.as_posix(),
        "control": control,
        "focused": control - 2,
        "small_control": round(24 * grow),
        "cap": round(16 * grow),
        "tick": step_px("tick", base_px),
        "small": step_px("small", base_px),
        "accenthover": _mixed(tokens.accent, "#000000", 0.12),
        "accentdown": _mixed(tokens.accent, "#000000", 0.24),
    }
    sheet = Template(_FIELDS + _BUTTONS + _FRAMES + _VIEWS).substitute(values)
    return sheet + _type(base_px, mono)


def _type(base_px: float, mono: str) -> str:
    rules = [
        f'*[step="{step}"] {{ font-size: {step_px(step, base_px)}px; font-weight: {weight}; }}'
        for step, (_, _, weight) in STEPS.items()
    ]
    rules.append(f'*[step="palette"] {{ font-size: {step_px("name", base_px) + 1}px; }}')
    fixed = f"font-family: '{mono}'; font-size: {step_px('mono', base_px)}px;"
    rules.append(f'*[step="mono"], *[mono="true"] {{ {fixed} }}')
    return "\n".join(rules)


def _mixed(one: str, other: str, part: float) -> str:
    """One colour with a part (0 to 1) of another in it."""
    pairs = [(int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)
