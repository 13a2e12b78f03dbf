"""`boocontrol load` and `boocontrol unload`: ask a host; its own state tells how it went."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import note, one_line, write_json
from boocontrol.cli.verb import JsonOption, usage, verb
from boocontrol.cli.words import age

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core.api import Asked, LoadProgress, LoadRequest, RequestInFlight
    from boocontrol.core.control import LoadPreview

T = TypeVar("T")


@verb
def load(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="provider/model")],
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until the host's state tells the end.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would cost.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Load a model and wait until its host has it. Ctrl-C cancels the load."""
    if dry_run:
        _tell_preview(on_gateway(ctx, lambda gateway: gateway.preview(ref)), as_json=as_json)
        return
    if not wait:
        _show(on_gateway(ctx, lambda gateway: gateway.load(ref)).asked, "load", as_json=as_json)
        return
    from boocontrol.cli.load_wait import load_and_wait

    ended = on_gateway(ctx, lambda gateway: load_and_wait(gateway, ref, quiet=as_json))
    if as_json:
        write_json({"asked": [ended.ref], "load": ended.model_dump(mode="json", by_alias=True)})
    else:
        typer.echo(one_line(f"{ended.ref} is ready{_took(ended)}. {ended.reason}".rstrip()))


@verb
def unload(
    ctx: typer.Context,
    ref: Annotated[str | None, typer.Argument(metavar="REF", help="provider/model")] = None,
    host: Annotated[
        str | None, typer.Option("--host", "--provider", metavar="ID", help="Everything on this host.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything everywhere.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Even if it cuts running requests.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask hosts to give memory back: a model, a host, or all. Running requests are cut only with --force."""
    from boocontrol.client import asking
    from boocontrol.core.api import LoadRequest

    if (ref is not None) + (host is not None) + everything != 1:
        raise usage("Say what to unload.", "Name a model as provider/model, or --host ID, or --all.")
    request = asking.request(LoadRequest, ref=ref, provider=host, all=everything, force=force)
    asked = on_gateway(ctx, lambda gateway: _unload(gateway, request, quiet=as_json))
    _show(asked.asked, "unload", as_json=as_json)


async def _unload(gateway: GatewayClient, request: LoadRequest, *, quiet: bool) -> Asked:
    return await naming_the_cut(gateway.unload(request), quiet=quiet)


async def naming_the_cut(call: Awaitable[T], *, quiet: bool) -> T:
    """Await a call; when it would cut requests, name them before that is told."""
    from boocontrol.client.errors import Busy

    try:
        return await call
    except Busy as e:
        if not quiet:
            for line in cut_lines(e.requests):
                note(line)
            e.advice = "Wait for the end, or repeat with --force." if e.requests else e.advice
        raise


def cut_lines(requests: tuple[RequestInFlight, ...]) -> list[str]:
    """Requests that run, one per line."""
    return ["  ".join(("", *(one_line(part) for part in _parts(r) if part))) for r in requests]


def _parts(request: RequestInFlight) -> tuple[str, ...]:
    who = f"of {request.client or 'unknown'}, for {age(request.started_at) or '0 s'}"
    return (request.ref, request.endpoint, who, request.id)


def _tell_preview(told: LoadPreview, *, as_json: bool) -> None:
    if as_json:
        write_json(told.model_dump(mode="json", by_alias=True))
        return
    for words in told.words:
        typer.echo(one_line(words))
    if not told.certain:
        typer.echo("This is what is likely, not what is certain.")


def _took(ended: LoadProgress) -> str:
    if ended.began_at is None or ended.ended_at is None:
        return ""
    return f" after {(ended.ended_at - ended.began_at).total_seconds():.1f} s"


def _show(asked: tuple[str, ...], what: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"asked": list(asked)})
    elif asked:
        typer.echo(f"Asked to {what}: {one_line(', '.join(asked))}")
    else:
        typer.echo(f"Nothing to {what}.")
