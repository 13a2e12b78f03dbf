"""Frames of a page: cards, the head of a page, what stands where nothing is, and the search field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from boocontrol.desktop.icons import icon, paint_icon
from boocontrol.desktop.tokens import GAP, HEAD, PAD, tokens_of
from boocontrol.desktop.widgets.actions import Actions
from boocontrol.desktop.widgets.labels import ElidedLabel, KeyCap, label
from boocontrol.desktop.widgets.state_shape import HOST_STATES, MODEL_STATES, paint_state

CORNER = 3
"""So far from the edge the rounded corners of a card are past, which what fills the card would paint over."""


class Card(QFrame):
    """A flat rectangle with a hairline. With a title it has a head; `body` is its column of content."""

    def __init__(self, title: str = "", parent: QWidget | None = None, *, padded: bool = True) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.body = QVBoxLayout(self)
        self.body.setSpacing(8)
        self.body.setContentsMargins(*((PAD, GAP, PAD, GAP) if padded else (1, 1, 1, 1)))
        self.head: QHBoxLayout | None = None
        if title:
            self.head = QHBoxLayout()
            self.head.setSpacing(8)
            self.title = label(title, "section", parent=self)
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            if not padded:
                self.head.setContentsMargins(PAD, GAP, PAD, 4)
            self.body.addLayout(self.head)

    def fill(self, view: QWidget) -> None:
        """Be the frame of a list or a text that paints a ground of its own."""
        self.body.setContentsMargins(1, CORNER, 1, CORNER)
        self.add(view, 1)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a widget or a layout below what is there."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a widget at the right end of the head. Only for a card with a title."""
        assert self.head is not None
        self.head.addWidget(widget)


class PageHead(QWidget):
    """Title, sub-line (elides first) and actions of a page."""

    def __init__(
        self,
        title: str,
        subline: str = "",
        parent: QWidget | None = None,
        *,
        actions: Sequence[QWidget] = (),
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEAD)
        self.title = label(title, "title", parent=self)
        self.subline = ElidedLabel(subline, tone="muted", parent=self)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GAP)
        self._line.addWidget(self.title)
        self._line.addWidget(self.subline, 1)
        # The sub-line has what the actions leave: it elides before one of them goes into the menu.
        self.subline.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.row = Actions(self)
        self._line.addWidget(self.row)
        self.set_actions(actions)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self.title.setText(title)

    def set_subline(self, text: str) -> None:
        """Say something else beside the title."""
        self.subline.setText(text)

    def set_actions(self, actions: Sequence[QWidget]) -> None:
        """Put these at the right end instead of what is there."""
        self.row.set_actions(actions)

    def add_action(self, action: QWidget) -> None:
        """Put one more at the right end."""
        self.row.add_action(action)


class Picture(QWidget):
    """An icon or a state shape by its name, in a tone."""

    def __init__(self, name: str, size: int, tone: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tone = name, tone
        self.setFixedSize(size, size)

    def set_picture(self, name: str, tone: str = "muted") -> None:
        """Show another."""
        self._name, self._tone = name, tone
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = tokens_of(self.palette())
        if self._name in HOST_STATES + MODEL_STATES and self._name not in ("up", "down"):
            paint_state(painter, self.rect(), self._name, tokens)
        elif self._name.startswith("state:"):
            paint_state(painter, self.rect(), self._name.removeprefix("state:"), tokens)
        else:
            paint_icon(painter, self.rect(), self._name, getattr(tokens, self._tone))
        painter.end()


class EmptyState(QWidget):
    """What stands where nothing is: a picture, a title, one sentence, and buttons.

    `picture` is an icon, "mark" for the ghost, or "state:down" for a state shape.
    """

    def __init__(
        self,
        picture: str,
        title: str,
        sentence: str = "",
        buttons: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        tone = "offfill" if picture == "mark" else "muted"
        self.picture = Picture(picture, 36 if picture == "mark" else 32, tone, self)
        self.title = label(title, "section", parent=self)
        self.sentence = label(sentence, tone="muted", parent=self)
        self.sentence.setWordWrap(True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        for words in (self.title, self.sentence):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.sentence.setMaximumWidth(340)
        self.sentence.setVisible(bool(sentence))
        self._lay_out()
        self.set_buttons(buttons)

    def set_words(self, title: str, sentence: str = "", picture: str = "") -> None:
        """Say something else: another text for each cause."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        if picture:
            self.picture.set_picture(picture, "offfill" if picture == "mark" else "muted")

    def set_buttons(self, buttons: Sequence[QWidget]) -> None:
        """Offer these instead of what is there."""
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None and old not in buttons:
                old.hide()
        for button in buttons:
            self._buttons.addWidget(button)
            button.show()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, 24, PAD, 24)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(self.title)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.sentence, 8)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addSpacing(4)
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addLayout(self._buttons)
        centre.addStretch(1)
        column.addLayout(centre)
        column.addStretch(1)


BEFORE = 34
"""What stands before the words of a search field: its icon."""


class SearchField(QLineEdit):
    """A filter field with its icon and the key that leads to it. Escape clears it, and leaves it when it is empty.

    `list_wanted`: the keyboard is to go on to what is filtered.
    """

    list_wanted = Signal()

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, key: str = "/") -> None:
        super().__init__(parent)
        self._whole = placeholder
        super().setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setProperty("part", "search")
        self._lead = QAction(placeholder or self.tr("Search"), self)
        self.addAction(self._lead, QLineEdit.ActionPosition.LeadingPosition)
        self._cap = KeyCap(key, self)
        self._cap.setVisible(bool(key))
        self._key = key
        self._clear = QAction(self.tr("Clear"), self)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self.textChanged.connect(self._changed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tint()

    def setPlaceholderText(self, text: str) -> None:
        self._whole = text
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
            self.list_wanted.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_clear"):
            self._tint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        cap = self._cap.sizeHint()
        self._cap.setGeometry(
            self.width() - cap.width() - 8, (self.height() - cap.height()) // 2, cap.width(), cap.height()
        )
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The placeholder ends before the key's cap: Qt lets it run on below it. Hidden, there is no width yet."""
        if not self.isVisible():
            super().setPlaceholderText(self._whole)
            return
        room = self.width() - BEFORE - (self._cap.sizeHint().width() + 12 if self._key else 8)
        super().setPlaceholderText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))

    def _changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._cap.setVisible(bool(self._key) and not text)

    def _tint(self) -> None:
        tokens = tokens_of(self.palette())
        self._lead.setIcon(icon("search", tokens.muted, 16))
        self._clear.setIcon(icon("close", tokens.muted, 16))
