"""Words in the user's language, and numbers as that language writes them.

`packaging/translate` finds literal texts in self.tr(...), tr(...), _tr(...), noop(...), _noop(...) and
QT_TRANSLATE_NOOP(...); an f-string, a variable or a `+` between two literals is not found. Parts that change go in with
tr("{n} of {all}").format(...). A count that changes the words: tr("%n host(s)", "", count), whose two English forms
stand in resources/translations/boocontrol_en.ts. The same text in two meanings: tell them apart by the second argument.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

# One for all: see Words in language.py.
CONTEXT = "BooControl"


def tr(text: str, meaning: str = "", n: int = -1) -> str:
    """A literal text in the user's language. `meaning` tells two texts of the same words apart; `n` fills in %n."""
    return QCoreApplication.translate(CONTEXT, text, meaning or None, n)


def noop(text: str) -> str:
    """Marks a text of a table, which is translated where it is shown, by tr(variable)."""
    return text


def digits(value: float, decimals: int = 0) -> str:
    """A number with the separators of the user's language: 12,345.6 or 12.345,6."""
    locale = QLocale()
    if locale.language() == QLocale.Language.C:
        locale = QLocale(QLocale.Language.English)  # the C locale leaves out the separators
    return locale.toString(float(value), "f", decimals)
