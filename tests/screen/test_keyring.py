"""A keyring that is locked, or none at all: a person is told in words, and nothing that was typed is lost."""

from __future__ import annotations

import json
from collections.abc import Callable

from boocontrol.demo.config import HostConfig, ModelConfig
from tests.screen.desk import Desk, Hosts
from tests.screen.screen import ended, until

KEY = "attic-key-0815"


def test_a_locked_keyring_is_told_and_loses_nothing(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    fleet = hosts(HostConfig(name="attic", api_keys=(KEY,), models=(ModelConfig("phi"),)))
    here = desk()
    ring = here.bus.start_keyring()
    names = ("service", "boocontrol", "username", "attic")
    here.machine.call("secret-tool", "store", "--label=attic", *names, input=KEY)
    ended(ring)
    # As after a login without a password.
    here.bus.start_keyring(unlocked=False)
    here.write_registry(fleet.entry("attic", apiKey={"keyring": "attic"}))
    window = here.start().opened()
    until(lambda: here.gateway.host("attic").get("state") == "needs_key", "what the gateway says")
    assert "The keyring is locked" in here.gateway.host("attic")["reason"]
    window.shows("The keyring is locked")
    here.screen.shoot("keyring-locked")
    assert window.quit() == ""
    here.bus.unlock_keyring()
    window = here.start().opened()
    window.shows("1 host: 1 up")
    assert window.quit() == ""
    assert here.machine.call("secret-tool", "lookup", *names).stdout.strip() == KEY


def test_without_a_keyring_what_was_typed_stays(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    fleet = hosts(HostConfig(name="attic", api_keys=(KEY,), models=(ModelConfig("phi"),)))
    here = desk()
    window = here.start().opened()
    window.shows("Where do your models live?")
    until(lambda: window.wait("Address", "text").focused, "the keyboard in the field for an address")
    here.screen.type(fleet.url("attic"))
    here.screen.key("Return")
    window.shows("You can save now and add the key later.")
    window.fill("Name", "Attic")
    window.fill("Key", KEY)
    window.wait("Save", "push button")
    here.screen.key("Return")
    window.shows("This computer has no password store that can be used.")
    here.screen.shoot("keyring-missing")
    # The host is kept, its key is not, and no file holds it. The person starts a keyring and saves again.
    (entry,) = json.loads(here.registry.read_text())["providers"]
    assert entry["id"] == "attic" and "apiKey" not in entry
    here.bus.start_keyring()
    here.screen.key("Return")
    until(lambda: here.gateway.host("attic").get("state") == "up", "the host with its key")
    here.screen.shoot("keyring-missing-2")
    stored = here.machine.call("secret-tool", "lookup", "service", "boocontrol", "username", "attic")
    assert stored.stdout.strip() == KEY
    assert window.quit() == ""
