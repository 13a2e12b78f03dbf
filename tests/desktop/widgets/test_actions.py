"""The right end of a head, where there is less and less room; and pop-up lists that end in an ellipsis."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from boocontrol.desktop.theme import Theme
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.cards import PageHead, SearchField
from boocontrol.desktop.widgets.combo import ComboBox


def head(qtbot: Any, clicked: list[str]) -> PageHead:
    field = SearchField("Filter")
    field.setFixedWidth(150)
    words = ("First", "Second", "Last")
    buttons = [Button(word, on_click=lambda word=word: clicked.append(word)) for word in words]
    made = PageHead("Title", "a sub-line that is quite long", actions=(field, *buttons))
    qtbot.addWidget(made)
    made.show()
    return made


def test_buttons_go_into_the_menu_from_the_left_and_still_act(qtbot: Any) -> None:
    clicked: list[str] = []
    made = head(qtbot, clicked)
    widths = []
    for width in (900, 480, 420, 380, 900):
        made.resize(width, made.height())
        QApplication.processEvents()
        widths.append([button.text() for button in made.row.wrapped])
        shown = [part for part in made.row.findChildren(QWidget) if part.isVisible()]
        assert all(part.geometry().right() <= made.row.width() for part in shown if part.parent() is made.row)
        assert made.row.geometry().right() <= made.width()
    assert widths[0] == [] and widths[-1] == [], "all come back"
    assert widths[1:4] == sorted(widths[1:4], key=len) and widths[3] == ["First", "Second"]
    made.resize(380, made.height())
    QApplication.processEvents()
    assert made.row.more.isVisible() and made.row.more.accessibleName() == "More actions"
    menu = made.row.menu()
    assert [action.text() for action in menu.actions()] == ["First", "Second"]
    menu.actions()[1].trigger()
    assert clicked == ["Second"]


def test_the_sub_line_gives_way_before_a_button_does(qtbot: Any) -> None:
    made = head(qtbot, [])
    made.resize(made.row.sizeHint().width() + made.title.sizeHint().width() + 60, made.height())
    QApplication.processEvents()
    assert made.row.wrapped == () and made.subline.width() < made.subline.sizeHint().width()


def test_a_button_that_a_page_hides_is_not_in_the_menu(qtbot: Any) -> None:
    made = head(qtbot, [])
    made.resize(380, made.height())
    QApplication.processEvents()
    kept = made.row.wrapped[0]
    made.set_actions([Button("Only", parent=made)])
    QApplication.processEvents()
    assert made.row.wrapped == () and kept.isHidden()


def test_a_narrow_pop_up_list_ends_in_an_ellipsis(qtbot: Any, qapp: QApplication) -> None:
    Theme(qapp, "light")
    box = ComboBox()
    qtbot.addWidget(box)
    box.addItems(["short", "a choice with a very long name that fits nowhere"])
    box.setFixedWidth(140)
    box.show()
    assert box.shown_text() == "short" and box.toolTip() == ""
    box.setCurrentIndex(1)
    box.grab()
    assert box.shown_text().endswith("…") and box.toolTip() == box.currentText()
    box.setCurrentIndex(0)
    box.grab()
    assert box.toolTip() == ""
    qapp.setStyleSheet("")
