"""The first run: nothing on this computer knows of BooControl, and at the end a model answers through it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from boocontrol.demo.config import HostConfig, ModelConfig
from tests.screen.desk import Desk, Hosts
from tests.screen.screen import until

KEY = "typed-into-the-dialog-4711"


def holders(root: Path, word: str) -> list[str]:
    """The files below a folder that hold the word."""
    return [str(p) for p in root.rglob("*") if p.is_file() and word.encode() in p.read_bytes()]


def test_from_nothing_to_a_working_endpoint(desk: Callable[..., Desk], hosts: Callable[..., Hosts]) -> None:
    fleet = hosts(HostConfig(name="attic", api_keys=(KEY,), models=(ModelConfig("phi-4-mini", load_s=0),)))
    here = desk(keyring="unlocked")
    assert not here.registry.parent.exists()
    window = here.start().opened()
    window.shows("Where do your models live?")
    here.screen.shoot("first-run-1-welcome")
    until(lambda: window.wait("Address", "text").focused, "the keyboard in the field for an address")
    here.screen.type(fleet.url("attic").removeprefix("http://"))
    here.screen.key("Return")
    window.shows("You can save now and add the key later.")
    here.screen.shoot("first-run-2-key-wanted")
    window.fill("Name", "Attic")
    window.fill("Key", KEY)
    window.wait("Save", "push button")
    here.screen.shoot("first-run-3-tested")
    here.screen.key("Return")
    window.shows("This is what they hold")
    window.shows("phi-4-mini")
    here.screen.shoot("first-run-4-held")
    stored = here.machine.call("secret-tool", "lookup", "service", "boocontrol", "username", "attic")
    assert stored.stdout.strip() == KEY
    written = json.loads(here.registry.read_text())["providers"]
    assert [(p["id"], p["label"], p["apiKey"]) for p in written] == [("attic", "Attic", {"keyring": "attic"})]
    answer = here.gateway.chat("attic/phi-4-mini")
    assert answer.status_code == 200 and answer.json()["model"] == "attic/phi-4-mini", answer.text
    assert answer.json()["choices"][0]["message"]["content"]
    here.screen.key("Return")
    window.shows("Point opencode here")
    assert window.quit() == ""
    assert holders(here.machine.root, KEY) == []
