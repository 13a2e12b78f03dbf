"""Control on the Fleet page and the page of a host: waiting loads, failed ones with Retry, waking and its failure."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from starlette.responses import JSONResponse

from boocontrol.client import GatewayClient
from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.confirm import CutDialog
from boocontrol.desktop.dialogs.load_cost import LoadDialog
from boocontrol.desktop.pages.fleet_rooms import FleetRooms
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import palette_of
from boocontrol.desktop.tokens import LIGHT
from tests.desktop.itemmodels.fleets import NOW, small
from tests.desktop.itemmodels.test_load_news import USED, cost
from tests.desktop.pages.test_models import arrival, asked
from tests.desktop.stores.test_loads import den, load

AT = NOW.timestamp()
MAC = "00:1a:2b:3c:4d:5e"


@pytest.fixture
def rooms(qtbot: Any, qapp: QApplication, stores: Stores) -> FleetRooms:
    qapp.setPalette(palette_of(LIGHT))
    stores.connection.take("connected")
    stores.catalog.take(small())
    stores.fleet.take([den()])
    made = FleetRooms(stores, clock=lambda: AT + 14)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def test_a_load_that_waits_says_behind_what_in_both_places(rooms: FleetRooms, stores: Stores) -> None:
    starting = {"ref": "den/qwen3", "state": "starting", "since": NOW, "usual_load_s": 38.0}
    stores.fleet.take([den(loaded=[starting], queue=[{"ref": "den/gemma-3", "asked_at": NOW}])])
    card = rooms.fleet.cards.card("den")
    assert card is not None
    first, second = card.loaded.lines[:2]
    assert (first.about.text(), second.about.text()) == ("14 of 38 s", "queued behind qwen3")
    assert second.cancel.isVisible()
    rooms.show_host("den")
    assert [row.age.text() for row in rooms.host.overview.loaded.rows] == [
        "starting, 14 of 38 s",
        "queued behind qwen3",
    ]


async def test_a_failed_load_of_others_is_told_on_the_host_and_tried_again(
    rooms: FleetRooms, stores: Stores, stub: Any
) -> None:
    stores.fleet.take([den(load("failed", by="cli", reason="No memory."))])
    card = rooms.fleet.cards.card("den")
    assert card is not None and card.note.text() == "qwen3: No memory."
    rooms.show_host("den")
    loaded = rooms.host.overview.loaded
    assert loaded.trouble.isVisible() and "qwen3: No memory." in loaded.trouble.words.text()
    came = arrival(stub, "POST /api/models/load")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        loaded.retry.click()
        await came
        assert not rooms.fleet.models.troubles


async def test_a_failed_unload_is_tried_again_as_an_unload(
    rooms: FleetRooms, stores: Stores, stub: Any, tools: Any, until: Any
) -> None:
    stub.answers["POST /api/models/unload"] = lambda: tools.problem(502, "host_failed", "The host said no.")
    desk = rooms.fleet.models
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        desk.unload("den/qwen3")
        await until(desk.changed, lambda: "den/qwen3" in desk.troubles)
        came = arrival(stub, "POST /api/models/unload")
        desk.retry("den/qwen3")
        await came
    assert {path for _, path, _ in asked(stub)} == {"/api/models/unload"}


async def test_the_page_of_a_host_asks_before_it_pushes_out(
    rooms: FleetRooms, stores: Stores, stub: Any, until: Any
) -> None:
    answer = cost(USED).model_copy(update={"ref": "den/gemma-3"}).model_dump(mode="json", by_alias=True)
    stub.answers["GET /api/models/preview"] = lambda: JSONResponse(answer)
    rooms.show_host("den")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        menu = rooms.host.load_menu(rooms.host)
        next(action for action in menu.actions() if action.text() == "gemma-3").trigger()
        await until(rooms.fleet.models.costly)
    assert rooms.findChild(LoadDialog) is not None and asked(stub) == []


async def test_unloading_a_host_names_the_requests_of_others(
    rooms: FleetRooms, stores: Stores, stub: Any, tools: Any, until: Any
) -> None:
    runs = {"id": "", "ref": "den/", "provider": "den", "endpoint": "", "client": "other", "ours": False}
    runs["startedAt"] = "2026-03-01T12:00:00Z"
    stub.answers["POST /api/models/unload"] = lambda: tools.problem(409, "busy", "1 runs.", requests=[runs])
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        rooms.fleet.models.unload_host("den")
        await until(rooms.fleet.models.guarded)
    dialog = rooms.findChild(CutDialog)
    assert dialog is not None and dialog.windowTitle() == "Unload den?"
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert {"other", "den"} <= set(said) and dialog.safe.isDefault()


def test_waking_is_shown_and_a_host_that_does_not_come_is_said(rooms: FleetRooms, stores: Stores) -> None:
    stores.fleet.take([den(state="down", mac_address=MAC)])
    card = rooms.fleet.cards.card("den")
    assert card is not None and card.problem.wake.isVisible() and card.problem.wake.isEnabled()
    stores.fleet.take([den(state="down", mac_address=MAC, waking_since=NOW)])
    assert card.problem.waking.text() == "Waking for 14 s" and not card.problem.wake.isEnabled()
    stores.fleet.take([den(state="down", mac_address=MAC)])
    note = rooms.fleet.desk.notes["den"]
    assert isinstance(note, BooError) and note.title == "It was woken and does not answer."
    assert card.note.isVisible() and card.problem.wake.isEnabled()


def test_a_host_that_comes_leaves_no_note(rooms: FleetRooms, stores: Stores) -> None:
    rooms.fleet.desk.notes["den"] = "A wake-up packet was sent."
    stores.fleet.take([den(state="down", mac_address=MAC, waking_since=NOW)])
    stores.fleet.take([den(mac_address=MAC)])
    assert "den" not in rooms.fleet.desk.notes
