"""What a host's card says of its models, GPUs and requests, and what it can be asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from boocontrol.client import GatewayClient
from boocontrol.core.api import Cpu, Gpu, HealthCheck, Host, HostRequest, LoadedModel, Memory, QueuedLoad
from boocontrol.core.history import ModelEvent, Slowdown
from boocontrol.desktop.pages.fleet import FleetPage
from boocontrol.desktop.pages.fleet_card import CardValue, HostCard
from boocontrol.desktop.pages.fleet_health import share, uptime_text
from boocontrol.desktop.pages.fleet_loaded import Live
from boocontrol.desktop.pages.fleet_rooms import FleetRooms
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import palette_of
from boocontrol.desktop.tokens import LIGHT
from tests.desktop.itemmodels.fleets import NOW, catalog, model, provider
from tests.desktop.pages.test_fleet import host

AT = NOW.timestamp()


@pytest.fixture
def card(qtbot: Any, qapp: QApplication) -> Any:
    qapp.setPalette(palette_of(LIGHT))

    def show(given: Host, **more: Any) -> HostCard:
        made = HostCard(given.id)
        qtbot.addWidget(made)
        made.resize(1056, 118)
        made.show_value(CardValue(given, AT, **more))
        made.show()
        return made

    return show


def gpu(used: float | None, **more: Any) -> Gpu:
    given: dict[str, Any] = {"id": 0, "name": "NVIDIA GeForce RTX 4090", "memory_total_mb": 24564.0}
    return Gpu(memory_used_mb=used, **(given | more))


def test_a_starting_model_shows_how_far_it_is_and_can_be_cancelled(card: Any) -> None:
    began = NOW - timedelta(seconds=14)
    starting = LoadedModel(ref="gpu/qwen3", state="starting", since=began, usual_load_s=38.0)
    made = card(host("gpu", loaded=(starting,)), asked_by="opencode")
    line = made.loaded.lines[0]
    assert line.about.text() == "14 of 38 s" and line.progress.isVisible() and line.cancel.isVisible()
    assert line.progress._fraction == pytest.approx(14 / 38)
    assert made.why.text() == "Loading a model, asked by opencode"
    asked: list[str] = []
    made.cancel_asked.connect(asked.append)
    line.cancel.click()
    assert asked == ["gpu/qwen3"] and line.cancel.accessibleName() == "Cancel loading qwen3"


def test_a_load_whose_usual_time_is_not_known_has_no_bar(card: Any) -> None:
    starting = LoadedModel(ref="gpu/qwen3", state="starting", since=NOW - timedelta(seconds=14))
    line = card(host("gpu", loaded=(starting,))).loaded.lines[0]
    assert line.about.text() == "14 s" and not line.progress.isVisible() and line.cancel.isVisible()
    line = card(host("gpu", loaded=(LoadedModel(ref="gpu/qwen3", state="starting"),))).loaded.lines[0]
    assert line.about.text() == "starting"


def test_a_ready_model_tells_context_speed_and_requests(card: Any) -> None:
    ready = LoadedModel(ref="gpu/qwen3", state="ready")
    waits = QueuedLoad(ref="gpu/gemma", asked_at=NOW)
    entries = {"gpu/qwen3": model("gpu", "qwen3", context_length=32768)}
    live = Live({"gpu/qwen3": 2}, {"gpu/qwen3": 92.4})
    made = card(
        host("gpu", "busy", in_flight=2, loaded=(ready,), queue=(waits,)), entries=entries, live=live, rate=184.8
    )
    first, second = made.loaded.lines[:2]
    assert first.about.text() == "32k · 92 tok/s" and first.runs.text() == "2 now" and first.runs.isVisible()
    assert second.about.text() == "queued"
    assert (made.seen.count.text(), made.seen.speed.text()) == ("2", "185")


def test_a_slow_model_is_told(card: Any) -> None:
    slow = Slowdown(now=31.0, usual=92.0, of="output_tokens_per_second")
    made = card(
        host("gpu", loaded=(LoadedModel(ref="gpu/qwen3", state="ready", slow=slow),)), live=Live({}, {"gpu/qwen3": 31})
    )
    line = made.loaded.lines[0]
    assert line.about.property("tone") == "warn" and "31 tok/s, usually 92" in line.about.toolTip()


def test_gpus_have_a_bar_each_and_the_busiest_has_the_line(card: Any) -> None:
    gpus = (gpu(17000.0, utilisation_pct=12), gpu(1740.8, id=1, utilisation_pct=91, temperature_c=71, power_w=342))
    column = card(host("gpu", gpus=gpus)).gpu
    assert [g.isVisible() for g in column.gpus] == [True, True]
    assert column.gpus[0]._name.text() == "RTX 4090" and column.gpus[0]._figures.text() == "16.6 / 24 GB"
    assert column.line.text() == "GPU 91 % · 71 °C · 342 W"


def test_what_a_version_cannot_tell_is_unknown_and_never_zero(card: Any) -> None:
    column = card(host("gpu", gpus=None, degraded_features=("GPU and memory figures.",))).gpu
    assert column.rest.text() == "GPU unknown" and "GPU and memory figures." in column.rest.toolTip()
    assert not column.line.isVisible() and not any(g.isVisible() for g in column.gpus)
    none = card(
        host("gpu", gpus=(), cpu=Cpu(utilisation_pct=24, cores=8), memory=Memory(used_mb=12288, total_mb=65536))
    )
    assert none.gpu.rest.text() == "No GPU seen" and none.gpu.line.text() == "CPU 24 %"
    assert none.gpu.gpus[0]._figures.text() == "12 / 64 GB"
    partly = card(host("gpu", gpus=(gpu(None),))).gpu
    assert partly.gpus[0]._figures.text() == "memory unknown" and partly.line.text() == ""


def test_wake_is_offered_only_where_an_address_is_known(card: Any) -> None:
    asleep = host("attic", "down", mac_address="aa:bb:cc:dd:ee:ff", reason="No answer within 2 s.")
    made = card(asleep)
    asked: list[str] = []
    made.wake_asked.connect(asked.append)
    assert made.problem.wake.isVisible()
    made.problem.wake.click()
    assert asked == ["attic"]
    assert not card(host("attic", "down")).problem.wake.isVisible()
    waking = card(asleep.model_copy(update={"waking_since": NOW - timedelta(seconds=9)}))
    assert not waking.problem.wake.isEnabled() and waking.problem.waking.text() == "Waking for 9 s"


def test_the_reason_is_the_title_and_its_remedy_is_not_told_twice(card: Any) -> None:
    made = card(host("attic", "down", reason="Nothing listens at 127.0.0.1:9. Start the server there."))
    words = made.problem.words.accessibleName()
    assert words == "Nothing listens at 127.0.0.1:9. Start the server there."


def test_last_known_models_are_chips_as_far_as_they_fit(card: Any) -> None:
    entries = {f"attic/m{n}": model("attic", f"a-model-with-a-long-name-{n}") for n in range(7)}
    made = card(host("attic", "down"), entries=entries, known_at=AT - 300)
    last = made.problem.last
    QApplication.processEvents()
    shown = [chip for chip in last.chips if chip.isVisible()]
    assert last.words.text() == "Last known, 5 min ago:"
    assert last.more.text() == f"and {7 - len(shown)} more"
    assert all(chip.geometry().right() <= last.width() for chip in shown)


def test_uptime_is_of_what_was_checked() -> None:
    assert uptime_text((), AT) == "", "not checked is not down"
    assert (share(999, 1000), share(1, 1), share(2, 3), share(9999, 10000)) == ("99.9", "100", "66.7", "99.9")


def test_uptime_counts_the_outage_that_lasts(card: Any) -> None:
    """The checks that are known may all be from before it."""
    good = [HealthCheck(at=NOW - timedelta(seconds=s), outcome="ok", state="up", latency_ms=4) for s in (90, 60, 30)]
    down = host("attic", "down", since=NOW - timedelta(seconds=20), reason="No answer.")
    made = card(down, checks=tuple(good))
    assert made.seen.uptime.text() == "77.8 % up"
    assert card(host("attic"), checks=tuple(good)).seen.uptime.text() == "100 % up"


@pytest.fixture
def rooms(qtbot: Any, qapp: QApplication, stores: Stores) -> FleetRooms:
    qapp.setPalette(palette_of(LIGHT))
    stores.connection.take("connected")
    stores.catalog.take(catalog(provider("gpu-box", "qwen3")))
    made = FleetRooms(stores, clock=lambda: AT + 2, open_url=lambda url: None)
    qtbot.addWidget(made)
    made.resize(1100, 800)
    made.show()
    return made


def test_the_summary_counts_what_is_told(rooms: FleetRooms, stores: Stores) -> None:
    stores.fleet.take([host("gpu-box", in_flight=1, gpus=(gpu(12282.0),)), host("mac", gpus=None)])
    assert rooms.fleet.summary.text() == "1 request now, 12 of 24 GB GPU memory in use on 1 host"


def test_copy_details(rooms: FleetRooms, stores: Stores) -> None:
    stores.fleet.take([host("gpu-box", "down", reason="No answer within 2 s.")])
    rooms.fleet.cards.card("gpu-box").problem.details.click()
    text = QGuiApplication.clipboard().text()
    assert "http://gpu-box:8080" in text and "No answer within 2 s." in text


def test_who_asked_for_a_load_comes_from_the_story(rooms: FleetRooms, stores: Stores) -> None:
    event = ModelEvent(id="1", time=NOW, provider="gpu-box", ref="gpu-box/qwen3", event="load_asked", by="panel")
    stores.story.take("gpu-box", [event])
    stores.fleet.take([host("gpu-box", loaded=(LoadedModel(ref="gpu-box/qwen3", state="starting"),))])
    assert rooms.fleet.cards.card("gpu-box").why.text() == "Loading a model, asked by this panel"


def test_requests_that_a_host_tells_are_counted_per_model(rooms: FleetRooms, stores: Stores) -> None:
    runs = (HostRequest(id="1", model="qwen3", path="/v1/chat/completions"),)
    told = host(
        "gpu-box", "busy", in_flight=1, requests=runs, loaded=(LoadedModel(ref="gpu-box/qwen3", state="ready"),)
    )
    stores.live.take_host(told)
    stores.fleet.take([told])
    assert rooms.fleet.cards.card("gpu-box").loaded.lines[0].runs.text() == "1 now"


async def test_wake_and_cancel_ask_the_gateway(rooms: FleetRooms, stores: Stores, stub: Any, until: Any) -> None:
    stub.answers["POST /api/hosts/attic/wake"] = lambda: _asked("attic")
    starting = LoadedModel(ref="gpu-box/qwen3", state="starting")
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        stores.connection.take("connected", client=client)
        stores.fleet.take([host("gpu-box", loaded=(starting,)), host("attic", "down", mac_address="aa:bb:cc:dd:ee:ff")])
        page: FleetPage = rooms.fleet
        page.cards.card("attic").problem.wake.click()
        await until(page.desk.changed, lambda: "attic" in page.desk.notes)
        page.cards.card("gpu-box").loaded.lines[0].cancel.click()
        while ("POST", "/api/models/cancel", {"ref": "gpu-box/qwen3"}) not in stub.seen:
            await _turn()
    assert page.desk.notes["attic"] == "A wake-up packet was sent."
    assert ("POST", "/api/hosts/attic/wake", None) in stub.seen


def _asked(what: str) -> Any:
    from starlette.responses import JSONResponse

    return JSONResponse({"asked": [what]}, 202)


async def _turn() -> None:
    import asyncio

    await asyncio.sleep(0.01)
