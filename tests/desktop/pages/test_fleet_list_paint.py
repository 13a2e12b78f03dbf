"""What the list of hosts paints: the line that changed, once a second the ages; the picture is that of a whole one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from boocontrol.core.api import Host
from boocontrol.desktop.itemmodels.hosts import HOST_ROLE, HostsItemModel
from boocontrol.desktop.pages.fleet_list import FleetList, HostDelegate

NOW = 1_800_000_000.0
HOSTS = 20


class Shown:
    """A list of hosts on the screen; `lines` and `ages` are the hosts whose line or age was painted."""

    def __init__(self, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        self.lines: list[str] = []
        self.ages: list[str] = []
        paint, line = HostDelegate.paint, HostDelegate._line

        def painted(delegate: HostDelegate, painter: Any, option: Any, index: Any) -> None:
            self.ages.append(index.data(HOST_ROLE).id)
            paint(delegate, painter, option, index)

        def lined(delegate: HostDelegate, pen: Any, host: Host, fonts: Any) -> None:
            self.lines.append(host.id)
            line(delegate, pen, host, fonts)

        monkeypatch.setattr(HostDelegate, "paint", painted)
        monkeypatch.setattr(HostDelegate, "_line", lined)
        self.model = HostsItemModel(clock=lambda: self.now)
        self.model.take([host(n) for n in range(HOSTS)])
        self.view = FleetList(self.model, lambda: self.now)
        qtbot.addWidget(self.view)
        self.view.resize(900, 480)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.paint()

    def paint(self) -> QImage:
        """Paint what is due; the picture on the screen. What was painted is counted from here on."""
        self.lines.clear()
        self.ages.clear()
        QApplication.processEvents()
        return self.view.screen().grabWindow(self.view.winId()).toImage()


def host(n: int, **more: Any) -> Host:
    told = {"asOf": datetime.fromtimestamp(NOW - 10 - 30 * n, UTC).isoformat(), "latencyMs": 3.0, "state": "up"}
    base = {"id": f"host-{n}", "label": f"Host {n}", "kind": "llama-swap", "location": "local", "enabled": True}
    return Host.model_validate({**base, **told, "oftenOff": False, "baseUrl": f"http://host-{n}", **more})


@pytest.fixture
def shown(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Shown:
    return Shown(qtbot, monkeypatch)


def whole(shown: Shown) -> QImage:
    shown.view.viewport().update()
    return shown.paint()


def test_news_of_one_host_paint_its_line_alone(shown: Shown) -> None:
    shown.model.take([host(n, **({"state": "degraded", "reason": "Slow."} if n == 3 else {})) for n in range(HOSTS)])
    seen = shown.paint()
    assert set(shown.lines) == {"host-3"}
    assert seen == whole(shown)
    assert len(shown.lines) > 5, "a whole picture paints every line in view"


def test_a_second_later_only_ages_that_read_differently_are_painted(shown: Shown) -> None:
    shown.view.tell_time()
    shown.paint()
    shown.now += 2
    shown.view.tell_time()
    seen = shown.paint()
    assert not shown.lines
    assert set(shown.ages) == {"host-0", "host-1"}, "the others are told in minutes"
    assert seen == whole(shown)


def test_a_host_out_of_view_paints_nothing(shown: Shown) -> None:
    shown.model.take([host(n, **({"state": "down"} if n == HOSTS - 1 else {})) for n in range(HOSTS)])
    shown.paint()
    assert not shown.lines
