"""What the tray shows, from what the stores hold: icon, tooltip and menu as values. Needs no display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from boocontrol.core.api import Host
from boocontrol.core.catalog import Catalog, ModelEntry
from boocontrol.core.favorites import favorites_now
from boocontrol.desktop.stores.scenes import loaded_now
from boocontrol.desktop.text import tr as _tr

Face = Literal["well", "working", "look", "down", "snoozed", "stopped"]

SHAPES: Final[dict[Face, str]] = {
    "well": "",
    "working": "busy",
    "look": "degraded",
    "down": "down",
    "snoozed": "paused",
    "stopped": "checking",
}
GREY: Final = frozenset({"snoozed", "stopped"})
SNOOZES_MIN: Final = (30, 60, 480)
MOST_FAVORITES: Final = 12


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the menu. `action` and `argument` say what a click asks for; `right` stands at the right end."""

    text: str = ""
    action: str = ""
    argument: str = ""
    right: str = ""
    shape: str = ""
    checked: bool = False
    bold: bool = False
    children: tuple[Item, ...] = ()

    @property
    def separator(self) -> bool:
        """Whether it is a line."""
        return not self.text

    @property
    def enabled(self) -> bool:
        """Whether it can be chosen."""
        return bool(self.action or self.children)


LINE: Final = Item()


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known now. `snoozed_until` is a time of day in words, empty when alerts are not silent."""

    hosts: tuple[Host, ...] = ()
    catalog: Catalog = field(default_factory=Catalog.empty)
    favorites: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    connected: bool = False
    ours: bool = False
    address: str = ""
    snoozed_until: str = ""


@dataclass(frozen=True)
class TrayState:
    """Icon, tooltip, and the menu, which is made when it is asked for: of many hosts it takes a while."""

    face: Face
    tooltip: str
    make_menu: Callable[[], tuple[Item, ...]]

    @cached_property
    def menu(self) -> tuple[Item, ...]:
        """The rows from top to bottom."""
        return self.make_menu()


def tray_state(seen: Seen) -> TrayState:
    """What the tray shows of what is known."""
    return TrayState(face(seen), tooltip(seen), lambda: menu(seen))


def face(seen: Seen) -> Face:
    """The icon: the worst state wins; a host that is often off does not count when it is down."""
    if not seen.connected:
        return "stopped"
    if seen.snoozed_until:
        return "snoozed"
    states = {h.state for h in seen.hosts if not (h.often_off and h.state == "down")}
    if "down" in states:
        return "down"
    if states & {"degraded", "needs_key"}:
        return "look"
    return "working" if any(h.in_flight for h in seen.hosts) else "well"


def shape_of(host: Host) -> str:
    """The shape of a host's state."""
    return "down_often_off" if host.state == "down" and host.often_off else host.state


def can_wake(host: Host) -> bool:
    """Whether a wake-up packet may help, and is not sent already."""
    return host.state == "down" and host.mac_address is not None and host.waking_since is None


def tooltip(seen: Seen) -> str:
    """Every host, every loaded model."""
    lines = ["BooControl"]
    if not seen.connected:
        lines.append(_tr("The gateway does not run; nothing is watched."))
    for host in seen.hosts:
        lines.append(f"{host.label}: {_doing(host)}")
    if seen.snoozed_until:
        lines.append(_tr("Alerts are silent until {time}.").format(time=seen.snoozed_until))
    return "\n".join(lines)


def menu(seen: Seen) -> tuple[Item, ...]:
    """The menu, from top to bottom."""
    rows = [Item(_tr("Open BooControl"), "open", bold=True), Item(fleet_words(seen))]
    running = sum(h.in_flight for h in seen.hosts)
    if running:
        rows.append(Item(_count(running, _tr("1 request now"), _tr("{n} requests now"))))
    rows.append(LINE)
    if seen.hosts:
        rows += [_host(host, seen.connected) for host in seen.hosts]
        rows.append(LINE)
    favorites = _favorites(seen)
    if favorites:
        rows += [Item(_tr("Favorites"), right=_tr("click to load")), *favorites, LINE]
    if seen.connected and (seen.scenes or loaded_now(seen.hosts)):
        rows += [_scenes(seen), LINE]
    rows += [_gateway(seen)]
    if seen.connected and any(host.loaded for host in seen.hosts):
        rows.append(Item(_tr("Unload everything…"), "unload_all"))
    rows += [_snooze(seen), LINE, Item(_tr("Settings"), "page", "settings"), Item(_tr("Quit"), "quit")]
    return tuple(rows)


def fleet_words(seen: Seen) -> str:
    """2 up, 1 degraded, 1 down."""
    if not seen.connected:
        return _tr("The gateway does not run")
    if not seen.hosts:
        return _tr("No hosts yet")
    order = ("up", "busy", "degraded", "needs_key", "down", "checking", "paused")
    counted = {state: sum(1 for h in seen.hosts if h.state == state) for state in order}
    counted["up"] += counted.pop("busy")
    return ", ".join(f"{n} {state_word(state).lower()}" for state, n in counted.items() if n)


def state_word(state: str) -> str:
    """The word of a host state."""
    words = {
        "checking": _tr("Checking"),
        "up": _tr("Up"),
        "busy": _tr("Busy"),
        "degraded": _tr("Degraded"),
        "needs_key": _tr("Needs key"),
        "down": _tr("Down"),
        "paused": _tr("Paused"),
    }
    return words.get(state, state)


def _doing(host: Host) -> str:
    if host.state in ("down", "needs_key", "paused", "checking"):
        return state_word(host.state).lower()
    ready = [_name(m.ref) for m in host.loaded if m.state == "ready"]
    starting = [_tr("loading {model}").format(model=_name(m.ref)) for m in host.loaded if m.state == "starting"]
    said = ", ".join(ready + starting) or _tr("nothing loaded")
    return f"{said} ({state_word(host.state).lower()})" if host.state == "degraded" else said


def _host(host: Host, connected: bool) -> Item:
    head = state_word(host.state)
    if host.in_flight:
        running = _count(host.in_flight, _tr("1 request now"), _tr("{n} requests now"))
        head = f"{head}, {running}"
    inside = [Item(head)]
    if host.reason:
        inside.append(Item(_short(host.reason)))
    if connected and can_wake(host):
        inside.append(Item(_tr("Wake"), "wake", host.id))
    elif host.waking_since is not None:
        inside.append(Item(_tr("Waking…")))
    inside.append(LINE)
    loaded = [m for m in host.loaded if m.state in ("ready", "starting")]
    if connected and loaded and host.state not in ("down", "paused"):
        inside += [_loaded(m.ref, m.state, host.in_flight) for m in loaded]
        inside.append(LINE)
        inside.append(Item(_tr("Unload all on {host}…").format(host=host.label), "unload_host", host.id))
    if host.kind == "llama-swap":
        inside.append(Item(_tr("Open web UI"), "web_ui", host.id))
    inside.append(Item(_tr("Show in BooControl"), "host", host.id))
    return Item(host.label, right=state_word(host.state), shape=shape_of(host), children=tuple(inside))


def _loaded(ref: str, state: str, running: int) -> Item:
    # A … says that a question may come: while requests run on the host, they may be this model's.
    words = _tr("Cancel loading {model}") if state == "starting" else _tr("Unload {model}")
    text = words.format(model=_name(ref)) + ("…" if running and state == "ready" else "")
    return Item(text, "cancel" if state == "starting" else "unload", ref, shape=state)


def _scenes(seen: Seen) -> Item:
    """Each opens the window and says first what it would do."""
    inside = [Item(f"{name}…", "scene", name) for name in seen.scenes]
    if loaded_now(seen.hosts):
        inside += [*((LINE,) if inside else ()), Item(_tr("Save what is loaded now…"), "scene_save")]
    return Item(_tr("Scenes"), children=tuple(inside))


def _favorites(seen: Seen) -> list[Item]:
    there, _ = favorites_now(seen.catalog, seen.favorites)
    return [_favorite(entry.model, seen) for entry in there[:MOST_FAVORITES]]


def _favorite(model: ModelEntry, seen: Seen) -> Item:
    provider = model.ref.split("/", 1)[0]
    host = next((h for h in seen.hosts if h.id == provider), None)
    text = _tr("{model} on {host}").format(model=_name(model.ref), host=host.label if host else provider)
    can = seen.connected and model.state in ("stopped", "shutdown") and host is not None and host.state != "down"
    words = "" if model.state == "stopped" else model.state
    return Item(text, "load" if can else "model", model.ref, right=words, checked=model.state == "ready")


def _gateway(seen: Seen) -> Item:
    if not seen.connected:
        inside = (Item(_tr("Start"), "gateway_start"), Item(_tr("Show in BooControl"), "page", "gateway"))
        return Item(_tr("Gateway stopped"), shape="checking", children=inside)
    inside = (
        Item(seen.address),
        Item(_tr("Copy address"), "copy_address"),
        *((Item(_tr("Stop…"), "gateway_stop"),) if seen.ours else ()),
        Item(_tr("Show in BooControl"), "page", "gateway"),
    )
    port = seen.address.rsplit(":", 1)[-1].split("/", 1)[0]
    words = _tr("Gateway on port {port}").format(port=port) if port.isdigit() else _tr("Gateway")
    return Item(words, shape="up", children=inside)


def _snooze(seen: Seen) -> Item:
    choices = [(30, _tr("30 minutes")), (60, _tr("1 hour")), (480, _tr("8 hours"))]
    inside = tuple(Item(words, "snooze", str(minutes)) for minutes, words in choices)
    if not seen.snoozed_until:
        return Item(_tr("Snooze alerts"), children=inside)
    until = _tr("Silent until {time}").format(time=seen.snoozed_until)
    return Item(_tr("Snooze alerts"), children=(Item(until), Item(_tr("Alert again"), "snooze", "0"), LINE, *inside))


def _name(ref: str) -> str:
    return ref.split("/", 1)[-1]


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(n=number)
