"""`boocontrol providers edit`, and how every edit reaches the registry: through the gateway, else into the file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import on_gateway_or_file, save, sound
from boocontrol.cli.output import note, one_line, write_json
from boocontrol.cli.verb import JsonOption, usage, verb

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient

Document = dict[str, Any]
KINDS = ("llama-swap", "openai")


def change(
    ctx: typer.Context,
    online: Callable[[GatewayClient], Awaitable[object]],
    offline: Callable[[Document], Document],
) -> None:
    """Edit the registry through the gateway, or the file itself by the same rules while none runs."""

    async def work(gateway: GatewayClient) -> None:
        await online(gateway)

    on_gateway_or_file(ctx, work, lambda loaded: save(loaded, offline(sound(loaded))))


def document(ctx: typer.Context) -> Document:
    """The registry as it is now."""

    async def work(gateway: GatewayClient) -> Document:
        return (await gateway.providers()).value

    return on_gateway_or_file(ctx, work, sound)


def entry_of(document: Document, provider: str) -> Document:
    """One provider's entry. Raises BadInput when there is none."""
    from boocontrol.core.errors import BadInput

    for entry in document.get("providers") or []:
        if entry.get("id") == provider:
            return dict(entry)
    known = ", ".join(str(e.get("id")) for e in document.get("providers") or []) or "none"
    raise BadInput(f"There is no provider {provider!r}.", f"Providers: {known}.", code="not_found")


def check_kind(kind: str | None) -> None:
    """Refuse a kind that there is not."""
    if kind is not None and kind not in KINDS:
        raise usage(f"There is no kind {kind!r}.", f"Kinds: {', '.join(KINDS)}.")


@verb
def edit(
    ctx: typer.Context,
    provider: Annotated[str, typer.Argument(metavar="ID")],
    new_id: Annotated[
        str | None, typer.Option("--id", metavar="NEW", help="Rename it; old refs still lead here.")
    ] = None,
    label: Annotated[str | None, typer.Option(metavar="TEXT", help="The name that people see.")] = None,
    url: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Its address, in any form.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="llama-swap or openai.")] = None,
    sidecar_url: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Its sidecar for agent flags.")] = None,
    key_env: Annotated[str | None, typer.Option(metavar="NAME", help="Read its key from this variable.")] = None,
    keep_key: Annotated[bool, typer.Option("--keep-key", help="Keep the key though the server changes.")] = False,
    ca_file: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificates to trust for it.")] = None,
    verify_tls: Annotated[bool | None, typer.Option(help="Check its certificate.")] = None,
    often_off: Annotated[bool | None, typer.Option(help="It is often switched off: tell nobody when it is.")] = None,
    cloud: Annotated[bool | None, typer.Option("--cloud/--local", help="Where it stands.")] = None,
    mac: Annotated[str | None, typer.Option(metavar="MAC", help="Its network card, to wake it.")] = None,
    priority: Annotated[int | None, typer.Option(metavar="N", help="Higher is preferred for any/model.")] = None,
    unset: Annotated[list[str] | None, typer.Option(metavar="KEY", help="Remove this key of its entry.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Change a provider's entry."""
    given = {
        "id": new_id,
        "label": label,
        "baseUrl": _address(url),
        "kind": kind,
        "sidecarUrl": _address(sidecar_url),
        "apiKey": {"env": key_env} if key_env else None,
        "caFile": str(ca_file) if ca_file else None,
        "verifyTls": verify_tls,
        "oftenOff": often_off,
        "location": None if cloud is None else ("cloud" if cloud else "local"),
        "macAddress": mac,
        "priority": priority,
    }
    check_kind(kind)
    patch: Document = {key: value for key, value in given.items() if value is not None} | dict.fromkeys(unset or ())
    _checked(patch)
    if not keep_key:
        patch = _without_moved_key(entry_of(document(ctx), provider), patch)
    _apply(ctx, provider, patch, keep_key=keep_key)
    if as_json:
        write_json({"id": patch.get("id", provider), "changed": patch})
    else:
        typer.echo(f"Changed {one_line(provider)}: {', '.join(patch)}.")


def _apply(ctx: typer.Context, provider: str, patch: Document, *, keep_key: bool) -> None:
    from boocontrol.core import edits

    asked = patch | ({"confirmKey": True} if keep_key else {})
    change(ctx, lambda g: g.update_provider(provider, asked), lambda d: edits.update_provider(d, provider, patch))


def _checked(patch: Document) -> None:
    if not patch:
        raise usage("Nothing to change.", "Say what, for example --label TEXT; see --help.")
    for key in ("id", "baseUrl"):
        if key in patch and patch[key] is None:
            raise usage(f"A provider cannot be without {key}.", "Give it another value instead.")


def _address(text: str | None) -> str | None:
    from boocontrol.core.urls import normalise_base_url

    return None if text is None else normalise_base_url(text)


def _without_moved_key(entry: Document, patch: Document) -> Document:
    """The patch, with the rule that a key belongs to one server: an address elsewhere leaves it behind."""
    if "apiKey" in patch or not entry.get("apiKey") or not _moved(entry, patch):
        return patch
    note("The key stays behind, since that is another server: set it anew, or use --keep-key with the address.")
    return {**patch, "apiKey": None}


def _moved(entry: Document, patch: Document) -> bool:
    """Whether the key would go to an address that never got it. A sidecar on the provider's own machine may have it."""
    from urllib.parse import urlsplit

    from boocontrol.core.urls import normalise_base_url, origin

    before = normalise_base_url(str(entry["baseUrl"]))
    after = patch.get("baseUrl", before)
    sidecar = patch.get("sidecarUrl")
    if origin(after) != origin(before):
        return True
    return sidecar is not None and urlsplit(sidecar).hostname != urlsplit(before).hostname
