"""`boocontrol providers`: list, order, pause, remove. Adding, editing and keys have files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli import provider_add, provider_edit, provider_keys
from boocontrol.cli.connect import on_gateway_or_file, sound
from boocontrol.cli.output import console, one_line, table, write_json
from boocontrol.cli.provider_edit import change
from boocontrol.cli.verb import JsonOption, verb
from boocontrol.cli.words import host_state

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core import LoadedRegistry

app = typer.Typer(help="List, add, test, edit, order, pause and remove providers.")
app.command("add")(provider_add.add)
app.command("test")(provider_add.test)
app.command("edit")(provider_edit.edit)
app.add_typer(provider_keys.app, name="key")

Id = Annotated[str, typer.Argument(metavar="ID")]
Listed = tuple[dict[str, Any], dict[str, str]]
"""The registry document, and states of hosts by id as far as they are known."""


@app.callback(invoke_without_command=True)
@verb
def providers(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List, add, test, edit, order, pause and remove providers."""
    if ctx.invoked_subcommand is None:
        _list(ctx, as_json=as_json)


@app.command("list")
@verb
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List the providers in order; without a gateway, what the file says."""
    _list(ctx, as_json=as_json)


@app.command("remove")
@verb
def remove(ctx: typer.Context, provider: Id, as_json: JsonOption = False) -> None:
    """Remove a provider. Its key and the favorites on it stay."""
    from boocontrol.core import edits

    change(ctx, lambda g: g.remove_provider(provider), lambda d: edits.remove_provider(d, provider))
    _done(f"Removed {provider}.", {"removed": provider}, as_json=as_json)


@app.command("order")
@verb
def order(
    ctx: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="These first; the others follow as they were.")],
    as_json: JsonOption = False,
) -> None:
    """Put providers in another order."""
    from boocontrol.core import edits

    def edit(document: dict[str, Any]) -> dict[str, Any]:
        return edits.reorder(document, ids)

    change(ctx, lambda g: g.edit_providers(edit), edit)
    _list(ctx, as_json=as_json)


@app.command("default")
@verb
def default(ctx: typer.Context, provider: Id, as_json: JsonOption = False) -> None:
    """Choose the provider that bare model names belong to."""
    from boocontrol.core import edits

    def edit(document: dict[str, Any]) -> dict[str, Any]:
        return edits.set_default(document, provider)

    change(ctx, lambda g: g.edit_providers(edit), edit)
    _done(f"{provider} is the default provider.", {"defaultProvider": provider}, as_json=as_json)


@app.command("pause")
@verb
def pause(ctx: typer.Context, provider: Id, as_json: JsonOption = False) -> None:
    """Leave a provider alone until it is resumed."""
    _switch(ctx, provider, on=False, as_json=as_json)


@app.command("resume")
@verb
def resume(ctx: typer.Context, provider: Id, as_json: JsonOption = False) -> None:
    """Use a paused provider again."""
    _switch(ctx, provider, on=True, as_json=as_json)


def _switch(ctx: typer.Context, provider: str, *, on: bool, as_json: bool) -> None:
    from boocontrol.core import edits

    patch = {"enabled": on}
    change(ctx, lambda g: g.update_provider(provider, patch), lambda d: edits.update_provider(d, provider, patch))
    _done(f"{provider} is {'in use' if on else 'paused'}.", {"id": provider, "enabled": on}, as_json=as_json)


def _done(text: str, value: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        write_json(value)
    else:
        typer.echo(one_line(text))


def _list(ctx: typer.Context, *, as_json: bool) -> None:
    document, states = on_gateway_or_file(ctx, _read, _offline)
    if as_json:
        write_json(document)
    else:
        _show(document, states)


async def _read(gateway: GatewayClient) -> Listed:
    document = (await gateway.providers()).value
    return document, {h.id: h.state for h in await gateway.hosts()}


def _offline(loaded: LoadedRegistry) -> Listed:
    return sound(loaded), {}


def _show(document: dict[str, Any], states: dict[str, str]) -> None:
    entries = document.get("providers") or []
    if not entries:
        typer.echo("No providers yet. Add one with: boocontrol providers add ADDRESS")
        return
    rows = table("ID", "LABEL", "STATE", "KIND", "ADDRESS", "KEY", fold=("ID", "ADDRESS"))
    default_id = document.get("defaultProvider") or next((e["id"] for e in entries if e.get("enabled", True)), None)
    for entry in entries:
        rows.add_row(*_row(entry, states.get(entry["id"], ""), is_default=entry["id"] == default_id))
    console().print(rows)


def _row(entry: dict[str, Any], state: str, *, is_default: bool) -> tuple[Any, ...]:
    known = state or ("" if entry.get("enabled", True) else "paused")
    reference = entry.get("apiKey") or {}
    key = next((f"{source}:{name}" for source, name in reference.items()), "")
    return (
        one_line(entry["id"]) + (" (default)" if is_default else ""),
        one_line(entry.get("label") or ""),
        host_state(known) if known else "",
        one_line(entry.get("kind") or "llama-swap"),
        one_line(entry["baseUrl"]),
        one_line(key),
    )
