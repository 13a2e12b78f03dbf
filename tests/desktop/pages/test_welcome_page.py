"""The first run: only loopback is looked at, one primary button, three steps."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.provider import ProviderDialog
from boocontrol.desktop.pages.welcome import WelcomePage
from boocontrol.desktop.pages.welcome_found import elsewhere, places
from boocontrol.desktop.stores import Stores
from tests.desktop.dialogs.conftest import look as look
from tests.desktop.dialogs.fakes import PASSED, FakeClient, connected, idle


def shown(qtbot: Any, stores: Stores, **environ: str) -> WelcomePage:
    page = WelcomePage(stores, environ)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    return page


def test_only_this_computer_is_looked_at() -> None:
    urls = [p.url for p in places({"LLAMA_SWAP_URL": "http://box:8080"})]
    assert urls == ["http://127.0.0.1:8080", "http://127.0.0.1:9292", None]
    assert elsewhere({"LLAMA_SWAP_URL": "box:8080/v1"}) == "http://box:8080"
    assert places({"LLAMA_SWAP_URL": "localhost:7000"})[2].url == "http://localhost:7000"
    assert elsewhere({}) == "" == elsewhere({"LLAMA_SWAP_URL": "localhost:1"})


async def test_a_found_host_is_named_added_and_shown(qtbot: Any, stores: Stores) -> None:
    fake = FakeClient()
    fake.probes["http://127.0.0.1:8080"] = PASSED
    connected(stores, client=fake)
    page = shown(qtbot, stores)
    await idle(lambda: page.found.rows[0].wanted)
    assert {r.base_url for r in fake.asked} == {"http://127.0.0.1:8080", "http://127.0.0.1:9292"}
    page.found.rows[0].name.setText("gpu-box")
    assert page.go_on.text() == "Add gpu-box and go on"
    qtbot.keyClick(page.go_on, Qt.Key.Key_Space)
    await idle(lambda: page.steps.current == 1)
    assert fake.document["providers"][0]["id"] == "gpu-box"
    wanted: list[bool] = []
    page.opencode_wanted.connect(lambda: wanted.append(True))
    page.go_on.click()
    assert page.go_on.text() == "Point opencode here"
    page.go_on.click()
    assert wanted == [True]


async def test_a_refused_add_is_told_and_nothing_moves(qtbot: Any, stores: Stores) -> None:
    fake = FakeClient()
    fake.probes["http://127.0.0.1:8080"] = PASSED
    connected(stores, client=fake)
    page = shown(qtbot, stores)
    await idle(lambda: page.found.rows[0].wanted)
    fake.fail = BooError("The disk is full.", "")
    page.go_on.click()
    await idle(lambda: page.notice.isVisible())
    assert page.steps.current == 0 and page.go_on.isEnabled()


async def test_an_address_opens_the_staged_test(qtbot: Any, stores: Stores) -> None:
    connected(stores)
    page = shown(qtbot, stores, LLAMA_SWAP_URL="box:8080")
    assert page.address.field.text() == "http://box:8080"
    qtbot.keyClick(page.address.field, Qt.Key.Key_Return)
    dialog = page.findChild(ProviderDialog)
    assert dialog.form.address.text() == "http://box:8080"
    dialog.close()


async def test_the_page_looks_once_the_gateway_is_there(qtbot: Any, stores: Stores) -> None:
    page = shown(qtbot, stores)
    assert not page.go_on.isEnabled()
    fake = connected(stores)
    await idle(lambda: len(fake.asked) == 2)


async def test_ways_out(qtbot: Any, stores: Stores) -> None:
    page = shown(qtbot, stores)
    heard: list[str] = []
    page.demo_wanted.connect(lambda: heard.append("demo"))
    page.left.connect(lambda: heard.append("left"))
    page.demo.button.click()
    page.skip.click()
    assert heard == ["demo", "left"]
