"""`boocontrol load` and `boocontrol unload`: ask a host; its own state tells how it went."""

from __future__ import annotations

from typing import Annotated

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import one_line, write_json
from boocontrol.cli.verb import JsonOption, usage, verb


@verb
def load(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="provider/model")],
    as_json: JsonOption = False,
) -> None:
    """Ask a host to load a model."""
    asked = on_gateway(ctx, lambda gateway: gateway.load(ref))
    _show(asked.asked, "load", as_json=as_json)


@verb
def unload(
    ctx: typer.Context,
    ref: Annotated[str | None, typer.Argument(metavar="REF", help="provider/model")] = None,
    provider: Annotated[str | None, typer.Option(metavar="ID", help="Everything on this provider.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything everywhere.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Even if it cuts running requests.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask hosts to give memory back: a model, a provider, or all."""
    from boocontrol.core.api import LoadRequest

    if (ref is not None) + (provider is not None) + everything != 1:
        raise usage("Say what to unload.", "Name a model as provider/model, or --provider ID, or --all.")
    request = LoadRequest(ref=ref, provider=provider, all=everything, force=force)
    asked = on_gateway(ctx, lambda gateway: gateway.unload(request))
    _show(asked.asked, "unload", as_json=as_json)


def _show(asked: tuple[str, ...], what: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"asked": list(asked)})
    elif asked:
        typer.echo(f"Asked to {what}: {one_line(', '.join(asked))}")
    else:
        typer.echo(f"Nothing to {what}.")
