"""A host dies and comes back: the window, the icon and exactly one notification each say so."""

from __future__ import annotations

from collections.abc import Callable

from boocontrol.demo.config import HostConfig, ModelConfig
from tests.screen.desk import Desk, Hosts
from tests.screen.screen import until


def test_down_and_back_are_told_once_each(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    fleet = hosts(*(HostConfig(name=name, models=(ModelConfig("alpha"),)) for name in ("den", "mac")))
    here = desk(area="notifier", notifications=True)
    here.write_registry(fleet.entry("den"), fleet.entry("mac"))
    window = here.start().opened()
    watcher, told = here.watcher, here.told
    assert watcher is not None and told is not None
    until(lambda: watcher.items, "our icon in the icon area")
    until(lambda: "den: nothing loaded" in watcher.tooltip(), "the icon's words")
    well = watcher.picture()
    fleet.fault("den", "kill")
    here.screen.key("F5")
    until(lambda: "den: down" in watcher.tooltip(), "the icon's words on the host that died")
    assert here.gateway.host("den")["state"] == "down" and "mac: nothing loaded" in watcher.tooltip()
    until(lambda: watcher.picture() != well, "another icon")
    window.shows("Down")
    until(lambda: told.told, "a notification")
    here.screen.shoot("down")
    assert [t.summary for t in told.told] == ["den is down"]
    fleet.fault("den", "none")
    here.screen.key("F5")
    until(lambda: watcher.picture() == well, "the icon as before")
    assert here.gateway.host("den")["state"] == "up"
    until(lambda: len(told.told) > 1, "a second notification")
    here.screen.shoot("back")
    # The end of the program, which ends its gateway, is no news.
    assert window.quit() == ""
    assert [t.summary for t in told.told] == ["den is down", "den is back"]
