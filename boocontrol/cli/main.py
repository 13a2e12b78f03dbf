"""The program `boocontrol`: its verbs and the options before them. Verbs import what they need when they run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from boocontrol import __version__
from boocontrol.cli import (
    activity,
    cancel,
    chat,
    demo,
    doctor,
    exits,
    export,
    favorites,
    gateway,
    load,
    logs,
    models,
    providers,
    scenes,
    status,
    top,
    wake,
)
from boocontrol.cli.verb import Chosen

app = typer.Typer(
    name="boocontrol",
    help="One control panel and one OpenAI-compatible endpoint for all your llama-swap hosts.",
    # Help as plain text: drawing it with rich costs more than all the rest of the start.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(gateway.app, name="gateway")
app.command("status")(status.status)
app.add_typer(providers.app, name="providers")
app.command("models")(models.models)
app.add_typer(favorites.app, name="favorites")
app.command("load")(load.load)
app.command("unload")(load.unload)
app.add_typer(scenes.app, name="scenes")
app.command("wake")(wake.wake)
app.command("top")(top.top)
app.command("activity")(activity.activity)
app.command("cancel")(cancel.cancel)
app.command("logs")(logs.logs)
app.command("chat")(chat.chat)
app.add_typer(export.app, name="export")
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"boocontrol {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def boocontrol(
    ctx: typer.Context,
    gateway: Annotated[
        str | None,
        typer.Option(envvar="BOOCONTROL_GATEWAY", metavar="URL", help="Another gateway than the one that runs here."),
    ] = None,
    key_file: Annotated[Path | None, typer.Option(metavar="FILE", help="The file with that gateway's key.")] = None,
    registry: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Another llama-providers.json than the user's own.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """One control panel and one OpenAI-compatible endpoint for all your llama-swap hosts."""
    ctx.obj = Chosen(gateway=gateway or None, key_file=key_file, registry=registry)
    if ctx.invoked_subcommand is None:
        raise typer.Exit(_bare(ctx))


def _bare(ctx: typer.Context) -> int:
    """Without a verb: the desktop, or the help and why there is no desktop."""
    from boocontrol.cli.desktop import missing, open_desktop

    reason = missing()
    if reason is None:
        return open_desktop(ctx.obj)
    typer.echo(ctx.get_help())
    typer.echo(f"\n{reason}", err=True)
    return exits.OK


def run(args: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    as_json = "--json" in args
    try:
        result: Any = app(args=list(args), prog_name="boocontrol", standalone_mode=False)
    except typer.Abort:
        typer.echo("Stopped.", err=True)
        return exits.FAILED
    except Exception as e:
        if not hasattr(e, "format_message"):
            raise
        return _usage(e, as_json=as_json)
    return result if isinstance(result, int) else exits.OK


def main() -> None:
    """The program without the quick start of its window (start.py)."""
    sys.exit(run(sys.argv[1:]))


def _usage(error: Any, *, as_json: bool) -> int:
    """A command line that cannot be understood; for programs, as an object too."""
    from boocontrol.cli.output import tell
    from boocontrol.core.errors import BadInput

    if not as_json:
        error.show()
        return int(error.exit_code)
    path = error.ctx.command_path if getattr(error, "ctx", None) else "boocontrol"
    return tell(BadInput(error.format_message(), f"See: {path} --help", code="usage"), as_json=True)
