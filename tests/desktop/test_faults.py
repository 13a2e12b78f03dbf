"""The real window while things go wrong: it stays alive, says what is wrong beside it, and recovers by itself.

The gateway is a scripted one on loopback, a process of its own where the fleet is large, or the real one. In each
case the GUI thread is watched, and no dialog may come by itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from starlette.responses import JSONResponse, Response, StreamingResponse

from boocontrol import __version__
from boocontrol.client import named_gateway
from boocontrol.core.files import read_bytes
from boocontrol.desktop.app import SWITCH_S
from boocontrol.desktop.connection import local, remote
from boocontrol.desktop.itemmodels.models import ROW_ROLE
from boocontrol.desktop.page_set import Parts, preload
from boocontrol.desktop.pages.models import ModelsPage
from boocontrol.desktop.pages.registry_broken import RegistryBroken
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import COMMAND, Supervisor
from boocontrol.desktop.widgets import Button
from tests.desktop.big_gateway import KEY, Size, big_gateway
from tests.desktop.watchdog import Watchdog

LIMIT_MS = 50
"""The promise: no turn of the loop takes the GUI thread longer. It is processor time, not the clock on the wall."""

ANSWERS: dict[str, Callable[[], Response]] = {
    "500 in our words": lambda: Response(
        json.dumps({"error": {"message": "The disk is full.", "type": "server_error"}, "advice": "Make room."}), 500
    ),
    "500 in others' words": lambda: Response("Internal Server Error", 500),
    "HTML": lambda: Response("<html><b>Sign in</b></html>", media_type="text/html"),
    "garbage": lambda: Response(os.urandom(5000)),
    "truncated": lambda: Response(b'{"defaultProvider": "gpu-box", "providers": [{"id"'),
}


class House:
    """A window, and what is seen in it."""

    def __init__(self, shell: Shell, stores: Stores, supervisor: Supervisor, opened: list[str], until: Any) -> None:
        self.shell, self.stores, self.supervisor, self.opened, self._until = shell, stores, supervisor, opened, until

    @property
    def window(self) -> QWidget:
        return self.shell.window

    def words(self, within: QWidget | None = None) -> str:
        """Every word that can be read now."""
        parts = (within or self.window).findChildren(QWidget)
        shown = [p.text() for p in parts if isinstance(p, (QLabel, QAbstractButton)) and p.isVisible()]
        return "\n".join(shown)

    def button(self, text: str, within: QWidget | None = None) -> Button:
        found = [b for b in (within or self.window).findChildren(Button) if b.text() == text and b.isVisible()]
        assert found, (text, self.words())
        return found[0]

    def begin(self, find: Any = None) -> None:
        """Show the window, then look for the gateway."""
        self.shell.window.show()
        self.shell.window.show_page("fleet")
        self.stores.connection.start(find)

    async def visit(self, *pages: str) -> None:
        """Show pages one after the other, each until the loop has turned."""
        for page in pages or self.shell.window.page_ids:
            turned = QTimer(singleShot=True, interval=0)
            self.shell.window.show_page(page)
            turned.start()
            await self._until(turned.timeout)

    async def says(self, *words: str) -> None:
        """Wait until these words can be read."""
        await self.so(lambda: all(word in self.words() for word in words), f"{words} in {{}}")

    async def so(self, true: Callable[[], bool], why: str = "") -> None:
        """Wait, looking at each turn of the loop, until something is so."""
        tick = QTimer(interval=10)
        tick.start()
        try:
            await self._until(tick.timeout, true)
        except TimeoutError:
            raise AssertionError(why.replace("{}", self.words()) or self.words()) from None
        finally:
            tick.stop()

    async def connected(self) -> None:
        await self.so(lambda: self.stores.connection.state == "connected")


@pytest.fixture
def house(
    qtbot: QtBot, qapp: QApplication, owner: QObject, stores: Stores, tmp_path: Path, until: Any
) -> Iterator[House]:
    """The window over the stores, with no gateway looked for yet."""
    opened: list[str] = []
    supervisor = Supervisor(stores.connection, None, owner)
    local = LocalSettings(tmp_path / "desktop.ini", owner)

    def open_url(url: Any) -> bool:
        opened.append(url.toString())
        return True

    parts = Parts(stores, supervisor, local, tmp_path, tmp_path, {}, list, open_url=open_url)
    shell = Shell(parts, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat), owner)
    qtbot.addWidget(shell.window)
    preload()
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    yield House(shell, stores, supervisor, opened, until)
    sys.setswitchinterval(before)
    assert qapp.activeModalWidget() is None


@contextmanager
def watched() -> Iterator[Watchdog]:
    """The window is alive all the while."""
    with Watchdog() as dog:
        yield dog
        dog.check(LIMIT_MS)


class Events:
    """The scripted gateway's event stream: what is in `live` goes out, a cut ends it."""

    def __init__(self, stub: Any, tools: Any) -> None:
        self.stub, self.tools = stub, tools
        self.number = 0
        self.live: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.silent = False
        stub.answers["GET /api/events"] = self._open
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell(self, kind: str, data: Any) -> None:
        """Send one event; text goes out as it is."""
        self.number += 1
        text = data if isinstance(data, str) else json.dumps(data)
        self._put(f"id: i:{self.number}\nevent: {kind}\ndata: {text}\n\n".encode())

    def cut(self) -> None:
        """End the stream, as a gateway that dies does."""
        self._put(None)

    def _put(self, data: bytes | None) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self.live.put_nowait, data)

    def _open(self) -> Response:
        self._loop = asyncio.get_running_loop()
        self.live = asyncio.Queue()
        s = self.stub
        first = {"status": s.status, "hosts": s.hosts, "catalog": s.catalog, "settings": s.settings}

        async def stream() -> AsyncIterator[bytes]:
            if not self.silent:
                yield self.tools.sse(("i:0", "snapshot", first))
            while (data := await self.live.get()) is not None:
                yield data

        return StreamingResponse(stream(), media_type="text/event-stream")


# --- the gateway itself ---


async def test_dead_at_the_start_then_there(house: House, home: Path, stub: Any, tools: Any) -> None:
    with watched():
        house.begin()
        await house.says("No connection to the gateway", "No gateway runs", "Try again")
        await house.visit()
        house.shell.window.show_page("fleet")
        Events(stub, tools)
        tools.write_runtime(stub, home)
        house.button("Try again").click()
        await house.connected()
        await house.so(lambda: "No connection" not in house.words())
        assert [h.id for h in house.stores.fleet.hosts] == ["gpu-box", "attic"]


async def test_lost_keeps_what_was_seen_and_says_so(house: House, running: Any, tools: Any) -> None:
    events = Events(running, tools)
    house.begin()
    await house.connected()
    with watched():
        running.answers["GET /api/events"] = ANSWERS["500 in our words"]
        events.cut()
        await house.says("The disk is full.", "Start it", "Copy details")
        assert house.stores.fleet.stale and house.stores.fleet.hosts
        house.shell.window.show_page("models")
        page = house.shell.window.page("models")
        assert isinstance(page, ModelsPage) and page.item_model.listed()
        assert all(row.stale for row in page.item_model.listed())
        running.answers["GET /api/events"] = events._open
        house.shell.ask_again()
        await house.connected()
        await house.so(lambda: house.shell.window.lost.isHidden())
        assert not any(row.stale for row in page.item_model.listed() if row.host_state == "up")


async def test_a_stream_that_falls_silent_is_found_and_taken_up_again(
    house: House, running: Any, tools: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boocontrol.client.events.SILENCE_S", 0.3)
    events = Events(running, tools)
    house.begin()
    await house.connected()
    with watched():
        events.silent = True
        await house.so(lambda: house.stores.connection.state == "lost")
        await house.says("does not answer in time")
        events.silent = False
        house.shell.ask_again()
        await house.connected()


@pytest.mark.parametrize("version", ["0.0.1", "99.0"])
async def test_another_version_works_as_far_as_both_agree(house: House, running: Any, tools: Any, version: str) -> None:
    events = Events(running, tools)
    newer = {**tools.host("new-kind"), "state": "dreaming", "moreNews": {"a": 1}}
    running.hosts = [{**tools.host("gpu-box"), "notKnownHere": [1, 2]}, newer]
    running.catalog["providers"][1]["models"].append({"wireId": "without a ref"})
    house.begin(other_version(running, version))
    await house.connected()
    with watched():
        assert [h.id for h in house.stores.fleet.hosts] == ["gpu-box"]
        assert [p.id for p in house.stores.catalog.catalog.providers] == ["gpu-box", "attic"]
        events.tell("weather", {"sun": True})
        events.tell("poem", "roses are red, and this is no JSON")
        events.tell("host", {"id": 5})
        events.tell("host", {**tools.host("gpu-box"), "state": "busy", "inFlight": 3})
        await house.so(lambda: house.stores.fleet.hosts[0].in_flight == 3)
        house.shell.window.show_page("gateway")
        await house.says(f"The gateway is version {version}, this window is version {__version__}.")
        assert house.stores.connection.state == "connected"


def other_version(stub: Any, version: str) -> Any:
    from dataclasses import replace

    async def find() -> Any:
        found = await named_gateway(stub.url)
        return replace(found, key=SecretStr("test-gateway-key"), version=version)

    return find


# --- its answers ---


@pytest.mark.parametrize("answer", ANSWERS)
async def test_answers_that_are_none(house: House, running: Any, tools: Any, answer: str) -> None:
    Events(running, tools)
    house.begin()
    await house.connected()
    with watched():
        for what in ("GET /api/hosts", "GET /api/models", "GET /api/providers", "GET /api/status"):
            running.answers[what] = ANSWERS[answer]
        running.answers["POST /api/models/load"] = ANSWERS[answer]
        for page in house.shell.window.page_ids:
            await house.visit(page)
            house.shell.ask_again()
        house.shell.models.load("gpu-box/phi")
        await house.so(lambda: bool(house.shell.notices._bars))
        await house.says("Retry", "Copy details")
        assert "<html>" not in house.words()
        assert house.stores.fleet.hosts and list(house.stores.catalog.catalog.models())
        running.answers.pop("POST /api/models/load")
        house.button("Retry").click()
        await house.so(lambda: ("POST", "/api/models/load", {"ref": "gpu-box/phi"}) in running.seen[-3:])
        assert not house.shell.notices._bars


async def test_slow_answers_hold_up_nothing(house: House, running: Any, tools: Any) -> None:
    Events(running, tools)
    house.begin()
    await house.connected()

    def slow() -> Response:
        async def drip() -> AsyncIterator[bytes]:
            while True:
                await asyncio.sleep(0.05)
                yield b" "

        return StreamingResponse(drip(), media_type="application/json")

    for what in ("GET /api/hosts", "GET /api/models", "GET /api/providers", "PATCH /api/settings"):
        running.answers[what] = slow
    with watched() as dog:
        for page in house.shell.window.page_ids:
            await house.visit(page)
            house.shell.ask_again()
        turns = dog.turns
        house.stores.favorites.toggle("gpu-box/phi")
        assert house.stores.favorites.is_favorite("gpu-box/phi")
        await house.so(lambda: dog.turns > turns + 50)


# --- stars ---


def star(house: House, qtbot: QtBot, ref: str) -> ModelsPage:
    """Click a model's star."""
    house.shell.window.show_page("models")
    page = house.shell.window.page("models")
    assert isinstance(page, ModelsPage)
    index = page.item_model.index_of(ref, ref.partition("/")[0]).siblingAtColumn(0)
    place = page.tree.visualRect(index).center()
    qtbot.mouseClick(page.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    return page


async def test_a_star_meets_two_other_writers(house: House, qtbot: QtBot, running: Any, tools: Any) -> None:
    Events(running, tools)
    house.begin()
    await house.connected()

    others = [{"fast_model": "x/y"}, {"favorite_models": ["attic/llama", "gpu-box/qwen3"]}]

    def read() -> Response:
        answer = JSONResponse(running.settings, headers={"etag": running.etag(running.settings)})
        running.settings.update(others.pop(0) if others else {})
        return answer

    running.answers["GET /api/settings"] = read
    with watched():
        star(house, qtbot, "gpu-box/phi")
        assert house.stores.favorites.is_favorite("gpu-box/phi")  # before any answer
        await house.so(lambda: "gpu-box/phi" in running.settings["favorite_models"])
        assert running.settings["favorite_models"] == ["attic/llama", "gpu-box/qwen3", "gpu-box/phi"]
        assert running.settings["fast_model"] == "x/y"
        assert len([s for s in running.seen if s[0] == "PATCH"]) == 3
        await house.so(lambda: house.stores.favorites.refs == ("attic/llama", "gpu-box/qwen3", "gpu-box/phi"))


async def test_a_star_that_cannot_be_saved_goes_back_and_says_why(
    house: House, qtbot: QtBot, running: Any, tools: Any
) -> None:
    Events(running, tools)
    house.begin()
    await house.connected()
    running.answers["PATCH /api/settings"] = ANSWERS["500 in our words"]
    with watched():
        page = star(house, qtbot, "gpu-box/phi")
        await house.so(lambda: bool(page.desk.star_troubles))
        assert not house.stores.favorites.is_favorite("gpu-box/phi")
        row = page.item_model.index_of("gpu-box/phi").data(ROW_ROLE)
        assert row.star_problem == "Star not saved, put back."
        page.tree.select("gpu-box/phi")
        await house.says("Star not saved, put back.", "The disk is full.")
        running.answers.clear()
        Events(running, tools)
        star(house, qtbot, "gpu-box/phi")
        await house.so(lambda: "gpu-box/phi" in running.settings["favorite_models"])
        assert not page.desk.star_troubles


# --- the keyring ---


@pytest.mark.parametrize(
    ("code", "title", "advice"),
    [
        ("keyring_locked", "The keyring is locked.", "Unlock it (log in to the desktop) and try again."),
        ("keyring_missing", "This computer has no keyring.", "Name an environment variable for the key."),
    ],
)
async def test_a_keyring_that_takes_no_key_is_told_beside_the_field(
    house: House, running: Any, tools: Any, code: str, title: str, advice: str
) -> None:
    from boocontrol.desktop.dialogs.provider import ProviderDialog

    Events(running, tools)
    house.begin()
    await house.connected()
    await house.stores.providers.refresh()
    running.answers["PUT /api/providers/attic/key"] = lambda: tools.problem(503, code, title, advice)
    with watched():
        house.shell.edit_host("attic")
        dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ProviderDialog) and w.isVisible())
        dialog.form.key.setText("a secret")
        dialog.save.setEnabled(True)
        dialog.save.click()
        await house.so(lambda: title in house.words(dialog) and advice in house.words(dialog))
        assert dialog.isVisible() and dialog.form.key.text() == "a secret"
        del running.answers["PUT /api/providers/attic/key"]
        dialog.anyway.click() if dialog.anyway.isVisible() else dialog.save.click()
        await house.so(lambda: not any(isinstance(w, ProviderDialog) for w in QApplication.topLevelWidgets()))


# --- the registry, with the real gateway ---

GOOD = {"providers": [{"id": "den", "label": "Den", "baseUrl": "http://127.0.0.1:9"}], "mine": "kept"}


async def test_a_broken_registry_is_shown_opened_and_replaced(
    house: House, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    file = home / "hosts.json"
    file.write_text(json.dumps(GOOD, indent=2))
    command = (*COMMAND, "--data-dir", str(home / "data"), "--port", "0")
    supervisor = Supervisor(house.stores.connection, file, house.shell, command=command)
    house.begin(local(file))
    supervisor.start()
    try:
        await house.connected()
        await house.so(lambda: bool(house.stores.providers.document))
        broken = '{\n  "providers": [\n    {"id": "den" "baseUrl": "http://127.0.0.1:9"}\n  ]\n}\n'
        with watched():
            file.write_text(broken)
            await house.says(
                "The list of hosts cannot be read", "line 3", "Still watched, from the last good list", "Den"
            )
            page = house.window.findChild(RegistryBroken)
            assert page is not None
            await house.so(lambda: '"den" "baseUrl"' in page.code.toPlainText())
            page.edit.click()
            assert house.opened == [file.as_uri()]
            page.back.click()
            await house.so(lambda: house.window.findChild(RegistryBroken) is None, "still broken: {}")
        assert json.loads(read_bytes(file) or b"") == GOOD
        kept = [p for p in file.parent.iterdir() if p != file and p.name.startswith("hosts.json")]
        assert [p.read_text() for p in kept] == [broken]
        assert [h.id for h in house.stores.fleet.hosts] == ["den"]
    finally:
        await supervisor.close()


# --- a large fleet, most of it dead ---


async def test_a_hundred_hosts_of_which_sixty_are_dead(house: House) -> None:
    pages = house.shell.window.page_ids
    with big_gateway(Size(events_per_s=40, catalogs_per_s=4)) as gateway:
        with Watchdog() as dog:
            house.begin(remote(gateway.url, SecretStr(KEY)))
            await house.connected()
            for page in (*pages, *pages):
                await house.visit(page)
                before, catalogs = house.stores.fleet.hosts, house.stores.catalog.catalog
                await house.so(lambda b=before: house.stores.fleet.hosts is not b)
                await house.so(lambda c=catalogs: house.stores.catalog.catalog is not c)
        states = [h.state for h in house.stores.fleet.hosts]
        assert states.count("down") == 60 and len(states) == 100
        dog.check(LIMIT_MS)
        house.shell.window.show_page("fleet")
    await house.so(lambda: house.stores.fleet.stale)
    house.stores.connection.stop()
