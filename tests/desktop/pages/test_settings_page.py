"""Settings: saved at once, taken back with words when refused, found by a search."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from boocontrol.core.errors import BooError
from boocontrol.core.settings import KNOWN
from boocontrol.desktop.pages.settings import SettingsPage
from boocontrol.desktop.pages.settings_local import DEFAULTS, LocalSettings
from boocontrol.desktop.pages.settings_sections import SECTIONS
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.widgets.ref_box import RefBox
from tests.desktop.dialogs.conftest import look as look
from tests.desktop.dialogs.fakes import connected, idle


@pytest.fixture
def local(owner: Any, tmp_path: Path) -> LocalSettings:
    return LocalSettings(tmp_path / "panel.ini", owner)


def shown(qtbot: Any, stores: Stores, local: LocalSettings) -> SettingsPage:
    async def doctor() -> str:
        return "BooControl 1\nall is well"

    page = SettingsPage(stores, local, lambda: [("Version", "1")], doctor)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    return page


def test_every_row_is_a_setting_that_is_known() -> None:
    for section in SECTIONS:
        for row in section.rows:
            assert row.key in (KNOWN if row.home == "gateway" else DEFAULTS)


async def test_a_check_box_saves_at_once(qtbot: Any, stores: Stores, local: LocalSettings, until: Any) -> None:
    fake = connected(stores)
    page = shown(qtbot, stores, local)
    page.open_section("gateway")
    qtbot.keyClick(page.rows["require_key"].control, Qt.Key.Key_Space)
    await until(stores.settings.changed, lambda: fake.values == {"require_key": True})


async def test_a_refusal_goes_back_and_stands_in_the_row(qtbot: Any, stores: Stores, local: LocalSettings) -> None:
    fake = connected(stores)
    page = shown(qtbot, stores, local)
    page.open_section("agents")
    row = page.rows["auto_sync"]
    fake.fail = BooError("The disk is full.", "Free some space.")
    row.control.click()
    await idle(lambda: row.error.isVisible())
    assert not row.control.isChecked() and "full" in row.error.text()


async def test_a_list_is_saved_when_it_was_edited_and_not_when_passed(
    qtbot: Any, stores: Stores, local: LocalSettings, until: Any
) -> None:
    fake = connected(stores)
    page = shown(qtbot, stores, local)
    page.open_section("gateway")
    field = page.rows["allowed_hosts"].control
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field, "a.example, b.example")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    await until(stores.settings.changed, lambda: fake.values == {"allowed_hosts": ["a.example", "b.example"]})


async def test_models_are_offered_and_one_that_left_stays_chosen(
    qtbot: Any, stores: Stores, local: LocalSettings, until: Any
) -> None:
    fake = connected(stores)
    page = shown(qtbot, stores, local)
    box = page.rows["default_model"].control
    assert isinstance(box, RefBox)
    stores.settings.take({"default_model": "gone/model"})
    assert box.ref == "gone/model" and "not there" in box.currentText()
    box.choose("den/gemma")
    await until(stores.settings.changed, lambda: fake.values.get("default_model") == "den/gemma")
    box.setCurrentIndex(0)
    await until(stores.settings.changed, lambda: fake.values.get("default_model") is None)


async def test_settings_of_this_computer_are_kept_in_a_file(
    qtbot: Any, stores: Stores, local: LocalSettings, tmp_path: Path
) -> None:
    page = shown(qtbot, stores, local)
    heard: list[str] = []
    local.changed.connect(heard.append)
    box = page.rows["theme"].control
    box.setCurrentIndex(box.findData("dark"))
    page.rows["notify_down"].control.click()
    assert heard == ["theme", "notify_down"]
    again = LocalSettings(tmp_path / "panel.ini")
    assert again.get("theme") == "dark" and not again.flag("notify_down") and again.flag("notify_up")


async def test_without_a_gateway_only_local_settings_can_be_changed(
    qtbot: Any, stores: Stores, local: LocalSettings
) -> None:
    page = shown(qtbot, stores, local)
    assert not page.rows["require_key"].control.isEnabled()
    assert page.rows["theme"].control.isEnabled()
    connected(stores)
    assert page.rows["require_key"].control.isEnabled()


async def test_a_search_looks_through_all_sections(qtbot: Any, stores: Stores, local: LocalSettings) -> None:
    page = shown(qtbot, stores, local)
    qtbot.keyClicks(page.search, "comments")
    assert page.rows["keepalive_every"].isVisible() and not page.rows["theme"].isVisible()
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.rows["theme"].isVisible()


async def test_the_doctors_report_can_be_copied(qtbot: Any, stores: Stores, local: LocalSettings) -> None:
    page = shown(qtbot, stores, local)
    page.open_section("about")
    page.about.look.click()
    await idle(lambda: page.about.copy.isEnabled())
    assert "all is well" in page.about.report.toPlainText()
