"""Looking loads no model: every page, tab, log, menu and dialog, over many polls of each host, and agents that list."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from boocontrol.demo.config import GroupConfig, HostConfig, ModelConfig, SelectorConfig
from boocontrol.demo.host import SimHost
from boocontrol.desktop.pages.logs import LogsPage
from boocontrol.desktop.pages.models import ModelsPage
from boocontrol.desktop.shoot import _seen, views
from boocontrol.desktop.tray import fill
from boocontrol.desktop.tray_state import tray_state
from tests.desktop.living_window import Living, ask, living_window

POLLS = 12
LAST = "add-host"  # what comes after it in the pictures looks at other ports, or has no gateway


@pytest.fixture
def machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


def host(name: str, version: str) -> HostConfig:
    """One model is ready, one never ends to load, the others are not in memory; names of every kind."""
    models = (
        ModelConfig("qwen", aliases=("q",), group="a"),
        ModelConfig("org/gemma:Q4", group="a"),
        ModelConfig("secret", unlisted=True, group="a"),
        ModelConfig("big", load_s=1e5, group="b"),
    )
    groups = (GroupConfig("a", exclusive=False), GroupConfig("b", exclusive=False))
    selectors = (SelectorConfig("best", "warm", ("qwen", "org/gemma:Q4")),) if version == "main" else ()
    return HostConfig(
        name, version, models=models, groups=groups, selectors=selectors, clock=0.05, pace=0.001,
        include_aliases_in_list=True, health_check_timeout=1e5,
    )  # fmt: skip


def polls(sim: SimHost) -> int:
    return sum(r.target == "/wol-health" for r in sim.requests)


def touched(sim: SimHost) -> list[str]:
    """What was asked of models that were not ready; the load that the test itself asked for is none of it."""
    return [r.target for r in sim.requests if r.touched_not_ready and r.target not in ("/upstream/big/",)]


async def test_looking_at_everything_touches_no_model_that_is_not_ready(owner: QObject, machine: Path) -> None:
    configs = (host("den", "main"), host("mac", "250"), host("attic", "216"))
    async with living_window(owner, machine, *configs) as w:
        for sim in w.fleet.hosts.values():
            assert await ask(sim.url, "qwen") == 200
        await w.until(lambda: all(h.loaded for h in w.stores.fleet.hosts))
        for sim in w.fleet.hosts.values():
            await w.client.load(f"{sim.config.name}/big")
        await w.until(lambda: all(len(h.loaded) == 2 for h in w.stores.fleet.hosts))
        before = {name: states(sim) for name, sim in w.fleet.hosts.items()}
        seen = [name async for name in _walk(w)]
        assert {"fleet", "models", "activity", "logs", "gateway", "agents", "settings"} <= set(seen)
        assert {"host", "host-models", "host-events", "host-passport", "palette", "ask-first", LAST} <= set(seen)
        await _agents_list(w)
        while min(polls(sim) for sim in w.fleet.hosts.values()) < POLLS:
            await _polled(w)
        for name, sim in w.fleet.hosts.items():
            assert not touched(sim), name
            looked = {r.target for r in sim.requests if r.target.startswith(("/upstream", "/props"))}
            assert looked <= {"/upstream/qwen/props", "/upstream/big/"}, (name, looked)
            assert states(sim) == before[name], name


def states(sim: SimHost) -> dict[str, str]:
    return {model: process.state for model, process in sim.state.processes.items()}


async def _walk(w: Living):  # type: ignore[no-untyped-def]
    """Show everything, one after the other, with a poll of every host meanwhile."""
    for name in _all(w):
        await _polled(w)
        yield name


def _all(w: Living) -> Iterator[str]:
    for name, _widget in views(w.shell, w.parts, w.theme):
        yield name
        if name == LAST:
            break
    yield from _logs(w)
    yield from _inspected(w)
    yield from _hosts(w)
    yield from _menus(w)


def _logs(w: Living) -> Iterator[str]:
    """Every log of every host, also those of models that are not there."""
    w.shell.show("logs")
    page = w.shell.window.page("logs")
    assert isinstance(page, LogsPage)
    page.controls.hosts.choose(list(w.fleet.hosts))
    for source in ("all", "proxy", "upstream"):
        page.controls.source.choose(source)
        yield f"logs of {source}"
    for model in ("qwen", "org/gemma:Q4", "secret", "big"):
        page.controls.source.choose("model", model)
        yield f"logs of {model}"


def _inspected(w: Living) -> Iterator[str]:
    """Every model beside the list, which asks what its load would cost."""
    w.shell.show("models")
    page = w.shell.window.page("models")
    assert isinstance(page, ModelsPage)
    for model in list(w.stores.catalog.catalog.models()):
        w.shell.open_model(model.ref)
        w.stores.loads.want(model.ref)
    yield "models, each"


def _hosts(w: Living) -> Iterator[str]:
    for name in w.fleet.hosts:
        page = w.page(name)
        for tab in range(page.tabs.count()):
            page.tabs.setCurrentIndex(tab)
            yield f"{name}, tab {tab}"
        for menu in (page.menu(), page.load_menu(page)):
            menu.deleteLater()


def _menus(w: Living) -> Iterator[str]:
    for item in (None, *tray_state(_seen(w.stores)).menu):
        entries = tray_state(_seen(w.stores)).menu if item is None else item.children
        menu = QMenu()
        fill(menu, entries, w.theme.tokens, lambda _action, _argument: None)
        menu.deleteLater()
    yield "tray"


async def _polled(w: Living) -> None:
    """Every host is looked at thoroughly: a request for a model that it does not know makes the gateway do so."""
    answers = await asyncio.gather(*(w.chat(f"{name}/nope") for name in w.fleet.hosts))
    assert set(answers) == {404}


async def _agents_list(w: Living) -> None:
    """An agent that lists all models, asks for each, and for its props."""
    async with httpx.AsyncClient(base_url=w.url, timeout=20, trust_env=False) as client:
        for _ in range(3):
            listed = [m["id"] for m in (await client.get("/v1/models")).json()["data"]]
            assert {"den/qwen", "den/org/gemma:Q4", "mac/q", "any/qwen"} <= set(listed)
            for ref in listed:
                assert (await client.get(f"/v1/models/{ref}")).status_code == 200, ref
                props = await client.get(f"/upstream/{ref}/props")
                ready = ref.partition("/")[2] in ("qwen", "q")  # a selector may lead anywhere
                assert props.status_code == (200 if ready else 409), (ref, props.text)
