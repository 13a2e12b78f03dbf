"""From the JSON of a host to values: `/v1/models` of any dialect, `/running`, `/api/version`. Pure functions.

Everything but a model's id is optional, and nothing in a record is trusted to have its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast, get_args

from boocontrol.core.catalog import ModelEntry, ModelState, ModelType
from boocontrol.core.values import plain
from boocontrol.hosts import context
from boocontrol.hosts.errors import BadAnswer

Record = dict[str, object]

_TYPES: Final = frozenset(get_args(ModelType))
STATES: Final = frozenset(get_args(ModelState))
_LONGEST_ID: Final = 1024
_LONGEST_TEXT: Final = 4096
# No machine holds more models at once; every change of one is worked out over all of them.
MOST_RUNNING: Final = 256


@dataclass(frozen=True, slots=True)
class HostInventory:
    """What a host lists. `leads` maps aliases and selectors to the models behind them, `typed` says that it tells
    aliases and peers from models, `made_by` holds the owned_by of its records."""

    models: tuple[ModelEntry, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)
    peers_hidden: int = 0
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    typed: bool = False
    made_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RunningModel:
    """One entry of `/running`. `cmd` holds paths and keys: it is read for its context length and shown nowhere."""

    state: ModelState
    cmd: str = field(default="", repr=False)
    name: str = ""
    description: str = ""


def read_models(document: Any, provider_id: str, where: str) -> HostInventory:
    """The models in a `/v1/models` answer. Raises BadAnswer for another shape."""
    records = {wire_id: r for r in _records(document, where) if (wire_id := wire_id_of(r.get("id")))}
    models: list[ModelEntry] = []
    leads: dict[str, tuple[str, ...]] = {}
    hidden = 0
    for wire_id, record in records.items():
        own = _own(record)
        if own.get("type") == "peer" or own.get("peerID"):
            hidden += 1
            continue
        models.append(_entry(provider_id, wire_id, record, own))
        if goal := _goal(own):
            leads[wire_id] = goal
    kept = {m.wire_id: records[m.wire_id] for m in models}
    typed = any(_type(_own(r)) for r in kept.values())
    made_by = frozenset(str(r["owned_by"]) for r in kept.values() if r.get("owned_by"))
    return HostInventory(tuple(models), kept, hidden, leads, typed, made_by)


def read_running(document: Any, where: str) -> dict[str, RunningModel]:
    """The models in a `/running` answer by wire id. Raises BadAnswer for another shape."""
    entries = document.get("running") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise BadAnswer(f"{where}/running answers JSON of another shape.", "Check what listens there.")
    found: dict[str, RunningModel] = {}
    for entry in entries:
        if len(found) >= MOST_RUNNING:
            break
        if isinstance(entry, dict) and (wire_id := wire_id_of(entry.get("model"))):
            state = entry.get("state")
            known = cast(ModelState, state) if isinstance(state, str) and state in STATES else "unknown"
            cmd = entry.get("cmd")
            found[wire_id] = RunningModel(
                known, cmd if isinstance(cmd, str) else "", _text(entry.get("name")), _text(entry.get("description"))
            )
    return found


def read_version(document: Any) -> str | None:
    """The version in an `/api/version` answer: a number as text, or what a self-built host says."""
    version = document.get("version") if isinstance(document, dict) else None
    return (plain(str(version))[:60] or None) if isinstance(version, (str, int)) else None


def unlisted(provider_id: str, wire_id: str, running: RunningModel) -> ModelEntry:
    """A model that runs although the host does not list it."""
    return ModelEntry(
        ref=f"{provider_id}/{wire_id}",
        wire_id=wire_id,
        name=running.name or wire_id,
        description=running.description,
        unlisted=True,
    )


def _records(document: Any, where: str) -> list[dict[str, Any]]:
    data = document.get("data", ...) if isinstance(document, dict) else document
    if data is None and document is not None:  # Ollama without a model
        return []
    if not isinstance(data, list):
        raise BadAnswer(f"{where}/v1/models answers JSON of another shape.", "Check what listens there.")
    seen: set[str] = set()
    found = []
    for record in data:
        if isinstance(record, dict) and (wire_id := wire_id_of(record.get("id"))) and wire_id not in seen:
            seen.add(wire_id)
            found.append(record)
    return found


def wire_id_of(value: Any) -> str | None:
    """A wire id that can be asked for and shown: control characters would reach terminals through it."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID or not value.strip():
        return None
    return None if any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" for c in value) else value


def _own(record: Mapping[str, Any]) -> dict[str, Any]:
    meta = record.get("meta")
    own = meta.get("llamaswap") if isinstance(meta, dict) else None
    return own if isinstance(own, dict) else {}


def _type(own: Mapping[str, Any]) -> ModelType | None:
    """The type, when it is one: users put words of their own there too."""
    kind = own.get("type")
    return cast(ModelType, kind) if isinstance(kind, str) and kind in _TYPES else None


def _goal(own: Mapping[str, Any]) -> tuple[str, ...]:
    """The models behind an alias or a selector."""
    if own.get("type") == "alias" and isinstance(own.get("modelID"), str):
        return (str(own["modelID"]),)
    return _texts(own.get("targets")) if own.get("type") == "selector" else ()


def _entry(provider_id: str, wire_id: str, record: Mapping[str, Any], own: Mapping[str, Any]) -> ModelEntry:
    length, source = context.of_record(record) or (None, None)
    return ModelEntry(
        ref=f"{provider_id}/{wire_id}",
        wire_id=wire_id,
        name=_text(record.get("name")) or wire_id,
        description=_text(record.get("description")),
        type=_type(own) or "model",
        state="stopped",
        aliases=tuple(a for a in _texts(own.get("aliases", record.get("aliases"))) if a != wire_id),
        context_length=length,
        context_source=source,
        capabilities=_capabilities(record),
    )


def _capabilities(record: Mapping[str, Any]) -> dict[str, bool]:
    """What the model can do, only what is stated; "tools" stands for every way to say function calling."""
    stated = record.get("capabilities")
    found = {plain(k)[:60]: True for k, v in stated.items() if v is True} if isinstance(stated, dict) else {}
    parameters = record.get("supported_parameters")
    if found.pop("function_calling", False) or (isinstance(parameters, list) and "tools" in parameters):
        found["tools"] = True
    architecture = record.get("architecture")
    inputs = architecture.get("input_modalities") if isinstance(architecture, dict) else None
    if isinstance(inputs, list) and "image" in inputs:
        found["vision"] = True
    return found


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in map(wire_id_of, value) if t)) if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return plain(value[:_LONGEST_TEXT]).strip() if isinstance(value, str) else ""
