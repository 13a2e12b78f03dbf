"""What a host is: a form of facts, with a way to copy all of it as markdown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from boocontrol.desktop.itemmodels.host_passport import Fact
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.widgets.buttons import COPIED_MS, Button, CopyButton
from boocontrol.desktop.widgets.cards import Card
from boocontrol.desktop.widgets.labels import ElidedLabel, label

NAME_WIDTH = 96
ROW = 20
ABOVE = 3
"""Rows are as high as the button that copies, whether they have one or not."""


class AboutCard(Card):
    """Facts as a form. `short` shows only those that matter at a glance."""

    def __init__(self, parent: QWidget | None = None, *, short: bool) -> None:
        super().__init__(_tr("About"), parent)
        self._short = short
        self._facts: tuple[Fact, ...] = ()
        self._markdown = ""
        self.copy = Button(
            self.tr("Copy as markdown"), "quiet", self, icon="copy", small=True, flush="right", on_click=self._copy
        )
        self.add_to_head(self.copy)
        self._place = QWidget(self)
        self.add(self._place)

    def show_facts(self, facts: Sequence[Fact], markdown: str) -> None:
        """Show these; `markdown` is what is copied. The form is made anew only when a fact changed."""
        shown = tuple(fact for fact in facts if fact.short or not self._short)
        self._markdown = markdown
        if shown == self._facts:
            return
        same = [fact.name for fact in shown] == [fact.name for fact in self._facts]
        self._facts = shown
        if same:
            for fact, value in zip(shown, self._values, strict=True):
                value.setText(fact.value)
            return
        self._build()

    def _build(self) -> None:
        old, self._place = self._place, QWidget(self)
        # Not replaceWidget: the layout item that it gives back ends with its Python wrapper, and PySide then takes a
        # later item at the same address for it.
        self.body.removeWidget(old)
        old.hide()
        old.deleteLater()
        self.add(self._place)
        form = QFormLayout(self._place)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._values: list[QLabel] = []
        for fact in self._facts:
            name = label(fact.name, "small", "muted", self._place)
            name.setMinimumSize(NAME_WIDTH, ROW)
            name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            name.setContentsMargins(0, ABOVE, 0, 0)
            value = self._value(fact)
            value.setMinimumHeight(ROW)
            name.setBuddy(value)
            self._values.append(value)
            form.addRow(name, self._with_copy(value) if fact.mono else value)
        self._place.show()

    def _value(self, fact: Fact) -> QLabel:
        value = (
            ElidedLabel(fact.value, "mono" if fact.mono else "small", "text", self._place)
            if self._short
            else (label(fact.value, "mono" if fact.mono else "small", "text", self._place))
        )
        value.setWordWrap(not self._short)
        value.setSizePolicy(
            QSizePolicy.Policy.Ignored if self._short else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred
        )
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return value

    def _with_copy(self, value: QLabel) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(value, 1)
        line.addWidget(CopyButton(value.text, self.tr("Copy"), self._place, size=20))
        return line

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._markdown)
        self.copy.set_icon("check")
        QTimer.singleShot(COPIED_MS, self.copy, lambda: self.copy.set_icon("copy"))
