"""The page of one host, fed through its stores: memory, hardware, requests, health, story, and the way back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from starlette.responses import JSONResponse

from boocontrol.client import GatewayClient
from boocontrol.core.activity import ActivityRow
from boocontrol.core.api import Cpu, Gpu, HealthCheck, LoadedModel
from boocontrol.core.errors import BooError
from boocontrol.core.history import GpuSample, ModelEvent, Sample
from boocontrol.desktop.pages.fleet_rooms import FleetRooms
from boocontrol.desktop.pages.host import EVENTS, MODELS, PASSPORT, HostPage
from boocontrol.desktop.pages.host_health import day_ticks
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import palette_of
from boocontrol.desktop.tokens import LIGHT
from tests.desktop.dialogs.fakes import idle
from tests.desktop.itemmodels.fleets import NOW, catalog, model, provider
from tests.desktop.pages.test_fleet import host

AT = NOW.timestamp()
Key = Qt.Key


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def row(number: int, outcome: str = "ok", **more: Any) -> ActivityRow:
    given: dict[str, Any] = {
        "id": str(number),
        "time": ago(seconds=number),
        "ref": "gpu-box/qwen3",
        "provider": "gpu-box",
    }
    given |= {"endpoint": "/v1/chat/completions", "outcome": outcome, "duration_ms": 6200.0, "client": "opencode"}
    return ActivityRow(**(given | more))


def check(at: datetime, outcome: str = "ok", state: str = "up", detail: str = "") -> HealthCheck:
    return HealthCheck(at=at, outcome=outcome, state=state, latency_ms=4.0, detail=detail)


@pytest.fixture
def rooms(qtbot: Any, qapp: QApplication, stores: Stores) -> FleetRooms:
    qapp.setPalette(palette_of(LIGHT))
    stores.connection.take("connected")
    entries = (model("gpu-box", "qwen3", state="ready", context_length=32768), model("gpu-box", "gemma"))
    stores.catalog.take(catalog(provider("gpu-box", models=entries)))
    stores.providers.take({"providers": [{"id": "gpu-box", "apiKey": {"keyring": "gpu-box"}}]})
    loaded = LoadedModel(
        ref="gpu-box/qwen3", state="ready", since=ago(minutes=31), in_flight=0, idle_since=ago(minutes=6)
    )
    gpus = (Gpu(id=0, name="RTX 4090", memory_used_mb=17000, memory_total_mb=24564, utilisation_pct=91),)
    told = {"loaded": (loaded,), "models": 2, "gpus": gpus, "cpu": Cpu(utilisation_pct=20, cores=8), "latency_ms": 4.0}
    stores.fleet.take([host("gpu-box", version="250", **told), host("attic", "down", reason="No answer.")])
    made = FleetRooms(stores, clock=lambda: AT, open_url=lambda url: None)
    qtbot.addWidget(made)
    made.resize(1104, 800)
    made.show()
    return made


@pytest.fixture
def page(rooms: FleetRooms) -> HostPage:
    rooms.show_host("gpu-box")
    return rooms.host


def test_it_opens_from_a_card_and_goes_back_three_ways(rooms: FleetRooms, qtbot: Any) -> None:
    card = rooms.fleet.cards.card("gpu-box")
    for leave in (
        lambda: rooms.host.head.back.click(),
        lambda: qtbot.keyClick(rooms.host, Key.Key_Left, Qt.KeyboardModifier.AltModifier),
        lambda: qtbot.keyClick(rooms.host, Key.Key_Escape),
    ):
        card.open.click()
        assert rooms.currentWidget() is rooms.host and rooms.host.head.title.text() == "gpu-box"
        leave()
        assert rooms.currentWidget() is rooms.fleet


def test_what_is_in_memory(page: HostPage) -> None:
    card = page.overview.loaded
    row = card.rows[0]
    assert card.count.text() == "1 of 2"
    told = (row.name.text(), row.context.text(), row.age.text(), row.runs.text())
    assert told == ("qwen3", "32k", "in for 31 min", "idle 6 min")
    assert [action.text() for action in page.load_menu(page).actions()] == ["gemma"]


def test_gpus_show_samples_and_unknown_ones_are_said_to_be(page: HostPage, stores: Stores) -> None:
    used = [Sample(at=ago(seconds=60 - n), gpus=(GpuSample(id=0, utilisation_pct=float(n)),)) for n in range(60)]
    stores.samples.take("gpu-box", used)
    panel = page.overview.gpus.panels[0]
    assert panel.memory.text() == "16.6 of 24 GB" and panel.figures[0].value.text() == "91 %"
    assert panel.figures[0].line._values == tuple(float(n) for n in range(60))
    assert not panel.figures[2].isVisible(), "a host that does not tell its power has no figure for it"
    stores.fleet.take([host("gpu-box", gpus=None, degraded_features=("GPU and memory figures.",))])
    assert "GPU and memory figures." in page.overview.gpus.nothing.text()
    assert not panel.isVisible()


def test_requests_run_first_and_then_those_that_ended(page: HostPage, stores: Stores) -> None:
    ended = (row(20, output_tokens=688, output_tokens_per_second=118.0), row(30, "cut"))
    page.own.take(ended=ended)
    stores.live.take([row(4, "running", ttft_ms=300.0), row(9, "running", provider="mac")])
    shown = [r for r in page.overview.requests.rows if r.isVisible()]
    assert [r.words.text() for r in shown] == ["answering", "688 tokens, 118 tok/s", "cut off"]
    assert [r.cancel.isVisible() for r in shown] == [True, False, False]
    assert page.overview.requests.count.text() == "1 now" and shown[0].took.text() == "4.0 s"


async def test_a_cancel_that_fails_is_told_on_the_page(page: HostPage, stores: Stores) -> None:
    stores.live.take([row(4, "running", ttft_ms=300.0)])
    asked: list[str] = []

    async def refuse(request_id: str) -> None:
        asked.append(request_id)
        raise BooError("The gateway cannot be reached.", "Is it running?")

    stores.activity.cancel = refuse  # type: ignore[method-assign]
    page.overview.requests.rows[0].cancel.click()
    await idle(lambda: page.note.isVisible())
    assert asked == ["4"] and page.note.text() == "The gateway cannot be reached. Is it running?"


def test_health_of_a_day_in_ticks_and_words(page: HostPage) -> None:
    calm = [check(ago(hours=20, minutes=-n)) for n in range(60)]
    down = [check(ago(hours=10, minutes=-n), "failed", "down", "connection refused") for n in range(29)]
    page.own.take(checks=(*calm, *down, check(ago(hours=9))))
    health = page.overview.health
    # 60.5 min up and 29.5 min down: a check speaks for 90 s at most. Then the last one.
    assert health.uptime.text() == "67.8 %" and health.of.text() == "of 1 h 31 min checked"
    first, second = health.words.text().split("\n")
    assert "connection refused" in first and first.startswith("Down ") and second.startswith("Grey: not checked")
    ticks = day_ticks(page.own.checks, AT, 24, often_off=False)
    assert ticks[0] == "unchecked" and ticks[4] == "good" and ticks[14] == "failed" and ticks[23] == "unchecked"


def test_the_story_names_who_pushed_what_out(page: HostPage, stores: Stores) -> None:
    told = {"provider": "gpu-box", "time": ago(minutes=3)}
    stores.story.take(
        "gpu-box",
        [
            ModelEvent(
                id="2", ref="gpu-box/gpt-oss-20b", event="evicted", cause="gpu-box/qwen3", by="opencode", **told
            ),
            ModelEvent(id="3", ref="gpu-box/qwen3", event="loaded", seconds=14, by="opencode", **told),
            ModelEvent(
                id="1", ref="gpu-box/qwen3", event="load_asked", by="opencode", provider="gpu-box", time=ago(minutes=4)
            ),
        ],
    )
    page.own.take(checks=(check(ago(hours=2), "failed", "down", "refused"), check(ago(hours=1))))
    said = [line.text for line in page.story.lines]
    assert said == [
        "gpt-oss-20b was pushed out by qwen3, asked by opencode",
        "qwen3 in, 14 s, asked by opencode",
        "Host up again, gone for 1 h",
        "Host down, refused",
    ]
    page.overview.all_events.click()
    assert page.tabs.currentIndex() == EVENTS


def test_the_passport_is_copied_as_markdown_without_the_key(page: HostPage) -> None:
    page.tabs.setCurrentIndex(PASSPORT)
    page.passport.about.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("# gpu-box\n")
    assert "| Address | `http://gpu-box:8080` |" in text and "| Kind | llama-swap v250 |" in text
    assert "| Key | in the system keyring |" in text and "| GPU | RTX 4090, 24 GB |" in text


def test_the_models_of_this_host_only(page: HostPage, stores: Stores) -> None:
    stores.catalog.take(catalog(provider("gpu-box", "qwen3"), provider("attic", "other")))
    page.tabs.setCurrentIndex(MODELS)
    assert [r.entry.wire_id for r in page.host_models.item_model.listed()] == ["qwen3"]


def test_a_host_that_is_removed_leaves_a_sentence_and_the_way_back(page: HostPage, stores: Stores) -> None:
    stores.fleet.take([host("attic", "down")])
    assert page.stack.currentWidget() is page.gone and page.head.back.isEnabled() and not page.tabs.isVisible()


def test_old_news_is_greyed(page: HostPage, stores: Stores) -> None:
    stores.connection.take("lost")
    assert page.head.word.text() == "was up" and page.head.shape.state == "unknown"
    assert not page.overview.loaded.rows[0].act.isVisible() and not page.overview.loaded.unload_all.isEnabled()


async def test_unloading_asks_first_where_requests_would_be_cut(
    rooms: FleetRooms, stores: Stores, stub: Any, tools: Any, until: Any
) -> None:
    runs = {
        "id": "1",
        "ref": "gpu-box/qwen3",
        "provider": "gpu-box",
        "endpoint": "/v1",
        "startedAt": "2026-03-01T12:00:00Z",
    }
    stub.answers["POST /api/models/unload"] = lambda: tools.problem(409, "busy", "1 request runs.", requests=[runs])
    asked: list[Any] = []
    rooms.fleet.models.guarded.connect(lambda what, busy, go_on: asked.append((what, busy.requests[0].id)))
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        rooms.show_host("gpu-box")
        rooms.host.overview.loaded.unload_all.click()
        await until(rooms.fleet.models.guarded, lambda: bool(asked))
    assert asked == [("gpu-box/", "1")]
    assert ("POST", "/api/models/unload", {"provider": "gpu-box"}) in stub.seen


async def test_what_is_looked_at_is_asked_for(rooms: FleetRooms, stores: Stores, stub: Any, until: Any) -> None:
    told = {"at": ago(hours=1).isoformat(), "outcome": "ok", "state": "up", "latencyMs": 4.0}
    event = {
        "id": "1",
        "time": ago(hours=1).isoformat(),
        "provider": "gpu-box",
        "ref": "gpu-box/qwen3",
        "event": "loaded",
    }
    stub.answers["GET /api/hosts/gpu-box/history"] = lambda: JSONResponse({"id": "gpu-box", "checks": [told]})
    stub.answers["GET /api/hosts/gpu-box/samples"] = lambda: JSONResponse(
        {"id": "gpu-box", "samples": [{"at": told["at"], "cpuPct": 12.0}]}
    )
    stub.answers["GET /api/story"] = lambda: JSONResponse({"data": [event]})
    page = {"data": [row(5).model_dump(mode="json", by_alias=True)], "total": 1}
    stub.answers["GET /api/activity"] = lambda: JSONResponse(page)
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        rooms.show_host("gpu-box")
        own = rooms.host.own
        await until(own.changed, lambda: bool(own.checks and own.ended))
        await until(stores.samples.changed, lambda: bool(stores.samples.of("gpu-box")))
        await until(stores.story.changed, lambda: bool(stores.story.of("gpu-box")))
        seen = len(stub.seen)
        rooms.host.own.want()
        await asyncio.sleep(0)
        assert len(stub.seen) == seen, "not again within 30 s"
    assert stores.samples.of("gpu-box")[0].cpu_pct == 12.0 and own.ended[0].id == "5"
