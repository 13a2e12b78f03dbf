"""Small widgets: names for screen readers, what they do when used, what they say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from boocontrol.core.errors import BooError
from boocontrol.desktop.tokens import tokens_of
from boocontrol.desktop.widgets import (
    Button,
    Card,
    CodeView,
    CopyButton,
    DiffView,
    ElidedLabel,
    EmptyState,
    IconButton,
    NoticeBar,
    PageHead,
    SearchField,
    UndoBar,
    details_of,
    diff_lines,
    rich,
)
from boocontrol.desktop.widgets.focus_ring import FocusRing
from boocontrol.desktop.widgets.popup import Popup


def test_an_icon_button_has_a_name(qtbot: QtBot) -> None:
    button = IconButton("refresh", "Refresh")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.toolTip()) == ("Refresh", "Refresh")
    assert button.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_copy_becomes_a_check_and_goes_back(qtbot: QtBot) -> None:
    button = CopyButton(lambda: "http://127.0.0.1:9503/v1", "Copy address")
    qtbot.addWidget(button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:9503/v1"
    assert button._icon_name == "check"
    button._back.timeout.emit()
    assert button._icon_name == "copy"


def test_a_button_does_what_it_was_given(qtbot: QtBot) -> None:
    done: list[int] = []
    button = Button("Retry", icon="refresh", small=True, on_click=lambda: done.append(1))
    qtbot.addWidget(button)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [1]
    assert not button.autoDefault()
    assert not button.icon().isNull()


def test_a_long_label_elides_and_tells_the_rest(qtbot: QtBot) -> None:
    label = ElidedLabel("a very long name of a host " * 5)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.minimumSizeHint().width() < 80
    assert label.toolTip() == label.text()
    label.resize(4000, 20)
    assert label.toolTip() == ""


def test_escape_clears_the_search_and_the_key_cap_makes_room(qtbot: QtBot) -> None:
    field = SearchField("Filter hosts")
    qtbot.addWidget(field)
    field.show()
    assert field.accessibleName() == "Filter hosts"
    assert field._cap.isVisible()
    qtbot.keyClicks(field, "den")
    assert not field._cap.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert field._cap.isVisible()


def test_what_comes_from_a_host_is_no_markup(qtbot: QtBot) -> None:
    assert "<script>" not in rich("<script>", "<b>")
    bar = NoticeBar("<img src=x>", "<a href='http://x'>x</a>")
    qtbot.addWidget(bar)
    assert "<img" not in bar.words.text()


def test_an_error_says_what_and_copies_details(qtbot: QtBot) -> None:
    error = BooError("It did not start.", "Unload another one.", code="load_failed")
    bar = NoticeBar.of(error, buttons=[QPushButton("Retry")])
    qtbot.addWidget(bar)
    bar.show()
    qtbot.mouseClick(bar._copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It did not start.\nUnload another one.\n[load_failed]"
    with qtbot.waitSignal(bar.dismissed):
        qtbot.mouseClick(bar._close, Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    assert details_of(ValueError("x")) == "ValueError: x"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def test_undo_within_eight_seconds(window: QWidget, qtbot: QtBot) -> None:
    bar, undone, expired = UndoBar(window), [], []
    bar.expired.connect(lambda: expired.append(1))
    bar.offer("Removed <laptop>.", lambda: undone.append(1))
    assert "&lt;laptop&gt;" in bar.words.text()
    assert abs(bar.geometry().center().x() - window.width() // 2) <= 1
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert (undone, expired, bar.isHidden()) == ([1], [], True)
    bar.offer("Removed laptop.", lambda: undone.append(2))
    for _ in range(8):
        bar.tick()
    assert (undone, expired, bar.isHidden()) == ([1], [1], True)


def test_the_undo_bar_waits_under_the_pointer(window: QWidget) -> None:
    bar = UndoBar(window)
    bar.offer("Removed laptop.", lambda: None)
    at = QPoint(3, 3).toPointF()
    bar.enterEvent(QEnterEvent(at, at, at))
    assert not bar._timer.isActive()
    bar.leaveEvent(QEvent(QEvent.Type.Leave))
    assert bar._timer.isActive()


def test_a_new_offer_ends_the_old_one(window: QWidget) -> None:
    bar, expired = UndoBar(window), []
    bar.expired.connect(lambda: expired.append(1))
    bar.offer("one", lambda: None)
    bar.offer("two", lambda: None)
    assert expired == [1]
    bar.tell("three")
    assert bar.button.isHidden()


def test_cards_heads_and_empty_states_take_what_they_are_given(qtbot: QtBot) -> None:
    card = Card("Health")
    qtbot.addWidget(card)
    card.add(EmptyState("mark", "No hosts yet", "Add one.", [Button("Add host", "primary")]))
    card.add(QVBoxLayout())
    card.add_to_head(Button("Run"))
    head = PageHead("Fleet", "5 hosts", actions=[Button("Add host")])
    qtbot.addWidget(head)
    head.set_subline("6 hosts")
    assert head.subline.text() == "6 hosts"
    card.show()
    assert not card.grab().isNull()


DIFF = """--- a/opencode.json
+++ b/opencode.json
@@ -9,3 +9,4 @@
 one
-two
+zwei
+drei
 four
@@ -40,1 +41,1 @@
 x
"""


def test_a_diff_is_numbered_as_its_files_are(qtbot: QtBot) -> None:
    lines = diff_lines(DIFF)
    assert [(line.sign, line.number) for line in lines] == [
        (" ", 9), ("-", 10), ("+", 10), ("+", 11), (" ", 12), ("…", None), (" ", 41),
    ]  # fmt: skip
    view = DiffView()
    qtbot.addWidget(view)
    view.set_diff(DIFF)
    assert (view.added, view.removed) == (2, 1)
    assert view.toPlainText().splitlines()[1] == "two"
    view.resize(300, 200)
    view.show()
    image, added = view.grab().toImage(), QColor(tokens_of(view.palette()).addbg)
    assert added in [image.pixelColor(250, y) for y in range(image.height())]


def test_a_file_shows_its_fault(qtbot: QtBot) -> None:
    view = CodeView()
    qtbot.addWidget(view)
    view.set_text("\n".join(f"line {n}" for n in range(1, 300)), fault=200)
    view.resize(300, 200)
    view.show()
    assert view.textCursor().blockNumber() == 199
    assert view.verticalScrollBar().value() > 0
    assert not view.grab().isNull()
    view.set_text("", fault=3)


def test_a_button_reached_by_key_has_a_ring_and_one_that_is_gone_has_none(window: QWidget, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    ring = FocusRing(app)
    line = QVBoxLayout(window)
    buttons = [Button("One"), Button("Two")]
    for button in buttons:
        line.addWidget(button)
        button.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    buttons[1].setFocus(Qt.FocusReason.OtherFocusReason)
    assert ring._around is None, "the program moved the focus and not a person"
    qtbot.keyClick(buttons[1], Qt.Key.Key_Backtab)
    assert ring._around is buttons[0]
    buttons[1].setFocus(Qt.FocusReason.OtherFocusReason)
    assert ring._around is buttons[1], "somebody who uses the keys sees where the program takes them"
    qtbot.keyClick(buttons[1], Qt.Key.Key_Backtab)
    assert ring._ring is not None
    assert ring._ring.geometry() == buttons[0].geometry().adjusted(-3, -3, 3, 3)
    buttons[0].move(50, 50)
    assert ring._ring.geometry().topLeft() == QPoint(47, 47)
    buttons[0].hide()
    assert ring._around is not buttons[0]
    ring.deleteLater()


def test_a_popup_gives_the_focus_back(window: QWidget, qtbot: QtBot) -> None:
    button = Button("Behind", parent=window)
    button.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    button.setFocus()
    popup = Popup(window, 300, 40)
    popup.pop()
    assert popup.geometry().center().x() == pytest.approx(window.width() // 2, abs=1)
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert popup.isHidden()
    assert button.hasFocus()
    popup.pop()
    qtbot.mouseClick(popup._scrim, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert popup.isHidden()
