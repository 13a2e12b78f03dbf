"""Favorites: refs in the setting `favorite_models`, and the picker derived from them. Never deleted but by the user."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.refs import ANY, ModelRef, split
from boocontrol.core.values import CamelValue


class PickerEntry(CamelValue):
    """One choice: a model and whether it is a favorite. `provider` is `any` for a fleet ref."""

    model: ModelEntry
    provider: str
    provider_label: str
    favorite: bool = False


class PickerSection(CamelValue):
    """A run of choices under one title. `provider` is None for the Favorites section."""

    title: str
    provider: str | None = None
    entries: tuple[PickerEntry, ...] = ()


class Picker(CamelValue):
    """Sections in order, Favorites first when there are any, and the favorites that are hidden for now, as stored."""

    sections: tuple[PickerSection, ...] = ()
    hidden: tuple[str, ...] = ()


def favorite_ref(text: str, catalog: Catalog) -> ModelRef | None:
    """The ref that a stored favorite means, by which favorites are compared."""
    heads = {old: p.id for p in catalog.providers for old in p.former_ids} | {p.id: p.id for p in catalog.providers}
    found = split(text, heads)
    if found is None and catalog.default_provider is not None:
        return ModelRef(catalog.default_provider, text)
    return found


def collapse(favorites: Iterable[str], catalog: Catalog) -> tuple[str, ...]:
    """The list without those that mean the same ref as one before; order and spelling stay the user's."""
    kept: dict[object, str] = {}
    for text in favorites:
        kept.setdefault(favorite_ref(text, catalog) or text, text)
    return tuple(kept.values())


def derive_picker(catalog: Catalog, favorite_models: Sequence[str]) -> Picker:
    """Favorites first, then every provider's section in registry order with the favorite still in its own section.

    A favorite whose host does not answer or whose model is gone is hidden, and listed in `hidden`.
    """
    chosen, hidden = favorites_now(catalog, favorite_models)
    refs = {ref for text in favorite_models if (ref := favorite_ref(text, catalog))}
    sections = [PickerSection(title="Favorites", entries=chosen)] if chosen else []
    sections += [_section(p, refs) for p in catalog.providers]
    return Picker(sections=tuple(sections), hidden=hidden)


def favorites_now(catalog: Catalog, favorite_models: Sequence[str]) -> tuple[tuple[PickerEntry, ...], tuple[str, ...]]:
    """The favorites that can be asked now, in their order, and those that are hidden, as stored."""
    chosen: list[PickerEntry] = []
    hidden: list[str] = []
    for text in collapse(favorite_models, catalog):
        ref = favorite_ref(text, catalog)
        entry = _available(ref, catalog) if ref else None
        chosen.append(entry) if entry else hidden.append(text)
    return tuple(chosen), tuple(hidden)


def _section(provider: ProviderEntry, refs: set[ModelRef]) -> PickerSection:
    entries = (
        PickerEntry(model=m, provider=provider.id, provider_label=provider.label, favorite=_ref(provider, m) in refs)
        for m in provider.models
    )
    return PickerSection(title=provider.label, provider=provider.id, entries=tuple(entries))


def _ref(provider: ProviderEntry, model: ModelEntry) -> ModelRef:
    return ModelRef(provider.id, model.wire_id)


def _available(ref: ModelRef, catalog: Catalog) -> PickerEntry | None:
    if ref.is_fleet:
        return _fleet_entry(ref, catalog)
    provider = catalog.by_id.get(ref.provider)
    model = catalog.find(ref)
    if provider is None or model is None or not provider.answers:
        return None
    return PickerEntry(model=model, provider=provider.id, provider_label=provider.label, favorite=True)


def _fleet_entry(ref: ModelRef, catalog: Catalog) -> PickerEntry | None:
    found = [p.by_wire_id[ref.model] for p in catalog.providers if p.answers and ref.model in p.by_wire_id]
    if not found:
        return None
    best = next((m for m in found if m.state == "ready"), found[0])
    model = best.model_copy(update={"ref": str(ref), "wire_id": ref.model})
    return PickerEntry(model=model, provider=ANY, provider_label="Any host", favorite=True)
