"""Which language the window speaks, and the translators that make Qt speak it. Takes effect at the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from boocontrol.core.paths import resource
from boocontrol.desktop.text import CONTEXT

ENGLISH: Final = "en"
LANGUAGES: Final = {ENGLISH: "English", "de": "Deutsch"}
"""Languages by their code, each in its own words."""

# Where the language is not the system's, so that the system says nothing of its dates and numbers.
_COUNTRIES: Final = {ENGLISH: "en_GB", "de": "de_DE"}


class Words(QTranslator):
    """BooControl's own texts.

    Qt looks a text up under a context, in Python the name of the class of `self`, which is another one in every
    subclass and every module. Here all texts stand in one context, so none can be missed for the wrong name.
    """

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str:
        # None leaves the text to the next translator; an empty text would be shown.
        return super().translate(CONTEXT, sourceText, disambiguation, n) or None  # type: ignore[return-value]


class Language:
    """The language in use. `code` is one of LANGUAGES; translators stay for as long as this object."""

    def __init__(self, app: QCoreApplication, setting: str = "system") -> None:
        self._app = app
        self._locale_before = QLocale()
        self.code = chosen(setting, QLocale.system().uiLanguages())
        self._translators = [t for t in (_qt_words(self.code), _own_words(self.code)) if t is not None]
        for translator in self._translators:
            app.installTranslator(translator)
        _set_locale(self.code)

    def remove(self) -> None:
        """Take the translators away again."""
        for translator in self._translators:
            self._app.removeTranslator(translator)
        QLocale.setDefault(self._locale_before)


def chosen(setting: str, system: Sequence[str]) -> str:
    """The code of a language we have. `system` are the languages the user reads, best first, such as `de-AT`."""
    if setting in LANGUAGES:
        return setting
    codes = (name.replace("_", "-").split("-", 1)[0].lower() for name in system)
    return next((code for code in codes if code in LANGUAGES), ENGLISH)


def _set_locale(code: str) -> None:
    system = QLocale.system()
    # Never the C locale: it writes dates as nobody does.
    same = system.language() != QLocale.Language.C and QLocale.languageToCode(system.language()) == code
    QLocale.setDefault(system if same else QLocale(_COUNTRIES[code]))


def _own_words(code: str) -> QTranslator | None:
    words = Words()
    return words if words.load(str(resource(f"translations/boocontrol_{code}.qm"))) else None


def _qt_words(code: str) -> QTranslator | None:
    """Qt's own texts, such as the buttons of a file dialog; English needs none."""
    words = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return words if code != ENGLISH and words.load(f"qtbase_{code}", folder) else None
