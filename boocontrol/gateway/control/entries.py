"""Rules for registry entries that come over the API: one form of address, keys bound to origins, faults by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from boocontrol.core.errors import BadInput
from boocontrol.core.registry import Provider, Registry, faults
from boocontrol.core.registry_file import Document
from boocontrol.core.urls import normalise_base_url, origin

T = TypeVar("T", bound=BaseModel)

CONFIRM = "confirmKey"
"""A key of the request only: the user wants the provider's key to go along to its new address."""

_ADVICE = "Correct the value; nothing was changed."


def tidy(entry: Mapping[str, Any]) -> tuple[Document, bool]:
    """The entry as it is written, with addresses as they are meant, and whether it confirms its key."""
    after = dict(entry)
    confirmed = after.pop(CONFIRM, False)
    if not isinstance(confirmed, bool):
        raise BadInput(f"{CONFIRM} is true or false.", _ADVICE, code="bad_provider", param=CONFIRM)
    for key in ("baseUrl", "sidecarUrl"):
        if isinstance(after.get(key), str):
            # What is no address is told by the check of the whole entry, which names the field.
            with suppress(BadInput):
                after[key] = normalise_base_url(after[key])
    return after, confirmed


def keeps_key(before: Document, after: Document) -> bool:
    """False when the entry would send the key that it had to an address that never got it."""
    if not before.get("apiKey") or after.get("apiKey") != before["apiKey"]:
        return True
    if _origin(after.get("baseUrl")) != _origin(before.get("baseUrl")):
        return False
    sidecar = after.get("sidecarUrl")
    if sidecar is None or _origin(sidecar) == _origin(before.get("sidecarUrl")):
        return True
    return _host(sidecar) == _host(before.get("baseUrl"))


def without_moved_keys(before: Document, after: Document) -> Document:
    """A whole new document: entries tidied, and keys taken from those that moved and do not confirm theirs."""
    known = {p["id"]: p for p in before.get("providers", [])}
    providers = after.get("providers")
    if not isinstance(providers, list) or not all(isinstance(p, dict) for p in providers):
        return after
    entries = []
    for provider in providers:
        entry, confirmed = tidy(provider)
        if not confirmed and not all(keeps_key(known[i], entry) for i in _ids(entry) if i in known):
            del entry["apiKey"]
        entries.append(entry)
    return {**after, "providers": entries}


def checked_provider(entry: Document) -> None:
    """Raises BadInput, with the field as `param`, when the entry is no provider."""
    _checked(Provider, entry, "provider")


def checked_registry(document: Document) -> Registry:
    """The registry of a document. Raises BadInput, with the field as `param`, when it breaks a rule."""
    registry = _checked(Registry, document, "registry")
    for fault in faults(registry):
        field = _field(fault.path)
        raise BadInput(f"{field}: {fault.message}.", _ADVICE, code="bad_registry", param=field)
    return registry


def _checked(kind: type[T], value: Document, what: str) -> T:
    try:
        return kind.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as e:
        details = e.errors(include_url=False, include_input=False, include_context=False)
        first = next((d for d in details if d["type"] != "default_factory_not_called"), details[0])
        field = _field(first["loc"])
        why = "is missing" if first["type"] == "missing" else first["msg"][:1].lower() + first["msg"][1:].rstrip(".")
        raise BadInput(f"{field or what}: {why}.", _ADVICE, code=f"bad_{what}", param=field or None) from None


def _ids(entry: Document) -> list[str]:
    former = entry.get("formerIds")
    ids = [entry.get("id"), *(former if isinstance(former, list) else [])]
    return [i for i in ids if isinstance(i, str)]


def _origin(url: object) -> object:
    try:
        return origin(normalise_base_url(url)) if isinstance(url, str) else None
    except BadInput:
        return None


def _host(url: object) -> str | None:
    try:
        return urlsplit(normalise_base_url(url)).hostname if isinstance(url, str) else None
    except BadInput:
        return None


def _field(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
