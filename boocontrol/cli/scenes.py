"""`boocontrol scenes`: sets of models that are loaded together, kept in the gateway's settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.favorites import check_listed
from boocontrol.cli.load import cut_lines, naming_the_cut
from boocontrol.cli.output import console, note, one_line, table, write_json
from boocontrol.cli.verb import JsonOption, usage, verb

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core.control import SceneApplied, ScenePlan

app = typer.Typer(help="List, save, apply and undo sets of models.")
KEY = "scenes"
UNDO = "scene_undo"
Scenes = list[dict[str, Any]]

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
OnlyOption = Annotated[bool, typer.Option("--only", help="Other models of these hosts are unloaded.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Even if it cuts running requests.")]


@app.callback(invoke_without_command=True)
@verb
def scenes(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List, save, apply and undo sets of models."""
    if ctx.invoked_subcommand is None:
        _list(ctx, as_json=as_json)


@app.command("list")
@verb
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List the scenes."""
    _list(ctx, as_json=as_json)


@app.command("show")
@verb
def show(ctx: typer.Context, name: NameArgument, as_json: JsonOption = False) -> None:
    """Show one scene and what applying it would do now."""
    from boocontrol.core.control import SceneRequest

    async def work(gateway: GatewayClient) -> tuple[dict[str, Any], ScenePlan]:
        scene = _named(name, (await gateway.settings()).value)
        return scene, await gateway.scene_preview(SceneRequest(name=name))

    scene, plan = on_gateway(ctx, work)
    if as_json:
        write_json({**scene, "plan": plan.model_dump(mode="json", by_alias=True)})
        return
    typer.echo(one_line(f"{scene['name']}: {', '.join(scene['models'])}{' (only)' if scene.get('only') else ''}"))
    _tell_plan(plan)


@app.command("save")
@verb
def save(
    ctx: typer.Context,
    name: NameArgument,
    refs: Annotated[list[str], typer.Argument(metavar="REF...", help="provider/model")],
    only: OnlyOption = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even if no host lists a model.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Save a scene; one of the same name is replaced."""

    async def check(gateway: GatewayClient) -> None:
        catalog = await gateway.models()
        for ref in refs:
            check_listed(ref, catalog)

    def edit(now: Scenes) -> Scenes:
        saved = {"name": name, "models": refs, "only": only}
        if any(s["name"] == name for s in now):
            return [saved if s["name"] == name else s for s in now]
        return [*now, saved]

    if not anyway:
        on_gateway(ctx, check)
    _edit(ctx, edit, as_json=as_json)


@app.command("remove")
@verb
def remove(ctx: typer.Context, name: NameArgument, as_json: JsonOption = False) -> None:
    """Remove a scene. What is loaded stays."""

    def edit(now: Scenes) -> Scenes:
        _named(name, {KEY: now})
        return [s for s in now if s["name"] != name]

    _edit(ctx, edit, as_json=as_json)


@app.command("apply")
@verb
def apply(
    ctx: typer.Context,
    name: NameArgument,
    only: OnlyOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Load a scene's models; with --only, or if it says so, unload the others of these hosts."""
    from boocontrol.client import asking
    from boocontrol.core.control import SceneRequest

    request = asking.request(SceneRequest, name=name, only=True if only else None, force=force)
    if dry_run:
        plan = on_gateway(ctx, lambda gateway: gateway.scene_preview(request))
        if as_json:
            write_json(plan.model_dump(mode="json", by_alias=True))
        else:
            _tell_plan(plan)
        return
    _tell_applied(on_gateway(ctx, lambda gateway: _apply(gateway, request, quiet=as_json)), as_json=as_json)


@app.command("undo")
@verb
def undo(ctx: typer.Context, force: ForceOption = False, as_json: JsonOption = False) -> None:
    """Go back to what was loaded before the last scene was applied from a command line."""
    from boocontrol.core.control import SceneRequest

    async def work(gateway: GatewayClient) -> SceneApplied:
        kept = (await gateway.settings()).value.get(UNDO)
        if not kept:
            raise usage("There is nothing to undo.", "Apply a scene first.")
        request = SceneRequest.model_validate_json(json.dumps({**kept, "force": force}))
        return await _apply(gateway, request, quiet=as_json)

    _tell_applied(on_gateway(ctx, work), as_json=as_json)


async def _apply(gateway: GatewayClient, request: Any, *, quiet: bool) -> SceneApplied:
    applied = await naming_the_cut(gateway.scene_apply(request), quiet=quiet)
    kept = applied.undo.model_dump(mode="json", by_alias=True)
    await gateway.edit_settings(lambda settings: {UNDO: kept})
    return applied


def _tell_applied(applied: SceneApplied, *, as_json: bool) -> None:
    if as_json:
        write_json(applied.model_dump(mode="json", by_alias=True))
        return
    _tell_plan(applied.plan, done=True)
    typer.echo("Asked. Undo it with: boocontrol scenes undo")


def _tell_plan(plan: ScenePlan, *, done: bool = False) -> None:
    for what, refs in (("unload", plan.unload), ("load", plan.load), ("keep", plan.keep)):
        if refs:
            typer.echo(f"{what:8}{one_line(', '.join(refs))}")
    if not (plan.load or plan.unload):
        typer.echo("Nothing changes.")
    if plan.busy and not done:
        note("It would cut these requests, which needs --force:")
        for line in cut_lines(plan.busy):
            note(line)
    for words in plan.words:
        note(one_line(words))


def _edit(ctx: typer.Context, edit: Any, *, as_json: bool) -> None:
    async def work(gateway: GatewayClient) -> dict[str, Any]:
        return (await gateway.edit_settings(lambda settings: {KEY: edit(list(settings.get(KEY) or ()))})).value

    _show(on_gateway(ctx, work), as_json=as_json)


def _list(ctx: typer.Context, *, as_json: bool) -> None:
    async def work(gateway: GatewayClient) -> dict[str, Any]:
        return (await gateway.settings()).value

    _show(on_gateway(ctx, work), as_json=as_json)


def _show(settings: dict[str, Any], *, as_json: bool) -> None:
    found = list(settings.get(KEY) or ())
    if as_json:
        write_json({KEY: found})
        return
    if not found:
        typer.echo("No scenes yet. Save one with: boocontrol scenes save NAME PROVIDER/MODEL...")
        return
    rows = table("SCENE", "ONLY", "MODELS", fold=("MODELS",))
    for scene in found:
        rows.add_row(one_line(scene["name"]), "yes" if scene.get("only") else "", one_line(", ".join(scene["models"])))
    console().print(rows)


def _named(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Raises BadInput when there is no scene of this name."""
    from boocontrol.core.errors import BadInput

    found = next((s for s in settings.get(KEY) or () if s["name"] == name), None)
    if found is None:
        raise BadInput(f"There is no scene {name!r}.", "`boocontrol scenes` lists them.", code="not_found")
    return dict(found)
