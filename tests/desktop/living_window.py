"""The whole window on a gateway process before simulated hosts: for tests of what a person sees of the truth."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtWidgets import QApplication

from boocontrol.client import GatewayClient
from boocontrol.core.api import Host
from boocontrol.demo.config import HostConfig
from boocontrol.demo.fleet import Fleet
from boocontrol.desktop.page_set import Parts
from boocontrol.desktop.pages.fleet_card import HostCard
from boocontrol.desktop.pages.fleet_rooms import FleetRooms
from boocontrol.desktop.pages.host import HostPage
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.shoot import SIZE
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import COMMAND, Supervisor
from boocontrol.desktop.theme import Theme

DRAWN_S = 0.1
CHAT = "/v1/chat/completions"
ENDLESS = {"tokens": 100_000, "pace": 0.02}


class Living:
    """A window, its stores, and the hosts at the other end."""

    def __init__(self, shell: Shell, parts: Parts, theme: Theme, fleet: Fleet) -> None:
        self.shell, self.parts, self.theme, self.fleet = shell, parts, theme, fleet
        self.stores = parts.stores
        self.url = ""

    def host(self, name: str) -> Host:
        found = self.stores.fleet.host(name)
        assert found is not None
        return found

    @property
    def client(self) -> GatewayClient:
        return self.stores.connection.need()

    @property
    def rooms(self) -> FleetRooms:
        found = self.shell.window.page("fleet")
        assert isinstance(found, FleetRooms)
        return found

    def card(self, name: str) -> HostCard:
        found = self.rooms.fleet.cards.card(name)
        assert found is not None
        return found

    def page(self, name: str) -> HostPage:
        """The page of a host, as it is now."""
        self.shell.open_host(name)
        return self.rooms.host

    async def chat(self, ref: str, source: str = "story", **more: Any) -> int:
        """A question through the gateway under the name of a client; the status of its answer."""
        return await ask(self.url, ref, source, **more)

    async def until(self, so: Callable[[], Any], within_s: float = 20.0) -> None:
        """Until it is so; asked again at all news, and soon after: pages show them a moment later."""
        news, connection = asyncio.Event(), self.stores.connection

        def hear(*_: object) -> None:
            news.set()

        for signal in (connection.heard, connection.changed):
            signal.connect(hear)
        try:
            async with asyncio.timeout(within_s):
                while not so():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(news.wait(), DRAWN_S)
                    news.clear()
        finally:
            for signal in (connection.heard, connection.changed):
                signal.disconnect(hear)


async def ask(url: str, model: str, source: str = "", **more: Any) -> int:
    """A chat that is not streamed; its status."""
    async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as client:
        body = {"model": model, "messages": [{"role": "user", "content": "hi"}], **more}
        return (await client.post(CHAT, json=body, headers={"X-Boo-Source": source})).status_code


@asynccontextmanager
async def streaming(url: str, model: str, source: str = "") -> AsyncIterator[asyncio.StreamReader]:
    """An endless streamed chat that has begun to answer; whoever asked leaves at the end.

    On a socket of its own: generators of an HTTP client that are left early are not closed on Qt's loop.
    """
    body = json.dumps({"model": model, "messages": [], "stream": True, "sim": ENDLESS}).encode()
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {CHAT} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
    head += f"X-Boo-Source: {source}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    try:
        await reader.readuntil(b"data:")
        yield reader
    finally:
        writer.close()


@asynccontextmanager
async def living_window(
    owner: QObject, home: Path, *configs: HostConfig, program: Sequence[str] = COMMAND
) -> AsyncIterator[Living]:
    """A window on a gateway that has seen all hosts. The environment must hold no keyring of a person.

    `program` starts the gateway.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    registry = home / "p.json"
    async with Fleet(configs) as fleet:
        for host in fleet.hosts.values():
            host.state.machine._start -= 60  # it has measured itself before
        document = {"providers": [{"id": n, "baseUrl": host.url} for n, host in fleet.hosts.items()]}
        registry.write_text(json.dumps(document))
        stores = Stores.build(owner, registry)
        command = (*program, "--data-dir", str(home / "data"), "--port", "0")
        supervisor = Supervisor(stores.connection, registry, owner, command=command)
        theme = Theme(app, "light")
        local = LocalSettings(home / "desktop.ini", owner)
        parts = Parts(stores, supervisor, local, home, home, os.environ, lambda: [("BooControl", "1.0")])
        supervisor.start()
        shell = Shell(parts, QSettings(str(home / "window.ini"), QSettings.Format.IniFormat), owner)
        shell.window.resize(SIZE)
        living = Living(shell, parts, theme, fleet)
        try:
            await living.until(lambda: _seen(stores, fleet))
            assert stores.connection.gateway is not None
            living.url = stores.connection.gateway.url
            shell.show("fleet")
            yield living
        finally:
            shell.window.hide()
            await supervisor.close()
            shell.window.deleteLater()
            shell.deleteLater()
            theme.deleteLater()
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _seen(stores: Stores, fleet: Fleet) -> bool:
    hosts = {host.id: host for host in stores.fleet.hosts}
    return all(name in hosts and hosts[name].state == "up" and hosts[name].models for name in fleet.hosts)
