"""A gateway on another computer, chosen in the window: tried first, kept with its key, and given up again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from PySide6.QtCore import QObject

from boocontrol.client import KeyRefused, find_gateway
from boocontrol.core.errors import BadInput, SecretError, Unreachable
from boocontrol.core.secrets import MemoryStore
from boocontrol.desktop.connection import Connection, local
from boocontrol.desktop.elsewhere import Elsewhere
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.supervisor import COMMAND, Supervisor
from tests.desktop.test_supervisor import machine as machine
from tests.desktop.test_supervisor import real


class Locked(MemoryStore):
    """A keyring that nobody unlocks."""

    def get(self, name: str) -> str | None:
        raise SecretError("The keyring is locked.", code="keyring_locked")

    def set(self, name: str, value: str) -> None:
        raise SecretError("The keyring is locked.", code="keyring_locked")

    def delete(self, name: str) -> None:
        raise SecretError("The keyring is locked.", code="keyring_locked")


class Window:
    """What a window has of it: its own keeper and settings, on a registry of its own."""

    def __init__(self, owner: QObject, folder: Path, keys: MemoryStore) -> None:
        folder.mkdir(exist_ok=True)
        registry = folder / "own.json"
        registry.write_text('{"providers": []}')
        self.connection = Connection(local(registry), owner)
        command = (*COMMAND, "--data-dir", str(folder / "data"), "--port", "0")
        self.supervisor = Supervisor(self.connection, registry, owner, command=command)
        self.local = LocalSettings(folder / "desktop.ini", owner)
        self.elsewhere = Elsewhere(self.supervisor, self.local, keys, owner)


async def test_it_is_tried_used_kept_and_given_up(owner: QObject, machine: Path, until: Any) -> None:
    keys = MemoryStore()
    async with real(owner, machine) as (theirs, _):
        theirs.start()
        await until(theirs.changed, lambda: theirs.state == "running", 20)
        there = await find_gateway(machine / "p.json")
        w = Window(owner, machine / "window", keys)
        await w.elsewhere.begin()
        await until(w.connection.changed, lambda: w.connection.state == "connected", 20)
        assert w.supervisor.ours and w.elsewhere.address == ""

        await w.elsewhere.use(f" {there.url}/v1/ ", there.key)
        await until(w.connection.changed, lambda: w.connection.state == "connected", 20)
        assert (w.supervisor.state, w.supervisor.ours, w.connection.gateway.url) == ("remote", False, there.url)
        await until(w.elsewhere.changed, lambda: keys.get(f"gateway {there.url}") is not None)
        ini = (machine / "window" / "desktop.ini").read_text()
        assert there.url in ini and there.key.get_secret_value() not in ini
        await w.supervisor.close()

        again = Window(owner, machine / "window", keys)
        await again.elsewhere.begin()
        await until(again.connection.changed, lambda: again.connection.state == "connected", 20)
        assert again.connection.gateway.instance_id == there.instance_id

        await again.elsewhere.leave()
        await until(again.connection.changed, lambda: again.connection.state == "connected", 20)
        assert again.supervisor.ours and again.connection.gateway.instance_id != there.instance_id
        assert (keys.get(f"gateway {there.url}"), again.elsewhere.address) == (None, "")
        await again.supervisor.close()


async def test_what_does_not_work_changes_nothing(owner: QObject, machine: Path, until: Any, dead_url: str) -> None:
    async with real(owner, machine) as (theirs, _):
        theirs.start()
        await until(theirs.changed, lambda: theirs.state == "running", 20)
        there = await find_gateway(machine / "p.json")
        w = Window(owner, machine / "window", MemoryStore())
        for address, key, error in (
            ("not an address", None, BadInput),
            (dead_url, SecretStr("x"), Unreachable),
            (there.url, SecretStr("wrong"), KeyRefused),
            (there.url, None, KeyRefused),
        ):
            with pytest.raises(error):
                await w.elsewhere.use(address, key)
        assert (w.elsewhere.address, w.supervisor.state) == ("", "stopped")


async def test_a_locked_keyring_is_told_and_the_key_is_used_all_the_same(
    owner: QObject, machine: Path, until: Any
) -> None:
    async with real(owner, machine) as (theirs, _):
        theirs.start()
        await until(theirs.changed, lambda: theirs.state == "running", 20)
        there = await find_gateway(machine / "p.json")
        w = Window(owner, machine / "window", Locked())
        await w.elsewhere.use(there.url, there.key)
        await until(w.elsewhere.changed, lambda: w.elsewhere.unkept is not None)
        await until(w.connection.changed, lambda: w.connection.state == "connected", 20)
        await w.supervisor.close()

        again = Window(owner, machine / "window", Locked())
        with pytest.raises(SecretError, match="locked"):
            await again.elsewhere.begin()
        await until(again.connection.changed, lambda: again.connection.state == "lost", 20)
        assert again.supervisor.state == "remote"
        await again.elsewhere.leave()
        assert again.elsewhere.address == ""
        await again.supervisor.close()


async def test_giving_up_the_question_leaves_nothing_half_done(owner: QObject, machine: Path, until: Any) -> None:
    async with real(owner, machine) as (theirs, _):
        theirs.start()
        await until(theirs.changed, lambda: theirs.state == "running", 20)
        there = await find_gateway(machine / "p.json")
        w = Window(owner, machine / "window", MemoryStore())
        asked = asyncio.ensure_future(w.elsewhere.use(there.url, there.key))
        await until(w.local.changed, lambda: w.elsewhere.address == there.url)
        asked.cancel()
        await until(w.connection.changed, lambda: w.connection.state == "connected", 20)
        assert w.supervisor.state == "remote"
        await w.supervisor.close()
