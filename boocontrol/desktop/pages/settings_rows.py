"""One row of the Settings page: title and sentence on the left, the control on the right, an error beneath."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from boocontrol.desktop.dialogs.fields import hint_label, say
from boocontrol.desktop.pages.settings_hosts import HostsButton
from boocontrol.desktop.pages.settings_sections import Row, words
from boocontrol.desktop.text import tr
from boocontrol.desktop.widgets import label
from boocontrol.desktop.widgets.combo import ComboBox
from boocontrol.desktop.widgets.ref_box import RefBox

CONTROL_WIDTH = 240
SPIN_MARGINS = (10, 0, 0, 0)  # a style sheet's padding does not come to the field in a spin box


class SettingRow(QFrame):
    """A setting. `edited` brings its key and the new value when a person changed it, never when it is shown."""

    edited = Signal(str, object)

    def __init__(self, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.setProperty("part", "row")
        self._title = label(words(row.title), parent=self)
        self._sentence = hint_label(self)
        self._sentence.setText(words(row.sentence))
        self.error = hint_label(self)
        self.error.hide()
        self.control = _make(row, self, self._edit)
        self.control.setAccessibleName(words(row.title))
        self.control.setAccessibleDescription(words(row.sentence))
        self._lay_out()

    def show_value(self, value: Any) -> None:
        """Show a value that is kept; an edit that failed before goes back to it."""
        with QSignalBlocker(self.control):
            _show(self.control, value)

    def show_refs(self, refs: Sequence[str]) -> None:
        """The models that a choice of models offers."""
        box = self.control
        assert isinstance(box, RefBox)
        with QSignalBlocker(box):
            box.set_refs(refs)

    def show_known_hosts(self, hosts: Sequence[tuple[str, str]]) -> None:
        """The hosts that a choice of hosts offers: id and label."""
        assert isinstance(self.control, HostsButton)
        self.control.set_known(hosts)

    def show_error(self, text: str) -> None:
        """Why the last change was not taken; empty takes the words away."""
        say(self.error, text, problem=True)
        self.error.setVisible(bool(text))

    def matches(self, text: str) -> bool:
        """Whether a search means this row."""
        return text.casefold() in f"{words(self.row.title)} {words(self.row.sentence)} {self.row.key}".casefold()

    def _edit(self, value: Any) -> None:
        self.show_error("")
        self.edited.emit(self.row.key, value)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self._title)
        left.addWidget(self._sentence)
        left.addWidget(self.error)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 16, 10)
        line.setSpacing(24)
        line.addLayout(left, 1)
        line.addWidget(self.control, 0, Qt.AlignmentFlag.AlignVCenter)
        self._title.setBuddy(self.control)


class Seconds(QDoubleSpinBox):
    """Seconds without zeros behind the point."""

    def textFromValue(self, value: float) -> str:
        return self.locale().toString(value, "g", 7)


class WheelGuard(QObject):
    """Keeps the wheel from changing a control that the pointer only passes while the page is scrolled."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def _make(row: Row, parent: QWidget, edit: Callable[[Any], None]) -> QWidget:
    if row.control == "check":
        box = QCheckBox(parent)
        # No words beside it: without their space, the box ends where the other controls do.
        box.setStyleSheet("spacing: 0px")
        box.toggled.connect(edit)
        return box
    if row.control == "choice":
        return _combo(row, parent, edit)
    if row.control == "model":
        return _models(parent, edit)
    if row.control == "seconds":
        return _seconds(row, parent, edit)
    if row.control == "number":
        return _number(row, parent, edit)
    if row.control == "hosts":
        return HostsButton(parent, edit)
    line = QLineEdit(parent, placeholderText=tr("none"))
    line.setFixedWidth(CONTROL_WIDTH)
    line.editingFinished.connect(lambda: _list_edited(line, edit))
    return line


def _combo(row: Row, parent: QWidget, edit: Callable[[Any], None]) -> QComboBox:
    box = ComboBox(parent)
    for value, text in row.options:
        box.addItem(words(text), value)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setFixedWidth(CONTROL_WIDTH // 2 + 8)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(WheelGuard(box))
    box.currentIndexChanged.connect(lambda: edit(box.currentData()))
    return box


def _models(parent: QWidget, edit: Callable[[Any], None]) -> RefBox:
    box = RefBox(parent, none=tr("None"))
    box.setFixedWidth(CONTROL_WIDTH)
    box.installEventFilter(WheelGuard(box))
    box.currentIndexChanged.connect(lambda: edit(box.ref))
    return box


def _seconds(row: Row, parent: QWidget, edit: Callable[[Any], None]) -> QDoubleSpinBox:
    spin = Seconds(parent, minimum=0.1, maximum=row.most, decimals=1, suffix=tr(" s"))
    spin.setKeyboardTracking(False)
    spin.lineEdit().setTextMargins(*SPIN_MARGINS)
    spin.setFixedWidth(CONTROL_WIDTH // 2 + 8)
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    spin.installEventFilter(WheelGuard(spin))
    spin.valueChanged.connect(edit)
    return spin


def _number(row: Row, parent: QWidget, edit: Callable[[Any], None]) -> QSpinBox:
    spin = QSpinBox(parent, minimum=int(row.least), maximum=int(row.most), suffix=words(row.unit))
    spin.setGroupSeparatorShown(True)
    spin.setKeyboardTracking(False)
    spin.lineEdit().setTextMargins(*SPIN_MARGINS)
    spin.setFixedWidth(CONTROL_WIDTH // 2 + 8)
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    spin.installEventFilter(WheelGuard(spin))
    spin.valueChanged.connect(edit)
    return spin


def _list_edited(line: QLineEdit, edit: Callable[[Any], None]) -> None:
    """Only a change counts: the field also ends its editing when the focus merely passes."""
    if line.isModified():
        line.setModified(False)
        edit([part.strip() for part in line.text().split(",") if part.strip()])


def _show(control: QWidget, value: Any) -> None:
    if isinstance(control, QCheckBox):
        control.setChecked(bool(value))
    elif isinstance(control, HostsButton):
        control.show_hosts(str(value or ""))
    elif isinstance(control, QSpinBox):
        control.setValue(int(value or 0))
    elif isinstance(control, QDoubleSpinBox):
        control.setValue(float(value or 0))
    elif isinstance(control, QLineEdit):
        control.setText(", ".join(str(part) for part in value or ()))
    elif isinstance(control, RefBox):
        control.show_ref(str(value or ""))
    elif isinstance(control, QComboBox):
        control.setCurrentIndex(max(0, control.findData(value)))
