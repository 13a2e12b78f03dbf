"""The Logs page: following, holding, looking for something, saving, and what it says when there is nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from boocontrol.client import NotFound
from boocontrol.core.errors import Unreachable
from boocontrol.core.logs import LogEnd, LogGap, LogLive, LogNews, LogText
from boocontrol.desktop.pages.logs import LogsPage
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.logs import MOST_WAITING, Choice
from tests.desktop.dialogs.conftest import look as look
from tests.desktop.dialogs.fakes import FakeClient, connected, idle, sample_hosts
from tests.desktop.stores.test_with_gateway import house
from tests.desktop.stores.test_with_gateway import machine as machine

AT = datetime(2026, 11, 22, 16, 10, 28, tzinfo=UTC)


def text(*lines: str, source: str = "proxy", model: str = "", kept: bool = False) -> LogText:
    return LogText(seq=1, source=source, model=model, text="\n".join(lines), time=None if kept else AT)  # type: ignore[arg-type]


class LogClient(FakeClient):
    """A gateway whose hosts say what the test lets them say. `open` are the streams that are being read."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_logs: list[tuple[str, str, str, bool]] = []
        self.open: dict[str, asyncio.Queue[LogNews | Exception | None]] = {}
        self.first: dict[str, list[LogNews | Exception]] = {}

    async def logs(
        self, provider: str, source: str = "all", model: str = "", *, history: bool = True, follow: bool = True
    ) -> AsyncGenerator[LogNews, None]:
        self.asked_logs.append((provider, source, model, history))
        queue: asyncio.Queue[LogNews | Exception | None] = asyncio.Queue()
        for news in self.first.get(provider, [LogLive()]):
            queue.put_nowait(news)
        self.open[provider] = queue
        try:
            while (news := await queue.get()) is not None:
                if isinstance(news, Exception):
                    raise news
                yield news
        finally:
            self.open.pop(provider, None)

    def say(self, host: str, *news: LogNews | Exception | None) -> None:
        for one in news:
            self.open[host].put_nowait(one)


def shown(qtbot: Any, stores: Stores) -> LogsPage:
    page = LogsPage(stores)
    qtbot.addWidget(page)
    page.resize(1104, 800)
    page.show()
    return page


async def begun(qtbot: Any, stores: Stores, *, hosts: tuple[Any, ...] = ()) -> tuple[LogsPage, LogClient]:
    """The page, following the host `den`."""
    client = LogClient()
    connected(stores, client=client)
    up = [h.model_copy(update={"state": "up", "reason": None}) for h in sample_hosts()]
    stores.fleet.take(hosts or up, stale=False)
    page = shown(qtbot, stores)
    await idle(lambda: "den" in client.open)
    return page, client


def lines(page: LogsPage) -> list[str]:
    return [row.text for row in page.view.rows]


async def test_lines_come_with_time_source_and_trouble(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    assert client.asked_logs == [("den", "all", "", True)]
    client.say(
        "den", text("kept", kept=True), text("[WARN] not ready", "[ERROR] out of memory", model="qwen", source="model")
    )
    await idle(lambda: len(page.view.rows) == 3)
    assert [(r.time, r.source, r.level) for r in page.view.rows] == [
        ("", "proxy", ""),
        (f"{AT.astimezone():%H:%M:%S}", "qwen", "warn"),
        (f"{AT.astimezone():%H:%M:%S}", "qwen", "error"),
    ]
    await idle(lambda: "1 error" in page.foot.problems.text())
    assert page.foot.word.text() == "Following" and page.foot.shape.state == "ready"
    assert page.foot.problems.text() == "1 error, 1 warning in view"
    assert page.foot.amount.text() == "3 lines, 44 bytes"
    assert page.stack.currentWidget() is page.view


async def test_what_is_missing_stands_in_its_place(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text("before"), LogGap(bytes=1204, why="dropped by the host"), text("after"))
    await idle(lambda: len(page.view.rows) == 3)
    assert lines(page) == ["before", "— 1,204 bytes dropped by the host —", "after"]
    assert page.view.rows[1].level == "gap"


async def test_several_hosts_are_merged_with_their_names(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    page.controls.hosts.choose(["den", "attic"])
    await idle(lambda: {"den", "attic"} <= client.open.keys())
    client.say("den", text("one"))
    client.say("attic", text("two"))
    await idle(lambda: len(page.view.rows) == 2)
    assert {r.host for r in page.view.rows} == {"Den", "Attic"} and page.view.with_host
    assert page.controls.hosts.currentText() == "All hosts"
    menu = page.controls.hosts.menu()
    assert [a.text() for a in menu.actions() if a.text()] == ["All hosts", "Den", "Attic", "Several"]
    menu.actions()[2].trigger()
    await idle(lambda: "attic" not in client.open)
    assert page.controls.hosts.chosen == ("den",) and not page.view.rows


async def test_one_model_can_be_chosen(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    assert "qwen3" in [page.controls.source.itemText(at) for at in range(page.controls.source.count())]
    page.controls.source.choose("model", "qwen3")
    await idle(lambda: client.asked_logs[-1] == ("den", "model", "qwen3", True))
    page.show_model("attic/phi")
    await idle(lambda: client.asked_logs[-1] == ("attic", "model", "phi", True))
    page.show_host("nobody")
    assert page.controls.hosts.chosen == ("attic",)


async def test_pause_counts_what_waits(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text("seen"))
    await idle(lambda: lines(page) == ["seen"])
    page.pause.click()
    client.say("den", text("a", "b", "c"))
    await idle(lambda: page.pause.text() == "Resume (3)")
    assert lines(page) == ["seen"] and "3 lines waiting" in page.foot.word.text()
    page.pause.click()
    await idle(lambda: lines(page) == ["seen", "a", "b", "c"])
    await idle(lambda: page.pause.text() == "Pause")


async def test_scrolled_up_nothing_jumps(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text(*(f"line {n}" for n in range(200))))
    await idle(lambda: len(page.view.rows) == 200)
    page.view.verticalScrollBar().setValue(10)
    top = page.view.firstVisibleBlock().text()
    client.say("den", text("new one", "new two"))
    await idle(lambda: "2 lines waiting" in page.foot.word.text())
    assert page.view.firstVisibleBlock().text() == top and len(page.view.rows) == 200
    assert page.foot.to_end.isVisible()
    page.foot.to_end.click()
    await idle(lambda: len(page.view.rows) == 202)
    assert page.view.at_end
    await idle(lambda: page.foot.word.text() == "Following")


async def test_an_expression_marks_counts_and_leads(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text(*(f"line {n} tokens" if n % 10 == 0 else f"line {n}" for n in range(100))))
    await idle(lambda: len(page.view.rows) == 100)
    page.controls.search.setText("tok.ns$")
    await idle(lambda: page.controls.found.text() == "10 matches")
    client.say("den", text("more tokens"))
    await idle(lambda: page.controls.found.text() == "11 matches")
    QTest.keyClick(page, Qt.Key.Key_F3)
    await idle(lambda: page.controls.found.text() == "1 of 11")
    QTest.keyClick(page.controls.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    await idle(lambda: page.controls.found.text() == "11 of 11")
    page.controls.down.click()
    await idle(lambda: page.controls.found.text() == "1 of 11")
    page.controls.search.clear()
    await idle(lambda: page.controls.found.text() == "")
    assert not page.controls.down.isVisible() and len(page.view.rows) == 101


async def test_only_matches_hides_the_rest_and_brings_it_back(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text("apple", "pear", "apple pie"))
    await idle(lambda: len(page.view.rows) == 3)
    page.controls.search.setText("apple")
    await idle(lambda: page.controls.found.text() == "2 matches")
    page.controls.only.click()
    await idle(lambda: lines(page) == ["apple", "apple pie"])
    client.say("den", text("plum", "an apple"))
    await idle(lambda: lines(page) == ["apple", "apple pie", "an apple"])
    page.controls.search.setText("cherry")
    await idle(lambda: page.stack.currentWidget() is page.empty and "cherry" in page.empty.title.text())
    page._button("all").click()  # type: ignore[union-attr]
    await idle(lambda: lines(page) == ["apple", "pear", "apple pie", "plum", "an apple"])


async def test_a_wrong_expression_is_told_beside_the_field(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text("tok("))
    await idle(lambda: len(page.view.rows) == 1)
    page.controls.search.setText("tok(")
    await idle(lambda: "parenthesis" in page.controls.found.text())
    assert page.controls.search.property("problem") and not page.controls.only.isEnabled()
    page.controls.search.regex.click()
    await idle(lambda: page.controls.found.text() == "1 match")
    assert not page.controls.search.property("problem")


async def test_an_expression_that_never_ends_is_told(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text(*("a" * 3000 + "=" for _ in range(20))))
    await idle(lambda: len(page.view.rows) == 20)
    page.controls.search.setText("(a+)+$")
    await idle(lambda: "takes too long" in page.controls.found.text())


async def test_clear_and_save(qtbot: Any, stores: Stores, tmp_path: Path) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text("\x1b[31mred\x1b[0m", "two"))
    await idle(lambda: len(page.view.rows) == 2)
    page.save_to(tmp_path / "x.log")
    await idle(lambda: "Saved 2 lines to x.log" in page.foot.news.text())
    assert (tmp_path / "x.log").read_text().splitlines()[0].endswith("proxy         red")
    page.save_to(tmp_path)
    await idle(lambda: str(tmp_path) in page.foot.news.text())
    await idle(page.foot.clear.isEnabled)
    page.foot.clear.click()
    assert not page.view.rows and page.foot.amount.text() == ""
    client.say("den", text("new"))
    await idle(lambda: lines(page) == ["new"])


async def test_it_follows_only_for_a_page_that_is_seen(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text("old"))
    await idle(lambda: lines(page) == ["old"])
    page.hide()
    assert page._left.isActive()
    client.say("den", text("while hidden"))
    await idle(lambda: lines(page) == ["old", "while hidden"])
    page.show()
    assert not page._left.isActive() and len(client.asked_logs) == 1
    page.hide()
    page._left.timeout.emit()
    await idle(lambda: not client.open)
    page.show()
    await idle(lambda: "den" in client.open)
    assert len(client.asked_logs) == 2 and "out of sight" in lines(page)[0]


async def test_nothing_is_asked_before_it_is_seen_or_without_a_gateway(qtbot: Any, stores: Stores) -> None:
    page = LogsPage(stores)
    qtbot.addWidget(page)
    page.resize(1104, 800)
    stores.fleet.take(sample_hosts(), stale=True)
    page.show()
    assert page.stack.currentWidget() is page.empty and "No connection" in page.empty.title.text()
    client = LogClient()
    connected(stores, client=client)
    await idle(lambda: "den" in client.open)


async def test_a_lost_gateway_is_told_and_followed_again(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text("before"))
    await idle(lambda: len(page.view.rows) == 1)
    client.say("den", Unreachable("The gateway does not answer."))
    stores.connection.take("lost")
    await idle(lambda: lines(page) == ["before", "— The gateway does not answer. —"])
    await idle(lambda: "Gateway lost" in page.foot.word.text())
    connected(stores, client=client)
    await idle(lambda: "den" in client.open)
    assert client.asked_logs[-1] == ("den", "all", "", False)
    client.say("den", text("after"))
    await idle(lambda: lines(page)[-1] == "after")


async def test_a_host_that_is_down_or_cannot_tell_is_said_in_words(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    den, attic = sample_hosts()[:2]
    stores.fleet.take([den.model_copy(update={"state": "down", "reason": "No answer."}), attic], stale=False)
    await idle(lambda: page.empty.title.text() == "Den is down")
    client.say("den", LogGap(bytes=0, why="The host is down. No answer."))
    await idle(lambda: len(page.desk.rows) == 1 and not page.desk.working)
    assert page.stack.currentWidget() is page.empty
    assert page.empty.sentence.text() == "No answer." and page.foot.word.text() == "Waiting for Den"
    client.first["attic"] = [LogEnd(why="Servers of kind openai do not show their log.")]
    page.controls.hosts.choose(["attic"])
    await idle(lambda: "openai" in page.empty.sentence.text())
    client.first["attic"] = [NotFound("There is no provider 'attic'.")]
    page.refresh()
    await idle(lambda: "no provider" in page.empty.sentence.text())


async def test_no_hosts_leads_to_adding_one(qtbot: Any, stores: Stores) -> None:
    connected(stores, client=LogClient())
    page = shown(qtbot, stores)
    assert page.empty.title.text() == "No hosts yet"
    with qtbot.waitSignal(page.add_host_asked):
        page._button("add").click()  # type: ignore[union-attr]


async def test_what_waits_is_bounded_and_its_loss_is_told(qtbot: Any, stores: Stores) -> None:
    page, _client = await begun(qtbot, stores)
    page.pause.click()
    for _ in range(MOST_WAITING // 10_000 + 50):
        stores.logs.hear("den", text("x" * 9_999))
    assert sum(len(t.news.text) for t in stores.logs._waiting) <= MOST_WAITING  # type: ignore[union-attr]
    page.pause.click()
    await idle(lambda: bool(page.view.rows))
    assert "too much was waiting" in lines(page)[0]


async def test_wrap_can_be_switched(qtbot: Any, stores: Stores) -> None:
    page, client = await begun(qtbot, stores)
    client.say("den", text("long " * 200))
    await idle(lambda: len(page.view.rows) == 1)
    await idle(lambda: page.view.document().firstBlock().lineCount() > 1)
    assert page.view.at_end
    page.wrap.click()
    assert page.view.horizontalScrollBar().maximum() > 0


async def test_every_control_has_a_name(qtbot: Any, stores: Stores) -> None:
    page, _client = await begun(qtbot, stores)
    for widget in (page.wrap, page.controls.up, page.controls.down, page.controls.search, page.controls.hosts,
                   page.controls.source, page.controls.search.regex, page.view):  # fmt: skip
        assert widget.accessibleName()


async def test_the_stream_of_a_real_host(qtbot: Any, owner: Any, machine: Path, until: Any) -> None:
    async with house(owner, machine, until) as (stores, fleet, _supervisor):
        page = shown(qtbot, stores)
        await idle(lambda: any("llama-swap listening" in line for line in lines(page)))
        fleet.hosts["den"].state.logs.info("curl --api-key hunter2")
        await idle(lambda: any("--api-key [redacted]" in line for line in lines(page)))
        await stores.actions.load("den/qwen")
        await idle(lambda: any(r.source == "qwen" for r in page.view.rows))
        page.controls.hosts.choose(["den", "mac"])
        await idle(lambda: {r.host for r in page.view.rows} == {"den", "mac"})
        stores.logs.stop()


async def test_a_choice_that_changes_leaves_no_stream_behind(stores: Stores) -> None:
    client = LogClient()
    connected(stores, client=client)
    stores.logs.follow(Choice(("den", "attic")))
    await idle(lambda: len(client.open) == 2)
    stores.logs.follow(Choice(("attic",), "proxy"))
    await idle(lambda: list(client.open) == ["attic"] and len(client.asked_logs) == 3)
    stores.logs.stop()
    await idle(lambda: not client.open)
