"""The tray: what it shows of what is known, the menu that is made of it, and no tray at all."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from boocontrol.core.api import Host, LoadedModel
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.desktop.notifications import Notification
from boocontrol.desktop.tokens import DARK, LIGHT
from boocontrol.desktop.tray import Tray, face_icon, fill
from boocontrol.desktop.tray_state import SHAPES, Item, Seen, TrayState, face, fleet_words, tooltip, tray_state


def host(name: str, state: str = "up", **more: Any) -> Host:
    base = {"label": name, "kind": "llama-swap", "location": "local", "enabled": True, "often_off": False}
    return Host(id=name, base_url=f"http://{name}:8080", state=state, **{**base, **more})  # type: ignore[arg-type]


def seen(*hosts: Host, **more: Any) -> Seen:
    return Seen(hosts, **{"connected": True, "ours": True, "address": "http://127.0.0.1:9503", **more})


def rows(items: tuple[Item, ...]) -> list[str]:
    return [item.text for item in items if not item.separator]


def find(items: tuple[Item, ...], text: str) -> Item:
    return next(item for item in items if item.text == text)


DEN = host(
    "den",
    "busy",
    in_flight=2,
    loaded=(LoadedModel(ref="den/qwen3", state="ready"), LoadedModel(ref="den/coder", state="starting")),
)


@pytest.mark.parametrize(
    ("hosts", "more", "expected"),
    [
        ((host("a"),), {}, "well"),
        ((DEN,), {}, "working"),
        ((DEN, host("b", "degraded")), {}, "look"),
        ((DEN, host("b", "needs_key"), host("c", "down")), {}, "down"),
        ((host("b", "down", often_off=True),), {}, "well"),
        ((host("b", "down"),), {"snoozed_until": "18:00"}, "snoozed"),
        ((host("b", "down"),), {"connected": False}, "stopped"),
        ((), {}, "well"),
    ],
)
def test_the_worst_state_is_the_badge(hosts: tuple[Host, ...], more: dict[str, Any], expected: str) -> None:
    assert face(seen(*hosts, **more)) == expected


def test_the_tooltip_names_every_host_and_every_loaded_model() -> None:
    words = tooltip(seen(DEN, host("mac", "degraded"), host("attic", "down")))
    assert words.splitlines() == [
        "BooControl",
        "den: qwen3, loading coder",
        "mac: nothing loaded (degraded)",
        "attic: down",
    ]


def test_the_first_lines_say_how_it_stands() -> None:
    menu = tray_state(seen(DEN, host("mac"), host("attic", "down"))).menu
    assert rows(menu)[:3] == ["Open BooControl", "2 up, 1 down", "2 requests now"]
    assert fleet_words(seen()) == "No hosts yet"
    assert fleet_words(seen(connected=False)) == "The gateway does not run"


def test_a_host_has_its_models_and_says_what_asks_first() -> None:
    den = find(tray_state(seen(DEN)).menu, "den")
    assert (den.right, den.shape) == ("Busy", "busy")
    assert rows(den.children) == [
        "Busy, 2 requests now",
        "Unload qwen3…",
        "Cancel loading coder",
        "Unload all on den…",
        "Open web UI",
        "Show in BooControl",
    ]
    assert find(den.children, "Unload qwen3…").argument == "den/qwen3"


def test_nothing_can_be_unloaded_where_nobody_answers() -> None:
    attic = host("attic", "down", loaded=DEN.loaded, often_off=True)
    item = find(tray_state(seen(attic)).menu, "attic")
    assert item.shape == "down_often_off"
    assert not [row for row in rows(item.children) if row.startswith("Unload")]


def test_favorites_load_when_they_can_and_are_ticked_when_they_are_ready() -> None:
    models = tuple(
        ModelEntry(ref=f"den/{name}", wire_id=name, state=state)  # type: ignore[arg-type]
        for name, state in (("qwen3", "ready"), ("gemma", "stopped"))
    )
    catalog = Catalog(
        default_provider="den", providers=(ProviderEntry(id="den", label="den", state="up", models=models),)
    )
    menu = tray_state(seen(DEN, catalog=catalog, favorites=("den/qwen3", "den/gemma"))).menu
    ready, stopped = find(menu, "qwen3 on den"), find(menu, "gemma on den")
    assert (ready.checked, ready.action) == (True, "model")
    assert (stopped.checked, stopped.action, stopped.argument) == (False, "load", "den/gemma")
    assert "Favorites" not in rows(tray_state(seen(DEN, catalog=catalog)).menu)


def test_the_gateway_can_be_started_when_it_is_stopped_and_stopped_when_it_is_ours() -> None:
    stopped = find(tray_state(seen(connected=False)).menu, "Gateway stopped")
    assert "Start" in rows(stopped.children)
    ours = find(tray_state(seen()).menu, "Gateway on port 9503")
    assert "Stop…" in rows(ours.children)
    theirs = find(tray_state(seen(ours=False)).menu, "Gateway on port 9503")
    assert "Stop…" not in rows(theirs.children)


def test_a_snooze_can_be_ended() -> None:
    snooze = find(tray_state(seen(snoozed_until="18:00")).menu, "Snooze alerts")
    assert rows(snooze.children)[:2] == ["Silent until 18:00", "Alert again"]


def test_the_menu_is_text_icons_and_ticks(qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []
    menu = QMenu()
    qtbot.addWidget(menu)
    items = tray_state(seen(DEN, host("R&D"))).menu
    fill(menu, items, LIGHT, lambda action, argument: asked.append((action, argument)))
    fill(menu, items, LIGHT, lambda action, argument: asked.append((action, argument)))
    texts = [action.text() for action in menu.actions()]
    assert "den\tBusy" in texts
    assert "R&&D\tUp" in texts
    assert len(texts) == len(items)
    assert not menu.actions()[1].isEnabled()
    menu.actions()[0].trigger()
    inside = next(action for action in menu.actions() if action.text().startswith("den")).menu()
    assert isinstance(inside, QMenu)
    next(action for action in inside.actions() if action.text() == "Unload qwen3…").trigger()
    assert asked == [("open", ""), ("unload", "den/qwen3")]


def test_faces_differ_and_have_every_size(qapp: QApplication) -> None:
    images = {name: face_icon(name, LIGHT).pixmap(22, 22).toImage() for name in SHAPES}
    assert len({bytes(image.constBits()) for image in images.values()}) == len(SHAPES)
    assert {size.width() for size in face_icon("down", DARK).availableSizes()} >= {16, 22, 32, 44, 64}


class Tried(Tray):
    """A tray where there is none."""

    def __init__(self, there: bool = False) -> None:
        self.state = TrayState("well", "BooControl", lambda: (Item("Open BooControl", "open"),))
        super().__init__(lambda: LIGHT, lambda: self.state, available=lambda: there)


def test_without_a_tray_nothing_happens(qapp: QApplication) -> None:
    tray = Tried()
    tray.refresh()
    tray.tell(Notification("down", "den is down"))
    assert not tray.there
    assert not tray.icon.isVisible()
    tray.deleteLater()


def test_the_menu_is_made_when_it_is_about_to_be_shown(qapp: QApplication) -> None:
    tray = Tried()
    assert tray.menu.actions() == []
    tray.menu.aboutToShow.emit()
    assert [action.text() for action in tray.menu.actions()] == ["Open BooControl"]
    tray.deleteLater()


def test_a_click_on_a_notification_opens_its_host(qapp: QApplication) -> None:
    tray, asked = Tried(), []
    tray.asked.connect(lambda action, argument: asked.append((action, argument)))
    for said in (Notification("down", "x", host="den"), Notification("gateway", "x", page="gateway"), None):
        tray._clicked = said
        tray.icon.messageClicked.emit()
    tray.icon.activated.emit(tray.icon.ActivationReason.Trigger)
    tray.icon.activated.emit(tray.icon.ActivationReason.Context)
    assert asked == [("host", "den"), ("page", "gateway"), ("open", ""), ("open", "")]
    tray.deleteLater()
