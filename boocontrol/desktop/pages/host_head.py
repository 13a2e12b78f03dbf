"""The head of a host's page: the way back, what the host is and how it does, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from boocontrol.core.api import Host
from boocontrol.desktop.itemmodels.host_words import age_line, host_word, requests_text, was
from boocontrol.desktop.tokens import GAP, HEAD
from boocontrol.desktop.widgets.actions import Actions
from boocontrol.desktop.widgets.buttons import Button, IconButton
from boocontrol.desktop.widgets.cards import Picture
from boocontrol.desktop.widgets.labels import ElidedLabel, label, set_tone
from boocontrol.desktop.widgets.state_shape import StateShape, state_tone

LIVE_S = 5.0


class HostHead(QWidget):
    """Signals say what was asked for."""

    back_asked = Signal()
    web_asked = Signal()
    pause_asked = Signal()
    edit_asked = Signal()
    menu_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEAD)
        self.back = Button(self.tr("Fleet"), "quiet", self, small=True, on_click=self.back_asked.emit)
        self.back.setProperty("part", "crumb")
        self.back.setToolTip(self.tr("Back to the fleet (Alt+Left)"))
        self.shape = StateShape("checking", 18, self)
        self.title = ElidedLabel("", "title", parent=self)
        self.word = label("", tone="muted", parent=self)
        self.word.setProperty("strong", True)
        self.subline = ElidedLabel("", tone="muted", parent=self)
        self.web = Button(self.tr("Open web UI"), parent=self, icon="link", on_click=self.web_asked.emit)
        self.pause = Button(self.tr("Pause"), parent=self, icon="pause", on_click=self.pause_asked.emit)
        self.edit = Button(self.tr("Edit"), parent=self, icon="edit", on_click=self.edit_asked.emit)
        self.more = IconButton("more", self.tr("More actions"), self, size=32, framed=True)
        self.more.clicked.connect(self.menu_asked)
        self.row = Actions(self)
        self.row.set_actions((self.web, self.pause, self.edit, self.more))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GAP)
        line.addWidget(self.back)
        line.addWidget(Picture("right", 12, "faint", self))
        line.addWidget(self.shape)
        line.addWidget(self.title)
        line.addWidget(self.word)
        line.addWidget(self.subline, 1)
        line.addWidget(self.row)

    def show_host(self, host: Host, now: float, *, stale: bool) -> None:
        """Show this host."""
        calm = stale and host.state in ("up", "busy", "degraded")
        often = host.state == "down" and host.often_off
        self.shape.set_state("unknown" if calm else ("down_often_off" if often else host.state))
        self.title.setText(host.label)
        word = host_word(host.state)
        self.word.setText(was(host.state) if stale else word)
        set_tone(self.word, "faint" if stale else ("muted" if often else state_tone(host.state)))
        live = host.as_of is not None and now - host.as_of.timestamp() < LIVE_S and not stale
        runs = requests_text(host.in_flight, host) if host.state in ("up", "busy", "degraded") and not stale else ""
        self.subline.setText(" · ".join(p for p in (runs, age_line(host, now, live)) if p))
        self.pause.setText(self.tr("Pause") if host.enabled else self.tr("Resume"))
        self.pause.set_icon("pause" if host.enabled else "load")
