"""Buttons: with words, with an icon alone, links, and one that copies. Their icons follow the theme by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from boocontrol.desktop.icons import icon
from boocontrol.desktop.tokens import Tokens, tokens_of
from boocontrol.desktop.widgets.labels import restyle

Kind = Literal["plain", "primary", "quiet", "danger"]

COPIED_MS = 2000
ICON_GAP = 4


def ink(kind: str, tokens: Tokens) -> str:
    """The colour of words and icon on a button of this kind."""
    return {"primary": tokens.onaccent, "quiet": tokens.accenttext, "danger": tokens.warn}.get(kind, tokens.text)


class Button(QPushButton):
    """A button with words, and maybe an icon before them. `small` is 26 high instead of 32.

    A quiet one that is `flush` has its words in line with what stands above or below them at that side.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "plain",
        parent: QWidget | None = None,
        *,
        icon: str = "",
        small: bool = False,
        flush: Literal["", "left", "right"] = "",
        on_click: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon
        self.setProperty("kind", kind)
        if small:
            self.setProperty("small", True)
        if flush:
            self.setProperty("flush", flush)
        # Enter presses the button that has the focus and no other, unless a dialog names its default.
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
        self._tint()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self._tint()

    def set_kind(self, kind: Kind) -> None:
        """Be another kind of button."""
        restyle(self, "kind", kind)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        if not getattr(self, "_icon_name", ""):
            return
        tokens = tokens_of(self.palette())
        size = 14 if self.property("small") else 16
        gap = ICON_GAP if self.text() else 0
        self.setIconSize(QSize(size + gap, size))
        color = ink(str(self.property("kind")), tokens)
        self.setIcon(icon(self._icon_name, color, size, disabled=tokens.faint, gap=gap))


class IconButton(QToolButton):
    """A square button with an icon alone; `name` says what it does, to eyes (tooltip) and to screen readers."""

    def __init__(
        self,
        icon: str,
        name: str,
        parent: QWidget | None = None,
        *,
        size: int = 28,
        framed: bool = False,
        on_click: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._tone = "muted"
        self.setProperty("framed", framed)
        self.setFixedSize(size, size)
        self.setIconSize(QSize(16, 16))
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
        self._tint()

    def set_icon(self, name: str, tone: str = "muted") -> None:
        """Show another icon, in a colour of Tokens."""
        self._icon_name, self._tone = name, tone
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        if not getattr(self, "_icon_name", ""):
            return
        tokens = tokens_of(self.palette())
        self.setIcon(icon(self._icon_name, getattr(tokens, self._tone), 16, disabled=tokens.seg0))


class CopyButton(IconButton):
    """Copies a text; its icon is a check for 2 s after."""

    def __init__(
        self, text: str | Callable[[], str], name: str = "", parent: QWidget | None = None, *, size: int = 28
    ) -> None:
        super().__init__("copy", "", parent, size=size)
        self._text = text
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(COPIED_MS)
        self._back.timeout.connect(lambda: self.set_icon("copy"))
        self.setToolTip(name or self.tr("Copy"))
        self.setAccessibleName(name or self.tr("Copy"))
        self.clicked.connect(self.copy)

    def set_text(self, text: str | Callable[[], str]) -> None:
        """What to copy from now on."""
        self._text = text

    def copy(self) -> None:
        """Copy now."""
        QGuiApplication.clipboard().setText(self._text() if callable(self._text) else self._text)
        self.set_icon("check", "accenttext")
        self._back.start()
