"""Labels of a few lines, tabs that keep their places, search fields whose words end before the key."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from boocontrol.desktop.widgets.cards import SearchField
from boocontrol.desktop.widgets.labels import FewLines
from boocontrol.desktop.widgets.tabs import Tabs

LONG = "It was woken and does not answer. Does its network card listen for wake-up packets, and is it in the same net?"


def test_a_second_line_is_taken_where_it_is_needed_and_no_third(qapp: QApplication) -> None:
    words = FewLines("Short.")
    words.show()
    line = words.fontMetrics().height()
    words.resize(2000, line)
    assert words.shown == ["Short."] and words.height() == line
    words.setText(LONG)
    assert words.shown == [LONG]
    words.resize(words.fontMetrics().horizontalAdvance(LONG) * 6 // 10, line)
    assert len(words.shown) == 2 and " ".join(words.shown) == LONG and words.height() == 2 * line
    words.resize(words.fontMetrics().horizontalAdvance(LONG) * 3 // 10, line)
    assert len(words.shown) == 2 and words.shown[-1].endswith("…") and words.height() == 2 * line
    words.deleteLater()


def test_a_number_stays_with_its_unit(qapp: QApplication) -> None:
    text = "Slow: answers take 2.4 s."
    words = FewLines(text)
    words.resize(words.fontMetrics().horizontalAdvance(text) - 2, 20)
    assert words.shown == ["Slow: answers take", "2.4 s."]
    words.deleteLater()


def test_tabs_stay_where_they_are_when_another_is_chosen(qapp: QApplication) -> None:
    tabs = Tabs("Parts")
    for word in ("Overview", "Models 4", "Events"):
        tabs.addTab(word)
    tabs.resize(tabs.sizeHint())
    places = []
    for at in range(3):
        tabs.setCurrentIndex(at)
        places.append([tabs.tabRect(n) for n in range(3)])
    assert places[0] == places[1] == places[2]
    tabs.deleteLater()


def test_the_words_of_a_search_field_end_before_its_key(qapp: QApplication) -> None:
    field = SearchField("Search 300 models")
    field.resize(400, 32)
    field.show()
    assert field.placeholderText() == "Search 300 models"
    field.resize(110, 32)
    assert field.placeholderText().endswith("…") and field.accessibleName() == "Search 300 models"
    field.deleteLater()
