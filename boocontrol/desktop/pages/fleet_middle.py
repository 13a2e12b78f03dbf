"""The middle of a host's card: what is wrong and what to do, or where to give the key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from boocontrol.core.api import Host
from boocontrol.desktop.itemmodels.ages import age_text, span_text
from boocontrol.desktop.itemmodels.host_words import remedy
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.flow import Flow
from boocontrol.desktop.widgets.labels import Chip, ElidedLabel, label
from boocontrol.desktop.widgets.notice_bar import rich

CHIPS = 3


class ProblemColumn(QWidget):
    """Why a host cannot be used, the remedy, and what it had."""

    retry_asked = Signal()
    wake_asked = Signal()
    copy_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ""
        self.words = _words(self)
        self.retry = Button(self.tr("Retry"), parent=self, icon="refresh", small=True, on_click=self.retry_asked.emit)
        self.wake = Button(self.tr("Wake"), parent=self, icon="wake", small=True, on_click=self.wake_asked.emit)
        self.details = Button(self.tr("Copy details"), "quiet", self, icon="copy", small=True, on_click=self._copy)
        self.waking = label("", "small", "muted", self)
        self.last = LastKnown(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addWidget(Flow(self.retry, self.wake, self.details, self.waking, parent=self))
        column.addStretch(1)
        column.addWidget(self.last)

    def show_host(self, host: Host, known: Sequence[str], known_at: float | None, now: float) -> None:
        """Show what is wrong with this host, and the models it was last known to have."""
        title, advice = remedy(host)
        self.words.setText(rich(title, advice))
        self.words.setAccessibleName(f"{title} {advice}")
        self._told = f"{host.label} {host.base_url}\n{title}\n{advice}"
        self.retry.setAccessibleName(self.tr("Retry {host}").format(host=host.label))
        self.wake.setAccessibleName(self.tr("Wake {host}").format(host=host.label))
        self.wake.setVisible(host.mac_address is not None)
        self.wake.setEnabled(host.waking_since is None)
        waking = ""
        if host.waking_since is not None:
            waking = self.tr("Waking for {span}").format(span=span_text(now - host.waking_since.timestamp()))
        self.waking.setText(waking)
        self.last.show_known(known, age_text(known_at, now))

    def _copy(self) -> None:
        self.copy_asked.emit(self._told)


class LastKnown(QWidget):
    """The models that a host was last known to have: as many chips as there is room for, then how many more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.words = ElidedLabel("", "small", "faint", self)
        self.chips = [Chip("", parent=self, mono=True) for _ in range(CHIPS)]
        self.more = label("", "small", "faint", self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for widget in (self.words, *self.chips, self.more):
            line.addWidget(widget)
        line.addStretch(1)
        # As wide as there is room, whatever the chips would like: they are chosen by it.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_known(self, names: Sequence[str], age: str) -> None:
        """Show these names, known so long ago."""
        self.setVisible(bool(names))
        self.words.setText(self.tr("Last known, {age}:").format(age=age) if age else self.tr("Last known:"))
        if tuple(names) != self._names:
            self._names = tuple(names)
            self.setToolTip("\n".join(names[:30]))
        self._choose()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()

    def _choose(self) -> None:
        self.more.setText(self.tr("and {n} more").format(n=len(self._names)))
        room = self.width() - self.words.sizeHint().width() - self.more.sizeHint().width() - 18
        shown = 0
        for at, chip in enumerate(self.chips):
            chip.setText(self._names[at] if at < len(self._names) else "")
            room -= chip.sizeHint().width() + 6
            fits = at < len(self._names) and room >= 0
            chip.setVisible(fits)
            shown += fits
        left = len(self._names) - shown
        text = self.tr("and {n} more") if shown else self.tr("{n} models")
        self.more.setText(text.format(n=left) if left > 0 else "")


class KeyColumn(QWidget):
    """Where to give a host's key. What is typed stays through news of the host and is cleared when it is sent."""

    key_given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = _words(self)
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setFixedWidth(260)
        self.save = Button(self.tr("Save and test"), "primary", self, on_click=self._give)
        self.field.returnPressed.connect(self._give)
        self.field.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self.save.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addWidget(Flow(self.field, self.save, parent=self))
        column.addStretch(1)

    def show_host(self, host: Host) -> None:
        """Ask for the key of this host."""
        title, advice = remedy(host)
        self.words.setText(rich(title, advice))
        name = self.tr("API key of {host}").format(host=host.label)
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)

    def _give(self) -> None:
        key = self.field.text().strip()
        if key:
            self.field.clear()
            self.key_given.emit(key)


def _words(parent: QWidget) -> QLabel:
    words = QLabel(parent)
    words.setTextFormat(Qt.TextFormat.RichText)
    words.setWordWrap(True)
    words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return words
