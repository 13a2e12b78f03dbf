"""The page Activity in the window: its place, its badge, and the palette."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings

from boocontrol.desktop.commands import entries
from boocontrol.desktop.page_set import Parts
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.rail import BADGE, Rail
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity import MOST_RUNNING
from boocontrol.desktop.supervisor import Supervisor
from tests.desktop.activity_fakes import running


@pytest.fixture
def shell(owner: QObject, stores: Stores, tmp_path: Path, qtbot: Any) -> Shell:
    local = LocalSettings(tmp_path / "desktop.ini", owner)
    supervisor = Supervisor(stores.connection, None, owner)
    parts = Parts(stores, supervisor, local, tmp_path, tmp_path, os.environ, list)
    made = Shell(parts, QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat), owner)
    qtbot.addWidget(made.window)
    return made


def badge(rail: Rail) -> Any:
    item = rail._item(rail._top, "activity")
    return item.data(BADGE) if item is not None else None


def test_it_stands_after_models_and_the_palette_finds_it(shell: Shell, stores: Stores) -> None:
    assert shell.window.page_ids[:3] == ("fleet", "models", "activity")
    found = [entry for entry in entries(stores, shell.window, shell.do) if entry.title == "Activity"]
    assert len(found) == 1 and found[0].keys == "Ctrl+3"


def test_the_badge_counts_what_runs(shell: Shell, stores: Stores) -> None:
    stores.connection.take("connected")
    assert badge(shell.window.rail) is None
    stores.activity.take([running(1), running(2), running(3)])
    assert (badge(shell.window.rail).text, badge(shell.window.rail).word) == ("3", "3 requests now")
    stores.activity.take([running(n) for n in range(1, MOST_RUNNING + 1)])
    assert badge(shell.window.rail).text == "50+"
    stores.connection.take("lost")
    assert badge(shell.window.rail) is None, "old news is not counted"
