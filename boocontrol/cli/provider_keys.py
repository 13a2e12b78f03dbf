"""`boocontrol providers key`: keys go from a prompt or stdin into the keyring, and nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from boocontrol.cli.connect import Document, on_gateway_or_file, save, sound
from boocontrol.cli.output import note, one_line, write_json
from boocontrol.cli.provider_edit import document, entry_of
from boocontrol.cli.verb import JsonOption, usage, verb

if TYPE_CHECKING:
    from pydantic import SecretStr

    from boocontrol.client import GatewayClient
    from boocontrol.core import LoadedRegistry
    from boocontrol.core.secrets import KeyStore

app = typer.Typer(help="Store or remove a provider's key.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(metavar="ID")]
FromStdin = Annotated[bool, typer.Option("--key-stdin", help="Read the key from standard input.")]


@app.command("set")
@verb
def set_(ctx: typer.Context, provider: Id, key_stdin: FromStdin = False, as_json: JsonOption = False) -> None:
    """Store a provider's key in the keyring; asked for without echo."""
    entry_of(document(ctx), provider)
    store(ctx, provider, read_secret(from_stdin=key_stdin, prompt=f"Key of {provider}"))
    _done(provider, "Stored the key of", stored=True, as_json=as_json)


@app.command("remove")
@verb
def remove(ctx: typer.Context, provider: Id, as_json: JsonOption = False) -> None:
    """Remove a provider's key from the keyring, and the reference to it."""

    async def work(gateway: GatewayClient) -> None:
        if not await _without_variable(gateway, provider):
            await gateway.delete_key(provider)

    on_gateway_or_file(ctx, work, lambda loaded: _remove_offline(loaded, provider))
    _done(provider, "No key is kept for", stored=False, as_json=as_json)


def store(ctx: typer.Context, provider: str, key: SecretStr) -> None:
    """Put a key into the keyring and a reference to it into the registry: the gateway does it, else this program."""

    async def work(gateway: GatewayClient) -> None:
        await _without_variable(gateway, provider)
        await gateway.set_key(provider, key)

    on_gateway_or_file(ctx, work, lambda loaded: _store_offline(loaded, provider, key))


async def _without_variable(gateway: GatewayClient, provider: str) -> bool:
    """Take out a reference to an environment variable, which the gateway never does by itself."""
    reference = entry_of((await gateway.providers()).value, provider).get("apiKey") or {}
    if not reference.get("env"):
        return False
    await gateway.update_provider(provider, {"apiKey": None})
    note(f"{provider} no longer reads its key from the variable {reference['env']}.")
    return True


def _store_offline(loaded: LoadedRegistry, provider: str, key: SecretStr) -> None:
    from boocontrol.core import edits

    before = sound(loaded)
    reference = entry_of(before, provider).get("apiKey") or {}
    name = reference.get("keyring") or _free_name(provider, _names(before))
    key_store().set(str(name), key.get_secret_value())
    if not reference.get("keyring"):
        save(loaded, edits.update_provider(before, provider, {"apiKey": {"keyring": name}}))


def _remove_offline(loaded: LoadedRegistry, provider: str) -> None:
    from boocontrol.core import edits

    before = sound(loaded)
    reference = entry_of(before, provider).get("apiKey") or {}
    if not reference:
        return
    after = edits.update_provider(before, provider, {"apiKey": None})
    save(loaded, after)
    name = reference.get("keyring")
    if name and name not in _names(after):
        key_store().delete(str(name))


def _names(document: Document) -> list[str]:
    """The names in the keyring that the registry refers to."""
    references = [entry.get("apiKey") or {} for entry in document.get("providers") or []]
    return [str(r["keyring"]) for r in references if r.get("keyring")]


def _free_name(provider: str, taken: list[str]) -> str:
    """The provider's id, unless one that had this id once keeps its key under that name."""
    names = (provider, *(f"{provider}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def read_secret(*, from_stdin: bool, prompt: str) -> SecretStr:
    """A key from stdin or from a prompt without echo. Never an argument: those stand in the process list."""
    from pydantic import SecretStr

    if from_stdin:
        text = sys.stdin.readline().strip()
    elif sys.stdin.isatty():
        text = str(typer.prompt(prompt, hide_input=True, err=True)).strip()
    else:
        raise usage("There is no terminal to ask for the key.", "Pipe it in and add --key-stdin.")
    if not text or not text.isascii() or not text.isprintable():
        raise usage("That is no key.", "A key is one line of printable characters.")
    return SecretStr(text)


def key_store() -> KeyStore:
    """Where keys are kept while no gateway runs."""
    from boocontrol.core.secrets import KeyringStore

    return KeyringStore()


def _done(provider: str, text: str, *, stored: bool, as_json: bool) -> None:
    if as_json:
        write_json({"provider": provider, "stored": stored})
    else:
        typer.echo(f"{text} {one_line(provider)}.")
