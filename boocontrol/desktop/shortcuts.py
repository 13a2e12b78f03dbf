"""Every key of the program in one table. The window's own are installed here; those of lists belong to their pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from boocontrol.desktop.text import noop as _noop
from boocontrol.desktop.text import tr

Where = Literal["everywhere", "lists"]


@dataclass(frozen=True, slots=True)
class Keys:
    """One thing to do by key. `keys` in Qt's portable spelling."""

    id: str
    keys: tuple[str, ...]
    words: str
    where: Where = "everywhere"


TABLE: Final = (
    Keys("palette", ("Ctrl+K",), _noop("Find a host, model, page or action")),
    Keys("filter", ("/", "Ctrl+F"), _noop("Filter what this page shows")),
    Keys("refresh", ("F5",), _noop("Refresh now")),
    Keys("add", ("Ctrl+N",), _noop("Add a host")),
    Keys("help", ("?",), _noop("Show these keys")),
    Keys("quit", ("Ctrl+Q",), _noop("Quit")),
    Keys("star", ("S",), _noop("Star the model, or take the star away"), "lists"),
    Keys("open", ("Return",), _noop("Load the model, open the host or the request"), "lists"),
    Keys("unload", ("Del",), _noop("Unload the model, or cancel the running request"), "lists"),
    Keys("match", ("F3", "Shift+F3"), _noop("Next match in a log, and the one before"), "lists"),
)


def words(keys: Keys) -> str:
    """What it does, in the user's language."""
    return tr(keys.words)


def caps(keys: Keys) -> tuple[str, ...]:
    """The names of its keys as they stand on this system's keyboards."""
    return tuple(QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in keys.keys)


def page_caps() -> tuple[str, str]:
    """The names of the first and the last key that lead to a page."""
    first, last = (QKeySequence(f"Ctrl+{n}").toString(QKeySequence.SequenceFormat.NativeText) for n in (1, 9))
    return first, last


def install(window: QWidget, handlers: Mapping[str, Callable[[], object]]) -> list[QShortcut]:
    """Bind the keys of the table that have a handler. A field that is typed into keeps plain letters for itself."""
    made = []
    for entry in TABLE:
        if entry.where != "everywhere" or entry.id not in handlers:
            continue
        for key in entry.keys:
            shortcut = QShortcut(QKeySequence(key), window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(handlers[entry.id])
            made.append(shortcut)
    return made


def install_digits(window: QWidget, go: Callable[[int], object]) -> None:
    """Ctrl+1 to Ctrl+9: `go` gets the place of the page, from 0."""
    for number in range(9):
        shortcut = QShortcut(QKeySequence(f"Ctrl+{number + 1}"), window)
        shortcut.activated.connect(lambda number=number: go(number))
