"""What the panel says of loads and of requests that were ended: the state and the reason that the gateway tells."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel

from boocontrol.client import Busy
from boocontrol.core.api import LoadProgress
from boocontrol.demo.config import HostConfig, ModelConfig
from boocontrol.desktop.itemmodels.model_words import STATE
from boocontrol.desktop.pages.activity import ActivityPage
from boocontrol.desktop.pages.models import ModelsPage
from tests.desktop.living_window import Living, living_window, streaming

# The same program, for which a load takes long after a moment.
IMPATIENT = """
import sys
from boocontrol.hosts.actions import Actions
Actions.__init__.__kwdefaults__["long_s"] = 0.2
from boocontrol.gateway.__main__ import run
sys.exit(run())
"""
PROGRAM = (sys.executable, "-c", IMPATIENT)


@pytest.fixture
def machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


def cell(w: Living, ref: str, role: int = Qt.ItemDataRole.DisplayRole) -> str:
    """The state of a model on the page Models, as it is shown."""
    page = w.shell.window.page("models")
    assert isinstance(page, ModelsPage)
    return str(page.item_model.index_of(ref, "den").siblingAtColumn(STATE).data(role) or "")


def last(w: Living, ref: str) -> LoadProgress:
    """The last load of a model that the gateway told; none yet is one that nobody asked for."""
    nothing = LoadProgress(ref=ref, state="queued", asked_at=datetime.fromtimestamp(0, UTC))
    return next((load for load in reversed(w.host("den").loads) if load.ref == ref), nothing)


async def test_a_load_that_takes_long_is_cancelled_or_fails(owner: QObject, machine: Path) -> None:
    models = (
        ModelConfig("slow", load_s=1e6),
        ModelConfig("broken", load_s=1, fail_s=0.5),
        ModelConfig("next"),
    )
    config = HostConfig("den", models=models, clock=0.05, pace=0.001, health_check_timeout=1e5)
    async with living_window(owner, machine, config, program=PROGRAM) as w:
        overview = w.page("den").overview
        await w.client.load("den/slow")
        await w.client.load("den/next")
        await w.until(lambda: "It has not ended after" in last(w, "den/slow").reason)
        w.shell.show("models")
        await w.until(lambda: cell(w, "den/slow").startswith("starting, "))
        tip = cell(w, "den/slow", Qt.ItemDataRole.ToolTipRole)
        assert "It has not ended after" in tip and "the host says starting" in tip
        await w.until(lambda: cell(w, "den/next") == "queued")
        w.page("den")
        await w.until(lambda: [r.name.text() for r in overview.loaded.rows if not r.isHidden()] == ["slow", "next"])
        assert overview.loaded.rows[1].age.text() == "queued behind slow"

        await w.client.cancel_load("den/slow")
        await w.until(lambda: (last(w, "den/slow").state, last(w, "den/next").state) == ("cancelled", "loaded"))
        assert last(w, "den/slow").reason.startswith("Cancelled by ")
        await w.until(lambda: [r.name.text() for r in overview.loaded.rows if not r.isHidden()] == ["next"])
        await w.until(lambda: any("cancelled while it started" in line.text for line in w.rooms.host.story.lines))
        w.shell.show("models")
        await w.until(lambda: (cell(w, "den/slow"), cell(w, "den/next")) == ("stopped", "ready"))
        assert "den/slow" not in w.stores.loads.failed, "to be cancelled is no failure"

        await w.client.load("den/broken")
        await w.until(lambda: last(w, "den/broken").state == "failed")
        reason = last(w, "den/broken").reason
        assert "exited prematurely" in reason
        await w.until(lambda: reason.rstrip(".") in cell(w, "den/broken", Qt.ItemDataRole.ToolTipRole))
        assert cell(w, "den/broken") == "stopped"
        w.page("den")
        await w.until(lambda: not overview.loaded.trouble.isHidden())
        said = " ".join(part.text() for part in overview.loaded.trouble.findChildren(QLabel))
        assert "broken" in said and "exited prematurely" in said


async def test_who_cut_a_request_stands_on_the_pages(owner: QObject, machine: Path) -> None:
    config = HostConfig("den", models=(ModelConfig("qwen"),), clock=0.05, pace=0.001)
    async with living_window(owner, machine, config) as w:
        async with streaming(w.url, "den/qwen", "opencode") as answer:
            await w.until(lambda: w.host("den").loaded and w.host("den").requests)
            with pytest.raises(Busy) as refused:
                await w.stores.actions.unload("den/qwen")
            assert [(r.client, r.ref) for r in refused.value.requests] == [("opencode", "den/qwen")]
            await w.stores.actions.unload("den/qwen", force=True)
            await answer.readuntil(b"was unloaded by panel")
        w.shell.show("activity")
        page = w.shell.window.page("activity")
        assert isinstance(page, ActivityPage)
        await w.until(lambda: page.item_model.rows)
        page.open_details(page.item_model.rows[0])
        told = page.details.text().splitlines()
        assert any(line.startswith("Outcome: cut off") for line in told)
        assert "Ended by: this panel" in told
        shown = w.page("den").overview.requests
        await w.until(lambda: shown.rows and shown.rows[0].words.text() == "cut off by this panel")
