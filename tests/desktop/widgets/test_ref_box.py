"""The list of refs: empty-handed while closed, whole for whoever turns to it, and the choice kept through it all."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from boocontrol.desktop.widgets.ref_box import RefBox

REFS = [f"den/m{n}" for n in range(2000)]


@pytest.fixture
def box(qtbot: Any) -> RefBox:
    made = RefBox()
    qtbot.addWidget(made)
    return made


def texts(box: RefBox) -> list[str]:
    return [box.itemText(at) for at in range(box.count())]


def test_it_holds_one_text_until_somebody_turns_to_it(box: RefBox, qtbot: Any) -> None:
    box.set_refs(REFS)
    assert (box.ref, texts(box)) == ("den/m0", ["den/m0"])
    box.choose("den/m7")
    box.show()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.count() == len(REFS) and box.ref == "den/m8"
    box.hidePopup()


def test_the_popup_holds_all_and_a_choice_is_told_once(box: RefBox, qtbot: Any) -> None:
    box.set_refs(REFS)
    told: list[str] = []
    box.currentIndexChanged.connect(lambda _at: told.append(box.ref))
    box.show()
    box.showPopup()
    assert box.count() == len(REFS) and box.currentText() == "den/m0" and not told
    box.hidePopup()
    box.setCurrentIndex(5)
    assert told == ["den/m5"]


def test_what_was_chosen_stays_and_what_is_gone_gives_way(box: RefBox) -> None:
    box.set_refs(REFS)
    told: list[str] = []
    box.currentIndexChanged.connect(lambda _at: told.append(box.ref))
    box.choose("den/m7")
    box.set_refs(["den/m9", "den/m7"])
    assert (box.ref, told) == ("den/m7", ["den/m7"])
    box.set_refs(["den/m9"])
    assert (box.ref, told) == ("den/m9", ["den/m7", "den/m9"])
    box.choose("den/nowhere")
    assert box.ref == "den/m9"


def test_a_ref_that_is_kept_elsewhere_is_shown_though_it_is_gone(qtbot: Any) -> None:
    box = RefBox(none="None")
    qtbot.addWidget(box)
    assert (box.ref, box.currentText()) == ("", "None")
    box.set_refs(REFS)
    box.show_ref("old/one")
    assert box.ref == "old/one" and texts(box) == ["None", "old/one (not there now)"]
    box.fill()
    assert box.ref == "old/one" and box.count() == len(REFS) + 2
    box.set_refs([*REFS, "old/one"])
    assert box.ref == "old/one" and "not there" not in box.currentText()
    box.show_ref("")
    assert box.ref == "" and box.currentText() == "None"


def test_an_empty_list_offers_nothing(box: RefBox) -> None:
    box.set_refs(REFS)
    box.set_refs([])
    assert (box.ref, box.currentIndex()) == ("", -1)
