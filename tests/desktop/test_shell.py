"""The window: pages by rail and by key, badges, the lost gateway, the first run, and what is kept for next time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from boocontrol.core.api import Counts, Host, RegistryProblem, RegistryStatus, Status
from boocontrol.core.errors import BooError
from boocontrol.desktop import shortcuts
from boocontrol.desktop.commands import entries
from boocontrol.desktop.main_window import MainWindow, Page
from boocontrol.desktop.notices import Notices
from boocontrol.desktop.options import Options, parse
from boocontrol.desktop.page_set import Parts
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.rail import BADGE, Badge
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.widgets import SearchField


def kept(folder: Path) -> QSettings:
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


def small_pages(made: list[str]) -> list[Page]:
    def make(name: str) -> QWidget:
        made.append(name)
        return QLabel(name)

    names = ("fleet", "models", "gateway", "agents", "settings")
    return [Page(n, n.capitalize(), n, lambda n=n: make(n)) for n in names]


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, made: list[str]) -> MainWindow:
    window = MainWindow(small_pages(made), kept(tmp_path), welcome=lambda: QLabel("welcome"))
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_page_is_made_when_it_is_first_shown(window: MainWindow, made: list[str]) -> None:
    assert made == []
    window.show_page("models")
    window.show_page("nowhere")
    window.show_place(0)
    window.show_place(17)
    assert (made, window.current) == (["models", "fleet"], "fleet")
    window._make_next()
    assert made == ["models", "fleet", "gateway"]


def test_the_rail_leads_to_pages_by_mouse_and_by_arrow(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("fleet")
    view = window.rail._top
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(1, 0)).center())
    assert window.current == "models"
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert window.current == "settings"
    qtbot.keyClick(window.rail._bottom, Qt.Key.Key_Up)
    assert window.current == "agents"


def test_the_rail_shows_icons_only_in_a_narrow_window(window: MainWindow) -> None:
    window.resize(1280, 800)
    assert window.rail.width() == 176
    window.resize(900, 600)
    assert window.rail.width() == 56
    assert not window.grab().isNull()


def test_a_badge_is_told_to_screen_readers(window: MainWindow) -> None:
    window.set_badge("fleet", Badge(state="down", word="Down: attic"))
    item = window.rail._item(window.rail._top, "fleet")
    assert item is not None
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Fleet, Down: attic"
    window.set_badge("fleet", None)
    assert item.data(BADGE) is None
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Fleet"


def test_welcome_hides_the_rail_until_there_is_a_host(window: MainWindow) -> None:
    window.show_page("fleet")
    window.set_welcome(True)
    assert window.welcoming
    assert window.rail.isHidden()
    window.show_page("models")
    assert window.welcoming
    window.set_welcome(False)
    assert not window.rail.isHidden()
    assert window.stack.currentWidget() is window.page("models")


def test_a_page_can_be_covered_for_a_while(window: MainWindow) -> None:
    window.show_page("fleet")
    window.cover("fleet", lambda: QLabel("broken"))
    shown = window.stack.currentWidget()
    assert isinstance(shown, QLabel)
    assert shown.text() == "broken"
    window.show_page("models")
    window.show_page("fleet")
    assert window.stack.currentWidget() is shown
    window.cover("fleet", None)
    assert window.stack.currentWidget() is window.page("fleet")


def test_size_and_page_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow(small_pages([]), kept(tmp_path))
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    window.show_page("gateway")
    window.close()
    again = MainWindow(small_pages([]), kept(tmp_path))
    qtbot.addWidget(again)
    # Not the width: it is cut to that of the screen, which is a small one here.
    assert again.height() == 700
    assert again.last_page() == "gateway"


def test_closing_is_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow(small_pages([]), kept(tmp_path), closing=lambda: False)
    qtbot.addWidget(window)
    window.show()
    window.close()
    assert window.isVisible()
    window._closing = lambda: True


def test_the_same_error_stands_once_and_can_be_tried_again(window: MainWindow, qtbot: QtBot) -> None:
    notices, tried = Notices(window), []
    for _ in range(2):
        notices.fail(BooError("It did not start.", "Try again."), lambda: tried.append(1))
    notices.fail(ValueError("odd"))
    assert len(notices._bars) == 2
    bar = next(iter(notices._bars.values()))
    button = bar._buttons.itemAt(0).widget()
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert tried == [1]
    for n in range(5):
        notices.fail(BooError(f"Fault {n}."))
    assert len(notices._bars) == 3
    for key in list(notices._bars):
        notices.clear(key)
    assert window._notices.count() == 0


def test_keys_are_in_one_table_and_none_stands_twice() -> None:
    keys = [key for entry in shortcuts.TABLE for key in entry.keys]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+K", "/", "Ctrl+F", "F5", "?", "S", "Return", "Del", "Ctrl+N"} <= set(keys)
    assert all(shortcuts.words(entry) and shortcuts.caps(entry) for entry in shortcuts.TABLE)


def test_options() -> None:
    assert parse([]) == Options()
    given = parse(["--registry", "a.json", "--gateway", "http://x", "--key-file", "k", "--page", "models"])
    assert given == Options(Path("a.json"), "http://x", Path("k"), "models")
    with pytest.raises(SystemExit):
        parse(["--nothing"])


# --- the window over stores ---


def host(name: str, state: str = "up", **more: Any) -> Host:
    base = {"label": name, "kind": "llama-swap", "location": "local", "enabled": True, "often_off": False}
    return Host(id=name, base_url=f"http://{name}:8080/v1", state=state, **{**base, **more})  # type: ignore[arg-type]


def status(providers: int = 1, error: RegistryProblem | None = None) -> Status:
    return Status(
        version="1",
        instance_id="x",
        started_at="2026-03-01T12:00:00Z",  # type: ignore[arg-type]
        uptime_s=1,
        url="http://127.0.0.1:9503",
        registry=RegistryStatus(path="/nowhere/llama-providers.json", source="file", stamp="1", error=error),
        counts=Counts(providers=providers, up=1, models=1, in_flight=0),
    )


class Opened:
    def __init__(self) -> None:
        self.urls: list[str] = []

    def __call__(self, url: Any) -> bool:
        self.urls.append(url.toString())
        return True


@pytest.fixture
def opened() -> Opened:
    return Opened()


@pytest.fixture
def shell(qtbot: QtBot, owner: QObject, stores: Stores, tmp_path: Path, opened: Opened) -> Shell:
    local = LocalSettings(tmp_path / "desktop.ini", owner)
    supervisor = Supervisor(stores.connection, None, owner)
    parts = Parts(stores, supervisor, local, tmp_path, tmp_path, os.environ, list, open_url=opened)
    shell = Shell(parts, kept(tmp_path), owner)
    qtbot.addWidget(shell.window)
    return shell


def fed(shell: Shell, stores: Stores, *hosts: Host) -> None:
    stores.connection.take("connected")
    stores.status.take(status(len(hosts)))
    stores.fleet.take(hosts)
    shell.show()


async def test_badge_and_foot_say_how_it_stands(shell: Shell, stores: Stores) -> None:
    fed(shell, stores, host("den"), host("attic", "down", often_off=True), host("mac", "needs_key"))
    item = shell.window.rail._item(shell.window.rail._top, "fleet")
    assert item is not None
    assert item.data(BADGE) == Badge(state="needs_key", word="Needs key: mac")
    assert shell.window.rail.foot.accessibleName() == "Gateway running 127.0.0.1:9503"
    assert shell.window.lost.isHidden()


async def test_a_lost_gateway_is_told_at_the_top_with_a_way_back(shell: Shell, stores: Stores) -> None:
    fed(shell, stores, host("den"))
    stores.connection.take("lost", problem=BooError("The gateway does not answer.", "It may be restarting."))
    assert "The gateway does not answer." in shell.window.lost.words.text()
    assert not shell.window.lost.isHidden()
    stores.connection.take("connected")
    assert shell.window.lost.isHidden()


async def test_the_steps_of_the_welcome_page_go_on_when_a_host_is_there(shell: Shell, stores: Stores) -> None:
    fed(shell, stores)
    stores.status.take(status(1))
    assert shell.window.welcoming
    shell.do("page", "fleet")
    assert not shell.window.welcoming


async def test_no_provider_is_the_welcome_page_until_it_is_left(shell: Shell, stores: Stores) -> None:
    fed(shell, stores)
    assert shell.window.welcoming
    shell.do("page", "settings")
    assert not shell.window.welcoming
    stores.status.take(status(0))
    assert not shell.window.welcoming


async def test_a_broken_registry_stands_in_place_of_the_fleet(shell: Shell, stores: Stores) -> None:
    fed(shell, stores, host("den"))
    stores.status.take(status(1, RegistryProblem(message="A comma is missing.", advice="Add it.", line=3, column=1)))
    assert shell.window.stack.currentWidget() is not shell.window.page("fleet")
    stores.status.take(status(1))
    assert shell.window.stack.currentWidget() is shell.window.page("fleet")


async def test_actions_reach_their_place(
    shell: Shell, stores: Stores, opened: Opened, qapp: QApplication, qtbot: QtBot
) -> None:
    fed(shell, stores, host("den"))
    shell.do("copy_address")
    assert qapp.clipboard().text() == "http://127.0.0.1:9503/v1"
    shell.do("web_ui", "den")
    assert opened.urls == ["http://den:8080/ui"]
    shell.do("model", "den/qwen3")
    assert shell.window.current == "models"
    shell.do("nothing of this name")
    asked: list[int] = []
    shell.snoozed.connect(asked.append)
    shell.do("snooze", "30")
    assert asked == [30]
    shell.do("help")
    assert shell.help.isVisible()
    qtbot.keyClick(shell.help, Qt.Key.Key_Escape)


async def test_a_load_that_cannot_be_asked_says_so(shell: Shell, stores: Stores, until: Any) -> None:
    fed(shell, stores, host("den"))
    shell.do("load", "den/qwen3")
    await until(stores.actions.changed)
    await until(shell.window.page_shown, lambda: bool(shell.notices._bars) or shell.window.show_place(1) is not None)
    assert shell.notices._bars


async def test_what_the_palette_offers_follows_the_stores(shell: Shell, stores: Stores) -> None:
    fed(shell, stores, host("den"))
    titles = [e.title for e in entries(stores, shell.window, shell.do)]
    assert titles[0] == "den"
    assert {"Fleet", "Settings", "Add host", "Copy gateway address"} <= set(titles)
    shell.palette.pop()
    assert shell.palette.hits
    shell.palette.done()


async def test_slash_goes_to_the_filter_of_the_page(shell: Shell, stores: Stores, qtbot: QtBot) -> None:
    fed(shell, stores, host("den"))
    shell.window.activateWindow()
    shell.window.focus_filter()
    field = shell.window.focusWidget()
    assert isinstance(field, SearchField)


def test_to_arrive_at_a_list_of_the_rail_chooses_no_page(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("settings")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.rail._top.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.current == "settings"
    qtbot.keyClick(window.rail._top, Qt.Key.Key_Down)
    assert window.current == "fleet"


def test_the_keyboard_goes_along_in_the_rail_and_a_click_takes_its_ring(window: MainWindow, qtbot: QtBot) -> None:
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    top, bottom = window.rail._top, window.rail._bottom
    bottom.setFocus(Qt.FocusReason.TabFocusReason)
    top.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert top.by_keyboard
    window.show_page("settings")
    assert bottom.hasFocus() and bottom.by_keyboard, "the other list would show a ring around nothing"
    place = bottom.visualRect(bottom.currentIndex()).center()
    qtbot.mouseClick(bottom.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not bottom.by_keyboard
    window.show_page("models")
    assert top.hasFocus() and not top.by_keyboard


def test_keys_that_do_not_walk_along_the_rail_draw_no_ring(window: MainWindow, qtbot: QtBot) -> None:
    top = window.rail._top
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Control, Qt.Key.Key_2):
        qtbot.keyClick(top, key)
    assert not top.by_keyboard
    qtbot.keyClick(top, Qt.Key.Key_Down)
    assert top.by_keyboard


def test_a_cover_that_goes_leaves_the_keyboard_on_its_page(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("fleet")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page = window.page("fleet")
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field = QLineEdit()
    window.cover("fleet", lambda: field)
    field.setFocus()
    window.cover("fleet", None)
    assert window.focusWidget() is page and not window.rail._top.hasFocus()
