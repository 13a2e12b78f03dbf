"""Asks for the address and the key of a gateway on another computer, and tries them before anything is changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from boocontrol.desktop.dialogs.fields import Dialog, KeyField, hint_label
from boocontrol.desktop.dialogs.notice import Notice
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import label

WIDTH = 480

Use = Callable[[str, SecretStr | None], Awaitable[None]]


class ElsewhereDialog(Dialog):
    """`use` gets what was typed; the dialog closes once it took it, and else says why it did not."""

    def __init__(self, use: Use, address: str = "", parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Another gateway"), parent)
        self.setMinimumWidth(grown(WIDTH, self.font()))
        self._use = use
        self._task: asyncio.Task[Any] | None = None
        self.address = QLineEdit(address, self, placeholderText="192.168.1.20:9503")
        self.address.setAccessibleName(self.tr("Address of the gateway"))
        self.key = KeyField(self)
        self.key.setAccessibleName(self.tr("Key of the gateway"))
        self.notice = Notice(self)
        self._lay_out()
        self.address.textChanged.connect(lambda _text: self._check())
        self.finished.connect(lambda _code: self._stop())
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def _lay_out(self) -> None:
        about = self.tr("This window then shows the hosts of a gateway that runs on another computer.")
        self.body.addWidget(hint_label(self, about))
        for words, field in ((self.tr("Address"), self.address), (self.tr("Key"), self.key)):
            caption = label(words, parent=self)
            caption.setBuddy(field)
            self.body.addWidget(caption)
            self.body.addWidget(field)
        self.body.addWidget(hint_label(self, self.tr("“boocontrol gateway key” prints the key over there.")))
        self.body.addWidget(self.notice)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        cancel = self.foot_button(self.tr("Cancel"))
        self.connect_ = self.foot_button(self.tr("Connect"), "primary")
        cancel.clicked.connect(self.reject)
        self.connect_.clicked.connect(self._try)
        self.connect_.setDefault(True)

    def _check(self) -> None:
        busy = self._task is not None and not self._task.done()
        self.connect_.setEnabled(bool(self.address.text().strip()) and not busy)

    def _try(self) -> None:
        self.notice.hide()
        key = self.key.text().strip()
        self._task = spawn(self, self._used(self.address.text(), SecretStr(key) if key else None), self._refused)
        self._check()

    async def _used(self, address: str, key: SecretStr | None) -> None:
        await self._use(address, key)
        self._task = None
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._task = None
        self.notice.tell_error(error)
        self._grow()
        self._check()

    def _grow(self) -> None:
        """As high as it needs to be: a window does not grow for what comes into it later."""
        if (layout := self.layout()) is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
