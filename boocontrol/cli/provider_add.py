"""`boocontrol providers add` and `test`: an address in any form, tried stage by stage before it is saved."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli import provider_keys
from boocontrol.cli.connect import on_gateway, on_gateway_or_file, sound
from boocontrol.cli.output import note, one_line, safe, write_json
from boocontrol.cli.provider_edit import change, check_kind, entry_of
from boocontrol.cli.verb import JsonOption, usage, verb
from boocontrol.core.provider_ids import derive_id

if TYPE_CHECKING:
    from pydantic import SecretStr

    from boocontrol.client import GatewayClient
    from boocontrol.core.api import ProbeRequest, ProbeResult

Document = dict[str, Any]


@verb
def add(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Any form: box:8080, http://box:8080/v1 …")],
    provider_id: Annotated[str | None, typer.Option("--id", metavar="ID", help="Default: from label or host.")] = None,
    label: Annotated[str | None, typer.Option(metavar="TEXT", help="The name that people see.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="llama-swap or openai; default: what it is.")] = None,
    cloud: Annotated[bool, typer.Option("--cloud", help="It is a cloud provider.")] = False,
    often_off: Annotated[bool, typer.Option("--often-off", help="It is often switched off.")] = False,
    key_env: Annotated[str | None, typer.Option(metavar="NAME", help="Read its key from this variable.")] = None,
    key_stdin: provider_keys.FromStdin = False,
    save_anyway: Annotated[bool, typer.Option("--save-anyway", help="Save even if the test fails.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add a provider, once its address was tried."""
    from boocontrol.core.urls import normalise_base_url

    check_kind(kind)
    if key_env and key_stdin:
        raise usage("The key is either in a variable or on standard input.", "Leave one of the two out.")
    url = normalise_base_url(address)
    key = provider_keys.read_secret(from_stdin=True, prompt="") if key_stdin else None
    key = key or _from_environment(key_env)
    document, result, key = on_gateway_or_file(
        ctx, lambda g: _try(g, url, kind, key, quiet=as_json), lambda loaded: (sound(loaded), None, key)
    )
    _judge(result, save_anyway=save_anyway)
    entry = _entry(document, url, result, provider_id=provider_id, label=label, kind=kind)
    entry |= {"location": "cloud"} if cloud else {}
    entry |= {"oftenOff": True} if often_off else {}
    entry |= {"apiKey": {"env": key_env}} if key_env else {}
    _save(ctx, entry)
    if key is not None and not key_env:
        provider_keys.store(ctx, entry["id"], key)
    _done(entry, result, as_json=as_json)


@verb
def test(
    ctx: typer.Context,
    provider: Annotated[str, typer.Argument(metavar="ID")],
    as_json: JsonOption = False,
) -> None:
    """Try a provider's address and key, stage by stage."""

    async def work(gateway: GatewayClient) -> ProbeResult:
        from boocontrol.core.api import ProbeRequest

        entry = entry_of((await gateway.providers()).value, provider)
        tls = {"verify_tls": entry.get("verifyTls", True), "ca_file": entry.get("caFile")}
        request = ProbeRequest(base_url=entry["baseUrl"], kind=entry.get("kind"), provider=provider, **tls)
        return await gateway.probe(request)

    from boocontrol.cli.probing import refuse

    result = on_gateway(ctx, work)
    if not as_json:
        _show(result)
    refuse(result)
    if as_json:
        write_json(result.model_dump(mode="json", by_alias=True))


Tried = tuple[Document, "ProbeResult | None", "SecretStr | None"]


async def _try(gateway: GatewayClient, url: str, kind: str | None, key: SecretStr | None, *, quiet: bool) -> Tried:
    """Try the address; if it wants a key and a person sits here, ask for it and try again."""
    document = (await gateway.providers()).value
    result = await gateway.probe(_request(url, kind, key))
    if not quiet:
        _show(result)
    needs_key = any(s.stage == "key" and s.outcome == "failed" for s in result.stages)
    if needs_key and key is None and not quiet and sys.stdin.isatty():
        key = provider_keys.read_secret(from_stdin=False, prompt="Its key")
        result = await gateway.probe(_request(url, kind, key))
        _show(result)
    if not quiet:
        await _warn(gateway, result)
    return document, result, key


def _request(url: str, kind: Any, key: SecretStr | None) -> ProbeRequest:
    from boocontrol.core.api import ProbeRequest

    return ProbeRequest(base_url=url, kind=kind, key=key)


def _from_environment(name: str | None) -> SecretStr | None:
    """The key in a variable, for the test only; the gateway must have the variable in its own environment."""
    import os

    from pydantic import SecretStr

    value = os.environ.get(name or "", "").strip()
    if name and not value:
        note(f"The variable {name} is not set here; the gateway's own environment must hold it.")
    return SecretStr(value) if name and value else None


def _judge(result: ProbeResult | None, *, save_anyway: bool) -> None:
    from boocontrol.cli.probing import ProbeFailed, refuse

    if result is None:
        note("The address was not tried: that needs the gateway.")
        return
    try:
        refuse(result, "--save-anyway saves it all the same.")
    except ProbeFailed:
        if not save_anyway:
            raise
        note("Saved anyway, as you asked.")


async def _warn(gateway: GatewayClient, result: ProbeResult) -> None:
    """Say what a person may not have meant: the same address twice, or names that exist elsewhere."""
    if result.duplicate_of:
        note(f"The provider {result.duplicate_of} has this address already.")
    catalog = await gateway.models()
    for provider in catalog.providers:
        shared = [name for name in result.models if name in provider.by_wire_id and provider.id != result.duplicate_of]
        if shared:
            names = ", ".join(shared[:5]) + (" …" if len(shared) > 5 else "")
            note(f"{provider.id} has the same models: {names}. any/{shared[0]} leads to whichever host suits best.")


def _entry(
    document: Document,
    url: str,
    result: ProbeResult | None,
    *,
    provider_id: str | None,
    label: str | None,
    kind: str | None,
) -> Document:
    taken = [str(e.get("id", "")) for e in document.get("providers") or []]
    entry: Document = {"id": provider_id or derive_id(label, url, taken)}
    if label:
        entry["label"] = label
    return entry | {"baseUrl": url, "kind": kind or (result.kind if result else None) or "llama-swap"}


def _save(ctx: typer.Context, entry: Document) -> None:
    from boocontrol.core import edits

    change(ctx, lambda g: g.add_provider(entry), lambda d: edits.add_provider(d, entry))


def _show(result: ProbeResult) -> None:
    from boocontrol.cli.probing import lines

    for line in lines(result):
        typer.echo(safe(line))


def _done(entry: Document, result: ProbeResult | None, *, as_json: bool) -> None:
    if as_json:
        tried = None if result is None else result.model_dump(mode="json", by_alias=True)
        write_json({"provider": entry, "probe": tried})
    else:
        typer.echo(f"Added {one_line(entry['id'])} ({one_line(entry['baseUrl'])}).")
