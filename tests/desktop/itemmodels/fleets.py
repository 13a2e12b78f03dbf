"""Made-up catalogs for the tests of lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def model(provider: str, wire_id: str, **more: Any) -> ModelEntry:
    return ModelEntry(ref=f"{provider}/{wire_id}", wire_id=wire_id, **{"state": "stopped", **more})


def provider(name: str, *wire_ids: str, **more: Any) -> ProviderEntry:
    models = more.pop("models", tuple(model(name, w) for w in wire_ids))
    return ProviderEntry(id=name, label=name, models=models, **{"state": "up", "as_of": NOW, **more})


def catalog(*providers: ProviderEntry) -> Catalog:
    return Catalog(default_provider=providers[0].id if providers else None, providers=providers)


def small() -> Catalog:
    """Two hosts that answer and one that does not."""
    return catalog(
        provider(
            "den",
            models=(
                model("den", "qwen3", state="ready", context_length=32768, context_source="props"),
                model("den", "gemma-3", description="sees pictures", capabilities={"vision": True}),
                model("den", "nomic", name="Nomic Embed", aliases=("embedder",)),
            ),
        ),
        provider("mac", "qwen3", "coder"),
        provider(
            "attic",
            state="down",
            stale=True,
            models=(model("attic", "mistral", state="unknown", context_length=16384),),
        ),
    )


def large(hosts: int = 100, each: int = 50) -> Catalog:
    return catalog(*(provider(f"host-{h:03}", *(f"model-{m:02}" for m in range(each))) for h in range(hosts)))
