"""The Gateway page: address, start and stop, key, a taken port, the self-test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from boocontrol.client import ChatEnd, ChatText, HostDown
from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.confirm import CutDialog
from boocontrol.desktop.dialogs.gateway_elsewhere import ElsewhereDialog
from boocontrol.desktop.pages.gateway import GatewayPage
from boocontrol.desktop.pages.gateway_selftest import SelfTest
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import PortTaken
from tests.desktop.dialogs.conftest import look as look
from tests.desktop.dialogs.fakes import KEY, FakeClient, FakeSupervisor, connected, idle, sample_hosts

ANSWER = [ChatText("Bo"), ChatText("o"), ChatEnd("den/qwen3", "stop", {"completion_tokens": 2})]


@pytest.fixture
def keeper(owner: Any) -> FakeSupervisor:
    return FakeSupervisor(owner)


def shown(qtbot: Any, stores: Stores, keeper: FakeSupervisor, home: Path) -> GatewayPage:
    page = GatewayPage(stores, keeper, home)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1104, 800)
    page.show()
    return page


async def test_the_address_is_there_to_copy(qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    assert page.address.address.text() == "http://127.0.0.1:9503/v1"
    assert page.address.word.text() == "Running"
    page.address.copy.click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:9503/v1"


async def test_the_key_shows_on_request_and_hides_when_the_gateway_changes(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    assert KEY not in page.access.key.text()
    page.access.reveal.click()
    assert page.access.key.text() == KEY
    stores.connection.take("lost")
    assert KEY not in page.access.key.text() and not page.access.copy.isEnabled()


async def test_a_renewed_key_is_asked_first_and_shown_then(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    fake = connected(stores, key_file=tmp_path / "gateway.key")
    page = shown(qtbot, stores, keeper, tmp_path)
    page.access.renew.click()
    asked = page.findChild(CutDialog)
    assert asked is not None and asked.focusWidget() is asked.safe
    asked.safe.click()
    assert fake.renewed is None
    page.access.renew.click()
    page.findChildren(CutDialog)[-1].cut.click()
    await idle(lambda: fake.renewed is not None)
    page.access.reveal.click()
    await idle(lambda: page.access.key.text() == fake.renewed)


async def test_the_key_of_a_gateway_elsewhere_is_renewed_there(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    assert not page.access.renew.isEnabled() and "gateway key --renew" in page.access.renew.toolTip()


async def test_require_key_is_saved_at_once_and_goes_back_when_refused(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path, until: Any
) -> None:
    fake = connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    page.access.require.click()
    await until(stores.settings.changed, lambda: fake.values.get("require_key") is True)
    fake.fail = BooError("The disk is full.", "Free some space.")
    page.access.require.click()
    await idle(lambda: not page.access.error.isHidden())
    assert page.access.require.isChecked() and "full" in page.access.error.text()


async def test_a_taken_port_is_solved_in_place(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    page = shown(qtbot, stores, keeper, tmp_path)
    keeper.take("failed", PortTaken("The port 9503 is taken.", "Use port 9504.", "nginx", 9504))
    notice = page.address.notice
    assert notice.isVisible() and "nginx" in notice.words.text()
    assert [b.text() for b in notice.buttons] == ["Use 9504", "Try again"]
    assert not page.address.start.isVisible()
    notice.buttons[0].click()
    assert keeper.done == ["start 9504"]


async def test_a_chosen_port_is_told_and_given_back(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    assert not page.address.usual.isVisible()
    keeper.port = 9504
    keeper.take("running")
    assert page.address.usual.isVisible() and "9504" in page.address._port.text()
    page.address.usual.click()
    await idle(lambda: keeper.done == ["restart"])
    assert keeper.port is None and not page.address.usual.isVisible()


async def test_stopping_asks_when_requests_would_be_cut(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    page.address.stop.click()
    await idle(lambda: keeper.done == ["stop"])
    keeper.running = 2
    page.address.restart.click()
    await idle(lambda: page.address.findChild(CutDialog))
    question = page.address.findChild(CutDialog)
    assert keeper.done == ["stop"] and question.focusWidget() is question.safe
    question.cut.click()
    await idle(lambda: keeper.done == ["stop", "restart"])


async def test_a_gateway_of_others_is_left_alone(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    keeper.take("attached")
    assert not (page.address.stop.isVisible() or page.address.start.isVisible())


async def test_snippets_follow_tab_and_model_and_hold_no_key(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    page.snippets.model.choose("den/gemma")
    for tab in range(page.snippets.tabs.count()):
        page.snippets.tabs.setCurrentIndex(tab)
        assert "den/gemma" in page.snippets.text()
        assert KEY not in page.snippets.text()


async def test_the_self_test_passes_stage_by_stage(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    fake = connected(stores)
    fake.pieces = list(ANSWER)
    page = shown(qtbot, stores, keeper, tmp_path)
    page.test.model.choose("den/qwen3")
    qtbot.keyClick(page.test.run, Qt.Key.Key_Space)
    await idle(lambda: page.test.test.passed == 5)
    assert [row.shape for row in page.test.list.rows] == ["up"] * 5
    assert fake.chatted == "den/qwen3" and fake.closed


async def test_a_model_that_is_not_ready_is_told_before_it_is_loaded(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    page.test.model.choose("den/gemma")
    assert "loads it" in page.test.warning.text()


async def test_a_failure_stands_in_its_stage() -> None:
    fake = FakeClient()
    fake.pieces = [HostDown("The host den does not answer.", "Start it.")]
    test = SelfTest()
    await test.run(fake, "den/qwen3")
    assert [s.state for s in test.stages] == ["ok", "ok", "failed", "waiting", "waiting"]
    assert test.stages[2].advice == "Start it."


async def test_it_can_be_stopped_and_closes_the_stream(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    fake = connected(stores)
    fake.hang = True
    page = shown(qtbot, stores, keeper, tmp_path)
    page.test.run.click()
    await idle(lambda: fake.chatted)
    page.test.stop.click()
    await idle(lambda: not page.test.test.running)
    assert fake.closed and page.test.test.stages[2].state == "stopped"
    assert page.test.run.isVisible()


async def test_requests_are_counted_by_host(qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    stores.fleet.take(sample_hosts())
    assert page.requests.through.text() == "3"


async def test_a_narrow_window_has_one_column(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    page.resize(700, 500)
    page.resize(1104, 800)
    assert page.test.isVisible()


class Elsewhere(QObject):
    """Another gateway that can be chosen, and takes everybody."""

    changed = Signal()

    def __init__(self, keeper: FakeSupervisor) -> None:
        super().__init__(keeper)
        self.address = ""
        self.unkept: BooError | None = None
        self._keeper = keeper

    async def use(self, address: str, key: object) -> None:
        self.address = address
        self._keeper.take("remote")

    async def leave(self) -> None:
        self.address = ""
        self._keeper.take("running")


async def test_another_gateway_is_chosen_and_given_up(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    elsewhere = Elsewhere(keeper)
    page = GatewayPage(stores, keeper, tmp_path, elsewhere=elsewhere)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    card = page.address
    assert card.another.isVisible() and not card.here.isVisible()
    keeper.running = 1
    card.another.click()
    await idle(lambda: page.findChild(CutDialog))
    assert not page.findChild(ElsewhereDialog), "what would be cut is asked about first"
    page.findChild(CutDialog).cut.click()
    await idle(lambda: page.findChild(ElsewhereDialog))
    dialog = page.findChild(ElsewhereDialog)
    dialog.address.setText("http://nas:9503")
    dialog.connect_.click()
    await idle(lambda: elsewhere.address == "http://nas:9503")
    assert card.here.isVisible() and not card.stop.isVisible()
    elsewhere.unkept = BooError("The keyring is locked.", "Unlock it.")
    elsewhere.changed.emit()
    assert card.notice.isVisible() and card.notice.title == "The keyring is locked."
    elsewhere.unkept = None
    card.here.click()
    await idle(lambda: not card.here.isVisible())
    assert (elsewhere.address, card.notice.isVisible()) == ("", False)


async def test_without_a_choice_of_gateways_none_is_offered(
    qtbot: Any, stores: Stores, keeper: FakeSupervisor, tmp_path: Path
) -> None:
    connected(stores)
    page = shown(qtbot, stores, keeper, tmp_path)
    assert not page.address.another.isVisible() and not page.address.here.isVisible()
