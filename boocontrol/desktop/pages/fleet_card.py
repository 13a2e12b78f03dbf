"""A host's card: who and why, what is loaded or what is wrong, health and requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.core.api import HealthCheck, Host
from boocontrol.core.catalog import ModelEntry
from boocontrol.core.errors import BooError
from boocontrol.desktop.itemmodels.ages import age_text, exact_time
from boocontrol.desktop.itemmodels.host_words import age_line, host_word, requests_text, spoken, why_lines
from boocontrol.desktop.itemmodels.hosts import host_mime
from boocontrol.desktop.pages.fleet_middle import KeyColumn, LoadedColumn, ProblemColumn
from boocontrol.desktop.widgets.buttons import IconButton
from boocontrol.desktop.widgets.gauges import Tick, TickBar
from boocontrol.desktop.widgets.labels import ElidedLabel, label, set_tone
from boocontrol.desktop.widgets.state_shape import StateShape, state_tone

TICKS = 48
TICKS_NARROW = 24
LIVE_S = 5.0
WHO_WIDTH = 240
HEIGHT = 118


@dataclass(frozen=True)
class CardValue:
    """All that a card shows. `now` is seconds of the epoch."""

    host: Host
    now: float
    stale: bool = False
    default: bool = False
    entries: Mapping[str, ModelEntry] = field(default_factory=dict)
    known_at: float | None = None
    checks: tuple[HealthCheck, ...] = ()
    note: BooError | str | None = None


class HostCard(QFrame):
    """Signals carry the host's id."""

    open_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    test_asked = Signal(str)
    key_given = Signal(str, str)
    move_asked = Signal(str, int)  # by keyboard: one up (-1) or one down (+1)
    note_dismissed = Signal(str)

    def __init__(self, host_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host_id = host_id
        self._pressed: QPoint | None = None
        self._ticks = TICKS
        self._checks: Sequence[HealthCheck] = ()
        self._often_off = False
        self.setProperty("part", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(max(HEIGHT, round(HEIGHT * self.fontMetrics().height() / 16)))
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        self.shape = StateShape("checking", 18, self)
        self.name = ElidedLabel("", "name", parent=self)
        self.word = label("", tone="muted", parent=self)
        self.address = ElidedLabel("", "mono", "muted", self)
        self.why = ElidedLabel("", "small", "muted", self)
        self.how = ElidedLabel("", "small", "muted", self)
        self.loaded = LoadedColumn(self)
        self.problem = ProblemColumn(self)
        self.key = KeyColumn(self)
        self.note = ElidedLabel("", "small", "muted", self)
        self.drop_note = IconButton("close", self.tr("Dismiss"), self, size=20)
        self.health = TickBar(parent=self)
        self.uptime = label("", "small", "muted", self)
        self.age = label("", "small", "muted", self)
        self.requests = label("", "small", "muted", self)
        self.more = IconButton("more", self.tr("More actions"), self, on_click=self._menu_below)
        self.open = IconButton("right", self.tr("Open"), self, on_click=lambda: self.open_asked.emit(self.host_id))
        self.middle = QStackedWidget(self)
        for part in (self.loaded, self.problem, self.key):
            self.middle.addWidget(part)
        self.problem.retry_asked.connect(lambda: self.test_asked.emit(self.host_id))
        self.key.key_given.connect(lambda key: self.key_given.emit(self.host_id, key))
        self.drop_note.clicked.connect(lambda: self.note_dismissed.emit(self.host_id))

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 12, 12, 12)
        line.setSpacing(16)
        line.addLayout(self._who())
        middle = QVBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(self.middle, 1)
        middle.addLayout(_row(self.note, self.drop_note, stretch=0))
        line.addLayout(middle, 1)
        line.addLayout(self._health())
        buttons = QVBoxLayout()
        buttons.addWidget(self.more)
        buttons.addStretch(1)
        buttons.addWidget(self.open)
        line.addLayout(buttons)

    def _who(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(_row(self.name, self.word, QWidget(self), stretch=2))
        words.addWidget(self.address)
        words.addSpacing(4)
        words.addWidget(self.why)
        words.addWidget(self.how)
        words.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.shape, 0, Qt.AlignmentFlag.AlignTop)
        box = QWidget(self)
        box.setFixedWidth(WHO_WIDTH - 28)
        words.setContentsMargins(0, 0, 0, 0)
        box.setLayout(words)
        line.addWidget(box)
        return line

    def _health(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.health)
        column.addLayout(_row(self.uptime, QWidget(self), self.age, stretch=1))
        column.addStretch(1)
        column.addLayout(_row(self.requests, QWidget(self), stretch=1))
        return column

    # --- showing ---

    def show_value(self, value: CardValue) -> None:
        """Show this. What is typed and what has the focus stay."""
        host, old = value.host, value.stale
        often = host.state == "down" and host.often_off
        calm = old and host.state in ("up", "busy", "degraded")
        self.shape.set_state("unknown" if calm else ("down_often_off" if often else host.state))
        self.name.setText(host.label)
        word = host_word(host.state)
        self.word.setText(self.tr("was {state}").format(state=word.lower()) if old else word)
        set_tone(self.word, "faint" if old else ("muted" if often else state_tone(host.state)))
        set_tone(self.name, "faint" if old else "text")
        for words in (self.address, self.why, self.how):
            set_tone(words, "faint" if old else "muted")
        self.address.setText(host.base_url.removeprefix("http://"))
        self.address.setToolTip(host.base_url)
        why, how = why_lines(host, value.now)
        self.why.setText(why)
        self.how.setText(" · ".join(p for p in (how, self.tr("default") if value.default else "") if p))
        self.setAccessibleName(spoken(host, value.now))
        self._show_middle(value)
        self._show_note(value.note)
        self._show_health(value)

    def _show_middle(self, value: CardValue) -> None:
        host = value.host
        if host.state == "needs_key":
            self.key.show_host(host)
            self.middle.setCurrentWidget(self.key)
        elif host.state == "down":
            known = [entry.wire_id for entry in value.entries.values()]
            self.problem.show_host(host, known, age_text(value.known_at, value.now))
            self.middle.setCurrentWidget(self.problem)
        else:
            stale = value.stale or host.state in ("paused", "checking")
            self.loaded.show_host(host, value.entries, stale=stale)
            self.middle.setCurrentWidget(self.loaded)

    def _show_note(self, note: BooError | str | None) -> None:
        self.note.setVisible(note is not None)
        self.drop_note.setVisible(note is not None)
        if note is not None:
            text = str(note)
            self.note.setText(text)
            self.note.setToolTip(text)
            set_tone(self.note, "warn" if isinstance(note, BooError) else "muted")

    def _show_health(self, value: CardValue) -> None:
        host = value.host
        self._checks, self._often_off = value.checks, host.often_off
        self._show_ticks()
        done = value.checks[-TICKS:]
        good = sum(check.outcome == "ok" for check in done)
        uptime = self.tr("{n} % up").format(n=f"{100 * good / len(done):.3g}") if good else self.tr("no uptime yet")
        self.uptime.setText(uptime if done else "")
        live = host.as_of is not None and value.now - host.as_of.timestamp() < LIVE_S and not value.stale
        self.age.setText(age_line(host, value.now, live))
        self.age.setToolTip(exact_time(host.as_of))
        set_tone(self.age, "faint" if value.stale else "muted")
        known = host.state in ("up", "busy", "degraded") and not value.stale
        self.requests.setText(requests_text(host.in_flight) if known else self.tr("Requests unknown"))
        set_tone(self.requests, "text" if known and host.in_flight else "faint")

    def set_narrow(self, narrow: bool) -> None:
        """Half of the ticks where there is little room."""
        wanted = TICKS_NARROW if narrow else TICKS
        if wanted != self._ticks:
            self._ticks = wanted
            self._show_ticks()

    def _show_ticks(self) -> None:
        self.health.setFixedWidth(self._ticks * 4)
        self.health.set_value(ticks_of(self._checks, self._ticks, often_off=self._often_off))

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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumHeight(max(HEIGHT, round(HEIGHT * self.fontMetrics().height() / 16)))

    def minimumSizeHint(self) -> QSize:
        return QSize(600, super().minimumSizeHint().height())


def ticks_of(checks: Sequence[HealthCheck], count: int, *, often_off: bool) -> list[Tick]:
    """The last checks as ticks, those that were not made first."""
    done: list[Tick] = []
    for check in checks[-count:]:
        if check.outcome != "ok":
            done.append("failed_often_off" if often_off else "failed")
        else:
            done.append("slow" if check.state == "degraded" else "good")
    blank: list[Tick] = ["unchecked"] * (count - len(done))
    return blank + done


def _row(*widgets: QWidget, stretch: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for at, widget in enumerate(widgets):
        row.addWidget(widget, 1 if at == stretch else 0)
    return row
