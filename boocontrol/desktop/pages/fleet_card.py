"""A host's card: who and why, what is loaded or what is wrong, GPUs, health and requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.core.api import HealthCheck, Host
from boocontrol.core.catalog import ModelEntry
from boocontrol.core.errors import BooError
from boocontrol.desktop.itemmodels.host_words import host_word, spoken, was, why_lines
from boocontrol.desktop.itemmodels.hosts import host_mime
from boocontrol.desktop.pages.fleet_gpu import GpuColumn
from boocontrol.desktop.pages.fleet_health import HealthColumn
from boocontrol.desktop.pages.fleet_loaded import Live, LoadedColumn
from boocontrol.desktop.pages.fleet_middle import KeyColumn, ProblemColumn
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets.buttons import IconButton
from boocontrol.desktop.widgets.labels import ElidedLabel, FewLines, label, set_tone
from boocontrol.desktop.widgets.state_shape import StateShape, state_tone

WHO_WIDTH = 240
WHO_NARROW = 204
HEIGHT = 118


@dataclass(frozen=True)
class CardValue:
    """All that a card shows. `now` is seconds of the epoch, `rate` and `line` are output tokens a second."""

    host: Host
    now: float
    stale: bool = False
    default: bool = False
    entries: Mapping[str, ModelEntry] = field(default_factory=dict)
    known_at: float | None = None
    checks: tuple[HealthCheck, ...] = ()
    note: BooError | str | None = None
    live: Live = field(default_factory=Live)
    rate: float | None = None
    line: tuple[float, ...] = ()
    asked_by: str = ""


class HostCard(QFrame):
    """Signals carry the host's id."""

    open_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    test_asked = Signal(str)
    wake_asked = Signal(str)
    key_given = Signal(str, str)
    move_asked = Signal(str, int)  # by keyboard: one up (-1) or one down (+1)
    note_dismissed = Signal(str)
    cancel_asked = Signal(str)  # the ref of a model that is starting
    copy_asked = Signal(str)

    def __init__(self, host_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host_id = host_id
        self._pressed: QPoint | None = None
        self._narrow = False
        self._value: CardValue | None = None
        self.setProperty("part", "card")
        self.setProperty("ring", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._make_parts()
        self._lay_out()
        self._grow()

    def _make_parts(self) -> None:
        self.shape = StateShape("checking", 18, self)
        self.name = ElidedLabel("", "name", parent=self)
        self.word = label("", tone="muted", parent=self)
        self.word.setProperty("strong", True)
        self.address = ElidedLabel("", "mono", "muted", self)
        self.why = FewLines("", "small", "muted", self)
        self.how = ElidedLabel("", "small", "muted", self)
        self.note = FewLines("", "small", "muted", self, lines=3)
        self.drop_note = IconButton("close", self.tr("Dismiss"), self, size=20)
        self.gpu = GpuColumn(self)
        self.seen = HealthColumn(self)
        self.more = IconButton("more", self.tr("More actions"), self, on_click=self._menu_below)
        self.open = IconButton("right", self.tr("Open"), self, on_click=lambda: self.open_asked.emit(self.host_id))
        self.middle = _Middle(self)
        self.drop_note.clicked.connect(lambda: self.note_dismissed.emit(self.host_id))

    # One of these stands in the middle. Each is made when it is first shown: together they are half of a card.

    @cached_property
    def loaded(self) -> LoadedColumn:
        """What is in memory."""
        made = LoadedColumn(self)
        made.cancel_asked.connect(self.cancel_asked)
        self._into_middle(made)
        return made

    @cached_property
    def problem(self) -> ProblemColumn:
        """What is wrong and what to do."""
        made = ProblemColumn(self)
        made.retry_asked.connect(lambda: self.test_asked.emit(self.host_id))
        made.wake_asked.connect(lambda: self.wake_asked.emit(self.host_id))
        made.copy_asked.connect(self.copy_asked)
        self._into_middle(made)
        return made

    @cached_property
    def key(self) -> KeyColumn:
        """Where to give the key."""
        made = KeyColumn(self)
        made.key_given.connect(lambda key: self.key_given.emit(self.host_id, key))
        self._into_middle(made)
        return made

    def _into_middle(self, column: QWidget) -> None:
        """What comes late would be last of the whole window for the Tab key: here it follows the card."""
        self.middle.addWidget(column)
        before: QWidget = self
        for part in column.findChildren(QWidget):
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, part)
                before = part

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 12, 12, 12)
        line.setSpacing(16)
        line.addLayout(self._who())
        middle = QVBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(self.middle, 1)
        noted = QHBoxLayout()
        noted.setSpacing(8)
        noted.addWidget(self.note, 1)
        noted.addWidget(self.drop_note)
        middle.addLayout(noted)
        line.addLayout(middle, 1)
        line.addSpacing(8)
        line.addWidget(self.gpu)
        line.addSpacing(8)
        line.addWidget(self.seen)
        buttons = QVBoxLayout()
        buttons.addWidget(self.more)
        buttons.addStretch(1)
        buttons.addWidget(self.open)
        line.addLayout(buttons)

    def _who(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(self.name)
        name.addWidget(self.word)
        name.addStretch(1)
        words.addLayout(name)
        words.addWidget(self.address)
        words.addSpacing(4)
        words.addWidget(self.why)
        words.addWidget(self.how)
        words.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.shape, 0, Qt.AlignmentFlag.AlignTop)
        box = self._who_box = QWidget(self)
        box.setFixedWidth(grown(WHO_WIDTH - 28, self.font()))
        words.setContentsMargins(0, 0, 0, 0)
        box.setLayout(words)
        line.addWidget(box)
        return line

    # --- showing ---

    def is_in_state(self, host: Host) -> bool:
        """Whether the host is in the state that is shown."""
        return self._value is not None and self._value.host.state == host.state

    def shows(self, value: CardValue) -> bool:
        """Whether this is what it shows, but for what time alone makes of it."""
        shown = self._value
        return shown is not None and replace(value, now=shown.now, line=shown.line) == shown

    def show_value(self, value: CardValue) -> None:
        """Show this. What is typed and what has the focus stay."""
        self._value = value
        host, old = value.host, value.stale
        often = host.state == "down" and host.often_off
        calm = old and host.state in ("up", "busy", "degraded")
        self.shape.set_state("unknown" if calm else ("down_often_off" if often else host.state))
        self.name.setText(host.label)
        word = host_word(host.state)
        self.word.setText(was(host.state) if old else word)
        set_tone(self.word, "faint" if old else ("muted" if often else state_tone(host.state)))
        set_tone(self.name, "faint" if old else "text")
        for words in (self.address, self.why, self.how):
            set_tone(words, "faint" if old else "muted")
        self.address.setText(host.base_url.removeprefix("http://"))
        self.address.setToolTip(host.base_url)
        why, how = why_lines(host, value.now, asked_by=value.asked_by, checks=value.checks, stale=old)
        self.why.setText(why)
        self.why.setToolTip(why)
        default = (self.tr("default") if how else self.tr("default host")) if value.default else ""
        self.how.setText(" · ".join(p for p in (how, default) if p))
        self.setAccessibleName(spoken(host, value.now))
        self._show_middle(value)
        self._show_note(value.note)
        self.seen.show_host(host, value.now, value.checks, stale=old, rate=value.rate, line=value.line)

    def _show_middle(self, value: CardValue) -> None:
        host = value.host
        shown: QWidget
        if host.state == "needs_key":
            self.key.show_host(host)
            shown = self.key
        elif host.state == "down":
            known = [entry.wire_id for entry in value.entries.values()]
            self.problem.show_host(host, known, value.known_at, value.now)
            shown = self.problem
        else:
            stale = value.stale or host.state in ("paused", "checking")
            shown = self.loaded
            self.loaded.show_host(host, value.entries, value.live, value.now, stale=stale)
            self.gpu.show_host(host, stale=stale)
        self.middle.setCurrentWidget(shown)
        self.middle.fit()
        self.gpu.setVisible(isinstance(shown, LoadedColumn) and not self._narrow)

    def _show_note(self, note: BooError | str | None) -> None:
        self.note.setVisible(note is not None)
        self.drop_note.setVisible(note is not None)
        if note is not None:
            text = str(note)
            self.note.setText(text)
            self.note.setToolTip(text)
            set_tone(self.note, "warn" if isinstance(note, BooError) else "muted")

    def set_narrow(self, narrow: bool) -> None:
        """The GPUs go first where there is little room, then half of the ticks."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.seen.set_narrow(narrow)
            self._who_box.setFixedWidth(grown((WHO_NARROW if narrow else WHO_WIDTH) - 28, self.font()))
            self.gpu.setVisible(isinstance(self.middle.currentWidget(), LoadedColumn) and not narrow)

    # --- pointer and keys ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough from where it was pressed, the card is taken along."""
        if self._pressed is None:
            return
        gone = event.position().toPoint() - self._pressed
        if gone.manhattanLength() >= QApplication.startDragDistance():
            place, self._pressed = self._pressed, None
            drag = QDrag(self)
            drag.setMimeData(host_mime(self.host_id))
            drag.setPixmap(self.grab())
            drag.setHotSpot(place)
            drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.open_asked.emit(self.host_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(self.host_id, 1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_asked.emit(self.host_id)
        elif key == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif key == Qt.Key.Key_Down:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(self.host_id, event.globalPos())

    def _menu_below(self) -> None:
        self.menu_asked.emit(self.host_id, self.more.mapToGlobal(QPoint(0, self.more.height())))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._grow()
        return super().event(event)

    def _grow(self) -> None:
        """As high as its words are at this width; most fit into the usual height."""
        inside = self.layout()
        words = inside.minimumSize().height() if inside is not None and self.isVisible() else 0
        high = max(HEIGHT, round(HEIGHT * self.fontMetrics().height() / 16), words)
        if high != self.minimumHeight():
            self.setMinimumHeight(high)

    def minimumSizeHint(self) -> QSize:
        return QSize(600, super().minimumSizeHint().height())


class _Middle(QStackedWidget):
    """As high as what it shows at its real width: a wrapped label alone guesses a narrow one."""

    _asked_for = -1

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        if shown is None:
            return super().minimumSizeHint()
        wraps = shown.hasHeightForWidth() and self.width() > 0
        return QSize(0, shown.heightForWidth(self.width()) if wraps else shown.minimumSizeHint().height())

    def fit(self) -> None:
        """Ask for another height where what is shown takes one: a button more may take a line more."""
        wanted = self.minimumSizeHint().height()
        if wanted != self._asked_for:
            self._asked_for = wanted
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()
