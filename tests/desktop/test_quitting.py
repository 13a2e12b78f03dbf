"""The end of the program asks first where it would cut an answer, and stops the gateway that it started."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication

from boocontrol.client import NoGateway, find_gateway
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.desktop.app import Desktop
from boocontrol.desktop.dialogs.confirm import CutDialog
from boocontrol.desktop.options import Options
from tests.desktop.dialogs.fakes import idle

LONG = {"tokens": 100_000, "pace": 0.005}


@asynccontextmanager
async def streaming(url: str) -> AsyncIterator[Any]:
    """A request through the gateway that does not end by itself."""
    body = {"model": "den/qwen", "stream": True, "messages": [{"role": "user", "content": "hi"}], "sim": LONG}
    async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as client:
        async with client.stream("POST", "/v1/chat/completions", json=body) as answer:
            lines = answer.aiter_lines()
            await anext(lines)
            yield lines


@pytest.fixture
def looks(qapp: QApplication) -> Iterator[None]:
    """The program sets the look of the whole application; the next test has its own."""
    palette, font, sheet = QPalette(qapp.palette()), QFont(qapp.font()), qapp.styleSheet()
    yield
    qapp.setStyleSheet(sheet)
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@asynccontextmanager
async def program(app: QApplication, folder: Path, until: Any) -> AsyncIterator[Desktop]:
    """The program as it runs, with a gateway of its own and one host."""
    async with Fleet([HostConfig("den", models=(ModelConfig("qwen"),), clock=0.05)]) as fleet:
        registry = folder / "llama-providers.json"
        registry.write_text(json.dumps({"providers": [{"id": "den", "baseUrl": fleet.hosts["den"].url}]}))
        made = Desktop(app, Options(registry=registry), folder)
        made.supervisor._command += ["--port", "0"]
        made.start()
        connection = made.stores.connection
        try:
            await until(connection.changed, lambda: connection.state == "connected", 20)
            yield made
        finally:
            await made.close()
            made.theme.deleteLater()
            made.deleteLater()


async def test_it_asks_while_an_answer_runs_and_stays_when_told(
    qapp: QApplication, looks: None, folder: Path, until: Any
) -> None:
    async with program(qapp, folder, until) as desktop, streaming(desktop.stores.connection.gateway.url) as lines:
        window = desktop.shell.window
        desktop.quit()
        desktop.quit()
        await idle(lambda: window.findChild(CutDialog) is not None)
        (asked,) = window.findChildren(CutDialog)
        assert asked.focusWidget() is asked.safe
        asked.safe.click()
        assert not desktop.ended.is_set()
        assert await anext(lines) is not None, "nobody was cut"
        desktop.quit()
        await idle(lambda: any(dialog.isVisible() for dialog in window.findChildren(CutDialog)))
        next(dialog for dialog in window.findChildren(CutDialog) if dialog.isVisible()).cut.click()
        assert desktop.ended.is_set()
        await desktop.close()
        rest = [line async for line in lines]
        assert any('"error"' in line for line in rest) and "[DONE]" not in "".join(rest)
    with pytest.raises(NoGateway):
        await find_gateway(folder / "llama-providers.json")


async def test_without_requests_it_just_ends(qapp: QApplication, looks: None, folder: Path, until: Any) -> None:
    async with program(qapp, folder, until) as desktop:
        desktop.quit()
        await idle(desktop.ended.is_set)
        assert desktop.shell.window.findChild(CutDialog) is None
