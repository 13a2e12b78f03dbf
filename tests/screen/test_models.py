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


def test_favorites_are_dragged_into_another_order(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    names = ("alpha", "beta", "gamma")
    fleet = hosts(HostConfig(name="den", models=tuple(ModelConfig(name) for name in names)))
    here = desk()
    here.write_registry(fleet.entry("den"))
    window = here.start().opened()
    window.shows("Gateway running")
    command(here.machine, "favorites", "add", *(f"den/{name}" for name in names))
    window.click("Models", "list item")

    def row(name: str) -> tuple[int, int]:
        """The first such row from above: the one among the favorites."""
        window.wait(f"{name} on den…")
        found = [t for t in here.reader.things(window.pid) if t.name.startswith(f"{name} on den")]
        return min((here.reader.place(thing).centre for thing in found), key=lambda place: place[1])

    def ordered(*wanted: str) -> None:
        refs = [f"den/{name}" for name in wanted]
        until(lambda: here.gateway.get("/api/settings")["favorite_models"] == refs, f"the order {refs}")

    (x, first), (_, last) = row("alpha"), row("gamma")
    height = (last - first) // 2
    here.screen.drag((x, first), (x, last + height // 2 - 2))
    ordered("beta", "gamma", "alpha")
    here.screen.shoot("models-3-dragged")
    here.screen.drag((x, last), (x, first - height // 2 + 2))
    ordered("alpha", "beta", "gamma")
    assert window.quit() == ""
