"""The language of the window: every text is translated, and every translation is found where it is shown."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, QLocale, QObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from boocontrol.core.errors import BooError
from boocontrol.core.paths import resource
from boocontrol.desktop import language
from boocontrol.desktop.itemmodels.ages import age_text, clock_time, exact_time
from boocontrol.desktop.language import LANGUAGES, Language, Words, chosen
from boocontrol.desktop.options import parse
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.pages.settings_sections import SECTIONS
from boocontrol.desktop.sentences import SENTENCES, told, told_error
from boocontrol.desktop.shortcuts import TABLE
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.text import digits, tr
from tests.desktop.whole_window import whole_window

ROOT = Path(__file__).parents[2]
FILES = [f for f in sorted((ROOT / "boocontrol" / "desktop").rglob("*.py")) if not f.name.startswith("shoot")]
"""All but those that put words into pictures, as hosts and people would."""

SHOWN = {
    0: {
        "setText setToolTip setWindowTitle setAccessibleName setAccessibleDescription setPlaceholderText setTitle",
        "setSuffix setPrefix addItem addAction addTab addRow addMenu QLabel QPushButton QCheckBox QRadioButton QAction",
        "Button ElidedLabel label Card PageHead SearchField Item BooError",
    },
    1: {"IconButton EmptyState say QAction show_error set_details"},
    2: {"EmptyState say addTab"},
}
"""Callables by the place of an argument that a person reads."""
SHOWN_KEYWORDS = {"text", "placeholderText", "toolTip", "title", "accessibleName", "windowTitle", "tip", "words"}
TRANSLATING = {"tr", "_tr", "translate", "noop", "_noop", "QT_TRANSLATE_NOOP"}
SAME_IN_ALL = {"BooControl", "opencode", "llama-swap", "OpenAI", "any/model", "any/", "ms", "Esc", "Ctrl"}
"""Names and units that are written so in every language."""


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def literals(node: ast.expr) -> Iterator[str]:
    """The texts that may be the value of an expression; what a call gives is that call's affair."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield from (str(part.value) for part in parts if isinstance(part, ast.Constant))
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from (*literals(one), *literals(other))
        case ast.BoolOp(values=values):
            for value in values:
                yield from literals(value)


def reads(text: str) -> bool:
    """Whether it is for people: it has a word, and is no name that stands in every language."""
    words = "".join(c if c.isalpha() or c in "/-" else " " for c in text).split()
    return any(len(word) > 1 and word not in SAME_IN_ALL for word in words) and "://" not in text and text[0] != "#"


def shown_literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        arguments = [a for place, a in enumerate(node.args) if any(name in n.split() for n in SHOWN.get(place, ()))]
        arguments += [k.value for k in node.keywords if k.arg in SHOWN_KEYWORDS]
        for argument in arguments:
            yield from ((node.lineno, text) for text in literals(argument) if reads(text))


def unfound(tree: ast.AST) -> Iterator[int]:
    """Lines where lupdate finds nothing, or only a part: f-strings, sums of literals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in TRANSLATING:
            yield from (node.lineno for a in node.args if isinstance(a, (ast.JoinedStr, ast.BinOp)) and [*literals(a)])


def test_what_is_shown_is_translated() -> None:
    faults = [
        f"{file.relative_to(ROOT)}:{line}: {text!r}"
        for file in FILES
        for line, text in shown_literals(ast.parse(file.read_text()))
    ]
    assert not faults, "not through tr():\n" + "\n".join(faults)


def test_what_is_translated_is_a_literal() -> None:
    faults = [f"{f.relative_to(ROOT)}:{line}" for f in FILES for line in unfound(ast.parse(f.read_text()))]
    assert not faults, "lupdate cannot find these texts whole:\n" + "\n".join(faults)


def test_the_walk_finds_what_it_should() -> None:
    tree = ast.parse(
        'QLabel("Two words")\nself.setToolTip(f"{n} hosts")\nx.setText(self.tr("fine"))\nButton(words or "Retry")\n'
        'label(f"{n} ms")\nQLabel("BooControl")\nIconButton("copy", "Copy it", self)\nx.setText(a if b else "more")\n'
        'QLineEdit(placeholderText="e.g. a host")\n'
    )
    assert [line for line, _ in shown_literals(tree)] == [1, 2, 4, 7, 8, 9]
    assert list(unfound(ast.parse('tr(f"{n} hosts")\n_tr("a" + "b")\ntr("a" "b")\ntr(variable)'))) == [1, 2]


def test_translations_are_whole_and_compiled() -> None:
    """Fails after a text was added: run packaging/translate, then translate what it names."""
    script = ROOT / "packaging" / "translate"
    ran = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def holes(text: str) -> list[str]:
    return sorted(part for part in re.findall(r"%(?:\d|n|s)|\{[^}]*\}", text))


@pytest.mark.parametrize("code", LANGUAGES)
def test_translations_keep_what_is_filled_in(code: str) -> None:
    for message in ET.parse(resource(f"translations/boocontrol_{code}.ts")).iter("message"):
        source, translation = message.findtext("source") or "", message.find("translation")
        assert translation is not None
        for form in [f.text or "" for f in translation.iter("numerusform")] or [translation.text or ""]:
            if not form:
                continue  # told by the test above
            assert holes(form) == holes(source), source
            assert form.startswith(" ") == source.startswith(" ") and form.endswith(" ") == source.endswith(" "), source


@pytest.fixture
def german(qapp: QApplication) -> Iterator[Language]:
    spoken = Language(qapp, "de")
    yield spoken
    spoken.remove()


class Parent(QObject):
    def word(self) -> str:
        return self.tr("Settings")


class Child(Parent):
    """Its inherited words are looked up under this name."""


def test_a_text_is_found_whatever_class_or_module_asks(german: Language) -> None:
    assert [tr("Settings"), Parent().word(), Child().word()] == ["Einstellungen"] * 3
    assert [tr(keys.words) for keys in TABLE if keys.id == "quit"] == ["Beenden"]
    assert tr("No such text") == "No such text"


def test_qt_speaks_the_same_language(german: Language, qapp: QApplication) -> None:
    assert qapp.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    german.remove()
    assert qapp.translate("QPlatformTheme", "Don't Save") == "Don't Save"


def test_dates_and_numbers_are_of_the_language(german: Language) -> None:
    assert (digits(12345), digits(0.5, 1)) == ("12.345", "0,5")
    assert age_text(0.0, 47.0) == "vor 47 s"
    moment = QDateTime.fromSecsSinceEpoch(1_700_000_000)
    assert clock_time(1_700_000_000.0) == moment.toString("HH:mm")
    assert exact_time(1_700_000_000.0) == moment.toString("dd.MM.yy HH:mm")


def test_english_forms_of_a_count(qapp: QApplication) -> None:
    spoken = Language(qapp, "en")
    try:
        assert (tr("asked, %n s", "", 1), digits(12345)) == ("asked, 1 s", "12,345")
        assert QLocale().language() == QLocale.Language.English, "never the C locale, which dates are odd in"
    finally:
        spoken.remove()


def test_without_a_translator_words_and_numbers_are_english(qapp: QApplication) -> None:
    assert (tr("Settings"), digits(1234.5, 1)) == ("Settings", "1,234.5")


@pytest.mark.parametrize(
    ("setting", "system", "code"),
    [
        ("de", ["en-GB"], "de"),
        ("system", ["de-AT", "de"], "de"),
        ("system", ["fr-FR", "fr", "de_DE"], "de"),
        ("system", ["C"], "en"),
        ("klingon", [], "en"),
    ],
)
def test_which_language(setting: str, system: list[str], code: str) -> None:
    assert chosen(setting, system) == code


def test_every_language_is_there(qapp: QApplication) -> None:
    for code in LANGUAGES:
        assert isinstance(language._own_words(code), Words)


SPEAKERS = ("core", "hosts", "client", "gateway", "agents")
PUT_TOGETHER = {"The gateway at {} cannot be reached.", "The gateway at {} does not answer in time.", "lines for {}"}
"""Said in two parts, or in several constants."""


def said(room: str) -> Iterator[str]:
    """The texts of a room, with {} for what changes."""
    for file in (ROOT / "boocontrol" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)


def test_sentences_of_other_rooms_are_still_said_so() -> None:
    """Fails when one was reworded there: list it in its new words, then run packaging/translate."""
    known = {text for room in SPEAKERS for text in said(room)}
    listed = {re.sub(r"\{\w+\}", "{}", sentence) for sentence in SENTENCES}
    assert not listed - known - PUT_TOGETHER


def test_sentences_of_other_rooms_in_german(german: Language) -> None:
    assert told("Nothing listens at 127.0.0.1:9. Start the server there, or check the port.") == (
        "An 127.0.0.1:9 lauscht nichts. Den Server dort starten oder den Port prüfen."
    )
    assert told("The address a?b has a part after ? or #. Leave that part out.") == (
        "Die Adresse a?b hat einen Teil nach ? oder #. Diesen Teil weglassen."
    )
    assert (
        told("Out of memory: {0} of 24 GB. Look at its log.") == "Out of memory: {0} of 24 GB. In sein Protokoll sehen."
    )
    error = told_error(BooError("The host needs a key.", "Store the key of this host.", code="needs_key"))
    assert (error.title, error.code) == ("Der Host braucht einen Schlüssel.", "needs_key")


def test_a_sentence_that_is_not_listed_is_not_half_translated(german: Language) -> None:
    for text in ("Nothing answers at 10.0.0.1.", "The server there is not an address.", "Nobody at all speaks TLS."):
        assert told(text) == text


def test_sentences_stay_as_they_are_in_english() -> None:
    text = "Slow: answers take 2.4 s. What {braces} hold stays."
    assert told(text) == text


def test_the_language_is_chosen_in_settings_and_on_the_command_line(owner: QObject, tmp_path: Path) -> None:
    row = next(row for section in SECTIONS for row in section.rows if row.key == "language")
    assert [value for value, _ in row.options] == ["system", *LANGUAGES]
    local = LocalSettings(tmp_path / "desktop.ini", owner)
    assert local.get("language") == "system"
    local.put("language", "de")
    assert LocalSettings(tmp_path / "desktop.ini", owner).get("language") == "de"
    assert parse(["--language", "de"]).language == "de"


async def test_the_whole_window_in_german(german: Language, qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    """Every page and dialog can be made in German; what is filled in stands where it belongs."""
    with whole_window(qapp, stores, tmp_path) as whole:
        shown = {name: texts(widget) for name, widget in whole.views()}
    assert "Host hinzufügen" in shown["fleet"]
    assert "6 Hosts: 2 online, 1 gestört, 1 offline, 1 gesperrt, 1 pausiert" in shown["fleet"]
    assert "Einstellungen" in shown["settings"] and "Sprache" in shown["settings"]


def texts(widget: QWidget) -> set[str]:
    shown = {part.text() for part in widget.findChildren(QLabel)}
    return shown | {part.text() for part in widget.findChildren(QAbstractButton)}
