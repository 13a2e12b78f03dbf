"""`boocontrol demo`: a simulated fleet to look around in. Nothing of the user's is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boocontrol.cli.verb import JsonOption, verb


@verb
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Without the desktop.")] = False,
    hosts: Annotated[int | None, typer.Option(metavar="N", min=1, help="How many simulated hosts.")] = None,
    models: Annotated[int | None, typer.Option(metavar="M", min=1, help="How many models on each.")] = None,
    port: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=65535, help="The gateway's port; default: a free one.")
    ] = None,
    shoot: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Draw every page into PNG files in this folder, and end.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the window and the pictures: en or de.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Start a simulated fleet with a gateway on it, to look around without a host."""
    from boocontrol.demo.app import run

    options = (("--hosts", hosts), ("--models", models), ("--port", port), ("--shoot", shoot), ("--language", language))
    arguments = [part for name, value in options if value is not None for part in (name, str(value))]
    arguments += ["--headless"] * headless + ["--json"] * as_json
    raise typer.Exit(run(arguments))
