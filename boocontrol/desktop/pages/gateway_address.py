"""The first card of the Gateway page: the address, how it stands, start and stop, and a port that is taken."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from boocontrol.desktop.dialogs.confirm import confirm_stop
from boocontrol.desktop.dialogs.fields import hint_label
from boocontrol.desktop.dialogs.gateway_elsewhere import ElsewhereDialog
from boocontrol.desktop.dialogs.notice import Action, Notice
from boocontrol.desktop.elsewhere import Elsewhere
from boocontrol.desktop.pages.gateway_words import allowed, standing, why_not
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import PortTaken, Supervisor
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tokens import step_px
from boocontrol.desktop.widgets import Button, Card, CopyButton, StateShape, details_of, label

Work = Callable[[], Coroutine[Any, Any, None]]


class AddressCard(Card):
    """The endpoint. What would cut running requests asks first."""

    def __init__(
        self,
        stores: Stores,
        supervisor: Supervisor,
        parent: QWidget | None = None,
        *,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._stores = stores
        self._supervisor = supervisor
        self._elsewhere = elsewhere
        self._make()
        self._lay_out()
        self.start.clicked.connect(lambda: supervisor.start())
        self.stop.clicked.connect(lambda: self._asking(supervisor.stop))
        self.restart.clicked.connect(lambda: self._asking(supervisor.restart))
        self.usual.clicked.connect(self._use_usual)
        self.another.clicked.connect(lambda: self._asking(self._choose_another))
        self.here.clicked.connect(self._use_this_computers)
        for source in (supervisor, stores.connection, stores.status, elsewhere):
            if source is not None:
                source.changed.connect(self.refresh)
        self.refresh()

    @property
    def base_url(self) -> str:
        """The address with /v1: of the gateway that is there, else as last known."""
        gateway, status = self._stores.connection.gateway, self._stores.status.status
        url = gateway.url if gateway else status.url if status else ""
        return f"{url.rstrip('/')}/v1" if url else ""

    def refresh(self) -> None:
        """Show how it stands now."""
        state = self._supervisor.state
        now = standing(state, self._stores.connection, self._stores.status.status)
        self._shape.set_state(now.shape)
        self.word.setText(now.word)
        self._detail.setText(now.detail)
        url = self.base_url
        self.address.setText(url or self.tr("No address yet"))
        self.copy.setEnabled(bool(url))
        may = allowed(state)
        # A port that is taken has its own main button, in the notice.
        self.start.setVisible(may.start and not isinstance(self._supervisor.problem, PortTaken))
        self.stop.setVisible(may.stop)
        self.restart.setVisible(may.restart)
        self._others.setText(why_not(state))
        self._others.setVisible(bool(why_not(state)))
        self.another.setVisible(self._elsewhere is not None)
        self.here.setVisible(self._elsewhere is not None and state == "remote")
        self._show_chosen()
        self._show_problem()

    def _show_chosen(self) -> None:
        """A port that was chosen here is used until it is given back."""
        port = self._supervisor.port if self._supervisor.state not in ("attached", "remote") else None
        words = self.tr("Port %1 was chosen in place of the usual one, and is kept for the next start.")
        self._port.setText(words.replace("%1", str(port)))
        self._port.setVisible(port is not None)
        self.usual.setVisible(port is not None)

    def _use_usual(self) -> None:
        if self._supervisor.ours:
            self._asking(self._restart_as_usual)
        else:
            self._supervisor.use_usual_port()

    async def _restart_as_usual(self) -> None:
        self._supervisor.use_usual_port()
        await self._supervisor.restart()

    def _make(self) -> None:
        self._shape = StateShape("stopped", 16, self)
        self.word = label("", "section", parent=self)
        self._detail = hint_label(self)
        self._detail.setWordWrap(False)
        self.address = label("", "mono", parent=self)
        px = step_px("title", QFontInfo(self.font()).pixelSize())
        self.address.setStyleSheet(f"font-size: {px}px")
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.address.setTextInteractionFlags(flags)
        self.address.setAccessibleName(self.tr("Address of the gateway"))
        self.copy = CopyButton(lambda: self.base_url, self.tr("Copy"), self)
        self.start = Button(self.tr("Start"), "primary", self, icon="power")
        self.stop = Button(self.tr("Stop"), parent=self, icon="power")
        self.restart = Button(self.tr("Restart"), parent=self, icon="refresh")
        self._others = hint_label(self)
        self.here = Button(self.tr("Use the one of this computer"), "quiet", self, small=True)
        self.another = Button(self.tr("Another gateway…"), "quiet", self, small=True)
        self._port = hint_label(self)
        self.usual = Button(self.tr("Use the usual port"), "quiet", self, small=True)
        self._about = hint_label(self)
        self._about.setText(
            self.tr(
                "One OpenAI-compatible address for all hosts. A model is called host/model, or any/model for where it "
                "is warm."
            )
        )
        self.notice = Notice(self)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._shape)
        head.addWidget(self.word)
        head.addWidget(self._detail, 1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.address)
        line.addWidget(self.copy)
        line.addStretch(1)
        for button in (self.restart, self.stop, self.start):
            line.addWidget(button)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(line)
        column.addWidget(self._about)
        column.addWidget(self._others)
        others = QHBoxLayout()
        others.setSpacing(8)
        others.addStretch(1)
        others.addWidget(self.here)
        others.addWidget(self.another)
        column.addLayout(others)
        chosen = QHBoxLayout()
        chosen.setSpacing(8)
        chosen.addWidget(self._port, 1)
        chosen.addWidget(self.usual)
        column.addLayout(chosen)
        column.addWidget(self.notice)
        self.add(column)

    # --- what went wrong ---

    def _show_problem(self) -> None:
        unkept = self._elsewhere.unkept if self._elsewhere is not None else None
        problem = self._supervisor.problem or self._stores.connection.problem or unkept
        if problem is None:
            self.notice.hide()
        elif isinstance(problem, PortTaken):
            self._show_port(problem)
        else:
            self.notice.tell("degraded", problem.title, problem.advice, details=details_of(problem))

    def _show_port(self, problem: PortTaken) -> None:
        """Says by whom, and offers another: nothing else has to be looked up."""
        words = [problem.advice]
        if problem.holder and problem.holder not in problem.title:
            words.insert(0, self.tr("It is used by %1.").replace("%1", problem.holder))
        actions: list[Action] = []
        if problem.free:
            words.append(self.tr("opencode must then be written again."))
            free = problem.free
            use = self.tr("Use %1").replace("%1", str(free))
            actions.append((use, lambda: self._supervisor.start(port=free)))
        actions.append((self.tr("Try again"), self._supervisor.start))
        advice = " ".join(part for part in words if part)
        self.notice.tell(
            "down", problem.title, advice, actions, details=details_of(problem), primary=bool(problem.free)
        )

    async def _choose_another(self) -> None:
        if self._elsewhere is not None:
            dialog = ElsewhereDialog(self._elsewhere.use, self._elsewhere.address, self)
            dialog.open()

    def _use_this_computers(self) -> None:
        if self._elsewhere is not None:
            spawn(self, self._elsewhere.leave(), self.notice.tell_error)

    def _asking(self, work: Work) -> None:
        spawn(self, self._ask(work), self.notice.tell_error)

    async def _ask(self, work: Work) -> None:
        running = await self._supervisor.requests()
        if not running:
            await work()
            return
        question = confirm_stop(running, self)
        question.accepted.connect(lambda: spawn(self, work(), self.notice.tell_error))
        question.open()
