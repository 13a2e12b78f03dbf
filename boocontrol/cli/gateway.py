"""`boocontrol gateway`: run it in the foreground; `boocontrol gateway key`: print its key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boocontrol.cli.output import write_json
from boocontrol.cli.verb import Chosen, JsonOption, chosen, verb

if TYPE_CHECKING:
    from pydantic import SecretStr

app = typer.Typer(help="Run the gateway, or print its key.")

DataDir = Annotated[Path | None, typer.Option(metavar="DIR", help="Its database and key; default: the user's own.")]


@app.callback(invoke_without_command=True)
@verb
def gateway(
    ctx: typer.Context,
    registry: Annotated[Path | None, typer.Option(metavar="FILE", help="Its llama-providers.json.")] = None,
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(metavar="H", help="The address to listen on; default 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=65535, help="Default 9503; 0 takes a free one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run the gateway in the foreground until Ctrl-C, or print its key."""
    if ctx.invoked_subcommand is not None:
        return
    options = (
        ("--registry", registry or chosen(ctx).registry),
        ("--data-dir", data_dir),
        ("--host", host),
        ("--port", port),
    )
    arguments = [part for name, value in options if value is not None for part in (name, str(value))]
    raise typer.Exit(_run([*arguments, "--json"] if as_json else arguments))


@app.command("key")
@verb
def key(
    ctx: typer.Context,
    data_dir: DataDir = None,
    renew: Annotated[bool, typer.Option("--renew", help="Make a new one first; the old one is refused.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the gateway's key, as clients send it."""
    from boocontrol.client import read_key_file

    folder = data_dir or (ctx.parent.params.get("data_dir") if ctx.parent else None)
    file = _key_file(chosen(ctx), folder)
    secret = (_renew(ctx) if renew else read_key_file(file)).get_secret_value()
    if as_json:
        write_json({"key": secret, "keyFile": str(file)})
    else:
        typer.echo(secret)


def _renew(ctx: typer.Context) -> SecretStr:
    """A new key from the gateway that runs: with a key that only a file knows, it would refuse who reads the file."""
    from boocontrol.cli.connect import on_gateway

    return on_gateway(ctx, lambda client: client.renew_key())


def _run(arguments: list[str]) -> int:
    from boocontrol.gateway.__main__ import run

    return run(arguments)


def _key_file(options: Chosen, data_dir: Path | None) -> Path:
    """The key file that is meant: the named one, that of the gateway that runs, or the user's own."""
    from boocontrol.core import paths
    from boocontrol.core.runtime_file import read_runtime

    if options.key_file is not None:
        return options.key_file
    if data_dir is not None:
        return data_dir / "gateway.key"
    info = read_runtime(paths.runtime_file(options.registry or paths.registry_path()))
    return Path(info.key_file) if info is not None else paths.data_dir() / "gateway.key"
