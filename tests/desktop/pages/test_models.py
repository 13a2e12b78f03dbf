"""The page Models, fed through its stores: keys, clicks, what is asked of the gateway, what stands where."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication
from starlette.responses import JSONResponse

from boocontrol.client import GatewayClient
from boocontrol.core.api import Status
from boocontrol.core.catalog import Catalog
from boocontrol.desktop.dialogs.confirm import CutDialog
from boocontrol.desktop.itemmodels.model_words import ACTION, STAR, STATE
from boocontrol.desktop.pages.models import ModelsPage
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import Theme, palette_of
from boocontrol.desktop.tokens import LIGHT
from boocontrol.desktop.widgets.buttons import IconButton
from tests.desktop.dialogs.fakes import idle
from tests.desktop.itemmodels.fleets import catalog, large, provider, small

Key = Qt.Key
Made = Callable[..., ModelsPage]
Asked = list[tuple[str, str, Any]]


@pytest.fixture
def made(qtbot: Any, qapp: QApplication, stores: Stores) -> Made:
    def make(given: Catalog | None = None, favorites: tuple[str, ...] = ()) -> ModelsPage:
        qapp.setPalette(palette_of(LIGHT))
        stores.connection.take("connected")
        stores.catalog.take(given or small())
        stores.favorites.take(favorites)
        page = ModelsPage(stores, clock=lambda: 1000.0)
        qtbot.addWidget(page)
        page.resize(1100, 800)
        page.show()
        return page

    return make


def asked(stub: Any) -> Asked:
    """What was asked of the gateway, without what was only read."""
    return [(method, path, body) for method, path, body in stub.seen if method != "GET"]


def click(qtbot: Any, page: ModelsPage, ref: str, column: int, section: str | None = None) -> None:
    index = page.item_model.index_of(ref, section).siblingAtColumn(column)
    area = page.tree.visualRect(index)
    place = area.center() if column != ACTION else QPoint(area.right() - 30, area.center().y())
    qtbot.mouseClick(page.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)


def arrival(stub: Any, route: str) -> asyncio.Future[None]:
    """Done when the stub got this request; it then says yes."""
    loop = asyncio.get_running_loop()
    came: asyncio.Future[None] = loop.create_future()

    def answer() -> JSONResponse:
        loop.call_soon_threadsafe(came.set_result, None)
        return JSONResponse({"asked": ["x"]}, 202)

    stub.answers[route] = answer
    return came


async def opened(stores: Stores, stub: Any, page: ModelsPage, tools: Any) -> GatewayClient:
    client = GatewayClient(stub.url, "test-gateway-key")
    stub.settings = {"favorite_models": list(stores.favorites.refs)}
    stores.connection.take("connected", client=client)
    return client


def test_what_is_shown(made: Made) -> None:
    page = made(favorites=("den/qwen3",))
    assert page.head.subline.text() == "6 on 3 hosts, 1 loaded"
    assert [str(h.data()) for h in page.item_model.section_indexes()] == ["Favorites", "den", "mac", "attic"]
    assert all(page.tree.isExpanded(h) for h in page.item_model.section_indexes())
    assert page.show_model("den/qwen3")
    assert page.inspector.accessibleName() and page.tree.accessibleName()


def test_typing_finds_and_enter_goes_to_the_first(made: Made, qtbot: Any) -> None:
    page = made()
    page.tree.setFocus()
    qtbot.keyClick(page.tree, "/")
    assert page.focusWidget() is page.filters.search
    qtbot.keyClicks(page.filters.search, "coder")
    assert page.item_model.hidden == 5
    qtbot.keyClick(page.filters.search, Key.Key_Return)
    assert page.focusWidget() is page.tree and page.tree.current_row().ref == "mac/coder"
    page.filters.clear()
    assert page.item_model.hidden == 0 and page.tree.current_row().ref == "mac/coder"


def test_folded_sections_stay_folded_through_news_and_searches(made: Made, stores: Stores) -> None:
    page = made()
    den = list(page.item_model.section_indexes())[1]
    page.tree.collapse(den)
    page.filters.search.setText("qwen")
    assert page.tree.isExpanded(list(page.item_model.section_indexes())[0])
    page.filters.clear()
    stores.catalog.take(small())
    assert [page.tree.isExpanded(h) for h in page.item_model.section_indexes()][1:] == [False, True, True]


def test_another_text_for_each_cause_of_emptiness(made: Made, stores: Stores) -> None:
    page = made()
    page.filters.search.setText("qwenn")
    assert page.empty.isVisible() and "qwenn" in page.empty.title.text()
    page.filters.clear()
    page.filters.favorites.setChecked(True)
    assert page.empty.title.text() == "No favorites yet"
    page.filters.clear()
    assert page.splitter.isVisible()
    stores.catalog.take(Catalog())
    assert page.empty.title.text() == "No hosts yet"


def test_lost_gateway_greys_and_offers_nothing(made: Made, stores: Stores) -> None:
    page = made(favorites=("den/qwen3",))
    stores.connection.take("lost")
    index = page.item_model.index_of("den/qwen3", "den")
    assert index.siblingAtColumn(STATE).data() == "was ready" and not index.siblingAtColumn(ACTION).data()


def test_rows_do_not_move_under_the_pointer_when_a_favorite_comes(made: Made, stores: Stores) -> None:
    page = made(large(20, 10))
    bar = page.tree.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    index = page.tree.indexAt(QPoint(60, 0))
    ref, top = page.item_model.row_at(index).ref, page.tree.visualRect(index).top()
    stores.favorites.take(("host-000/model-01", "host-000/model-02"))
    now = page.item_model.index_of(ref, ref.partition("/")[0])
    assert page.tree.visualRect(now).top() == top


async def test_enter_loads_and_shows_asked_until_the_host_tells(
    made: Made, stores: Stores, stub: Any, tools: Any, until: Any, qtbot: Any
) -> None:
    page = made()
    async with await opened(stores, stub, page, tools):
        page.show_model("den/gemma-3")
        came = arrival(stub, "POST /api/models/load")
        qtbot.keyClick(page.tree, Key.Key_Return)
        await until(stores.actions.changed, lambda: bool(stores.actions.asked))
        assert str(page.item_model.index_of("den/gemma-3").siblingAtColumn(STATE).data()).startswith("asked")
        await came
        assert asked(stub) == [("POST", "/api/models/load", {"ref": "den/gemma-3"})]


async def test_delete_asks_first_when_requests_would_be_cut(
    made: Made, stores: Stores, stub: Any, tools: Any, until: Any, qtbot: Any
) -> None:
    page = made()
    request = {"id": "1", "ref": "den/qwen3", "provider": "den", "endpoint": "/v1/chat/completions"}
    request |= {"client": "opencode", "startedAt": "2026-03-01T12:00:00Z"}
    busy = {"error": {"message": "2 run.", "type": "x", "code": "busy"}, "requests": [request]}
    stub.answers["POST /api/models/unload"] = lambda: JSONResponse(busy, 409)
    async with await opened(stores, stub, page, tools):
        page.show_model("den/qwen3")
        qtbot.keyClick(page.tree, Key.Key_Delete)
        await until(page.desk.guarded)
        dialog = page.findChild(CutDialog)
        assert dialog is not None and dialog.isVisible() and dialog.safe.isDefault()
        came = arrival(stub, "POST /api/models/unload")
        dialog.accept()
        await came
    assert [body for _, _, body in asked(stub)] == [{"ref": "den/qwen3"}, {"ref": "den/qwen3", "force": True}]


async def test_a_star_that_is_not_saved_goes_back_and_says_so(
    made: Made, stores: Stores, stub: Any, tools: Any, until: Any, qtbot: Any
) -> None:
    page = made()
    stub.answers["PATCH /api/settings"] = lambda: tools.problem(500, "disk_full", "The disk is full.")
    async with await opened(stores, stub, page, tools):
        click(qtbot, page, "den/gemma-3", STAR)
        assert page.item_model.row_at(page.item_model.index_of("den/gemma-3", "den")).favorite
        await until(page.desk.changed, lambda: bool(page.desk.star_troubles))
        row = page.item_model.row_at(page.item_model.index_of("den/gemma-3", "den"))
        assert not row.favorite and row.star_problem == "Star not saved, put back."


async def test_s_stars_and_somebody_elses_change_meanwhile_is_kept(
    made: Made, stores: Stores, stub: Any, tools: Any, until: Any, qtbot: Any
) -> None:
    page = made()
    stub.meanwhile.append(lambda: stub.settings.update(favorite_models=["mac/coder"]))
    async with await opened(stores, stub, page, tools):
        page.show_model("den/gemma-3")
        qtbot.keyClick(page.tree, Key.Key_S)
        await until(stores.favorites.changed, lambda: stores.favorites.refs == ("mac/coder", "den/gemma-3"))
        assert stub.settings["favorite_models"] == ["mac/coder", "den/gemma-3"]


async def test_alt_arrows_reorder_favorites(
    made: Made, stores: Stores, stub: Any, tools: Any, until: Any, qtbot: Any
) -> None:
    page = made(favorites=("den/qwen3", "mac/coder"))
    async with await opened(stores, stub, page, tools):
        page.tree.select("den/qwen3", "")
        qtbot.keyClick(page.tree, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        assert stores.favorites.refs == ("mac/coder", "den/qwen3")
        assert page.tree.current_row().ref == "den/qwen3" and page.tree.currentIndex().row() == 1
        await until(stores.settings.changed, lambda: stub.settings["favorite_models"][0] == "mac/coder")


async def test_alt_arrows_pass_what_is_seen_while_something_is_searched(
    made: Made, stores: Stores, stub: Any, tools: Any, qtbot: Any
) -> None:
    page = made(favorites=("den/qwen3", "den/nomic", "mac/coder"))
    async with await opened(stores, stub, page, tools):
        page.filters.search.setText("o")
        page.tree.select("den/nomic", "")
        qtbot.keyClick(page.tree, Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert stores.favorites.refs == ("den/qwen3", "den/nomic", "mac/coder"), "it is the first that is seen"
        qtbot.keyClick(page.tree, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        assert stores.favorites.refs == ("den/qwen3", "mac/coder", "den/nomic")


def test_copying(made: Made, stores: Stores, tools: Any, qtbot: Any) -> None:
    page = made()
    told = {"version": "1", "instanceId": "i", "startedAt": "2026-11-22T16:12:50Z", "uptimeS": 1.0}
    told |= {"url": "http://127.0.0.1:9503", "registry": {"path": "/p", "source": "file", "stamp": "1"}}
    told |= {"counts": {"providers": 1, "up": 1, "models": 1, "inFlight": 0}}
    stores.status.take(Status.model_validate(told))
    page.show_model("den/qwen3")
    qtbot.keyClick(page.tree, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "den/qwen3"
    curl = page.desk.curl("den/it's")
    assert "http://127.0.0.1:9503/v1/chat/completions" in curl and "'\\''" in curl and "$BOOCONTROL_KEY" in curl
    menu = page.menu_for(page.tree.current_row())
    names = [action.text() for action in menu.actions() if action.text()]
    assert names == ["Load", "Unload", "Add to Favorites", "Copy id", "Copy base URL", "Copy curl"]


def test_the_same_model_side_by_side(made: Made) -> None:
    page = made()
    page.show_model("den/qwen3")
    places = [row.label for row in page.inspector._shown.everywhere]
    assert places == ["den", "mac"]
    page.inspector.closed.emit()
    assert not page.inspector.isVisible() and page.focusWidget() is page.tree


async def test_dead_hosts_and_many_models(made: Made) -> None:
    page = made(
        catalog(*(provider(f"h{n}", *(f"m{i}" for i in range(50)), state="down", stale=True) for n in range(100)))
    )
    await idle(lambda: page.head.subline.text())  # the list comes a turn after the page
    assert page.head.subline.text() == "5000 on 100 hosts, 0 loaded"
    page.filters.search.setText("h99 m49")
    assert page.item_model.hidden == 4999


def test_both_themes_paint(made: Made, qapp: QApplication) -> None:
    page = made(favorites=("den/qwen3", "attic/mistral"))
    theme = Theme(qapp, "light")
    light = page.grab().toImage().pixelColor(3, 3)
    theme.set_mode("dark")
    assert page.grab().toImage().pixelColor(3, 3).lightness() < light.lightness()
    qapp.setStyleSheet("")


async def test_the_action_word_acts_and_titles_fold(
    made: Made, stores: Stores, stub: Any, tools: Any, qtbot: Any
) -> None:
    page = made()
    async with await opened(stores, stub, page, tools):
        came = arrival(stub, "POST /api/models/load")
        click(qtbot, page, "den/nomic", ACTION)
        await came
    assert asked(stub)[0][2] == {"ref": "den/nomic"}
    title = list(page.item_model.section_indexes())[1]
    qtbot.mouseClick(page.tree.viewport(), Qt.MouseButton.LeftButton, pos=page.tree.visualRect(title).center())
    assert not page.tree.isExpanded(title)


def test_what_came_while_hidden_is_shown_with_the_page(made: Made, stores: Stores) -> None:
    page = made()
    page.hide()
    stores.catalog.take(catalog(provider("new", "model")))
    assert page.item_model.index_of("den/qwen3").isValid()
    page.show()
    assert page.item_model.index_of("new/model").isValid()


async def test_the_star_of_the_inspector_outlives_its_own_click(
    made: Made, stores: Stores, stub: Any, tools: Any, until: Any, qtbot: Any
) -> None:
    page = made()
    async with await opened(stores, stub, page, tools):
        page.show_model("den/gemma-3")
        for wanted in (("den/gemma-3",), ()):
            star = page.inspector.findChild(IconButton, "star")
            qtbot.mouseClick(star, Qt.MouseButton.LeftButton)
            assert stores.favorites.refs == wanted
            await until(stores.settings.changed, lambda: stub.settings["favorite_models"] == list(wanted))  # noqa: B023
            await asyncio.sleep(0)


async def test_unload_all_that_fails_is_told_above_the_list(
    made: Made, stores: Stores, stub: Any, tools: Any, until: Any
) -> None:
    page = made()
    stub.answers["POST /api/models/unload"] = lambda: tools.problem(502, "host_failed", "The host said no.")
    async with await opened(stores, stub, page, tools):
        page.desk.unload_all()
        await until(page.desk.changed, lambda: "" in page.desk.troubles)
    assert page.notice.isVisible() and "The host said no." in page.notice.words.text()


def test_from_the_search_into_the_list_and_out(made: Made, qtbot: Any) -> None:
    page = made()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    search = page.filters.search
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        page.focus_filter()
        search.setText("qwen")
        qtbot.keyClick(search, key)
        assert page.tree.hasFocus() and "qwen" in page.tree.current_row().ref
    page.focus_filter()
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert not search.text() and search.hasFocus(), "first it is cleared"
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert page.tree.hasFocus(), "then it is left"


def test_what_comes_first_is_seen_at_the_top(made: Made, stores: Stores, qtbot: Any) -> None:
    """At the start hosts come in any order, and the pointer may happen to lie over the list."""
    page = made(catalog(provider("z", *(f"m{n}" for n in range(40)))))
    place = page.tree.viewport().mapToGlobal(page.tree.viewport().rect().center())
    QCursor.setPos(place)
    more = [provider(name, *(f"m{n}" for n in range(9))) for name in "abc"]
    stores.catalog.take(catalog(*more, provider("z", *(f"m{n}" for n in range(40)))))
    assert page.tree.verticalScrollBar().value() == 0
