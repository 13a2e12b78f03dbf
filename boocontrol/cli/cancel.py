"""`boocontrol cancel`: end a running request, or a load."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.load import naming_the_cut
from boocontrol.cli.output import one_line, write_json
from boocontrol.cli.verb import JsonOption, verb

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core.api import Asked

_REQUEST = re.compile(r"[0-9a-f]{32}")
# One that went past the gateway: its host, and the host's id of it.
_PAST = re.compile(r"([a-z0-9][a-z0-9._-]*)#([0-9A-Za-z._-]+)")


@verb
def cancel(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID|REF",
            help="A request, as `boocontrol activity` or `boocontrol top` shows it, or a model that loads.",
        ),
    ],
    force: Annotated[bool, typer.Option("--force", help="A load: even if requests wait for the model.")] = False,
    as_json: JsonOption = False,
) -> None:
    """End a running request, or the load of a model: its client is told, its host stops."""

    async def work(gateway: GatewayClient) -> Asked:
        if past := _PAST.fullmatch(what):
            return await gateway.cancel_on_host(*past.groups())
        if _REQUEST.fullmatch(what) or "/" not in what:
            return await gateway.cancel(what)
        return await naming_the_cut(gateway.cancel_load(what, force=force), quiet=as_json)

    asked = on_gateway(ctx, work)
    if as_json:
        write_json({"asked": list(asked.asked)})
    else:
        typer.echo(f"Asked to end: {one_line(', '.join(asked.asked))}")
