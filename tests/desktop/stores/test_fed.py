"""Stores that are fed by hand: what they show, what they say, and when."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QObject

from boocontrol.client import Busy, NoGateway
from boocontrol.core.api import EventSnapshot, Host, RegistryStatus, Status
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import Unreachable
from boocontrol.desktop.stores import LoadFailed, Stores


def counted(signal: Any) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []
    signal.connect(lambda *args: calls.append(args))
    return calls


def catalog_of(tools: Any, **states: str) -> Catalog:
    models = [tools.model(f"den/{name}", state=state) for name, state in states.items()]
    return Catalog.model_validate({"defaultProvider": "den", "providers": [provider("den", models)]})


def provider(name: str, models: Any = (), **more: Any) -> dict[str, Any]:
    return {"id": name, "label": name, "state": "up", "models": models, **more}


def status(stub_status: dict[str, Any]) -> Status:
    return Status.model_validate(stub_status)


@pytest.fixture
def snapshot(tools: Any) -> EventSnapshot:
    told = {"version": "1", "instanceId": "i", "startedAt": "2026-11-22T16:12:50Z", "uptimeS": 1.0, "url": "http://x"}
    told |= {"registry": {"path": "/p", "source": "file", "stamp": "1"}}
    told |= {"counts": {"providers": 1, "up": 1, "models": 1, "inFlight": 0}}
    data = {"status": told, "hosts": [tools.host("den")], "settings": {"favorite_models": ["den/qwen"]}}
    return EventSnapshot.model_validate(data | {"catalog": catalog_of(tools, qwen="stopped")})


def test_old_news_stays_and_is_marked(stores: Stores, snapshot: EventSnapshot, tools: Any) -> None:
    assert stores.fleet.stale and stores.fleet.as_of is None and stores.catalog.stale
    stores.connection.take("connected", since=10.0)
    assert not stores.fleet.stale
    stores.fleet.take(snapshot.hosts, as_of=50.0)
    stores.catalog.take(snapshot.catalog)
    changes = counted(stores.fleet.changed)
    stores.connection.take("lost", problem=NoGateway("Gone."), since=99.0)
    assert (stores.fleet.stale, stores.fleet.as_of, stores.catalog.stale) == (True, 99.0, True)
    assert [h.id for h in stores.fleet.hosts] == ["den"] and stores.catalog.catalog.providers
    stores.connection.take("lost", problem=NoGateway("Still gone."))
    assert len(changes) == 1 and stores.fleet.as_of == 99.0


def test_one_host_changes_in_its_place(stores: Stores, tools: Any) -> None:
    stores.fleet.take(Host.model_validate(tools.host(name)) for name in ("a", "b", "c"))
    before = stores.fleet.hosts
    stores.connection.heard.emit("host", Host.model_validate(tools.host("b", state="down")))
    assert [(h.id, h.state) for h in stores.fleet.hosts] == [("a", "up"), ("b", "down"), ("c", "up")]
    assert before[1].state == "up" and stores.fleet.host("b").state == "down" and stores.fleet.host("x") is None
    stores.connection.heard.emit("host", Host.model_validate(tools.host("new")))
    assert [h.id for h in stores.fleet.hosts] == ["a", "b", "c", "new"]


def test_favorites_are_compared_by_what_they_mean(stores: Stores, tools: Any) -> None:
    stores.catalog.take(catalog_of(tools, qwen="ready", phi="stopped"))
    stores.favorites.take(("qwen", "den/qwen", "gone/model"))
    assert stores.favorites.refs == ("qwen", "gone/model")
    assert stores.favorites.is_favorite("den/qwen") and not stores.favorites.is_favorite("den/phi")


def test_favorites_change_with_the_names_of_providers_but_not_with_states(stores: Stores, tools: Any) -> None:
    stores.catalog.take(catalog_of(tools, qwen="ready"))
    stores.favorites.take(("old/qwen",))
    changes = counted(stores.favorites.changed)
    stores.catalog.take(catalog_of(tools, qwen="stopped"))
    assert not changes
    renamed = {"providers": [provider("den", formerIds=["old"])]}
    stores.catalog.take(Catalog.model_validate(renamed))
    assert len(changes) == 1 and stores.favorites.is_favorite("den/qwen")


async def test_a_star_without_a_gateway_goes_back(stores: Stores, until: Any) -> None:
    shown = []
    stores.favorites.changed.connect(lambda: shown.append(stores.favorites.refs))
    failed = counted(stores.favorites.failed)
    stores.favorites.toggle("den/qwen")
    assert shown == [("den/qwen",)]
    await until(stores.favorites.failed, lambda: bool(failed))
    assert shown == [("den/qwen",), ()]
    ref, error = failed[0]
    assert ref == "den/qwen" and isinstance(error, Unreachable)


async def test_what_was_asked_shows_until_the_host_moves(stores: Stores, tools: Any) -> None:
    stores.catalog.take(catalog_of(tools, qwen="stopped", phi="ready"))
    stores.actions.take({"den/qwen": 1.0, "den/phi": 1.0})
    changes = counted(stores.actions.changed)
    stores.catalog.take(catalog_of(tools, qwen="stopped", phi="ready"))
    assert not changes
    stores.catalog.take(catalog_of(tools, qwen="starting", phi="ready"))
    assert dict(stores.actions.asked) == {"den/phi": 1.0}
    stores.catalog.take(Catalog())
    assert not stores.actions.asked


async def test_a_failed_start_is_told_with_the_hosts_words(stores: Stores, tools: Any) -> None:
    stores.catalog.take(catalog_of(tools, qwen="stopped"))
    stores.actions.take({"den/qwen": 1.0})
    failed = counted(stores.actions.failed)
    told = {"kind": "load_failed", "ref": "den/qwen", "message": "out of memory"}
    stores.connection.heard.emit("gateway", told)
    assert failed[0][0] == "den/qwen" and isinstance(failed[0][1], LoadFailed)
    assert failed[0][1].title == "out of memory" and not stores.actions.asked


async def test_what_could_not_be_asked_is_not_shown_as_asked(stores: Stores, tools: Any) -> None:
    stores.catalog.take(catalog_of(tools, qwen="stopped"))
    with pytest.raises(Unreachable):
        await stores.actions.load("den/qwen")
    assert not stores.actions.asked


async def test_what_nobody_answered_is_forgotten(owner: QObject, stores: Stores, tools: Any) -> None:
    stores.catalog.take(catalog_of(tools, qwen="stopped"))
    stores.actions.take({"den/qwen": 1.0})
    stores.actions._forget()
    assert not stores.actions.asked


def test_a_broken_registry_is_told_beside_the_last_good_one(stores: Stores, snapshot: EventSnapshot) -> None:
    stores.status.take(snapshot.status)
    broken = {"path": "/p", "source": "file", "stamp": "2", "error": {"message": "no", "advice": "", "line": 3}}
    stores.connection.heard.disconnect(stores.providers._on_event)  # it would read the document anew
    stores.connection.heard.disconnect(stores.fleet._on_event)
    stores.connection.heard.emit("registry", RegistryStatus.model_validate(broken))
    assert stores.status.status.registry.error.line == 3
    stores.providers.take({"providers": [{"id": "den"}]}, error=stores.status.status.registry.error)
    assert stores.providers.entry("den") == {"id": "den"} and stores.providers.error.line == 3


def test_busy_is_what_pages_catch() -> None:
    assert Busy("x").requests == ()
