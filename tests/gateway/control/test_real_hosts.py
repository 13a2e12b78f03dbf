"""The control API over the real monitor, probe and actions, with a host that is not there."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from boocontrol.core.registry_file import parse_registry
from boocontrol.gateway.control.app import control_app
from boocontrol.gateway.control.news import FleetNews
from boocontrol.gateway.serve import bind
from boocontrol.hosts.actions import Actions
from boocontrol.hosts.monitor import Monitor
from boocontrol.hosts.probe import probe


@pytest.fixture
async def http(panel: Any) -> AsyncIterator[httpx.AsyncClient]:
    sock = bind("127.0.0.1", 0)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    sock.close()
    text = panel.path.read_text().replace("http://den:8401", url).replace("http://attic:8411", url + "/attic")
    panel.path.write_text(text)
    news: list[FleetNews] = []
    state = panel.state
    monitor = Monitor(state.keys, in_flight=state.in_flight.count, on_change=lambda i: news[0].changed(i))
    news.append(FleetNews(monitor, panel.services.events, panel.services.catalog_json))
    actions = Actions(monitor, news[0].load_ended)
    services = dataclasses.replace(panel.services, fleet=monitor, probe=probe, actions=actions)
    state.inventory = monitor
    monitor.apply(parse_registry(text.encode()))
    panel.services.registry._fleet = monitor
    await panel.services.registry.reload()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(control_app(services)), base_url=url) as client:
        yield client
    await actions.stop()
    await monitor.stop()


async def test_hosts_that_are_down_are_told_without_delay(http: httpx.AsyncClient) -> None:
    hosts = (await http.get("/api/hosts")).json()["hosts"]
    assert [h["id"] for h in hosts] == ["den", "attic", "cloud"]
    assert (await http.get("/api/hosts/den/history")).json()["id"] == "den"
    assert [p["id"] for p in (await http.get("/api/models")).json()["providers"]] == ["den", "attic", "cloud"]
    assert (await http.get("/api/status")).json()["counts"]["up"] == 0


async def test_what_a_dead_host_is_asked_is_told(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/models/unload", json={"provider": "attic"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "provider_offline")
    url = (await http.get("/api/hosts/den")).json()["baseUrl"]
    found = (await http.post("/api/providers/probe", json={"baseUrl": url, "key": "typed"})).json()
    assert found["ok"] is False


async def test_a_registry_edit_reaches_the_monitor(http: httpx.AsyncClient) -> None:
    await http.patch("/api/providers/attic", json={"enabled": False, "label": "Loft"}, headers={"If-Match": "*"})
    host = (await http.get("/api/hosts/attic")).json()
    assert (host["state"], host["label"]) == ("paused", "Loft")
