"""A probe's result in words, and what its failure means for the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from boocontrol.cli import exits
from boocontrol.cli.output import one_line
from boocontrol.core.errors import BooError

if TYPE_CHECKING:
    from boocontrol.core.api import ProbeResult, ProbeStage

_SHAPES = {"ok": "✓", "failed": "✗", "warning": "▲", "skipped": "-"}
_EXITS = {
    "address": exits.USAGE,
    "resolve": exits.HOST_DOWN,
    "connect": exits.HOST_DOWN,
    "key": exits.KEY_REFUSED,
}


class ProbeFailed(BooError):
    """A stage failed. `details` is the whole result for programs, `exit_code` says which kind of stage it was."""

    code = "probe_failed"

    def __init__(self, title: str, advice: str, *, exit_code: int, details: dict[str, Any]) -> None:
        super().__init__(title, advice)
        self.exit_code = exit_code
        self.details = details


def lines(result: ProbeResult) -> list[str]:
    """One line for each stage: how it went, what was seen, what to do."""
    return [_line(stage) for stage in result.stages]


def refuse(result: ProbeResult, hint: str = "") -> None:
    """Raise ProbeFailed, with the hint behind its advice, when a stage failed."""
    for stage in result.stages:
        if stage.outcome == "failed":
            _fail(result, stage, hint)
    if not result.ok and not any(s.outcome == "warning" for s in result.stages):
        _fail(result, None, hint)


def _fail(result: ProbeResult, stage: ProbeStage | None, hint: str) -> NoReturn:
    title = f"The test failed at {stage.stage}: {stage.detail}" if stage else "The test failed."
    advice = f"{stage.advice if stage else ''} {hint}".strip()
    code = _EXITS.get(stage.stage, exits.FAILED) if stage else exits.FAILED
    raise ProbeFailed(title, advice, exit_code=code, details={"probe": result.model_dump(mode="json", by_alias=True)})


def _line(stage: ProbeStage) -> str:
    detail = one_line(f"{stage.detail} {stage.advice}" if stage.outcome != "ok" else stage.detail)
    return f"{_SHAPES[stage.outcome]} {stage.stage:<8} {stage.outcome:<8} {detail}".rstrip()
