"""Why a host cannot be used, and the remedy: try again, wake it, or give its key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from boocontrol.core.api import Host
from boocontrol.desktop.pages.fleet_middle import KeyColumn, ProblemColumn
from boocontrol.desktop.widgets.cards import Card


class TroubleCard(Card):
    """There only while a host is down or wants a key. What is typed stays through news of the host."""

    retry_asked = Signal()
    wake_asked = Signal()
    copy_asked = Signal(str)
    key_given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._of = ""
        self.problem, self.key = ProblemColumn(self), KeyColumn(self)
        self.add(self.problem)
        self.add(self.key)
        self.problem.retry_asked.connect(self.retry_asked)
        self.problem.wake_asked.connect(self.wake_asked)
        self.problem.copy_asked.connect(self.copy_asked)
        self.key.key_given.connect(self.key_given)
        self.hide()

    def show_host(self, host: Host, known: Sequence[str], known_at: float | None, now: float) -> None:
        """Show what is wrong with this host, if anything is."""
        if host.id != self._of:
            self._of = host.id
            self.key.field.clear()
        self.setVisible(host.state in ("down", "needs_key"))
        self.problem.setVisible(host.state == "down")
        self.key.setVisible(host.state == "needs_key")
        if host.state == "down":
            self.problem.show_host(host, known, known_at, now)
        elif host.state == "needs_key":
            self.key.show_host(host)
