"""The program's life: one window, a gateway that comes back, and an end that leaves nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from boocontrol.demo.config import HostConfig, ModelConfig
from tests.screen.desk import Desk, Hosts
from tests.screen.program import PROGRAM, gateway_of_its_own
from tests.screen.screen import until


def test_a_killed_gateway_comes_back(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    fleet = hosts(HostConfig(name="den", models=(ModelConfig("alpha"),)))
    here = desk(area="notifier", notifications=True)
    here.write_registry(fleet.entry("den"))
    window = here.start().opened()
    window.shows("Gateway running")
    before = here.gateway.found()
    os.kill(before["pid"], signal.SIGKILL)
    window.shows("The gateway ended unexpectedly")
    here.screen.shoot("gateway-killed")
    after = here.gateway.found(but=before["pid"])
    until(lambda: "ended unexpectedly" not in window.words(), "a window that has recovered")
    window.shows("Gateway running")
    assert after["instanceId"] != before["instanceId"]
    until(lambda: here.gateway.host("den").get("state") == "up", "the host seen by the new gateway")
    window.click("Models", "list item")
    window.wait("alpha on den…")
    assert window.quit() == ""
    assert here.machine.processes("boocontrol") == {}
    # It was back before anybody had to be told.
    assert here.told is not None and here.told.told == []


def test_a_second_start_raises_the_window(desk: Callable[..., Desk]) -> None:
    here = desk(area="xembed")
    here.write_registry()
    window = here.start().opened()
    here.icon()
    window.close()
    assert window.process.poll() is None
    second = here.machine.call(PROGRAM)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    window.opened()
    shown = window.window
    here.screen.manage("alt+F9", lambda: "Iconic" in here.screen.states(shown), "a minimised window")
    assert here.machine.call(PROGRAM).returncode == 0
    assert window.opened().window == shown
    assert window.quit() == ""


def test_the_end_stops_only_what_it_started(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    fleet = hosts(HostConfig(name="den", models=(ModelConfig("alpha"),)))
    here = desk()
    here.write_registry(fleet.entry("den"))
    others = gateway_of_its_own(here.machine)
    before = here.gateway.found()
    assert before["pid"] == others.pid
    window = here.start().opened()
    window.shows("Gateway running")
    until(lambda: here.gateway.host("den").get("state") == "up", "the host")
    assert window.quit() == ""
    assert others.poll() is None and here.gateway.found() == before
    assert list(here.machine.processes("boocontrol")) == [others.pid]
