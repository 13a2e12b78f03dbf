"""Edits of a registry document: document in, document out. Unknown keys and the order of entries stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from boocontrol.core.errors import BadInput
from boocontrol.core.registry_file import Document


def add_provider(document: Document, entry: Mapping[str, Any]) -> Document:
    """The document with one more provider at the end. Raises BadInput when the id is taken."""
    after = deepcopy(document)
    providers = after.setdefault("providers", [])
    taken = {str(p.get("id", "")).casefold() for p in providers}
    if str(entry.get("id", "")).casefold() in taken:
        title = f"There is a provider {entry['id']!r} already."
        raise BadInput(title, "Choose another id, or edit that one.", code="duplicate_id", param="id")
    providers.append(dict(entry))
    return after


def update_provider(document: Document, provider_id: str, patch: Mapping[str, Any]) -> Document:
    """The document with keys of one provider replaced; null removes a key. A new id keeps the old as a former one."""
    after = deepcopy(document)
    entry = _entry(after, provider_id)
    new_id = patch.get("id", provider_id)
    entry.update(patch)
    for key in [key for key, value in patch.items() if value is None]:
        del entry[key]
    if new_id != provider_id:
        former = [old for old in entry.get("formerIds", []) if old not in (provider_id, new_id)]
        entry["formerIds"] = [*former, provider_id]
        if after.get("defaultProvider") == provider_id:
            after["defaultProvider"] = new_id
    return after


def remove_provider(document: Document, provider_id: str) -> Document:
    """The document without one provider; if it was the default, the first of the rest takes its place."""
    after = deepcopy(document)
    entry = _entry(after, provider_id)
    after["providers"] = [p for p in after["providers"] if p is not entry]
    if after.get("defaultProvider") == provider_id:
        del after["defaultProvider"]
    return after


def reorder(document: Document, ids: Sequence[str]) -> Document:
    """The document with the named providers first, in this order; the others follow as they were."""
    after = deepcopy(document)
    chosen = [_entry(after, provider_id) for provider_id in dict.fromkeys(ids)]
    after["providers"] = chosen + [p for p in after["providers"] if not any(p is c for c in chosen)]
    return after


def set_default(document: Document, provider_id: str) -> Document:
    """The document with another default provider."""
    after = deepcopy(document)
    _entry(after, provider_id)
    return {"defaultProvider": provider_id, **{k: v for k, v in after.items() if k != "defaultProvider"}}


def _entry(document: Document, provider_id: str) -> dict[str, Any]:
    for entry in document.get("providers", []):
        if entry.get("id") == provider_id:
            return entry  # type: ignore[no-any-return]
    known = ", ".join(str(p.get("id")) for p in document.get("providers", [])) or "none"
    raise BadInput(f"There is no provider {provider_id!r}.", f"Providers: {known}.", code="not_found", param="id")
