"""What all verbs share: the global options, --json, and that every error ends in words and an exit code."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec

import typer

from boocontrol.cli.output import tell

P = ParamSpec("P")

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]


@dataclass(frozen=True)
class Chosen:
    """The global options: which gateway, its key file, and which registry file."""

    gateway: str | None = None
    key_file: Path | None = None
    registry: Path | None = None


def chosen(ctx: typer.Context) -> Chosen:
    """The global options of this call."""
    return ctx.obj if isinstance(ctx.obj, Chosen) else Chosen()


def verb(function: Callable[P, None]) -> Callable[P, None]:
    """A verb that tells its errors: words on stderr, or with --json an object on stdout, and the exit code."""

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except Exception as e:
            if _is_typers(e):
                raise
            code = tell(e, as_json=bool(kwargs.get("as_json")))
        else:
            return
        raise typer.Exit(code)

    return told


def _is_typers(error: Exception) -> bool:
    """Exit, Abort, usage errors and a reader that closed the pipe are typer's to handle."""
    if isinstance(error, (typer.Exit, typer.Abort)) or hasattr(error, "format_message"):
        return True
    return isinstance(error, OSError) and error.errno == errno.EPIPE


def usage(title: str, advice: str = "") -> Any:
    """The error for a call that cannot be understood."""
    from boocontrol.core.errors import BadInput

    return BadInput(title, advice, code="usage")
