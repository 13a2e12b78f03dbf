"""Bars that say something: a notice beside the thing it is about, and the bar that takes a removal back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from boocontrol.core.errors import BooError
from boocontrol.desktop.tokens import tokens_of
from boocontrol.desktop.widgets.buttons import Button, IconButton
from boocontrol.desktop.widgets.cards import Picture
from boocontrol.desktop.widgets.labels import label, restyle

UNDO_S: Final = 8
EDGE: Final = 24


def rich(title: str, words: str = "", color: str = "", *, apart: bool = False) -> str:
    """Title in bold, then words in a colour, both plain text from anywhere: nothing in them is markup.

    `apart` puts the words on a line of their own. Lines of a log stay lines.
    """
    plain_words = escape(words).replace("\n", "<br>")
    if not title:
        return plain_words
    told = f'<span style="color: {color}">{plain_words}</span>' if color else plain_words
    between = "<br>" if apart and words else " "
    return f'<span style="font-weight: 600">{escape(title)}</span>{between}{told}'.strip()


class NoticeBar(QFrame):
    """A shape, words, and buttons. Warns (orange) unless `tone` is "info" (blue).

    The buttons stand beside short words and below long ones (`tall`). With `details`, "Copy details" is offered.
    """

    dismissed = Signal()

    def __init__(
        self,
        title: str = "",
        words: str = "",
        *,
        picture: str = "",
        tone: str = "warn",
        buttons: Sequence[QWidget] = (),
        details: str = "",
        closable: bool = False,
        tall: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("part", "notice")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._picture = Picture(picture or _picture(tone), 16, _ink(tone), self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._told = ("", "")
        self._tall = tall
        self._details = details
        self._copy = Button(self.tr("Copy details"), "quiet", self, icon="copy", small=True, on_click=self._copy_now)
        self._close = IconButton("close", self.tr("Dismiss"), self, on_click=self._dismiss)
        self._close.setVisible(closable)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._lay_out()
        self.say(title, words)
        self.set_buttons(buttons, details)

    @classmethod
    def of(
        cls, error: BooError, *, buttons: Sequence[QWidget] = (), closable: bool = True, parent: QWidget | None = None
    ) -> NoticeBar:
        """What an error says, with its details to copy."""
        details = details_of(error)
        return cls(
            error.title, error.advice, buttons=buttons, details=details, closable=closable, tall=True, parent=parent
        )

    def say(self, title: str, words: str = "", *, tone: str = "", picture: str = "") -> None:
        """Say something else, in the same place."""
        self._told = (title, words)
        self._write()
        if tone:
            restyle(self, "tone", tone)
        if tone or picture:
            self._picture.set_picture(picture or _picture(tone), _ink(str(self.property("tone"))))

    def set_buttons(self, buttons: Sequence[QWidget], details: str = "") -> None:
        """Offer these instead of what is there, and "Copy details" when there are any. Old ones are only hidden."""
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None and old not in buttons:
                old.hide()
        for button in buttons:
            if isinstance(button, QPushButton):
                restyle(button, "small", True)
            self._buttons.addWidget(button)
            button.show()
        self._details = details
        self._buttons.addWidget(self._copy)
        self._copy.setVisible(bool(details))
        self._buttons.addStretch(1)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(10)
        top = Qt.AlignmentFlag.AlignTop if self._tall else Qt.AlignmentFlag.AlignVCenter
        line.addWidget(self._picture, 0, top)
        if self._tall:
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(self.words)
            column.addLayout(self._buttons)
            line.addLayout(column, 1)
        else:
            line.addWidget(self.words, 1)
            line.addLayout(self._buttons)
        line.addWidget(self._close, 0, top)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_told"):
            self._write()

    def sizeHint(self) -> QSize:
        return self._with_all_words(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self._with_all_words(super().minimumSizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _with_all_words(self, size: QSize) -> QSize:
        """Layouts ask how high the words are in their best width, which is too little in a narrow place."""
        return size.expandedTo(QSize(0, self.heightForWidth(self.width()))) if self.isVisible() else size

    def _write(self) -> None:
        muted = tokens_of(self.palette()).muted
        self.words.setText(rich(*self._told, muted, apart=self._tall))

    def _copy_now(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self._copy.set_icon("check")

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()


class UndoBar(QFrame):
    """Bottom centre of its parent for 8 s: what was removed, and the way back. Waits under the pointer or the focus.

    Only one at a time: a new one ends the old one (`expired`), whose removal then stands.
    """

    undone = Signal()
    expired = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("part", "toast")
        self._left = 0
        self._undo: Callable[[], object] | None = None
        self.words = label("", parent=self)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.button = QPushButton(self.tr("Undo"), self)
        self.button.setAutoDefault(False)
        self.count = label("", "small", parent=self)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 6, 12, 6)
        line.setSpacing(12)
        for widget in (self.words, self.button, self.count):
            line.addWidget(widget)
        self.button.clicked.connect(self._go_back)
        parent.installEventFilter(self)
        self.hide()

    def offer(self, words: str, undo: Callable[[], object]) -> None:
        """Say what happened (plain text) and offer to take it back with `undo`."""
        self._expire()
        self._undo = undo
        self._left = UNDO_S
        self.words.setText(escape(words))
        self.words.setAccessibleName(words)
        self._count()
        self.button.show()
        self.count.show()
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def tell(self, words: str) -> None:
        """Say something that asks for nothing, as long as an offer stands."""
        self.offer(words, lambda: None)
        self.button.hide()
        self.count.hide()
        self._place()

    def tick(self) -> None:
        """A second went by."""
        if self.underMouse() or self.button.hasFocus():
            return
        self._left -= 1
        self._count()
        if self._left <= 0:
            self._expire()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if self.isVisible():
            self._timer.start()

    def _count(self) -> None:
        self.count.setText(self.tr("{n} s").format(n=self._left))

    def _place(self) -> None:
        parent = self._over
        width = min(self.sizeHint().width(), parent.width() - 2 * EDGE)
        self.resize(width, self.sizeHint().height())
        self.move((parent.width() - width) // 2, parent.height() - self.height() - EDGE)

    def _go_back(self) -> None:
        undo, self._undo = self._undo, None
        self._end()
        if undo is not None:
            undo()
        self.undone.emit()

    def _expire(self) -> None:
        if self._undo is not None:
            self._undo = None
            self._end()
            self.expired.emit()

    def _end(self) -> None:
        self._timer.stop()
        # A focus that stays on the hidden button would hold up the next offer.
        self.button.clearFocus()
        self.hide()


def details_of(error: BaseException) -> str:
    """What "Copy details" copies of an error: title, advice, and its stable word."""
    if isinstance(error, BooError):
        return "\n".join(line for line in (error.title, error.advice, f"[{error.code}]") if line)
    return f"{type(error).__name__}: {error}"


def _picture(tone: str) -> str:
    return "info" if tone == "info" else "state:degraded"


def _ink(tone: str) -> str:
    return "accenttext" if tone == "info" else "warn"
