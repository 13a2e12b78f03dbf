"""`boocontrol doctor`: what is set up, what is wrong and what to do. The report holds no key and no home folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boocontrol import __version__
from boocontrol.cli import exits
from boocontrol.cli.output import note, one_line, write_json
from boocontrol.cli.verb import JsonOption, chosen, verb

if TYPE_CHECKING:
    from boocontrol.cli.checks import Check

_SHAPES = {"ok": "✓", "failed": "✗", "warning": "▲"}


@verb
def doctor(
    ctx: typer.Context,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report into a file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check files, keyring, gateway and hosts, and say what to do."""
    from boocontrol.cli.checks import all_checks
    from boocontrol.cli.redact import redacted

    found = [redacted(check) for check in all_checks(chosen(ctx))]
    failed = any(check.outcome == "failed" for check in found)
    if report is not None:
        _write(report, _text(found))
    if as_json:
        write_json({"version": __version__, "ok": not failed, "checks": [check.model_dump() for check in found]})
    else:
        typer.echo(_text(found), nl=False)
    if report is not None:
        note(f"The report is in {report}.")
    raise typer.Exit(exits.FAILED if failed else exits.OK)


def _text(checks: list[Check]) -> str:
    lines = [f"BooControl {__version__}"]
    for check in checks:
        lines.append(f"{_SHAPES[check.outcome]} {check.outcome:<8} {one_line(check.name)}: {one_line(check.detail)}")
        if check.advice:
            lines.append(f"           {one_line(check.advice)}")
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    from boocontrol.core.files import write_atomic

    write_atomic(path, text.encode())
