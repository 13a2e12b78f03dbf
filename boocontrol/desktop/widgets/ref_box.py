"""A pop-up list of refs that stays quick with thousands of them: its texts are handed to Qt all at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt
from PySide6.QtWidgets import QComboBox, QWidget

from boocontrol.core.values import plain
from boocontrol.desktop.widgets.combo import ComboBox


class RefBox(ComboBox):
    """`ref` is what is chosen; `none` is the word of an entry above the refs that means no model at all."""

    def __init__(self, parent: QWidget | None = None, *, none: str = "") -> None:
        super().__init__(parent)
        self._none = [none] if none else []
        self._refs: list[str] = []
        self._gone = ""
        self._texts = QStringListModel(self._none, self)
        self.setModel(self._texts)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)
        self.setPlaceholderText(self.tr("No models"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # A list of thousands is measured by its first rows, and a long id can be read whole in the list.
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)

    @property
    def ref(self) -> str:
        """The chosen ref; empty for none."""
        at = self.currentIndex() - len(self._none)
        listed = [self._gone] if self._gone else []
        at -= len(listed)
        return (self._gone if at == -1 and listed else "") if at < 0 else self._refs[at]

    def set_refs(self, refs: Sequence[str]) -> None:
        """Offer these. What was chosen stays chosen; one that is gone gives way to the first."""
        if refs == self._refs:
            return
        kept = self.ref
        with QSignalBlocker(self):
            self._refs = list(refs)
            self._write()
            self._choose(kept)
        if self.ref != kept:
            self.currentIndexChanged.emit(self.currentIndex())

    def choose(self, ref: str) -> None:
        """Take a ref, if it is there."""
        if ref in self._refs or (not ref and self._none):
            self._choose(ref)

    def show_ref(self, ref: str) -> None:
        """Take a ref that is kept elsewhere, whether it is there or not."""
        gone = ref if ref and ref not in self._refs else ""
        if gone != self._gone:
            self._gone = gone
            self._write()
        self._choose(ref)

    def _choose(self, ref: str) -> None:
        before = len(self._none) + bool(self._gone)
        if ref in self._refs:
            self.setCurrentIndex(before + self._refs.index(ref))
        elif ref and ref == self._gone:
            self.setCurrentIndex(len(self._none))
        else:
            self.setCurrentIndex(0 if self._none or self._refs else -1)

    def _write(self) -> None:
        if self._gone in self._refs:
            self._gone = ""
        gone = [self.tr("%1 (not there now)").replace("%1", self._gone)] if self._gone else []
        texts = (ref if ref.isprintable() else plain(ref) for ref in self._refs)
        self._texts.setStringList([*self._none, *gone, *texts])
