"""Catalogs, exports and folders for the tests of the exporters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from boocontrol.agents.keys import EnvKey
from boocontrol.agents.opencode import Export
from boocontrol.agents.record import RecordFile
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def model() -> Callable[..., ModelEntry]:
    def make(provider: str, wire_id: str, **keys: Any) -> ModelEntry:
        keys = {"name": wire_id.title(), "context_length": 32768} | keys
        return ModelEntry(ref=f"{provider}/{wire_id}", wire_id=wire_id, **keys)

    return make


@pytest.fixture
def provider() -> Callable[..., ProviderEntry]:
    def make(provider_id: str, *models: ModelEntry, **keys: Any) -> ProviderEntry:
        keys = {"label": provider_id.upper(), "state": "up", "as_of": NOW} | keys
        return ProviderEntry(id=provider_id, models=models, **keys)

    return make


@pytest.fixture
def catalog(model: Any, provider: Any) -> Catalog:
    """Two hosts that share one name; the box has an alias, an unlisted model and models that cannot chat."""
    box = provider(
        "box",
        model("box", "qwen3", name="Qwen 3", capabilities={"tools": True, "vision": True}, aliases=("q",)),
        model("box", "tiny", context_length=4096),
        model("box", "q", type="alias"),
        model("box", "secret", unlisted=True),
        model("box", "nomic-embed"),
        model("box", "ranker", capabilities={"reranker": True}),
        model("box", "speech", capabilities={"audio_speech": True}),
        model("box", "dark", context_length=None),
        label="GPU box",
    )
    den = provider("den", model("den", "qwen3", name="Qwen 3", context_length=16384, capabilities={"tools": True}))
    return Catalog(default_provider="box", providers=(box, den))


@pytest.fixture
def export(catalog: Catalog, tmp_path: Path) -> Callable[..., Export]:
    def make(of: Catalog = catalog, **keys: Any) -> Export:
        keys = {"gateway_url": "http://127.0.0.1:9503", "key": EnvKey(), "home": tmp_path} | keys
        return Export(catalog=of, **keys)

    return make


@pytest.fixture
def records(tmp_path: Path) -> RecordFile:
    return RecordFile(tmp_path / "data")
