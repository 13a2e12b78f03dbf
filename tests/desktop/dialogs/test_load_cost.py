"""The question before a load that costs something."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLabel

from boocontrol.desktop.dialogs.load_cost import LoadDialog
from tests.desktop.itemmodels.test_load_news import MAYBE, SURE, USED, cost


def said(dialog: LoadDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_while_requests_run_the_safe_answer_has_the_focus(qtbot: Any) -> None:
    dialog = LoadDialog(cost(USED, MAYBE, usual_load_s=38.0, load_samples=5, queue=2))
    qtbot.addWidget(dialog)
    assert dialog.safe.isDefault() and dialog.load.text() == "Load anyway"
    words = said(dialog)
    for part in ("may push out a model that is in use", "2 requests run", "may be unloaded", "2 loads come first"):
        assert part in words
    assert "llama-swap does not tell what it unloads" in words and "It usually takes 38 s" in words


def test_what_is_certain_is_said_as_certain(qtbot: Any) -> None:
    dialog = LoadDialog(cost(SURE, certain=True))
    qtbot.addWidget(dialog)
    assert dialog.load.isDefault() and dialog.load.text() == "Load"
    words = said(dialog)
    assert "is unloaded" in words and "no requests" in words and "does not tell" not in words
