"""GET /v1/models: every host's models under their canonical refs, from memory. The host's own keys are kept."""

from __future__ import annotations

from typing import Any

import msgspec

from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Registry
from boocontrol.gateway.state import GatewayState

Record = dict[str, Any]


class Listing:
    """The list as bytes, made anew only when catalog or registry are others than before."""

    def __init__(self, state: GatewayState) -> None:
        self._state = state
        self._made_of: tuple[Catalog, Registry] | None = None
        self._records: dict[str, Record] = {}
        self._body = b""

    def body(self) -> bytes:
        """The whole answer."""
        self._fresh()
        return self._body

    def record(self, ref: ModelRef) -> bytes | None:
        """The answer for one model, None when it is not listed."""
        self._fresh()
        found = self._records.get(str(ref)) or self._unlisted(ref)
        return None if found is None else msgspec.json.encode(found)

    def _fresh(self) -> None:
        made_of = (self._state.catalog, self._state.registry)
        if self._made_of is not None and all(a is b for a, b in zip(made_of, self._made_of, strict=True)):
            return
        self._records = self._all()
        self._body = msgspec.json.encode({"object": "list", "data": list(self._records.values())})
        self._made_of = made_of

    def _all(self) -> dict[str, Record]:
        found: dict[str, Record] = {}
        for provider in self._enabled():
            raw = self._state.inventory.records(provider.id)
            for model in provider.models:
                if not model.unlisted:
                    found[model.ref] = _record(provider, model, raw.get(model.wire_id, {}))
        for ref in self._state.catalog.fleet_refs():
            owners = [p for p in self._enabled() if ref.model in p.by_wire_id]
            if len(owners) > 1:
                found[str(ref)] = _fleet_record(ref, owners)
        return found

    def _enabled(self) -> list[ProviderEntry]:
        return [p for p in self._state.catalog.providers if p.state != "paused"]

    def _unlisted(self, ref: ModelRef) -> Record | None:
        """An alias or an unlisted model that the host has all the same."""
        model = self._state.catalog.find(ref)
        if model is None:
            return None
        provider = self._state.catalog.by_id[ref.provider]
        raw = self._state.inventory.records(ref.provider).get(model.wire_id, {})
        return _record(provider, model, raw) | {"id": str(ref)}


def _record(provider: ProviderEntry, model: ModelEntry, raw: Record) -> Record:
    record = {"id": model.ref, "object": "model", "created": 0, "owned_by": provider.id} | raw
    record["id"] = model.ref
    if model.name:
        record.setdefault("name", model.name)
    if model.context_length is not None:
        record["context_length"] = model.context_length
    if not provider.answers:
        record["status"] = {"value": "unavailable"}
    return record


def _fleet_record(ref: ModelRef, owners: list[ProviderEntry]) -> Record:
    """`any/model`: whichever host suits best. It promises no more context than the smallest host has."""
    entries = [p.by_wire_id[ref.model] for p in owners]
    known = [m.context_length for m in entries if m.context_length is not None]
    record: Record = {"id": str(ref), "object": "model", "created": 0, "owned_by": "boocontrol"}
    name = next((m.name for m in entries if m.name), "")
    if name:
        record["name"] = name
    if known:
        record["context_length"] = min(known)
    if not any(p.answers for p in owners):
        record["status"] = {"value": "unavailable"}
    elif any(m.state == "ready" for p, m in zip(owners, entries, strict=True) if p.answers):
        record["status"] = {"value": "loaded"}
    else:
        record["status"] = {"value": "unloaded"}
    return record
