"""Small pieces of forms: a hint that can turn into a problem, a field for a key, a modal window's frame."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from boocontrol.core.errors import BooError
from boocontrol.desktop.text import tr
from boocontrol.desktop.widgets import Button, IconButton, label, set_tone
from boocontrol.desktop.widgets.buttons import Kind


def hint_label(parent: QWidget, text: str = "") -> QLabel:
    """A line of small words under a field or a title."""
    made = label(text, "small", "muted", parent)
    made.setWordWrap(True)
    return made


def say(label: QLabel, text: str, *, problem: bool = False) -> None:
    """Show a text in a hint, as a problem or not."""
    label.setText(text)
    set_tone(label, "warn" if problem else "muted")


def in_words(error: Exception) -> tuple[str, str]:
    """What happened and what to do."""
    if isinstance(error, BooError):
        return error.title, error.advice
    title = tr("Something unexpected went wrong (%1).")
    return title.replace("%1", type(error).__name__), tr("Try again.")


class KeyField(QLineEdit):
    """A secret: hidden until the eye is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(8192)
        self.reveal = IconButton("eye", self.tr("Show the key"), self, size=24)
        self.reveal.setCheckable(True)
        self.reveal.setCursor(Qt.CursorShape.PointingHandCursor)
        self.reveal.setShortcut(QKeySequence("Ctrl+E"))
        self.reveal.toggled.connect(self._show)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 4, 0)
        line.addStretch(1)
        line.addWidget(self.reveal)
        self.setTextMargins(0, 0, 28, 0)

    def _show(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.reveal.setAccessibleName(self.tr("Hide the key") if shown else self.tr("Show the key"))


class Dialog(QDialog):
    """A window over its parent's. Opened with open(); frees itself when it is closed. Body and foot are layouts."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(24, 20, 24, 16)
        self.body.setSpacing(12)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(24, 12, 24, 16)
        self.foot.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.body, 1)
        column.addLayout(self.foot)

    def foot_button(self, text: str, kind: Kind = "plain") -> Button:
        """A button at the end of the foot."""
        button = Button(text, kind, self)
        self.foot.addWidget(button)
        return button
