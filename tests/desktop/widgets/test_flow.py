"""The layout that wraps: lines by width, height by lines, hidden controls take no room."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from boocontrol.desktop.widgets.flow import Flow


def box(width: int) -> QFrame:
    made = QFrame()
    made.setFixedSize(QSize(width, 20))
    return made


def test_a_row_goes_on_in_the_next_line(qtbot: Any) -> None:
    boxes = [box(100), box(100), box(50)]
    flow = Flow(*boxes)
    qtbot.addWidget(flow)
    flow.resize(220, 100)
    flow.show()
    assert [(b.x(), b.y()) for b in boxes] == [(0, 0), (108, 0), (0, 28)]
    assert (flow.heightForWidth(220), flow.heightForWidth(400), flow.heightForWidth(100)) == (48, 20, 76)
    assert flow.sizeHint() == QSize(266, 48)
    assert flow.minimumSizeHint() == QSize(100, 20)


def test_lines_may_stand_at_the_right(qtbot: Any) -> None:
    boxes = [box(100), box(50)]
    flow = Flow(*boxes, right=True)
    qtbot.addWidget(flow)
    flow.resize(200, 60)
    flow.show()
    assert [b.geometry().right() for b in boxes] == [141, 199]


def test_what_is_hidden_takes_no_room_and_what_comes_gets_some(qtbot: Any) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    boxes = [box(100), box(100), box(100)]
    flow = Flow(*boxes, parent=holder)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(flow)
    column.addStretch(1)
    boxes[1].hide()
    holder.resize(210, 100)
    holder.show()
    assert (boxes[2].x(), flow.height()) == (108, 20)
    boxes[1].show()
    for _ in range(3):
        QApplication.sendPostedEvents()
    assert ((boxes[1].x(), boxes[1].y()), (boxes[2].x(), boxes[2].y()), flow.height()) == ((108, 0), (0, 28), 48)
