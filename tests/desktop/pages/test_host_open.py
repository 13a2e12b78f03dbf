"""A host is opened from the palette, the tray and a notification; the rail and the head lead back to all hosts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QApplication

from boocontrol.core.errors import Unreachable
from boocontrol.desktop.commands import entries
from boocontrol.desktop.page_set import Parts
from boocontrol.desktop.pages.fleet_rooms import FleetRooms
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.theme import palette_of
from boocontrol.desktop.tokens import LIGHT
from boocontrol.desktop.widgets.notice_bar import NoticeBar
from tests.desktop.pages.test_fleet import host


@pytest.fixture
def shell(qtbot: Any, qapp: QApplication, owner: QObject, stores: Stores, tmp_path: Path) -> Shell:
    qapp.setPalette(palette_of(LIGHT))
    stores.connection.take("connected")
    stores.fleet.take([host("gpu-box"), host("attic", "down")])
    local = LocalSettings(tmp_path / "desktop.ini", owner)
    supervisor = Supervisor(stores.connection, None, owner)
    supervisor.state = "remote"
    parts = Parts(stores, supervisor, local, tmp_path, tmp_path, os.environ, list)
    made = Shell(parts, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat), owner)
    qtbot.addWidget(made.window)
    made.show("fleet")
    return made


def rooms(shell: Shell) -> FleetRooms:
    page = shell.window.page("fleet")
    assert isinstance(page, FleetRooms)
    return page


def test_from_the_palette_and_back_by_the_rail(shell: Shell, stores: Stores) -> None:
    shell.window.show_page("models")
    entry = next(e for e in entries(stores, shell.window, shell.do) if e.group == "hosts" and e.title == "attic")
    entry.run()
    assert shell.window.current == "fleet"
    assert rooms(shell).currentWidget() is rooms(shell).host and rooms(shell).host.host_id == "attic"
    shell.window.rail.chosen.emit("fleet")
    assert rooms(shell).currentWidget() is rooms(shell).fleet
    shell.do("host", "gpu-box")
    assert rooms(shell).host.head.title.text() == "gpu-box"


async def test_the_logs_of_a_host_are_asked_of_the_page_logs(shell: Shell) -> None:
    asked: list[tuple[str, str]] = []
    shell.do("host", "gpu-box")
    rooms(shell).page_asked.connect(lambda page, of: asked.append((page, of)))
    action = next(a for a in rooms(shell).host.menu().actions() if a.text() == "Show its logs")
    action.trigger()
    assert asked == [("logs", "gpu-box")]


def test_a_lost_gateway_is_told_once_and_with_the_time_of_the_news(shell: Shell, stores: Stores) -> None:
    stores.connection.take("lost", problem=Unreachable("The gateway does not answer.", "It is tried again."))
    bars = [bar for bar in shell.window.findChildren(NoticeBar) if bar.isVisible()]
    assert bars == [shell.window.lost]
    assert "What you see is from" in shell.window.lost.words.text()
