"""Settings of history, waking and notifications: whole numbers, hosts that are not told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSpinBox

from boocontrol.client import GatewayClient
from boocontrol.core.settings import Settings
from boocontrol.desktop.pages.fleet_rooms import FleetRooms
from boocontrol.desktop.pages.settings import SettingsPage
from boocontrol.desktop.pages.settings_hosts import HostsButton
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.stores import Stores
from tests.desktop.stores.test_loads import den


@pytest.fixture
def local(owner: QObject, tmp_path: Path) -> LocalSettings:
    return LocalSettings(tmp_path / "desktop.ini", owner)


@pytest.fixture
def page(qtbot: Any, stores: Stores, local: LocalSettings) -> SettingsPage:
    stores.fleet.take([den(), den(id="mac", label="Mac")])
    page = SettingsPage(stores, local, list, None)
    qtbot.addWidget(page)
    page.show()
    return page


def test_every_setting_of_the_gateway_that_is_not_chosen_elsewhere_has_a_row(page: SettingsPage) -> None:
    elsewhere = {"favorite_models", "scenes", "task_model_url"}
    assert set(Settings.model_fields) - elsewhere <= set(page.rows)


def test_defaults_are_those_of_the_gateway(page: SettingsPage) -> None:
    shown = {key: page.rows[key].control.value() for key in ("history_days", "samples_days", "history_max_mb")}
    assert shown == {"history_days": 365, "samples_days": 30, "history_max_mb": 1024}


async def test_a_whole_number_is_saved_as_one(page: SettingsPage, stores: Stores, stub: Any, until: Any) -> None:
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        spin = page.rows["history_days"].control
        assert isinstance(spin, QSpinBox) and (spin.minimum(), spin.maximum()) == (1, 3650)
        spin.setValue(90)
        await until(stores.settings.changed, lambda: stores.settings.values.get("history_days") == 90)
    saved = stub.settings["history_days"]
    assert saved == 90 and isinstance(saved, int)


def test_hosts_are_switched_off_one_by_one(page: SettingsPage, local: LocalSettings) -> None:
    button = page.rows["quiet_hosts"].control
    assert isinstance(button, HostsButton) and button.text() == "None"
    first, second = button.hosts().actions()
    assert (first.text(), second.text(), second.isChecked()) == ("den", "Mac", False)
    second.trigger()
    assert local.is_quiet("mac") and not local.is_quiet("den") and button.text() == "Mac"
    button.hosts().actions()[1].trigger()
    assert not local.quiet_hosts() and button.text() == "None"


def test_a_host_that_is_gone_stays_switched_off(page: SettingsPage, local: LocalSettings) -> None:
    local.set_quiet("attic", True)
    button = page.rows["quiet_hosts"].control
    button.hosts().actions()[0].trigger()
    assert local.quiet_hosts() == {"attic", "den"} and button.text() == "attic, den"


def test_the_menu_of_a_host_switches_its_notifications(qtbot: Any, stores: Stores, local: LocalSettings) -> None:
    stores.connection.take("connected")
    stores.fleet.take([den()])
    rooms = FleetRooms(stores, quiet=local)
    qtbot.addWidget(rooms)
    rooms.show_host("den")
    action = rooms.host.menu().actions()[-1]
    assert action.text() == "Notifications about it" and action.isChecked()
    action.trigger()
    assert local.is_quiet("den")
    assert not rooms.host.menu().actions()[-1].isChecked()
