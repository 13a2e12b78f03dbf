"""`boocontrol models`: favorites first, then every provider's models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import console, one_line, table, write_json
from boocontrol.cli.verb import JsonOption, verb
from boocontrol.cli.words import age, host_state, model_state, plural, tokens

if TYPE_CHECKING:
    from rich.console import Console

    from boocontrol.client import GatewayClient
    from boocontrol.core import Catalog, ModelEntry, PickerEntry, PickerSection, ProviderEntry


@verb
def models(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[SEARCH]...", help="Only models in which each word is found.")
    ] = None,
    provider: Annotated[str | None, typer.Option(metavar="ID", help="Only this provider.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List models: favorites first, then provider by provider."""
    wanted = [w.casefold() for part in words or [] for w in part.split()]
    if as_json:
        write_json(_narrowed(on_gateway(ctx, lambda gateway: gateway.raw("/api/models")), wanted, provider))
        return
    catalog, favorites = on_gateway(ctx, _read)
    _show(catalog, favorites, wanted, provider)


async def _read(gateway: GatewayClient) -> tuple[Catalog, list[str]]:
    settings = (await gateway.settings()).value
    return await gateway.models(), list(settings.get("favorite_models") or ())


def _narrowed(answer: dict[str, Any], words: list[str], provider: str | None) -> dict[str, Any]:
    """The catalog as the gateway answered it; a search leaves models out and nothing else."""
    if not words and provider is None:
        return answer
    _known(provider, [p["id"] for p in answer["providers"]])
    kept = []
    for entry in answer["providers"]:
        if provider in (None, entry["id"]):
            found = [m for m in entry["models"] if _found(words, _texts(entry["label"], m))]
            kept.append({**entry, "models": found})
    return {**answer, "providers": kept}


def _texts(label: str, model: dict[str, Any]) -> list[str]:
    aliases = model.get("aliases") or []
    return [label, model["ref"], model.get("name") or "", model.get("description") or "", *aliases]


def _found(words: list[str], texts: list[str]) -> bool:
    folded = [t.casefold() for t in texts]
    return all(any(word in text for text in folded) for word in words)


def _known(provider: str | None, ids: list[str]) -> None:
    from boocontrol.core.errors import BadInput

    if provider is not None and provider not in ids:
        known = ", ".join(ids) or "none"
        raise BadInput(f"There is no provider {provider!r}.", f"Providers: {known}.", code="not_found")


def _show(catalog: Catalog, favorites: list[str], words: list[str], provider: str | None) -> None:
    from boocontrol.core import derive_picker

    _known(provider, [p.id for p in catalog.providers])
    out = console()
    picker = derive_picker(catalog, favorites)
    count = 0
    for section in picker.sections:
        if provider in (None, section.provider):
            count += _section(out, section, catalog, words)
    if provider is None and not words:
        for text in picker.hidden:
            out.print(f"☆ {one_line(text)}  favorite, unavailable now", style="dim")
    if not count:
        out.print("No model matches." if words else "No models yet.")


def _section(out: Console, section: PickerSection, catalog: Catalog, words: list[str]) -> int:
    """Print one section; a search leaves sections without a match out. Returns the number of models shown."""
    from rich.text import Text

    entries = [e for e in section.entries if _found(words, _entry_texts(e))]
    if words and not entries:
        return 0
    out.print(Text(one_line(section.title), style="bold"), _about(catalog.by_id.get(section.provider or "")))
    if entries:
        rows = table("", "MODEL", "STATE", "CONTEXT", "NAME", fold=("MODEL",))
        for entry in entries:
            rows.add_row(*_row(entry))
        out.print(rows)
    out.print()
    return len(entries)


def _about(provider: ProviderEntry | None) -> Any:
    if provider is None:
        return ""
    text = host_state(provider.state)
    text.append(f"  {plural(len(provider.models), 'model')}", style="dim")
    if provider.stale and provider.as_of is not None:
        text.append(f", as of {age(provider.as_of)} ago", style="dim")
    if provider.reason:
        text.append(f"  {one_line(provider.reason)}", style="dim")
    return text


def _entry_texts(entry: PickerEntry) -> list[str]:
    model: ModelEntry = entry.model
    return [entry.provider_label, model.ref, model.name, model.description, *model.aliases]


def _row(entry: PickerEntry) -> tuple[Any, ...]:
    model = entry.model
    name = "" if model.name in ("", model.wire_id) else model.name
    kind = "" if model.type == "model" else f" ({model.type})"
    return (
        "★" if entry.favorite else " ",
        one_line(model.ref) + kind,
        model_state(model.state),
        tokens(model.context_length),
        one_line(name),
    )
