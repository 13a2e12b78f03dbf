"""Pictures of one host and of a hundred, of all of them down, of a paused one, and of searches that find nothing."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize

from boocontrol.core.api import Host
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.desktop.shoot_states import Room, Views, alone, hosts

MANY: Final = 100
STATES: Final = ("up", "up", "busy", "up", "degraded", "up", "down", "up", "paused", "up", "needs_key", "checking")
REASONS: Final = {
    "degraded": "Slow: answers take 2.4 s.",
    "down": "Nothing answers at this address.",
    "needs_key": "The host needs a key.",
}


def counts(size: QSize) -> Views:
    """One after the other in a window of its own, each shown when it comes and taken away after."""
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder), size)
        try:
            room.feed()
            yield from _few(room)
            yield from _edited(room)
            yield from _many(room)
            yield from _nothing_found(room)
        finally:
            room.close()


def _few(room: Room) -> Views:
    """One host, one that is paused, and none that answers."""
    first, *others = hosts()
    room.shell.open_page("fleet")
    room.stores.fleet.take([first])
    yield "fleet-one", room.window
    paused = first.model_copy(update={"state": "paused", "enabled": False})
    room.stores.fleet.take([paused, *others])
    room.shell.open_host(paused.id)
    yield "host-paused", room.window
    room.shell.ask_back()
    room.stores.fleet.take([h.model_copy(update={"state": "down", "reason": REASONS["down"]}) for h in hosts()])
    yield "fleet-all-down", room.window


def _edited(room: Room) -> Views:
    """A host that is edited, with all of its fields."""
    from boocontrol.desktop.dialogs.provider import ProviderDialog

    entry = {"id": "gpu-box", "label": "GPU box", "baseUrl": "http://192.168.1.20:8080", "oftenOff": True}
    dialog = ProviderDialog(room.stores, entry, room.window)
    dialog.form.more.setChecked(True)
    yield from alone("edit-host", dialog)


def _many(room: Room) -> Views:
    """So many that they stand in lines."""
    room.stores.fleet.take([_host(number) for number in range(MANY)])
    room.stores.catalog.take(Catalog(providers=tuple(_provider(number) for number in range(MANY))))
    for page in ("fleet", "models"):
        room.shell.open_page(page)
        yield f"{page}-many", room.window


def _nothing_found(room: Room) -> Views:
    room.shell.open_page("fleet")
    page: Any = room.window.page("fleet")
    page.fleet.search.setText("nowhere")
    yield "fleet-without-result", room.window
    page.fleet.search.clear()
    room.shell.palette.pop()
    room.shell.palette.field.setText("zzzz")
    yield "palette-without-result", room.window
    room.shell.palette.done()


def _host(number: int) -> Host:
    now, state = datetime.now(UTC), STATES[number % len(STATES)]
    name = f"rack-{number // 20 + 1}-node-{number % 20 + 1:02}"
    given: dict[str, Any] = {"id": name, "label": name, "kind": "llama-swap", "location": "local", "often_off": False}
    given |= {"base_url": f"http://10.0.{number // 20 + 1}.{number % 20 + 1}:8080", "state": state, "as_of": now}
    given |= {"enabled": state != "paused", "since": now - timedelta(minutes=number), "models": 3, "version": "250"}
    given |= {"reason": REASONS.get(state), "latency_ms": 3.0 + number % 7, "in_flight": 2 if state == "busy" else 0}
    return Host.model_validate(given)


def _provider(number: int) -> ProviderEntry:
    host = _host(number)
    names = ("qwen3.5-9b", "gemma-3-12b-it", "gpt-oss-20b")
    models = tuple(ModelEntry(ref=f"{host.id}/{m}", wire_id=m, state="stopped", context_length=32768) for m in names)
    given = {"id": host.id, "label": host.label, "state": host.state, "stale": host.state == "down", "models": models}
    return ProviderEntry.model_validate(given)
