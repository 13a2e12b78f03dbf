"""What the command palette offers, from what the stores hold now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from boocontrol.core.api import Host
from boocontrol.core.catalog import ModelEntry, ProviderEntry
from boocontrol.desktop.main_window import MainWindow
from boocontrol.desktop.palette_search import Entry
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.scenes import loaded_now
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.tray_state import can_wake, shape_of, state_word


class Deeds(Protocol):
    """What can be asked for from anywhere in the program: an action and its argument."""

    def __call__(self, action: str, argument: str = "") -> object: ...


def entries(stores: Stores, window: MainWindow, do: Deeds) -> list[Entry]:
    """Everything to choose from, favorites before other models."""
    made = [_host(host, do) for host in stores.fleet.hosts]
    made += _models(stores, do)
    made += [
        Entry("pages", page.title, _later(do, "page", page.id), icon=page.icon, keys=f"Ctrl+{n}")
        for n, page in enumerate(window.pages, 1)
    ]
    return made + _actions(stores, do)


def _host(host: Host, do: Deeds) -> Entry:
    detail = f"{state_word(host.state)} · {host.base_url}"
    return Entry("hosts", host.label, _later(do, "host", host.id), detail, shape_of(host), does=_tr("Show"))


def _models(stores: Stores, do: Deeds) -> list[Entry]:
    first: list[Entry] = []
    rest: list[Entry] = []
    for provider in stores.catalog.catalog.providers:
        for model in provider.models:
            star = stores.favorites.is_favorite(model.ref)
            (first if star else rest).append(_model(model, provider, do))
    return first + rest


def _model(model: ModelEntry, provider: ProviderEntry, do: Deeds) -> Entry:
    context = f"{model.context_length // 1024}k" if model.context_length else ""
    detail = " · ".join(part for part in (provider.label, model.state, context) if part)
    name = model.ref.split("/", 1)[-1]
    run = _later(do, "model", model.ref)
    return Entry("models", name, run, detail, model.state, does=_tr("Show"), mono=True)


def _actions(stores: Stores, do: Deeds) -> list[Entry]:
    made = [
        Entry("actions", _tr("Add host"), _later(do, "add"), icon="plus", keys="Ctrl+N"),
        Entry("actions", _tr("Check all hosts now"), _later(do, "refresh"), icon="refresh", keys="F5"),
        Entry("actions", _tr("Copy gateway address"), _later(do, "copy_address"), icon="copy"),
        Entry("actions", _tr("Unload everything"), _later(do, "unload_all"), icon="unload"),
        Entry("actions", _tr("Keyboard help"), _later(do, "help"), icon="help", keys="?"),
        Entry("actions", _tr("Quit"), _later(do, "quit"), icon="power", keys="Ctrl+Q"),
    ]
    made += [*_wakes(stores, do), *_scenes(stores, do)]
    for provider in stores.catalog.catalog.providers:
        for model in provider.models:
            made += _of_model(model, provider, do)
    return made


def _wakes(stores: Stores, do: Deeds) -> list[Entry]:
    return [
        Entry("actions", _tr("Wake {host}").format(host=host.label), _later(do, "wake", host.id), icon="wake")
        for host in stores.fleet.hosts
        if can_wake(host)
    ]


def _scenes(stores: Stores, do: Deeds) -> list[Entry]:
    made = [
        Entry(
            "actions",
            _tr("Apply scene {name}…").format(name=scene.name),
            _later(do, "scene", scene.name),
            ", ".join(ref.partition("/")[2] for ref in scene.models),
            icon="branch",
        )
        for scene in stores.scenes.scenes
    ]
    if loaded_now(stores.fleet.hosts):
        text = _tr("Save what is loaded now as a scene…")
        made.append(Entry("actions", text, _later(do, "scene_save"), icon="save"))
    return made


def _of_model(model: ModelEntry, provider: ProviderEntry, do: Deeds) -> list[Entry]:
    name = model.ref.split("/", 1)[-1]
    copy = Entry("actions", _tr("Copy name {ref}").format(ref=model.ref), _later(do, "copy", model.ref), icon="copy")
    if model.state == "ready":
        text = _tr("Unload {model}").format(model=name)
        return [Entry("actions", text, _later(do, "unload", model.ref), provider.label, icon="unload"), copy]
    if model.state == "starting":
        text = _tr("Cancel loading {model}").format(model=name)
        return [Entry("actions", text, _later(do, "cancel", model.ref), provider.label, icon="cancel"), copy]
    if model.state == "stopped" and provider.answers:
        text = _tr("Load {model}").format(model=name)
        return [Entry("actions", text, _later(do, "load", model.ref), provider.label, icon="load"), copy]
    return [copy]


def _later(do: Deeds, action: str, argument: str = "") -> Callable[[], object]:
    return lambda: do(action, argument)
