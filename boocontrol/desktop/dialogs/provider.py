"""Add or edit a provider: the form, the staged test under it, and Save, which stays possible when the test fails."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from boocontrol.core.api import ProbeRequest
from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.fields import Dialog, hint_label, say
from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.dialogs.provider_entry import entry_of, patch_of, shared_names
from boocontrol.desktop.dialogs.provider_form import ProviderForm
from boocontrol.desktop.dialogs.provider_probe import ProbeRun, stage_rows, summary
from boocontrol.desktop.dialogs.stages import StageList
from boocontrol.desktop.sentences import told
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import Button, label

WIDTH = 550


class ProviderDialog(Dialog):
    """`before` is the entry to edit, None to add one. `saved` brings the id once the gateway has taken it."""

    saved = Signal(str)

    def __init__(
        self,
        stores: Stores,
        before: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
        *,
        address: str = "",
    ) -> None:
        title = self.tr("Add host") if before is None else self.tr("Edit %1").replace("%1", str(before["id"]))
        super().__init__(title, parent)
        self._stores = stores
        self._before = before
        document = stores.providers.document or {}
        taken = frozenset(str(p.get("id", "")) for p in document.get("providers") or ())
        self.form = ProviderForm(before, taken, self)
        self.run = ProbeRun(stores.providers, self)
        self._saving: asyncio.Task[None] | None = None
        self._make()
        self._lay_out()
        self.form.probed.connect(self._want)
        self.form.changed.connect(self.refresh)
        self.run.changed.connect(self.refresh)
        stores.connection.changed.connect(self._connection_changed)
        self.form.address.setText(address or self.form.address.text())
        self._want()
        self.refresh()
        self.form.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def request(self) -> ProbeRequest | None:
        """What is to be tested; None while the address is none."""
        typed, url = self.form.typed(), self.form.base_url()
        if url is None:
            return None
        key = self.form.key.text().strip()
        return ProbeRequest(
            base_url=url,
            kind=typed.kind,
            key=SecretStr(key) if key else None,
            provider=str(self._before["id"]) if self._before else None,
            verify_tls=typed.verify_tls,
            ca_file=typed.ca_file or None,
        )

    def refresh(self) -> None:
        """Show how the test stands and what can be done now."""
        self.stages.show_rows(stage_rows(self.run))
        say(self._summary, summary(self.run))
        problem, busy = self.form.problem(), self._saving is not None
        passed = self.run.state == "done" and self.run.result is not None and self._passed()
        self.save.setEnabled(not problem and not busy and passed)
        self.anyway.setVisible(not passed)
        self.anyway.setEnabled(not problem and not busy)
        self.again.setEnabled(self.form.base_url() is not None and self.run.state not in ("running", "idle"))
        say(self._hint, self._foot_words(problem, passed=passed))
        self._show_notice()

    def _passed(self) -> bool:
        result = self.run.result
        return result is not None and all(s.outcome != "failed" for s in result.stages)

    def _want(self) -> None:
        self.run.want(self.request())

    def _connection_changed(self) -> None:
        """A test that the gateway's end has cut is made once it is back."""
        if self._stores.connection.state == "connected" and self.run.state == "failed":
            self.run.now()

    def _foot_words(self, problem: str, *, passed: bool) -> str:
        if self._saving is not None:
            return self.tr("Saving.")
        if problem or passed:
            return ""
        failed = self.run.failed_stage
        if failed is not None and failed.stage == "key":
            return self.tr("You can save now and add the key later.")
        return self.tr("You can save before the test has passed.")

    def _show_notice(self) -> None:
        """The stage that failed with its remedy, else the same address or the same models elsewhere."""
        stage, result = self.run.failed_stage, self.run.result
        if self.run.error is not None:
            self.notice.tell_error(self.run.error)
        elif stage is not None:
            shape = "needs_key" if stage.stage == "key" else "down" if stage.outcome == "failed" else "degraded"
            self.notice.tell(shape, told(stage.detail), told(stage.advice))
        elif result is not None and (same := self._elsewhere(result.models)):
            self.notice.tell("info", self.tr("Some models are on other hosts too."), same)
        else:
            self.notice.hide()

    def _elsewhere(self, models: tuple[str, ...]) -> str:
        found = shared_names(self._stores.catalog.catalog, models, self.form.typed().provider_id)
        if not found:
            return ""
        provider, names = next(iter(found.items()))
        shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        words = self.tr("%1 has %2. The name any/%3 leads to whichever host suits best.")
        return words.replace("%1", provider).replace("%2", shown).replace("%3", names[0])

    # --- saving ---

    def _save(self) -> None:
        if self._saving is None and not self.form.problem():
            self.error.hide()
            self._saving = spawn(self, self._save_now(), self._failed)
            self.refresh()

    async def _save_now(self) -> None:
        typed, key = self.form.typed(), self.form.key.text().strip()
        found = self.run.result.kind if self.run.result else None
        secret = SecretStr(key) if key else None
        providers = self._stores.providers
        if self._before is None:
            await providers.add(entry_of(typed, found), secret)
        else:
            patch = patch_of(self._before, typed, found)
            if patch:
                await providers.update(str(self._before["id"]), patch)
            if secret is not None:
                await providers.set_key(typed.provider_id, secret)
        self.saved.emit(typed.provider_id)
        self.accept()

    def _failed(self, error: Exception) -> None:
        """What was typed stays. A provider that was added without its key is edited from now on, not added twice."""
        self._saving = None
        typed = self.form.typed()
        if self._before is None and (entry := self._stores.providers.entry(typed.provider_id)):
            self._before = entry
            self.setWindowTitle(self.tr("Edit %1").replace("%1", typed.provider_id))
        self.error.tell_error(error)
        if isinstance(error, BooError):
            self.form.show_field(error.param)
        self.refresh()

    # --- building ---

    def _make(self) -> None:
        self._summary = label("", tone="muted", parent=self)
        self.again = Button(self.tr("Test again"), parent=self, icon="refresh", small=True)
        self.again.clicked.connect(self.run.now)
        self.stages = StageList(76, self)
        self.notice = Notice(self)
        self.error = Notice(self)
        self._hint = hint_label(self)
        self.foot.addWidget(self._hint, 1)
        self.cancel = self.foot_button(self.tr("Cancel"))
        self.anyway = self.foot_button(self.tr("Save anyway"))
        self.save = self.foot_button(self.tr("Save"), "primary")
        self.save.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.anyway.clicked.connect(self._save)
        self.save.clicked.connect(self._save)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(self.tr("Test", "a title"), "section", parent=self))
        head.addWidget(self._summary, 1)
        head.addWidget(self.again)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 20, 24, 8)
        column.setSpacing(12)
        column.addWidget(self.form)
        column.addWidget(_line(inside))
        column.addLayout(head)
        for part in (self.stages, self.notice, self.error):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(area, 1)
        self.resize(grown(WIDTH, self.font()), 675)
        self.setMinimumSize(440, 360)


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setProperty("part", "line")
    return line
