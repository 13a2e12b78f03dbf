"""`boocontrol favorites`: the user's list of models, kept in the gateway's settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import console, one_line, table, write_json
from boocontrol.cli.verb import JsonOption, verb
from boocontrol.cli.words import model_state

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core import Catalog

app = typer.Typer(help="List, add, remove and order favorite models.")
Refs = list[str]
KEY = "favorite_models"


@app.callback(invoke_without_command=True)
@verb
def favorites(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List, add, remove and order favorite models."""
    if ctx.invoked_subcommand is None:
        _list(ctx, as_json=as_json)


@app.command("list")
@verb
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List the favorites in your order."""
    _list(ctx, as_json=as_json)


@app.command("add")
@verb
def add(
    ctx: typer.Context,
    refs: Annotated[Refs, typer.Argument(metavar="REF...", help="provider/model")],
    anyway: Annotated[bool, typer.Option("--anyway", help="Even if no host lists it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add favorites at the end of the list."""

    def edit(now: Refs, catalog: Catalog) -> Refs:
        from boocontrol.core.favorites import collapse

        for ref in () if anyway else refs:
            check_listed(ref, catalog)
        return list(collapse([*now, *refs], catalog))

    _edit(ctx, edit, as_json=as_json)


@app.command("remove")
@verb
def remove(
    ctx: typer.Context,
    refs: Annotated[Refs, typer.Argument(metavar="REF...", help="As the list shows it, or provider/model.")],
    as_json: JsonOption = False,
) -> None:
    """Remove favorites."""

    def edit(now: Refs, catalog: Catalog) -> Refs:
        gone = {_place(ref, now, catalog) for ref in refs}
        return [ref for index, ref in enumerate(now) if index not in gone]

    _edit(ctx, edit, as_json=as_json)


@app.command("move")
@verb
def move(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF")],
    position: Annotated[int, typer.Argument(metavar="POSITION", min=1, help="1 is the first.")],
    as_json: JsonOption = False,
) -> None:
    """Move a favorite to another place in the list."""

    def edit(now: Refs, catalog: Catalog) -> Refs:
        after = list(now)
        moved = after.pop(_place(ref, now, catalog))
        after.insert(position - 1, moved)
        return after

    _edit(ctx, edit, as_json=as_json)


def _edit(ctx: typer.Context, edit: Callable[[Refs, Catalog], Refs], *, as_json: bool) -> None:
    """Apply an edit to the list as it is on the gateway; another writer's change is never undone."""

    async def work(gateway: GatewayClient) -> tuple[Refs, Catalog]:
        catalog = await gateway.models()

        def patch(settings: dict[str, Any]) -> dict[str, Any]:
            now = list(settings.get(KEY) or ())
            after = edit(now, catalog)
            return {} if after == now else {KEY: after}

        settings = (await gateway.edit_settings(patch)).value
        return list(settings.get(KEY) or ()), catalog

    _show(*on_gateway(ctx, work), as_json=as_json)


def _list(ctx: typer.Context, *, as_json: bool) -> None:
    async def work(gateway: GatewayClient) -> tuple[Refs, Catalog]:
        settings = (await gateway.settings()).value
        return list(settings.get(KEY) or ()), await gateway.models()

    _show(*on_gateway(ctx, work), as_json=as_json)


def _show(refs: Refs, catalog: Catalog, *, as_json: bool) -> None:
    from boocontrol.core import derive_picker

    hidden = derive_picker(catalog, refs).hidden
    if as_json:
        write_json({KEY: refs, "unavailable": list(hidden)})
        return
    if not refs:
        typer.echo("No favorites yet. Add one with: boocontrol favorites add PROVIDER/MODEL")
        return
    rows = table("", "MODEL", "STATE", fold=("MODEL",))
    for number, ref in enumerate(refs, 1):
        rows.add_row(str(number), one_line(ref), "unavailable now" if ref in hidden else _state(ref, catalog))
    console().print(rows)


def _state(ref: str, catalog: Catalog) -> Any:
    from boocontrol.core.favorites import favorite_ref

    meant = favorite_ref(ref, catalog)
    model = catalog.find(meant) if meant else None
    return model_state(model.state) if model else ""


def check_listed(ref: str, catalog: Catalog) -> None:
    """Refuse what no host lists: it is a typo more often than not. Raises BadInput with the nearest names."""
    from boocontrol.core import Registry, nearest
    from boocontrol.core.errors import BadInput
    from boocontrol.core.favorites import favorite_ref

    meant = favorite_ref(ref, catalog)
    listed = meant is not None and (meant in catalog.fleet_refs() or catalog.find(meant) is not None)
    if listed:
        return
    near = nearest(ref, Registry(), catalog)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`boocontrol models` lists them."
    raise BadInput(
        f"No host lists the model {ref!r}.", f"{hint} With --anyway it is taken all the same.", code="not_found"
    )


def _place(ref: str, now: Refs, catalog: Catalog) -> int:
    """Where a favorite stands in the list. Raises BadInput when it is none."""
    from boocontrol.core.errors import BadInput
    from boocontrol.core.favorites import favorite_ref

    if ref in now:
        return now.index(ref)
    meant = favorite_ref(ref, catalog)
    for index, text in enumerate(now):
        if meant is not None and favorite_ref(text, catalog) == meant:
            return index
    raise BadInput(f"{ref!r} is no favorite.", "`boocontrol favorites` lists them.", code="not_found")
