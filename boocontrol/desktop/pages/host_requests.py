"""The card of a host's requests: those that run, with a way to end them, then the last that ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from boocontrol.core.activity import RUNNING, ActivityRow
from boocontrol.desktop.itemmodels.ages import clock_time, exact_time
from boocontrol.desktop.itemmodels.host_figures import number, speed_text
from boocontrol.desktop.itemmodels.host_words import who_text
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.tokens import ROW, grown
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.cards import Card, Picture
from boocontrol.desktop.widgets.labels import ElidedLabel, label, set_tone

MOST = 8
CLIENT, TOOK, END = 130, 64, 96
_PICTURES = {RUNNING: "ready", "ok": "check", "client_left": "stop", "cancelled": "stop", "cut": "degraded"}
_TONES = {"ready": "accenttext", "check": "muted", "stop": "muted"}


class RequestsCard(Card):
    """`cancel_asked` gives the id of a request, `all_asked` wants the page of all activity."""

    cancel_asked = Signal(str)
    all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, padded=False)
        self.rows: list[RequestRow] = []
        self.count = label("", tone="muted", parent=self)
        self.all = Button(self.tr("All activity"), "quiet", self, small=True, flush="right")
        self.all.clicked.connect(lambda _checked=False: self.all_asked.emit())
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(8)
        head.addWidget(label(self.tr("Requests"), "section", parent=self))
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.all)
        self.body.setSpacing(0)
        self.add(head)
        self.nothing = label(self.tr("Nothing ran on this host yet."), tone="muted", parent=self)
        self.nothing.setContentsMargins(16, 4, 16, 12)
        self.add(self.nothing)

    def show_rows(
        self, running: Sequence[ActivityRow], ended: Sequence[ActivityRow], now: float, *, in_flight: int, stale: bool
    ) -> None:
        """Show these: running the oldest first, ended the newest first. `in_flight` of them are told of."""
        shown = [*running[:MOST], *ended][: max(MOST, min(len(running), MOST))]
        while len(self.rows) < len(shown):
            row = RequestRow(self)
            row.cancel_asked.connect(self.cancel_asked)
            self.rows.append(row)
            self.add(row)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(shown))
            if at < len(shown):
                row.show_row(shown[at], now, stale=stale)
        total = max(len(running), in_flight)
        self.count.setText(self.tr("{n} now").format(n=total) if total and not stale else "")
        self.nothing.setVisible(not shown)


class RequestRow(QFrame):
    """One request."""

    cancel_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._id = ""
        self.setProperty("part", "row")
        self.setMinimumHeight(ROW)
        self.picture = Picture("check", 14, "muted", self)
        self.model = ElidedLabel("", "mono", parent=self, mode=Qt.TextElideMode.ElideMiddle)
        self.client = ElidedLabel("", parent=self)
        self.client.setFixedWidth(CLIENT)
        self.words = ElidedLabel("", "small", "muted", self)
        self.took = label("", "small", parent=self)
        self.took.setFixedWidth(TOOK)
        self.took.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.time = label("", "small", "muted", self)
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.cancel = Button(
            self.tr("Cancel"), "quiet", self, small=True, on_click=lambda: self.cancel_asked.emit(self._id)
        )
        end = QWidget(self)
        end.setFixedWidth(grown(END, self.font()))
        place = QHBoxLayout(end)
        place.setContentsMargins(0, 0, 0, 0)
        place.addStretch(1)
        place.addWidget(self.time)
        place.addWidget(self.cancel)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(self.picture)
        line.addWidget(self.model, 1)
        line.addWidget(self.client)
        line.addWidget(self.words, 1)
        line.addWidget(self.took)
        line.addWidget(end)

    def show_row(self, row: ActivityRow, now: float, *, stale: bool) -> None:
        """Show this request."""
        runs = row.outcome == RUNNING
        self._id = row.id
        picture = _PICTURES.get(row.outcome, "state:down")
        self.picture.set_picture(picture, _TONES.get(picture, "warn"))
        self.model.setText(row.ref.partition("/")[2] or row.requested)
        self.client.setText(row.agent or row.client or self.tr("unknown"))
        words = outcome_words(row)
        self.words.setText(words)
        began = row.time.timestamp()
        self.took.setText(_seconds(now - began if runs else row.duration_ms / 1000))
        self.cancel.setVisible(runs and not stale)
        self.cancel.setAccessibleName(self.tr("Cancel the request of {client}").format(client=self.client.text()))
        self.time.setVisible(not runs)
        self.time.setText(clock_time(row.time))
        self.time.setToolTip(exact_time(row.time))
        for part in (self.model, self.client, self.took):
            set_tone(part, "text" if runs and not stale else "muted")
        self.setAccessibleName(f"{self.model.text()}, {self.client.text()}, {words}")


def outcome_words(row: ActivityRow) -> str:
    """How far a request has come, or how it ended."""
    if row.outcome == RUNNING:
        return _tr("answering") if row.ttft_ms is not None else _tr("waits for the first token")
    if row.outcome != "ok":
        ended = {
            "client_left": _tr("the client left"),
            "cancelled": _tr("cancelled"),
            "cut": _tr("cut off"),
            "refused": _tr("refused"),
        }
        words = ended.get(row.outcome, row.outcome.replace("_", " "))
        return _tr("{words} by {who}").format(words=words, who=who_text(row.ended_by)) if row.ended_by else words
    if row.output_tokens:
        tokens = _tr("{n} tokens").format(n=digits(row.output_tokens))
        return ", ".join(part for part in (tokens, speed_text(row.output_tokens_per_second)) if part)
    return _tr("{n} prompt tokens").format(n=digits(row.prompt_tokens)) if row.prompt_tokens else _tr("done")


def _seconds(seconds: float) -> str:
    if seconds >= 100:
        return _tr("{n} min").format(n=number(seconds / 60))
    return _tr("{n} s").format(n=digits(max(0.0, seconds), 2 if seconds < 1 else 1))


def newest_first(rows: Sequence[ActivityRow]) -> list[ActivityRow]:
    """Each once, the newest first."""
    known = {row.id: row for row in rows}
    return sorted(known.values(), key=_time, reverse=True)


def _time(row: ActivityRow) -> datetime:
    return row.time
