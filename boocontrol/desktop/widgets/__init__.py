"""Small widgets of every page. They know the look (tokens, icons) and no store: values come by arguments."""

from boocontrol.desktop.widgets.buttons import Button, CopyButton, IconButton, ink
from boocontrol.desktop.widgets.cards import Card, EmptyState, PageHead, Picture, SearchField
from boocontrol.desktop.widgets.code_view import CodeView, DiffView, Line, diff_lines
from boocontrol.desktop.widgets.gauges import (
    LoadBar,
    Memory,
    MemoryBar,
    Sparkline,
    Tick,
    TickBar,
    paint_load,
    paint_memory,
    paint_sparkline,
    paint_ticks,
)
from boocontrol.desktop.widgets.labels import Chip, ElidedLabel, KeyCap, label, restyle, set_tone
from boocontrol.desktop.widgets.notice_bar import NoticeBar, UndoBar, details_of, rich
from boocontrol.desktop.widgets.state_shape import StateShape, paint_state, state_tone, turn_at

__all__ = [
    "Button",
    "Card",
    "Chip",
    "CodeView",
    "CopyButton",
    "DiffView",
    "ElidedLabel",
    "EmptyState",
    "IconButton",
    "KeyCap",
    "Line",
    "LoadBar",
    "Memory",
    "MemoryBar",
    "NoticeBar",
    "PageHead",
    "Picture",
    "SearchField",
    "Sparkline",
    "StateShape",
    "Tick",
    "TickBar",
    "UndoBar",
    "details_of",
    "diff_lines",
    "ink",
    "label",
    "paint_load",
    "paint_memory",
    "paint_sparkline",
    "paint_state",
    "paint_ticks",
    "restyle",
    "rich",
    "set_tone",
    "state_tone",
    "turn_at",
]
