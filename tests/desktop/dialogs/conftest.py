"""Dialogs are tested in the program's own look: its widgets take their colours from it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from boocontrol.desktop.theme import palette_of
from boocontrol.desktop.tokens import LIGHT


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    qapp.setPalette(palette_of(LIGHT))
    # As the program itself: a dialog that closes must not end the event loop.
    qapp.setQuitOnLastWindowClosed(False)
