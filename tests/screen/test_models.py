"""A favorite is made by key and by mouse, and other programs see it."""

from __future__ import annotations

from collections.abc import Callable

from boocontrol.demo.config import HostConfig, ModelConfig
from tests.screen.desk import Desk, Hosts
from tests.screen.program import command
from tests.screen.screen import until


def test_a_star_by_key_and_by_mouse(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    fleet = hosts(HostConfig(name="den", models=(ModelConfig("alpha"), ModelConfig("beta"))))
    here = desk()
    here.write_registry(fleet.entry("den"))
    window = here.start().opened()

    def starred(*refs: str) -> None:
        until(lambda: here.gateway.get("/api/settings")["favorite_models"] == list(refs), f"stars: {refs}")
        assert command(here.machine, "favorites", "list")["favorite_models"] == list(refs)

    window.click("Models", "list item")
    window.wait("alpha on den…")
    here.screen.shoot("models-1")
    here.screen.key("slash")
    here.screen.type("alpha")
    until(lambda: "beta on den" not in window.words(), "only what fits the filter")
    here.screen.key("Return", "s")
    starred("den/alpha")
    here.screen.key("slash", "ctrl+a", "BackSpace")
    row = here.reader.place(window.wait("beta on den…"))
    star = next(
        place
        for thing in here.reader.things(window.pid)
        if thing.name == "Not a favorite" and (place := here.reader.place(thing)).y == row.y
    )
    here.screen.click(star)
    starred("den/alpha", "den/beta")
    here.screen.shoot("models-2-starred")
    assert window.quit() == ""
