"""Notifications where there is no service for them; with one they are tested on a screen."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal

from boocontrol.desktop.notifications import Notification
from boocontrol.desktop.notifier import Notifier

DOWN = Notification("down", "den is down", host="den")


class Icon(QObject):
    """The tray icon in place of the service."""

    told = Signal(object)

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.all: list[Notification] = []

    def tell(self, said: Notification) -> None:
        self.all.append(said)
        self.told.emit(said)


async def test_without_a_bus_of_that_kind_the_icon_tells(owner: QObject) -> None:
    icon = Icon(owner)
    Notifier(icon.tell, owner, bus=None).send(DOWN)
    assert icon.all == [DOWN]


async def test_without_a_session_the_icon_tells_each(
    owner: QObject, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    icon = Icon(owner)
    notifier = Notifier(icon.tell, owner, bus="SESSION")
    for count in (1, 2):
        notifier.send(DOWN)
        await until(icon.told, lambda count=count: len(icon.all) == count)
