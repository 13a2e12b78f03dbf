"""How the parts of a log line look: columns, levels, colours of terminals, and what was found.

Only inks: a ground of Qt is as high as the row, so grounds are painted by the view.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout

from boocontrol.desktop.tokens import Tokens
from boocontrol.desktop.widgets.log_rows import LogRow, columns, word_length
from boocontrol.desktop.widgets.log_search import Pattern

# Black to white as terminals number them, each legible on the ground of a card.
_ON_LIGHT: Final = ("#191D24", "#B3261E", "#1B6E31", "#855500", "#1A55B3", "#8B2F8F", "#0B6672", "#4D5664")
_ON_DARK: Final = ("#969FAD", "#FF8F85", "#7BD88F", "#F2C55C", "#85B2FA", "#E39BE6", "#6FD3DC", "#E9EBEF")


class Dress:
    """The formats of one theme. `lead` is the number of characters before the columns."""

    def __init__(self, tokens: Tokens, *, lead: int) -> None:
        self._lead = lead
        self._muted = _ink(tokens.muted)
        self._faint = _ink(tokens.faint)
        self._warn = _ink(tokens.warn)
        self._strong = _ink(tokens.warn, bold=True)
        self._found = _ink(tokens.text)
        self._chosen = _ink(tokens.onaccent)
        self._terminal = _ON_DARK if tokens.dark else _ON_LIGHT
        self._tokens = tokens

    def formats(
        self, row: LogRow, pattern: Pattern | None, *, with_host: bool, chosen: bool
    ) -> list[QTextLayout.FormatRange]:
        """The parts of a row that do not look as usual."""
        before = self._lead + len(columns(row, with_host=with_host))
        made = [_range(0, before, self._faint if row.level == "gap" else self._muted)]
        word = word_length(row.text)
        if row.level == "gap":
            made.append(_range(before, len(row.text), self._faint))
        elif row.level:
            made.append(_range(before, len(row.text), self._warn))
            made.append(_range(before, word, self._strong))
        else:
            made.append(_range(before, word, self._muted))
            made += [_range(before + s.start, s.length, self._of(s.color, s.bold, s.dim)) for s in row.spans]
        if pattern is not None and row.level != "gap":
            look = self._chosen if chosen else self._found
            made += [_range(before + start, length, look) for start, length in pattern.spans(row.text)]
        return made

    def _of(self, color: int | None, bold: bool, dim: bool) -> QTextCharFormat:
        usual = self._tokens.muted if dim else self._tokens.text
        return _ink(usual if color is None else self._terminal[color], bold=bold)


def _ink(color: str, *, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(color))
    if bold:
        made.setFontWeight(QFont.Weight.DemiBold)
    return made


def _range(start: int, length: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, look
    return made
