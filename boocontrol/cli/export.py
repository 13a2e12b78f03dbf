"""`boocontrol export`: point coding agents at the gateway. opencode's file is shown, written, undone and removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import find, on_gateway
from boocontrol.cli.export_words import agents_table, changed, looked, outcome
from boocontrol.cli.output import note, write_json
from boocontrol.cli.verb import JsonOption, chosen, usage, verb

if TYPE_CHECKING:
    from boocontrol.agents.export import Machine
    from boocontrol.agents.keys import KeySource
    from boocontrol.agents.offers import Choice
    from boocontrol.agents.opencode import Export
    from boocontrol.client import Gateway, GatewayClient
    from boocontrol.core import Catalog

app = typer.Typer(help="Point coding agents at the gateway.")

Diff = Annotated[bool, typer.Option("--diff", help="Show what would change (the default).")]
Write = Annotated[bool, typer.Option("--write", help="Write the file; a copy of the old one is kept.")]
Undo = Annotated[bool, typer.Option("--undo", help="Put the file back as it was before the last write.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take out what was written.")]
Take = Annotated[bool, typer.Option("--take-over", help="Replace settings that were changed by hand, too.")]
Key = Annotated[str, typer.Option("--key", metavar="file|env:NAME|none", help="Where the agent finds the key.")]


@app.callback(invoke_without_command=True)
@verb
def export(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Point coding agents at the gateway. Without an agent, list those there are."""
    if ctx.invoked_subcommand is None:
        agents_table(as_json=as_json)


@app.command("opencode")
@verb
def opencode(
    ctx: typer.Context,
    diff: Diff = False,
    write: Write = False,
    undo: Undo = False,
    remove: Remove = False,
    print_env: Annotated[
        bool, typer.Option("--print-env", help="Print a line to try it with no file touched.")
    ] = False,
    models: Annotated[
        str, typer.Option("--models", metavar="all|favorites|PROVIDER,...", help="Which models; default: as last time.")
    ] = "",
    model: Annotated[str | None, typer.Option(metavar="REF", help="Make it opencode's default model too.")] = None,
    small_model: Annotated[str | None, typer.Option(metavar="REF", help="And its model for titles.")] = None,
    key: Key = "file",
    take_over: Take = False,
    as_json: JsonOption = False,
) -> None:
    """Show or write opencode's settings: every model of every host, kept in step."""
    from boocontrol.agents import opencode as exporter
    from boocontrol.agents.export import OpencodeFile

    if sum((diff, write, undo, remove, print_env)) > 1:
        raise usage("Choose one of --diff, --write, --undo, --remove and --print-env.")
    if undo or remove:
        file = OpencodeFile(_machine())
        outcome(file.undo() if undo else file.remove(), undone=undo, as_json=as_json)
        return
    wanted = _Wanted(models, model, small_model, key, take_over)
    export = _export(ctx, wanted)
    if print_env:
        _print_env(exporter.print_env(export), exporter.try_command(export), as_json=as_json)
        return
    file = OpencodeFile(_machine())
    look = file.look(export)
    if not write:
        looked(look, as_json=as_json)
        return
    done, running = file.write(look)
    changed(look, done, running, as_json=as_json)


@app.command("agent")
@verb
def agent(
    ctx: typer.Context,
    agent_id: Annotated[str, typer.Argument(metavar="AGENT", help="As `boocontrol export` lists them.")],
    model: Annotated[
        str | None, typer.Option("-m", "--model", metavar="REF", help="Default: your default model.")
    ] = None,
    diff: Diff = False,
    write: Write = False,
    undo: Undo = False,
    remove: Remove = False,
    key: Key = "env:BOOCONTROL_API_KEY",
    take_over: Take = False,
    as_json: JsonOption = False,
) -> None:
    """Print what to copy for another agent; where its settings can be edited, show or write them."""
    from boocontrol.agents import others
    from boocontrol.agents.export import AgentFile
    from boocontrol.agents.offers import Choice, offers
    from boocontrol.agents.others_setting import Setting

    if undo or remove:
        file = AgentFile(agent_id, _machine())
        outcome(file.undo() if undo else file.remove(), undone=undo, as_json=as_json)
        return
    others.agent(agent_id)
    gateway, catalog, favorites = _source(ctx)
    machine = _machine()
    offered = tuple(offers(catalog, Choice()).models.values())
    setting = Setting(
        gateway_url=gateway.url,
        model=model or _some_model(catalog, favorites, [o.ref for o in offered]),
        home=machine.home,
        key=_key(key, gateway),
        offers=offered,
    )
    if not (diff or write):
        _snippet(agent_id, setting, as_json=as_json)
        return
    look = AgentFile(agent_id, machine).look(setting, take_over=take_over)
    if write:
        changed(look, AgentFile(agent_id, machine).write(look), None, as_json=as_json)
    else:
        looked(look, as_json=as_json)


@dataclass(frozen=True)
class _Wanted:
    """What the options of `export opencode` ask for."""

    models: str
    model: str | None
    small_model: str | None
    key: str
    take_over: bool


def _export(ctx: typer.Context, wanted: _Wanted) -> Export:
    """The export that is asked for; without a choice, the one of the last write."""
    from boocontrol.agents.export import OpencodeFile
    from boocontrol.agents.opencode import Export

    gateway, catalog, favorites = _source(ctx)
    machine = _machine()
    last = OpencodeFile(machine).record()
    return Export(
        catalog=catalog,
        gateway_url=gateway.url,
        key=_key(wanted.key, gateway),
        home=machine.home,
        choice=_choice(wanted.models, catalog) if wanted.models or last is None else last.choice,
        favorites=favorites,
        model=wanted.model,
        small_model=wanted.small_model,
        take_over=wanted.take_over,
    )


def _source(ctx: typer.Context) -> tuple[Gateway, Catalog, list[str]]:
    """The gateway, what it offers, and the favorites."""

    async def work(client: GatewayClient) -> tuple[Gateway, Catalog, list[str]]:
        settings = (await client.settings()).value
        return await find(chosen(ctx)), await client.models(), list(settings.get("favorite_models") or ())

    return on_gateway(ctx, work)


def _machine() -> Machine:
    """This machine. The record of what was written is the user's, whichever gateway it was written for."""
    from boocontrol.agents.export import Machine
    from boocontrol.core import paths

    return Machine.this(paths.data_dir())


def _key(text: str, gateway: Gateway) -> KeySource | None:
    from boocontrol.agents.keys import EnvKey, FileKey

    kind, _, name = text.partition(":")
    if kind == "env" and name:
        return EnvKey(name)
    if text == "none":
        return None
    if text != "file":
        raise usage(f"--key {text!r} is none of file, env:NAME and none.")
    if gateway.key_file is None:
        raise usage("The key file of that gateway is not known.", "Name it with --key-file, or use --key env:NAME.")
    return FileKey(gateway.key_file.expanduser().absolute())


def _choice(text: str, catalog: Catalog) -> Choice:
    from boocontrol.agents.offers import Choice
    from boocontrol.core.errors import BadInput

    if text in ("", "all"):
        return Choice()
    if text == "favorites":
        return Choice(kind="favorites")
    ids = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [i for i in ids if i not in catalog.by_id]
    if unknown:
        known = ", ".join(catalog.by_id) or "none"
        raise BadInput(f"There is no provider {unknown[0]!r}.", f"Providers: {known}.", code="not_found")
    return Choice(kind="providers", ids=ids)


def _some_model(catalog: Catalog, favorites: list[str], offered: list[str]) -> str:
    """The first favorite that is offered, else the first model at all."""
    found = next((ref for ref in favorites if ref in offered), None) or next(iter(offered), None)
    return found or "PROVIDER/MODEL"


def _print_env(value: str, command: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"OPENCODE_CONFIG_CONTENT": value})
    else:
        typer.echo(command)


def _snippet(agent_id: str, setting: Any, *, as_json: bool) -> None:
    from boocontrol.agents import others

    found = others.snippet(agent_id, setting)
    if as_json:
        told = {"agent": agent_id, "where": found.where, "language": found.language, "text": found.text}
        write_json({**told, "first": found.first, "note": found.agent.note, "verified": found.agent.verified})
        return
    note(f"For {found.where}:")
    if found.agent.verified is None:
        note("Not verified against this agent's documentation.")
    if found.first:
        note(f"First: {found.first}")
    typer.echo(found.text.rstrip("\n"))
    if found.agent.note:
        note(found.agent.note)
