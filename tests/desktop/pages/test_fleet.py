"""The page Fleet, fed through its stores: cards and lines, keys, remedies, what is asked of the gateway."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from starlette.responses import JSONResponse

from boocontrol.client import GatewayClient
from boocontrol.core.api import HealthCheck, Host, LoadedModel, RegistryProblem
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BooError
from boocontrol.desktop.itemmodels.host_words import fleet_line
from boocontrol.desktop.itemmodels.hosts import HostsItemModel, host_mime
from boocontrol.desktop.pages.fleet import FleetPage
from boocontrol.desktop.pages.fleet_card import CardValue, HostCard
from boocontrol.desktop.pages.fleet_health import ticks_of
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import Theme, palette_of
from boocontrol.desktop.tokens import LIGHT
from boocontrol.desktop.widgets import Button
from tests.desktop.itemmodels.fleets import NOW, catalog, provider

Key = Qt.Key
Made = Callable[..., FleetPage]


def host(name: str, state: str = "up", **more: Any) -> Host:
    given: dict[str, Any] = {"kind": "llama-swap", "location": "local", "enabled": True, "often_off": False}
    given |= {"base_url": f"http://{name}:8080", "since": NOW, "as_of": NOW, "models": 3}
    return Host(id=name, label=name, state=state, **(given | more))


def five() -> list[Host]:
    loaded = (LoadedModel(ref="gpu/qwen3", state="ready"), LoadedModel(ref="gpu/gemma", state="starting"))
    return [
        host("gpu", "busy", in_flight=3, loaded=loaded, latency_ms=4.0),
        host("mac"),
        host("laptop", "degraded", reason="Slow: answers take 2.4 s."),
        host("attic", "down", reason="No answer within 2 s."),
        host("nas", "needs_key", reason="The host refuses the key."),
    ]


@pytest.fixture
def opened_urls() -> list[str]:
    return []


@pytest.fixture
def made(qtbot: Any, qapp: QApplication, stores: Stores, opened_urls: list[str]) -> Made:
    def make(hosts: list[Host] | None = None, given: Catalog | None = None) -> FleetPage:
        qapp.setPalette(palette_of(LIGHT))
        stores.connection.take("connected")
        stores.catalog.take(
            given or catalog(provider("gpu", "qwen3"), provider("attic", "old-1", "old-2", state="down"))
        )
        stores.fleet.take(five() if hosts is None else hosts)
        page = FleetPage(
            stores, clock=lambda: NOW.timestamp() + 60, open_url=lambda url: opened_urls.append(url.toString())
        )
        qtbot.addWidget(page)
        page.resize(1100, 800)
        page.show()
        return page

    return make


def test_a_card_for_each_host_and_the_fleet_in_a_line(made: Made) -> None:
    page = made()
    assert [card.host_id for card in page.cards.cards()] == ["gpu", "mac", "laptop", "attic", "nas"]
    assert page.head.subline.text() == "5 hosts: 2 up, 1 degraded, 1 down, 1 needs key"
    assert page.summary.text() == "3 requests now"
    gpu = page.cards.card("gpu")
    assert gpu.word.text() == "Busy" and gpu.seen.count.text() == "3" and gpu.seen.requests.text() == "requests"
    assert gpu.seen.age.text() == "1 min ago" and "gpu, Busy" in gpu.accessibleName()
    assert gpu.middle.currentWidget() is gpu.loaded


def test_a_host_that_is_down_says_why_and_what_it_had(made: Made) -> None:
    card = made().cards.card("attic")
    assert card.middle.currentWidget() is card.problem
    assert "No answer within 2 s." in card.problem.words.text()
    assert card.seen.requests.text() == "Requests unknown"
    assert [chip.text() for chip in card.problem.last.chips if chip.isVisible()] == ["old-1", "old-2"]


def test_what_is_typed_stays_through_news(made: Made, stores: Stores, qtbot: Any) -> None:
    page = made()
    card = page.cards.card("nas")
    qtbot.keyClicks(card.key.field, "sec")
    stores.fleet.take([*five()[:4], host("nas", "needs_key", reason="Again.")])
    assert page.cards.card("nas") is card and card.key.field.text() == "sec"


def test_old_news_is_greyed_and_stays(made: Made, stores: Stores) -> None:
    page = made()
    stores.connection.take("lost")
    gpu = page.cards.card("gpu")
    assert gpu.word.text() == "was busy" and gpu.shape.state == "unknown" and gpu.name.property("tone") == "faint"
    assert not page.notice.isVisible(), "the window says it, once"
    assert page.summary.text() == "" and "now" not in gpu.why.text()
    assert page.cards.card("nas").word.text() == "needed a key"


def test_all_down_at_once_means_offline(made: Made) -> None:
    page = made([host("a", "down"), host("b", "down")])
    assert "seems offline" in page.notice.words.text()


def test_a_broken_file_is_told_and_nothing_is_added_then(made: Made, stores: Stores) -> None:
    page = made()
    problem = RegistryProblem(message="A comma is missing.", advice="Mend it.", line=22, column=7)
    stores.providers.take(None, error=problem)
    assert "Line 22, column 7" in page.notice.words.text() and not page.add.isEnabled()
    assert page.head.subline.text() == "5 hosts, from the last good list"


def test_empty_and_filtered(made: Made, stores: Stores, qtbot: Any) -> None:
    page = made([])
    assert page.empty.title.text() == "No hosts yet"
    stores.fleet.take(five())
    page.search.setText("nothing")
    assert "nothing" in page.empty.title.text()
    page.search.setText("att")
    assert [card.host_id for card in page.cards.cards()] == ["attic"]


def test_many_hosts_are_lines(made: Made, qtbot: Any) -> None:
    page = made([host(f"h{n}", "down" if n % 3 else "up") for n in range(100)])
    assert page.list.isVisible() and page.item_model.rowCount() == 100
    opened: list[str] = []
    page.open_asked.connect(opened.append)
    page.list.setCurrentIndex(page.item_model.index(4))
    qtbot.keyClick(page.list, Key.Key_Return)
    assert opened == ["h4"]
    page.grab()


def test_twelve_hosts_are_cards_and_narrow_ones_have_fewer_ticks(made: Made) -> None:
    page = made([host(f"h{n}", "down") for n in range(12)])
    assert len(page.cards.cards()) == 12
    page.resize(800, 600)
    page.grab()
    assert page.cards.cards()[0].seen.health.width() < 100


def test_news_of_one_host_are_shown_by_its_card_alone(
    made: Made, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = made()
    shown: list[str] = []
    show = HostCard.show_value

    def counted(card: HostCard, value: CardValue) -> None:
        shown.append(card.host_id)
        show(card, value)

    monkeypatch.setattr(HostCard, "show_value", counted)
    stores.fleet.take([h.model_copy(update={"version": "999"} if h.id == "gpu" else {}) for h in stores.fleet.hosts])
    assert shown == ["gpu"]
    card = page.cards.card("gpu")
    assert card is not None and "v999" in f"{card.why.text()} {card.how.text()}"


def test_the_keyboard_opens_adds_and_filters(made: Made, qtbot: Any) -> None:
    page = made()
    told: list[object] = []
    page.open_asked.connect(told.append)
    page.add_host_asked.connect(lambda: told.append("add"))
    card = page.cards.card("mac")
    card.setFocus()
    qtbot.keyClick(card, Key.Key_Return)
    qtbot.keyClick(card, Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(card, "/")
    assert told == ["mac", "add"] and page.focusWidget() is page.search


def test_the_menu(made: Made, opened_urls: list[str]) -> None:
    page = made()
    edited: list[str] = []
    page.edit_asked.connect(edited.append)
    menu = {a.text(): a for a in page.menu_for(five()[1]).actions() if a.text()}
    assert list(menu) == [
        "Open", "Test", "Pause", "Open its web UI", "Copy base URL", "Make it the default", "Edit…", "Remove",
    ]  # fmt: skip
    menu["Open its web UI"].trigger()
    menu["Copy base URL"].trigger()
    menu["Edit…"].trigger()
    assert [QUrl(u).host() for u in opened_urls] == ["mac"] and edited == ["mac"]
    assert QGuiApplication.clipboard().text() == "http://mac:8080"


async def test_a_key_is_sent_once_and_not_kept(made: Made, stores: Stores, stub: Any, until: Any, qtbot: Any) -> None:
    page = made()
    card = page.cards.card("nas")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        qtbot.keyClicks(card.key.field, "secret")
        qtbot.keyClick(card.key.field, Key.Key_Return)
        assert card.key.field.text() == ""
        await until(stores.providers.changed)
    assert ("PUT", "/api/providers/nas/key", {"key": "secret"}) in stub.seen


async def test_removing_can_be_undone(made: Made, stores: Stores, stub: Any, until: Any) -> None:
    page = made([host("gpu-box"), host("attic")])
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        page.desk.remove(page._stores.fleet.hosts[1])
        await until(page.desk.removed)
        assert page.undo_bar.isVisible() and "attic" in page.undo_bar.words.text()
        assert [p["id"] for p in stub.document["providers"]] == ["gpu-box"]
        page.undo_bar.button.click()
        await until(stores.providers.changed, lambda: len(stub.document["providers"]) == 2)
        assert [p["id"] for p in stub.document["providers"]] == ["gpu-box", "attic"]


async def test_moving_by_keyboard_writes_the_order(
    made: Made, stores: Stores, stub: Any, until: Any, qtbot: Any
) -> None:
    page = made([host("gpu-box"), host("attic")])
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        qtbot.keyClick(page.cards.card("attic"), Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        await until(stores.providers.changed)
        assert [p["id"] for p in stub.document["providers"]] == ["attic", "gpu-box"]


async def test_a_failure_stands_on_its_card(made: Made, stores: Stores, stub: Any, tools: Any, until: Any) -> None:
    page = made([host("gpu-box"), host("attic")])
    stub.answers["PATCH /api/providers/attic"] = lambda: tools.problem(500, "disk_full", "The disk is full.")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        page.desk.pause(page._stores.fleet.hosts[1])
        await until(page.desk.changed, lambda: "attic" in page.desk.notes)
    card = page.cards.card("attic")
    assert card.note.isVisible() and "The disk is full." in card.note.text()
    card.drop_note.click()
    assert not card.note.isVisible()


async def test_history_is_asked_for_what_is_seen(made: Made, stores: Stores, stub: Any, until: Any) -> None:
    check = {"at": "2026-03-01T12:00:00Z", "outcome": "ok", "state": "up", "latencyMs": 4.0}
    stub.answers["GET /api/hosts/gpu-box/history"] = lambda: JSONResponse({"id": "gpu-box", "checks": [check]})
    page = made([host("gpu-box")])
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        await until(page.desk.history_came, lambda: "gpu-box" in page.desk.histories)
    assert page.cards.card("gpu-box").seen.uptime.text() == "100 % up"


def test_ticks() -> None:
    def check(outcome: str, state: str = "up") -> HealthCheck:
        return HealthCheck(at=datetime.now(UTC), outcome=outcome, state=state, latency_ms=1)

    seen = [check("ok"), check("ok", "degraded"), check("refused", "needs_key"), check("failed", "down")]
    assert ticks_of(seen, 5, often_off=False) == ["unchecked", "good", "slow", "failed", "failed"]
    assert ticks_of(seen, 1, often_off=True) == ["failed_often_off"]
    assert fleet_line([]) == ""


def test_the_list_of_hosts_changes_in_place(qapp: QApplication) -> None:
    item_model = HostsItemModel()
    tester = QAbstractItemModelTester(item_model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for names in ("abc", "cab", "b", "xbyz", ""):
        item_model.take([host(name) for name in names])
        assert [item_model.index(at).data() for at in range(item_model.rowCount())] == list(names)
    item_model.take([host(name) for name in "abc"])
    asked: list[tuple[str, int]] = []
    item_model.host_dropped.connect(lambda host_id, at: asked.append((host_id, at)))
    nowhere = item_model.index(-1)
    for row in (0, 2, -1):
        item_model.dropMimeData(host_mime("a"), Qt.DropAction.MoveAction, row, 0, nowhere)
    assert asked == [("a", 0), ("a", 1), ("a", 2)]
    assert tester is not None


def test_both_themes_paint(made: Made, qapp: QApplication) -> None:
    page = made()
    theme = Theme(qapp, "light")
    light = page.grab().toImage().pixelColor(3, 3)
    theme.set_mode("dark")
    assert page.grab().toImage().pixelColor(3, 3).lightness() < light.lightness()
    qapp.setStyleSheet("")


def looks(stub: Any) -> list[str]:
    return [path for method, path, _ in stub.seen if method == "POST" and path.endswith("/refresh")]


async def test_f5_and_retry_have_the_gateway_look(made: Made, stores: Stores, stub: Any, until: Any) -> None:
    page = made([host("gpu-box"), host("attic", "down", reason="No answer.")])
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        page.refresh()
        await until(stores.fleet.changed, lambda: looks(stub) == ["/api/hosts/refresh"])
        page.cards.card("attic").problem.retry.click()
        await until(page.desk.changed, lambda: "Test passed" in str(page.desk.notes.get("attic", "")))
    assert looks(stub)[1:] == ["/api/hosts/attic/refresh"]


async def test_a_key_that_was_given_is_tested(made: Made, stores: Stores, stub: Any, until: Any) -> None:
    page = made([host("attic", "needs_key", reason="The host refuses the key.")])
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        card = page.cards.card("attic")
        card.key.field.setText("sk-new")
        card.key.save.click()
        await until(page.desk.changed, lambda: "Test passed" in str(page.desk.notes.get("attic", "")))
    assert ("PUT", "/api/providers/attic/key", {"key": "sk-new"}) in stub.seen


def test_while_the_gateway_is_started_nothing_is_wrong(qtbot: Any, stores: Stores) -> None:
    page = FleetPage(stores)
    qtbot.addWidget(page)
    page.show()
    stores.connection.take("starting")
    assert page.empty.title.text() == "Starting the gateway"
    assert not [button for button in page.empty.findChildren(Button) if button.isVisible()]
    stores.connection.take("lost", problem=BooError("Port 9503 is taken."))
    assert page.empty.title.text() == "No connection to the gateway"


def test_from_the_filter_to_a_host(made: Made, qtbot: Any) -> None:
    page = made()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    opened: list[str] = []
    page.open_asked.connect(opened.append)
    page.focus_filter()
    page.search.setText("att")
    qtbot.keyClick(page.search, Key.Key_Down)
    assert page.cards.card("attic").hasFocus() and not opened
    page.focus_filter()
    qtbot.keyClick(page.search, Key.Key_Return)
    assert opened == ["attic"]


def test_the_tab_key_goes_through_a_card_from_left_to_right(made: Made, stores: Stores) -> None:
    """Also through what came into it late: a host that was up and is down has other buttons."""
    page = made([host("den"), host("attic")])
    stores.fleet.take([host("den", "down", reason="It does not answer."), host("attic", "needs_key")], stale=False)
    den, attic = page.cards.cards()
    there = {den, den.problem.retry, den.problem.details, den.more, den.open, attic, attic.key.field, attic.more}
    order, widget = [], den.nextInFocusChain()
    while widget is not den:
        if widget in there:
            order.append(widget)
        widget = widget.nextInFocusChain()
    assert order == [den.problem.retry, den.problem.details, den.more, den.open, attic, attic.key.field, attic.more]


def test_a_card_is_told_of_another_state_though_it_is_out_of_sight(made: Made, stores: Stores) -> None:
    page = made([host(f"h{n:02}") for n in range(20)])
    last = page.cards.cards()[-1]
    assert last not in page.cards.in_view()
    stores.fleet.take([*(host(f"h{n:02}") for n in range(19)), host("h19", "busy", inFlight=2)], stale=False)
    assert last.word.text() == "Busy"
    stores.fleet.take([*(host(f"h{n:02}") for n in range(19)), host("h19", "busy", inFlight=5)], stale=False)
    assert last.seen.count.text() == "2", "its figures wait until it is seen"
    page.cards.ensureWidgetVisible(last)
    assert last in page.cards.in_view() and last.seen.count.text() == "5"
