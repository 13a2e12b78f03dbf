"""What is looked for in a log: plain words or an expression, matched line by line within a bounded time."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QRegularExpression

# PCRE gives a line up after so many steps, whatever the expression: about a millisecond.
STEPS: Final = 20_000
# No line is searched further.
SEARCHED: Final = 4096
MOST_SPANS: Final = 100
_LIMIT: Final = f"(*LIMIT_MATCH={STEPS})(*LIMIT_DEPTH={STEPS})"


class Pattern:
    """An expression, or words to be found as they are. Capital letters count only where some are written.

    `error` says what is wrong with it, `at` where (from 0); a pattern with an error matches nothing. `given_up` counts
    the lines on which it took too long.
    """

    def __init__(self, text: str, *, regex: bool = True) -> None:
        self.text = text
        self.given_up = 0
        made = text if regex else QRegularExpression.escape(text)
        plain = re.sub(r"\\.", "", text) if regex else text
        options = QRegularExpression.PatternOption.NoPatternOption
        if plain == plain.lower():
            options = QRegularExpression.PatternOption.CaseInsensitiveOption
        self._expression = QRegularExpression(_LIMIT + made, options)
        valid = self._expression.isValid()
        self.error = "" if valid else self._expression.errorString()
        self.at = max(0, self._expression.patternErrorOffset() - len(_LIMIT))

    def found_in(self, text: str) -> bool:
        """Whether the line has it."""
        if self.error:
            return False
        match = self._expression.match(text[:SEARCHED])
        if not match.isValid():
            self.given_up += 1
        return match.hasMatch()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and length of each place in the line."""
        if self.error:
            return []
        found: list[tuple[int, int]] = []
        matches = self._expression.globalMatch(text[:SEARCHED])
        while matches.hasNext() and len(found) < MOST_SPANS:
            match = matches.next()
            if match.capturedLength() > 0:
                found.append((match.capturedStart(), match.capturedLength()))
        return found
