"""Pictures of bad states: empty, lost, broken, refused. They are made of invented values, without any gateway."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QSettings, QSize, Qt
from PySide6.QtWidgets import QWidget

from boocontrol.core.api import Counts, Host, ProbeResult, ProbeStage, RegistryProblem, RegistryStatus, Status
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.errors import BooError, Unreachable
from boocontrol.desktop.page_set import Parts
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity_query import ActivityQuery
from boocontrol.desktop.supervisor import Crashed, PortTaken, Supervisor

LOG: Final = (
    "2026-11-22 16:40:02 INFO  the registry holds 3 hosts",
    "2026-11-22 16:40:02 ERROR the database cannot be opened",
    "sqlite3.OperationalError: disk I/O error",
)
BROKEN: Final = """{
  "defaultProvider": "gpu-box",
  "providers": [
    {"id": "gpu-box", "label": "GPU box", "baseUrl": "http://192.168.1.20:8080"},
    {"id": "mac", "label": "Mac" "baseUrl": "http://192.168.1.21:8080"}
  ]
}
"""
FACTS: Final = [("BooControl", "1.0"), ("Gateway", "1.0, http://127.0.0.1:9503"), ("Python, Qt", "3.13, 6.11")]
Views = Iterator[tuple[str, QWidget]]


def states(size: QSize) -> Views:
    """One state after the other in a window of its own, each shown when it comes and taken away after."""
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder), size)
        try:
            yield from room.empty()
            yield from room.lost()
            yield from room.failed()
            yield from room.broken()
            yield from room.refused()
            yield from room.notices()
        finally:
            room.close()


class Room:
    """A window over stores that are fed by hand."""

    def __init__(self, folder: Path, size: QSize) -> None:
        self.owner = QObject()
        self.stores = Stores.build(self.owner)
        self.supervisor = Supervisor(self.stores.connection, None, self.owner)
        self.folder = folder
        local = LocalSettings(folder / "desktop.ini", self.owner)
        parts = Parts(self.stores, self.supervisor, local, folder, folder, os.environ, lambda: FACTS)
        settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        self.shell = Shell(parts, settings, self.owner)
        self.window = self.shell.window
        self.window.resize(size)

    def close(self) -> None:
        self.window.hide()
        self.window.deleteLater()
        self.owner.deleteLater()

    def empty(self) -> Views:
        """Nothing to show, for each cause."""
        self.stores.connection.take("starting")
        self.shell.show("fleet")
        yield "starting", self.window
        self.stores.connection.take("lost", problem=Unreachable("No gateway runs on this computer."))
        yield "no-gateway-yet", self.window
        self._connect(status(0))
        for page in self.window.page_ids:
            self.shell.open_page(page)
            if page == "activity":
                self._nothing_ran()
            yield f"empty-{page}", self.window
        self.feed()
        self.shell.open_page("models")
        filters: Any = getattr(self.window.page("models"), "filters", None)
        if filters is not None:
            filters.search.setText("llama-9000")
            yield "search-without-result", self.window
            filters.clear()

    def _nothing_ran(self) -> None:
        """As if a gateway had told so: there is none here that could."""
        page: Any = self.window.page("activity")
        page.empty.say(ActivityQuery(span_s=None), known=True, connected=True, problem=None)

    def lost(self) -> Views:
        """The gateway went away; what was seen last stays."""
        problem = Unreachable("The gateway at http://127.0.0.1:9503 cannot be reached.", "BooControl keeps trying.")
        self.stores.connection.take("lost", problem=problem)
        for page in ("fleet", "models", "gateway"):
            self.shell.open_page(page)
            yield f"lost-{page}", self.window

    def failed(self) -> Views:
        """The gateway does not start."""
        self.shell.open_page("gateway")
        title = "The gateway ended 5 times in 5 minutes and is not started again (code 1)."
        self.supervisor.take("failed", Crashed(title, "Its last words:\n" + "\n".join(LOG), LOG))
        yield "gateway-failed", self.window
        taken = "Port 9503 is in use by ollama (pid 3104)."
        self.supervisor.take("failed", PortTaken(taken, "Use port 9504, or free this one.", "ollama", 9504))
        yield "port-taken", self.window
        self.supervisor.take("stopped")

    def broken(self) -> Views:
        """The registry file has a fault."""
        file = self.folder / "llama-providers.json"
        file.write_text(BROKEN)
        problem = RegistryProblem(message="A comma is missing.", advice="Add it.", line=5, column=31)
        self.feed()
        self.stores.providers.take({"providers": [{"id": "gpu-box"}]}, error=problem)
        self._connect(status(3, problem, str(file)))
        self.shell.open_page("fleet")
        yield "registry-broken", self.window
        self.stores.providers.take({"providers": [{"id": "gpu-box"}]}, error=None)
        self.feed()

    def refused(self) -> Views:
        """Adding a host goes wrong, at each place where it can."""
        from boocontrol.desktop.dialogs.confirm import confirm_stop
        from boocontrol.desktop.dialogs.provider import ProviderDialog

        for name, stage, detail, advice in PROBES:
            dialog = ProviderDialog(self.stores, None, self.window, address="192.168.1.40:8080")
            dialog.run.take(probe(stage, detail, advice))
            yield from alone(f"add-host-{name}", dialog)
        dialog = ProviderDialog(self.stores, None, self.window, address="192.168.1.40:8080")
        dialog.run.take(probe())
        dialog.error.tell_error(BooError("The keyring is locked.", "Unlock it (log in to the desktop) and try again."))
        yield from alone("add-host-keyring-locked", dialog)
        yield from alone("stop-gateway", confirm_stop(2, self.window))

    def notices(self) -> Views:
        """Errors that have no place of their own, and a way back."""
        self.shell.open_page("models")
        said = (
            BooError("gpu-box did not load qwen3: not enough memory.", "Unload another model first, then try again."),
            BooError("The list of models cannot be read.", "BooControl keeps trying."),
        )
        for error in said:
            self.shell.notices.fail(error, lambda: None)
        self.shell.notices.undo("Removed laptop from the fleet.", lambda: None)
        yield "notices-models", self.window

    def _connect(self, now: Status) -> None:
        self.stores.connection.take("connected")
        self.supervisor.take("running")
        self.stores.status.take(now)

    def feed(self) -> None:
        """Three hosts, one of each trouble, and their models."""
        self._connect(status(3))
        self.stores.fleet.take(hosts())
        self.stores.catalog.take(catalog())


def alone(name: str, dialog: QWidget) -> Views:
    """A dialog by itself, without its modality."""
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    dialog.show()
    yield name, dialog
    dialog.hide()
    dialog.deleteLater()


PROBES: Final = (
    ("no-answer", "connect", "Nothing answers at 192.168.1.40, port 8080.", "Is the host on, and the port right?"),
    ("needs-key", "key", "The host refuses requests without a key.", "Give the key of its apiKeys setting above."),
)


def probe(failed: str = "", detail: str = "", advice: str = "") -> ProbeResult:
    """The stages of a test up to the one that failed; all of them without one."""
    order = ("address", "resolve", "connect", "kind", "key", "models", "version")
    found = {"models": "12 models", "version": "250"}
    end = order.index(failed) if failed else len(order)
    stages: list[ProbeStage] = []
    for at, stage in enumerate(order):
        outcome = "ok" if at < end else "failed" if at == end else "skipped"
        words = (found.get(stage, ""), "") if at < end else (detail, advice) if at == end else ("", "")
        given = {"stage": stage, "outcome": outcome, "detail": words[0], "advice": words[1], "ms": 3.0}
        stages.append(ProbeStage.model_validate(given))
    return ProbeResult(ok=not failed, base_url="http://192.168.1.40:8080", stages=tuple(stages), models=("qwen3",))


def hosts() -> tuple[Host, ...]:
    """One that is up, and one of each trouble."""
    now = datetime.now(UTC)

    def host(name: str, state: str, **more: Any) -> Host:
        base = {"id": name, "label": name, "kind": "llama-swap", "location": "local", "enabled": True}
        base |= {"often_off": False, "base_url": f"http://{name}:8080", "state": state, "as_of": now}
        return Host.model_validate({**base, "since": now - timedelta(minutes=4), **more})

    return (
        host("gpu-box", "up", latency_ms=4.0, version="250"),
        host("mac", "degraded", reason="Slow: answers take 2.4 s.", latency_ms=2400.0),
        host("attic", "down", reason="Nothing answers at this address."),
    )


def catalog() -> Catalog:
    """What those hosts have."""

    def provider(name: str, state: str, *models: str) -> ProviderEntry:
        entries = (ModelEntry(ref=f"{name}/{m}", wire_id=m, state="stopped", context_length=32768) for m in models)
        given = {"id": name, "label": name, "state": state, "stale": state == "down", "models": tuple(entries)}
        return ProviderEntry.model_validate(given)

    return Catalog(
        default_provider="gpu-box",
        providers=(
            provider("gpu-box", "up", "qwen3.5-9b", "gemma-3-12b-it"),
            provider("mac", "degraded", "gpt-oss-20b"),
            provider("attic", "down", "phi-4-mini"),
        ),
    )


def status(providers: int, error: RegistryProblem | None = None, path: str = "llama-providers.json") -> Status:
    """A gateway with so many providers."""
    return Status(
        version="1.0", instance_id="picture", started_at=datetime.now(UTC), uptime_s=60, url="http://127.0.0.1:9503",
        registry=RegistryStatus(path=path, source="file", stamp="1", error=error),
        counts=Counts(providers=providers, up=1, models=4, in_flight=0),
    )  # fmt: skip
