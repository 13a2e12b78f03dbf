"""Where the window goes when it is closed: into the icon area where there is one, and else never out of sight."""

from __future__ import annotations

from collections.abc import Callable

from boocontrol.demo.config import HostConfig
from tests.screen.desk import Desk, Hosts
from tests.screen.screen import ended, until

EXPLAINED = "BooControl goes on in the tray"


def test_into_an_icon_area_of_the_old_kind_and_back(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    fleet = hosts(HostConfig(name="den"))
    here = desk(notifications=True)
    here.write_registry(fleet.entry("den"))
    window = here.start().opened()
    window.shows("1 host: 1 up")
    # It comes when the window is long there, as at a login.
    tray, told = here.start_tray(), here.told
    place = here.icon()
    assert told is not None
    here.screen.move(0, 0)
    well = here.screen.pixels(place)
    for _ in range(2):
        window.close()
        here.screen.click(place)
        window.opened()
    until(lambda: told.told, "a word on where it went")
    assert [t.summary for t in told.told] == [EXPLAINED]
    here.screen.shoot("tray-explained")
    here.screen.move(0, 0)
    fleet.fault("den", "kill")
    until(lambda: here.screen.pixels(place) != well, "another icon")
    window.shows("1 host: 1 down")
    here.screen.shoot("tray-down")
    # The panel ends while the window is in it: the window must not be lost.
    window.close()
    ended(tray)
    window.opened()
    assert window.quit() == ""


def test_into_an_icon_area_on_the_bus_and_back(desk: Callable[..., Desk]) -> None:
    here = desk(area="notifier", notifications=True)
    here.write_registry()
    window = here.start().opened()
    watcher, told = here.watcher, here.told
    assert watcher is not None and told is not None
    until(lambda: watcher.items, "our icon in the icon area")
    window.close()
    until(lambda: told.told, "a word on where it went")
    assert [t.summary for t in told.told] == [EXPLAINED] and window.process.poll() is None
    watcher.activate()
    window.opened()
    assert window.quit() == ""


def test_without_an_icon_area_closing_is_the_end(desk: Callable[..., Desk]) -> None:
    here = desk()
    here.write_registry()
    window = here.start().opened()
    window.close()
    assert window.ended() == ""
    assert here.machine.processes("boocontrol") == {}
