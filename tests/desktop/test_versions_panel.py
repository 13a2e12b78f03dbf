"""Hosts of every version in the panel: the same facts on each card and page, or words that they are not known."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QWidget

from boocontrol.demo.config import VERSIONS, GpuConfig, HostConfig, MachineConfig, ModelConfig
from boocontrol.desktop.pages.host import PASSPORT
from tests.desktop.living_window import Living, ask, living_window, streaming

GPU = MachineConfig(gpus=(GpuConfig("NVIDIA GeForce RTX 4090", 24564),))


def config(version: str) -> HostConfig:
    models = (ModelConfig("qwen", load_s=0.5), ModelConfig("embed"))
    return HostConfig(f"v{version}", version, models=models, clock=0.2, pace=0.001, machine=GPU)


def number(version: str) -> int:
    return 251 if version == "main" else int(version)


@pytest.fixture
def machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


def words(widget: QWidget) -> str:
    """All that a person reads in it."""
    return "\n".join(part.text() for part in widget.findChildren(QLabel) if part.isVisibleTo(widget))


async def test_each_card_and_page_tells_the_same_or_that_it_is_not_known(owner: QObject, machine: Path) -> None:
    async with living_window(owner, machine, *map(config, VERSIONS)) as w:
        await asyncio.gather(*(w.client.load(f"v{version}/qwen") for version in VERSIONS))
        names = [f"v{version}" for version in VERSIONS]
        await w.until(lambda: all([m.state for m in w.host(n).loaded] == ["ready"] for n in names))
        await asyncio.gather(*(w.chat(f"{name}/qwen") for name in names))
        await asyncio.gather(*(ask(host.url, "qwen") for host in w.fleet.hosts.values()))
        await w.until(lambda: all(_figures(w, version) for version in VERSIONS))
        await w.until(lambda: all(_untold(w, version) for version in VERSIONS))
        for version in VERSIONS:
            await a_host_at_rest(w, version)
            await with_a_request_of_somebody_else(w, version)


def _figures(w: Living, version: str) -> bool:
    return number(version) < 212 or bool(w.host(f"v{version}").gpus)


def _untold(w: Living, version: str) -> bool:
    told = any("while they run" in words for words in w.host(f"v{version}").degraded_features)
    return told == (number(version) < 192)


async def a_host_at_rest(w: Living, version: str) -> None:
    n, name = number(version), f"v{version}"
    w.shell.show("fleet")
    w.rooms.show_fleet()
    card = w.card(name)
    line = card.loaded.lines[0]
    await w.until(lambda: line.name.text() == "qwen" and not w.host(name).in_flight)
    await w.until(lambda: "8k" in line.about.text())
    shown = "250" if version == "main" else version
    assert f"llama-swap v{shown}" in card.why.text() + card.how.text()
    await w.until(lambda: card.word.text() == "Up")
    assert ("GPU unknown" in card.gpu.rest.text()) == (n < 212)
    assert ("212" in card.gpu.rest.toolTip()) == (n < 212), "and why"
    if n >= 212:
        assert "RTX 4090" in words(card.gpu) and "/ 24 GB" in words(card.gpu)
    await w.until(lambda: card.seen.requests.text() == ("No requests" if n >= 192 else "No requests of ours"))
    page = w.page(name)
    await w.until(lambda: page.overview.loaded.rows and page.overview.loaded.rows[0].name.text() == "qwen")
    row = page.overview.loaded.rows[0]
    await w.until(lambda: "in for" in row.age.text())
    assert n >= 192 or "no requests" not in row.runs.text()
    await w.until(lambda: sum("tokens" in r.words.text() for r in page.overview.requests.rows if not r.isHidden()) == 2)
    assert {r.client.text() for r in page.overview.requests.rows if not r.isHidden()} >= {"other"}
    assert ("212" in page.overview.gpus.nothing.text()) == (n < 212)
    page.tabs.setCurrentIndex(PASSPORT)
    told = words(page.passport)
    assert ("told from version 212" in told, "told from version 236" in told) == (n < 212, n < 236)
    assert "told from version 192" in told if n < 192 else "told from version 192" not in told
    page.tabs.setCurrentIndex(0)


async def with_a_request_of_somebody_else(w: Living, version: str) -> None:
    """It is seen, or it is said that it cannot be: never that nothing runs."""
    n, name = number(version), f"v{version}"
    page: Any = w.page(name)
    async with streaming(w.fleet.hosts[name].url, "qwen"):
        if n >= 192:
            await w.until(lambda: "1 request now" in page.head.subline.text())
            await w.until(lambda: page.overview.loaded.rows[0].runs.text() == "1 request")
            assert page.overview.requests.count.text() == "1 now"
        else:
            assert "No requests of ours" in page.head.subline.text()
            assert "no requests" not in page.overview.loaded.rows[0].runs.text()
