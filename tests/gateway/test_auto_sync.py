"""opencode's file follows the inventory, if the user wants that and wrote it once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from boocontrol.agents.export import Machine, OpencodeFile
from boocontrol.agents.keys import FileKey
from boocontrol.agents.offers import Choice
from boocontrol.agents.opencode import Export
from boocontrol.core import Catalog
from boocontrol.gateway.auto_sync import AutoSync

from .conftest import Start


class Clock:
    """Calls that are made when the test says so."""

    def __init__(self) -> None:
        self.due: list[Callable[[], object]] = []

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Any:
        self.due = [callback]
        return asyncio.get_running_loop().call_later(3600, lambda: None)

    def strike(self) -> None:
        due, self.due = self.due, []
        for callback in due:
            callback()


def catalog(*refs: str) -> Catalog:
    models = [{"ref": r, "wireId": r.split("/", 1)[1], "contextLength": 8192} for r in refs]
    return Catalog.model_validate({"providers": [{"id": "den", "label": "Den", "state": "up", "models": models}]})


class Fixed:
    """An inventory that the test sets."""

    now = catalog("den/a")

    def catalog(self) -> Catalog:
        return self.now


class Desk:
    """A gateway's state, an auto-sync with the test's clock, and the file."""

    def __init__(self, tmp_path: Path, state: Any) -> None:
        state.inventory = self.inventory = Fixed()
        self.state = state
        self.clock = Clock()
        machine = Machine(tmp_path, tmp_path, tmp_path / "data", {})
        self.file = OpencodeFile(machine, processes=list)
        self.key = tmp_path / "gateway.key"
        self.key.write_text("k")
        self.sync = AutoSync(state, self.file, tmp_path, self.key, self.clock)
        self.path = tmp_path / ".config/opencode/opencode.jsonc"

    def export(self, choice: Choice = Choice()) -> None:  # noqa: B008
        key = FileKey(self.key)
        home = self.path.parents[2]
        wanted = Export(self.inventory.now, self.state.url, key, home, choice=choice)
        self.file.write(self.file.look(wanted))

    def models(self) -> set[str]:
        return set(json.loads(self.path.read_text())["provider"]["boocontrol"]["models"])

    async def settle(self) -> None:
        self.clock.strike()
        await self.sync.stop()


@pytest.fixture
async def desk(house: Start, tmp_path: Path):
    async with house() as h:
        desk = Desk(tmp_path, h.gateway.state)
        h.gateway.set(auto_sync=True)
        yield desk
        await desk.sync.stop()


async def test_a_new_model_is_added_after_the_last_change(desk: Desk) -> None:
    desk.export()
    for refs in (["den/a", "den/b"], ["den/a", "den/b", "den/c"]):
        desk.inventory.now = catalog(*refs)
        desk.sync.changed()
    assert len(desk.clock.due) == 1
    await desk.settle()
    assert desk.models() == {"den/a", "den/b", "den/c"}


async def test_nothing_new_is_not_even_looked_at(desk: Desk) -> None:
    desk.export()
    desk.sync.changed()
    await desk.settle()
    before = desk.path.stat().st_mtime_ns
    desk.inventory.now = catalog("den/a")
    desk.sync.changed()
    await desk.settle()
    assert desk.path.stat().st_mtime_ns == before


async def test_it_never_makes_a_file_that_the_user_did_not(desk: Desk) -> None:
    desk.sync.changed()
    await desk.settle()
    assert not desk.path.exists()


async def test_off_means_off(desk: Desk) -> None:
    desk.export()
    desk.state.settings = desk.state.settings.model_copy(update={"auto_sync": False})
    desk.inventory.now = catalog("den/b")
    desk.sync.changed()
    assert not desk.clock.due


async def test_the_users_choice_stays(desk: Desk) -> None:
    desk.export(Choice(kind="models", ids=("den/a",)))
    desk.inventory.now = catalog("den/a", "den/b")
    desk.sync.changed()
    await desk.settle()
    assert desk.models() == {"den/a"}


async def test_a_file_for_another_gateway_is_left_alone(desk: Desk) -> None:
    desk.export()
    desk.state.url = "http://127.0.0.1:1"
    desk.inventory.now = catalog("den/b")
    desk.sync.changed()
    await desk.settle()
    assert desk.models() == {"den/a"}


async def test_a_broken_file_is_left_alone_and_tried_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.export()
    good = desk.path.read_text()
    desk.path.write_text("{ mine")
    desk.inventory.now = catalog("den/a", "den/b")
    desk.sync.changed()
    await desk.settle()
    assert desk.path.read_text() == "{ mine"
    assert "left opencode's file alone" in caplog.text
    desk.path.write_text(good)
    desk.sync.changed()
    await desk.settle()
    assert desk.models() == {"den/a", "den/b"}
