"""Questions before requests are cut: named, and the safe answer first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from boocontrol.core.api import RequestInFlight
from boocontrol.desktop.dialogs.confirm import CutDialog, confirm_quit, confirm_stop, confirm_unload
from tests.desktop.dialogs.fakes import NOW


def request(number: int) -> RequestInFlight:
    started = NOW - timedelta(seconds=number)
    return RequestInFlight(
        id=str(number), ref="den/qwen3", provider="den", endpoint="chat", client=f"agent {number}", started_at=started
    )


@pytest.fixture
def parent(qtbot: Any) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def words(dialog: CutDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def test_requests_are_named_with_their_time(parent: QWidget) -> None:
    dialog = confirm_unload("qwen3", [request(1), request(12)], parent, now=NOW)
    assert {"agent 1", "1.0 s", "agent 12", "12.0 s"} <= set(words(dialog))
    assert "2 requests run and would be cut off." in words(dialog)


def test_many_requests_are_counted(parent: QWidget) -> None:
    assert "and 4 more" in words(confirm_unload("x", [request(n) for n in range(10)], parent, now=NOW))


def test_the_safe_button_has_the_focus_and_enter_presses_it(qtbot: Any, parent: QWidget) -> None:
    parent.show()
    dialog = confirm_quit(1, parent)
    answers: list[int] = []
    dialog.finished.connect(answers.append)
    dialog.open()
    assert dialog.focusWidget() is dialog.safe
    qtbot.keyClick(dialog.safe, Qt.Key.Key_Return)
    assert answers == [CutDialog.DialogCode.Rejected.value]


def test_cutting_is_one_tab_away(qtbot: Any, parent: QWidget) -> None:
    parent.show()
    dialog = confirm_stop(2, parent)
    answers: list[int] = []
    dialog.finished.connect(answers.append)
    dialog.open()
    qtbot.keyClick(dialog.safe, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.cut
    qtbot.keyClick(dialog.cut, Qt.Key.Key_Space)
    assert answers == [CutDialog.DialogCode.Accepted.value]
