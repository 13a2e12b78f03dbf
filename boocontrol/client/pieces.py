"""Big values read piece by piece: hosts, providers and models one at a time.

What came before in the same words is the same value again, so that a catalog of thousands of models in which one host
changed costs little, here and in whoever compares. A piece of a form that is not known here, from a gateway of
another version, is left out and told; the rest is taken.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TypeVar

import msgspec
from pydantic import BaseModel, ValidationError

from boocontrol.core.api import EventSnapshot, Host, Status
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry

M = TypeVar("M", bound=BaseModel)
Parts = dict[str, msgspec.Raw]

NOT_KNOWN = (ValidationError, msgspec.DecodeError, ValueError, KeyError)
"""What readings here raise for a value that is not of the form that it should have."""


DIGEST = 16

_TOLD = set(ModelEntry.model_fields)


class Reader:
    """Reads one gateway's snapshots and catalogs. `left_out` names what the last reading could not take."""

    def __init__(self) -> None:
        self.left_out: tuple[str, ...] = ()
        self._rest_s = 0.0
        # By digest: the pieces themselves would be kept as long as what was read from them, and are as large.
        self._providers: dict[bytes, ProviderEntry] = {}
        self._models: dict[str, dict[bytes, ModelEntry]] = {}

    def snapshot(self, raw: bytes, *, rest_s: float = 0.0) -> EventSnapshot:
        """The first event of a stream. Raises one of NOT_KNOWN.

        In a worker thread, a rest of so many seconds after each provider that is new leaves Python to a window.
        """
        self.left_out, self._rest_s = (), rest_s
        parts = _parts(raw)
        return EventSnapshot(
            status=Status.model_validate_json(bytes(parts["status"]), strict=True),
            hosts=self._each(Host, _list(parts["hosts"])),
            catalog=self._catalog(parts["catalog"]),
            settings=json.loads(bytes(parts["settings"])),
        )

    def catalog(self, raw: bytes, *, rest_s: float = 0.0) -> Catalog:
        """A whole catalog, with rests as for a snapshot. Raises one of NOT_KNOWN."""
        self.left_out, self._rest_s = (), rest_s
        return self._catalog(raw)

    def _catalog(self, raw: bytes | msgspec.Raw) -> Catalog:
        parts = _parts(raw)
        pieces = [bytes(piece) for piece in _list(parts.pop("providers"))]
        read = {key: self._providers.get(key) or self._provider(piece) for key, piece in _keyed(pieces)}
        self._providers = {key: entry for key, entry in read.items() if entry is not None}
        present = {entry.id for entry in self._providers.values()}
        self._models = {name: known for name, known in self._models.items() if name in present}
        whole = Catalog.model_validate_json(_joined(parts), strict=True)
        return whole.model_copy(update={"providers": tuple(self._providers.values())})

    def _provider(self, piece: bytes) -> ProviderEntry | None:
        if self._rest_s:
            time.sleep(self._rest_s)
        try:
            parts = _parts(piece)
            models = [bytes(model) for model in _list(parts.pop("models", msgspec.Raw(b"[]")))]
            entry = ProviderEntry.model_validate_json(_joined(parts), strict=True)
        except NOT_KNOWN:
            self.left_out += (_name(piece),)
            return None
        known = self._models.get(entry.id, {})
        read = {key: known.get(key) or self._one(ModelEntry, model) for key, model in _keyed(models)}
        kept = self._models[entry.id] = {key: _light(found) for key, found in read.items() if found is not None}
        return entry.model_copy(update={"models": tuple(kept.values())})

    def _each(self, kind: type[M], pieces: Sequence[msgspec.Raw]) -> tuple[M, ...]:
        read = (self._one(kind, bytes(piece)) for piece in pieces)
        return tuple(found for found in read if found is not None)

    def _one(self, kind: type[M], piece: bytes) -> M | None:
        try:
            return kind.model_validate_json(piece, strict=True)
        except ValidationError:
            self.left_out += (_name(piece),)
            return None


def _parts(raw: bytes | msgspec.Raw) -> Parts:
    return msgspec.json.decode(raw, type=Parts)


def _list(raw: msgspec.Raw) -> list[msgspec.Raw]:
    return msgspec.json.decode(raw, type=list[msgspec.Raw])


def _keyed(pieces: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    return ((blake2b(piece, digest_size=DIGEST).digest(), piece) for piece in pieces)


def _light(entry: ModelEntry) -> ModelEntry:
    """The entry, with one set for all that says which of its fields were told: nobody asks, and thousands take 4 MB."""
    object.__setattr__(entry, "__pydantic_fields_set__", _TOLD)
    return entry


def _joined(parts: Parts) -> bytes:
    return b"{%s}" % b",".join(b"%s:%s" % (msgspec.json.encode(key), bytes(value)) for key, value in parts.items())


def _name(piece: bytes) -> str:
    """What a piece calls itself, as far as it does."""
    try:
        found = json.loads(piece)
    except ValueError:
        return "?"
    return str(found.get("ref") or found.get("id") or "?") if isinstance(found, dict) else "?"
