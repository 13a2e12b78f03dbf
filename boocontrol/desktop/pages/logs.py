"""The page Logs: follow the proxy, the models or one model of any hosts; look for something; save what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.core.api import Host
from boocontrol.core.files import write_atomic
from boocontrol.desktop.itemmodels.ages import clock_time
from boocontrol.desktop.pages.logs_choice import HostName, LogControls
from boocontrol.desktop.pages.logs_desk import LogsDesk
from boocontrol.desktop.pages.logs_foot import LogFoot
from boocontrol.desktop.pages.logs_words import Nothing, lines_text, matches_text, nothing, problems_text, size_text
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.logs import Choice
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import digits
from boocontrol.desktop.tokens import GAP, MARGIN
from boocontrol.desktop.widgets.buttons import Button, IconButton
from boocontrol.desktop.widgets.cards import Card, EmptyState, PageHead
from boocontrol.desktop.widgets.log_view import LogView
from boocontrol.desktop.widgets.when_shown import WhenShown

# A page that is out of sight goes on for so long: who looks something up elsewhere comes back to a whole log.
HIDDEN_MS: Final = 5 * 60_000
TOLD_MS: Final = 100


class LogsPage(QWidget):
    """`add_host_asked`: the person wants to add a host, from the empty page."""

    add_host_asked = Signal()

    def __init__(self, stores: Stores, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stores = stores
        self.wrap = IconButton("wrap", self.tr("Wrap long lines"), self, size=32, framed=True)
        self.pause = Button(self.tr("Pause"), parent=self, icon="pause", on_click=self._toggle_pause)
        self.save = Button(self.tr("Save"), parent=self, icon="save", on_click=self._ask_where)
        subline = self.tr("proxy, upstream, or one model of any host")
        self.head = PageHead(self.tr("Logs"), subline, self, actions=(self.wrap, self.pause, self.save))
        self.controls = LogControls(self)
        self.view = LogView(self)
        self.foot = LogFoot(self)
        self.empty = EmptyState("logs", "")
        self._buttons: dict[str, Button] = {}
        self.stack = QStackedWidget(self)
        self.desk = LogsDesk(stores.logs, self.view, self.controls.hosts.label, self)
        self._left = QTimer(self, singleShot=True, interval=HIDDEN_MS)
        self._left_at = 0.0
        self._soon = QTimer(self, singleShot=True, interval=TOLD_MS)
        self._lay_out()
        self._connect()
        self._set_wrap(True)
        self._take()

    # --- for the window ---

    def show_host(self, host: str) -> None:
        """Follow this host."""
        self.controls.hosts.choose([host])

    def show_model(self, ref: str) -> None:
        """Follow one model."""
        host, _, model = ref.partition("/")
        self.controls.hosts.choose([host])
        self.controls.source.choose("model", model)

    def refresh(self) -> None:
        """Follow anew: what hosts have kept is read once more."""
        self._stores.connection.retry()
        self._follow()

    # --- following ---

    def _follow(self, *_: object) -> None:
        hosts = self.controls.hosts.chosen
        source, model = self.controls.source.choice
        self.desk.begin_anew(with_host=len(hosts) > 1)
        if self.isVisible():
            self._stores.logs.follow(Choice(hosts, source, model))
        else:
            self._stores.logs.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._left.stop()
        if not self._stores.logs.following:
            self._follow()
            if self._left_at:
                words = self.tr("— not followed since {time}, this page was out of sight —")
                self.desk.mark(words.format(time=clock_time(self._left_at)))
        self._left_at = 0.0
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._stores.logs.following:
            self._left.start()

    def _forget(self) -> None:
        """Nobody looked for long: follow no more until somebody does."""
        self._left_at = self._stores.connection.now()
        self._stores.logs.stop()

    def _take(self, *_: object) -> None:
        """Hosts and models as they are known now."""
        hosts = [HostName(h.id, h.label) for h in self._stores.fleet.hosts if h.kind == "llama-swap"]
        self.controls.hosts.set_hosts(hosts)
        chosen = self.controls.hosts.chosen
        entries = [p for p in self._stores.catalog.catalog.providers if p.id in chosen]
        models = sorted({m.wire_id for p in entries for m in p.models if m.type == "model"})
        loaded = {m.ref.partition("/")[2] for h in self._stores.fleet.hosts if h.id in chosen for m in h.loaded}
        self.controls.source.set_models(sorted(models, key=lambda m: (m not in loaded, m)))
        self._tell()

    # --- controls ---

    def _look_for(self, pattern: object, only: bool) -> None:
        self.desk.look_for(self.controls.pattern() if pattern is not None else None, only=only)

    def _toggle_pause(self) -> None:
        self.desk.set_paused(not self.desk.paused)

    def _set_wrap(self, on: bool) -> None:
        mode = QPlainTextEdit.LineWrapMode
        self.wrap.setChecked(on)
        self.wrap.set_icon("wrap", "accenttext" if on else "muted")
        at_end = self.view.at_end
        self.view.setLineWrapMode(mode.WidgetWidth if on else mode.NoWrap)
        if at_end:
            self.view.to_end()

    def _to_end(self) -> None:
        self.desk.set_paused(False)
        self.view.to_end()

    def _clear(self) -> None:
        self.desk.clear()
        self._tell()

    # --- saving ---

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the log"), f"{self._file_name()}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("log")
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Write the rows of the view to a file."""
        rows, with_host = list(self.view.rows), self.view.with_host
        text = "".join(f"{row.line(with_host=with_host).rstrip()}\n" for row in rows)
        spawn(self, self._write(path, text, len(rows)), self._not_saved)

    async def _write(self, path: Path, text: str, count: int) -> None:
        await asyncio.to_thread(write_atomic, path, text.encode())
        self.foot.news.setText(self.tr("Saved {lines} to {file}").format(lines=lines_text(count), file=path.name))

    def _not_saved(self, error: Exception) -> None:
        self.foot.news.setText(str(error))

    def _file_name(self) -> str:
        hosts = self.controls.hosts.chosen
        return f"{hosts[0] if len(hosts) == 1 else 'hosts'}.log"

    # --- what is shown ---

    def _tell_soon(self) -> None:
        """Counts change with every slice; they are told a few times a second."""
        if not self._soon.isActive():
            self._soon.start()

    def _tell(self, *_: object) -> None:
        self._soon.stop()
        desk, view = self.desk, self.view
        shape, word = self._state()
        amount = f"{lines_text(len(desk.rows))}, {size_text(desk.size)}" if desk.rows else ""
        scrolled = bool(desk.rows) and not view.at_end
        self.foot.tell(shape, word, amount, problems_text(desk.errors, desk.warnings), end=scrolled)
        self._tell_pause()
        self._tell_matches()
        self.save.setEnabled(bool(view.rows))
        self.foot.clear.setEnabled(bool(desk.rows))
        self._show_what_fits()

    def _state(self) -> tuple[str, str]:
        """Shape and words of the foot."""
        desk, logs = self.desk, self._stores.logs
        waiting = self.tr("{lines} waiting").format(lines=lines_text(desk.waiting)) if desk.waiting else ""
        if desk.paused:
            return "paused", self._joined(self.tr("Paused"), waiting)
        if desk.rows and not self.view.at_end:
            return "paused", self._joined(self.tr("Scrolled up"), waiting)
        if self._stores.connection.state != "connected":
            return "degraded", self.tr("Gateway lost, trying again")
        away = [self.controls.hosts.label(h.id) for h in self._chosen().values() if h.state in ("down", "needs_key")]
        if away:
            return "down", self.tr("Waiting for {hosts}").format(hosts=", ".join(away))
        states = set(logs.states.values())
        if "lost" in states or not states:
            return "checking", self.tr("Trying again") if states else self.tr("Not following")
        if states == {"ended"}:
            return "shutdown", self.tr("Ended")
        return "ready", self.tr("Following")

    def _tell_pause(self) -> None:
        paused = self.desk.paused
        words = self.tr("Pause")
        if paused:
            count = self.desk.waiting
            words = self.tr("Resume ({n})").format(n=digits(count)) if count else self.tr("Resume")
        if self.pause.text() != words:
            self.pause.setText(words)
            self.pause.set_icon("load" if paused else "pause")

    def _tell_matches(self) -> None:
        pattern = self.desk.pattern
        if pattern is None:
            self.controls.say("", problem=False, steps=False)
        elif pattern.error:
            words = self.tr("{fault} (at {n})").format(fault=pattern.error, n=pattern.at + 1)
            self.controls.say(words, problem=True, steps=False)
        elif pattern.given_up:
            words = self.tr("takes too long on {lines}").format(lines=lines_text(pattern.given_up))
            self.controls.say(words, problem=True, steps=self.desk.matches > 0)
        else:
            words = matches_text(self.desk.matches, self.desk.place)
            self.controls.say(words, problem=False, steps=self.desk.matches > 0)

    def _show_what_fits(self) -> None:
        chosen = self._chosen()
        away = all(host.state in ("down", "needs_key", "paused") for host in chosen.values())
        only_gaps = len(self.desk.rows) == self.desk.gaps and away and bool(chosen)
        if (self.view.rows or self.desk.working) and not only_gaps:
            self.stack.setCurrentWidget(self.view)
            return
        if self.desk.rows and self.desk.only_matches:
            title = self.tr("Nothing matches “{words}”").format(words=self.controls.search.text())
            found = Nothing(
                "search", title, self.tr("Other lines are hidden: {n}.").format(n=len(self.desk.rows)), "all"
            )
        else:
            connection = self._stores.connection
            problem = connection.problem.title if connection.problem else ""
            there, calm = connection.state == "connected", connection.calm
            found = nothing(chosen, self._stores.logs, connected=there, problem=problem, calm=calm)
        button = self._button(found.button)
        self.empty.set_words(found.title, found.sentence, found.picture)
        self.empty.set_buttons([button] if button else [])
        self.stack.setCurrentWidget(self.empty)

    def _button(self, name: str) -> Button | None:
        acts: dict[str, tuple[str, Callable[[], object]]] = {
            "retry": (self.tr("Try again"), self.refresh),
            "add": (self.tr("Add host"), self.add_host_asked.emit),
            "all": (self.tr("Show all lines"), lambda: self.controls.only.setChecked(False)),
        }
        if name not in acts:
            return None
        if name not in self._buttons:
            words, act = acts[name]
            self._buttons[name] = Button(words, parent=self.empty, on_click=act)
        return self._buttons[name]

    def _chosen(self) -> dict[str, Host]:
        chosen = self.controls.hosts.chosen
        return {h.id: h for h in self._stores.fleet.hosts if h.id in chosen}

    @staticmethod
    def _joined(*words: str) -> str:
        return ", ".join(word for word in words if word)

    # --- set up ---

    def _lay_out(self) -> None:
        card = Card(parent=self, padded=False)
        line = QWidget(self)
        line.setProperty("part", "hairline")
        line.setFixedHeight(1)
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        card.body.setSpacing(0)
        card.fill(self.stack)
        card.add(line)
        card.add(self.foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.controls)
        column.addSpacing(GAP)
        column.addWidget(card, 1)
        self.wrap.setCheckable(True)

    def _connect(self) -> None:
        stores, controls = self._stores, self.controls
        WhenShown(self, self._take, stores.fleet.changed, stores.catalog.changed)
        stores.connection.changed.connect(self._tell)
        stores.logs.changed.connect(self._tell)
        self.desk.changed.connect(self._tell_soon)
        self._soon.timeout.connect(self._tell)
        self._left.timeout.connect(self._forget)
        controls.hosts.chosen_changed.connect(self._chosen_changed)
        controls.source.chosen_changed.connect(self._follow)
        controls.pattern_changed.connect(self._look_for)
        controls.stepped.connect(self.desk.step)
        controls.search.list_wanted.connect(lambda: self.view.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.wrap.clicked.connect(lambda: self._set_wrap(self.wrap.isChecked()))
        self.foot.clear_asked.connect(self._clear)
        self.foot.end_asked.connect(self._to_end)
        for keys, by in ((QKeySequence("F3"), 1), (QKeySequence("Shift+F3"), -1)):
            shortcut = QShortcut(keys, self)
            shortcut.activated.connect(lambda by=by: self.desk.step(by))

    def _chosen_changed(self, *_: object) -> None:
        self._take()
        self._follow()
