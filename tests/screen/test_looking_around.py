"""Before there is any host: the simulated fleet in a window of its own, and the report on this computer."""

from __future__ import annotations

from collections.abc import Callable

from tests.screen.desk import Desk
from tests.screen.screen import until


def test_the_demo_opens_beside_and_leaves_nothing(desk: Callable[..., Desk]) -> None:
    here = desk()
    window = here.start().opened()
    window.shows("Where do your models live?")
    before = sorted(str(p) for p in here.registry.parent.rglob("*"))
    window.click("Look around first", "push button")
    window.shows("The demo opens in a window of its own.")
    demo = until(lambda: next(iter(here.machine.processes("boocontrol.desktop --gateway")), 0), "the demo's window")
    until(lambda: "3 hosts" in here.reader.words(demo), "the simulated hosts")
    until(lambda: here.screen.active() not in (0, window.window), "the demo's window in front")
    here.screen.shoot("demo")
    here.screen.key("ctrl+q")
    until(lambda: not here.machine.processes("main() demo"), "the end of the demo")
    assert here.machine.processes("boocontrol-demo-") == {}
    assert sorted(str(p) for p in here.registry.parent.rglob("*")) == before and not here.registry.exists()
    window.click("Skip, I will do it later")
    window.click("Settings", "list item")
    window.click("About", "list item")
    window.click("Look for problems", "push button")
    report = window.wait("Report", "text", within=30)
    until(lambda: "gateway" in here.reader.text(report), "the report")
    here.screen.shoot("report")
    assert window.quit() == ""
