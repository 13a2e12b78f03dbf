"""Loads on the page Models: the question before, how far they are, the way out, and why one failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from starlette.responses import JSONResponse

from boocontrol.client import GatewayClient
from boocontrol.desktop.dialogs.load_cost import LoadDialog
from boocontrol.desktop.itemmodels.model_words import ACTION, STATE
from boocontrol.desktop.pages.models import ModelsPage
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import palette_of
from boocontrol.desktop.tokens import LIGHT
from boocontrol.desktop.widgets.buttons import Button, CopyButton
from tests.desktop.itemmodels.fleets import NOW, small
from tests.desktop.itemmodels.test_load_news import MAYBE, USED, cost
from tests.desktop.pages.test_models import arrival, asked
from tests.desktop.stores.test_loads import den, load

AT = NOW.timestamp()
Told = Callable[..., None]


@pytest.fixture
def page(qtbot: Any, qapp: QApplication, stores: Stores) -> ModelsPage:
    qapp.setPalette(palette_of(LIGHT))
    stores.connection.take("connected")
    stores.catalog.take(small())
    stores.fleet.take([den()])
    made = ModelsPage(stores, clock=lambda: AT + 14)
    qtbot.addWidget(made)
    made.resize(1100, 800)
    made.show()
    made.show_model("den/gemma-3")
    return made


@pytest.fixture
def told(stub: Any) -> Told:
    def tell(*unloads: dict[str, Any]) -> None:
        answer = cost(*unloads).model_copy(update={"ref": "den/gemma-3"})
        body = answer.model_dump(mode="json", by_alias=True)
        stub.answers["GET /api/models/preview"] = lambda: JSONResponse(body)

    return tell


def cell(page: ModelsPage, ref: str, column: int) -> Any:
    return page.item_model.index_of(ref).siblingAtColumn(column).data()


def words(page: ModelsPage) -> str:
    return "\n".join(label.text() for label in page.inspector.findChildren(QLabel))


async def test_a_load_that_loses_nothing_asks_nothing(
    page: ModelsPage, stores: Stores, stub: Any, told: Told, qtbot: Any
) -> None:
    told(MAYBE)
    came = arrival(stub, "POST /api/models/load")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        qtbot.keyClick(page.tree, Qt.Key.Key_Return)
        await came
    assert page.findChild(LoadDialog) is None


async def test_what_is_in_use_is_asked_about_before_it_is_pushed_out(
    page: ModelsPage, stores: Stores, stub: Any, told: Told, qtbot: Any, until: Any
) -> None:
    told(USED)
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        qtbot.keyClick(page.tree, Qt.Key.Key_Return)
        await until(page.desk.costly)
        dialog = page.findChild(LoadDialog)
        assert dialog is not None and dialog.isVisible() and asked(stub) == []
        came = arrival(stub, "POST /api/models/load")
        dialog.load.click()
        await came
    assert asked(stub) == [("POST", "/api/models/load", {"ref": "den/gemma-3"})]


async def test_beside_the_model_stands_what_a_load_would_cost(
    page: ModelsPage, stores: Stores, stub: Any, told: Told, until: Any
) -> None:
    told(USED)
    assert "What a load would cost" not in words(page)
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        stores.fleet.take([den()])
        await until(stores.loads.cost_came)
    assert "It may unload qwen3 (2 requests run)." in words(page)
    page.show_model("den/qwen3")
    assert "What a load would cost" not in words(page)


def test_a_load_shows_how_far_it_is_and_those_behind_it_wait(page: ModelsPage, stores: Stores) -> None:
    starting = {"ref": "den/gemma-3", "state": "starting", "since": NOW, "usual_load_s": 38.0}
    queue = [{"ref": "den/nomic", "asked_at": NOW}]
    stores.fleet.take([den(loaded=[starting], queue=queue)])
    assert (cell(page, "den/gemma-3", STATE), cell(page, "den/gemma-3", ACTION)) == ("starting, 14 of 38 s", "Cancel")
    assert (cell(page, "den/nomic", STATE), cell(page, "den/nomic", ACTION)) == ("queued", "Cancel")
    assert "starting, 14 of 38 s" in words(page)
    page.show_model("den/nomic")
    assert "queued behind gemma-3" in words(page)


async def test_a_load_that_waits_is_cancelled_and_not_unloaded(
    page: ModelsPage, stores: Stores, stub: Any, qtbot: Any
) -> None:
    stores.fleet.take([den(load("queued").model_copy(update={"ref": "den/gemma-3"}), queue=[QUEUED])])
    came = arrival(stub, "POST /api/models/cancel")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        qtbot.keyClick(page.tree, Qt.Key.Key_Delete)
        await came
    assert asked(stub) == [("POST", "/api/models/cancel", {"ref": "den/gemma-3"})]


QUEUED = {"ref": "den/gemma-3", "asked_at": NOW}


async def test_a_failed_load_says_why_until_the_next_one(page: ModelsPage, stores: Stores, stub: Any) -> None:
    failed = load("failed", reason="It did not start.\nCUDA out of memory").model_copy(update={"ref": "den/gemma-3"})
    stores.fleet.take([den(failed)])
    row = page.item_model.row_at(page.item_model.index_of("den/gemma-3"))
    assert row is not None and row.problem == "It did not start. CUDA out of memory"
    copy = next(b for b in page.inspector.findChildren(CopyButton) if b.accessibleName() == "Copy details")
    copy.copy()
    assert QGuiApplication.clipboard().text() == "It did not start. CUDA out of memory"
    came = arrival(stub, "POST /api/models/load")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        retry = page.inspector.findChild(Button, "retry")
        assert retry is not None
        retry.click()
        await came
        assert not page.desk.troubles
    stores.fleet.take([den(load("loading", began_at=NOW).model_copy(update={"ref": "den/gemma-3"}))])
    assert cell(page, "den/gemma-3", STATE) == "asked, 14 s"
