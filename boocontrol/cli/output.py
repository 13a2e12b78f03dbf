"""What is written where: JSON or tables on stdout, notes and errors on stderr. Host text is never shown raw."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import typer

from boocontrol.cli import exits

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# Control characters but tab and line feed, and the marks that turn the direction of text around.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WIDE = 4000
"""Columns where nobody looks: a pipe or a file gets whole values."""


def safe(text: object) -> str:
    """Text of a host or a file as it may be shown: what steers a terminal is left out, lines and tabs stay."""
    return _UNSAFE.sub("", str(text))


def one_line(text: object) -> str:
    """The same on one line, for a cell of a table."""
    return " ".join(safe(text).split())


def write_json(value: Any) -> None:
    """The one document of --json. ASCII only, so that no name in it can steer a terminal."""
    typer.echo(json.dumps(value, indent=2))


def note(text: str) -> None:
    """Something beside the result, for people."""
    typer.echo(safe(text), err=True)


def console() -> Console:
    """stdout for tables: the terminal's width and colours, or neither of the two."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    return Console(
        file=sys.stdout, width=None if terminal else _WIDE, highlight=False, markup=False, emoji=False, soft_wrap=False
    )


def table(*columns: str, title: str | None = None, fold: tuple[str, ...] = ()) -> Table:
    """An empty table without lines. Columns in `fold` show their whole text whatever the width."""
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for name in columns:
        made.add_column(name, overflow="fold" if name in fold else "ellipsis", no_wrap=name not in fold)
    return made


def tell(error: BaseException, *, as_json: bool) -> int:
    """Say what went wrong, in words, and return the exit code."""
    from boocontrol.core.errors import BooError

    told = error if isinstance(error, BooError) else _unexpected(error)
    if as_json:
        write_json(exits.shown(told) | dict(getattr(error, "details", {})))
    else:
        note(sentence(told.title) + (f" {one_line(told.advice)}" if told.advice else ""))
    return int(getattr(error, "exit_code", None) or exits.code_of(told))


def sentence(title: str) -> str:
    """The title with a full stop, on one line."""
    text = one_line(title)
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _unexpected(error: BaseException) -> Any:
    """A fault of this program. Its text is left out: nobody knows what it holds."""
    from boocontrol.core.errors import BooError

    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else ""
    title = f"BooControl stumbled over something unexpected ({type(error).__name__}{where})."
    return BooError(title, "Please report it with what `boocontrol doctor` says.", code="unexpected")
