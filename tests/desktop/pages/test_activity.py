"""The page Activity, fed through its stores and by a client that answers: what is shown, asked, cancelled, written."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from boocontrol.core.api import HostRequest
from boocontrol.core.errors import BooError
from boocontrol.core.history import ModelEvent
from boocontrol.desktop.itemmodels import activity_history as history
from boocontrol.desktop.itemmodels import activity_now as now
from boocontrol.desktop.pages.activity import ActivityPage
from boocontrol.desktop.pages.activity_delegate import cancel_rect
from boocontrol.desktop.pages.activity_desk import PAGE
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity_query import DAY, HOUR, ActivityQuery
from boocontrol.desktop.theme import Theme, palette_of
from boocontrol.desktop.tokens import LIGHT
from tests.desktop.activity_fakes import NOW, FakeClient, connect, news, row, running, telling

Key = Qt.Key
Made = Callable[..., ActivityPage]


@pytest.fixture
def made(qtbot: Any, qapp: QApplication, stores: Stores) -> Made:
    def make(client: FakeClient | None = None, *, shown: bool = True) -> ActivityPage:
        qapp.setPalette(palette_of(LIGHT))
        if client is not None:
            connect(stores, client)
        page = ActivityPage(stores, clock=NOW.timestamp)
        qtbot.addWidget(page)
        page.resize(1104, 800)
        if shown:
            page.show()
        return page

    return make


def ages(page: ActivityPage) -> list[int]:
    return [int(r.id, 16) for r in page.item_model.rows]


async def settled(page: ActivityPage, until: Any, count: int | None = None) -> None:
    """Until the first page, or so many rows, and the figures are there."""
    await until(page.desk.changed, lambda: not page.desk.reading and page.desk.kept is not None)
    if count is not None:
        await until(page.desk.changed, lambda: len(page.item_model.rows) == count)
    await until(page.desk.series_changed, lambda: page.desk.series is not None)


async def test_what_ran_and_its_figures(made: Made, until: Any) -> None:
    page = made(FakeClient([row(1), row(2, outcome="cut"), row(2 * DAY)]))
    await settled(page, until, 2)
    assert page.filters.count.text() == "2 of 3 kept"
    words = [one.words for one in page.figures.numbers]
    assert words == ["2 last 24 hours", "1 50.0 %", "", "0.31 s", "19 k", "1.4 k"]
    assert page.stack.currentWidget() is page.table and page.figures.chart.isVisible()
    assert page.table.accessibleName() and page.now.table.accessibleName() and page.filters.more.accessibleName()


async def test_pages_are_read_as_they_are_needed(made: Made, until: Any) -> None:
    client = FakeClient([row(n) for n in range(1, 3 * PAGE)])
    page = made(client)
    await settled(page, until, PAGE)
    assert page.filters.count.text() == f"{3 * PAGE - 1} requests"
    bar = page.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    await until(page.desk.changed, lambda: len(page.item_model.rows) == 2 * PAGE)
    bar.setValue(bar.maximum())
    await until(page.desk.changed, lambda: page.desk.complete)
    assert ages(page) == list(range(1, 3 * PAGE))


async def test_an_order_that_needs_all_says_so_and_reads_them(made: Made, until: Any) -> None:
    page = made(FakeClient([row(n, duration_ms=float(n % 7)) for n in range(1, PAGE + 51)]))
    await settled(page, until, PAGE)
    page.table.sortByColumn(history.DURATION, Qt.SortOrder.DescendingOrder)
    assert page.foot.isVisible() and page.foot.words.text() == f"Sorted among the newest {PAGE} of {PAGE + 50}."
    page.foot.all.click()
    await until(page.desk.changed, lambda: page.desk.complete and not page.desk.reading)
    told = [r.duration_ms for r in page.item_model.rows]
    assert told == sorted(told, reverse=True) and not page.foot.isVisible()


async def test_filters_are_asked_of_the_gateway(made: Made, until: Any, qtbot: Any) -> None:
    client = FakeClient(
        [row(1), row(2, ref="mac/phi", provider="mac", client="curl/8", outcome="cut"), row(3, via="host")]
    )
    page = made(client)
    await settled(page, until, 3)
    qtbot.keyClick(page.table, "/")
    assert page.focusWidget() is page.filters.search
    qtbot.keyClicks(page.filters.search, "phi")
    await until(page.desk.changed, lambda: ages(page) == [2])
    assert client.asked[-1]["text"] == "phi" or client.asked[-2]["text"] == "phi"
    page.filters.clear()
    page.filters.outcome.setCurrentIndex(page.filters.outcome.findData("failed"))
    await until(page.desk.changed, lambda: ages(page) == [2])
    page.filters.clear()
    page.filters.narrow(via="host")
    await until(page.desk.changed, lambda: ages(page) == [3])
    assert page.filters.chips.isVisible()
    page.filters.narrow(via="")
    await until(page.desk.changed, lambda: len(ages(page)) == 3)
    assert not page.filters.chips.isVisible()
    page.filters.narrow(client="curl", ref="mac/phi")
    await until(page.desk.changed, lambda: ages(page) == [2])


async def test_the_menus_offer_what_was_seen(made: Made, until: Any) -> None:
    page = made(FakeClient([row(1), row(2, agent="opencode"), row(3, ref="mac/a&b", client="curl/8")]))
    await settled(page, until, 3)
    menus = {str(a.text()): [i.text() for i in a.menu().actions()] for a in page.filters.menu().actions() if a.menu()}
    assert menus["Model"] == ["Any", "den/qwen3", "mac/a&&b"]
    assert set(menus["Who asked"]) == {"Any", "opencode", "curl"} and len(menus["Way"]) == 3
    names = [a.text() for a in page.menu_for(row(1)).actions() if a.text()]
    assert names[0] == "Details" and names[-1] == "Sort by" and "Only this model" in names


async def test_another_text_for_each_cause_of_emptiness(made: Made, until: Any, stores: Stores) -> None:
    page = made()
    assert page.empty.title.text() == "No connection to the gateway"
    client = connect(stores, FakeClient([row(2 * HOUR)]))
    await settled(page, until, 1)
    page.filters.set_span(HOUR)
    await until(page.desk.changed, lambda: page.empty.isVisible() and not page.desk.reading)
    assert page.empty.title.text() == "No requests in this time"
    page.empty.span_wanted.emit(DAY)
    await until(page.desk.changed, lambda: ages(page) == [2 * HOUR])
    page.filters.search.setText("nobody")
    await until(page.desk.changed, lambda: page.empty.isVisible() and not page.desk.reading)
    assert page.empty.title.text() == "Nothing matches “nobody”"
    page.empty.clear_wanted.emit()
    await until(page.desk.changed, lambda: ages(page) == [2 * HOUR])
    client.rows.clear()
    page.filters.set_span(None)
    await until(page.desk.changed, lambda: page.empty.isVisible() and not page.desk.reading)
    assert page.empty.title.text() == "No requests yet"


async def test_what_cannot_be_read_is_told_in_its_place(made: Made, until: Any) -> None:
    client = FakeClient([row(1)])
    client.error = BooError("The history is locked.", "Wait a little.")
    page = made(client)
    await until(page.desk.changed, lambda: page.desk.problem is not None)
    assert page.empty.sentence.text() == "The history is locked." and not page.notice.isVisible()
    client.error = None
    page.empty.retry_wanted.emit()
    await settled(page, until, 1)
    client.error = BooError("The history is locked.", "Wait a little.")
    page.refresh()
    await until(page.desk.changed, lambda: page.desk.problem is not None)
    assert page.notice.isVisible() and ages(page) == [1], "what was known stays"
    client.error = None
    page.refresh()
    await until(page.desk.changed, lambda: page.desk.problem is None)
    assert not page.notice.isVisible()


async def test_what_ends_comes_in_on_top_and_nothing_is_read_again(made: Made, until: Any, stores: Stores) -> None:
    client = FakeClient([row(5)])
    page = made(client)
    await settled(page, until, 1)
    stores.activity.take_news(news(stored=1))
    await until(stores.activity.missed)
    await until(page.desk.changed, lambda: not page.desk.reading)
    asked = len(client.asked)
    resets: list[None] = []
    page.item_model.modelReset.connect(lambda: resets.append(None))
    stores.activity.take_news(news(ended=[row(1, client="x"), row(2, outcome="cut")], stored=3))
    await until(page.desk.changed, lambda: ages(page) == [1, 2, 5])
    assert len(client.asked) == asked and not resets and page.filters.count.text() == "3 requests"


async def test_rows_that_nobody_told_are_read(made: Made, until: Any, stores: Stores) -> None:
    client = FakeClient([row(5)])
    page = made(client)
    await settled(page, until, 1)
    client.rows += [row(3), row(4)]
    stores.activity.take_news(news(ended=[row(3)], stored=40))
    await until(page.desk.changed, lambda: ages(page) == [3, 4, 5])


async def test_what_came_while_hidden_is_read_with_the_page(made: Made, until: Any, stores: Stores) -> None:
    client = FakeClient([row(5)])
    page = made(client)
    await settled(page, until, 1)
    page.hide()
    client.rows.append(row(1))
    stores.activity.take_news(news(ended=[row(1)], stored=1))
    await until(stores.activity.ended)
    assert ages(page) == [5]
    page.show()
    await until(page.desk.changed, lambda: ages(page) == [1, 5])


async def test_rows_do_not_move_under_the_eyes(made: Made, until: Any, stores: Stores) -> None:
    client = FakeClient([row(n) for n in range(10, 110)])
    page = made(client)
    await settled(page, until, 100)
    page.table.verticalScrollBar().setValue(500)
    top = page.table.indexAt(QPoint(4, 0)).row()
    held, place = page.item_model.rows[top], page.table.rowViewportPosition(top)
    stores.activity.take_news(news(ended=[row(1), row(2)], stored=2))
    await until(page.desk.changed, lambda: len(ages(page)) == 102)
    assert page.table.rowViewportPosition(page.item_model.index_of(held.id).row()) == place
    assert page.foot.newest.isVisible() and page.foot.newest.text() == "2 newer"
    page.foot.newest.click()
    assert page.table.verticalScrollBar().value() == 0 and not page.foot.isVisible()


async def test_details_and_copying(made: Made, until: Any, qtbot: Any) -> None:
    page = made(FakeClient([row(1, session="ses_1", bytes_sent=3400, cached_tokens=12), row(2)]))
    await settled(page, until, 2)
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Key.Key_Return)
    assert page.details.isVisible() and page.details.row == row(1, session="ses_1", bytes_sent=3400, cached_tokens=12)
    page.details.copy.copy()
    told = QGuiApplication.clipboard().text()
    assert "Session: ses_1" in told and "Sent: 3.4 kB" in told and "From the cache: 12 tokens" in told
    page.table.selectRow(1)
    assert page.details.row is not None and page.details.row.id == row(2).id
    qtbot.keyClick(page.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert f"Id: {row(2).id}" in QGuiApplication.clipboard().text()
    qtbot.keyClick(page.table, Key.Key_Escape)
    assert not page.details.isVisible() and page.focusWidget() is page.table


async def test_narrow_shows_details_in_place_of_the_list(made: Made, until: Any) -> None:
    page = made(FakeClient([row(1)]))
    await settled(page, until, 1)
    page.resize(824, 560)
    page.open_details(row(1))
    assert not page.table.isVisible() and page.details.isVisible() and not page.figures.chart.isVisible()
    page.details.close_button.click()
    assert page.table.isVisible() and not page.table.isColumnHidden(history.MODEL)
    page.resize(1104, 800)
    assert page.figures.chart.isVisible()


# --- what runs ---


async def test_the_key_and_the_button_cancel(made: Made, until: Any, stores: Stores, qtbot: Any) -> None:
    client = FakeClient()
    client.running = [running(9), running(5, ref="mac/phi", provider="mac")]
    page = made(client)
    await until(stores.activity.changed, lambda: len(page.now.item_model.rows) == 2)
    table = page.now.table
    table.setFocus()
    table.selectRow(0)
    qtbot.keyClick(table, Key.Key_Delete)
    await until(stores.activity.changed, lambda: client.cancelled == [running(9).id])
    assert page.now.item_model.rows[0].asked and not page.now.item_model.rows[0].can_cancel
    cell = table.visualRect(page.now.item_model.index(1, now.ACTION))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cancel_rect(cell).center())
    await until(stores.activity.changed, lambda: len(client.cancelled) == 2)


async def test_a_cancel_that_fails_is_told_with_a_way_back(made: Made, until: Any, stores: Stores) -> None:
    client = FakeClient()
    client.running = [running(9)]
    page = made(client)
    await until(stores.activity.changed, lambda: len(page.now.item_model.rows) == 1)
    client.error = BooError("The gateway did not answer.", "Try again.")
    page.cancel([running(9).id])
    await until(stores.activity.changed, lambda: not stores.activity.cancelling)
    for _ in range(3):  # the error goes to the page after its task has ended
        await asyncio.sleep(0)
    assert page.notice.isVisible()
    assert "The gateway did not answer." in page.notice.words.text() and page.now.item_model.rows[0].can_cancel
    client.error = None
    page._retry.click()
    await until(stores.activity.changed, lambda: client.cancelled == [running(9).id])


def test_now_grows_at_once_and_keeps_its_room(made: Made, stores: Stores) -> None:
    stores.connection.take("connected")
    page = made()
    small = page.now.body_height
    stores.activity.take([running(n) for n in range(1, 9)])
    grown = page.now.body_height
    assert grown - small == 4 * page.now.table.row_height, "from two rows to six, the others by scrolling"
    stores.activity.take([])
    assert page.now.body_height == grown and page.now._shrink.isActive()
    page.now._shrink.timeout.emit()
    assert page.now.body_height == small
    assert page.now._nothing.isVisibleTo(page.now)


async def test_requests_past_the_gateway_stand_among_those_that_run(made: Made, stores: Stores, until: Any) -> None:
    client = connect(stores, FakeClient())
    page = made()
    stores.activity.take([running(3)])
    stores.fleet.take([telling(HostRequest(id="7", model="q", path="/v1/chat/completions"))])
    rows = page.now.item_model.rows
    assert [(row.row.client, row.can_cancel) for row in rows] == [("opencode/1.2", True), ("other", True)]
    assert not page.now._all.isVisible(), "all at once is for what came through the gateway"
    page.cancel([rows[1].row.id])
    await until(stores.activity.changed, lambda: client.cancelled_on_hosts == [("den", "7")])


def test_a_lost_gateway_makes_it_old_news(made: Made, stores: Stores) -> None:
    stores.connection.take("connected")
    page = made()
    stores.activity.take([running(3)])
    stores.connection.take("lost", since=NOW.timestamp() - 12)
    assert page.now.item_model.rows[0].stale and not page.now._all.isEnabled()
    assert page.now._age.text() == "12 s ago"


async def test_how_far_a_request_came_is_asked_for_while_somebody_looks(made: Made, until: Any, stores: Stores) -> None:
    client = FakeClient()
    client.running = [running(9)]
    page = made(client)
    await until(stores.activity.changed, lambda: len(stores.activity.running) == 1)
    assert page._poll.isActive()
    client.running = [running(9, output_tokens=402, ttft_ms=20.0)]
    page._poll.timeout.emit()
    await until(stores.activity.changed, lambda: page.now.item_model.index(0, now.TOKENS).data() == "402")
    page.hide()
    assert not page._poll.isActive()


# --- chart, export, and the rest ---


async def test_the_chart_is_read_with_pointer_and_keys(made: Made, until: Any, qtbot: Any) -> None:
    client = FakeClient([row(1)])
    client.events = [
        ModelEvent(id="1", time=NOW, provider="den", ref="den/qwen3", event="loaded", seconds=14.0),
    ]
    page = made(client)
    await settled(page, until, 1)
    chart = page.figures.chart
    chart.setFocus()
    qtbot.keyClick(chart, Key.Key_Left)
    assert (
        chart.reading.endswith("p50 0.30 s, p95 0.90 s, 3 requests") and chart.accessibleDescription() == chart.reading
    )
    first = chart.reading
    qtbot.keyClick(chart, Key.Key_Left)
    assert chart.reading != first
    chart.read_at(chart.width() / 2)
    assert chart.reading
    chart.read_at(-500)
    assert not chart.reading
    assert [words for _, words in chart._data.marks] == ["qwen3 loaded, 14.0 s"]
    page.figures.figure.setCurrentIndex(1)
    assert not chart.isVisible() and page.figures.none.text() == "None of these told its speed."


async def test_export_writes_what_is_filtered_and_can_be_given_up(made: Made, until: Any, tmp_path: Path) -> None:
    client = FakeClient([row(n, outcome="cut" if n % 2 else "ok") for n in range(1, 40)])
    page = made(client)
    await settled(page, until, 39)
    page.filters.outcome.setCurrentIndex(page.filters.outcome.findData("cut"))
    page.export.write(tmp_path / "x.csv", "csv")
    assert page.export.cancel.isVisible() and not page.export.button.isVisible()
    await until(page.export.ended)
    assert (tmp_path / "x.csv").read_text().count("\n") == 21 and page.head.subline.text().startswith("20 requests")
    client.gate = asyncio.Event()
    page.export.write(tmp_path / "y.json", "json")
    page.export.cancel.click()
    assert page.export.button.isVisible()
    await asyncio.gather(page.export._task, return_exceptions=True)
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
    client.gate = None
    page.export.write(tmp_path / "no" / "x.csv", "csv")
    await until(page.export.failed)
    assert page.notice.isVisible() and "could not be written" in page.notice.words.text()


def test_the_save_dialog_offers_a_name(made: Made) -> None:
    page = made()
    dialog = page.export.choose("csv")
    assert dialog.defaultSuffix() == "csv" and dialog.isVisible()
    dialog.reject()


async def test_both_themes_and_sizes_paint(made: Made, until: Any, qapp: QApplication, stores: Stores) -> None:
    client = FakeClient([row(1), row(2, outcome="cut"), row(3, outcome="x", ref="")])
    client.running = [running(1), running(2, ttft_ms=5.0)]
    page = made(client)
    await settled(page, until, 3)
    theme = Theme(qapp, "light")
    page.figures.chart.read_at(300)
    light = page.grab().toImage().pixelColor(3, 3)
    theme.set_mode("dark")
    page.resize(824, 560)
    assert page.grab().toImage().pixelColor(3, 3).lightness() < light.lightness()
    qapp.setStyleSheet("")


async def test_a_page_that_is_made_again_leaves_nothing(qapp: QApplication, stores: Stores, until: Any) -> None:
    client = connect(stores, FakeClient([row(n) for n in range(1, 30)]))
    client.running = [running(1)]
    stores.activity.take(client.running)

    async def once() -> None:
        page = ActivityPage(stores, clock=NOW.timestamp)
        page.resize(1104, 800)
        page.show()
        await settled(page, until, 29)
        page.open_details(row(1))
        page.filters.narrow(via="gateway")
        page.hide()
        page.deleteLater()
        del page
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        await asyncio.sleep(0)
        gc.collect()

    def count() -> int:
        return sum(isinstance(o, QObject) for o in gc.get_objects())

    for _ in range(2):
        await once()
    before = count()
    for _ in range(5):
        await once()
    assert count() <= before
    stores.activity.take([running(2)])
    stores.activity.take_news(news(ended=[row(1)], stored=1))
    await until(stores.activity.ended)


def test_a_query_can_be_shown_from_outside(made: Made) -> None:
    page = made()
    page.show_query(ActivityQuery(provider="", outcome="cut", span_s=HOUR, ref="den/qwen3"))
    assert page.desk.query.outcome == "cut" and page.filters.query.ref == "den/qwen3"
    assert page.filters.span.currentText() == "Last hour" and page.filters.chips.isVisible()


async def test_the_requests_of_one_host_are_shown(made: Made, until: Any) -> None:
    page = made(FakeClient([row(1), row(2)]))
    page.filters.set_hosts([("den", "Den")])
    page.filters.set_span(None)
    page.show_host("den")
    assert (page.filters.query.provider, page.filters.query.span_s) == ("den", None)
    await settled(page, until)
    assert page.desk.query == page.filters.query


async def test_from_the_filter_to_a_request(made: Made, until: Any, qtbot: Any) -> None:
    page = made(FakeClient([row(1), row(2)]))
    await settled(page, until, 2)
    page.activateWindow()
    page.focus_filter()
    qtbot.keyClick(page.filters.search, Key.Key_Down)
    assert page.table.hasFocus() and page.table.currentIndex().row() == 0
    page.focus_filter()
    qtbot.keyClick(page.filters.search, Key.Key_Return)
    assert page.details.isVisible()
