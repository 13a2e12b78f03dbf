"""The staged test of an address while it is typed: one at a time, started again a moment after the last edit."""

from __future__ import annotations

import asyncio
from typing import Final, Literal, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from boocontrol.core.api import ProbeRequest, ProbeResult, ProbeStage, Stage
from boocontrol.desktop.dialogs.stages import StageRow
from boocontrol.desktop.sentences import told
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import tr as _tr

RESTART_MS: Final = 600
STAGES: Final[tuple[Stage, ...]] = ("address", "resolve", "connect", "tls", "kind", "key", "models", "version")

State = Literal["idle", "waiting", "running", "done", "failed"]


class Prober(Protocol):
    """What a run asks: the store of providers."""

    async def probe(self, request: ProbeRequest) -> ProbeResult: ...


class ProbeRun(QObject):
    """idle: nothing to test; waiting: for the typing to end; running; done: `result`; failed: `error`."""

    changed = Signal()

    def __init__(self, prober: Prober, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: State = "idle"
        self.result: ProbeResult | None = None
        self.error: Exception | None = None
        self._prober = prober
        self._request: ProbeRequest | None = None
        self._task: asyncio.Task[None] | None = None
        self.timer = QTimer(self, singleShot=True, interval=RESTART_MS)
        self.timer.timeout.connect(self.now)

    @property
    def failed_stage(self) -> ProbeStage | None:
        """The first stage that failed, or else that warned."""
        stages = self.result.stages if self.result else ()
        failed = next((s for s in stages if s.outcome == "failed"), None)
        return failed or next((s for s in stages if s.outcome == "warning"), None)

    def want(self, request: ProbeRequest | None) -> None:
        """Test this once the typing rests; None: there is nothing to test."""
        if request == self._request and self.state != "failed":
            return
        self._request = request
        self.stop()
        if request is None:
            self._show("idle")
        else:
            self.timer.start()
            self._show("waiting")

    def now(self) -> None:
        """Test at once what is wanted."""
        self.stop()
        if self._request is not None:
            self._show("running")
            self._task = spawn(self, self._run(self._request), self._failed)

    def stop(self) -> None:
        """Drop the test that is on its way."""
        self.timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def take(self, result: ProbeResult) -> None:
        """This is what was found: for tests and pictures."""
        self.stop()
        self._show("done", result)

    async def _run(self, request: ProbeRequest) -> None:
        self._show("done", await self._prober.probe(request))

    def _failed(self, error: Exception) -> None:
        self.error = error
        self._show("failed")

    def _show(self, state: State, result: ProbeResult | None = None) -> None:
        self.state, self.result = state, result
        if state != "failed":
            self.error = None
        self.changed.emit()


def stage_rows(run: ProbeRun) -> list[StageRow]:
    """One row for each stage, whether it was reached or not."""
    if run.result is None:
        state = "checking" if run.state == "running" else "unknown"
        return [StageRow(state, stage_title(stage), "") for stage in STAGES]
    stopped = run.failed_stage if any(s.outcome == "failed" for s in run.result.stages) else None
    return [_row(stage, stopped) for stage in run.result.stages]


def stage_title(stage: Stage) -> str:
    """What a stage is called."""
    return {
        "address": _tr("Address"),
        "resolve": _tr("Name"),
        "connect": _tr("Connect"),
        "tls": _tr("TLS"),
        "kind": _tr("Kind"),
        "key": _tr("Key"),
        "models": _tr("Models"),
        "version": _tr("Version"),
    }[stage]


def summary(run: ProbeRun) -> str:
    """How the test stands, in a few words."""
    if run.state == "done" and run.result is not None:
        failed = next((s for s in run.result.stages if s.outcome == "failed"), None)
        if failed is not None:
            return _tr("stopped at: %1").replace("%1", stage_title(failed.stage))
        return _tr("passed") if run.result.ok else _tr("passed with a warning")
    return {
        "idle": _tr("starts when there is an address"),
        "waiting": _tr("starts in a moment"),
        "running": _tr("on its way"),
        "failed": _tr("could not be made"),
    }.get(run.state, "")


def _row(stage: ProbeStage, stopped: ProbeStage | None) -> StageRow:
    shapes = {"ok": "up", "warning": "degraded", "skipped": "stopped", "failed": "down"}
    shape = "needs_key" if stage.outcome == "failed" and stage.stage == "key" else shapes[stage.outcome]
    detail = told(stage.detail)
    if stage.outcome == "skipped" and not detail and stopped is not None:
        shape, detail = "unknown", _tr("waits for: %1").replace("%1", stage_title(stopped.stage))
    bad = stage.outcome in ("failed", "warning")
    ms = stage.ms if stage.outcome in ("ok", "failed", "warning") and stage.ms >= 0.5 else None
    return StageRow(shape, stage_title(stage.stage), detail, ms, problem=bad)
