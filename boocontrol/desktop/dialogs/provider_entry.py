"""From what a form holds to an entry of the registry, and to the patch of one. Pure functions; no Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BadInput
from boocontrol.core.refs import ANY, PROVIDER_ID
from boocontrol.core.registry import Kind
from boocontrol.core.urls import normalise_base_url, origin

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form holds. `kind` None: whatever the probe finds. `ca_file` empty: the system's certificates."""

    address: str = ""
    label: str = ""
    provider_id: str = ""
    kind: Kind | None = None
    location: Literal["local", "cloud"] = "local"
    often_off: bool = False
    priority: int = 0
    verify_tls: bool = True
    ca_file: str = ""
    mac_address: str = ""
    confirm_key: bool = False


def typed_of(entry: Mapping[str, Any]) -> Typed:
    """The form of an entry that exists."""
    return Typed(
        address=str(entry.get("baseUrl", "")),
        label=str(entry.get("label") or entry.get("id", "")),
        provider_id=str(entry.get("id", "")),
        kind=entry.get("kind", "llama-swap"),
        location=entry.get("location", "local"),
        often_off=bool(entry.get("oftenOff", False)),
        priority=int(entry.get("priority", 0)),
        verify_tls=bool(entry.get("verifyTls", True)),
        ca_file=str(entry.get("caFile") or ""),
        mac_address=str(entry.get("macAddress") or ""),
    )


def entry_of(typed: Typed, found: Kind | None = None) -> Entry:
    """The entry that a form means; what is the default is left out. Raises BadInput for an address that is none."""
    entry: Entry = {"id": typed.provider_id}
    if typed.label and typed.label != typed.provider_id:
        entry["label"] = typed.label
    entry["baseUrl"] = normalise_base_url(typed.address)
    entry["kind"] = typed.kind or found or "llama-swap"
    optional: Entry = {
        "location": typed.location if typed.location != "local" else None,
        "oftenOff": True if typed.often_off else None,
        "priority": typed.priority or None,
        "verifyTls": None if typed.verify_tls else False,
        "caFile": typed.ca_file.strip() or None,
        "macAddress": typed.mac_address.strip() or None,
    }
    return entry | {key: value for key, value in optional.items() if value is not None}


_FORM_KEYS: Final = (
    *("id", "label", "baseUrl", "kind", "location", "oftenOff", "priority", "verifyTls", "caFile"),
    "macAddress",
)


def patch_of(before: Mapping[str, Any], typed: Typed, found: Kind | None = None) -> Entry:
    """What an edit changes of an entry: keys of the form only, null for one that goes. Raises BadInput."""
    after = entry_of(typed, found)
    was = entry_of(typed_of(before))
    patch = {key: after.get(key) for key in _FORM_KEYS if after.get(key) != was.get(key)}
    if "id" in patch and "label" not in patch and not before.get("label"):
        # The old label was derived from the old id.
        patch["label"] = typed.label
    if typed.confirm_key and moved(before, typed.address):
        patch["confirmKey"] = True
    return patch


def moved(before: Mapping[str, Any], address: str) -> bool:
    """Whether an address belongs to another origin than the entry's: its stored key is then not sent there."""
    try:
        return origin(normalise_base_url(address)) != origin(normalise_base_url(str(before.get("baseUrl", ""))))
    except BadInput:
        return False


def is_id(text: str) -> bool:
    """Whether a text can be a provider's id."""
    return bool(PROVIDER_ID.fullmatch(text)) and text != ANY


def shared_names(catalog: Catalog | None, models: Iterable[str], own: str) -> dict[str, tuple[str, ...]]:
    """Which other providers list the same model names: provider id to names."""
    names = tuple(models)
    found: dict[str, tuple[str, ...]] = {}
    for provider in catalog.providers if catalog else ():
        same = tuple(name for name in names if name in provider.by_wire_id)
        if same and provider.id != own:
            found[provider.id] = same
    return found
