"""A pop-up list of refs that costs nothing while it is closed: it is filled when somebody turns to it.

Thousands of texts take a megabyte in each such list, and there are several on pages that few look at.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from boocontrol.core.values import plain
from boocontrol.desktop.widgets.combo import ComboBox


class RefBox(ComboBox):
    """`ref` is what is chosen; `none` is the word of an entry above the refs that means no model at all."""

    def __init__(self, parent: QWidget | None = None, *, none: str = "") -> None:
        super().__init__(parent)
        self._none = none
        self._refs: Sequence[str] = ()
        self._gone = ""
        self._full = False
        self._entries: list[str] = []
        self._texts = QStringListModel(self)
        self.setModel(self._texts)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)
        self.setPlaceholderText(self.tr("No models"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # A list of thousands is measured by its first rows, and a long id can be read whole in the list.
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._write("")

    @property
    def ref(self) -> str:
        """The chosen ref; empty for none."""
        at = self.currentIndex()
        return self._entries[at] if 0 <= at < len(self._entries) else ""

    def set_refs(self, refs: Sequence[str]) -> None:
        """Offer these. What was chosen stays chosen; one that is gone gives way to the first."""
        if refs == self._refs:
            return
        kept = self.ref
        self._refs = refs
        self._full = self._full and self.hasFocus()
        if self._gone in refs:
            self._gone = ""
        self._write(kept)
        if self.ref != kept:
            self.currentIndexChanged.emit(self.currentIndex())

    def choose(self, ref: str) -> None:
        """Take a ref, if it is there."""
        if ref in self._refs or (not ref and self._none):
            self._take(ref)

    def show_ref(self, ref: str) -> None:
        """Take a ref that is kept elsewhere, whether it is there or not."""
        gone = ref if ref and ref not in self._refs else ""
        if gone != self._gone:
            self._gone = gone
            self._write(self.ref)
        self._take(ref)

    def _take(self, ref: str) -> None:
        before = self.ref
        self._write(ref)
        if self.ref != before:
            self.currentIndexChanged.emit(self.currentIndex())

    def _write(self, chosen: str) -> None:
        """Offer what there is, of the refs the chosen one alone while the list is not full."""
        first = "" if self._none else next(iter(self._refs), "")
        known = chosen in self._refs or bool(chosen and chosen == self._gone)
        chosen = chosen if known else first
        refs = self._refs if self._full else [chosen] if chosen and chosen != self._gone else []
        head = [""] * bool(self._none) + [self._gone] * bool(self._gone)
        self._entries = [*head, *refs]
        gone = [self.tr("%1 (not there now)").replace("%1", self._gone)] if self._gone else []
        texts = (ref if ref.isprintable() else plain(ref) for ref in refs)
        with QSignalBlocker(self):
            self._texts.setStringList([*([self._none] if self._none else []), *gone, *texts])
            self.setCurrentIndex(self._entries.index(chosen) if chosen in self._entries else -1)
        self.update()

    # --- whoever turns to it finds all of them ---

    def fill(self) -> None:
        """Offer all refs from now on."""
        if not self._full:
            self._full = True
            self._write(self.ref)

    def showPopup(self) -> None:
        self.fill()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.fill()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.fill()
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.fill()
        super().wheelEvent(event)
