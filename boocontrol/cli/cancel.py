"""`boocontrol cancel`: end a running request."""

from __future__ import annotations

from typing import Annotated

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import one_line, write_json
from boocontrol.cli.verb import JsonOption, verb


@verb
def cancel(
    ctx: typer.Context,
    request_id: Annotated[str, typer.Argument(metavar="ID", help="As `boocontrol activity` shows it.")],
    as_json: JsonOption = False,
) -> None:
    """End a running request: its client is told, its host stops."""
    asked = on_gateway(ctx, lambda gateway: gateway.cancel(request_id))
    if as_json:
        write_json({"asked": list(asked.asked)})
    else:
        typer.echo(f"Asked to end: {one_line(', '.join(asked.asked))}")
