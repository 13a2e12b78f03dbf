"""The catalog: what every provider offers, as last known. Inventory only; favorites are derived (favorites.py)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import AwareDatetime, Field

from boocontrol.core.health import HostState
from boocontrol.core.refs import ANY, ModelRef
from boocontrol.core.registry import Kind
from boocontrol.core.values import CamelValue

ModelType = Literal["model", "alias", "selector", "profile"]
ModelState = Literal["stopped", "starting", "ready", "stopping", "shutdown", "unknown"]
ContextSource = Literal["override", "props", "context_length", "meta", "metadata", "command"]


class ModelEntry(CamelValue):
    """One model of one provider. `context_length` is in tokens, None when unknown."""

    ref: str
    wire_id: str
    name: str = ""
    description: str = ""
    type: ModelType = "model"
    state: ModelState = "unknown"
    aliases: tuple[str, ...] = ()
    unlisted: bool = False
    context_length: int | None = None
    context_source: ContextSource | None = None
    capabilities: dict[str, bool] = Field(default_factory=dict)


class ProviderEntry(CamelValue):
    """One provider with its last-known models. `as_of` is the time of the inventory, `stale` that it is old news."""

    id: str
    label: str
    kind: Kind = "llama-swap"
    location: Literal["local", "cloud"] = "local"
    state: HostState = "checking"
    reason: str | None = None
    as_of: AwareDatetime | None = None
    stale: bool = False
    priority: int = 0
    former_ids: tuple[str, ...] = ()
    peers_hidden: int = 0
    models: tuple[ModelEntry, ...] = ()

    @property
    def answers(self) -> bool:
        """True while the host takes requests, as far as is known."""
        return self.state in ("up", "busy", "degraded")

    @cached_property
    def by_wire_id(self) -> dict[str, ModelEntry]:
        """Models by wire id; an alias leads to its model's entry."""
        found = {alias: m for m in self.models for alias in m.aliases}
        return found | {m.wire_id: m for m in self.models}


class Catalog(CamelValue):
    """Inventory of all hosts in registry order (GET /api/models)."""

    default_provider: str | None = None
    providers: tuple[ProviderEntry, ...] = ()

    @classmethod
    def empty(cls) -> Catalog:
        """No providers. Nothing is checked, so the shape is not built yet: a program that starts has no time for it."""
        return cls.model_construct()

    @cached_property
    def by_id(self) -> dict[str, ProviderEntry]:
        """Providers by present id."""
        return {p.id: p for p in self.providers}

    def models(self) -> Iterator[ModelEntry]:
        """Every model of every provider, in order."""
        for provider in self.providers:
            yield from provider.models

    def find(self, ref: ModelRef) -> ModelEntry | None:
        """The entry behind a ref, None when the last-known inventory does not list it."""
        provider = self.by_id.get(ref.provider)
        return provider.by_wire_id.get(ref.model) if provider else None

    @cached_property
    def shared_names(self) -> tuple[str, ...]:
        """Wire ids that two or more providers list: each is offered as `any/<model>` too."""
        seen: dict[str, int] = {}
        for provider in self.providers:
            for wire_id in {m.wire_id for m in provider.models}:
                seen[wire_id] = seen.get(wire_id, 0) + 1
        return tuple(sorted(name for name, count in seen.items() if count > 1))

    def fleet_refs(self) -> tuple[ModelRef, ...]:
        """The `any/…` refs of this catalog."""
        return tuple(ModelRef(ANY, name) for name in self.shared_names)
